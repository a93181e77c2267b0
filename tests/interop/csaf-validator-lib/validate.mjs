// Validates CSAF documents with @secvisogram/csaf-validator-lib, without a network.
// Usage: node validate.mjs NODE_MODULES FILE...
// Prints {file: {valid: bool, broken: [names of tests]}} as JSON.
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [modules, ...files] = process.argv.slice(2)
const library = (name) =>
  import(pathToFileURL(join(resolve(modules), '@secvisogram', 'csaf-validator-lib', name)).href)

const { default: validate } = await library('validate.js')
const { csaf_2_0 } = await library('schemaTests.js')
const mandatory = await library('mandatoryTests.js')
const optional = await library('optionalTests.js')
const informative = await library('informativeTests.js')
// These ask the addresses in a document, and a program that spells.
const asking = ['informativeTest_6_3_6', 'informativeTest_6_3_7', 'informativeTest_6_3_8']
const tests = [
  csaf_2_0,
  ...Object.values(mandatory),
  ...Object.values(optional),
  ...Object.values(informative),
].filter((test) => !asking.includes(test.name))

const found = {}
for (const file of files) {
  const document = JSON.parse(await readFile(file, 'utf-8'))
  const result = await validate(tests, document)
  const broken = result.tests
    .filter((one) => !one.isValid || one.warnings.length || one.infos.length)
    .map((one) => one.name)
  found[file] = { valid: result.isValid, broken }
}
console.log(JSON.stringify(found))

"""Write the lists of weaknesses and of language subtags that CSAF's rules 6.1.11 and 6.1.12 need.

Usage: tools/csaf_tables.py ARCHIVE, the npm archive of @secvisogram/csaf-validator-lib 2.0.10; its
copies of the CWE catalogue and of IANA's registry are read by `node`. Nothing is fetched.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
import textwrap
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WEAKNESSES = ROOT / "src/sealane/io/stores/data/cwe.txt"
SUBTAGS = ROOT / "src/sealane/core/advisory/csaf/subtags.py"
CATALOGUE = "4.17"
TERMS = """\
CWE {version} of {date}: the Common Weakness Enumeration.

LICENSE. CWE is free to use by any organization or individual for any research, development, and/or
commercial purposes, per the CWE Terms of Use. Accordingly, The MITRE Corporation hereby grants you
a non-exclusive, royalty-free license to use CWE for research, development, and commercial purposes.
Any copy you make for such purposes is authorized on the condition that you reproduce MITRE's
copyright designation and this license in any such copy.
Copyright (c) 2006-2025, The MITRE Corporation. CWE, CWSS, CWRAF, and the CWE logo are trademarks of
The MITRE Corporation.

DISCLAIMERS. ALL DOCUMENTS AND THE INFORMATION CONTAINED THEREIN ARE PROVIDED ON AN "AS IS" BASIS
AND THE CONTRIBUTOR, THE ORGANIZATION HE/SHE REPRESENTS OR IS SPONSORED BY (IF ANY), THE MITRE
CORPORATION, ITS BOARD OF TRUSTEES, OFFICERS, AGENTS, AND EMPLOYEES, DISCLAIM ALL WARRANTIES,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO ANY WARRANTY THAT THE USE OF THE INFORMATION
THEREIN WILL NOT INFRINGE ANY RIGHTS OR ANY IMPLIED WARRANTIES OF MERCHANTABILITY OR FITNESS FOR A
PARTICULAR PURPOSE.

Weaknesses only: categories and views are no weaknesses. Id, name, and whether a vulnerability may
be mapped to it, parted by tabs. Written by tools/csaf_tables.py."""
HEAD = '''\
"""Subtags that languages are named by, from IANA's language subtag registry.

Written by tools/csaf_tables.py. `PRIMARY` and `EXTENDED` list three letters as two and the rest of
them: "aa abc" stands for aaa, aab and aac; `EXTENDED` is by the language that it extends.

Spec: RFC 5646, section 3.
"""

from __future__ import annotations

from typing import Final

'''


def main(archive: Path) -> None:
    """Write both files."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        package = Path(folder) / "package" / "lib"
        catalogue = exported(package / f"cwec/{CATALOGUE}.js")
        subtags = exported(package / "shared/bcpLanguageTagChecker/subtags.js")["subtags"]
    WEAKNESSES.write_text(weaknesses_text(catalogue), encoding="utf-8")
    SUBTAGS.write_text(subtags_text(subtags), encoding="utf-8")


def exported(module: Path) -> Any:  # noqa: ANN401 - JSON
    """What a JavaScript module has as its default export."""
    script = "import(process.argv[1]).then(m => console.log(JSON.stringify(m.default)))"
    command = ["node", "-e", script, str(module)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(told.stdout)


def weaknesses_text(catalogue: dict[str, Any]) -> str:
    """The file of the weaknesses."""
    head = TERMS.format(version=CATALOGUE, date=catalogue["date"])
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    found = sorted(catalogue["weaknesses"], key=lambda one: int(one["id"].removeprefix("CWE-")))
    lines += [f"{one['id']}\t{one['name']}\t{one['usage']}" for one in found]
    return "\n".join([*lines, ""])


def subtags_text(subtags: list[dict[str, Any]]) -> str:
    """The module of the subtags."""
    by_type: dict[str, list[str]] = {}
    extended: dict[str, list[str]] = {}
    for one in subtags:
        text = one["subtag"].lower()
        if one["type"] == "extlang":
            extended.setdefault(one["prefix"][0], []).append(text)
        else:
            by_type.setdefault(one["type"], []).append(text)
    short = [text for text in by_type["language"] if len(text) == 2]
    long = [text for text in by_type["language"] if len(text) == 3]
    parts = [
        constant("SHORT", " ".join(sorted(short))),
        constant("PRIMARY", packed(long)),
        constant("EXTENDED", ", ".join(f"{key}: {packed(extended[key])}" for key in extended)),
        constant("SCRIPTS", " ".join(one for one in by_type["script"] if ".." not in one)),
        constant("REGIONS", " ".join(one for one in by_type["region"] if ".." not in one)),
        constant("VARIANTS", " ".join(by_type["variant"])),
    ]
    return HEAD + "\n".join(parts)


def packed(texts: list[str]) -> str:
    """Texts of three letters, grouped by the first two."""
    groups = groupby(sorted(texts), key=lambda text: text[:2])
    return " ".join(f"{head} {''.join(text[2] for text in group)}" for head, group in groups)


def constant(name: str, value: str) -> str:
    """A string constant over several lines."""
    lines = textwrap.wrap(value, 92, break_long_words=False, break_on_hyphens=False)
    body = "\n".join(f'    "{line} "' for line in lines[:-1])
    return f'{name}: Final = (\n{body}\n    "{lines[-1]}"\n)\n'


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

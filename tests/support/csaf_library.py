"""What `@secvisogram/csaf-validator-lib`, installed by `tools/peers`, says of documents."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MODULES = ROOT / ".interop" / "csaf-validator-lib" / "node_modules"
SCRIPT = ROOT / "tests" / "interop" / "csaf-validator-lib" / "validate.mjs"
_TEST = re.compile("(?:mandatory|optional|informative)Test_([0-9_]+)")


def judged(folder: Path, documents: dict[str, bytes]) -> dict[str, tuple[bool, set[str]]]:
    """Whether each document is valid to it, and the numbers of the rules that it breaks.

    Args:
        folder: Where the documents may be written.
        documents: By any name.
    """
    files = {}
    for number, (name, content) in enumerate(documents.items()):
        files[name] = folder / f"{number}.json"
        files[name].write_bytes(content)
    command = ["node", str(SCRIPT), str(MODULES), *map(str, files.values())]
    # What is not installed is a failure, never a skip.
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return {
        name: (found[str(file)]["valid"], {_number(one) for one in found[str(file)]["broken"]})
        for name, file in files.items()
    }


def _number(name: str) -> str:
    matched = _TEST.fullmatch(name)
    return matched[1].replace("_", ".") if matched else "schema"

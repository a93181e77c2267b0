"""Run benchmarks and print their ratios: `python -m benchmarks [--json FILE] [CASE ...]`.

It ends with 1 where a goal is missed. Ratios only are judged, never times.
"""

from __future__ import annotations

import argparse
import compileall
import importlib
import json
import platform
import ssl
import sys
import sysconfig
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sealane
from benchmarks.peers import PINNED

CASES = ("starts", "cold", "batch", "large", "second", "growth", "rehearsal", "sandbox")


def machine() -> dict[str, Any]:
    """What a figure depends on: processor, Python's build, OpenSSL, load, versions."""
    described = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    processor = next((one for one in described if one.startswith("model name")), "unknown: ?")
    flags = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "processor": processor.partition(":")[2].strip(),
        "processors": described.count("processor\t: 0") and sum(
            one.startswith("processor") for one in described
        ),
        "system": platform.platform(),
        "python": platform.python_version(),
        "optimised": "--enable-optimizations" in flags,
        "openssl": ssl.OPENSSL_VERSION,
        "load": Path("/proc/loadavg").read_text(encoding="utf-8").split()[:3],
        "versions": {name: version(name) for name in ("sealane", "cryptography", *PINNED)},
    }  # fmt: skip


def main() -> int:
    """Print one block a case; write a record where one is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    parser.add_argument("case", nargs="*", help=f"of {', '.join(CASES)}; all where none is named")
    asked = parser.parse_args()
    unknown = set(asked.case) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    # As an installed package is; a checkout under PYTHONDONTWRITEBYTECODE compiles at every start.
    compileall.compile_dir(Path(sealane.__file__).parent, quiet=1)
    record: dict[str, Any] = {"machine": machine(), "cases": {}}
    _say(json.dumps(record["machine"]))
    missed = 0
    for name in asked.case or CASES:
        _say(f"\n{name}")
        case = importlib.import_module(f"benchmarks.cases.{name}")
        rows = record["cases"][name] = []
        with tempfile.TemporaryDirectory() as folder:
            for row in case.measure(Path(folder)):
                _say(str(row))
                rows.append(row.record())
                missed += row.missed
    _say(f"\n{missed} missed" if missed else "\nall goals met")
    if asked.json:
        asked.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return 1 if missed else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

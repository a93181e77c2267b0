"""The third-party vectors, where they are to be had; they are never copied into the project."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACK = Path(os.environ.get("SEALANE_VECTORS", ROOT.parent / "shared" / "vectors"))
ABSENT = f"no third-party vectors at {PACK}; set SEALANE_VECTORS"

needs_pack = pytest.mark.skipif(not (PACK / "MANIFEST.json").is_file(), reason=ABSENT)


def manifest() -> dict[str, Any]:
    """The pack's manifest; empty lists of cases where the pack is absent."""
    file = PACK / "MANIFEST.json"
    if not file.is_file():
        return {"bundle_cases": [], "derived_variants": {"cases": []}}
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document

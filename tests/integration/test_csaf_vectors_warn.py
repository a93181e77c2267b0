"""Rule 6.3.8 of CSAF on the vectors, with a dictionary of English."""

from pathlib import Path

import pytest

from sealane.core.advisory.csaf.validate import csaf_faults
from support.vectors import PACK, manifest, needs_pack

spylls = pytest.importorskip("spylls", reason="the extra [spelling] is not installed")

CASES = [one for one in manifest().get("document_cases", []) if one["test"] == "6.3.8"]


@needs_pack
@pytest.mark.parametrize("case", CASES, ids=[Path(one["file"]).stem for one in CASES])
def test_spelling_is_wrong_where_the_manifest_says_so(case: dict[str, str]) -> None:
    from sealane.io.adapters.spelling import load_speller

    # The library comes with dictionaries of three languages.
    speller = load_speller(Path(spylls.__file__).parent / "hunspell" / "data" / "en")
    found = csaf_faults((PACK / case["file"]).read_bytes(), "", {}, speller)
    assert ("6.3.8" in {one.rule for one in found}) is (case["test_expected"] == "fails")

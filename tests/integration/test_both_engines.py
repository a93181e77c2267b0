"""Real bundles with two opinions: only what both accept passes, and in that they find the same."""

from functools import cache

import pytest

from sealane.core.verify.both import BothEngines
from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.root import parse_root
from sealane.errors import InputError, VerificationError
from sealane.io.adapters.sigstore_check import SigstoreEngine
from support.pack import CASES, Case, keys_of, prove_case
from support.vectors import PACK, needs_pack


@cache
def second(root: str) -> SigstoreEngine:
    return SigstoreEngine((PACK / root).read_bytes())


def own(case: Case) -> SealaneEngine:
    return SealaneEngine(parse_root((PACK / case["trust_root"]).read_bytes()), keys_of(case))


def accepted(engine: SealaneEngine | SigstoreEngine | BothEngines, case: Case) -> bool:
    try:
        return bool(prove_case(engine, case))
    except (VerificationError, InputError):
        return False


@needs_pack
@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case["id"])
def test_what_two_verifiers_accept_they_agree_on(case: Case) -> None:
    theirs = second(case["trust_root"])
    each = accepted(own(case), case), accepted(theirs, case)
    assert accepted(BothEngines(own(case), theirs), case) is all(each)


@needs_pack
def test_there_is_something_that_both_accept() -> None:
    both = [one for one in CASES.values() if accepted(own(one), one)]
    agreed = [
        one for one in both if accepted(BothEngines(own(one), second(one["trust_root"])), one)
    ]
    assert len(agreed) >= 15
    assert len(agreed) < len(both)

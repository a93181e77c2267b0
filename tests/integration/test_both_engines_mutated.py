"""Two verifiers that know nothing of each other, on every bundle and on changes of each.

Where they differ, the difference has to stand in the table of `support.deviations`.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from sealane.core.verify.both import BothEngines
from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.interface import Demands, Engine
from sealane.core.verify.root import parse_root
from sealane.errors import InputError, SealaneError
from sealane.io.adapters.sigstore_check import SigstoreEngine
from support.alter import Mutation, every_mutation, mutations, swaps
from support.deviations import (
    DEVIATIONS,
    OF_ROOTS,
    Deviation,
    deviation_of,
    unlisted,
    unlisted_of_root,
)
from support.good import FORMS, LARGER, TWICE_PROMISED, Good, good_of, made
from support.opinions import Opinion, Pair, opinion, pair
from support.pack import CASES
from support.vectors import needs_pack

MADE = [*FORMS, LARGER, TWICE_PROMISED]
ALONE = Demands(promise_alone=True)
# Changes inside base64: of real bundles, which are the same in every run. What is signed anew in
# each process would be another sample each time: its inside is for `tests/fuzz` and `make fuzz`.
INNER, INNER_ROOT = 30, 60


def made_named(name: str) -> Good:
    return next(one for one in made() if one.name == name)


def held_against_each_other(good: Good, inner: int = 0) -> None:
    """Both engines on a bundle, and on every change to it, as usual and with promises alone."""
    second = good.second
    usual = replace(good, demands=Demands()).own
    alone = replace(good, demands=ALONE).own
    both = BothEngines(usual, second)
    assert not unlisted(pair(usual, second, good.content, good.artifact))
    assert not unlisted(pair(alone, second, good.content, good.artifact))
    for number, change in enumerate(mutations(good.document, Random(good.name), inner)):
        theirs = opinion(second, change.content, good.artifact)
        for own in (usual, alone):
            found = Pair(change.content, opinion(own, change.content, good.artifact), theirs)
            assert not unlisted(found), f"{change}: {unlisted(found)}"
        if number % 20 == 0:
            judged = pair(usual, second, change.content, good.artifact)
            agreed = opinion(both, change.content, good.artifact).proven is not None
            assert agreed is (judged.agree and judged.ours.proven is not None), str(change)


@pytest.mark.parametrize("name", MADE)
def test_every_change_to_a_made_bundle_is_judged_alike_or_is_listed(name: str) -> None:
    held_against_each_other(made_named(name))


@needs_pack
@pytest.mark.parametrize("name", CASES)
def test_every_change_to_a_real_bundle_is_judged_alike_or_is_listed(name: str) -> None:
    try:
        good = good_of(CASES[name])
    except InputError:
        assert CASES[name]["expect"] == "reject"
        return
    held_against_each_other(good, INNER)


@pytest.mark.parametrize("name", MADE)
def test_a_part_of_another_bundle_is_judged_alike_or_is_listed(name: str) -> None:
    good = made_named(name)
    own, second = good.own, good.second
    others = [one for one in made() if one.name != name]
    for donor in Random(name).sample(others, 3):
        for change in swaps(good.document, donor.document):
            found = pair(own, second, change.content, good.artifact)
            assert not unlisted(found), f"{change} {donor.name}: {unlisted(found)}"
            assert found.ours.proven is None or change.same, f"{change} of {donor.name}"


ROOTS = ["envelope", "second-log-file", "promise-and-time-stamp"]
REAL_ROOTS = [
    "pep740/pypi_attestations-0.0.19.tar.gz.publish.attestation",
    "sp/staging-rekor-v2.txt",
    "sp/tsa/bundle.txt.sigstore",
]


def said(make: Callable[[], Engine], good: Good) -> Opinion:
    """What an engine says of a bundle; a root that it cannot read is a refusal."""
    try:
        return opinion(make(), good.content, good.artifact)
    except SealaneError as error:
        return Opinion(None, "", error.message)


def of_root(good: Good, root: bytes) -> Pair:
    """Both opinions on a bundle, with another trust root."""
    return Pair(
        good.content,
        said(lambda: SealaneEngine(parse_root(root), good.keys, good.demands), good),
        said(lambda: SigstoreEngine(root), good),
    )


def panics(change: Mutation) -> bool:
    """Whether the time-stamp library may panic, and not only raise.

    It does so for some authorities of which a certificate is broken inside a name. No response can
    bring one about, only a trust root: that is no stranger's.
    """
    return "timestampAuthorities" in change.path and "rawBytes" in change.path


def held_with_roots(good: Good, inner: int = 0) -> None:
    """Both engines on a bundle, with every change to the trust root."""
    before = pair(good.own, good.second, good.content, good.artifact)
    assert before.ours.proven is not None
    for change in mutations(json.loads(good.root), Random(good.name), inner):
        if panics(change):
            continue
        found = of_root(good, change.content)
        assert not unlisted_of_root(found), f"{change}: {unlisted_of_root(found)}"
        # A root decides whether a bundle is proven, never what it says.
        for one in (found.ours, found.theirs):
            assert one.found in {None, before.ours.found}, str(change)


@pytest.mark.parametrize("name", ROOTS)
def test_every_change_to_a_trust_root_is_judged_alike_or_is_listed(name: str) -> None:
    held_with_roots(made_named(name))


@needs_pack
@pytest.mark.parametrize("name", REAL_ROOTS)
def test_every_change_to_a_real_trust_root_is_judged_alike_or_is_listed(name: str) -> None:
    held_with_roots(good_of(CASES[name]), INNER_ROOT)


WINDOWS = [
    ("tlogs", ("publicKey",), "envelope"),
    ("ctlogs", ("publicKey",), "envelope"),
    ("certificateAuthorities", (), "envelope"),
    ("timestampAuthorities", (), "second-log"),
]


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        ("2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z", True),
        ("2000-01-01T00:00:00Z", "2026-05-31T00:00:00Z", False),
        ("2026-06-02T00:00:00Z", "2100-01-01T00:00:00Z", False),
        ("2000-01-01T00:00:00Z", None, True),
    ],
)
@pytest.mark.parametrize(("room", "holder", "name"), WINDOWS, ids=[one[0] for one in WINDOWS])
def test_both_hold_a_signature_against_the_windows_of_the_trust_root(
    *, room: str, holder: tuple[str, ...], name: str, start: str, end: str | None, held: bool
) -> None:
    good = made_named(name)
    root = json.loads(good.root)
    for entry in root[room]:
        for step in holder:
            entry = entry[step]  # noqa: PLW2901 - the way down
        entry["validFor"] = {"start": start, "end": end} if end else {"start": start}
    found = of_root(good, json.dumps(root).encode())
    assert (found.ours.proven is not None) is held, str(found)
    assert (found.theirs.proven is not None) is held, str(found)


# A bundle, and where it is changed how, in which each deviation of the table shows itself.
ENTRY = "verificationMaterial.tlogEntries.0"
STAMPS = "verificationMaterial.timestampVerificationData.rfc3161Timestamps"
SHOWN = {
    "D1": (("envelope-in-intoto",), ""),
    "D2": (("version-0.1-promise-alone",), ""),
    "D3": (("managed-key",), ""),
    "D4": (("both-logs",), ""),
    "D5": (("envelope",), f"{ENTRY}: with an unknown member"),
    "D6": (("envelope",), f"{ENTRY}.logIndex: as a number"),
    "D7": (("second-log",), f"{ENTRY}.logIndex: null"),
    "D8": (
        ("promise-and-time-stamp",),
        f"{STAMPS}.0.signedTimestamp: a byte less",
    ),
    "D9": (("envelope-in-hashedrekord-2",), ""),
    "D10": (
        ("version-0.1-file-whole-chain",),
        "verificationMaterial.x509CertificateChain.certificates.1.rawBytes: a byte less",
    ),
    "D11": ((LARGER,), ""),
    "D12": ((TWICE_PROMISED,), ""),
    "S1": (("envelope",), f"{ENTRY}.logId.keyId: with a line break"),
    "S2": (("envelope",), f"{ENTRY}.logIndex: with a leading zero"),
    "S3": (("second-log",), f"{ENTRY}.logId.keyId: a byte more"),
    # All but the last two places of a tree of 1,024 are in a tree of 1,023 as well.
    "S4": (("envelope", "github"), f"{ENTRY}.inclusionProof.treeSize: one less"),
    "S5": (("envelope",), f"{ENTRY}.inclusionProof.checkpoint.envelope.<line>.3: twice"),
    "S7": (("promise-and-time-stamp",), f"{ENTRY}.integratedTime: zero"),
}
# These two show themselves in the pack alone: a key id, and a larger key without a digest.
OF_THE_PACK = {"D13", "S6"}


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda one: one.name)
def test_no_deviation_is_listed_that_does_not_exist(deviation: Deviation) -> None:
    assert deviation.reason
    if deviation.name in OF_THE_PACK:
        return
    forms, wanted = SHOWN[deviation.name]
    found = []
    for good in map(made_named, forms):
        changed = every_mutation(good.document, Random(1)) if wanted else ()
        contents = [one.content for one in changed if str(one) == wanted] or [good.content]
        judged = [pair(good.own, good.second, one, good.artifact) for one in contents]
        found += [deviation_of(one) for one in judged]
    assert deviation in found, found


def test_the_table_names_each_deviation_once() -> None:
    names = [one.name for one in (*DEVIATIONS, *OF_ROOTS)]
    assert len(set(names)) == len(names)
    assert {one.name for one in DEVIATIONS} == SHOWN.keys() | OF_THE_PACK


def test_a_difference_that_is_not_listed_is_found() -> None:
    good = made_named("envelope")
    accepted, refused = opinion(good.own, good.content, good.artifact), Opinion(None, "x", "y")
    assert unlisted(Pair(good.content, accepted, refused))
    assert unlisted(Pair(good.content, refused, accepted))
    assert not unlisted(Pair(good.content, accepted, accepted))
    assert not unlisted(Pair(good.content, refused, refused))


def test_two_that_accept_and_find_different_things_are_never_excused() -> None:
    good, other = made_named("envelope-in-intoto"), made_named("envelope")
    found = Pair(
        good.content,
        opinion(good.own, good.content, good.artifact),
        opinion(other.own, other.content, other.artifact),
    )
    assert found.contradict
    assert "different things" in unlisted(found)

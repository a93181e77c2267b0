"""What somebody else wrote is not touched, and an advisory has one identifier of a kind."""

import pytest

from sealane.errors import InputError
from sealane.io.outlets.interface import About, Presence, Shown, check_replaceable

OURS, THEIRS = "ab" * 32, "cd" * 32


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        (Shown.ABSENT, frozenset()),
        (Shown.SAME, frozenset()),
        (Shown.OTHER, frozenset({THEIRS})),
    ],
)
def test_what_is_ours_or_absent_may_be_written(shown: Shown, known: frozenset[str]) -> None:
    presence = Presence(shown, "here", sha256=THEIRS, wanted=OURS)
    check_replaceable(presence, About("X-1", replaceable=known), "place")


@pytest.mark.parametrize("known", [frozenset[str](), frozenset({OURS}), frozenset({""})])
def test_what_is_theirs_is_refused_with_its_digest(known: frozenset[str]) -> None:
    presence = Presence(Shown.OTHER, "here", sha256=THEIRS, wanted=OURS)
    with pytest.raises(InputError, match="something else stands there") as caught:
        check_replaceable(presence, About("X-1", replaceable=known), "place")
    assert f"--replace sha256:{THEIRS}" in caught.value.hint


def test_an_identifier_is_found_by_its_beginning() -> None:
    about = About("PYSEC-1", ("CVE-2026-1", "GHSA-2222-3333-4444", "CVE-2026-1"))
    assert (about.called("CVE-"), about.called("GHSA-")) == ("CVE-2026-1", "GHSA-2222-3333-4444")
    assert (about.called("PYSEC-"), about.called("X-")) == ("PYSEC-1", "")
    with pytest.raises(InputError, match="expected one identifier"):
        About("CVE-2026-1", ("CVE-2026-2",)).called("CVE-")

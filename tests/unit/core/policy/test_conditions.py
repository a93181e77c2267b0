"""A condition is the policy's word; what it leaves open is required."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from sealane.core.model.artifact import Artifact
from sealane.core.policy.conditions import is_required
from sealane.core.policy.people import EmailPublisher
from sealane.core.policy.schema import Condition
from sealane.core.release.affected import parse_advisory
from support.judging import AT, DIGEST, WHEEL

DAY = timedelta(days=1)
BARE = Artifact(str(DIGEST), (DIGEST,))
DATA = Artifact("data.bin", (DIGEST,), 7)
TEAM = EmailPublisher("team", "https://login.example.org", ("ann@example.org",))
HELLO = Condition("embargoed", ("pkg:pypi/hello",))


@pytest.mark.parametrize(
    ("condition", "artifact", "required"),
    [
        pytest.param(HELLO, WHEEL, True, id="matches"),
        pytest.param(replace(HELLO, match=("pkg:pypi/other",)), WHEEL, False, id="other-package"),
        pytest.param(replace(HELLO, match=("other-*",)), WHEEL, False, id="other-name"),
        pytest.param(HELLO, DATA, True, id="no-package-known"),
        pytest.param(HELLO, BARE, True, id="bare-digest"),
        pytest.param(replace(HELLO, match=("hello-*",)), BARE, True, id="no-name-known"),
        pytest.param(replace(HELLO, match=("hello-*",)), DATA, False, id="another-name"),
        pytest.param(replace(HELLO, start=AT), WHEEL, True, id="begins-now"),
        pytest.param(replace(HELLO, start=AT + DAY), WHEEL, False, id="begins-later"),
        pytest.param(replace(HELLO, end=AT), WHEEL, True, id="ends-now"),
        pytest.param(replace(HELLO, end=AT - DAY), WHEEL, False, id="has-ended"),
        pytest.param(replace(HELLO, start=AT - DAY, end=AT + DAY), WHEEL, True, id="inside"),
        pytest.param(replace(HELLO, name="other"), WHEEL, True, id="not-defined"),
    ],
)
def test_only_what_is_known_not_to_hold_is_left_out(
    condition: Condition, artifact: Artifact, *, required: bool
) -> None:
    assert is_required("embargoed", (condition,), artifact, AT) is required


def test_an_advisory_needs_somebody_whose_word_it_is() -> None:
    with pytest.raises(ValueError, match="whose word"):
        replace(HELLO, advisory="/a.json")


def test_an_advisory_that_was_not_proven_leaves_everything_required() -> None:
    named = replace(HELLO, advisory="/a.json", by=(TEAM,))
    assert is_required("embargoed", (named,), WHEEL, AT)
    assert not is_required("embargoed", (replace(named, end=AT - DAY),), WHEEL, AT)


@pytest.mark.parametrize(
    ("fixed", "required"), [("99", True), ("0.1", False)], ids=["affected", "fixed"]
)
def test_what_a_proven_advisory_says_is_not_affected_is_left_out(
    fixed: str, *, required: bool
) -> None:
    entry = {
        "package": {"ecosystem": "PyPI", "name": "hello"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
    }
    record = parse_advisory(json.dumps({"id": "A-1", "affected": [entry]}).encode())
    named = replace(HELLO, advisory="/a.json", by=(TEAM,), record=record)
    assert is_required("embargoed", (named,), WHEEL, AT) is required
    assert is_required("embargoed", (named,), DATA, AT)

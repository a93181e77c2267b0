"""A condition is the policy's word; what it leaves open is required."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sealane.core.model.artifact import Artifact
from sealane.core.policy.conditions import is_required
from sealane.core.policy.schema import Condition
from support.judging import AT, DIGEST, WHEEL

DAY = timedelta(days=1)
BARE = Artifact(str(DIGEST), (DIGEST,))
DATA = Artifact("data.bin", (DIGEST,), 7)
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

"""Every difference from a pinned signer is named, and only what is new is harmless."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.codes import code_of
from sealane.core.policy.pins import Signer
from sealane.core.policy.pins_compare import Change, changes, distance
from support.pinned import AT, CI

SEEN = replace(CI, refs=("refs/tags/v1.1",))
ANN = Signer("https://login.example.org", "ann@example.org", signs=("publish",))


def found(pinned: Signer = CI, seen: Signer = SEEN, at: datetime | None = AT) -> tuple[Change, ...]:
    return changes(pinned, seen, "1.1", at)


def test_the_same_signer_differs_in_nothing() -> None:
    assert found() == ()
    assert found(ANN, ANN) == ()
    assert distance(()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        ({"issuer": "https://x", "project": "y"}, "SL-PIN-003", ("https://gitlab.com", "https://x")),
        ({"project": "https://gitlab.com/o/p", "project_id": "1", "config": "x"}, "SL-PIN-004",
         ("https://gitlab.com/group/acme", "https://gitlab.com/o/p")),
        ({"project": "", "project_id": ""}, "SL-PIN-004",
         ("https://gitlab.com/group/acme", "nothing")),
        ({"project_id": "1"}, "SL-PIN-006", ("4711", "1")),
        ({"project_id": ""}, "SL-PIN-006", ("4711", "nothing")),
        ({"owner_id": "43"}, "SL-PIN-007", ("42", "43")),
        ({"owner_id": ""}, "SL-PIN-007", ("42", "nothing")),
        ({"config": "x.yml"}, "SL-PIN-008", (".gitlab-ci.yml", "x.yml")),
        ({"workflow": "x.yml"}, "SL-PIN-009", ("nothing", "x.yml")),
        ({"refs": ("refs/tags/v1.2",)}, "SL-PIN-010",
         ("refs/tags/v{pep440} for version 1.1", "refs/tags/v1.2")),
        ({"refs": ()}, "SL-PIN-010", ("refs/tags/v{pep440} for version 1.1", "nothing")),
        ({"runner": "self-hosted"}, "SL-PIN-012", ("gitlab-hosted", "self-hosted")),
        ({"runner": ""}, "SL-PIN-012", ("gitlab-hosted", "nothing")),
        ({"subject": "ann@example.org"}, "SL-PIN-013", ("nothing", "ann@example.org")),
    ],
)  # fmt: skip
def test_a_difference_is_named(change: dict[str, Any], code: str, told: tuple[str, str]) -> None:
    (one,) = found(seen=replace(SEEN, **change))
    assert (one.code, one.pinned, one.actual) == (code, *told)
    assert not one.harmless
    assert distance((one,))[0] > 0
    assert code_of(code).hint


@pytest.mark.parametrize(
    "name", ["project", "project_id", "owner_id", "environment", "runner", "refs"]
)
def test_what_was_not_pinned_is_gained(name: str) -> None:
    unasked: dict[str, Any] = {name: () if name == "refs" else ""}
    pinned = replace(CI, **unasked)
    (one,) = found(pinned, replace(SEEN, environment="release" if name == "environment" else ""))
    assert (one.code, one.pinned, one.harmless) == ("SL-PIN-014", "nothing", True)
    assert distance((one,)) == (0, 0)


def test_what_is_pinned_of_an_environment_has_to_stay() -> None:
    pinned = replace(CI, environment="release")
    for seen in (SEEN, replace(SEEN, environment="other")):
        (one,) = found(pinned, seen)
        assert (one.code, one.pinned) == ("SL-PIN-011", "release")


def test_a_renamed_project_is_known_by_its_id_and_by_nothing_else() -> None:
    seen = replace(SEEN, project="https://gitlab.com/group/new")
    assert [one.code for one in found(seen=seen)] == ["SL-PIN-005"]
    assert found(seen=seen)[0].harmless
    # A project that has no id, before and now, is told by its path alone.
    without = replace(CI, project_id="")
    assert [one.code for one in found(without, replace(seen, project_id=""))] == ["SL-PIN-004"]
    assert [one.code for one in found(without, seen)] == ["SL-PIN-004"]


def test_a_renamed_project_is_compared_in_all_else() -> None:
    seen = replace(SEEN, project="https://gitlab.com/x/new", owner_id="43", config="x.yml")
    assert [one.code for one in found(seen=seen)] == ["SL-PIN-005", "SL-PIN-008", "SL-PIN-007"]


def test_a_signer_that_was_replaced_counts_for_what_it_signed_before() -> None:
    retired = replace(CI, until=AT)
    assert found(retired) == ()
    for at in (AT + timedelta(seconds=1), None):
        (one,) = found(retired, at=at)
        assert (one.code, one.harmless) == ("SL-PIN-018", False)


def test_a_ref_needs_the_version_it_stands_for() -> None:
    assert [one.pinned for one in changes(CI, SEEN, None, AT)] == ["refs/tags/v{pep440}"]


def test_another_key_is_another_subject() -> None:
    old = Signer("urn:sealane:key", "sha256:aa", signs=("publish",))
    (one,) = found(old, replace(old, subject="sha256:bb"))
    assert (one.code, one.pinned, one.actual) == ("SL-PIN-013", "sha256:aa", "sha256:bb")


def test_another_project_is_further_away_than_another_file() -> None:
    project = found(seen=replace(SEEN, project="x", project_id="1"))
    file = found(seen=replace(SEEN, config="x.yml", runner="x"))
    issuer = found(seen=replace(SEEN, issuer="https://x"))
    assert distance(()) < distance(file) < distance(project) < distance(issuer)


FIELDS = st.sampled_from(["", "a", "b"])
ANY = st.builds(
    Signer, issuer=st.just("https://i"), subject=st.just("s"), project=FIELDS, project_id=FIELDS,
    owner_id=FIELDS, config=FIELDS, workflow=FIELDS, environment=FIELDS, runner=FIELDS,
)  # fmt: skip


@given(ANY, ANY, st.sampled_from(["project_id", "owner_id", "environment", "runner"]))
def test_a_field_that_is_left_out_of_a_pin_never_refuses_more(
    pinned: Signer, seen: Signer, name: str
) -> None:
    def refused(one: Signer) -> int:
        return sum(not change.harmless for change in changes(one, seen, None, AT))

    # But for the id of a renamed project: without it nobody knows that it is the same.
    same_project = pinned.project in {"", seen.project}
    if same_project or name != "project_id":
        unasked: dict[str, Any] = {name: ""}
        assert refused(replace(pinned, **unasked)) <= refused(pinned)

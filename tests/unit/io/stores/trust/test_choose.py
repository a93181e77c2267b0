"""The policy says which roots are judged by; a flag may name no other."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from sealane.core.policy.quick import quick_policy
from sealane.core.policy.schema import Policy, Trust
from sealane.errors import TrustError, UsageError
from sealane.io.stores.trust.choose import check_ages, choose_roots
from support.maker.world import World

NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    """A policy of two roots in files."""
    trusts = []
    for name in ("first", "second"):
        content = World(name).root_json()
        (tmp_path / f"{name}.json").write_bytes(content)
        digest = sha256(content).hexdigest()
        trusts.append(Trust(name, str(tmp_path / f"{name}.json"), digest))
    return replace(quick_policy(["gitlab:a/b"]), trusts=tuple(trusts))


def test_every_root_of_the_policy_is_judged_by_in_its_order(policy: Policy) -> None:
    found = choose_roots(policy, None, None, {})
    assert [one.sha256 for one in found] == [one.sha256 for one in policy.trusts]


def test_a_flag_cannot_replace_several_roots(policy: Policy) -> None:
    with pytest.raises(UsageError, match="names 2 trust roots"):
        choose_roots(policy, policy.trusts[0].root, None, {})


def test_a_flag_may_name_the_only_root_of_the_policy_and_no_other(policy: Policy) -> None:
    one = replace(policy, trusts=policy.trusts[:1])
    (found,) = choose_roots(one, policy.trusts[0].root, None, {})
    assert found.sha256 == policy.trusts[0].sha256
    with pytest.raises(TrustError, match="expected sha256"):
        choose_roots(one, policy.trusts[1].root, None, {})


def test_without_a_root_in_the_policy_the_flag_or_the_embedded_one_counts(policy: Policy) -> None:
    for plain in (None, replace(policy, trusts=())):
        assert [one.name for one in choose_roots(plain, None, None, {})] == ["embedded"]
        (named,) = choose_roots(plain, policy.trusts[0].root, None, {})
        assert named.sha256 == policy.trusts[0].sha256


def test_a_root_that_is_gone_or_changed_is_an_error(policy: Policy) -> None:
    Path(policy.trusts[1].root).write_bytes(World("third").root_json())
    with pytest.raises(TrustError, match="expected sha256"):
        choose_roots(policy, None, None, {})
    Path(policy.trusts[1].root).unlink()
    with pytest.raises(TrustError):
        choose_roots(policy, None, None, {})


def test_each_root_has_its_own_greatest_age(policy: Policy) -> None:
    roots = tuple(
        replace(one, obtained_at=datetime(2026, 12, 1, tzinfo=UTC))
        for one in choose_roots(policy, None, None, {})
    )
    assert check_ages(roots, policy, NOW) == ()
    young = replace(policy.trusts[1], max_age_days=7)
    strict = replace(policy, trusts=(policy.trusts[0], young))
    with pytest.raises(TrustError, match="second"):
        check_ages(roots, strict, NOW)

"""A condition that names an advisory knows what it says once it is proven, and else demands all."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from sealane.appraise.advisories import with_advisories
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.policy.conditions import is_required
from sealane.core.policy.people import EmailPublisher
from sealane.core.policy.quick import quick_policy
from sealane.core.policy.schema import Condition, Policy, Trust
from sealane.io.stores.trust.load import TrustMaterial
from support.maker.world import AT, World

WORLD, OTHER = World(), World("other")
TEAM = EmailPublisher("team", "https://login.example.org", ("ann@example.org",))
RECORD = {
    "schema_version": "1.7.0",
    "id": "ACME-2026-1",
    "modified": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "hello-lane"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


def wheel(version: str, package: str = "hello-lane") -> Artifact:
    name = f"{package.replace('-', '_')}-{version}-py3-none-any.whl"
    digest = Digest("sha256", "a" * 64)
    return Artifact(name, (digest,), 7, f"pkg:pypi/{package}@{version}", version)


def material(world: World) -> TrustMaterial:
    root = world.root_json()
    return TrustMaterial(f"/{world.name}.json", root, sha256(root).hexdigest(), sandbox=False)


def known(
    folder: Path, *, record: object = None, signed: object = None, worlds: tuple[World, ...] = ()
) -> tuple[Policy, tuple[str, ...]]:
    """A policy whose condition names a record, after it was proven; and what was said of it."""
    path = folder / "advisory.json"
    policy = replace(
        quick_policy(["gitlab:a/b"]),
        conditions=(Condition("affected", ("pkg:pypi/*",), advisory=str(path), by=(TEAM,)),),
    )
    content = json.dumps(RECORD if record is None else record).encode()
    path.write_bytes(content)
    if signed is not None:
        bundle = WORLD.bundle(kind="message", content=content, identity="email", **signed)  # type: ignore[arg-type]
        Path(f"{path}.sigstore.json").write_text(json.dumps(bundle), encoding="utf-8")
    roots = tuple(material(one) for one in worlds or (WORLD,))
    if len(roots) > 1:
        trusts = tuple(Trust(f"t{n}", one.name, one.sha256) for n, one in enumerate(roots))
        policy = replace(policy, trusts=trusts)
    return with_advisories(policy, roots, AT)


@pytest.mark.parametrize("worlds", [(WORLD,), (WORLD, OTHER), (OTHER, WORLD)])
def test_a_signed_record_says_what_is_required(tmp_path: Path, worlds: tuple[World, ...]) -> None:
    policy, said = known(tmp_path, signed={}, worlds=worlds)
    assert said == ()
    for artifact, required in (
        (wheel("1.0"), True),
        (wheel("1.1"), False),
        (wheel("1.0", "other"), False),
        (replace(wheel("1.1"), purl=None, version=None), True),
    ):
        assert is_required("affected", policy.conditions, artifact, AT) is required


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        pytest.param({}, "not proven", id="nobody-signed"),
        pytest.param({"signed": {}, "worlds": (OTHER,)}, "not proven", id="another-world"),
        pytest.param({"signed": {}, "record": {"id": "x"}}, "affected", id="no-record"),
        pytest.param({"signed": {}, "record": []}, "", id="no-object"),
    ],
)
def test_what_is_not_proven_is_not_known_and_so_required(
    tmp_path: Path, arguments: dict[str, object], why: str
) -> None:
    policy, (said,) = known(tmp_path, **arguments)  # type: ignore[arg-type]
    assert "condition 'affected'" in said
    assert why in said
    assert said.endswith("so what depends on it is required")
    assert is_required("affected", policy.conditions, wheel("1.1"), AT)


def test_somebody_else_than_the_condition_names_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "advisory.json"
    content = json.dumps(RECORD).encode()
    path.write_bytes(content)
    bundle = WORLD.bundle(kind="message", content=content)
    Path(f"{path}.sigstore.json").write_text(json.dumps(bundle), encoding="utf-8")
    named = Condition("affected", ("*",), advisory=str(path), by=(TEAM,))
    policy = replace(quick_policy(["gitlab:a/b"]), conditions=(named,))
    found, (said,) = with_advisories(policy, (material(WORLD),), AT)
    assert "SL-ID-00" in said
    assert is_required("affected", found.conditions, wheel("1.1"), AT)


def test_a_record_that_is_gone_or_changed_is_not_known(tmp_path: Path) -> None:
    known(tmp_path, signed={})
    path = tmp_path / "advisory.json"
    named = Condition("affected", ("*",), advisory=str(path), by=(TEAM,))
    policy = replace(quick_policy(["gitlab:a/b"]), conditions=(named,))
    path.write_bytes(path.read_bytes() + b" ")
    found, (said,) = with_advisories(policy, (material(WORLD),), AT)
    assert "not proven" in said
    path.unlink()
    found, (said,) = with_advisories(policy, (material(WORLD),), AT)
    assert "advisory" in said
    assert is_required("affected", found.conditions, wheel("1.1"), AT)


def test_a_condition_without_an_advisory_stays_as_it_is() -> None:
    plain = replace(quick_policy(["gitlab:a/b"]), conditions=(Condition("lts", ("*",)),))
    assert with_advisories(plain, (material(WORLD),), AT) == (plain, ())

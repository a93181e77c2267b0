"""A policy that has to be signed is, by whom the user names, or nothing is judged by it."""

import json
from pathlib import Path

import pytest

from sealane.appraise.signed_policy import Wanted, check_signed
from sealane.core.policy.schema import Policy
from sealane.errors import ExitCode, PolicyError, UsageError
from sealane.io.stores.policies.load import load_policy
from sealane.io.stores.trust.load import TrustMaterial, load_trust
from support.maker.world import AT, World
from support.policies import CI, HEAD, rule
from support.signing import PRIVATE_KEY, pem_of

WORLD, OTHER = World(), World("other")
TEXT = (HEAD + CI + rule()).encode()
ANN = "email:ann@example.org,https://login.example.org"
PIPELINE = "gitlab+https://gitlab.example.org/group/acme//.gitlab-ci.yml@refs/tags/v1.0"


def trust(folder: Path, world: World = WORLD) -> TrustMaterial:
    (folder / "root.json").write_bytes(world.root_json())
    return load_trust(str(folder / "root.json"), sandbox=None)


def policy_in(folder: Path, *bundles: object) -> Path:
    path = folder / "p.toml"
    path.write_bytes(TEXT)
    for bundle in bundles:
        (folder / "p.toml.sigstore.json").write_text(json.dumps(bundle), encoding="utf-8")
    return path


def check(path: Path, who: str, world: World = WORLD, policy: Policy | None = None) -> None:
    wanted = Wanted(who, "--signed-by")
    check_signed(path, policy or load_policy(path), wanted, trust(path.parent, world), AT)


@pytest.mark.parametrize(
    ("identity", "who"), [("email", ANN), ("gitlab", PIPELINE)], ids=["person", "pipeline"]
)
@pytest.mark.parametrize("log", ["v1", "v2"])
def test_a_policy_is_signed_by_whom_the_user_names(
    tmp_path: Path, identity: str, who: str, log: str
) -> None:
    bundle = WORLD.bundle(kind="message", content=TEXT, identity=identity, log=log)
    check(policy_in(tmp_path, bundle), who)


def test_a_key_signs_a_policy(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(pem_of(PRIVATE_KEY.public_key()))
    bundle = WORLD.bundle(kind="message", content=TEXT, managed=PRIVATE_KEY, log=())
    path = policy_in(tmp_path, bundle)
    check(path, f"key:{tmp_path / 'a.pem'}")
    with pytest.raises(PolicyError, match="not signed by"):
        check(path, ANN)


REFUSED = [
    pytest.param((), ANN, "SL-EV-001", "p.toml.sigstore.json", id="unsigned"),
    pytest.param(({"identity": "gitlab"},), ANN, "SL-ID-002", "announced", id="somebody-else"),
    pytest.param(
        ({"identity": "email"},), ANN.replace("ann@", "bo@"), "SL-ID-009", "publisher's own page",
        id="somebody-else-at-the-same-login",
    ),
    pytest.param(
        ({"identity": "email"},), ANN.replace("login", "logon"), "SL-ID-002", "announced",
        id="another-login",
    ),
    pytest.param(
        ({"identity": "gitlab"},), PIPELINE.partition("@")[0], "SL-ID-010", "name the ref",
        id="no-ref-is-named",
    ),
    pytest.param(
        ({"identity": "email", "content": TEXT + b"#"},), ANN, "SL-SUB-001", "changed",
        id="of-another-policy",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("bundles", "who", "code", "hint"), REFUSED)
def test_an_unsigned_policy_is_refused_by_its_place(
    tmp_path: Path, bundles: tuple[dict[str, object], ...], who: str, code: str, hint: str
) -> None:
    made = [WORLD.bundle(**{"kind": "message", "content": TEXT, **one}) for one in bundles]
    path = policy_in(tmp_path, *made)
    with pytest.raises(PolicyError) as raised:
        check(path, who)
    assert raised.value.message.startswith(f"policy {path}: not signed by {who}: {code} ")
    assert hint in str(raised.value.hint)
    assert raised.value.exit_code == ExitCode.INPUT


def test_nobody_of_another_root_signs_it(tmp_path: Path) -> None:
    bundle = WORLD.bundle(kind="message", content=TEXT, identity="email")
    with pytest.raises(PolicyError, match="not signed by"):
        check(policy_in(tmp_path, bundle), ANN, OTHER)


def test_broken_evidence_is_no_signature(tmp_path: Path) -> None:
    path = policy_in(tmp_path)
    (tmp_path / "p.toml.sigstore.json").write_text("{", encoding="utf-8")
    with pytest.raises(PolicyError, match="SL-SIG-002"):
        check(path, ANN)


def test_what_is_judged_is_what_was_read(tmp_path: Path) -> None:
    path = policy_in(tmp_path)
    read = load_policy(path)
    changed = TEXT + b"# changed\n"
    bundle = WORLD.bundle(kind="message", content=changed, identity="email")
    path = policy_in(tmp_path, bundle)
    path.write_bytes(changed)
    check(path, ANN)
    with pytest.raises(PolicyError, match=f"expected sha256 {read.sha256}, got ") as raised:
        check(path, ANN, policy=read)
    assert "changed while it was read" in str(raised.value.hint)
    path.unlink()
    with pytest.raises(PolicyError, match="No such file"):
        check(path, ANN, policy=read)


def test_whoever_is_named_in_no_known_form_is_refused_by_the_flag(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^--signed-by 'ann': not of a known form"):
        check(policy_in(tmp_path), "ann")

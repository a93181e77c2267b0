"""A policy's keys are the pinned ones, or there is no policy."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from sealane.core.policy.people import KeyPublisher, OpenPgpPublisher
from sealane.core.policy.quick import quick_policy
from sealane.core.policy.schema import Policy
from sealane.core.verify.keys import Window
from sealane.errors import ExitCode, MissingExtraError, PolicyError
from sealane.io.stores.policies.keys import CERTIFICATES_LIMIT, KEY_LIMIT, load_keys
from sealane.io.stores.policies.load import allow_policy, discover, load_policy
from support.pgp import holder
from support.signing import PRIVATE_KEY, pem_of

PEM = pem_of(PRIVATE_KEY.public_key())
OTHER = pem_of(ed25519.Ed25519PrivateKey.generate().public_key())
ANN, BO = holder(), holder("Bo <bo@example.org>")
BOTH_HOLDERS = ANN.certificate + BO.certificate


def policy_in(folder: Path, *tables: tuple[str, bytes, str], sha: str = "") -> Path:
    """A policy with a publisher, and its file, for each kind, content and further lines."""
    text = 'schema = "sealane.policy/1"\nid = "acme"\n'
    required = []
    for number, (kind, content, more) in enumerate(tables):
        (folder / f"file{number}").write_bytes(content)
        digest = sha or sha256(content).hexdigest()
        text += f'[publisher.p{number}]\nkind = "{kind}"\nfile = "file{number}"\n'
        text += f'sha256 = "{digest}"\n{more}'
        required.append(f'{{ predicate = "signature", by = "p{number}" }}')
    text += f'[[rule]]\nmatch = ["*"]\nrequire = [{", ".join(required)}]\n'
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> PolicyError:
    with pytest.raises(PolicyError) as raised:
        load_policy(path)
    assert raised.value.exit_code == ExitCode.INPUT
    assert raised.value.hint
    return raised.value


def test_a_key_is_loaded_with_its_window_and_way(tmp_path: Path) -> None:
    more = 'start = 2024-01-01T00:00:00Z\ndetails = "PKIX_ECDSA_P256_SHA_256"\n'
    policy = load_policy(policy_in(tmp_path, ("key", PEM, more)))
    (key,) = policy.keys
    assert key.name == "p0"
    assert key.details == "PKIX_ECDSA_P256_SHA_256"
    assert key.window == Window(datetime(2024, 1, 1, tzinfo=UTC), None)
    assert isinstance(policy.publishers[0], KeyPublisher)
    assert policy.publishers[0].keys == (key,)


def test_certificates_are_loaded_with_all_fingerprints(tmp_path: Path) -> None:
    policy = load_policy(policy_in(tmp_path, ("openpgp", BOTH_HOLDERS, "")))
    (publisher,) = policy.publishers
    assert isinstance(publisher, OpenPgpPublisher)
    assert publisher.fingerprints == (ANN.fingerprint, BO.fingerprint)
    assert policy.certificates == (BOTH_HOLDERS,)


def test_a_policy_without_keys_stays_what_it_is() -> None:
    policy = quick_policy(["gitlab:a/b"])
    assert load_keys(policy) == policy


def test_a_file_keeps_the_digest_of_the_policy(tmp_path: Path) -> None:
    path = policy_in(tmp_path, ("key", PEM, ""))
    assert load_policy(path).sha256 == sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(("kind", "content"), [("key", PEM), ("openpgp", ANN.certificate)])
def test_another_digest_is_refused(tmp_path: Path, kind: str, content: bytes) -> None:
    path = policy_in(tmp_path, (kind, content, ""))
    (tmp_path / "file0").write_bytes(content + b"\n")
    error = refusal(path)
    wanted, got = sha256(content).hexdigest(), sha256(content + b"\n").hexdigest()
    assert error.message == (
        f"policy {path}: publisher.p0: file '{tmp_path / 'file0'}': "
        f"expected sha256 {wanted}, got {got}"
    )


@pytest.mark.parametrize("kind", ["key", "openpgp"])
def test_a_missing_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = policy_in(tmp_path, (kind, b"x", ""))
    (tmp_path / "file0").unlink()
    assert "publisher.p0: file" in refusal(path).message
    (tmp_path / "file0").mkdir()
    assert "publisher.p0: file" in refusal(path).message


@pytest.mark.parametrize(
    ("kind", "content", "more", "message"),
    [
        pytest.param("key", b"", "", "public key", id="empty"),
        pytest.param("key", PEM + OTHER, "", "expected one PUBLIC KEY", id="two-keys"),
        pytest.param("key", ANN.certificate, "", "public key", id="openpgp-for-a-key"),
        pytest.param("key", b"x" * (KEY_LIMIT + 1), "", "larger than", id="large"),
        pytest.param("key", PEM, 'details = "PKIX_ED25519"\n', "does not sign as", id="other-kind"),
        pytest.param("key", PEM, 'details = "SHA1"\n', "does not sign as", id="unknown-way"),
        pytest.param("openpgp", b"", "", "the file holds none", id="no-certificate"),
        pytest.param("openpgp", PEM, "", "OpenPGP certificate", id="a-key-for-openpgp"),
        pytest.param("openpgp", b"x" * (CERTIFICATES_LIMIT + 1), "", "larger than", id="larger"),
    ],
)
def test_what_is_no_key_is_refused_by_place(
    tmp_path: Path, kind: str, content: bytes, more: str, message: str
) -> None:
    error = refusal(policy_in(tmp_path, (kind, content, more)))
    assert "publisher.p0: file" in error.message
    assert message in error.message


WINDOW = "end = 2024-01-01T00:00:00Z\n"
WAY = 'details = "PKIX_ECDSA_P256_SHA_256"\n'


@pytest.mark.parametrize("more", [WINDOW, WAY, "start = 2024-01-01T00:00:00Z\n"])
def test_two_publishers_say_the_same_of_one_key(tmp_path: Path, more: str) -> None:
    # A signature after the end would be proven by the other's window, and be by both.
    error = refusal(policy_in(tmp_path, ("key", PEM, ""), ("key", PEM + b"\n", more)))
    assert "publisher.p1: file" in error.message
    assert "it is the key of publisher.p0" in error.message
    for lines in ((more, more), ("", "")):
        tables = [("key", PEM, one) for one in lines]
        assert len(load_policy(policy_in(tmp_path, *tables)).keys) == 1
    assert len(load_policy(policy_in(tmp_path, ("key", PEM, ""), ("key", OTHER, WINDOW))).keys) == 2


def test_a_policy_is_allowed_with_its_keys_and_each_use_looks_again(tmp_path: Path) -> None:
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    path = policy_in(tmp_path, ("key", PEM, ""))
    allowed = path.rename(tmp_path / "sealane.policy.toml")
    assert allow_policy(allowed, state).keys
    found = discover(tmp_path, state).policy
    assert found is not None
    assert found.keys
    (tmp_path / "file0").write_bytes(OTHER)
    with pytest.raises(PolicyError, match="expected sha256"):
        discover(tmp_path, state)


def quick(*files: Path) -> Policy:
    return load_keys(quick_policy([f"key:{file}" for file in files]))


def test_a_flag_names_a_key_and_the_report_says_which(tmp_path: Path) -> None:
    file, other = tmp_path / "a.pem", tmp_path / "b.pem"
    file.write_bytes(PEM)
    policy = quick(file)
    assert [key.name for key in policy.keys] == [f"key:{file}"]
    assert policy.demands.key_logs == 0
    assert quick(file) == policy
    file.write_bytes(OTHER)
    changed = quick(file)
    assert changed.sha256 != policy.sha256
    assert replace(changed, rules=policy.rules, sha256=policy.sha256) == policy
    other.write_bytes(OTHER)
    assert len(quick(file, other).keys) == 1


def test_a_flag_that_names_no_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"--publisher key:.*a\.pem: ") as raised:
        quick(tmp_path / "a.pem")
    assert (raised.value.exit_code, bool(raised.value.hint)) == (ExitCode.INPUT, True)


def test_a_missing_reader_of_openpgp_is_a_missing_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = policy_in(tmp_path, ("openpgp", ANN.certificate, ""))
    monkeypatch.setitem(sys.modules, "pysequoia", None)
    with pytest.raises(MissingExtraError, match=r"\[pgp\]"):
        load_policy(path)

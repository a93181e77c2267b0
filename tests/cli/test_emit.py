"""`sealane verify --emit-vsa --emit-svr`: what is written, what counts again, what is refused."""

import base64
import contextlib
import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sealane.cli.main import run
from support.maker.claims import ISSUERS, SUBJECTS
from support.maker.content import ARTIFACT, NAME
from support.maker.keys import ec_named
from support.maker.world import World
from support.signing import pem_of

WORLD = World()
KEY, OTHER = ec_named("verifier"), ec_named("other verifier")
BY = ("--cert-identity", SUBJECTS["gitlab"], "--cert-oidc-issuer", ISSUERS["gitlab"])
JUDGED = (*BY, "--trust", "./root.json")
VERIFIER = "https://verifier.example.org/v1"
WHO = ("--verifier-id", VERIFIER)
SIGN = ("--sign", "key:key.pem", *WHO)
BESIDE = f"{NAME}.vsa.json"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an artifact with good evidence, a root, a verifier's key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / f"{NAME}.sigstore.json").write_text(json.dumps(WORLD.bundle()))
    (tmp_path / "root.json").write_bytes(WORLD.root_json())
    for name, key in (("key", KEY), ("other", OTHER)):
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{name}.pem").write_bytes(pem)
        (tmp_path / f"{name}.pub").write_bytes(pem_of(key.public_key()))
    return tmp_path


def verify(*arguments: str) -> tuple[int, str]:
    """Exit code, and all that was said; in this process, for many are asked."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(["verify", *arguments])
    assert "internal error" not in said.getvalue()
    return code, said.getvalue()


def statements(file: Path) -> list[dict[str, Any]]:
    """The statements in a file of bundles, or of statements that nobody signed."""
    found = []
    for line in file.read_text(encoding="ascii").splitlines():
        document = json.loads(line)
        if "dsseEnvelope" in document:
            document = json.loads(base64.b64decode(document["dsseEnvelope"]["payload"]))
        found.append(document)
    return found


def test_a_signed_summary_says_what_was_found(work: Path) -> None:
    code, said = verify(NAME, *JUDGED, *SIGN, "--emit-vsa", BESIDE, "--emit-svr", "s.svr.json")
    assert code == 0, said
    assert f"note: {BESIDE}: 1 summary; signed by the key sha256:" in said
    (vsa,), (svr,) = statements(work / BESIDE), statements(work / "s.svr.json")
    digest = sha256((work / f"{NAME}.sigstore.json").read_bytes()).hexdigest()
    assert vsa["subject"] == [{"name": NAME, "digest": {"sha256": sha256(ARTIFACT).hexdigest()}}]
    assert vsa["predicate"]["verificationResult"] == "PASSED"
    assert vsa["predicate"]["verifier"]["id"] == VERIFIER
    assert vsa["predicate"]["resourceUri"] == "pkg:pypi/acme@1.0"
    assert vsa["predicate"]["inputAttestations"] == [
        {"uri": f"{NAME}.sigstore.json", "digest": {"sha256": digest}}
    ]
    assert svr["predicate"]["properties"] == ["SEALANE_POLICY_PASSED"]
    assert str(work) not in json.dumps([vsa, svr])


@pytest.mark.parametrize("level", [1, 2])
def test_the_level_that_the_policy_demanded_is_passed_on(work: Path, level: int) -> None:
    digest = sha256(WORLD.root_json()).hexdigest()
    (work / "p.toml").write_text(
        'schema = "sealane.policy/1"\nid = "acme-releases"\n'
        f'[trust.own]\nroot = "root.json"\nsha256 = "{digest}"\n'
        f'[publisher.ci]\nkind = "gitlab"\nissuer = "{ISSUERS["gitlab"]}"\n'
        'project = "group/acme"\nconfig = ".gitlab-ci.yml"\nref = "refs/tags/v{pep440}"\n'
        '[[rule]]\nmatch = ["*"]\n'
        f'require = [{{ predicate = "slsa-provenance", by = "ci", level = {level} }}]\n'
    )
    emit = ("--emit-vsa", BESIDE, "--emit-svr", "s.svr.json")
    code, said = verify(NAME, "--policy", "p.toml", *SIGN, *emit)
    assert code == 0, said
    (vsa,), (svr,) = statements(work / BESIDE), statements(work / "s.svr.json")
    policy = (work / "p.toml").read_bytes()
    assert vsa["predicate"]["policy"] == {
        "uri": "urn:sealane:policy:acme-releases",
        "digest": {"sha256": sha256(policy).hexdigest()},
    }
    assert vsa["predicate"]["verifiedLevels"] == [f"SLSA_BUILD_LEVEL_{level}"]
    assert svr["predicate"]["properties"][1:] == [f"SLSA_BUILD_LEVEL_{level}"]


def test_what_others_sum_up_is_the_same_from_several_processes(work: Path) -> None:
    names = []
    for number in range(40):
        name = NAME.replace("acme", f"acme{number}")
        (work / name).write_bytes(ARTIFACT)
        (work / f"{name}.sigstore.json").write_bytes((work / f"{NAME}.sigstore.json").read_bytes())
        names.append(name)
    found = []
    for jobs in ("1", "2"):
        file = f"{jobs}.unsigned.jsonl"
        code, said = verify(*names, *JUDGED, *WHO, "-j", jobs, "--emit-vsa", file)
        assert code == 0, said
        found.append([one["predicate"]["inputAttestations"] for one in statements(work / file)])
    assert found[0] == found[1]
    assert len(found[0]) == 40


def test_a_summary_of_a_failure_is_failed_and_there_is_no_result(work: Path) -> None:
    (work / NAME).write_bytes(ARTIFACT + b"!")
    emit = ("--emit-vsa", BESIDE, "--emit-svr", "s.svr.json")
    code, _ = verify(NAME, *JUDGED, *SIGN, *emit)
    assert code == 1
    (vsa,) = statements(work / BESIDE)
    assert vsa["predicate"]["verificationResult"] == "FAILED"
    assert vsa["predicate"]["verifiedLevels"] == ["FAILED"]
    assert (work / "s.svr.json").read_bytes() == b""


def test_missing_evidence_is_a_failure_to_others(work: Path) -> None:
    (work / f"{NAME}.sigstore.json").unlink()
    code, _ = verify(NAME, *JUDGED, *SIGN, "--emit-vsa", "v.vsa.json")
    assert code == 3
    (vsa,) = statements(work / "v.vsa.json")
    assert vsa["predicate"]["verificationResult"] == "FAILED"


def test_what_nobody_signed_says_so_and_is_no_evidence(work: Path) -> None:
    file = f"{NAME}.unsigned.jsonl"
    code, said = verify(NAME, *JUDGED, *WHO, "--emit-vsa", file)
    assert code == 0
    assert "nobody signed them, so they prove nothing" in said
    assert len(statements(work / file)) == 1
    (work / f"{NAME}.sigstore.json").unlink()
    for name in (BESIDE, f"{NAME}.intoto.jsonl"):
        (work / name).write_bytes((work / file).read_bytes())
        code, said = verify(NAME, "--publisher", "key:key.pub")
        assert code in {1, 3}, said
        assert "PASS " not in said
        (work / name).unlink()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        pytest.param(("--emit-vsa", "v.vsa.json", *SIGN, "--warn-only"), "--warn-only", id="warn"),
        pytest.param(("--emit-svr", "v.vsa.json", *SIGN, "--warn-only"), "--warn-only", id="svr"),
        pytest.param(("--emit-vsa", "v.vsa.json", "--sign", "key:key.pem"), "verifier-id", id="v"),
        pytest.param(("--emit-vsa", "v.vsa.json", *WHO), "does not say so", id="unsigned-name"),
        pytest.param(("--emit-svr", "v.jsonl", *WHO), "does not say so", id="unsigned-svr"),
        pytest.param(("--emit-vsa", "v.unsigned.jsonl", *SIGN), "says that it is not", id="name"),
        pytest.param(("--emit-vsa", "a.json", "--emit-svr", "a.json", *SIGN), "same", id="same"),
        pytest.param(("--sign", "key:key.pem"), "nothing is to be written", id="sign-alone"),
        pytest.param(WHO, "nothing is to be written", id="verifier-alone"),
        pytest.param(("--resource-uri", "a:b"), "nothing is to be written", id="resource-alone"),
        pytest.param(
            ("--emit-vsa", "v.json", "--sign", "key:key.pem", "--verifier-id", "me"),
            "expected a URI", id="no-uri",
        ),
        pytest.param(
            ("--emit-vsa", "v.json", *SIGN, "--resource-uri", "https://e.org/a b"),
            "expected a URI", id="blank",
        ),
        pytest.param(("--emit-vsa", "v.json", "--sign", "me", *WHO), "known form", id="signer"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused_before_anything_is_judged(
    work: Path, arguments: tuple[str, ...], why: str
) -> None:
    before = sorted(work.iterdir())
    code, said = verify(NAME, *JUDGED, *arguments)
    assert (code, "judged by" in said) == (2, False), said
    assert why in said
    assert "hint: " in said
    assert sorted(work.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "ends"),
    [
        pytest.param(("--sign", "key:none.pem", *WHO), 5, id="no-key"),
        pytest.param(("--sign", "key:key.pub", *WHO), 5, id="public-key"),
        pytest.param(("--sign", "keyless", *WHO), 3, id="no-token"),
    ],
)
def test_whoever_cannot_sign_is_found_out_first(
    work: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], ends: int
) -> None:
    for name in ("GITLAB_CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    code, said = verify(NAME, *JUDGED, "--emit-vsa", BESIDE, *arguments)
    assert (code, "judged by" in said) == (ends, False), said
    assert not (work / BESIDE).exists()


def test_nobody_named_and_one_uri_for_two_are_no_summary(work: Path) -> None:
    emit = ("--trust", "./root.json", *SIGN, "--emit-vsa", "v.vsa.json")
    code, said = verify(NAME, *emit)
    assert (code, "nobody was named to trust" in said) == (2, True)
    (work / "notes.txt").write_bytes(ARTIFACT)
    code, said = verify(NAME, "notes.txt", *BY, *emit, "--resource-uri", "https://e.org/x")
    assert (code, "one URI for 2 artifacts" in said) == (2, True)
    code, said = verify("notes.txt", *BY, *emit)
    assert (code, "tells no package URL" in said) == (2, True)
    assert not (work / "v.vsa.json").exists()
    code, said = verify(NAME, "notes.txt", *BY, *emit, "--resource-uri", "https://e.org/")
    assert code == 3, said
    found = [one["predicate"]["resourceUri"] for one in statements(work / "v.vsa.json")]
    assert found == [f"https://e.org/{NAME}", "https://e.org/notes.txt"]

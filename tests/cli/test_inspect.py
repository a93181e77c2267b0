"""`sealane inspect`: explains any evidence without judging it, and drafts a policy for it."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from sealane.cli.main import run
from sealane.core.model.identity import Claim
from sealane.sandbox import der
from support.forms import ARMOURED, metablock, statement
from support.forms import layout as layout_of
from support.maker.claims import ARC, CLAIMS, SUBJECTS
from support.maker.content import ARTIFACT, NAME
from support.maker.hosted import attestation_of
from support.maker.leaf import LeafShape
from support.maker.world import World
from support.pgp import holder

WORLD = World()
EVIDENCE = f"{NAME}.sigstore.json"
EVIL = "$(id)\x1b[31m<script>alert(1)</script>"
JUDGED = {8, 9, 11, 12, 14, 15, 17, 18, 23}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an artifact with evidence beside it, and the root of its world."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / "root.json").write_bytes(WORLD.root_json())
    write(tmp_path, WORLD.bundle())
    return tmp_path


def write(work: Path, document: dict[str, Any] | bytes, name: str = EVIDENCE) -> None:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    (work / name).write_bytes(content)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(arguments)
    captured = capsys.readouterr()
    assert "internal error" not in captured.err
    return code, captured.out, captured.err


FORMS: dict[str, dict[str, Any] | bytes] = {
    "sigstore-bundle": WORLD.bundle(),
    "pep740-attestation": attestation_of(WORLD.bundle()),
    "pep740-provenance": {"version": 1, "attestation_bundles": []},
    "bundle-lines": json.dumps(WORLD.bundle()).encode() + b"\n[]\n",
    "npm-attestations": {"attestations": [{"bundle": WORLD.bundle()}]},
    "dsse-envelope": {"payload": "e30=", "payloadType": "x/y", "signatures": [{"sig": "AAE="}]},
    "in-toto-layout": metablock(layout_of()),
    "openpgp-signature": ARMOURED,
    "unsigned-statement": statement("ab" * 32),
    "sbom": b'{"bomFormat": "CycloneDX", "specVersion": "1.6"}',
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_explained_and_marked_as_unverified(
    work: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    write(work, FORMS[form], "f")
    code, out, err = asked(capsys, "inspect", "f")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("UNVERIFIED")
    assert lines[-1].startswith("UNVERIFIED")
    assert f"  form: {form}" in lines
    code, out, _ = asked(capsys, "inspect", "f", "--format", "json")
    assert (code, json.loads(out)["verified"]) == (0, False)
    assert json.loads(out)["files"][0]["form"] == form


def test_a_forged_signature_is_explained_all_the_same(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = WORLD.bundle()
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = "AAAA"
    write(work, bundle)
    code, out, _ = asked(capsys, "inspect", EVIDENCE)
    assert code == 0
    assert f"subject: {SUBJECTS['gitlab']}" in out


def test_who_made_an_openpgp_signature_is_told_as_it_says_itself(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(work, holder().sign(ARTIFACT), "f.asc")
    code, out, _ = asked(capsys, "inspect", "f.asc")
    assert code == 0
    assert "note: an OpenPGP signature that says it is by " in out
    assert "not verified" in out
    write(work, ARMOURED, "f.asc")
    code, out, _ = asked(capsys, "inspect", "f.asc")
    assert (code, "who made it is not known" in out) == (0, True)


@pytest.mark.parametrize("content", [b"", b"{", b"not evidence", b"{}", b"PK\x03\x04"])
def test_what_cannot_be_read_is_an_error_with_its_place(
    work: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    write(work, content, "f")
    code, out, err = asked(capsys, "inspect", "f")
    assert (code, out) == (5, "")
    assert err.startswith("error: evidence 'f': ")
    assert "docs/guides/evidence.md" in err.splitlines()[-1]


def test_one_unreadable_file_hides_none_of_the_others(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "broken").write_bytes(b"{")
    code, out, err = asked(capsys, "inspect", "missing", EVIDENCE, "broken")
    assert code == 5
    assert "form: sigstore-bundle" in out
    assert "2 of 3 files cannot be read" in err
    assert "missing" in err


def test_sizes_and_numbers_are_bounded(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (work / "huge").open("wb") as stream:
        stream.truncate(17 * 1024 * 1024)
    code, _, err = asked(capsys, "inspect", "huge")
    assert (code, "larger than" in err) == (5, True)
    code, _, err = asked(capsys, "inspect", *["f"] * 1001)
    assert (code, "more than 1000 files" in err) == (5, True)


def test_bad_command_lines_are_usage_errors(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, "inspect")[0] == 2
    assert asked(capsys, "inspect", EVIDENCE, "--format", "html")[0] == 2
    code, out, err = asked(capsys, "inspect", EVIDENCE, "--suggest-policy", "--format", "json")
    assert (code, out) == (2, "")
    assert "--format does not change it" in err


def changed(number: int, text: str) -> dict[str, Any]:
    """A bundle that holds, by a certificate with one claim changed."""
    claims = [
        x509.UnrecognizedExtension(
            x509.ObjectIdentifier(f"{ARC}{claim}"),
            der.encode(12, (text if claim == number else said).encode()),
        )
        for claim, said in CLAIMS["gitlab"].items()
    ]
    return WORLD.bundle(leaf=WORLD.leaf(shape=LeafShape(claims=claims)))


@pytest.fixture
def suggested(work: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A policy that was suggested for the evidence in the working directory."""
    code, out, _ = asked(capsys, "inspect", EVIDENCE, "--suggest-policy")
    assert code == 0
    (work / "p.toml").write_text(out)
    return out


def judge(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    line = ("verify", NAME, "--policy", "p.toml", "--trust", "./root.json")
    code, out, err = asked(capsys, *line)
    return code, out + err


@pytest.mark.usefixtures("suggested")
def test_the_evidence_passes_under_the_policy_it_suggests(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge(capsys)[0] == 0
    (work / NAME).write_bytes(b"other")
    assert judge(capsys)[0] == 1


@pytest.mark.usefixtures("suggested")
@pytest.mark.parametrize("claim", [Claim(number) for number in sorted(JUDGED)])
def test_evidence_with_one_claim_changed_fails_under_it(
    work: Path, capsys: pytest.CaptureFixture[str], claim: Claim
) -> None:
    write(work, changed(claim, CLAIMS["gitlab"][claim] + "x"))
    code, said = judge(capsys)
    assert code == 1, said
    assert "SL-ID-0" in said


@pytest.mark.usefixtures("suggested")
def test_the_same_claims_by_another_certificate_pass_under_it(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(work, changed(Claim.RUN_INVOCATION_URI, "https://gitlab.example.org/x/-/jobs/992"))
    assert judge(capsys)[0] == 0


def test_a_suggestion_says_at_both_ends_that_nobody_checked_it(suggested: str) -> None:
    lines = suggested.splitlines()
    assert lines[0].startswith("# UNVERIFIED")
    assert lines[-1].startswith("# UNVERIFIED")
    assert "project's own page" in suggested
    assert 'ref = "refs/tags/v{pep440}"' in lines


def test_nobody_to_suggest_is_missing_evidence(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(work, FORMS["dsse-envelope"], "f")
    code, out, err = asked(capsys, "inspect", "f", "--suggest-policy")
    assert (code, out) == (3, "")
    assert "no policy can be suggested" in err


@pytest.mark.parametrize("form", [(), ("--format", "json"), ("--suggest-policy",)])
def test_no_text_of_a_stranger_is_obeyed(
    work: Path, capsys: pytest.CaptureFixture[str], form: tuple[str, ...]
) -> None:
    said = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": EVIL, "digest": {"sha256": "ab" * 32}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {EVIL: EVIL},
    }
    # The certificate's texts are a stranger's as well; a ref may hold nearly anything.
    claims = [
        x509.UnrecognizedExtension(x509.ObjectIdentifier(f"{ARC}{claim}"), der.encode(12, text))
        for claim, text in ((8, b"https://x.example.org"), (14, EVIL.encode()))
    ]
    leaf = WORLD.leaf("ann@example.org", shape=LeafShape(claims=claims))
    write(work, WORLD.bundle(leaf=leaf, statement=said), f"{EVIL[:5]}.json")
    write(work, WORLD.bundle(leaf=leaf))
    _, out, err = asked(capsys, "inspect", f"{EVIL[:5]}.json", EVIDENCE, *form)
    assert all(line.isprintable() for line in (out + err).splitlines())
    assert not any(line.lstrip().startswith(("$(", "<script")) for line in out.splitlines())

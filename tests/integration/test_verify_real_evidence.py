"""Evidence that the public Sigstore made for real releases, judged offline by the embedded root."""

import hashlib
import io
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from sealane.cli.main import run
from support.vectors import ROOT

# The test assets of this release are real attestations with their artifacts.
SDIST = "pypi_attestations-0.0.30.tar.gz"
SHA256 = "14ff13c76bbef02a483c2b77532da02bfd746b5141b881f355e06b9807434423"
CACHE = ROOT / "build" / "test-evidence"
ASSETS = "pypi_attestations-0.0.30/test/assets/"


def fetch_sdist() -> bytes:
    """The pinned file; fetched by pip once, in a process of its own, and kept."""
    CACHE.mkdir(parents=True, exist_ok=True)
    kept, lock = CACHE / SDIST, CACHE / "requirements.txt"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            lock.write_text(f"pypi-attestations==0.0.30 --hash=sha256:{SHA256}\n")
            subprocess.run(
                [
                    sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes",
                    "--no-deps", "--no-binary", "pypi-attestations", "--dest", CACHE,
                    "--requirement", lock,
                ],
                check=True, timeout=300, capture_output=True,
            )  # fmt: skip
    content = kept.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256
    return content


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        content = fetch_sdist()
    except subprocess.CalledProcessError as error:
        pytest.skip(f"{SDIST} cannot be fetched from the package index: {error.stderr[-300:]!r}")
    folder = tmp_path_factory.mktemp("assets")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():
            stream = archive.extractfile(member) if member.name.startswith(ASSETS) else None
            name = member.name.removeprefix(ASSETS)
            if stream is not None and "/" not in name:
                (folder / name).write_bytes(stream.read())
    return folder


@dataclass(frozen=True)
class Release:
    """A released file: who signed it, and what else would not do."""

    file: str
    suffixes: tuple[str, ...]
    right: tuple[str, ...]
    wrong: tuple[tuple[tuple[str, ...], str], ...]


def by(publisher: str) -> tuple[str, ...]:
    return ("--publisher", publisher)


def exactly(subject: str, issuer: str) -> tuple[str, ...]:
    return ("--cert-identity", subject, "--cert-oidc-issuer", issuer)


GITHUB = "github:trailofbits/pypi-attestations"
GITLAB = "gitlab:facutuesca/gitlab-oidc-project"
CIRCLE = (
    "https://circleci.com/api/v2/projects/fdd9283f-e619-46af-8f9c-851f7d3e8b2b"
    "/pipeline-definitions/8e4f8ab2-8d7c-4827-9f15-de076d6d647f"
)
CIRCLE_ISSUER = "https://oidc.circleci.com"
ACCOUNT = "919436158236-compute@developer.gserviceaccount.com"
GOOGLE = "https://accounts.google.com"
RELEASES = (
    Release(
        "pypi_attestations-0.0.19.tar.gz",
        (".publish.attestation", ".slsa.attestation", ".provenance"),
        by(f"{GITHUB}/release.yml@refs/tags/v{{pep440}}"),
        (
            (by("github:trailofbits/pypi-attestation/release.yml@v0.0.19"), "SL-ID-003"),
            (by(f"{GITHUB}/ci.yml@refs/tags/v{{pep440}}"), "SL-ID-005"),
            (by(f"{GITHUB}/release.yml@refs/tags/v0.0.20"), "SL-ID-004"),
            (by(f"{GITHUB}/release.yml@refs/heads/main"), "SL-ID-004"),
            (by("gitlab:trailofbits/pypi-attestations"), "SL-ID-002"),
        ),
    ),
    Release(
        "pypi_attestations-0.0.19.tar.gz",
        (".publish.attestation",),
        by("github:TrailOfBits/PyPI-Attestations"),
        ((by("github:trailofbits/pypi-attestations2"), "SL-ID-003"),),
    ),
    Release(
        "pypi_attestation_models-0.0.4a2.tar.gz",
        (".attestation", ".sigstore"),
        by("github:trailofbits/pypi-attestation-models/release.yml@refs/tags/v{pep440}"),
        (
            (by("github:trailofbits/pypi-attestations"), "SL-ID-003"),
            (by("github:trailofbits/pypi-attestation-models@v0.0.4"), "SL-ID-004"),
        ),
    ),
    Release(
        "gitlab_oidc_project-0.0.3.tar.gz",
        (".publish.attestation",),
        by(f"{GITLAB}//.gitlab-ci.yml@refs/heads/main"),
        (
            (by(GITLAB), "SL-ID-004"),
            (by(f"{GITLAB}//ci.yml@refs/heads/main"), "SL-ID-005"),
            (by("gitlab:facutuesca/Gitlab-oidc-project@refs/heads/main"), "SL-ID-003"),
            (
                by("gitlab+https://gitlab.archlinux.org/facutuesca/gitlab-oidc-project"),
                "SL-ID-002",
            ),
        ),
    ),
    Release(
        "gcb_attestation_test-0.0.0.tar.gz",
        (".provenance",),
        by(f"email:{ACCOUNT},{GOOGLE}"),
        (
            (by(f"email:x{ACCOUNT},{GOOGLE}"), "SL-ID-009"),
            (by(f"email:{ACCOUNT},https://accounts.example.org"), "SL-ID-002"),
        ),
    ),
    Release(
        "circleci_sign_publish_example-0.0.1.dev137-py3-none-any.whl",
        (".publish.attestation", ".provenance"),
        exactly(CIRCLE, CIRCLE_ISSUER),
        (
            (exactly(CIRCLE[:-1] + "0", CIRCLE_ISSUER), "SL-ID-009"),
            (exactly(CIRCLE, "https://oidc.circleci.com/org/1"), "SL-ID-002"),
        ),
    ),
)
PIECES = [
    pytest.param(release, suffix, id=f"{release.file}{suffix}-{number}")
    for number, release in enumerate(RELEASES)
    for suffix in release.suffixes
]


def placed(assets: Path, folder: Path, release: Release, suffix: str) -> Path:
    """The artifact with one piece of evidence beside it."""
    path = folder / release.file
    path.write_bytes((assets / release.file).read_bytes())
    evidence = (assets / (release.file + suffix)).read_bytes()
    (folder / (release.file + suffix)).write_bytes(evidence)
    return path


@pytest.mark.parametrize(("release", "suffix"), PIECES)
def test_real_evidence_passes_for_its_publisher_alone(
    assets: Path,
    tmp_path: Path,
    release: Release,
    suffix: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = placed(assets, tmp_path, release, suffix)
    assert run(["verify", str(path), *release.right]) == 0, capsys.readouterr().out
    for wrong, reason in release.wrong:
        capsys.readouterr()
        code = run(["verify", str(path), *wrong])
        output = capsys.readouterr().out
        assert (code, reason in output) == (1, True), output


@pytest.mark.parametrize(("release", "suffix"), PIECES)
def test_real_evidence_of_another_file_fails(
    assets: Path,
    tmp_path: Path,
    release: Release,
    suffix: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = placed(assets, tmp_path, release, suffix)
    path.write_bytes(path.read_bytes() + b"\n")
    code = run(["verify", str(path), *release.right])
    output = capsys.readouterr().out
    assert code == 1
    # A signature over the file itself is the engine's to compare, a subject ours.
    assert "SL-SUB-001 subject-mismatch" in output or "SL-SIG-001 bundle-refused" in output


def test_nobody_named_shows_the_claims_and_ends_with_3(
    assets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = placed(assets, tmp_path, RELEASES[0], ".publish.attestation")
    code = run(["verify", str(path)])
    output = capsys.readouterr().out
    assert code == 3
    assert "--cert-oidc-issuer https://token.actions.githubusercontent.com" in output
    assert "compare this with what the project's own page says" in output

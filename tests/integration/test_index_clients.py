"""Unmodified clients publish to, install from and audit against the sandbox."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from pypi_attestations import Attestation, Distribution, Provenance
from sigstore.models import ClientTrustConfig
from sigstore.oidc import IdentityToken
from sigstore.sign import SigningContext

from sealane.sandbox.running import Running
from sealane.sandbox.services.vulnerabilities import CANARY
from support.index_parts import sdist, wheel
from support.world import ambient_github, ambient_gitlab, inside

JSON = "application/vnd.pypi.simple.v1+json"


def publisher(running: Running, project: str) -> str:
    """A GitLab publisher of its own for a project."""
    repository = f"clients/{project}"
    running.add_publisher("gitlab", project, repository=repository, workflow=".gitlab-ci.yml")
    return repository


def attest(running: Running, repository: str, *paths: Path) -> list[Path]:
    """Publish attestations beside distributions, made as the index's own library makes them."""
    text = (running.directory / "trust_config.json").read_text(encoding="utf-8")
    trust = ClientTrustConfig.from_json(text)
    trust.force_tlog_version = 1
    token = IdentityToken(running.mint("gitlab", "sigstore", project=repository))
    with SigningContext.from_trust_config(trust).signer(token) as signer:
        for path in paths:
            made = Attestation.sign(signer, Distribution.from_file(path))
            Path(f"{path}.publish.attestation").write_text(made.model_dump_json(), encoding="utf-8")
    return [Path(f"{path}.publish.attestation") for path in paths]


def fetch(running: Running, path: str, accept: str = "*/*") -> tuple[int, bytes]:
    """What the index answers, asked without any proxy."""
    import http.client
    from urllib.parse import urlsplit

    at = urlsplit(running.base)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept": accept})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def files_of(running: Running, project: str) -> dict[str, dict[str, object]]:
    status, content = fetch(running, f"/simple/{project}/", JSON)
    assert status == 200
    return {file["filename"]: file for file in json.loads(content)["files"]}


def publish(
    running: Running, folder: Path, project: str, environment: Mapping[str, str] | None = None
) -> None:
    """A wheel, by twine with a minted token and no attestation."""
    repository = publisher(running, project)
    given = environment or ambient_gitlab(running, "pypi", project=repository)
    path = wheel(folder, project)
    done = inside(running, ["twine", "upload", "--non-interactive", path], given)
    assert done.returncode == 0, done.stdout + done.stderr


def test_twine_publishes_with_its_production_command_line(
    running_sandbox: Running, tmp_path: Path
) -> None:
    project = "by-twine"
    repository = publisher(running_sandbox, project)
    paths = [wheel(tmp_path / "dist", project), sdist(tmp_path / "dist", project)]
    attest(running_sandbox, repository, *paths)
    done = inside(
        running_sandbox,
        ["twine", "upload", "--attestations", *sorted((tmp_path / "dist").iterdir())],
        ambient_gitlab(running_sandbox, "pypi", project=repository),
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert files_of(running_sandbox, project).keys() == {path.name for path in paths}
    for path in paths:
        status, content = fetch(running_sandbox, f"/integrity/{project}/1.0/{path.name}/provenance")
        assert status == 200
        bundle = Provenance.model_validate_json(content).attestation_bundles[0]
        assert bundle.publisher.kind == "GitLab"
        assert bundle.publisher.repository == repository
        assert len(bundle.attestations) == 1


def test_twine_shows_why_an_attestation_was_refused(
    running_sandbox: Running, tmp_path: Path
) -> None:
    project = "by-twine-refused"
    repository = publisher(running_sandbox, project)
    path = wheel(tmp_path, project)
    (attestation,) = attest(running_sandbox, "clients/somebody-else", path)
    done = inside(
        running_sandbox,
        ["twine", "upload", "--non-interactive", "--attestations", path, attestation],
        ambient_gitlab(running_sandbox, "pypi", project=repository),
    )
    assert done.returncode == 1
    assert "Invalid attestations supplied during upload" in " ".join(
        (done.stdout + done.stderr).split()
    )
    assert fetch(running_sandbox, f"/simple/{project}/")[0] == 404


def test_twine_sees_what_is_there_and_skips_it(running_sandbox: Running, tmp_path: Path) -> None:
    project = "by-twine-again"
    publish(running_sandbox, tmp_path, project)
    before = files_of(running_sandbox, project)
    other = wheel(tmp_path / "other", project, members={"more.py": b"1"})
    for flag, code in (("--skip-existing", 0), ("--verbose", 1)):
        environment = ambient_gitlab(running_sandbox, "pypi", project=f"clients/{project}")
        done = inside(
            running_sandbox, ["twine", "upload", "--non-interactive", flag, other], environment
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert files_of(running_sandbox, project) == before
    assert "File already exists" in " ".join((done.stdout + done.stderr).split())


def test_twine_cannot_use_one_identity_token_twice(
    running_sandbox: Running, tmp_path: Path
) -> None:
    project = "by-twine-reuse"
    environment = ambient_gitlab(running_sandbox, "pypi", project=f"clients/{project}")
    publish(running_sandbox, tmp_path, project, environment)
    path = wheel(tmp_path, project, "1.1")
    done = inside(running_sandbox, ["twine", "upload", "--non-interactive", path], environment)
    assert done.returncode == 1
    assert "invalid-reuse-token" in done.stdout + done.stderr


@pytest.mark.parametrize("forge", ["gitlab", "github"])
def test_uv_publishes_and_burns_its_token(
    running_sandbox: Running, tmp_path: Path, forge: str
) -> None:
    project = f"by-uv-{forge}"
    repository = f"clients/{project}"
    file = ".gitlab-ci.yml" if forge == "gitlab" else "release.yml"
    running_sandbox.add_publisher(forge, project, repository=repository, workflow=file)
    ambient = (
        ambient_gitlab(running_sandbox, "pypi", project=repository)
        if forge == "gitlab"
        else ambient_github(running_sandbox, repository=repository)
    )
    path = wheel(tmp_path / "dist", project)
    command: list[str | Path] = ["uv", "publish", "--trusted-publishing", "always", path]
    done = inside(running_sandbox, command, ambient)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stderr.lower()
    assert path.name in files_of(running_sandbox, project)
    log = (running_sandbox.directory / "sandbox.log").read_text(encoding="utf-8").splitlines()
    assert log[-1].endswith(" burn 200")


def test_uv_publishes_attestations_it_finds(running_sandbox: Running, tmp_path: Path) -> None:
    project = "by-uv-attested"
    repository = publisher(running_sandbox, project)
    path = wheel(tmp_path / "dist", project)
    attest(running_sandbox, repository, path)
    port = running_sandbox.base.rpartition(":")[2]
    done = inside(
        running_sandbox,
        ["uv", "publish", "--publish-url", f"https://127.0.0.1:{port}/legacy/",
         "--trusted-publishing", "always", f"{path}*"],
        ambient_gitlab(running_sandbox, "pypi", project=repository),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert files_of(running_sandbox, project)[path.name]["provenance"]


def test_pip_and_uv_install_what_was_published(running_sandbox: Running, tmp_path: Path) -> None:
    project = "to-install"
    publish(running_sandbox, tmp_path / "dist", project)
    simple = f"{running_sandbox.base}/simple/"
    commands: dict[str, list[str]] = {
        "pip": ["pip", "install", "--no-deps", "--no-cache-dir", "--target"],
        "pip-url": ["pip", "install", "--no-deps", "--index-url", simple, "--target"],
        "uv": ["uv", "pip", "install", "--no-cache", "--target"],
        "uv-url": ["uv", "pip", "install", "--no-cache", "--index-url", simple, "--target"],
    }
    for name, command in commands.items():
        done = inside(running_sandbox, [*command, tmp_path / name, project])
        assert done.returncode == 0, done.stdout + done.stderr
        assert (tmp_path / name / "to_install.py").read_text(encoding="utf-8")
    done = inside(
        running_sandbox, ["pip", "download", "--no-deps", "--dest", tmp_path / "down", project]
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (downloaded,) = (tmp_path / "down").iterdir()
    assert downloaded.read_bytes() == (tmp_path / "dist" / downloaded.name).read_bytes()


@pytest.mark.parametrize(
    ("switch", "value"), [("index.file", "swapped"), ("index.simple", "wrong-digest")]
)
@pytest.mark.parametrize("client", ["pip", "uv"])
def test_an_installer_refuses_bytes_of_another_digest(
    running_sandbox: Running, tmp_path: Path, switch: str, value: str, client: str
) -> None:
    project = f"damaged-{client}-{value}"
    publish(running_sandbox, tmp_path / "dist", project)
    running_sandbox.set_fault(switch, value)
    command = (
        ["pip", "install", "--no-cache-dir"]
        if client == "pip"
        else ["uv", "pip", "install", "--no-cache"]
    )
    try:
        done = inside(
            running_sandbox, [*command, "--no-deps", "--target", tmp_path / "into", project]
        )
    finally:
        running_sandbox.set_fault(switch, "")
    assert done.returncode != 0
    assert "hash" in (done.stdout + done.stderr).lower()


def test_an_installer_passes_over_a_yanked_release(
    running_sandbox: Running, tmp_path: Path
) -> None:
    project = "to-yank"
    publish(running_sandbox, tmp_path / "dist", project)
    running_sandbox.yank(project, version="1.0", reason="broken")
    command: list[str | Path] = [
        "pip",
        "download",
        "--no-deps",
        "--no-cache-dir",
        "--dest",
        tmp_path / "down",
    ]
    assert inside(running_sandbox, [*command, f"{project}>=1.0"]).returncode == 1
    done = inside(running_sandbox, [*command, f"{project}==1.0"])
    assert done.returncode == 0
    assert "broken" in done.stdout + done.stderr


def test_pip_audit_reads_the_indexs_vulnerabilities(
    running_sandbox: Running, tmp_path: Path
) -> None:
    project = "to-audit"
    publish(running_sandbox, tmp_path / "dist", project)
    requirements = tmp_path / "requirements.txt"
    name, version = CANARY
    requirements.write_text(f"{name}=={version}\n{project}==1.0\nabsent==1.0\n", encoding="utf-8")
    done = inside(
        running_sandbox,
        ["pip-audit", "--requirement", requirements, "--disable-pip", "--no-deps", "--format",
         "json", "--cache-dir", tmp_path / "cache"],
    )  # fmt: skip
    found = {one["name"]: one for one in json.loads(done.stdout)["dependencies"]}
    assert found[name]["vulns"]
    assert found[project]["vulns"] == []
    assert "skip_reason" in found["absent"]


def test_a_client_that_goes_elsewhere_is_refused_and_named(
    running_sandbox: Running, tmp_path: Path
) -> None:
    done = inside(
        running_sandbox,
        ["pip", "download", "--retries", "0", "--index-url", "https://elsewhere.example.org/simple",
         "--dest", tmp_path, "anything"],
    )  # fmt: skip
    assert done.returncode == 1
    assert "elsewhere.example.org:443" in running_sandbox.refused_hosts()


def test_clients_look_for_their_configuration_in_the_state_directory(
    running_sandbox: Running,
) -> None:
    home = running_sandbox.directory / "home"
    done = inside(running_sandbox, ["pip", "config", "debug"])
    assert done.returncode == 0
    assert str(home / "pip.conf") in done.stdout
    assert str(Path.home()) not in done.stdout

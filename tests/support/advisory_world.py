"""A sandbox with released versions on its index, and the unmodified clients that ask about them."""

import json
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sealane.sandbox.running import Running
from support.world import inside

PROJECT = "acme-widgets"
# Two series with pre-releases of their fixes, a post-release and an epoch.
VERSIONS = ("1.0", "1.1", "1.2rc1", "1.2", "1.2.post1", "2.0", "2.1.dev1", "2.1", "1!0.1")


def write_wheels(folder: Path, versions: Sequence[str] = VERSIONS, project: str = PROJECT) -> None:
    """Wheels of a project, one a version, for a wheelhouse."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = project.replace("-", "_")
    for version in versions:
        info = f"{stem}-{version}.dist-info"
        with zipfile.ZipFile(folder / f"{stem}-{version}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n"
            )
            tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            wheel.writestr(f"{info}/WHEEL", tags)
            wheel.writestr(f"{info}/RECORD", "")


def osv_record(identifier: str, *events: Mapping[str, str], **members: object) -> dict[str, Any]:
    """An OSV record about PROJECT with one range of these events."""
    affected = {
        "package": {"ecosystem": "PyPI", "name": PROJECT},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
    }
    return {
        "schema_version": "1.7.5",
        "id": identifier,
        "modified": "2026-01-02T00:00:00Z",
        "published": "2026-01-01T00:00:00Z",
        "summary": "A widget says more than it should",
        "details": "A widget says more than it should.",
        "affected": [affected],
        **members,
    }


def audit(
    running: Running, folder: Path, version: str, *options: str
) -> tuple[int, dict[str, list[str]], subprocess.CompletedProcess[str]]:
    """Run pip-audit on one version of PROJECT.

    Returns:
        Exit code, fix versions by identifier, and the whole run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{PROJECT}=={version}\n", encoding="utf-8")
    command: list[str | Path] = [
        "pip-audit", "-r", requirements, "--no-deps", "--disable-pip", "--progress-spinner", "off",
        "--format", "json", "--cache-dir", folder / "cache", *options,
    ]  # fmt: skip
    done = inside(running, command, running.client_variables())
    found: dict[str, list[str]] = {}
    if done.stdout.startswith("{"):
        (dependency,) = json.loads(done.stdout)["dependencies"]
        found = {one["id"]: one["fix_versions"] for one in dependency.get("vulns", ())}
    return done.returncode, found, done


def cve(running: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run cvelib's command with the sandbox's account."""
    return inside(running, ["cve", *arguments], running.client_variables())


def git(
    running: Running, *arguments: str | Path, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the machine's git in the sandbox's environment."""
    from sealane.sandbox.environment import child_environment

    identity = {
        f"GIT_{role}_{part}": text
        for role in ("AUTHOR", "COMMITTER")
        for part, text in (("NAME", "A. Developer"), ("EMAIL", "dev@example.org"))
    }
    return subprocess.run(
        ["git", *map(str, arguments)],
        env=child_environment(running.directory, running.base, identity),
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def push_url(running: Running, name: str) -> str:
    """The address of a repository with the account that may push."""
    account = running.accounts()["git"]
    scheme, _, rest = account["url"].partition("://")
    return f"{scheme}://{account['user']}:{account['token']}@{rest}/{name}.git"

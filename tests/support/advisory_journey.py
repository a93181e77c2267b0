"""A project with two series, its fixes, and the command line of `sealane advisory` as a program.

journey = Journey(running, folder)        # old versions on the index, fixes built and secret
journey.sealane("advisory", "new", ...)   # in the project's folder, inside the sandbox
journey.lift()                            # tags pushed, manifests signed, files uploaded
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sealane.core.attestation.pep740 import attestation_from_bundle
from sealane.sandbox.environment import child_environment
from sealane.sandbox.running import Running
from support.advisory_world import PROJECT, cve, git, push_url, write_wheels
from support.evidence import Signer, beside, statement
from support.manifests import manifest_of_files, statement_bytes
from support.world import ambient_gitlab, inside

OLD, FIXES = ("1.0.0", "1.0.1", "2.0.0"), ("1.0.2", "2.0.1")
INTRODUCED = ("1.0.2=0", "2.0.1=2.0.0")
RECORD = "advisory.json"
_REPOSITORY = "acme/widgets"
_CONFIGURATION = """\
schema = "sealane.release/1"
[project]
name = "{name}"
[forge]
kind = "gitlab"
project = "acme/widgets"
[[channel]]
name = "index"
kind = "pypi"
[advisory]
issuer = "Acme security team"
namespace = "https://acme.example"
contact = "security@acme.example"
supported = ["1.0", "2.0"]
"""
_OUTLETS = """\
[[advisory.outlet]]
name = "forge"
kind = "ghsa"
url = "{ghsa}"
repository = "{repository}"
token = "GHSA_TOKEN"
[[advisory.outlet]]
name = "cve"
kind = "cve"
url = "{cve}"
organisation = "{organisation}"
user = "{user}"
token = "CVE_TOKEN"
[[advisory.outlet]]
name = "csaf"
kind = "csaf-tree"
folder = "csaf"
url = "https://acme.example/csaf"
[[advisory.outlet]]
name = "database"
kind = "osv-git"
author = "Acme security team <security@acme.example>"
repository = "{git}"
push = "{git}"
user = "{git_user}"
token = "GIT_TOKEN"
"""


def configuration(name: str, outlets: str = "") -> str:
    """`sealane.toml` of the project."""
    return _CONFIGURATION.format(name=name) + outlets


@dataclass
class Journey:
    """A project and its sandbox; what it does is done by programs.

    Attributes:
        running: The sandbox; its index begins with the old versions, from a wheelhouse.
        folder: For everything that is made.
        name: Of the project, normalised.
        cve_id: A CVE identifier that is reserved for the advisory.
    """

    running: Running
    folder: Path
    name: str = PROJECT
    cve_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.project.mkdir(parents=True)
        reserved = cve(self.running, "reserve", "--raw")
        assert reserved.returncode == 0, reserved.stdout
        self.cve_id = json.loads(reserved.stdout)["cve_ids"][0]["cve_id"]
        write_wheels(self.folder / "fixes", FIXES, self.name)
        self.running.add_ghsa_repository(self.name.replace("-", "/", 1))
        self.running.create_repository(self.database, advisories=True)
        (self.project / "sealane.toml").write_text(configuration(self.name, self._outlets()))

    @property
    def project(self) -> Path:
        """The project's folder, in which commands run."""
        return self.folder / "project"

    @property
    def database(self) -> str:
        """Name of the repository that is an advisory database."""
        return f"{self.name}-database"

    @property
    def tokens(self) -> dict[str, str]:
        """The variables in which the outlets find their tokens."""
        accounts = self.running.accounts()
        return {
            "GHSA_TOKEN": accounts["ghsa"]["token"], "CVE_TOKEN": accounts["cve"]["key"],
            "GIT_TOKEN": accounts["git"]["token"],
        }  # fmt: skip

    @property
    def manifests(self) -> tuple[str, ...]:
        """The flags that name the releases' manifests."""
        return tuple(word for version in FIXES for word in ("--manifest", f"v{version}.json"))

    def wheel(self, version: str) -> Path:
        """The file of a version that fixes it."""
        return self.folder / "fixes" / f"{self.name.replace('-', '_')}-{version}-py3-none-any.whl"

    @property
    def clone(self) -> Path:
        """The clone of the project in which the fix was committed."""
        return self.folder / "clone"

    def build(self, *, signed: bool = False) -> None:
        """Write the manifests of the fixes; signed ones go into the log, and are public with it."""
        signer = Signer(self.running)
        for version in FIXES:
            wheel = self.wheel(version)
            content = wheel.read_bytes()
            manifest = manifest_of_files(self.name, version, {wheel.name: content}, sandbox=True)
            said, claims = statement_bytes(manifest), {"project": _REPOSITORY, "ref": f"v{version}"}
            if signed:
                bundle = signer.bundle(statement(content, wheel.name), **claims)
                beside(wheel).write_bytes(attestation_from_bundle(bundle))
                said = signer.bundle(said, **claims)
            (self.project / f"v{version}.json").write_bytes(said)

    def fix(self) -> str:
        """Commit the fix, and tag both releases, in a clone that nobody sees; its commit."""
        url = self.running.create_repository(self.name)["url"]
        assert git(self.running, "clone", url, self.clone).returncode == 0
        (self.clone / "fix.py").write_text("FIXED = True\n")
        for words in (["add", "."], ["commit", "-m", "Fix"], *(["tag", f"v{v}"] for v in FIXES)):
            done = git(self.running, *words, folder=self.clone)
            assert done.returncode == 0, done.stderr
        return git(self.running, "rev-parse", "HEAD", folder=self.clone).stdout.strip()

    def lift(self) -> None:
        """Make the releases public: the fix and its tags, then signatures, then files."""
        pushed = git(self.running, "push", "--atomic", push_url(self.running, self.name),
                     "main", *(f"v{one}" for one in FIXES), folder=self.clone)  # fmt: skip
        assert pushed.returncode == 0, pushed.stderr
        assert git(self.running, "fetch", "origin", folder=self.clone).returncode == 0
        self.build(signed=True)
        self.upload()

    def upload(self) -> None:
        """Upload the files of the fixes."""
        self.running.add_publisher(
            "gitlab", self.name, repository=_REPOSITORY, workflow=".gitlab-ci.yml"
        )
        for version in FIXES:
            token = ambient_gitlab(self.running, "pypi", project=_REPOSITORY)
            command: list[str | Path] = ["twine", "upload", "--non-interactive"]
            command.append(self.wheel(version))
            done = inside(self.running, command, token)
            assert done.returncode == 0, done.stdout + done.stderr

    def environment(self, tokens: Mapping[str, str]) -> dict[str, str]:
        """Variables of a program that reaches the sandbox alone, and has these tokens."""
        path = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ["PATH"]])
        return child_environment(self.running.directory, self.running.base, tokens, path=path)

    def sealane(
        self, *words: str | Path, tokens: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run sealane in the project's folder, with the sandbox as the world."""
        return subprocess.run(
            [sys.executable, "-m", "sealane", "--sandbox", self.running.directory, *words],
            cwd=self.project, env=self.environment(self.tokens if tokens is None else tokens),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def _outlets(self) -> str:
        accounts = self.running.accounts()
        return _OUTLETS.format(
            ghsa=accounts["ghsa"]["url"],
            repository=self.name.replace("-", "/", 1),
            cve=accounts["cve"]["url"],
            organisation=accounts["cve"]["org"],
            user=accounts["cve"]["user"],
            git=f"{accounts['git']['url']}/{self.database}.git",
            git_user=accounts["git"]["user"],
        )

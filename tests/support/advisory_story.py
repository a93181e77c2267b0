"""A project with two series whose fixes are released, and the advisory about them, in a sandbox.

story = Story(running, service, folder)   # old versions on the index, fixes built and secret
story.lift()                              # tags pushed, manifests signed, files uploaded
story.publish()                           # the record in OSV and index, the CVE record
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sealane.core.advisory.checks.interface import Stage
from sealane.core.advisory.csaf.provider import Provider
from sealane.core.advisory.csaf.tree import with_document
from sealane.core.advisory.draft import from_manifests
from sealane.core.advisory.fill import corrected_times
from sealane.core.advisory.predict import predict
from sealane.core.advisory.record import Record, Reference, Severity
from sealane.core.advisory.record_render import render_record
from sealane.core.attestation.predicates.release_manifest import ReleaseManifest
from sealane.core.model.examination import Examination
from sealane.core.model.values import replace
from sealane.core.model.verdict import Outcome
from sealane.desk.agree import Patience, Subject, Terms, agree
from sealane.desk.ask import Ask, Means
from sealane.desk.manifests import load_manifest
from sealane.desk.record import LoadedRecord, load_record, render_all
from sealane.io.adapters import clock
from sealane.io.adapters.http import Web
from sealane.io.stores.sandbox import load_named_sandbox
from sealane.io.stores.trust.load import load_trust
from sealane.sandbox.environment import child_environment
from sealane.sandbox.running import Running
from support.advisory_world import cve, git, push_url, write_wheels
from support.answering import Answering, Reply
from support.evidence import Signer
from support.manifests import manifest_of_files, statement_bytes
from support.records import V3, listed
from support.renderings import ISSUER, rendering_of
from support.world import ambient_gitlab, inside

PROJECT = "acme-story"
OLD = ("1.0.0", "1.0.1", "2.0.0")
FIXES = ("1.0.2", "2.0.1")
INTRODUCED = {"1.0.2": "0", "2.0.1": "2.0.0"}
FORMATS = ("cve", "csaf", "csaf-vex", "openvex", "ghsa", "pypa", "osv")
WEAKNESSES = (("CWE-78", "OS Command Injection"),)
_REPOSITORY = "acme/story"


def wheel_name(version: str) -> str:
    """The file of a version."""
    return f"acme_story-{version}-py3-none-any.whl"


@dataclass
class Story:
    """One advisory in one sandbox; its index begins with the old versions as a wheelhouse."""

    running: Running
    service: Answering
    folder: Path
    lifted: datetime | None = None
    record: Record = field(init=False)
    identifier: str = field(init=False)
    manifests: list[ReleaseManifest] = field(init=False)

    def __post_init__(self) -> None:
        write_wheels(self.folder / "fixes", FIXES, PROJECT)
        self.manifests = [self._manifest(version) for version in FIXES]
        reserved = cve(self.running, "reserve", "--raw")
        assert reserved.returncode == 0, reserved.stdout
        self.identifier = json.loads(reserved.stdout)["cve_ids"][0]["cve_id"]
        commit = self._fix_privately()
        for path in ("/advisory", f"/acme/commit/{commit}"):
            self.service.replies[path] = Reply(200)
        self.record = self._drafted(commit)
        self._write_manifests()

    @property
    def clone(self) -> Path:
        """The local clone of the project."""
        return self.folder / "clone"

    @property
    def tree(self) -> Path:
        """The folder of CSAF documents."""
        return self.folder / "csaf"

    @property
    def evidence(self) -> tuple[Path, ...]:
        """The manifests' files."""
        return tuple(self.folder / f"manifest-{version}.json" for version in FIXES)

    def lift(self) -> None:
        """Make the releases public: tags, then signatures, then files."""
        self.lifted = clock.now().replace(microsecond=0)
        pushed = git(self.running, "push", "--atomic", push_url(self.running, PROJECT),
                     "main", *(f"v{one}" for one in FIXES), folder=self.clone)  # fmt: skip
        assert pushed.returncode == 0, pushed.stderr
        assert git(self.running, "fetch", "origin", folder=self.clone).returncode == 0
        signer = Signer(self.running)
        for manifest, path in zip(self.manifests, self.evidence, strict=True):
            path.write_bytes(signer.bundle(statement_bytes(manifest)))
        self.running.add_publisher(
            "gitlab", PROJECT, repository=_REPOSITORY, workflow=".gitlab-ci.yml"
        )
        for version in FIXES:
            token = ambient_gitlab(self.running, "pypi", project=_REPOSITORY)
            path = self.folder / "fixes" / wheel_name(version)
            done = inside(self.running, ["twine", "upload", "--non-interactive", path], token)
            assert done.returncode == 0, done.stdout + done.stderr
        self.record = corrected_times(self.record, self.lifted, clock.now().replace(microsecond=0))

    def publish_record(self) -> None:
        """Let OSV service and index know it."""
        self.running.add_advisory(json.loads(render_record(self.record)))

    def publish_cve(self) -> None:
        """Publish the CVE record, by cvelib."""
        (document,) = render_all(self.record, rendering_of(), ("cve",))
        members = json.loads(document.content)
        container = json.dumps(members.get("cnaContainer", members))
        done = cve(self.running, "publish", self.identifier, "-j", container)
        assert done.returncode == 0, done.stdout

    def publish_csaf(self) -> None:
        """Write the folder of CSAF documents."""
        files: dict[str, bytes] = {}
        provider = Provider(ISSUER, "https://acme.example/csaf")
        for document in render_all(self.record, rendering_of(), ("csaf", "csaf-vex")):
            files = with_document(files, document.content, provider, clock.now())
        for path, content in files.items():
            target = self.tree / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            self.service.replies[f"/csaf/{path}"] = Reply(200, content)

    def load(self, record: Record) -> LoadedRecord:
        """A record, by way of its file."""
        path = self.folder / "record.json"
        path.write_bytes(render_record(record))
        return load_record(path)

    def agreed(
        self,
        stage: Stage = Stage.PUBLISHED,
        *,
        record: Record | None = None,
        patience: Patience | None = None,
        left_out: frozenset[str] = frozenset(),
        **asked: Any,  # noqa: ANN401 - fields of Ask
    ) -> Examination:
        """Hold the record against the sandbox's world."""
        final = stage is Stage.PUBLISHED
        subject = Subject(
            self.load(record or self.record),
            tuple(load_manifest(path) for path in self.evidence),
            rendering=rendering_of(final=final, tlp="CLEAR" if final else "AMBER"),
            formats=FORMATS,
        )
        terms = Terms(
            supported=("1.0", "2.0"), outlets=frozenset({"cve", "csaf-tree"}), lifted=self.lifted,
            weaknesses=WEAKNESSES, left_out=left_out, sandbox=True,
        )  # fmt: skip
        base = self.running.base
        means = Means(
            Web("sealane-test", loopback=True), child_environment(self.running.directory, base)
        )
        return agree(subject, stage, terms, replace(self._ask(), **asked), means, patience=patience)

    def _ask(self) -> Ask:
        accounts, base = self.running.accounts(), self.running.base
        announcement = self.folder / "announcement.md"
        (document,) = render_all(self.record, rendering_of(), ("markdown",))
        announcement.write_bytes(document.content)
        return Ask(
            index=f"{base}/simple/",
            references=True,
            repository=self.clone,
            tree=f"{self.service.base}/csaf",
            cve=accounts["cve"]["url"],
            osv=accounts["osv"]["url"],
            audits=frozenset({"index", "osv"}),
            announcement=announcement,
            evidence=self.evidence,
            trust=load_trust(None, sandbox=load_named_sandbox(str(self.running.directory))),
        )

    def _manifest(self, version: str) -> ReleaseManifest:
        content = (self.folder / "fixes" / wheel_name(version)).read_bytes()
        return manifest_of_files(PROJECT, version, {wheel_name(version): content}, sandbox=True)

    def _write_manifests(self) -> None:
        for manifest, path in zip(self.manifests, self.evidence, strict=True):
            path.write_bytes(statement_bytes(manifest))

    def _fix_privately(self) -> str:
        """Commit the fix, and tag both releases, in a clone that nobody sees."""
        url = self.running.create_repository(PROJECT)["url"]
        assert git(self.running, "clone", url, self.clone).returncode == 0
        (self.clone / "fix.py").write_text("FIXED = True\n")
        for words in (["add", "."], ["commit", "-m", "Fix"], *(["tag", f"v{v}"] for v in FIXES)):
            done = git(self.running, *words, folder=self.clone)
            assert done.returncode == 0, done.stderr
        return git(self.running, "rev-parse", "HEAD", folder=self.clone).stdout.strip()

    def _drafted(self, commit: str) -> Record:
        digests = [hashlib.sha256(statement_bytes(one)).hexdigest() for one in self.manifests]
        index = predict(listed(PROJECT, OLD), self.manifests)
        at = clock.now().replace(microsecond=0)
        record = from_manifests(
            "PYSEC-2026-77", self.manifests, digests, (index,), introduced=INTRODUCED, at=at
        )
        return replace(
            record,
            summary="Acme runs what it is sent",
            details="A request with two colons is run.\n",
            aliases=(self.identifier,),
            severity=(Severity("CVSS_V3", V3),),
            weaknesses=("CWE-78",),
            references=(
                Reference("ADVISORY", f"{self.service.base}/advisory"),
                Reference("FIX", f"{self.service.base}/acme/commit/{commit}"),
            ),
        )


def failing(examination: Examination) -> set[str]:
    """Codes of what does not hold."""
    bad = (Outcome.FAIL, Outcome.MISSING)
    return {one.code.partition(" ")[0] for one in examination.findings if one.outcome in bad}


def waiting(seconds: float, meanwhile: Callable[[], object]) -> Patience:
    """Patience in which something happens while nobody looks."""

    def pause(_: float) -> None:
        meanwhile()

    return Patience(seconds, pause, lambda _: None)

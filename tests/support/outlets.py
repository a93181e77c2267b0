"""The four outlets of a test: their stand-ins in a sandbox, and documents for them."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cvelib.cve_api import CveApi  # type: ignore[import-untyped]  # the library has no types

from sealane.core.advisory.documents import Document
from sealane.core.advisory.formats.registry import format_named
from sealane.core.advisory.record import FixedFile, Provenance, Record, Revision
from sealane.core.model.examination import Examination
from sealane.core.model.values import replace
from sealane.core.model.verdict import Basis, Finding, Outcome
from sealane.desk.publish import Configured, open_outlets
from sealane.desk.publish_plan import Publication
from sealane.io.outlets.interface import About, Outlet, Surroundings
from sealane.io.outlets.registry import make_outlet
from sealane.sandbox.running import Running
from support.records import AT, record_of
from support.renderings import rendering_of
from support.repositories import ROOT

RECORD_SHA256 = "ab" * 32
NOW = AT + timedelta(days=1)
FORMATS = {"ghsa": "ghsa", "cve": "cve", "osv-git": "pypa", "csaf-tree": "csaf"}
_CHILD = ROOT / "tests" / "support" / "publisher_child.py"


def draft_of(number: int, cve: str, *, revision: int = 1) -> Record:
    """A record that no other test has, in its first or a later revision."""
    revisions = tuple(
        Revision(str(one), AT + timedelta(hours=one), f"revision {one}")
        for one in range(1, revision + 1)
    )
    return record_of(
        id=f"PYSEC-0000-acme{number}",
        aliases=(cve,) if cve else (),
        modified=AT + timedelta(hours=revision),
        summary=f"Acme runs what it is sent, case {number}",
        details=f"A request with two colons is run.\n\nRevision {revision}.\n",
        provenance=Provenance(
            files=(FixedFile("acme", "1.2", "acme-1.2.tar.gz", "ab" * 32),), revisions=revisions
        ),
    )


@dataclass
class Stand:
    """One outlet in front of its stand-in.

    Attributes:
        kind: Its kind.
        settings: As the configuration has them.
        environment: Where its token is.
        root: The project.
        record: What is published.
        count: How many things of the advisory the stand-in has, also drafts and requests.
    """

    kind: str
    settings: dict[str, str]
    environment: dict[str, str]
    root: Path
    record: Record
    count: Callable[[], int]

    @property
    def configured(self) -> Configured:
        """As the configuration has it, by the name of its kind."""
        return Configured(self.kind, self.kind, tuple(self.settings.items()))

    def outlet(self, *, about: About | None = None, **changes: str) -> Outlet:
        """The outlet, with other settings where they are named."""
        around = Surroundings(
            self.environment, self.root, "test/1", sandbox=True, sleep=time.sleep,
            now=lambda: NOW, read_seconds=0.5,
        )  # fmt: skip
        known = about or About(self.record.id, self.record.aliases)
        return make_outlet(self.kind, "place", {**self.settings, **changes}, known, around)

    def document(self, *, revision: int = 1) -> Document:
        """What is published there, in its first or a later revision."""
        number = int(self.record.id.removeprefix("PYSEC-0000-acme"))
        cve = self.record.aliases[0] if self.record.aliases else ""
        return document_of(self.kind, draft_of(number, cve, revision=revision))

    def killed(self, step: int) -> int:
        """Publish in a process that kills itself at a step; how that ended."""
        document = self.document()
        content = self.root / "document"
        content.write_bytes(document.content)
        order: dict[str, Any] = {
            "kind": self.kind, "settings": self.settings, "environment": self.environment,
            "root": str(self.root), "id": self.record.id, "aliases": self.record.aliases,
            "format": document.format, "name": document.name, "content": str(content),
            "killed_at": step, "at": NOW.isoformat(),
        }  # fmt: skip
        result = subprocess.run(
            [sys.executable, _CHILD], input=json.dumps(order).encode(), capture_output=True,
            check=False, env={"PATH": os.environ["PATH"]}, timeout=120,
        )  # fmt: skip
        assert result.returncode in (0, -9), result.stderr.decode()
        return result.returncode


def document_of(kind: str, record: Record) -> Document:
    """The document of an outlet, as its format renders the record."""
    return format_named(FORMATS[kind]).render(record, rendering_of())


class Stands:
    """Makes outlets, each with an advisory and a place of its own.

    Args:
        running: The sandbox.
        folder: For projects.
        base: Origin that the outlets ask instead of the sandbox's, e.g. that of a relay.
    """

    _number = 0

    def __init__(self, running: Running, folder: Path, base: str = "") -> None:
        self.running, self.folder = running, folder
        self.accounts: dict[str, Any] = json.loads(
            json.dumps(running.accounts()).replace(running.base, base or running.base)
        )
        real = running.accounts()["cve"]
        self.cve = CveApi(real["user"], real["org"], real["key"], url=real["url"])

    def reserve(self) -> str:
        """A CVE id of the sandbox's organisation."""
        found: str = self.cve.reserve(1, random=False, year=str(AT.year))["cve_ids"][0]["cve_id"]
        return found

    def make(self, kind: str, *, cve: bool = True) -> Stand:
        """An outlet of a kind.

        Args:
            kind: "ghsa", "cve", "csaf-tree" or "osv-git".
            cve: Whether the advisory has a CVE id.
        """
        return self._made((kind,), cve=cve)[0]

    def all_kinds(self) -> tuple[Stand, ...]:
        """An outlet of each kind for one advisory, each with a token of its own."""
        return self._made(tuple(FORMATS), cve=True)

    def _made(self, kinds: tuple[str, ...], *, cve: bool) -> tuple[Stand, ...]:
        Stands._number += 1
        number = Stands._number
        root = self.folder / f"project{number}"
        root.mkdir()
        record = draft_of(number, self.reserve() if cve else "")
        ways = {
            "ghsa": self._ghsa, "cve": self._cve, "osv-git": self._git, "csaf-tree": self._tree,
        }  # fmt: skip
        found = []
        for kind in kinds:
            settings, token, count = ways[kind](number, root, record)
            variable = f"{kind.upper().replace('-', '_')}_TOKEN"
            if "token" in settings:
                settings["token"] = variable
            found.append(Stand(kind, settings, {variable: token}, root, record, count))
        return tuple(found)

    def _ghsa(
        self, number: int, root: Path, record: Record
    ) -> tuple[dict[str, str], str, Callable[[], int]]:
        del root, record
        account, name = self.accounts["ghsa"], f"acme/project{number}"
        self.running.add_ghsa_repository(name)

        def count() -> int:
            import requests

            found = requests.get(
                f"{self.running.accounts()['ghsa']['url']}/repos/{name}/security-advisories",
                headers={"Authorization": f"Bearer {account['token']}"}, timeout=30,
            ).json()  # fmt: skip
            return len(found)

        settings = {"url": account["url"], "repository": name, "token": ""}
        return settings, account["token"], count

    def _cve(
        self, number: int, root: Path, record: Record
    ) -> tuple[dict[str, str], str, Callable[[], int]]:
        del number, root
        account = self.accounts["cve"]
        settings = {
            "url": account["url"], "organisation": account["org"], "user": account["user"],
            "token": "",
        }  # fmt: skip

        def count() -> int:
            return int(self.cve.show_cve_id(record.aliases[0])["state"] == "PUBLISHED")

        return settings, account["key"], count

    def _git(
        self, number: int, root: Path, record: Record
    ) -> tuple[dict[str, str], str, Callable[[], int]]:
        del root, record
        account, name = self.accounts["git"], f"database{number}"
        self.running.create_repository(name, advisories=True)
        url = f"{account['url']}/{name}.git"
        settings = {
            "author": "Acme security team <security@acme.example>", "repository": url, "push": url,
            "token": "", "user": account["user"],
        }  # fmt: skip
        return settings, account["token"], lambda: len(self.running.merge_requests(name))

    def _tree(
        self, number: int, root: Path, record: Record
    ) -> tuple[dict[str, str], str, Callable[[], int]]:
        del number, record
        settings = {
            "folder": "csaf", "url": "https://acme.example/csaf", "publisher": "Acme security team",
            "namespace": "https://acme.example", "contact": "security@acme.example",
        }  # fmt: skip
        index = root / "csaf" / "white" / "index.txt"
        return settings, "", lambda: len(index.read_text().split()) if index.exists() else 0


def replaced(stand: Stand, digest: str) -> About:
    """The advisory, and that what has this digest may be replaced."""
    return replace(About(stand.record.id, stand.record.aliases), replaceable=frozenset({digest}))


def examined(record: Record, documents: tuple[Document, ...], **changes: Any) -> Examination:  # noqa: ANN401 - any field
    """An examination of documents that passed; what is to be different."""
    based_on = tuple(
        Basis("document", one.name, hashlib.sha256(one.content).hexdigest()) for one in documents
    )
    passed = Finding("SL-ADV-001", Outcome.PASS, "it has the form of a record")
    made = Examination(
        record.id, "record.json", RECORD_SHA256, (passed,), based_on, NOW, sandbox=True
    )
    return replace(made, **changes)


def publication_of(stands: tuple[Stand, ...], *, revision: int = 1) -> Publication:
    """One advisory with a document for each outlet, examined with success."""
    record = stands[0].record
    documents = tuple(one.document(revision=revision) for one in stands)
    return Publication(
        record.id, documents, examined(record, documents), "sealane advisory publish x.json",
        None, {}, sandbox=True, record=RECORD_SHA256,
    )  # fmt: skip


def around_of(stands: tuple[Stand, ...]) -> Surroundings:
    """The machine that all of them are on."""
    tokens = {name: token for one in stands for name, token in one.environment.items()}
    return surroundings(tokens, stands[0].root)


def surroundings(environment: dict[str, str], root: Path) -> Surroundings:
    """A machine with these variables and a project at this folder."""
    return Surroundings(
        environment, root, "test/1", sandbox=True, sleep=time.sleep, now=lambda: NOW,
        read_seconds=5,
    )  # fmt: skip


def opened(
    stands: tuple[Stand, ...], journal: Path, allowed: frozenset[str] = frozenset()
) -> tuple[Outlet, ...]:
    """All outlets, with what the journal knows of them."""
    record = stands[0].record
    configured = tuple(one.configured for one in stands)
    identifiers = (record.id, *record.aliases)
    return open_outlets(configured, identifiers, journal, around_of(stands), replace=allowed)


def killed_publication(stands: tuple[Stand, ...], journal: Path, line: int) -> int:
    """Publish in a process that kills itself before a line of the journal; how that ended."""
    record = stands[0].record
    order = stands[0].root / "order"
    identifiers = (record.id, *record.aliases)
    what = (publication_of(stands), tuple(one.configured for one in stands), identifiers)
    order.write_bytes(pickle.dumps(what))
    asked = {
        "tests": str(ROOT / "tests"), "order": str(order), "journal": str(journal),
        "killed_at": line, "root": str(stands[0].root),
        "environment": dict(around_of(stands).environment),
    }  # fmt: skip
    child = ROOT / "tests" / "support" / "publication_child.py"
    result = subprocess.run(
        [sys.executable, child], input=json.dumps(asked).encode(), capture_output=True,
        check=False, env={"PATH": os.environ["PATH"]}, timeout=120,
    )  # fmt: skip
    assert result.returncode in (0, -9), result.stderr.decode()
    return result.returncode

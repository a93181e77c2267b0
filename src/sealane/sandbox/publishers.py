"""Trusted publishers: which workflow may upload to which projects."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.utils import InvalidName, canonicalize_name

from sealane.errors import InputError
from sealane.sandbox.claims import github
from sealane.sandbox.claims.shape import stable_id
from sealane.sandbox.index_store import IndexStore
from sealane.sandbox.state import State

GITLAB, GITHUB = "gitlab", "github"
_GITLAB_ISSUER = "https://gitlab.com"
_TABLES = """
CREATE TABLE IF NOT EXISTS publisher (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, issuer TEXT NOT NULL, repository TEXT NOT NULL,
    workflow TEXT NOT NULL, environment TEXT NOT NULL, owner_id TEXT NOT NULL,
    UNIQUE (kind, issuer, repository, workflow, environment, owner_id)
);
CREATE TABLE IF NOT EXISTS publisher_project (
    publisher TEXT NOT NULL, project TEXT NOT NULL, pending INTEGER NOT NULL,
    PRIMARY KEY (publisher, project)
);
"""
_FIELDS = "id, kind, issuer, repository, workflow, environment, owner_id"
_KEYS = frozenset(
    {"kind", "project", "repository", "workflow", "environment", "owner_id", "issuer"}
)


@dataclass(frozen=True, slots=True)
class Publisher:
    """One workflow that may upload.

    Attributes:
        id: Stable.
        kind: "gitlab" or "github".
        issuer: Whose tokens it shows.
        repository: "owner/name", or "group/sub/project".
        workflow: File name (GitHub) or path in the repository (GitLab).
        environment: Deployment environment its jobs must run in; "" for any.
        owner_id: GitHub's number of the owner; "" for GitLab.
    """

    id: str
    kind: str
    issuer: str
    repository: str
    workflow: str
    environment: str
    owner_id: str

    def provenance(self) -> dict[str, object]:
        """The publisher as PEP 740 names it."""
        file = "workflow" if self.kind == GITHUB else "workflow_filepath"
        return {
            "kind": "GitHub" if self.kind == GITHUB else "GitLab",
            "repository": self.repository,
            file: self.workflow,
            "environment": self.environment or None,
            "claims": None,
        }


_PROJECT = "letters, digits, '.', '-' and '_', e.g. hello-lane"
_EXAMPLES = {
    "kind": "gitlab or github", "repository": "group/project, on GitHub owner/repository",
    "workflow": ".gitlab-ci.yml, on GitHub release.yml", "environment": "release",
    "issuer": "https://gitlab.example.org", "owner_id": "1234567",
}  # fmt: skip


class PublisherStore:
    """All publishers, and those that wait for their project's first upload.

    Args:
        state: Where they are kept.
    """

    def __init__(self, state: State) -> None:
        state.ensure(_TABLES)
        self._state = state
        self._index = IndexStore(state)

    def add(self, document: Mapping[str, object]) -> dict[str, object]:
        """Register a publisher; for a project that is not there yet it is a pending one.

        Args:
            document: kind, project, repository, workflow; where wanted environment, issuer (a
                GitLab of one's own) and owner_id (GitHub; else what the sandbox's forge says).

        Returns:
            What was stored.

        Raises:
            InputError: Something is missing, unknown or malformed.
        """
        wanted = _publisher(document)
        project = _project_name(document.get("project"))
        pending = self._index.project(project) is None
        with self._state.lock:
            stored = self._store(wanted)
            self._state.write(
                "INSERT OR IGNORE INTO publisher_project VALUES (?, ?, ?)",
                stored.id, project, int(pending),
            )  # fmt: skip
        return {
            "id": stored.id, "kind": stored.kind, "project": project, "pending": pending,
            "repository": stored.repository, "workflow": stored.workflow,
            "environment": stored.environment, "issuer": stored.issuer,
        }  # fmt: skip

    def get(self, identifier: str) -> Publisher | None:
        """A publisher by its id."""
        rows = self._state.read(
            f"SELECT {_FIELDS} FROM publisher WHERE id = ?",  # noqa: S608 - constant
            identifier,
        )
        return Publisher(*rows[0]) if rows else None

    def of_issuer(self, issuer: str, *, pending: bool) -> list[Publisher]:
        """Publishers of an issuer that have (pending: that wait for) a project, oldest first."""
        query = (
            f"SELECT {_FIELDS} FROM publisher WHERE issuer = ? AND EXISTS (SELECT 1 FROM"  # noqa: S608 - constant
            " publisher_project WHERE publisher = publisher.id AND pending = ?) ORDER BY rowid"
        )
        return [Publisher(*row) for row in self._state.read(query, issuer, int(pending))]

    def kind_of(self, issuer: str) -> str:
        """Which kind of publisher an issuer's tokens are for; "" for an unknown issuer."""
        well_known = {_GITLAB_ISSUER: GITLAB, github.ISSUER: GITHUB}
        if issuer in well_known:
            return well_known[issuer]
        rows = self._state.read("SELECT kind FROM publisher WHERE issuer = ?", issuer)
        return str(rows[0][0]) if rows else ""

    def projects(self, publisher: Publisher, *, pending: bool = False) -> list[str]:
        """Projects a publisher may upload to (pending: may create)."""
        rows = self._state.read(
            "SELECT project FROM publisher_project WHERE publisher = ? AND pending = ?",
            publisher.id, int(pending),
        )  # fmt: skip
        return [str(row[0]) for row in rows]

    def reify(self, publisher: Publisher, project: str) -> None:
        """Make a pending publisher a full one, and drop all others that wait for its project."""
        with self._state.lock:
            self._state.write(
                "UPDATE publisher_project SET pending = 0 WHERE publisher = ? AND project = ?",
                publisher.id, project,
            )  # fmt: skip
            self._state.write(
                "DELETE FROM publisher_project WHERE project = ? AND pending = 1", project
            )

    def drop_pending(self, publisher: Publisher, project: str) -> None:
        """Forget that a publisher waits for a project."""
        self._state.write(
            "DELETE FROM publisher_project WHERE publisher = ? AND project = ? AND pending = 1",
            publisher.id, project,
        )  # fmt: skip

    def _store(self, wanted: Publisher) -> Publisher:
        values = (
            wanted.kind, wanted.issuer, wanted.repository, wanted.workflow, wanted.environment,
            wanted.owner_id,
        )  # fmt: skip
        self._state.write(
            f"INSERT OR IGNORE INTO publisher ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constant
            wanted.id, *values,
        )  # fmt: skip
        rows = self._state.read(
            f"SELECT {_FIELDS} FROM publisher WHERE kind = ? AND issuer = ? AND repository = ?"  # noqa: S608 - constant
            " AND workflow = ? AND environment = ? AND owner_id = ?",
            *values,
        )
        return Publisher(*rows[0])


def _publisher(document: Mapping[str, object]) -> Publisher:
    unknown = sorted(set(document) - _KEYS)
    if unknown:
        raise InputError(
            f"publisher: {unknown[0]!r} is not a key", hint=f"keys are {', '.join(sorted(_KEYS))}"
        )
    kind = _text(document, "kind").lower()
    repository = _text(document, "repository")
    workflow = _text(document, "workflow")
    environment = _text(document, "environment", required=False)
    part = r"[A-Za-z0-9._-]+"
    if kind == GITHUB:
        _match("repository", repository, rf"{part}/{part}")
        _match("workflow", workflow, r"[^/@\s]+\.(yml|yaml)")
        owner_id = _text(document, "owner_id", required=False)
        owner_id = owner_id or stable_id(repository.split("/", maxsplit=1)[0])
        issuer, environment = github.ISSUER, environment.lower()
        if document.get("issuer") not in (None, "", issuer):
            raise InputError("publisher: GitHub has one issuer only", hint="leave the host out")
    elif kind == GITLAB:
        _match("repository", repository, rf"{part}(/{part})+")
        _match("workflow", workflow, r"[^@\s]+\.(yml|yaml)")
        issuer = _text(document, "issuer", required=False) or _GITLAB_ISSUER
        _match("issuer", issuer, r"https://[a-z0-9.-]+(:[0-9]+)?")
        owner_id = ""
    else:
        raise InputError(
            f"publisher: kind {kind[:20]!r} is not known", hint=f"one of {GITLAB}, {GITHUB}"
        )
    return Publisher(str(uuid.uuid4()), kind, issuer, repository, workflow, environment, owner_id)


def _text(document: Mapping[str, object], name: str, *, required: bool = True) -> str:
    value = document.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise InputError(
            f"publisher: {name} is missing, or not a text", hint=f"write e.g. {_EXAMPLES[name]}"
        )
    return value


def _match(name: str, value: str, pattern: str) -> None:
    if not re.fullmatch(pattern, value):
        raise InputError(
            f"publisher: {name} {value[:80]!r} is malformed", hint=f"write e.g. {_EXAMPLES[name]}"
        )


def _project_name(value: object) -> str:
    if not isinstance(value, str):
        raise InputError("publisher: project is missing, or not a text", hint=_PROJECT)
    try:
        return canonicalize_name(value, validate=True)
    except InvalidName as error:
        raise InputError(
            f"publisher: project {value[:80]!r} is not a project name", hint=_PROJECT
        ) from error

"""A database of advisories in git: one YAML file a record, handed in as a branch or as a patch.

Steps of `publish`:
1. Look whether the main branch has taken the record in, under whatever id.
2. Make a commit that depends on the record and its parent alone.
3. Push it to a branch named after the record, never over commits that are there; or, where no
   remote is configured for that, write it as a patch into a folder.

A branch is as public as a release: nothing is pushed before the lift.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from sealane.core.advisory.documents import Document
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_yaml import parse_record_yaml
from sealane.core.advisory.taken_in import concerns_the_same, is_taken_in
from sealane.core.model.project_name import normal_name
from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded, write_atomically
from sealane.io.adapters.git_remote import (
    Address,
    Author,
    Remote,
    check_branch,
    open_remote,
    parse_author,
)
from sealane.io.adapters.insist import insist, persistence_of
from sealane.io.adapters.secret import Secret, lent
from sealane.io.outlets.interface import About, Presence, Shown, Surroundings, check_replaceable

MERGED, BRANCH, PATCH = "merged", "branch", "patch"
# An older revision on the main branch; a merge request that changes it is read by its owners.
OLDER = "older"
_PREFIX = "sealane/"


@dataclass(frozen=True, slots=True)
class OsvGitSettings:
    """A database, and how records are handed in.

    Attributes:
        author: "Name <address>" of the commits.
        repository: URL or absolute path of the database; "" where it is not looked at.
        branch: Its main branch.
        push: URL or path of the repository that branches are pushed to, the database itself or a
            fork of it; "" where a patch is written.
        folder: Folder for patches, relative to the project; "" where a branch is pushed.
        token: Name of the variable that holds the token; "" for a remote that asks for none.
        user: Name that goes with the token.
    """

    author: str
    repository: str = ""
    branch: str = "main"
    push: str = ""
    folder: str = ""
    token: str = ""
    user: str = "oauth2"


@dataclass(frozen=True, slots=True)
class _Handed:
    """The record, as it is handed in."""

    record: Record
    path: str
    content: bytes
    sha256: str


class OsvGitOutlet:
    """A database of advisories in git.

    Args:
        name: As the configuration calls it.
        settings: Which database, and how.
        about: Which advisory.
        around: The machine.

    Raises:
        InputError: The settings do not fit together.
    """

    kind: ClassVar[str] = "osv-git"
    formats: ClassVar[tuple[str, ...]] = ("pypa",)
    reversible: ClassVar[bool] = True

    def __init__(
        self, name: str, settings: OsvGitSettings, about: About, around: Surroundings
    ) -> None:
        self.name = name
        self._settings, self._about, self._around = settings, about, around
        self._author: Author = parse_author(settings.author)
        if bool(settings.push) == bool(settings.folder):
            raise InputError(
                f"outlet {name}: expected either push or folder",
                hint="push names a remote for branches, folder a folder for patches",
            )
        if settings.push and not settings.repository:
            raise InputError(
                f"outlet {name}: push without repository",
                hint="name the database too: what it has already is not handed in again",
            )
        self._branch = check_branch(_PREFIX + about.id)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of its remotes."""
        named = (self._settings.repository, self._settings.push)
        found = (urlsplit(one).hostname or "" for one in named if "://" in one)
        return tuple(dict.fromkeys(found))

    def observe(self, document: Document) -> Presence:
        """Whether the database has the record, or a branch or patch hands it in.

        Raises:
            ChannelError: A remote refuses.
            NetworkError: A remote does not answer.
            InputError: Not a record, the token is not set, or git fails.
            MissingExtraError: The extra [advisory] is not installed.
        """
        handed = _handed(document)
        with self._opened() as (database, pushed):
            return self._seen(handed, database, pushed)

    def plan(self, document: Document) -> tuple[str, ...]:
        """The step that is missing.

        Raises:
            ChannelError, NetworkError, MissingExtraError: As `observe`.
            InputError: As `observe`; something else about the vulnerability stands there.
        """
        handed = _handed(document)
        seen = self.observe(document)
        self._check(seen, handed)
        if seen.shown is Shown.SAME:
            return ()
        verb = "push a commit to" if self._settings.push else "write"
        again = ", over an earlier revision" if seen.sha256 or seen.state == OLDER else ""
        return (f"{verb} {seen.place}{again}",)

    def publish(self, document: Document) -> Presence:
        """Hand the record in.

        Raises:
            ChannelError: The remote refuses.
            NetworkError: The remote does not answer as it should.
            InputError: As `plan`.
            MissingExtraError: As `observe`.
        """
        handed = _handed(document)
        with self._opened() as (database, pushed):
            seen = self._seen(handed, database, pushed)
            self._check(seen, handed)
            if seen.shown is Shown.SAME:
                return seen
            if pushed is None:
                write_atomically(self._patch_path(handed), self._patch(handed, database))
                return self._seen(handed, database, pushed)
            remote: Remote = pushed
            heads = remote.heads()
            parent = remote.fetch(self._branch if self._branch in heads else self._settings.branch)
            commit = self._commit(remote, parent, handed)

            def is_there() -> bool:
                return remote.heads().get(self._branch) == commit

            patience = persistence_of(sandbox=self._around.sandbox)
            insist(lambda: remote.push(commit, self._branch), is_there, patience,
                   self._around.sleep)  # fmt: skip
            return self._seen(handed, database, pushed)

    def _check(self, seen: Presence, handed: _Handed) -> None:
        """Refuse to hand in a second record, or to touch what somebody else wrote.

        Raises:
            InputError: The database has it under an identifier that the record does not name, or
                something else stands there.
        """
        known = (handed.record.id, *handed.record.aliases)
        if seen.shown is Shown.OTHER and seen.state == MERGED and seen.identifier not in known:
            raise InputError(
                f"outlet {self.name}: {seen.place}: the database has it as {seen.identifier}",
                hint=f"name {seen.identifier} in `aliases`, set `modified`, and render it again",
            )
        check_replaceable(seen, self._about, self.name)

    @contextmanager
    def _opened(self) -> Iterator[tuple[Remote | None, Remote | None]]:
        """The database and the remote that is pushed to, which may be one; None for none."""
        at, environment = self._settings, self._around.environment
        with ExitStack() as stack:
            token = stack.enter_context(lent(at.token, environment)) if at.token else None
            database = stack.enter_context(self._remote(at.repository, token))
            same = at.push in ("", at.repository)
            pushed = database if same else stack.enter_context(self._remote(at.push, token))
            yield database, pushed if at.push else None

    @contextmanager
    def _remote(self, url: str, token: Secret | None) -> Iterator[Remote | None]:
        if not url:
            yield None
            return
        # A token is for the repository that is written to; the other one is read by everybody.
        at = self._settings
        known = token if url == (at.push or at.repository) else None
        address = Address(url, at.user, sandbox=self._around.sandbox)
        with open_remote(address, self._around.environment, known) as remote:
            yield remote

    def _seen(self, handed: _Handed, database: Remote | None, pushed: Remote | None) -> Presence:
        place = f"{self._settings.repository}#{self._settings.branch}"
        older = False
        for path, theirs, content in self._alike(handed, database):
            sha256 = hashlib.sha256(content).hexdigest()
            found = Presence(Shown.SAME, f"{place}:{path}", MERGED, theirs.id, sha256, sha256)
            if is_taken_in(handed.record, theirs):
                return found
            if theirs.id == handed.record.id and theirs.modified < handed.record.modified:
                older = True
                continue
            return Presence(
                Shown.OTHER, found.place, MERGED, theirs.id, sha256, wanted=handed.sha256
            )
        there = self._in_branch(handed, pushed) if pushed else self._in_patch(handed, database)
        if there.shown is Shown.ABSENT and older:
            return Presence(Shown.ABSENT, there.place, OLDER, wanted=there.wanted)
        return there

    def _alike(
        self, handed: _Handed, database: Remote | None
    ) -> Iterator[tuple[str, Record, bytes]]:
        """Records of the same project about the same vulnerability, on the main branch."""
        if database is None:
            return
        commit = database.fetch(self._settings.branch)
        folder = handed.path.rpartition("/")[0]
        entries = [
            entry
            for entry in database.repository.tree(commit)
            if entry.path.startswith(f"{folder}/") and entry.mode == "100644"
        ]
        contents = database.repository.blobs(tuple(entry.object_id for entry in entries))
        names = (handed.record.id, *handed.record.aliases)
        for entry, content in zip(entries, contents, strict=True):
            # Most are about something else, and YAML takes long to read.
            if entry.path != handed.path and not any(one.encode() in content for one in names):
                continue
            theirs = _theirs(entry.path, content)
            if entry.path == handed.path or concerns_the_same(handed.record, theirs):
                yield entry.path, theirs, content

    def _in_branch(self, handed: _Handed, pushed: Remote) -> Presence:
        place = f"{self._settings.push}#{self._branch}:{handed.path}"
        absent = Presence(Shown.ABSENT, place, wanted=handed.sha256)
        if self._branch not in pushed.heads():
            return absent
        content = pushed.repository.read(pushed.fetch(self._branch), handed.path)
        return absent if content is None else _compared(place, BRANCH, content, handed.content)

    def _in_patch(self, handed: _Handed, database: Remote | None) -> Presence:
        path = self._patch_path(handed)
        wanted = self._patch(handed, database)
        if not os.path.lexists(path):
            sha256 = hashlib.sha256(wanted).hexdigest()
            return Presence(Shown.ABSENT, str(path), wanted=sha256)
        return _compared(str(path), PATCH, read_bounded(path, what="patch"), wanted)

    def _patch_path(self, handed: _Handed) -> Path:
        return self._around.root / self._settings.folder / f"{handed.record.id}.patch"

    def _patch(self, handed: _Handed, database: Remote | None) -> bytes:
        with ExitStack() as stack:
            if database is not None:
                remote, parent = database, database.fetch(self._settings.branch)
            else:
                # Without a database the file is new to whoever applies the patch.
                nowhere = Address(os.fspath(self._around.root.absolute()))
                remote = stack.enter_context(open_remote(nowhere, self._around.environment, None))
                parent = ""
            return remote.patch(self._commit(remote, parent, handed))

    def _commit(self, remote: Remote, parent: str, handed: _Handed) -> str:
        record = handed.record
        return remote.commit(
            parent,
            {handed.path: handed.content},
            self._author,
            record.modified,
            f"{record.id}: {' '.join(record.summary.split()) or 'advisory'}"[:200],
        )


def _handed(document: Document) -> _Handed:
    record = parse_record_yaml(document.content)
    parts = document.name.split("/")
    named = [normal_name(one.about.name) for one in record.affected]
    # In another project's folder nobody would look for it, and what is there already is not found.
    if parts != ["vulns", *named[:1], f"{record.id}.yaml"]:
        raise InputError(
            f"{document.name}: expected vulns/{named[0] if named else 'PROJECT'}/{record.id}.yaml",
            hint="render the record as pypa",
        )
    digest = hashlib.sha256(document.content).hexdigest()
    return _Handed(record, document.name, document.content, digest)


def _theirs(path: str, content: bytes) -> Record:
    try:
        return parse_record_yaml(content)
    except InputError as error:
        raise InputError(
            f"{path} of the database: {error.message}",
            hint="it may be about the same vulnerability: read it, and have it corrected",
        ) from error


def _compared(place: str, state: str, actual: bytes, wanted: bytes) -> Presence:
    digests = tuple(hashlib.sha256(one).hexdigest() for one in (actual, wanted))
    known = Shown.SAME if actual == wanted else Shown.OTHER
    return Presence(known, place, state, "", *digests)

"""Takes in what was merged into an advisory database: what its timed jobs do in the world.

New files get an identifier, a version list is completed from the index, both are committed back to
main, and the records reach the services that answer for them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sealane.errors import InputError
from sealane.sandbox.advisory_ranges import affects, packages_of, sorted_versions
from sealane.sandbox.advisory_store import AdvisoryStore
from sealane.sandbox.advisory_yaml import parse_file, render_file, year_of
from sealane.sandbox.git_store import MAIN, GitStore
from sealane.sandbox.index_store import IndexStore
from sealane.sandbox.ports import Ports

_TABLE = """
CREATE TABLE IF NOT EXISTS feed (repository TEXT PRIMARY KEY, head TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS feed_file (
    repository TEXT NOT NULL, path TEXT NOT NULL, blob TEXT NOT NULL,
    PRIMARY KEY (repository, path)
);
"""
_ENTRY = re.compile(r"100644 blob ([0-9a-f]{40})\t(vulns/[^/]+/[^/]+\.yaml)")
_UNASSIGNED = "PYSEC-0000-"
_MOST_FILES = 20_000


@dataclass(frozen=True, slots=True)
class _File:
    """A file of main: its path, and its content as git names it."""

    path: str
    blob: str


class AdvisoryFeed:
    """The feed of all advisory databases of one sandbox.

    Args:
        ports: The world.
        store: The repositories.
    """

    def __init__(self, ports: Ports, store: GitStore) -> None:
        ports.state.ensure(_TABLE)
        self._ports = ports
        self._store = store
        self._index = IndexStore(ports.state)
        self._advisories = AdvisoryStore(ports.state)

    def catch_up(self) -> list[str]:
        """Take in what is new on main of every database; identifiers of the records.

        A switch stops the feed: what was merged is then taken in once it is off.
        """
        if self._ports.fault("advisory.feed") == "stopped":
            return []
        with self._ports.state.lock:
            return [
                identifier
                for name in self._store.of_advisories()
                for identifier in self._take(name)
            ]

    def _take(self, name: str) -> list[str]:
        head = self._store.branches(name).get(MAIN, "")
        rows = self._ports.state.read("SELECT head FROM feed WHERE repository = ?", name)
        if rows and rows[0][0] == head:
            return []
        new = self._new_files(name)
        contents = self._contents(name, new)
        taken: list[str] = []
        moved: list[tuple[_File, _File]] = []
        for file, content in zip(new, contents, strict=True):
            try:
                record, after = self._complete(name, file, parse_file(content, file.path))
                taken.append(self._advisories.put(record))
            except InputError as error:
                self._ports.log("feed", error.message)
                continue
            moved += [(file, after)] if after != file else []
            self._remember(name, after)
        if moved:
            head = self._commit(name, head, moved)
        self._ports.state.write("INSERT OR REPLACE INTO feed VALUES (?, ?)", name, head)
        return taken

    def _new_files(self, name: str) -> list[_File]:
        listed = self._store.git(name, "ls-tree", "-r", "-z", MAIN, "vulns/").decode()
        found = [_ENTRY.fullmatch(line) for line in listed.split("\0") if line]
        files = [_File(match[2], match[1]) for match in found if match]
        if len(files) > _MOST_FILES:
            raise InputError(f"repository {name!r}: more than {_MOST_FILES} advisories")
        rows = self._ports.state.read("SELECT path, blob FROM feed_file WHERE repository = ?", name)
        known = dict(rows)
        return [file for file in files if known.get(file.path) != file.blob]

    def _contents(self, name: str, files: Sequence[_File]) -> list[bytes]:
        """The bytes of each file, read in one go."""
        asked = "".join(f"{file.blob}\n" for file in files).encode()
        answer = self._store.git(name, "cat-file", "--batch", stdin=asked) if files else b""
        contents: list[bytes] = []
        for _ in files:
            head, _, answer = answer.partition(b"\n")
            size = int(head.split()[2])
            contents.append(answer[:size])
            answer = answer[size + 1 :]
        return contents

    def _complete(
        self, name: str, file: _File, record: dict[str, Any]
    ) -> tuple[dict[str, Any], _File]:
        """A record with identifier and versions, and the file it now stands in."""
        folder, _, stem = file.path.removesuffix(".yaml").rpartition("/")
        completed = self._with_versions(record)
        if stem.startswith(_UNASSIGNED):
            now = datetime.fromtimestamp(self._ports.now(), UTC).strftime("%Y")
            year = year_of(record, now)
            number = self._advisories.next_number(year)
            completed = {**completed, "id": f"PYSEC-{year}-{number}"}
            stem = completed["id"]
        elif completed.get("id") != stem:
            raise InputError(f"{file.path}: id is {str(completed.get('id'))[:80]!r}, not {stem!r}")
        if completed == record:
            return record, file
        content = render_file(completed)
        blob = self._store.git(name, "hash-object", "-w", "--stdin", stdin=content)
        return completed, replace(file, path=f"{folder}/{stem}.yaml", blob=blob.decode().strip())

    def _with_versions(self, record: dict[str, Any]) -> dict[str, Any]:
        affected = record.get("affected")
        if not isinstance(affected, list):
            return record
        return {**record, "affected": [self._enumerated(entry) for entry in affected]}

    def _enumerated(self, entry: object) -> object:
        """An entry whose list has every version on the index that its ranges name."""
        if not isinstance(entry, dict):
            return entry
        ranges = {**entry, "versions": []}
        listed = entry.get("versions")
        versions = [one for one in listed if isinstance(one, str)] if listed else []
        missing = [
            version
            for package in packages_of({"affected": [entry]})
            for version in self._index.releases(package)
            if affects({"affected": [ranges]}, package, version)
            and not affects({"affected": [{**entry, "ranges": []}]}, package, version)
        ]
        return {**entry, "versions": sorted_versions([*versions, *missing])} if missing else entry

    def _commit(self, name: str, head: str, moved: Sequence[tuple[_File, _File]]) -> str:
        """Commit changed files to main; the new commit."""
        with tempfile.TemporaryDirectory(dir=self._store.folder) as folder:
            extra: Mapping[str, str] = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._store.git(name, "read-tree", head, extra=extra)
            gone = "".join(f"0 {'0' * 40}\t{old.path}\0" for old, _ in moved)
            come = "".join(f"100644 {new.blob}\t{new.path}\0" for _, new in moved)
            self._store.git(
                name, "update-index", "-z", "--index-info",
                stdin=(gone + come).encode(), extra=extra,
            )  # fmt: skip
            tree = self._store.git(name, "write-tree", extra=extra).decode().strip()
        commit = self._store.commit(name, tree, (head,), "Assign identifiers, complete versions")
        self._store.set_main(name, commit)
        return commit

    def _remember(self, name: str, file: _File) -> None:
        self._ports.state.write(
            "INSERT OR REPLACE INTO feed_file VALUES (?, ?, ?)", name, file.path, file.blob
        )

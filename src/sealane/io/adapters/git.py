"""Reads a git repository without running anything the repository or a user configured."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.adapters.process import OUTPUT_LIMIT, Finished, run

_TIMEOUT = 120
_BATCH = 900  # object ids of 65 bytes, line end included, that fit into a pipe of 64 KiB
_BLOBS = 1024 * 1024 * 1024  # bytes of one batch of files
_NO_MORE: Mapping[str, str] = MappingProxyType({})
_OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BEGINNING = re.compile(r"[0-9a-f]{7,64}")
# No hook, no file system monitor, no pager, and no prompt: reading runs git and nothing else. The
# filters a repository configured have names of their own; see `_without_filters`.
_SAFE = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.pager=cat",
    "protocol.allow=never",
    "submodule.recurse=false",
)


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file of a commit: its git mode ("100644", "100755", "120000", "160000"), blob, path."""

    mode: str
    object_id: str
    path: str


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit object says: its tree, and when it was committed (Unix seconds)."""

    object_id: str
    tree: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Repository:
    """A git work tree, named by the folder `sealane.toml` lies in."""

    directory: Path

    def top(self) -> Path:
        """The root of the work tree.

        Raises:
            InputError: The folder is in no work tree.
        """
        return Path(self._text("rev-parse", "--show-toplevel"))

    def head(self) -> str:
        """Commit id of HEAD.

        Raises:
            InputError: There is no commit yet.
        """
        return self._object_id("HEAD^{commit}")

    def tags_at_head(self) -> tuple[str, ...]:
        """Names of all tags, annotated or not, that stand for the commit at HEAD."""
        listed = self._text("for-each-ref", "--points-at=HEAD", "--format=%(refname)", "refs/tags/")
        return tuple(line.removeprefix("refs/tags/") for line in listed.splitlines())

    def tag_object(self, tag: str) -> str:
        """Object id of a tag: of the tag object, or of the commit for a lightweight tag.

        Raises:
            InputError: There is no such tag.
        """
        return self._object_id(f"refs/tags/{tag}")

    def commit_of_tag(self, tag: str) -> str:
        """Id of the commit a tag stands for.

        Raises:
            InputError: There is no such tag, or it stands for something else.
        """
        return self._object_id(f"refs/tags/{tag}^{{commit}}")

    def commit(self, object_id: str) -> Commit:
        """What a commit object says.

        Raises:
            InputError: There is no such commit, or it cannot be read.
        """
        header = self._run("cat-file", "commit", _checked(object_id)).output.split(b"\n\n", 1)[0]
        tree = re.search(rb"^tree ([0-9a-f]+)$", header, re.MULTILINE)
        committer = re.search(rb"^committer .* (-?[0-9]{1,18}) [+-][0-9]{4}$", header, re.MULTILINE)
        if tree is None or committer is None:
            raise InputError(f"commit {object_id}: no tree or no committer time")
        return Commit(object_id, tree[1].decode(), int(committer[1]))

    def changes(self) -> tuple[str, ...]:
        """Paths that differ from HEAD or are not tracked; ignored ones are not listed.

        A submodule is listed when its commit differs; git is not run inside of it.
        """
        listed = self._run(
            "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames",
            "--ignore-submodules=dirty", environment=self._without_filters(),
        ).output  # fmt: skip
        return tuple(_decode(entry)[3:] for entry in listed.split(b"\0") if entry)

    def tree(self, object_id: str) -> tuple[TreeEntry, ...]:
        """All files of a commit or tree, sorted by path.

        Raises:
            InputError: There is no such tree, or a path is not UTF-8.
        """
        listed = self._run("ls-tree", "-r", "-z", "--full-tree", _checked(object_id)).output
        entries = []
        for line in filter(None, listed.split(b"\0")):
            head, _, path = line.partition(b"\t")
            mode, _, name = head.decode("ascii").split(" ")
            entries.append(TreeEntry(mode, name, _decode(path)))
        return tuple(sorted(entries, key=lambda entry: entry.path))

    def blobs(self, object_ids: tuple[str, ...]) -> Iterator[bytes]:
        """The contents of blobs as they were committed: no filter, no line ending conversion.

        Raises:
            InputError: One of them is missing or is not a blob.
        """
        # One process for many objects; the names of one go through a pipe in one write.
        for start in range(0, len(object_ids), _BATCH):
            part = object_ids[start : start + _BATCH]
            asked = "".join(f"{_checked(object_id)}\n" for object_id in part).encode()
            answer = self._run("cat-file", "--batch", stdin=asked, limit=_BLOBS).output
            yield from _parse_batch(answer, part)

    def read(self, commit: str, path: str) -> bytes | None:
        """The bytes of one regular file of a commit; None where it has none of that path."""
        for entry in self.tree(commit):
            if entry.path == path and entry.mode in ("100644", "100755"):
                return next(self.blobs((entry.object_id,)))
        return None

    def full_commit(self, beginning: str) -> str | None:
        """The full id of the one commit whose id begins so; None where there is none, or several.

        Args:
            beginning: At least seven hex digits; never taken for a name, as a branch may have one.

        Raises:
            InputError: Not the beginning of an id, or not a repository.
        """
        if not _BEGINNING.fullmatch(beginning):
            raise InputError(f"git: expected a commit id, got {beginning[:60]!r}")
        listed = self._text("rev-parse", f"--disambiguate={beginning}").split()
        asked = "".join(f"{_checked(one)}\n" for one in listed[:_BATCH]).encode()
        if not asked:
            return None
        kinds = self._run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked)
        found = [
            name for name, _, kind in (line.partition(" ") for line in kinds.stdout.splitlines())
            if kind == "commit"
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def refs_with(self, commit: str) -> tuple[str, ...]:
        """Full names of the branches and tags that contain a commit, as this clone knows them.

        Args:
            commit: Its full id.

        Returns:
            E.g. "refs/remotes/origin/main", "refs/tags/v1.0.0".

        Raises:
            InputError: There is no such commit.
        """
        listed = self._text(
            "for-each-ref", f"--contains={_checked(commit)}", "--format=%(refname)",
            "refs/heads/", "refs/remotes/", "refs/tags/",
        )  # fmt: skip
        return tuple(listed.splitlines())

    def _without_filters(self) -> dict[str, str]:
        """Settings that empty every filter the repository configured: `status` would run them.

        In the environment, for a filter's name may hold what `-c` takes for its end.
        """
        listed = self._run("config", "--list", "--null", "--name-only").output
        keys = [_decode(key) for key in listed.split(b"\0") if key.startswith(b"filter.")]
        filters = {key.rpartition(".")[0] for key in keys}
        settings = [
            pair
            for name in sorted(filters)
            for pair in ((f"{name}.clean", ""), (f"{name}.process", ""), (f"{name}.required", "0"))
        ]
        found = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (key, value) in enumerate(settings):
            found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return found

    def _object_id(self, revision: str) -> str:
        found = self._text("rev-parse", "--verify", "--quiet", "--end-of-options", revision)
        return _checked(found)

    def _text(self, *arguments: str) -> str:
        return _decode(self._run(*arguments).output).strip()

    def _run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        limit: int = OUTPUT_LIMIT,
        environment: Mapping[str, str] = _NO_MORE,
    ) -> Finished:
        settings = (*_SAFE, f"safe.directory={self.directory.absolute()}")
        options = [part for setting in settings for part in ("-c", setting)]
        command = ["git", "--no-optional-locks", "--literal-pathspecs", *options, *arguments]
        result = run(
            command, env=_environment() | dict(environment), cwd=self.directory, timeout=_TIMEOUT,
            limit=limit, stdin=stdin,
        )  # fmt: skip
        if result.code:
            said = result.stderr.strip()[-300:] or result.cut_off or "not found"
            raise InputError(
                f"git {arguments[0]} {arguments[-1]!r} in {str(self.directory)!r}: {said}",
                hint="name a git work tree, and a tag that it has",
            )
        return result


def _parse_batch(answer: bytes, object_ids: tuple[str, ...]) -> Iterator[bytes]:
    """Split what `cat-file --batch` answers: a line "<id> blob <size>", the bytes, a line end."""
    position = 0
    for object_id in object_ids:
        end = answer.find(b"\n", position)
        head = answer[position:end].split(b" ") if end >= 0 else []
        if len(head) != 3 or head[0].decode() != object_id or head[1] != b"blob":
            raise InputError(f"git: object {object_id} is missing, or not a file")
        size = int(head[2])
        content = answer[end + 1 : end + 1 + size]
        position = end + 1 + size + 1
        if len(content) != size:
            raise InputError(f"git: object {object_id} is cut off")
        yield content


def _environment() -> dict[str, str]:
    # Nothing is inherited but PATH: GIT_DIR, GIT_CONFIG_* or GIT_EXTERNAL_DIFF of the caller
    # could point git elsewhere or make it run a program.
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        # A replacement object would show other content than the commit id stands for.
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
    }


def _checked(object_id: str) -> str:
    if not _OBJECT_ID.fullmatch(object_id):
        raise InputError(f"git: expected an object id, got {object_id[:60]!r}")
    return object_id


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"git: a name is not UTF-8: {content[:60]!r}", hint="rename it; names are UTF-8"
        ) from error

"""Files that a policy includes: their rules, distrust and conditions are added to its own.

What lies in another file can be changed by whoever can write there, so each is named with its
digest, and can only demand more: it holds no publishers, no trust roots and no exemptions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sealane.core.model.values import dataclass
from sealane.core.policy.people import Publisher
from sealane.core.policy.reading import Place, Trouble
from sealane.core.policy.refuser import Refuser
from sealane.core.policy.schema import Condition, Distrust, Rule, Trust
from sealane.errors import InputError

# Deeper, or more, than anybody keeps in view.
DEEPEST_INCLUDE = 4
MOST_INCLUDED = 50
MOST_BYTES = 4 * 1024 * 1024
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*", re.ASCII)
_DIGEST_HINT = "look at what was changed in it, and only then write its new digest"

Read = Callable[[str], bytes]
"""Reads a file by its path relative to the policy's folder; raises `InputError`."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one included file adds.

    Attributes:
        path: Relative to the folder of the policy.
        sha256: Its digest, lower-case hex.
        rules: Its rules.
        distrust: What it distrusts.
        conditions: What it defines.
    """

    path: str
    sha256: str
    rules: tuple[Rule, ...]
    distrust: tuple[Distrust, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """What the rules of a file can name, besides the conditions of their own file.

    Attributes:
        publishers: The policy's own; None for one that is wrong in itself.
        trusts: Its trust roots.
        conditions: Names of its conditions.
        taken: Names of conditions that other included files define.
    """

    publishers: Mapping[str, Publisher | None]
    trusts: tuple[Trust, ...]
    conditions: tuple[str, ...]
    taken: tuple[str, ...] = ()


ReadPart = Callable[[bytes, str, Naming], tuple[Part, tuple[Mapping[str, Any], ...], Refuser]]
"""Reads the bytes of an included file: what it adds, what it includes, and who refuses it."""


class Includer:
    """Follows every `include`, depth first, in the order of the files.

    Args:
        read: Reads a file; None where nothing can be included.
        parse: Reads the bytes of one.
        naming: What their rules can name.

    Attributes:
        parts: What was added so far.
    """

    def __init__(self, read: Read | None, parse: ReadPart, naming: Naming) -> None:
        self._read = read
        self._parse = parse
        self._naming = naming
        self._bytes = 0
        self.parts: list[Part] = []

    def follow(
        self,
        tables: tuple[Mapping[str, Any], ...],
        refuser: Refuser,
        within: tuple[str, ...] = (),
    ) -> None:
        """Add every file of one `include`, and what those include.

        Args:
            tables: The entries.
            refuser: Refuses the file they stand in.
            within: Paths of the files on the way here.

        Raises:
            PolicyError: One of them cannot be included, or what it holds cannot be used.
        """
        for number, table in enumerate(tables):
            place: Place = ("include", number)
            path = _joined(within[-1] if within else "", table["path"])
            refuser.refuse_any(self._path_troubles(path, table["path"], within, place))
            content = self._content(path, table, refuser, place)
            taken = tuple(one.name for part in self.parts for one in part.conditions)
            part, deeper, own = self._parse(content, path, replace(self._naming, taken=taken))
            self.parts.append(part)
            self.follow(deeper, own, (*within, path))

    def _path_troubles(
        self, path: str, written: str, within: tuple[str, ...], place: Place
    ) -> Iterator[Trouble]:
        where = (*place, "path")
        if not all(_PART.fullmatch(part) for part in written.split("/")):
            why = f"expected a file below the policy's folder, got {written[:60]!r}"
            yield Trouble(where, why, 'write a relative path without "..", e.g. "rules/base.toml"')
        elif path in within:
            why = f"a cycle: {' -> '.join((*within, path))}"
            yield Trouble(where, why, "take one of these include entries out")
        elif len(within) >= DEEPEST_INCLUDE:
            why = f"included more than {DEEPEST_INCLUDE} deep"
            yield Trouble(where, why, "include it from the policy itself")
        elif any(path == part.path for part in self.parts):
            yield Trouble(where, f"{path!r} is included twice", "leave one of them out")
        elif len(self.parts) >= MOST_INCLUDED:
            why = f"more than {MOST_INCLUDED} files are included"
            yield Trouble(where, why, "write what belongs together into one file")

    def _content(
        self, path: str, table: Mapping[str, Any], refuser: Refuser, place: Place
    ) -> bytes:
        """The bytes of a file, which are the pinned ones.

        Raises:
            PolicyError: It cannot be read, they are others, or all files together are too large.
        """
        if self._read is None:
            why, hint = "there is no folder to include from", "judge by a policy in a file"
            refuser.refuse([Trouble(place, why, hint)])
        try:
            content = self._read(path)
        except InputError as error:
            refuser.refuse([Trouble((*place, "path"), error.message, error.hint or "")])
        found = hashlib.sha256(content).hexdigest()
        if found != table["sha256"]:
            why = f"{path!r}: expected {table['sha256']}, got {found}"
            refuser.refuse([Trouble((*place, "sha256"), why, _DIGEST_HINT)])
        self._bytes += len(content)
        if self._bytes > MOST_BYTES:
            why = f"included files have more than {MOST_BYTES} bytes together"
            refuser.refuse([Trouble(place, why, "include fewer, or smaller, files")])
        return content


def _joined(including: str, path: str) -> str:
    """A path relative to the folder of the file that names it, relative to the policy's."""
    folder = including.rpartition("/")[0]
    return f"{folder}/{path}" if folder else path

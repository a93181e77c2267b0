"""What an outlet can be asked to do; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

from sealane.core.advisory.documents import Document
from sealane.core.model.values import dataclass
from sealane.errors import InputError


class Shown(StrEnum):
    """What an outlet has of a document now."""

    ABSENT = "absent"
    SAME = "same"
    OTHER = "other"  # something else stands where it belongs


@dataclass(frozen=True, slots=True)
class Presence:
    """What an outlet shows now, untrusted.

    Attributes:
        shown: Whether the document is there.
        place: Where it is or would be: a URL, a branch and path, a folder.
        state: The outlet's own word, e.g. "draft", "published", "RESERVED"; "" without one.
        identifier: An identifier the outlet gave, e.g. "GHSA-..."; "" without one.
        sha256: Digest of what stands there, in the outlet's own normal form, lower-case hex; ""
            where nothing does.
        wanted: Digest of the document in the same form: once it is there, the two are equal.
    """

    shown: Shown
    place: str
    state: str = ""
    identifier: str = ""
    sha256: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Which advisory is published, and what is known of it at one outlet.

    Attributes:
        id: Of the record.
        aliases: Identifiers of the same vulnerability.
        replaceable: What may stand there and be replaced: `Presence.sha256` of what was published
            before, from the journal, or allowed by the user.
        identifier: The identifier that the outlet gave before; "" where it gave none yet.
    """

    id: str
    aliases: tuple[str, ...] = ()
    replaceable: frozenset[str] = frozenset()
    identifier: str = ""

    def called(self, prefix: str) -> str:
        """Its identifier that begins so, e.g. with "CVE-"; "" where it has none.

        Raises:
            InputError: It has several.
        """
        names = dict.fromkeys((self.id, *self.aliases))
        found = [one for one in names if one.startswith(prefix)]
        if len(found) > 1:
            raise InputError(
                f"advisory {self.id}: expected one identifier {prefix}…, got {', '.join(found)}",
                hint="write an advisory for each vulnerability",
            )
        return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What outlets need of the machine they run on.

    Attributes:
        environment: Where tokens, proxies and certificate authorities are looked up.
        root: The project's folder; paths of the configuration are relative to it.
        agent: How clients name themselves.
        sandbox: Whether plain HTTP and loopback addresses are allowed.
        sleep: Waits for so many seconds.
        now: The time, aware, UTC.
        read_seconds: How long a service may be silent.
    """

    environment: Mapping[str, str]
    root: Path
    agent: str
    sandbox: bool
    sleep: Callable[[float], None]
    now: Callable[[], datetime]
    read_seconds: float = 60.0


class Outlet(Protocol):
    """One place where an advisory becomes public.

    Attributes:
        name: As the configuration calls it.
        kind: "osv-git", "ghsa", "cve" or "csaf-tree".
        formats: Names of the formats it takes.
        reversible: Whether what was published can be taken back.
    """

    name: str
    kind: ClassVar[str]
    formats: ClassVar[tuple[str, ...]]
    reversible: ClassVar[bool]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts it asks; none for a folder."""
        ...

    def observe(self, document: Document) -> Presence:
        """What is there now; changes nothing.

        Raises:
            NetworkError: It does not answer as it should.
            InputError: Its configuration, or the document, cannot be used.
        """
        ...

    def plan(self, document: Document) -> tuple[str, ...]:
        """The steps `publish` would take now, one sentence each; changes nothing.

        Returns:
            Nothing where everything is there.

        Raises:
            NetworkError: As `observe`.
            InputError: As `observe`, and where `publish` would refuse.
        """
        ...

    def publish(self, document: Document) -> Presence:
        """Make it public, in as few steps as are still missing, and say what is there afterwards.

        Doing it twice leaves the same as once. An answer that is lost is followed by a look.

        Raises:
            ChannelError: Refused.
            NetworkError: No answer, and a look does not tell either.
            InputError: Something else stands there that nobody allowed to replace.
        """
        ...


def check_replaceable(presence: Presence, about: About, outlet: str) -> None:
    """Refuse to touch what somebody else wrote.

    What stands there may be replaced where it is what we published before, byte for byte in the
    outlet's normal form: what others changed since then is theirs too.

    Raises:
        InputError: Something stands there that is neither the document nor an earlier one of ours.
    """
    if presence.shown is Shown.OTHER and presence.sha256 not in about.replaceable:
        raise InputError(
            f"outlet {outlet}: {presence.place}: something else stands there: expected "
            f"sha256:{presence.wanted}, or an earlier revision of it, got sha256:{presence.sha256}",
            hint="read it; if it may be replaced, allow exactly that: "
            f"--replace sha256:{presence.sha256}",
        )

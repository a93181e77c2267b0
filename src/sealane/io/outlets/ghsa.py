"""Repository advisories of a forge that speaks GitHub's REST interface.

Steps of `publish`, of which those that are done are left out:
1. Look for the advisory: by its identifier, by its CVE id, or by its very summary.
2. Make it as a draft, or change what an earlier revision says.
3. Make it public. That cannot be taken back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from sealane.core.advisory.documents import Document
from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.chain import canonical
from sealane.core.model.shown import shown
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.adapters.http import Web
from sealane.io.adapters.insist import insist, persistence_of
from sealane.io.adapters.secret import lent
from sealane.io.clients.ghsa import GhsaClient, checked_id
from sealane.io.outlets.interface import About, Presence, Shown, Surroundings, check_replaceable

_PUBLIC = "published"
# A report that came in privately is a draft that was not accepted yet.
_DRAFTS = ("draft", "triage")


@dataclass(frozen=True, slots=True)
class GhsaSettings:
    """Where the advisories of one repository are kept.

    Attributes:
        url: Base URL of the REST interface.
        repository: "owner/name".
        token: Name of the variable that holds the token.
    """

    url: str
    repository: str
    token: str


class GhsaOutlet:
    """The advisories of one repository.

    Args:
        name: As the configuration calls it.
        settings: Where.
        about: Which advisory.
        around: The machine.
    """

    kind: ClassVar[str] = "ghsa"
    formats: ClassVar[tuple[str, ...]] = ("ghsa",)
    reversible: ClassVar[bool] = False

    def __init__(
        self, name: str, settings: GhsaSettings, about: About, around: Surroundings
    ) -> None:
        self.name = name
        self._settings, self._about, self._around = settings, about, around
        self._web = Web(
            around.agent, loopback=around.sandbox, origins=(settings.url,),
            read_seconds=around.read_seconds,
        )  # fmt: skip

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that were asked."""
        return self._web.hosts

    def observe(self, document: Document) -> Presence:
        """What the repository has of the advisory.

        Raises:
            ChannelError: It refuses to say.
            NetworkError: It does not answer as it should.
            InputError: No token, several advisories that could be it, or not a payload.
        """
        payload = parse_object(document.content, document.name)
        with self._client() as client:
            return self._seen(client, payload)

    def plan(self, document: Document) -> tuple[str, ...]:
        """The steps that are missing.

        Raises:
            ChannelError, NetworkError: As `observe`.
            InputError: As `observe`, or another advisory stands there.
        """
        return self._steps(self.observe(document))

    def publish(self, document: Document) -> Presence:
        """Make the advisory public, as the document has it.

        Raises:
            ChannelError: The forge refuses.
            NetworkError: It does not answer as it should.
            InputError: As `plan`.
        """
        payload = parse_object(document.content, document.name)
        patience = persistence_of(sandbox=self._around.sandbox)
        with self._client() as client:
            seen = self._seen(client, payload)  # 1
            self._steps(seen)

            def is_written() -> bool:
                nonlocal seen
                seen = self._seen(client, payload)
                return seen.shown is Shown.SAME

            def write() -> None:
                if seen.shown is Shown.ABSENT:
                    client.create(payload)
                else:
                    client.change(seen.identifier, payload)

            if seen.shown is not Shown.SAME:
                insist(write, is_written, patience, self._around.sleep)  # 2

            def is_public() -> bool:
                return is_written() and seen.state == _PUBLIC

            def make_public() -> None:
                client.change(seen.identifier, {"state": _PUBLIC})

            if seen.state != _PUBLIC:
                insist(make_public, is_public, patience, self._around.sleep)  # 3
            return seen

    def _steps(self, seen: Presence) -> tuple[str, ...]:
        if seen.identifier and seen.state not in (_PUBLIC, *_DRAFTS):
            raise InputError(
                f"outlet {self.name}: {seen.place}: it is {shown(seen.state)!r}",
                hint="somebody closed it; open it again on the forge, if it is to be published",
            )
        check_replaceable(seen, self._about, self.name)
        steps = {
            Shown.ABSENT: (f"create a draft at {seen.place}",),
            Shown.OTHER: (f"replace the earlier revision at {seen.place}",),
            Shown.SAME: (),
        }[seen.shown]
        make_public = () if seen.state == _PUBLIC else ("make it public, which cannot be undone",)
        return (*steps, *make_public)

    @contextmanager
    def _client(self) -> Iterator[GhsaClient]:
        at = self._settings
        with lent(at.token, self._around.environment) as token:
            yield GhsaClient(self._web, at.url, at.repository, token)

    def _seen(self, client: GhsaClient, payload: Mapping[str, JsonValue]) -> Presence:
        at = self._settings
        folder = f"{at.url.rstrip('/')}/repos/{at.repository}/security-advisories"
        wanted = _digest(payload)
        found = self._found(client, payload)
        if found is None:
            return Presence(Shown.ABSENT, folder, wanted=wanted)
        actual, identifier = _digest(found), checked_id(found)
        known = Shown.SAME if actual == wanted else Shown.OTHER
        state = str(found.get("state", ""))[:40]
        return Presence(known, f"{folder}/{identifier}", state, identifier, actual, wanted)

    def _found(
        self, client: GhsaClient, payload: Mapping[str, JsonValue]
    ) -> Mapping[str, JsonValue] | None:
        """The advisory, also one that we made and of which we never learned the identifier."""
        known = self._about.identifier or self._about.called("GHSA-")
        if known:
            named = client.find(known)
            if named is None:
                raise InputError(
                    f"outlet {self.name}: the repository has no advisory {known}",
                    hint="correct the alias of the record, or the configured repository",
                )
            return named
        everything = tuple(client.each())
        cve = payload.get("cve_id")
        found = [one for one in everything if cve and one.get("cve_id") == cve]
        # One that has another CVE id is another one, whatever it is called.
        found = found or [one for one in everything if _may_be_ours(one, payload)]
        if len(found) > 1:
            names = ", ".join(checked_id(one) for one in found[:5])
            raise InputError(
                f"outlet {self.name}: {names} could all be advisory {self._about.id}",
                hint="name the right one in the record's aliases",
            )
        return found[0] if found else None


def _may_be_ours(one: Mapping[str, JsonValue], payload: Mapping[str, JsonValue]) -> bool:
    """Whether an advisory of the same summary is one that we made before we were killed.

    One that has another CVE id is another one, whatever it is called; so is one that is public and
    says something else, for nothing is made public before it says all that it should.
    """
    if one.get("summary") != payload.get("summary") or (
        payload.get("cve_id") and one.get("cve_id")
    ):
        return False
    return one.get("state") in _DRAFTS or _digest(one) == _digest(payload)


def _digest(advisory: Mapping[str, JsonValue]) -> str:
    """SHA-256 over what a payload sets, in one form for payloads and for the forge's answers.

    An answer repeats the vector inside of `cvss`, derives the severity from it, and gives every
    list an order of its own.
    """
    vector = _text(advisory, "cvss_vector_string") or _vector(advisory)
    credits_ = [(_text(one, "login"), _text(one, "type")) for one in _each(advisory, "credits")]
    entries = sorted(_entry(one) for one in _each(advisory, "vulnerabilities"))
    weaknesses = advisory.get("cwe_ids")
    kinds: list[JsonValue] = []
    if isinstance(weaknesses, list):
        kinds.extend(sorted(map(str, weaknesses)))
    known: dict[str, JsonValue] = {
        "summary": _text(advisory, "summary"),
        "description": _text(advisory, "description").replace("\r\n", "\n").strip(),
        "cve_id": _text(advisory, "cve_id"),
        "rating": vector or _text(advisory, "severity"),
        "cwe_ids": kinds,
        "credits": [list(one) for one in sorted(credits_)],
        "vulnerabilities": [list(one) for one in entries],
    }
    return hashlib.sha256(canonical(known)).hexdigest()


def _entry(entry: Mapping[str, JsonValue]) -> tuple[str, ...]:
    package = _inner(entry, "package")
    functions = entry.get("vulnerable_functions")
    return (
        _text(package, "ecosystem").lower(),
        _text(package, "name"),
        _text(entry, "vulnerable_version_range"),
        _text(entry, "patched_versions"),
        *(sorted(map(str, functions)) if isinstance(functions, list) else ()),
    )


def _vector(advisory: Mapping[str, JsonValue]) -> str:
    """The vector of an answer: of version 3, as a payload prefers it, or of version 4."""
    by_version = _inner(advisory, "cvss_severities")
    places = (
        _inner(advisory, "cvss"), _inner(by_version, "cvss_v3"), _inner(by_version, "cvss_v4")
    )  # fmt: skip
    return next((found for one in places if (found := _text(one, "vector_string"))), "")


def _text(members: Mapping[str, JsonValue], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _inner(members: Mapping[str, JsonValue], name: str) -> Mapping[str, JsonValue]:
    value = members.get(name)
    return value if isinstance(value, dict) else {}


def _each(members: Mapping[str, JsonValue], name: str) -> tuple[Mapping[str, JsonValue], ...]:
    value = members.get(name)
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()

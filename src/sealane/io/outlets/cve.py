"""CVE Services: publishes the record of a reserved id, or updates a published one.

It never reserves and never rejects: a project whose ids come from somebody else needs none of this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from sealane.core.advisory.documents import Document
from sealane.core.attestation.strict_json import as_object, parse_object
from sealane.core.model.chain import canonical
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.adapters.cvelib_client import (
    PUBLISHED,
    REJECTED,
    RESERVED,
    Account,
    CveId,
    CveServices,
)
from sealane.io.adapters.http import Web
from sealane.io.adapters.insist import insist, persistence_of
from sealane.io.adapters.secret import lent
from sealane.io.outlets.interface import About, Presence, Shown, Surroundings, check_replaceable

# Who wrote a container, and with what, is filled in by the service and by its clients.
_FILLED_IN = ("providerMetadata", "x_generator")


@dataclass(frozen=True, slots=True)
class CveSettings:
    """An account at CVE Services.

    Attributes:
        url: Base URL of the API; it ends in "/".
        organisation: Short name of the CVE Numbering Authority.
        user: Name of the user.
        token: Name of the variable that holds the API key.
    """

    url: str
    organisation: str
    user: str
    token: str


class CveOutlet:
    """The record of one CVE id.

    Args:
        name: As the configuration calls it.
        settings: The account.
        about: Which advisory.
        around: The machine.

    Raises:
        InputError: The advisory has no CVE id.
    """

    kind: ClassVar[str] = "cve"
    formats: ClassVar[tuple[str, ...]] = ("cve",)
    reversible: ClassVar[bool] = False

    def __init__(
        self, name: str, settings: CveSettings, about: About, around: Surroundings
    ) -> None:
        self.name = name
        self._settings, self._about, self._around = settings, about, around
        self._cve_id = about.called("CVE-")
        if not self._cve_id:
            raise InputError(
                f"outlet {name}: advisory {about.id} has no CVE id",
                hint="reserve one and name it in `aliases`, or take the outlet out",
            )
        self._web = Web(
            around.agent, loopback=around.sandbox, origins=(settings.url,),
            read_seconds=around.read_seconds,
        )  # fmt: skip

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that were asked."""
        return self._web.hosts

    def observe(self, document: Document) -> Presence:
        """State of the id, and whether its record is the document's.

        Raises:
            ChannelError: CVE Services refuse to say.
            NetworkError: They do not answer as they should.
            InputError: No key, not a container, or nobody, or another organisation, reserved the
                id.
            MissingExtraError: The extra [cve] is not installed.
        """
        with self._services() as services:
            return self._seen(services, _container(document))

    def plan(self, document: Document) -> tuple[str, ...]:
        """The step that is missing.

        Raises:
            ChannelError, NetworkError, MissingExtraError: As `observe`.
            InputError: As `observe`; the id is rejected, or says something else.
        """
        return self._steps(self.observe(document))

    def publish(self, document: Document) -> Presence:
        """Publish the record, or update it. It cannot be taken back, only be rejected by hand.

        Raises:
            ChannelError: Refused.
            NetworkError: No answer as it should be.
            InputError: As `plan`, or the container breaks the official schema.
            MissingExtraError: As `observe`.
        """
        container = _container(document)
        with self._services() as services:
            seen = self._seen(services, container)
            if not self._steps(seen):
                return seen

            def send() -> None:
                known = seen.state == RESERVED
                (services.publish if known else services.update)(self._cve_id, container)

            def is_there() -> bool:
                nonlocal seen
                seen = self._seen(services, container)
                return seen.shown is Shown.SAME

            patience = persistence_of(sandbox=self._around.sandbox)
            insist(send, is_there, patience, self._around.sleep)
            return seen

    def _steps(self, seen: Presence) -> tuple[str, ...]:
        if seen.state not in (RESERVED, PUBLISHED):
            raise InputError(
                f"outlet {self.name}: {self._cve_id}: expected {RESERVED} or {PUBLISHED}, got "
                f"{seen.state}",
                hint="a rejected id stays rejected; reserve another one",
            )
        check_replaceable(seen, self._about, self.name)
        if seen.shown is Shown.SAME:
            return ()
        verb = "publish" if seen.state == RESERVED else "update"
        return (f"{verb} {self._cve_id} at {self._settings.url}, which cannot be undone",)

    @contextmanager
    def _services(self) -> Iterator[CveServices]:
        at = self._settings
        with lent(at.token, self._around.environment) as key:
            yield CveServices(self._web, Account(at.url, at.organisation, at.user), key)

    def _seen(self, services: CveServices, container: Mapping[str, JsonValue]) -> Presence:
        found, wanted = self._ours(services), _digest(container)
        place = f"{self._settings.url}cve/{found.id}"
        record = services.container(found.id) if found.state == PUBLISHED else None
        if record is None:
            # A rejected id has no container, and yet nothing may stand there.
            known = Shown.OTHER if found.state == REJECTED else Shown.ABSENT
            return Presence(known, place, found.state, found.id, wanted=wanted)
        actual = _digest(record)
        known = Shown.SAME if actual == wanted else Shown.OTHER
        return Presence(known, place, found.state, found.id, actual, wanted)

    def _ours(self, services: CveServices) -> CveId:
        found = services.show(self._cve_id)
        if found is None:
            raise InputError(
                f"outlet {self.name}: nobody reserved {self._cve_id}",
                hint="reserve an id first, and name that in `aliases`",
            )
        if found.owner != self._settings.organisation:
            raise InputError(
                f"outlet {self.name}: {self._cve_id} belongs to {found.owner}, expected "
                f"{self._settings.organisation}",
                hint="ask them to publish it, and take the outlet out",
            )
        return found


def _container(document: Document) -> dict[str, JsonValue]:
    """The CNA container, also out of a whole record."""
    members = parse_object(document.content, document.name)
    containers = members.get("containers")
    if not isinstance(containers, dict):
        return members
    return as_object(containers.get("cna"), f"{document.name}: containers: cna")


def _digest(container: Mapping[str, JsonValue]) -> str:
    """SHA-256 over what the project says in it."""
    said = {name: value for name, value in container.items() if name not in _FILLED_IN}
    return hashlib.sha256(canonical(said)).hexdigest()

"""Who may be asked over the network by a command that judges, and with what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sealane.core.model.values import dataclass
from sealane.errors import UsageError

if TYPE_CHECKING:
    from sealane.core.policy.agreement import NamedAdvisory
    from sealane.io.adapters.http import Web
    from sealane.io.stores.interface import NamedSandbox

INDEX, OSV = "index", "osv"


@dataclass(frozen=True, slots=True)
class Network:
    """What the command line says of the network.

    Attributes:
        online: Value of `--online`; None where it was not given.
        index_url: Of the simple API; None for the default.
        osv_url: Base URL of an OSV service; None where none was named.
        world: The sandbox that stands in for the world; None for the world.
    """

    online: str | None
    index_url: str | None
    osv_url: str | None
    world: NamedSandbox | None

    def __post_init__(self) -> None:
        for url, flag, what in (
            (self.index_url, "--index-url", INDEX),
            (self.osv_url, "--osv-url", OSV),
        ):
            if url is not None and not self.may_ask(what):
                raise UsageError(
                    f"{flag} asks nobody without --online={what}", hint=f"add --online={what}"
                )
        for what in (self.online or INDEX).split(","):
            if what not in (INDEX, OSV):
                raise UsageError(
                    f"--online={what[:40]!r}: not supported in this version",
                    hint="write --online=index, --online=osv, or --online=index,osv",
                )

    def may_ask(self, what: str) -> bool:
        """Whether the index, or the OSV service, may be asked."""
        return what in (self.online or "").split(",")

    def web(self) -> Web | None:
        """What asks; None where nobody may be asked.

        Raises:
            UsageError: The OSV service may be asked, and nobody says which.
            NetworkError: A URL has no origin.
            MissingExtraError: The client that knows the public index is not installed.
        """
        if self.online is None:
            return None
        urls = [self.simple_url()] if self.may_ask(INDEX) else []
        urls += [self.osv_service()] if self.may_ask(OSV) else []
        return web_for(urls, self.world)

    def simple_url(self) -> str:
        """The simple API of the index.

        Raises:
            MissingExtraError: The client that knows the public one is not installed.
        """
        return simple_url(self.index_url, self.world)

    def osv_service(self) -> str:
        """Base URL of the OSV service.

        Raises:
            UsageError: None was named, and nobody has a default.
        """
        if self.osv_url is not None:
            return self.osv_url
        if self.world is not None:
            return f"{self.world.base}/osv"
        raise UsageError(
            "--online=osv: which service is to be asked?", hint="name its base URL: --osv-url URL"
        )


def web_for(urls: Sequence[str], world: NamedSandbox | None) -> Web:
    """What asks services that were named.

    They may have a private address; what they hand out may not.

    Args:
        urls: Of the services.
        world: The sandbox that stands in for the world; None for the world.

    Raises:
        NetworkError: A URL has no origin.
    """
    from sealane import __version__
    from sealane.io.adapters.http import Web, origin_of

    origins = tuple(origin_of(one) for one in urls)
    return Web(f"sealane/{__version__}", loopback=world is not None, origins=origins)


def simple_url(named: str | None, world: NamedSandbox | None) -> str:
    """The simple API of the index: as it was named, the sandbox's, or the public one.

    Raises:
        MissingExtraError: The client that knows the public one is not installed.
    """
    from sealane.io.clients.index_read import default_simple_url

    if named is not None:
        return named
    return f"{world.base}/simple/" if world else default_simple_url()


def named_advisories(
    named: Sequence[str], network: Network, web: Web | None
) -> tuple[NamedAdvisory, ...]:
    """The advisories that `--advisory` names, by file or by identifier.

    Raises:
        UsageError: An identifier, and no service may be asked.
        InputError: There is none, or it cannot be read.
        NetworkError: The service does not answer.
    """
    if not named:
        return ()
    import os
    from pathlib import Path

    from sealane.io.stores.advisories import (
        fetch_named_advisory,
        is_identifier,
        load_named_advisory,
    )

    found = []
    for text in named:
        if not is_identifier(text):
            found.append(load_named_advisory(Path(text)))
        elif os.path.lexists(text):
            # Whoever fills the folder would answer in the service's place.
            raise UsageError(
                f"--advisory {text}: an identifier, and there is a file of that name",
                hint=f"write ./{text} for the file; for the identifier, work in another folder",
            )
        elif web is None or not network.may_ask(OSV):
            raise UsageError(
                f"--advisory {text}: there is no such file, and nobody may be asked for it",
                hint="name the record's file, or add --online=osv --osv-url URL",
            )
        else:
            found.append(fetch_named_advisory(web, network.osv_service(), text))
    return tuple(found)

"""What a channel can be asked to do; it decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from sealane.core.model.values import dataclass
from sealane.io.adapters.secret import Secret


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file as a channel shows it now; untrusted.

    Attributes:
        name: File name.
        sha256: Lower-case hex.
        url: Where it is to be had.
        provenance: Where its provenance is to be had; "" where the channel names none.
        yanked: Whether it was yanked.
    """

    name: str
    sha256: str
    url: str
    provenance: str
    yanked: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """One file to send, from a private copy, and what its bytes have to be.

    Attributes:
        file: The private copy.
        sha256: Lower-case hex.
        blake2b_256: Lower-case hex.
        attestations: Files that go with it; they cannot be sent later.
    """

    file: Path
    sha256: str
    blake2b_256: str
    attestations: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """What a channel answered to one file; no status where no answer came."""

    status: int | None
    text: str
    retry_after: int


class ChannelClient(Protocol):
    """One channel."""

    place: str

    def observe(self, package: str, version: str) -> tuple[ShownFile, ...]:
        """The files of one version as the world sees them now, past every cache we can pass.

        Raises:
            NetworkError: The channel does not answer as it should.
        """
        ...

    def provenance(self, shown: ShownFile) -> bytes | None:
        """The provenance of one file; None where there is none.

        Raises:
            NetworkError: The channel does not answer, or denies it: that is not "none".
        """
        ...

    def download(self, shown: ShownFile, limit: int) -> bytes:
        """The bytes served for one file, at most `limit` of them; the caller compares them.

        Raises:
            NetworkError: The channel does not answer, or sends more.
        """
        ...

    def audience(self) -> str:
        """The audience of the identity tokens this channel takes.

        Raises:
            NetworkError: The channel does not answer, or takes none.
        """
        ...

    def mint(self, token: Secret) -> Secret:
        """Exchange an identity token; it works once.

        Raises:
            ChannelError: Refused; `code` says why.
            NetworkError: The channel does not answer.
        """
        ...

    def send(self, credential: Secret, sending: Sending) -> Received:
        """Send one file in exactly one request.

        Raises:
            InputError: Nothing was sent, because the file is not what is wanted.
        """
        ...

    def burn(self, credential: Secret) -> bool:
        """Make a credential unusable; whether the channel says it did."""
        ...

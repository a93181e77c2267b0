"""A Python package index: the default one, its test instance, or one named by its upload URL."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urljoin, urlsplit

from sealane import __version__
from sealane.core.release.project import Channel, ChannelKind
from sealane.errors import ChannelError, NetworkError
from sealane.io.adapters import clock
from sealane.io.adapters.http import Answer, Web, origin_of
from sealane.io.adapters.secret import Secret
from sealane.io.channels.interface import Received, Sending, ShownFile
from sealane.io.clients import index_publish, index_read

_SIGNING = "sigstore"
# What the upload client's named repositories take; whoever else asks for them would use them there.
_NAMED = ("pypi", "testpypi")


class _Fresh(Web):
    """Asks under a URL that no cache has seen: an edge may be half an hour behind the index."""

    def get(self, url: str, *, accept: str, limit: int) -> Answer:
        """Fetch a URL; see `Web.get`."""
        separator = "&" if urlsplit(url).query else "?"
        moment = int(clock.now().timestamp() * 1_000_000)
        return super().get(f"{url}{separator}fresh={moment}", accept=accept, limit=limit)


class PackageIndex:
    """One package index.

    Args:
        upload_url: Where files are sent.
        simple_url: Where the world looks for them.
        loopback: Whether plain http on loopback is allowed: in a sandbox only.
        audience: The audience it has to ask for; "" where only the index knows it.

    Attributes:
        place: The upload URL, for messages.
    """

    def __init__(
        self, upload_url: str, simple_url: str, *, loopback: bool, audience: str = ""
    ) -> None:
        self.place = upload_url
        self._simple_url = simple_url
        self._loopback = loopback
        self._audience = audience
        # The user's own choice, so these alone may be inside of the user's network.
        origins = (origin_of(upload_url), origin_of(simple_url))
        self._web = Web(f"sealane/{__version__}", loopback=loopback, origins=origins)
        self._fresh = _Fresh(f"sealane/{__version__}", loopback=loopback, origins=origins)
        self._endpoints: index_publish.Endpoints | None = None

    def observe(self, package: str, version: str) -> tuple[ShownFile, ...]:
        """The files of one version as the world sees them now; see `ChannelClient`."""
        files = index_read.read_project(self._fresh, self._simple_url, package) or ()
        twice = [name for name, n in Counter(one.filename for one in files).items() if n > 1]
        if twice:  # nobody could say which of them an installer takes
            raise NetworkError(f"{self._simple_url}: {twice[0][:120]!r} is listed twice")
        return tuple(
            ShownFile(one.filename, one.sha256, one.url, one.provenance_url or "", one.yanked)
            for one in files
            if version_of(one.filename) == version
        )

    def provenance(self, shown: ShownFile) -> bytes | None:
        """The provenance of one file; None where there is none; see `ChannelClient`."""
        file = index_read.IndexFile(
            shown.name, shown.url, shown.sha256, None, shown.yanked, shown.provenance or None
        )
        return index_read.fetch_provenance(self._fresh, file)

    def download(self, shown: ShownFile, limit: int) -> bytes:
        """The bytes the index serves, whatever it lists; see `ChannelClient`."""
        answer = self._web.get(shown.url, accept="*/*", limit=limit)
        if answer.status != 200:
            raise NetworkError(f"{answer.url}: HTTP {answer.status}")
        return answer.body

    def audience(self) -> str:
        """The audience of the identity tokens this index takes; see `ChannelClient`.

        Whoever gets a token can use it wherever its audience counts, so an index that asks for
        another service's tokens gets none.
        """
        found = self._found().audience
        if self._audience and found != self._audience:
            raise ChannelError(
                f"{self.place}: expected {self._audience!r} as the audience of its tokens, "
                f"it asks for {found[:80]!r}"
            )
        foreign = (_SIGNING,) if self._loopback or self._audience else (_SIGNING, *_NAMED)
        if found in foreign:
            raise ChannelError(f"{self.place}: asks for tokens of somebody else, {found!r}")
        return found

    def mint(self, token: Secret) -> Secret:
        """Exchange an identity token, which works once; see `ChannelClient`."""
        self.audience()
        return index_publish.mint(self._web, self._found(), token)

    def send(self, credential: Secret, sending: Sending) -> Received:
        """Send one file in exactly one request; see `ChannelClient`."""
        wanted = index_publish.Upload(
            sending.file, sending.sha256, sending.blake2b_256, sending.attestations
        )
        answer = index_publish.upload(self.place, credential, wanted)
        return Received(answer.status, answer.text, answer.retry_after)

    def burn(self, credential: Secret) -> bool:
        """Make an upload token unusable; see `ChannelClient`."""
        return index_publish.burn(self._web, self._found(), credential)

    def _found(self) -> index_publish.Endpoints:
        if self._endpoints is None:
            self._endpoints = index_publish.discover(self._web, self.place)
        return self._endpoints


def open_index(channel: Channel, *, loopback: bool) -> PackageIndex:
    """The index a channel names.

    Raises:
        InputError: There is no repository of that name.
    """
    audience = ""
    match channel.kind:
        case ChannelKind.PYPI:
            upload_url, simple_url = index_publish.named_repository(channel.repository)
            # The one index of a sandbox stands for all of them, and has one audience.
            audience = "" if loopback else channel.repository
        case ChannelKind.INDEX:
            # Every index that speaks the upload API of old has its simple API beside it.
            upload_url = channel.repository
            simple_url = urljoin(upload_url, "/simple/")
    return PackageIndex(upload_url, simple_url, loopback=loopback, audience=audience)


def version_of(filename: str) -> str | None:
    """The version in a wheel's or an sdist's name, normalised; None for another file."""
    from packaging.utils import (
        InvalidSdistFilename,
        InvalidWheelFilename,
        parse_sdist_filename,
        parse_wheel_filename,
    )

    try:
        if filename.endswith(".whl"):
            return str(parse_wheel_filename(filename)[1])
        return str(parse_sdist_filename(filename)[1])
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None

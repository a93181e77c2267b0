"""Fetches the current trust root of a Sigstore instance from its TUF repository.

The `sigstore` library can do that too, but its public `ClientTrustConfig` keeps what it fetches in
the user's data and cache folders, and gives no other choice. So python-tuf's own client is used: it
gets the folder named, and the root of trust that is built in here or was named by the user. What is
in the folder is verified again, from that root on, each time; it serves only to notice a repository
that goes back to an older version.

Spec: TUF specification 1.0, section 5, "Detailed client workflow".
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sealane.errors import InputError, NetworkError, TrustError
from sealane.io.adapters.files import read_bounded
from sealane.io.adapters.http import Web

TARGET = "trusted_root.json"
# The largest piece of metadata that python-tuf accepts has 5 MB, by default; a root has 7 kB.
_LIMIT = 5_000_000
_ROOT_LIMIT = 4 * 1024 * 1024
_HTTP_OK = 200


def fetch_root(url: str, *, bootstrap: bytes, folder: Path, web: Web) -> bytes:
    """The current trusted root of an instance.

    Args:
        url: Of its TUF repository, without the name of a file.
        bootstrap: The root metadata that is trusted to begin with, JSON.
        folder: Where the TUF client keeps its metadata; made when missing.
        web: Fetches.

    Raises:
        NetworkError: The repository cannot be reached, lacks a file, or sends too much.
        TrustError: What it holds does not follow from `bootstrap`, is expired or older than what
            was seen before, or holds no trusted root.
        InputError: The folder cannot be written.
    """
    from tuf.api.exceptions import DownloadError, ExpiredMetadataError, RepositoryError

    place = f"TUF repository {url[:200]}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _fetched(url, bootstrap, folder, web)
    except DownloadError as error:
        raise NetworkError(
            f"{place}: {str(error)[:300]}",
            hint="the stored root stays as it is; look at the URL and the network, then try again",
        ) from error
    except ExpiredMetadataError as error:
        raise TrustError(
            f"{place}: {str(error)[:300]}",
            hint="the repository is no longer kept up, or is withheld from you, or the clock is "
            "wrong; the stored root stays as it is",
        ) from error
    except RepositoryError as error:
        raise TrustError(
            f"{place}: {type(error).__name__}: {str(error)[:300]}",
            hint="do not trust it; ask who runs the instance. The stored root stays as it is",
        ) from error
    except OSError as error:
        raise InputError(
            f"cannot write {str(folder)!r}: {error.strerror}",
            hint="look at the folder's path, its permissions, and the free space",
        ) from error


def _fetched(url: str, bootstrap: bytes, folder: Path, web: Web) -> bytes:
    from tuf.api.exceptions import DownloadError, DownloadHTTPError
    from tuf.ngclient import FetcherInterface, Updater

    class Fetcher(FetcherInterface):
        """Fetches by our own rules: no redirects elsewhere, no credentials, bounded."""

        def _fetch(self, url: str) -> Iterator[bytes]:
            try:
                answer = web.get(url, accept="*/*", limit=_LIMIT)
            except NetworkError as error:
                raise DownloadError(error.message) from error
            if answer.status != _HTTP_OK:
                raise DownloadHTTPError(f"GET {url}: HTTP {answer.status}", answer.status)
            return iter((answer.body,))

    updater = Updater(
        metadata_dir=str(folder),
        metadata_base_url=url,
        target_base_url=f"{url.rstrip('/')}/targets/",
        fetcher=Fetcher(),
        bootstrap=bootstrap,
    )
    updater.refresh()
    target = updater.get_targetinfo(TARGET)
    if target is None:
        raise TrustError(
            f"TUF repository {url[:200]}: it holds no {TARGET}",
            hint="name the repository of a Sigstore instance",
        )
    if target.length > _ROOT_LIMIT:
        raise TrustError(
            f"TUF repository {url[:200]}: {TARGET}: expected at most {_ROOT_LIMIT} bytes, got "
            f"{target.length}",
            hint="that is no trust root; ask who runs the instance",
        )
    with tempfile.TemporaryDirectory(dir=folder) as private:
        updater.download_target(target, str(Path(private) / TARGET))
        return read_bounded(Path(private) / TARGET, _ROOT_LIMIT, what="trust root")

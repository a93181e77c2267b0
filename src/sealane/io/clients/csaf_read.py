"""Reads a published CSAF folder over https, as a downloader does; what it says is untrusted.

Spec: CSAF 2.0, 7.1.7 (metadata), 7.1.11 to 7.1.13 (year folders, index.txt, changes.csv) and
7.1.18 to 7.1.20 (digests, signatures, keys).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError, NetworkError
from sealane.io.adapters.http import Web

_METADATA = "provider-metadata.json"
_LISTS = ("index.txt", "changes.csv")
_BESIDE = ("", ".sha256", ".sha512", ".asc")
_LIMIT = 16 * 1024 * 1024  # bytes of one file
_ALL = 256 * 1024 * 1024  # bytes of all files
_MOST = 2000  # documents
# A folder a year, then the name that 5.1 makes of a tracking id: nothing that leads elsewhere.
_PATH = re.compile(r"[0-9]{4}/[+_a-z0-9-]+\.json")
# What follows the folder's own address, wherever the metadata says that it is.
_LABEL = re.compile(r".*/(white|green|amber|red)/?")
_KEY = re.compile(r".*/(openpgp/[0-9A-Fa-f]{40,64}\.asc)")


def read_tree(web: Web, base: str) -> tuple[tuple[str, bytes], ...]:
    """The files of a folder by path: metadata, lists, what they name, and what stands beside that.

    What is not there is left out: whether it has to be is not asked here. A path that a CSAF
    folder cannot have is not fetched; the list that names it tells of it.

    Args:
        web: Sends the requests.
        base: URL of the folder that has the metadata, or, without any, the lists.

    Raises:
        NetworkError: Nobody answers, an answer is neither a file nor "not found", or there is more
            than anybody publishes.
    """
    root = base.rstrip("/")
    found: dict[str, bytes] = {}
    _fetch(web, root, _METADATA, found)
    for folder in _folders(found.get(_METADATA)):
        for name in _LISTS:
            _fetch(web, root, folder + name, found)
        for path in _listed(found, folder):
            for ending in _BESIDE:
                _fetch(web, root, folder + path + ending, found)
    for path in _keys(found.get(_METADATA)):
        _fetch(web, root, path, found)
    if not found:
        raise NetworkError(
            f"{root}: no {_METADATA}, no index.txt", hint="name the folder they lie in"
        )
    return tuple(sorted(found.items()))


def _folders(metadata: bytes | None) -> tuple[str, ...]:
    """The folders that the metadata names, each a label's; without metadata the root."""
    if metadata is None:
        return ("",)
    named = (_LABEL.fullmatch(url) for url in _urls(metadata, "distributions", "directory_url"))
    return tuple(dict.fromkeys(f"{one[1]}/" for one in named if one))


def _keys(metadata: bytes | None) -> tuple[str, ...]:
    named = (_KEY.fullmatch(url) for url in _urls(metadata, "public_openpgp_keys", "url"))
    return tuple(dict.fromkeys(one[1] for one in named if one))[:_MOST]


def _urls(metadata: bytes | None, lists: str, name: str) -> Iterator[str]:
    """URLs in a list of the metadata; metadata that cannot be read names none, which is told."""
    try:
        held: JsonValue = parse_object(metadata or b"{}", _METADATA).get(lists)
    except InputError:
        return
    for one in held if isinstance(held, list) else []:
        url = one.get(name) if isinstance(one, dict) else None
        if isinstance(url, str):
            yield url


def _listed(found: dict[str, bytes], folder: str) -> tuple[str, ...]:
    """The documents that either list names.

    Raises:
        NetworkError: More than anybody publishes.
    """
    index, changes = (
        found.get(folder + name, b"").decode("utf-8", errors="replace").splitlines()
        for name in _LISTS
    )
    named = [*index, *(line.partition(",")[0].strip('"') for line in changes)]
    paths = tuple(dict.fromkeys(path for path in named if _PATH.fullmatch(path)))
    if len(paths) > _MOST:
        raise NetworkError(f"{folder}index.txt: lists {len(paths)} documents, more than {_MOST}")
    return paths


def _fetch(web: Web, root: str, path: str, found: dict[str, bytes]) -> None:
    answer = web.get(f"{root}/{path}", accept="*/*", limit=_LIMIT)
    if answer.status == 200:
        found[path] = answer.body
    elif answer.status not in (404, 410):
        raise NetworkError(f"GET {answer.url}: HTTP {answer.status}")
    if sum(map(len, found.values())) > _ALL:
        raise NetworkError(f"{root}: more than {_ALL} bytes")

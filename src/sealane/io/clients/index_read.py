"""Reads a package index: the simple API, files, and the integrity API. What it says is untrusted.

Spec: PyPA specifications, simple repository API 1.4; index-hosted attestations.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from packaging.utils import canonicalize_name

from sealane.core.model.values import dataclass
from sealane.errors import MissingExtraError, NetworkError
from sealane.io.adapters.http import Answer, Web

SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"
INTEGRITY_JSON = "application/vnd.pypi.integrity.v1+json, application/json;q=0.5"
_LIST_LIMIT = 64 * 1024 * 1024
_PROVENANCE_LIMIT = 16 * 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One file as the index lists it now.

    Attributes:
        filename: Its name.
        url: Where its bytes are.
        sha256: Lower-case hex, as the index says.
        size: Bytes, as the index says; None where it does not.
        yanked: Whether it was yanked.
        provenance_url: Where its provenance is; None where the index names none.
    """

    filename: str
    url: str
    sha256: str
    size: int | None
    yanked: bool
    provenance_url: str | None


def default_simple_url() -> str:
    """The simple API of the default package index, as its client library names it.

    Raises:
        MissingExtraError: The library is not installed.
    """
    try:
        from pypi_simple import PYPI_SIMPLE_ENDPOINT
    except ModuleNotFoundError as error:
        raise MissingExtraError("asking the public index", "online", "pypi_simple") from error

    return PYPI_SIMPLE_ENDPOINT


def read_project(web: Web, simple_url: str, project: str) -> tuple[IndexFile, ...] | None:
    """The files of a project; None where the index knows no such project.

    Raises:
        NetworkError: Nobody answers, or the answer is not a simple API's.
    """
    name = canonicalize_name(project)
    url = urljoin(simple_url.rstrip("/") + "/", f"{quote(name)}/")
    answer = web.get(url, accept=SIMPLE_JSON, limit=_LIST_LIMIT)
    if answer.status == 404:
        return None
    files = _document(answer).get("files")
    if not isinstance(files, list):
        raise NetworkError(f"{answer.url}: not a list of files", hint="is it a simple API?")
    return tuple(_file(entry, answer.url) for entry in files)


def fetch_provenance(web: Web, file: IndexFile) -> bytes | None:
    """The provenance object of a file; None where the index says that there is none.

    Raises:
        NetworkError: Nobody answers, or the answer is neither: a denial is not "none".
    """
    if file.provenance_url is None:
        return None
    answer = web.get(file.provenance_url, accept=INTEGRITY_JSON, limit=_PROVENANCE_LIMIT)
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise NetworkError(f"{answer.url}: HTTP {answer.status}")
    return answer.body


def download(web: Web, file: IndexFile, limit: int) -> bytes:
    """The bytes of a file, which have to be those the index lists.

    Raises:
        NetworkError: Nobody answers, more than `limit` bytes, or another digest than listed.
    """
    answer = web.get(file.url, accept="*/*", limit=limit)
    if answer.status != 200:
        raise NetworkError(f"{answer.url}: HTTP {answer.status}")
    found = hashlib.sha256(answer.body).hexdigest()
    if found != file.sha256:
        raise NetworkError(
            f"{file.filename}: the index lists sha256 {file.sha256} and serves {found}",
            hint="a cache may be stale, or the file was replaced; do not use it",
        )
    return answer.body


def _document(answer: Answer) -> Mapping[str, Any]:
    if answer.status != 200:
        raise NetworkError(f"{answer.url}: HTTP {answer.status}")
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise NetworkError(f"{answer.url}: not JSON", hint="is it a simple API?") from error
    if not isinstance(document, dict):
        raise NetworkError(f"{answer.url}: not a JSON object", hint="is it a simple API?")
    return document


def _file(entry: object, base: str) -> IndexFile:
    try:
        if not isinstance(entry, dict):
            raise TypeError("not an object")
        name, sha256 = entry["filename"], entry["hashes"]["sha256"]
        size, provenance = entry.get("size"), entry.get("provenance")
        if not isinstance(name, str) or "/" in name or not _SHA256.fullmatch(sha256):
            raise ValueError("no usable name or sha256")
        return IndexFile(
            filename=name,
            url=_resolved(base, entry["url"]),
            sha256=sha256,
            size=size if isinstance(size, int) else None,
            yanked=entry.get("yanked", False) is not False,
            provenance_url=None if provenance is None else _resolved(base, provenance),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NetworkError(f"{base}: an entry that cannot be read: {error}") from error


def _resolved(base: str, url: object) -> str:
    if not isinstance(url, str):
        raise TypeError("a URL is not a string")
    resolved = urljoin(base, url)
    if not urlsplit(resolved).hostname:
        raise ValueError("a URL without a host")
    return resolved

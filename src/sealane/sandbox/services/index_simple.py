"""What the index shows: the simple API, files, and the older JSON of a project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from packaging.utils import canonicalize_name

from sealane.errors import InputError
from sealane.sandbox.accept import choose
from sealane.sandbox.faults import Faults
from sealane.sandbox.index_form import normal_version
from sealane.sandbox.index_model import Project, StoredFile
from sealane.sandbox.index_pages import (
    ProjectPage,
    legacy_json,
    metadata_digest,
    project_html,
    project_json,
    projects_html,
    projects_json,
)
from sealane.sandbox.index_store import IndexStore
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Request, Response, Route, json_response

_SIMPLE = "application/vnd.pypi.simple"
# What each offer is answered as; "latest" is a request's word, never an answer's.
_OFFERS: Mapping[str, str] = {
    "text/html": "text/html",
    f"{_SIMPLE}.v1+html": f"{_SIMPLE}.v1+html",
    f"{_SIMPLE}.latest+html": f"{_SIMPLE}.v1+html",
    f"{_SIMPLE}.v1+json": f"{_SIMPLE}.v1+json",
    f"{_SIMPLE}.latest+json": f"{_SIMPLE}.v1+json",
}
_NAME = r"[A-Za-z0-9._-]+"
_CACHED = "public, max-age=600"
_YANK_KEYS = frozenset({"project", "version", "reason", "yanked"})


class IndexSimple:
    """Routes of the index for those who download.

    Args:
        ports: The world.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._store = IndexStore(ports.state)
        self._faults = Faults(ports.state)

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route.of("GET", r"/simple/", self._list),
            Route.of("GET", r"/simple", self._list_moved),
            Route.of("GET", rf"/simple/(?P<name>{_NAME})/?", self._project),
            Route.of(
                "GET",
                r"/packages/(?P<a>[0-9a-f]{2})/(?P<b>[0-9a-f]{2})/(?P<c>[0-9a-f]{60})"
                r"/(?P<filename>[^/]+)",
                self._file,
            ),
            Route.of("GET", rf"/pypi/(?P<name>{_NAME})/json", self._legacy),
        ]

    def yank(self, document: Mapping[str, object]) -> dict[str, object]:
        """Yank a release, or take that back.

        Args:
            document: project, version; where wanted a reason, or `yanked: false`.

        Returns:
            What was changed.

        Raises:
            InputError: There is no such release, or the document is malformed.
        """
        project, version = document.get("project"), document.get("version")
        reason, yanked = document.get("reason", ""), document.get("yanked", True)
        texts = (project, version, reason)
        unknown = set(document) - _YANK_KEYS
        if unknown or not all(isinstance(text, str) for text in texts) or type(yanked) is not bool:
            raise InputError(
                "yank: malformed", hint=f"texts project, version, reason; yanked true or false: "
                f"{', '.join(sorted(map(str, document)))}",
            )  # fmt: skip
        name, wanted = canonicalize_name(str(project)), normal_version(str(version))
        if not self._store.yank(name, wanted, str(reason) if yanked else None):
            raise InputError(f"yank: the index has no release {name!r} {version!r}")
        return {"project": name, "version": wanted, "yanked": yanked, "reason": reason}

    def delete(self, filename: str) -> None:
        """Delete a file; its name can never be used again.

        Raises:
            InputError: There is no such file.
        """
        if not self._store.delete(filename):
            raise InputError(f"delete: the index has no file {filename[:120]!r}")

    def set_status(self, project: str, status: str) -> None:
        """Archive, quarantine, deprecate or reactivate a project (PEP 792).

        Raises:
            InputError: No such project or status.
        """
        self._store.set_status(project, status)

    def _list_moved(self, request: Request) -> Response:
        return Response(301, headers={"Location": f"{request.base}/simple/"})

    def _list(self, request: Request) -> Response:
        kind = choose(request.headers.get("accept", ""), list(_OFFERS))
        names = [name for name in self._store.projects() if self._shown(name)]
        if kind is None:
            return _not_acceptable()
        serial = self._visible_serial(self._store.serial())
        if kind.endswith("json"):
            serials = {name: self._visible_serial(self._store.serial_of(name)) for name in names}
            return _page(kind, json.dumps(projects_json(serials, serial)), serial)
        return _page(kind, projects_html(names), serial)

    def _project(self, request: Request, name: str) -> Response:
        canonical = canonicalize_name(name)
        if request.path != f"/simple/{canonical}/":
            return Response(301, headers={"Location": f"{request.base}/simple/{canonical}/"})
        kind = choose(request.headers.get("accept", ""), list(_OFFERS))
        if kind is None:
            return _not_acceptable()
        page = self._open(canonical, request.base)
        if page is None:
            return _missing()
        content = json.dumps(project_json(page)) if kind.endswith("json") else project_html(page)
        return _page(kind, content, page.serial)

    def _legacy(self, request: Request, name: str) -> Response:
        canonical = canonicalize_name(name)
        if canonical != name:
            return Response(301, headers={"Location": f"{request.base}/pypi/{canonical}/json"})
        page = self._open(canonical, request.base)
        if page is None or not page.files:
            return _missing()
        return json_response(200, legacy_json(page), X_PyPI_Last_Serial=str(page.serial))

    def _open(self, name: str, base: str) -> ProjectPage | None:
        project = self._store.project(name)
        files = self._shown(name)
        if project is None or not (files or project.status == "quarantined"):
            return None
        if self._ports.fault("index.simple") == "wrong-digest":
            files = [_with_wrong_digest(file) for file in files]
        serial = self._visible_serial(self._store.serial_of(name))
        return ProjectPage(project, files, self._store.releases(name), serial, base)

    def _shown(self, name: str) -> list[StoredFile]:
        """Files of a project that this edge of the index knows of."""
        project: Project | None = self._store.project(name)
        if project is None or project.status == "quarantined":
            return []
        files = self._store.files(name)
        if self._ports.fault("index.simple") != "stale":
            return files
        newest = self._faults.serial_at("index.simple")
        return [file for file in files if file.serial <= newest]

    def _visible_serial(self, serial: int) -> int:
        if self._ports.fault("index.simple") != "stale":
            return serial
        return min(serial, self._faults.serial_at("index.simple"))

    def _file(self, request: Request, a: str, b: str, c: str, filename: str) -> Response:
        wanted = filename.removesuffix(".metadata")
        file = self._store.file(wanted)
        if file is None or file.digests.blake2_256 != a + b + c or not self._shown(file.project):
            return _missing()
        if filename != wanted:
            if file.metadata is None:
                return _missing()
            return _bytes(request, file.metadata, metadata_digest(file))
        path = self._store.content_path(file.digests.sha256)
        content = path.read_bytes()
        if self._ports.fault("index.file") == "swapped":
            return _bytes(request, _swapped(file, content), file.digests.sha256)
        return _bytes(request, content, file.digests.sha256)


def _swapped(file: StoredFile, content: bytes) -> bytes:
    """Another archive of the same size and with the same members: only its digest tells."""
    # A time of the first zip member's local header, or of the gzip header; no checksum covers it.
    place = 10 if file.kind == "bdist_wheel" else 4
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _with_wrong_digest(file: StoredFile) -> StoredFile:
    digest = file.digests.sha256
    return replace(file, digests=replace(file.digests, sha256=digest[1:] + digest[:1]))


def _bytes(request: Request, content: bytes, sha256: str) -> Response:
    tag = f'"{sha256}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=365000000, immutable"}
    if request.headers.get("if-none-match") == tag:
        return Response(304, b"", "application/octet-stream", headers)
    return Response(200, content, "application/octet-stream", headers)


def _page(kind: str, content: str, serial: int) -> Response:
    media_type = _OFFERS[kind]
    if media_type == "text/html":
        media_type += "; charset=utf-8"
    headers = {
        "Vary": "Accept",
        "Cache-Control": _CACHED,
        "X-PyPI-Last-Serial": str(serial),
    }
    return Response(200, content.encode(), media_type, headers)


def _missing() -> Response:
    return Response(404, b"404 Not Found\n", "text/plain; charset=utf-8", {"Vary": "Accept"})


def _not_acceptable() -> Response:
    return Response(406, b"406 Not Acceptable\n", "text/plain; charset=utf-8", {"Vary": "Accept"})

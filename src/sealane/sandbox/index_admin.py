"""The index and its administration, put together from its services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sealane.errors import InputError
from sealane.sandbox.index_store import seed
from sealane.sandbox.ports import Ports
from sealane.sandbox.services.index_simple import IndexSimple
from sealane.sandbox.services.index_upload import IndexUpload
from sealane.sandbox.services.integrity import Integrity
from sealane.sandbox.services.trusted_publishing import TrustedPublishing
from sealane.sandbox.services.vulnerabilities import Vulnerabilities
from sealane.sandbox.wire import Route

Document = Mapping[str, Any]


class Index:
    """The package index.

    Args:
        ports: The world.
        wheelhouse: Files it serves besides what is uploaded.
        catch_up: Takes in advisories that were merged and not yet read.

    Raises:
        InputError: The wheelhouse holds something that is not a distribution.
    """

    def __init__(
        self, ports: Ports, wheelhouse: Path | None, catch_up: Callable[[], object]
    ) -> None:
        self._publishing = TrustedPublishing(ports)
        self._upload = IndexUpload(ports)
        self._simple = IndexSimple(ports)
        self._vulnerabilities = Vulnerabilities(ports, catch_up)
        self._integrity = Integrity(ports)
        if wheelhouse is not None:
            count = seed(ports.state, wheelhouse)
            ports.log("index", f"{count} files of the wheelhouse are new")

    def routes(self) -> list[Route]:
        """All routes."""
        services = (
            self._publishing,
            self._upload,
            self._simple,
            self._vulnerabilities,
            self._integrity,
        )
        return [route for service in services for route in service.routes()]

    @property
    def documents(self) -> Mapping[str, Callable[[Document], Document]]:
        """What the administration may ask of the index, by name of its route."""
        return {
            "publisher": self._publishing.add_publisher,
            "yank": self._simple.yank,
            "delete": self._delete,
            "project-status": self._set_status,
            "api-token": self._mint_api_token,
            "vulnerability": self._add_vulnerability,
        }

    def _delete(self, document: Document) -> Document:
        (filename,) = _texts("delete", document, ("filename",))
        self._simple.delete(filename)
        return {"filename": filename}

    def _set_status(self, document: Document) -> Document:
        project, status = _texts("project-status", document, ("project", "status"))
        self._simple.set_status(project, status)
        return {"project": project, "status": status}

    def _mint_api_token(self, document: Document) -> Document:
        (project,) = _texts("api-token", document, ("project",))
        return {"project": project, "token": self._upload.mint_api_token(project)}

    def _add_vulnerability(self, document: Document) -> Document:
        names = ("project", "version", "id", "summary")
        optional: dict[str, Any] = {"summary": "", "aliases": [], "fixed_in": [], "withdrawn": None}
        given = optional | dict(document)
        lists = {name: given.pop(name) for name in ("aliases", "fixed_in")}
        withdrawn = given.pop("withdrawn")
        project, version, identifier, summary = _texts("vulnerability", given, names)
        if not all(_is_text_list(value) for value in lists.values()):
            raise InputError("vulnerability: aliases and fixed_in are lists of texts")
        if withdrawn is not None and not isinstance(withdrawn, str):
            raise InputError("vulnerability: withdrawn is a time, or absent")
        self._vulnerabilities.add_vulnerability(
            project, version, identifier, summary=summary, withdrawn=withdrawn, **lists
        )
        return {"project": project, "version": version, "id": identifier}


def _texts(what: str, document: Document, names: Sequence[str]) -> list[str]:
    """The named members of a document that has these and no others, all texts."""
    if set(document) != set(names):
        raise InputError(f"{what}: expected {', '.join(names)}", hint="no more, no less")
    values = [document[name] for name in names]
    if not all(isinstance(value, str) for value in values):
        raise InputError(f"{what}: {', '.join(names)} must be texts")
    return [str(value) for value in values]


def _is_text_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)

"""The integrity API: the provenance of a file (PEP 740)."""

from __future__ import annotations

import json

from packaging.utils import canonicalize_name

from sealane.sandbox.accept import choose
from sealane.sandbox.index_form import normal_version
from sealane.sandbox.index_store import IndexStore
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Request, Response, Route, json_response

_MEDIA_TYPE = "application/vnd.pypi.integrity.v1+json"


class Integrity:
    """The route of provenance.

    Args:
        ports: The world.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._store = IndexStore(ports.state)

    def routes(self) -> list[Route]:
        """All routes."""
        path = r"/integrity/(?P<name>[^/]+)/(?P<version>[^/]+)/(?P<filename>[^/]+)/provenance"
        return [Route.of("GET", path, self._provenance)]

    def _provenance(self, request: Request, name: str, version: str, filename: str) -> Response:
        kind = choose(request.headers.get("accept", ""), (_MEDIA_TYPE, "application/json"))
        if kind is None:
            return json_response(406, {"message": "Request not acceptable"})
        file = self._store.file(filename)
        project = self._store.project(name)
        known = (
            file is not None
            and project is not None
            and (file.project, file.version) == (canonicalize_name(name), normal_version(version))
        )
        if file is None or project is None or not known:
            return json_response(404, {"message": f"{filename} not found"})
        if project.status == "quarantined":
            return json_response(403, {"message": "Project is quarantined"})
        fault = self._ports.fault("index.provenance")
        if file.provenance is None or fault == "missing":
            return json_response(404, {"message": f"No provenance available for {filename}"})
        content = _damaged(file.provenance, fault)
        headers = {"Cache-Control": "public, max-age=600", "Vary": "Accept"}
        return Response(200, content.encode(), kind, headers)


def _damaged(provenance: str, fault: str) -> str:
    """What the switch leaves of a provenance."""
    document = json.loads(provenance)
    if fault == "empty":
        document["attestation_bundles"] = []
    if fault == "no-attestations":
        for bundle in document["attestation_bundles"]:
            bundle["attestations"] = []
    return json.dumps(document)

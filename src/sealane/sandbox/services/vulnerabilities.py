"""Known vulnerabilities, as the index tells them with the JSON of a release."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from packaging.utils import InvalidName, canonicalize_name

from sealane.errors import InputError
from sealane.sandbox.addresses import OSV_PREFIX
from sealane.sandbox.advisory_ranges import affects, fixed_in
from sealane.sandbox.advisory_store import AdvisoryStore
from sealane.sandbox.index_form import normal_version
from sealane.sandbox.index_pages import ProjectPage, legacy_json
from sealane.sandbox.index_store import IndexStore
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Request, Response, Route, json_response

# Known to be vulnerable, in the world as in here: an audit that does not flag it does not work.
CANARY = ("jinja2", "2.4.1")
_CANARY_RECORD: Mapping[str, object] = {
    "id": "PYSEC-2019-217",
    "aliases": ["CVE-2019-10906", "GHSA-462w-v97r-4m45"],
    "summary": "str.format_map allows an escape from the template sandbox",
    "details": "str.format_map allows an escape from the template sandbox",
    "fixed_in": ["2.10.1"],
    "link": "",
    "source": "osv",
    "withdrawn": None,
}
_TABLE = """
CREATE TABLE IF NOT EXISTS vulnerability (
    project TEXT NOT NULL, version TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (project, version, id)
)
"""


class Vulnerabilities:
    """The route of a release's JSON.

    Args:
        ports: The world.
        catch_up: Takes in advisories that were merged and not yet read; called before an answer.
    """

    def __init__(self, ports: Ports, catch_up: Callable[[], object] = lambda: None) -> None:
        ports.state.ensure(_TABLE)
        self._ports = ports
        self._catch_up = catch_up
        self._advisories = AdvisoryStore(ports.state)
        self._store = IndexStore(ports.state)

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route.of("GET", r"/pypi/(?P<name>[A-Za-z0-9._-]+)/(?P<version>[^/]+)/json", self._show)
        ]

    def add_vulnerability(
        self,
        project: str,
        version: str,
        identifier: str,
        *,
        aliases: Sequence[str] = (),
        fixed_in: Sequence[str] = (),
        summary: str = "",
        withdrawn: str | None = None,
    ) -> None:
        """Make a release known to be vulnerable; one of the same identifier is replaced.

        Args:
            project: Any spelling of its name.
            version: The vulnerable version.
            identifier: E.g. "PYSEC-2026-1".
            aliases: Other identifiers.
            fixed_in: Versions that are not vulnerable any more.
            summary: One line.
            withdrawn: When it was taken back, RFC 3339; None while it holds.

        Raises:
            InputError: A name or version that is not one.
        """
        try:
            name = canonicalize_name(project, validate=True)
        except InvalidName as error:
            raise InputError(f"vulnerability: {project[:80]!r} is not a project name") from error
        versions = [normal_version(one) for one in (version, *fixed_in)]
        if not identifier or not all(versions):
            raise InputError("vulnerability: the identifier is missing, or a version is not one")
        document = {
            "id": identifier,
            "aliases": list(aliases),
            "summary": summary or None,
            "details": summary,
            "fixed_in": list(fixed_in),
            "link": "",
            "source": "osv",
            "withdrawn": withdrawn,
        }
        self._ports.state.write(
            "INSERT OR REPLACE INTO vulnerability VALUES (?, ?, ?, ?)",
            name, versions[0], identifier, json.dumps(document),
        )  # fmt: skip

    def _show(self, request: Request, name: str, version: str) -> Response:
        canonical, wanted = canonicalize_name(name), normal_version(version)
        if canonical != name:
            location = f"{request.base}/pypi/{canonical}/{version}/json"
            return Response(301, headers={"Location": location})
        self._catch_up()
        known = self._known(request.base, canonical, wanted)
        project = self._store.project(canonical)
        files = [file for file in self._store.files(canonical) if file.version == wanted]
        if project is None or not files:
            # The canary is answered for without being on the index: nobody can install it here.
            if (canonical, wanted) != CANARY:
                return json_response(404, {"message": "Not Found"})
            info = {"info": {"name": canonical, "version": wanted}, "urls": []}
            return json_response(200, info | {"vulnerabilities": known})
        page = ProjectPage(
            project,
            files,
            self._store.releases(canonical),
            self._store.serial_of(canonical),
            request.base,
        )
        return json_response(200, legacy_json(page, wanted) | {"vulnerabilities": known})

    def _known(self, base: str, project: str, version: str) -> list[Mapping[str, object]]:
        rows = self._ports.state.read(
            "SELECT document FROM vulnerability WHERE project = ? AND version = ? ORDER BY id",
            project, version,
        )  # fmt: skip
        canary = [_CANARY_RECORD] if (project, version) == CANARY else []
        by_hand = [json.loads(row[0]) for row in rows]
        return [*canary, *by_hand, *self._fed(base, project, version)]

    def _fed(self, base: str, project: str, version: str) -> list[Mapping[str, object]]:
        """What the advisories say of a release, as the index derives it from them.

        A withdrawn one is told, with the time: its clients pass it over.
        """
        if not version or self._ports.fault("index.vulnerabilities") == "lag":
            return []
        return [
            {
                "id": record["id"],
                "aliases": record.get("aliases", []),
                "summary": record.get("summary"),
                "details": record.get("details", ""),
                # All of them, of whichever series: the index does not look for the release's own.
                "fixed_in": fixed_in(record, project),
                "link": f"{base}{OSV_PREFIX}/v1/vulns/{record['id']}",
                "source": "osv",
                "withdrawn": record.get("withdrawn"),
            }
            for record in self._advisories.of(project)
            if affects(record, project, version)
        ]

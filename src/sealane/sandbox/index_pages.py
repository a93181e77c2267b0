"""The index's pages: PEP 503 HTML, PEP 691 JSON, and the older JSON of a project."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from packaging.version import Version

from sealane.sandbox.index_model import Project, Release, StoredFile

API_VERSION = "1.4"


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """What is shown of a project.

    Attributes:
        project: The project.
        files: Its files, oldest first.
        releases: Its releases by version.
        serial: Its newest change.
        base: Scheme and authority of links.
    """

    project: Project
    files: Sequence[StoredFile]
    releases: Mapping[str, Release]
    serial: int
    base: str

    def yanked(self, file: StoredFile) -> str | None:
        """Why a file is yanked, "" for no reason; None when it is not."""
        release = self.releases.get(file.version)
        return release.yanked if release else None

    def url(self, file: StoredFile) -> str:
        """Where a file is downloaded."""
        return f"{self.base}{file_path(file)}"

    def provenance_url(self, file: StoredFile) -> str | None:
        """Where a file's provenance is; None without."""
        if file.provenance is None:
            return None
        path = "/".join(quote(part) for part in (file.project, file.version, file.filename))
        return f"{self.base}/integrity/{path}/provenance"


def file_path(file: StoredFile) -> str:
    """Path of a file: its BLAKE2b-256 split 2/2/60, then its name."""
    digest = file.digests.blake2_256
    return f"/packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{quote(file.filename)}"


def project_json(page: ProjectPage) -> dict[str, object]:
    """A project as PEP 691 JSON."""
    return {
        "meta": {"api-version": API_VERSION, "_last-serial": page.serial},
        "name": page.project.name,
        "project-status": {"status": page.project.status},
        "versions": _versions(page.files),
        "files": [_file_json(page, file) for file in page.files],
    }


def project_html(page: ProjectPage) -> str:
    """A project as PEP 503 HTML."""
    status = f'<meta name="pypi:project-status" content="{page.project.status}">'
    return _html(
        f"Links for {page.project.name}",
        status,
        (_anchor(page.url(file) + f"#sha256={file.digests.sha256}", file.filename,
                 _attributes(page, file)) for file in page.files),
    )  # fmt: skip


def projects_json(serials: Mapping[str, int], serial: int) -> dict[str, object]:
    """The list of projects as PEP 691 JSON."""
    return {
        "meta": {"api-version": API_VERSION, "_last-serial": serial},
        "projects": [{"name": name, "_last-serial": own} for name, own in serials.items()],
    }


def projects_html(names: Iterable[str]) -> str:
    """The list of projects as PEP 503 HTML."""
    return _html("Simple index", "", (_anchor(f"/simple/{name}/", name, {}) for name in names))


def legacy_json(page: ProjectPage, version: str | None = None) -> dict[str, object]:
    """A project, or one release of it, as the older JSON API shows it."""
    releases = {
        one: [_legacy_file(page, file) for file in page.files if file.version == one]
        for one in _versions(page.files)
    }
    stable = [one for one in releases if not Version(one).is_prerelease]
    latest = version or (stable or list(releases) or [""])[-1]
    reason = page.releases[latest].yanked if latest in page.releases else None
    document: dict[str, object] = {
        "info": {
            "name": page.project.name,
            "version": latest,
            "yanked": reason is not None,
            "yanked_reason": reason or None,
        },
        "last_serial": page.serial,
        "urls": releases.get(latest, []),
        "vulnerabilities": [],
    }
    # Like the real one: only the project's own page lists all releases.
    return document if version else document | {"releases": releases}


def _versions(files: Iterable[StoredFile]) -> list[str]:
    return sorted({file.version for file in files}, key=Version)


def _file_json(page: ProjectPage, file: StoredFile) -> dict[str, object]:
    metadata = {"sha256": metadata_digest(file)} if file.metadata is not None else False
    reason = page.yanked(file)
    return {
        "filename": file.filename,
        "url": page.url(file),
        "hashes": {"sha256": file.digests.sha256},
        "requires-python": file.requires_python or None,
        "size": file.digests.size,
        "upload-time": _time(file.uploaded),
        "yanked": False if reason is None else reason or True,
        "data-dist-info-metadata": metadata,
        "core-metadata": metadata,
        "provenance": page.provenance_url(file),
    }


def _legacy_file(page: ProjectPage, file: StoredFile) -> dict[str, object]:
    reason = page.yanked(file)
    return {
        "filename": file.filename,
        "url": page.url(file),
        "digests": {
            "sha256": file.digests.sha256,
            "blake2b_256": file.digests.blake2_256,
            "md5": file.digests.md5,
        },
        "size": file.digests.size,
        "packagetype": file.kind,
        "requires_python": file.requires_python or None,
        "upload_time_iso_8601": _time(file.uploaded),
        "yanked": reason is not None,
        "yanked_reason": reason or None,
    }


def _attributes(page: ProjectPage, file: StoredFile) -> dict[str, str]:
    found: dict[str, str] = {}
    if file.requires_python:
        found["data-requires-python"] = file.requires_python
    if file.metadata is not None:
        found["data-core-metadata"] = f"sha256={metadata_digest(file)}"
        found["data-dist-info-metadata"] = found["data-core-metadata"]
    provenance = page.provenance_url(file)
    if provenance is not None:
        found["data-provenance"] = provenance
    reason = page.yanked(file)
    if reason is not None:
        found["data-yanked"] = reason
    return found


def metadata_digest(file: StoredFile) -> str:
    """SHA-256 of a wheel's METADATA."""
    return hashlib.sha256(file.metadata or b"").hexdigest()


def _anchor(url: str, text: str, attributes: Mapping[str, str]) -> str:
    shown = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    return f'<a href="{html.escape(url)}"{shown}>{html.escape(text)}</a><br>'


def _html(title: str, head: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return (
        "<!DOCTYPE html>\n<html>\n<head>\n"
        f'<meta name="pypi:repository-version" content="{API_VERSION}">\n{head}\n'
        f"<title>{html.escape(title)}</title>\n</head>\n<body>\n"
        f"<h1>{html.escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _time(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

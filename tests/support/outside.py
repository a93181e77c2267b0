"""The world that an advisory is held against, on a server that answers by a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sealane.core.advisory.listing import Listing
from support.answering import Answering, Reply, told

SIMPLE = "application/vnd.pypi.simple.v1+json"


def show_listing(service: Answering, listing: Listing) -> None:
    """Let the server be the index of a project."""
    files = [
        {
            "filename": file.name,
            "url": f"/files/{file.name}",
            "hashes": {"sha256": file.sha256},
            "yanked": file.yanked,
        }
        for release in listing.releases
        for file in release.files
    ]
    document = {"meta": {"api-version": "1.1"}, "name": listing.project, "files": files}
    service.replies[f"/simple/{listing.project}/"] = Reply(
        200, json.dumps(document).encode(), {"Content-Type": SIMPLE}
    )


def show_cve(service: Answering, identifier: str, container: Mapping[str, Any]) -> None:
    """Let the server have a published CVE record."""
    service.replies[f"/cve/cve/{identifier}"] = told(
        {
            "cveMetadata": {"cveId": identifier, "state": "PUBLISHED"},
            "containers": {"cna": dict(container)},
        }
    )

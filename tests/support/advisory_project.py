"""A project whose advisory holds: record, manifests, a saved listing, and outlets on the disk.

ready(work)                      # all of it in a folder
advise("check advisory.json …")  # the command line in it
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_render import render_record
from support.cases import FIXES, INDEX, acme, manifest_of
from support.commands import Make, file
from support.manifests import statement_bytes
from support.records import listed

# Before any clock that runs a test.
AT = datetime(2025, 6, 1, 12, tzinfo=UTC)
ISSUER = """\
schema = "sealane.release/1"
[project]
name = "acme"
[forge]
kind = "gitlab"
project = "acme/acme"
[[channel]]
name = "index"
kind = "pypi"
[advisory]
issuer = "Acme security team"
namespace = "https://acme.example"
contact = "security@acme.example"
supported = ["1", "2"]
"""
NOBODY = ISSUER.partition("[advisory]")[0]
FOLDER = """\
[[advisory.outlet]]
name = "csaf"
kind = "csaf-tree"
folder = "csaf"
url = "https://acme.example/csaf"
"""
FORGE = """\
[[advisory.outlet]]
name = "forge"
kind = "ghsa"
url = "https://127.0.0.1:9"
repository = "acme/acme"
token = "GHSA_TOKEN"
"""
INPUTS = "--index index.json --manifest v1.2.json --manifest v2.1.json"


def advisory(**changes: Any) -> Record:  # noqa: ANN401 - any field
    """The record about two series of acme, which agrees with the listing."""
    return acme(**{"modified": AT, "published": AT, **changes})


def listing_json(listing: Listing) -> bytes:
    """What a simple API answers for a project."""
    files = [
        {"filename": one.name, "url": one.name, "hashes": {"sha256": one.sha256},
         "yanked": one.yanked}
        for release in listing.releases for one in release.files
    ]  # fmt: skip
    meta = {"api-version": "1.1"}
    return json.dumps({"meta": meta, "name": listing.project, "files": files}).encode()


def index(versions: Collection[str] = INDEX, **changes: Any) -> Make:  # noqa: ANN401 - any field
    """The saved listing of acme with these versions."""
    return file("index.json", listing_json(listed("acme", versions, **changes)))


def ready(work: Path) -> None:
    """Put everything in a folder."""
    (work / "advisory.json").write_bytes(render_record(advisory()))
    index()(work)
    for version in FIXES:
        (work / f"v{version}.json").write_bytes(statement_bytes(manifest_of(version)))
    (work / "sealane.toml").write_text(ISSUER + FOLDER)

"""A release: these files, and no others, are this version of a package.

Spec: in-toto attestation, spec/predicates/release.md, 0.1 and 0.2; purl-spec, "How to parse".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://in-toto.io/attestation/release/v0.1"
PREDICATE_V02 = "https://in-toto.io/attestation/release/v0.2"
# Qualifiers and a subpath may follow; a version cannot hold a slash that is not escaped.
_PURL = re.compile(r"pkg:/*[A-Za-z.+-][A-Za-z0-9.+-]*/[^?#]*[^?#/@]@([^?#/@]+)(?:\?[^#]*)?(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Release:
    """One release; the statement's subjects are its files.

    Attributes:
        purl: Package URL, with its version.
        package_id: What names the package whatever it is called; "" where nothing does.
    """

    purl: str
    package_id: str


def parse_release(predicate: Mapping[str, JsonValue]) -> Release:
    """Read a release.

    Raises:
        InputError: The package URL is missing, is none, or has no version.
    """
    members = Members(predicate, "release")
    purl = members.text("purl")
    if not purl.isprintable() or not _PURL.fullmatch(purl):
        raise InputError(f"release: purl: expected a package URL with a version, got {purl[:80]!r}")
    # 0.1 called it releaseId, and meant the same.
    package_id = members.text_or_empty("packageId") or members.text_or_empty("releaseId")
    return Release(purl, package_id)

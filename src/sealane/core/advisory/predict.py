"""What an index has of a project, and what it will have once manifests are released.

Spec: PEP 691 and PEP 700 (JSON of the simple API), PEP 592 (yanks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from packaging.version import Version

from sealane.core.advisory.file_version import version_of_file
from sealane.core.advisory.listing import ListedFile, ListedRelease, Listing
from sealane.core.attestation.members import Members
from sealane.core.attestation.predicates.release_manifest import ReleaseManifest
from sealane.core.attestation.strict_json import as_text, parse_object
from sealane.core.model.project_name import normal_name
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import replace
from sealane.errors import InputError

_SHA256 = re.compile("[0-9a-f]{64}")


def listing_of(project: str, files: Iterable[ListedFile], origin: str) -> Listing:
    """The releases that files make up, oldest first, each with its files by name.

    Args:
        project: Its name, in any writing.
        files: Every file that the index shows.
        origin: Where it was read, for the report.

    Raises:
        InputError: A name stands twice, and not for the same file.
    """
    name = normal_name(project)
    by_name: dict[str, ListedFile] = {}
    for file in files:
        if by_name.setdefault(file.name, file) != file:
            raise InputError(
                f"{origin}: {file.name[:120]!r} is listed twice: {_told(by_name[file.name])}, "
                f"and {_told(file)}",
                hint="ask the index again; a file has one digest for ever",
            )
    releases: dict[Version, list[ListedFile]] = {}
    legacy = []
    for file in sorted(by_name.values(), key=lambda one: one.name):
        version = version_of_file(file.name, name)
        if version is None:
            legacy.append(file.name)
        else:
            releases.setdefault(version, []).append(file)
    ordered = tuple(
        ListedRelease(str(version), tuple(releases[version])) for version in sorted(releases)
    )
    return Listing(name, ordered, origin, tuple(legacy))


def predict(
    listing: Listing | None, manifests: Sequence[ReleaseManifest], project: str = ""
) -> Listing:
    """The listing as it will be once the manifests are released.

    A file that is there already is fine, as a lane that was run again leaves it. Files of other
    projects in the manifests, and what is no file of an index, are left aside.

    Args:
        listing: What the index has now; None for a project that is not on it yet.
        manifests: Release manifests, in any order.
        project: Which project, where there is no listing.

    Raises:
        InputError: A file has another digest on the index, or in another manifest; no project is
            named and the manifests do not tell one.
    """
    if listing is None:
        listing = Listing(normal_name(project) if project else _only(manifests), (), "")
    there = {file.name: file for one in listing.releases for file in one.files}
    before = frozenset(listing.versions)
    for manifest in manifests:
        for artifact in manifest.artifacts:
            if version_of_file(artifact.name, listing.project) is None:
                continue
            file = ListedFile(artifact.name, artifact.sha256)
            known = there.setdefault(file.name, file)
            if known.sha256 not in ("", file.sha256):
                raise InputError(
                    f"release manifest {manifest.tag}: {file.name[:120]}: expected the bytes that "
                    f"are listed, sha256 {known.sha256}, got {file.sha256}",
                    hint="a file of an index cannot be replaced: release it under another version",
                )
    tags = ", ".join(manifest.tag for manifest in manifests)
    origin = " and ".join(
        part for part in (listing.origin, tags and f"release manifest {tags}") if part
    )
    full = listing_of(listing.project, there.values(), origin)
    releases = tuple(replace(one, predicted=one.version not in before) for one in full.releases)
    return replace(full, releases=releases, legacy=listing.legacy)


def parse_listing(content: bytes, origin: str) -> Listing:
    """A listing from what an index answers for one project: JSON of the simple API, UTF-8.

    Args:
        content: The answer, or a file it was saved to.
        origin: Where it was read, for errors and the report.

    Raises:
        InputError: Not strict JSON, another API than 1.x, or a member is missing or of another
            type; see `listing_of`.

    Spec: PEP 691, "Project Detail"; PEP 700.
    """
    answer = Members(parse_object(content, origin), origin)
    version = answer.inner("meta").text("api-version")
    if not re.fullmatch(r"1\.[0-9]{1,4}", version):
        raise InputError(
            f"{origin}: meta: api-version: expected 1.x, got {version[:20]!r}",
            hint="save the answer that the index gives for "
            "Accept: application/vnd.pypi.simple.v1+json",
        )
    files = [_file(one) for one in answer.each("files")]
    return listing_of(answer.text("name"), files, origin)


def _file(entry: Members) -> ListedFile:
    digest = ""
    hashes = entry.inner("hashes")
    if hashes.has("sha256"):
        digest = hashes.text("sha256")
        if not _SHA256.fullmatch(digest):
            raise InputError(
                f"{hashes.place}: sha256: expected 64 lower-case hex digits, got {digest[:80]!r}"
            )
    yanked: JsonValue = entry.value("yanked") if entry.has("yanked") else False
    if not isinstance(yanked, bool):
        # The reason stands there; PEP 592 lets it be empty in HTML, PEP 691 does not.
        yanked = bool(as_text(yanked, f"{entry.place}: yanked"))
    return ListedFile(entry.text("filename"), digest, yanked)


def _only(manifests: Sequence[ReleaseManifest]) -> str:
    names = sorted({normal_name(one.name) for each in manifests for one in each.packages})
    if len(names) != 1:
        raise InputError(
            f"predicted index: expected release manifests of one package, got "
            f"{', '.join(names) or 'none'}",
            hint="name the project",
        )
    return names[0]


def _told(file: ListedFile) -> str:
    return f"sha256 {file.sha256 or 'not told'}{', yanked' if file.yanked else ''}"

"""ADV06, ADV07 and ADV08: what is said to fix it is released, as it was signed, and does so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from packaging.version import Version

from sealane.core.advisory.answers import failed, missing, noted, several, unlisted
from sealane.core.advisory.checks.interface import Case, Stage
from sealane.core.advisory.file_version import version_of_file, version_or_none
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.reach import fixes_of, projects_of, released_by, subjects_of
from sealane.core.model.project_name import normal_name
from sealane.core.model.verdict import Finding


class FixKnown:
    """Fixed versions exist.

    Real advisories break this most often: one in twenty names a fix that never was on the index.
    """

    code: ClassVar[str] = "SL-ADV-006"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each fix that nobody released, and each release with the fix that is not named.

        1. A fixed version is on the index, which for a draft holds the manifests' files too.
        2. What a release manifest releases is named as fixed.
        3. A draft without manifests is answered by the index alone, which is told.
        """
        for reach, listing in subjects_of(case.record, case.listings):
            released = released_by(case.manifests, reach.project)
            place = f"record: {reach.project}"
            if listing is None:
                yield unlisted(self.code, reach.project)
                continue
            known = {Version(one) for one in listing.versions}
            if case.stage is Stage.DRAFT:
                known |= released
            for text in reach.fixed:  # 1
                if Version(text) not in known:
                    newest = several(listing.versions[-3:]) or "none"
                    yield failed(self.code, place, f"a version of the index, which has {newest}",
                                 f"fixed: {text[:60]}")  # fmt: skip
            for version in sorted(released - {*reach.fixes}):  # 2
                yield failed(self.code, place, f"fixed: {version}, as its release manifest has it",
                             several(reach.fixed) or "no fix")  # fmt: skip
            if not reach.fixed:
                yield noted(self.code, place, "no version is said to fix it")
            elif case.stage is Stage.DRAFT and not released:  # 3
                yield noted(self.code, place, "no release manifest: the index alone was asked")


class FixFiles:
    """Files of the fixed versions.

    A file on the index that no manifest has fails too: nobody signed it for this release, and
    installers may choose it.
    """

    code: ClassVar[str] = "SL-ADV-007"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each file that is missing, yanked, or not what was signed.

        1. What the record itself lists is what the release manifests list.
        2. It lists files of fixed versions only.
        3. The index has exactly those, with their digests, and none is yanked.
        4. Where neither manifests nor the record list any, nothing can be compared: a draft is
           told so, what is published is not known to be right.
        """
        yield from self._strays(case)  # 2
        for reach, listing in subjects_of(case.record, case.listings):
            signed = _signed(case, reach.project)
            listed = _listed(case, reach.project)
            for version, files in listed.items():
                place = f"record: files of {reach.project} {version}"
                if version not in reach.fixes:  # 2
                    yield failed(self.code, place, "files of fixed versions", str(version))
                if version in signed:  # 1
                    yield from self._equal(place, signed[version], files)
            if listing is None:
                yield unlisted(self.code, reach.project)
                continue
            for version in reach.fixes:
                wanted = signed.get(version) or listed.get(version) or {}
                yield from self._released(case, listing, version, wanted)

    def _strays(self, case: Case) -> Iterator[Finding]:
        projects = projects_of(case.record)
        provenance = case.record.provenance
        for file in provenance.files if provenance else ():
            known = normal_name(file.package) in projects
            if not known or version_or_none(file.version) is None:
                place = f"record: file {file.name[:120]}"
                told = f"of {file.package[:60]} {file.version[:60]}"
                yield failed(
                    self.code, place, f"a file of {several(projects) or 'a package'}", told
                )

    def _released(
        self, case: Case, listing: Listing, version: Version, wanted: Mapping[str, str]
    ) -> Iterator[Finding]:
        place = f"index of {listing.project} {version} ({listing.origin})"
        release = next((one for one in listing.releases if Version(one.version) == version), None)
        if release is None:
            yield failed(self.code, place, several(sorted(wanted)) or "its files", "no file")
            return
        gone = [file.name for file in release.files if file.yanked]
        if gone:  # 3
            yield failed(self.code, place, "files that are not yanked", f"yanked: {several(gone)}")
        if wanted:
            yield from self._equal(place, wanted, {one.name: one.sha256 for one in release.files})
        elif case.stage is Stage.DRAFT:  # 4
            yield noted(self.code, place, "no release manifest: its digests were not compared")
        else:
            yield missing(self.code, place, "the digests that were signed", "none is at hand",
                          "name the release manifest of the fix")  # fmt: skip

    def _equal(
        self, place: str, wanted: Mapping[str, str], found: Mapping[str, str]
    ) -> Iterator[Finding]:
        for name in sorted(wanted.keys() | found.keys()):
            where = f"{place}: {name[:120]}"
            if name not in found:
                yield failed(self.code, where, f"sha256 {wanted[name]}", "no such file")
            elif name not in wanted:
                yield failed(self.code, where, "no such file", f"sha256 {found[name] or 'unknown'}")
            elif not found[name]:
                yield missing(self.code, where, f"sha256 {wanted[name]}", "no digest is told")
            elif wanted[name] != found[name]:
                yield failed(self.code, where, f"sha256 {wanted[name]}", f"sha256 {found[name]}")


class FixUnaffected:
    """Fixed versions are not affected."""

    code: ClassVar[str] = "SL-ADV-008"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each fix that is inside a range, or in the list of versions.

        What a release manifest releases counts as a fix, whether the record calls it one or not.
        """
        for reach, _ in subjects_of(case.record, case.listings):
            for version in fixes_of(reach, case.manifests):
                place = f"record: {reach.project} {version}"
                if reach.inside(version):
                    yield failed(self.code, place, "outside every range", "inside one")
                if version in {version_or_none(text) for text in reach.listed}:
                    yield failed(self.code, place, "not among the versions", "listed")


def _signed(case: Case, project: str) -> dict[Version, dict[str, str]]:
    """The files of each version that release manifests have: name and digest."""
    found: dict[Version, dict[str, str]] = {}
    for manifest in case.manifests:
        for artifact in manifest.artifacts:
            version = version_of_file(artifact.name, project)
            if version is not None:
                found.setdefault(version, {})[artifact.name] = artifact.sha256
    return found


def _listed(case: Case, project: str) -> dict[Version, dict[str, str]]:
    """The same, as the record lists them."""
    found: dict[Version, dict[str, str]] = {}
    provenance = case.record.provenance
    for file in provenance.files if provenance else ():
        version = version_or_none(file.version)
        if version is not None and normal_name(file.package) == project:
            found.setdefault(version, {})[file.name] = file.sha256
    return found

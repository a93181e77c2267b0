"""ADV03: the package is named as its index, its purl and its release manifest name it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, several, unlisted
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.reach import listing_for, project_of, projects_of
from sealane.core.advisory.record import ECOSYSTEM, Affected
from sealane.core.model.project_name import normal_name
from sealane.core.model.verdict import Finding


class Packages:
    """Names of the packages.

    A package of another ecosystem fails: nothing here can hold it against an index.
    """

    code: ClassVar[str] = "SL-ADV-003"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each name that is written in another way, or is another package's.

        1. In the record: a name that is not normalised is flagged without its fix.
        2. On the index, by PKG:001 of OSV's linter: there has to be such a project.
        3. In the release manifests, both ways: each package was released by one of them, and each
           released something that the record is about.
        """
        for number, entry in enumerate(case.record.affected):  # 1
            yield from self._entry(entry, f"record/affected/{number}/package")
        projects = projects_of(case.record)
        if not projects:
            yield failed(self.code, "record/affected", "a package", "none")
        for project in projects:  # 2
            listing = listing_for(case.listings, project)
            if listing is None:
                yield unlisted(self.code, project)
            elif not listing.releases:
                place = f"index of {project} ({listing.origin})"
                yield failed(self.code, place, "a project (PKG:001)", "nothing was released")
        released: set[str] = set()
        for manifest in case.manifests:  # 3
            names = {normal_name(package.name) for package in manifest.packages}
            released |= names
            if names.isdisjoint(projects):
                place = f"release manifest {manifest.tag}"
                named = several(projects) or "none"
                yield failed(self.code, place, f"a package of the record: {named}",
                             several(sorted(names)) or "none")  # fmt: skip
        for project in projects:
            if released and project not in released:
                yield failed(self.code, f"record: {project}",
                             f"a package that was released: {several(sorted(released))}", project,
                             "name the right package, or the release manifest of this one as well",
                             )  # fmt: skip

    def _entry(self, entry: Affected, place: str) -> Iterator[Finding]:
        about, project = entry.about, project_of(entry)
        if about.ecosystem != ECOSYSTEM:
            yield failed(self.code, f"{place}/ecosystem", ECOSYSTEM, about.ecosystem or "none")
        if about.name != project or not project:
            yield failed(self.code, f"{place}/name", project or "a name", about.name or "none")
        # By PKG:003 of OSV's linter it has to be a package URL at all.
        if about.purl and about.purl != f"pkg:pypi/{project}":
            yield failed(self.code, f"{place}/purl", f"pkg:pypi/{project}", about.purl[:120])

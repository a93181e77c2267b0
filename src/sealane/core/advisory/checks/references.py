"""ADV16: links answer, and the fix they lead to is public and in the release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from sealane.core.advisory.answers import failed, missing, several, warned
from sealane.core.advisory.checks.interface import Case, SeenFix
from sealane.core.advisory.file_version import version_or_none
from sealane.core.advisory.record import Record
from sealane.core.model.verdict import Finding
from sealane.core.release.affected import fixed_versions

_COMMIT = re.compile(r"/(?:commit|commits|rev)/([0-9A-Fa-f]{7,64})(?![0-9a-zA-Z])")
_ID = re.compile(r"[0-9a-f]{7,64}")
_ANSWERS = range(200, 400)


class References:
    """Links and fixes; a record without any link only warns, for some formats have to have one."""

    code: ClassVar[str] = "SL-ADV-016"
    published: ClassVar[bool] = True
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each link without an answer, and each fix that is not where it should be.

        1. Every link answers with a status of 200 to 399.
        2. Every commit that a FIX link or a GIT range names is on a public branch, and in the tag
           of a release with the fix: of a manifest, or without any, one that is named by a fixed
           version.
        3. The tag of every manifest has one of those commits.
        """
        yield from self._links(case)
        commits = commits_of(case.record)
        if not commits:
            return
        if case.seen.fixes is None:
            yield missing(self.code, "repository", several(commits), "it was not read",
                          "name a clone of the project: --repository DIR")  # fmt: skip
            return
        found: list[SeenFix] = []
        for commit in commits:  # 2
            place = f"commit {commit}"
            fix = next((one for one in case.seen.fixes if one.commit.startswith(commit)), None)
            if fix is None:
                yield missing(self.code, place, "branches and tags", "it was not looked for")
                continue
            found.append(fix)
            if not fix.branches:
                yield failed(self.code, place, "a public branch that has it", "none")
            if not any(_releases(tag, case) for tag in fix.tags):
                told = f"in {several(fix.tags)}" if fix.tags else "in no tag"
                yield failed(self.code, place, "in the tag of a fixing release", told)
        for manifest in case.manifests:  # 3
            if found and not any(manifest.tag in fix.tags for fix in found):
                told = f"none of {several(commits)}"
                yield failed(self.code, f"tag {manifest.tag}", "a commit of the fix", told)

    def _links(self, case: Case) -> Iterator[Finding]:
        links = tuple(dict.fromkeys(one.url for one in case.record.references))
        if not links:
            yield warned(self.code, "record/references", "a link at least", "none")
        elif case.seen.references is None:
            hint = "let them be asked: --online=links"
            yield missing(self.code, "record/references", "answers", "nobody asked", hint)
            return
        answers = {one.url: one.status for one in case.seen.references or ()}
        for url in links:
            status = answers.get(url)
            if status is None:
                hint = "let it be asked: --online=links"
                yield missing(self.code, url[:200], "an answer", "nobody asked", hint)
            elif status not in _ANSWERS:
                told = f"status {status}" if status else "nobody answered"
                yield failed(self.code, url[:200], "status 200 to 399", told)


def commits_of(record: Record) -> tuple[str, ...]:
    """Every commit that a record names as a fix, in its order, without those named in full too."""
    named = [
        link[1].lower()  # Forges take either.
        for one in record.references
        if one.type == "FIX" and (link := _COMMIT.search(one.url))
    ]
    for entry in record.affected:
        for one in entry.about.ranges:
            if one.type == "GIT":
                named += [text for kind, text in one.events if kind == "fixed"]
    found = list(dict.fromkeys(text for text in named if _ID.fullmatch(text)))
    return tuple(text for text in found if not any(o != text and o.startswith(text) for o in found))


def _releases(tag: str, case: Case) -> bool:
    """Whether a tag is of a release with the fix."""
    if case.manifests:
        return any(manifest.tag == tag for manifest in case.manifests)
    written = re.search(r"[0-9].*", tag)
    version = version_or_none(written[0]) if written else None
    fixed = [text for one in case.record.affected for text in fixed_versions(one.about)]
    return version is not None and version in {version_or_none(text) for text in fixed}

"""ADV24: the announcement names the versions and identifiers of the record, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from packaging.version import Version

from sealane.core.advisory.answers import failed, missing, noted, several
from sealane.core.advisory.checks.interface import Case, Stage
from sealane.core.advisory.file_version import version_or_none
from sealane.core.advisory.reach import Reach, subjects_of
from sealane.core.model.verdict import Finding

# What looks like a version and is another thing: vectors, links, dates and times, and the numbers
# of a scale or of the language.
_OTHER = re.compile(
    r"CVSS:\S+|[a-z]{1,12}://\S+|\d{4}-\d{2}-\d{2}\S*|"
    r"(?:CVSS|Python|score)[ \t]?(?:v|of[ \t]|:[ \t]?)?\d[\d.]*",
    re.IGNORECASE | re.ASCII,
)
_VERSION = (
    r"v?(?:\d{1,9}!)?\d{1,9}(?:\.\d{1,9}){1,9}"
    r"(?:[-_.]?(?:alpha|beta|post|dev|rc|a|b)(?:[-_.]?\d{1,9})?){0,3}"
)
_TOKEN = re.compile(rf"(?<![\w.!-])({_VERSION})(?![\w!]|\.\d)", re.IGNORECASE | re.ASCII)
# Behind these words stand versions that are said to be right; several in a row are one answer.
_SAID = re.compile(
    rf"(?:(?:fixed|patched|resolved|corrected|solved|addressed)\s+(?:in|by|with)|"
    rf"(?:upgrade|update|upgrading|updating)\s+to)\s+((?:[^\s.;:()]+\s+){{0,4}}?{_VERSION}"
    rf"(?:(?:\s*,\s*|\s+)(?:(?:and|or)\s+)?{_VERSION})*)",
    re.IGNORECASE | re.ASCII,
)
_ID = re.compile(
    r"\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|PYSEC-(?:0000-[\w.-]*\w|\d{4}-\w+))", re.ASCII
)


class Announcement:
    """The text that announces it."""

    code: ClassVar[str] = "SL-ADV-024"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """What it leaves out, and what it says otherwise.

        1. It names every identifier of the record, and none of another advisory.
        2. It names every fixed version.
        3. What it says to upgrade to, or to be fixed in, are fixed versions.
        4. Any other version that it names and that is of a series with a fix, or on the index, is
           affected, or a bound: "1.4.3" beside a fix in 1.4.2 is a slip.
        """
        if case.seen.announcement is None:
            if case.stage is Stage.DRAFT:
                yield noted(self.code, "announcement", "none was named")
            else:
                hint = "name it: --announcement FILE; the rendered Markdown is one"
                yield missing(self.code, "announcement", "its text", "none was named", hint)
            return
        text = case.seen.announcement
        record = case.record
        own = [record.id, *record.aliases]
        lost = [one for one in own if not _names(text, one)]
        if lost:  # 1
            yield failed(self.code, "announcement", several(lost), "not named")
        known = {*own, *record.upstream, *record.related}
        if foreign := sorted(set(_ID.findall(text)) - known):
            yield failed(self.code, "announcement", several(own), several(foreign))
        plain = _ID.sub(" ", _OTHER.sub(" ", text))
        reaches = tuple(subjects_of(record, case.listings))
        fixes = {version for reach, _ in reaches for version in reach.fixes}
        tokens = _versions(plain)
        if missed := [str(one) for one in sorted(fixes - tokens.keys())]:  # 2
            yield failed(self.code, "announcement", f"fixed in {several(missed)}", "not named")
        said = {version for found in _SAID.findall(plain) for version in _versions(found)}
        if wrong := [str(one) for one in sorted(said - fixes)]:  # 3
            told = f"fixed in {several(list(map(str, sorted(fixes)))) or 'nothing'}"
            yield failed(self.code, "announcement", told, f"fixed in {several(wrong)}")
        indexed = {Version(one) for _, listing in reaches if listing for one in listing.versions}
        strange = [
            written
            for version, written in tokens.items()
            if version not in said | fixes
            and (version in indexed or any(_alike(version, fix) for fix in fixes))
            and not any(_explained(version, reach) for reach, _ in reaches)
        ]
        if strange:  # 4
            told = "versions that are affected, or fix it"
            yield failed(self.code, "announcement", told, several(strange))


def _versions(text: str) -> dict[Version, str]:
    """What looks like a version and is one, as it is written."""
    found = {written: version_or_none(written) for written in _TOKEN.findall(text)}
    return {version: written for written, version in found.items() if version is not None}


def _names(text: str, identifier: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(identifier)}(?![\w-])", text) is not None


def _alike(one: Version, other: Version) -> bool:
    """Whether two versions are of one series, by major and minor number."""
    return (one.epoch, one.major, one.minor) == (other.epoch, other.major, other.minor)


def _explained(version: Version, reach: Reach) -> bool:
    """Whether a version is affected, a bound, or the name of a series, as "1.4" is."""
    bounds = {
        Version(text)
        for one in reach.intervals
        for text in (one.introduced, one.last_affected)
        if text
    }
    series = version.public == version.base_version and len(version.release) == 2
    return series or version in bounds or reach.affects(version)

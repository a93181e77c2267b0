"""One version in all its forms; what has no exact equal is refused, never bent."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import assert_never

from packaging.version import InvalidVersion, Version

from sealane.core.model.values import dataclass
from sealane.errors import InputError

_LETTERS = {"a": "alpha", "b": "beta", "rc": "rc"}
_NUMBER = r"(?:0|[1-9][0-9]{0,17})"
_SEMVER = re.compile(
    rf"(?P<base>{_NUMBER}\.{_NUMBER}\.{_NUMBER})(?:-(?P<word>[0-9A-Za-z-]+)(?P<rest>[0-9A-Za-z.-]*))?"
    r"(?P<build>\+.*)?",
    re.ASCII,
)
_PRERELEASE = re.compile(rf"(?P<word>alpha|beta|rc)\.(?P<number>{_NUMBER})", re.ASCII)
LONGEST = 100  # characters; a version is a name in a URL and a file


class VersionForm(StrEnum):
    """The forms one version can be written in."""

    PEP440 = "pep440"
    SEMVER = "semver"
    BASE = "base"


@dataclass(frozen=True, slots=True)
class ReleaseVersion:
    """A version that can be released.

    Attributes:
        pep440: PEP 440 in normal form, e.g. "0.2.0a1".
        semver: The SemVer that stands for the same, e.g. "0.2.0-alpha.1"; None without an equal.
        base: The numbers alone, e.g. "0.2.0".
    """

    pep440: str
    semver: str | None
    base: str

    @property
    def prerelease(self) -> bool:
        """True for an alpha, a beta or a release candidate."""
        return self.pep440 != self.base

    def form(self, form: VersionForm) -> str:
        """The version as one form writes it.

        Raises:
            InputError: It has no equal in that form.
        """
        match form:
            case VersionForm.PEP440:
                return self.pep440
            case VersionForm.BASE:
                return self.base
            case VersionForm.SEMVER:
                if self.semver is None:
                    raise InputError(
                        f"version {self.pep440}: has no equal in SemVer",
                        hint="use three numbers, MAJOR.MINOR.PATCH, or the form pep440",
                    )
                return self.semver
            case _:
                assert_never(form)


def parse_version(text: str, form: VersionForm) -> ReleaseVersion:
    """Read a version as one form writes it.

    Raises:
        InputError: It is not in normal form, or of a kind that is not released: a local version,
            build metadata, an epoch, a post- or a development release.
    """
    if len(text) > LONGEST:
        raise _refused(text, f"longer than {LONGEST} characters")
    match form:
        case VersionForm.SEMVER:
            return _from_semver(text)
        case VersionForm.PEP440:
            return _from_pep440(text)
        case VersionForm.BASE:
            version = _from_pep440(text)
            if version.prerelease:
                raise _refused(text, "expected the numbers alone")
            return version
        case _:
            assert_never(form)


def _from_pep440(text: str) -> ReleaseVersion:
    try:
        version = Version(text)
    except (InvalidVersion, ValueError) as error:  # int() refuses thousands of digits
        raise _refused(text, "not a PEP 440 version") from error
    if version.local:
        raise _refused(text, "a local version is not released")
    if version.is_postrelease:
        raise _refused(text, "post-releases are not supported in this version")
    if version.is_devrelease:
        raise _refused(text, "a development release is not released")
    if version.epoch:
        raise _refused(text, "epochs are not supported")
    if str(version) != text:
        raise _refused(text, f"expected the normal form {version}")
    base = version.base_version
    return ReleaseVersion(text, _semver_of(version), base)


def _semver_of(version: Version) -> str | None:
    if len(version.release) != 3:
        return None
    if version.pre is None:
        return version.base_version
    letter, number = version.pre
    return f"{version.base_version}-{_LETTERS[letter]}.{number}"


def _from_semver(text: str) -> ReleaseVersion:
    found = _SEMVER.fullmatch(text)
    if found is None:
        raise _refused(text, "not a SemVer version, MAJOR.MINOR.PATCH[-PRE.N]")
    if found["build"]:
        raise _refused(text, "build metadata is not released")
    if found["word"] is None:
        return ReleaseVersion(text, text, found["base"])
    pre = _PRERELEASE.fullmatch(found["word"] + found["rest"])
    if pre is None:
        raise _refused(text, "expected a pre-release alpha.N, beta.N or rc.N")
    letter = next(key for key, word in _LETTERS.items() if word == pre["word"])
    return ReleaseVersion(f"{found['base']}{letter}{pre['number']}", text, found["base"])


def _refused(text: str, why: str) -> InputError:
    return InputError(
        f"version {text[:60]!r}: {why}",
        hint="write e.g. 1.2.3 or 1.2.3rc1 (SemVer: 1.2.3-rc.1)",
    )

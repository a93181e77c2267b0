"""Which refs stand for the version of an artifact."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import assert_never

from packaging.version import InvalidVersion, Version

from sealane.core.release.version import VersionForm, parse_version
from sealane.errors import InputError, PolicyError

TAGS = "refs/tags/"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_FORMS = {form.value: form for form in VersionForm}
# What git refuses in a ref, and wildcards that somebody may believe to work.
_UNUSABLE = re.compile(r"[ ~^:?*\[\]\\]|\.\.|//")
# After one of these a number goes on: "v11.0" does not end in the version 1.0.
_INSIDE = frozenset("0123456789.!+")
_LONGEST = 250
# The files of one release share a ref and a version; what is remembered depends on nothing else.
_REMEMBERED = 512


def check_template(template: str) -> str:
    """A ref template that can be used.

    Args:
        template: A full ref with at most one of {pep440}, {semver}, {base}.

    Raises:
        PolicyError: It is not a full ref, has an unknown or a second placeholder, or a wildcard.
    """
    found = _PLACEHOLDER.findall(template)
    plain = _PLACEHOLDER.sub("1", template)
    if len(found) > 1 or any(name not in _FORMS for name in found) or set("{}") & set(plain):
        raise _refused(template, "expected at most one of {pep440}, {semver}, {base}")
    shown = plain.isascii() and plain.isprintable() and len(plain) <= _LONGEST
    if not shown or not re.match(r"refs/[a-z]+/.", plain) or _UNUSABLE.search(plain):
        raise _refused(template, "expected a full ref, e.g. refs/tags/v{pep440}")
    return template


@lru_cache(maxsize=_REMEMBERED)
def matches_template(ref: str, template: str, version: str | None) -> bool:
    """Whether a ref is what a template says for a version.

    Args:
        ref: The ref of the certificate.
        template: As `check_template` passed it.
        version: PEP 440 version of the artifact; None where its name tells none: then a template
            with a placeholder matches nothing.
    """
    found = _PLACEHOLDER.search(template)
    if found is None:
        return ref == template
    prefix, suffix = template[: found.start()], template[found.end() :]
    written = ref[len(prefix) : len(ref) - len(suffix)]
    if version is None or not written or ref != f"{prefix}{written}{suffix}":
        return False
    return _stands_for(written, _FORMS[found[1]], version)


@lru_cache(maxsize=_REMEMBERED)
def is_release_tag(ref: str, version: str | None) -> bool:
    """Whether a ref is a tag whose name ends in a version that equals the artifact's.

    The longest end of the name that is a version counts, so that neither "v11.0" nor "v1.0rc1"
    is taken for a shorter version that it happens to end in.
    """
    if version is None or not ref.startswith(TAGS) or len(ref) > _LONGEST:
        return False
    name = ref.removeprefix(TAGS)
    for start in range(len(name)):
        if start and name[start - 1] in _INSIDE:
            continue
        found = _version(name[start:])
        if found is not None:
            return found == _version(version)
    return False


def _stands_for(written: str, form: VersionForm, version: str) -> bool:
    expected = _version(version)
    match form:
        case VersionForm.PEP440:
            # `packaging` takes "v1.0" for 1.0; the letters around a version are the template's.
            found = _version(written) if written[0].isdigit() else None
        case VersionForm.SEMVER:
            try:
                found = _version(parse_version(written, form).pep440)
            except InputError:
                return False
        case VersionForm.BASE:
            return expected is not None and written == expected.base_version
        case _:
            assert_never(form)
    return found is not None and found == expected


def _version(text: str) -> Version | None:
    try:
        # The characters that `packaging` would strip or fold are no part of a tag's version.
        return Version(text) if re.fullmatch(r"[0-9A-Za-z.!+_-]+", text, re.ASCII) else None
    except (InvalidVersion, ValueError):
        return None


def _refused(template: str, why: str) -> PolicyError:
    return PolicyError(f"ref {template[:100]!r}: {why}", hint="write e.g. refs/tags/v{pep440}")

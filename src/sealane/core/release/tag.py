"""The grammar of a project's release tags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sealane.core.model.values import dataclass
from sealane.core.release.project import TagRule
from sealane.core.release.version import ReleaseVersion, VersionForm, parse_version
from sealane.errors import InputError

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# What git refuses in a name, and what a shell or a URL would take for something else.
_ALLOWED = re.compile(r"[A-Za-z0-9._/+-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class TagPattern:
    """A tag's pattern in parts: what stands before and after the one version."""

    prefix: str
    form: VersionForm
    suffix: str

    def __str__(self) -> str:
        return f"{self.prefix}{{{self.form}}}{self.suffix}"

    def render(self, version: ReleaseVersion) -> str:
        """The tag of a version.

        Raises:
            InputError: The version has no equal in the pattern's form.
        """
        return f"{self.prefix}{version.form(self.form)}{self.suffix}"

    def matches(self, tag: str) -> bool:
        """Whether a tag has the pattern's shape and a version that can be released."""
        try:
            self.parse(tag)
        except InputError:
            return False
        return True

    def parse(self, tag: str) -> ReleaseVersion:
        """Read the version out of a tag.

        Raises:
            InputError: The tag does not have the pattern's shape, or its version is refused.
        """
        inner = tag[len(self.prefix) : len(tag) - len(self.suffix)]
        if not inner or tag != f"{self.prefix}{inner}{self.suffix}":
            raise InputError(
                f"tag {tag[:100]!r}: does not match the pattern {self}",
                hint="name a tag of this form, or correct [[tag]] pattern in sealane.toml",
            )
        return parse_version(inner, self.form)


def parse_pattern(rule: TagRule) -> TagPattern:
    """Read a pattern: text with exactly one of {pep440}, {semver}, {base}.

    Raises:
        InputError: None or several placeholders, an unknown one, or a name git does not allow.
    """
    found = _PLACEHOLDER.findall(rule.pattern)
    prefix, _, rest = rule.pattern.partition("{")
    suffix = rest.partition("}")[2]
    forms = {form.value: form for form in VersionForm}
    if len(found) != 1 or found[0] not in forms:
        raise _refused(rule, "expected exactly one of {pep440}, {semver}, {base}")
    if not _ALLOWED.fullmatch(prefix + suffix):
        raise _refused(rule, "expected letters, digits and . _ / + - around the placeholder")
    sample = f"{prefix}1{suffix}"
    parts = sample.split("/")
    if any(not part or part[0] in ".-" or part.endswith((".", ".lock")) for part in parts):
        raise _refused(rule, "git does not allow such a tag")
    if ".." in sample:
        raise _refused(rule, "git does not allow .. in a tag")
    return TagPattern(prefix, forms[found[0]], suffix)


def release_tag(patterns: Sequence[TagPattern], named: str | None, at_head: Sequence[str]) -> str:
    """The one tag that is released: the one named, or the only matching one at HEAD.

    Raises:
        InputError: No tag at HEAD matches, or several do and none was named.
    """
    if named is not None:
        return named
    matching = [tag for tag in at_head if any(pattern.matches(tag) for pattern in patterns)]
    shapes = ", ".join(map(str, patterns))
    if not matching:
        others = f" (tags there: {', '.join(sorted(at_head)[:5])})" if at_head else ""
        raise InputError(
            f"no tag at HEAD matches {shapes}{others}",
            hint="tag the commit, or name a tag with --tag",
        )
    if len(matching) > 1:
        raise InputError(
            f"several tags at HEAD match {shapes}: {', '.join(sorted(matching))}",
            hint="name the one that is released with --tag",
        )
    return matching[0]


def _refused(rule: TagRule, why: str) -> InputError:
    return InputError(f"tag pattern {rule.pattern[:100]!r}: {why}", hint='write e.g. "v{pep440}"')

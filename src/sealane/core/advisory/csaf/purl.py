"""Whether a package URL says what a package URL has to say.

Spec: Package URL 1.0 (ECMA-427), "Package-URL components", and the definitions of its types.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_TYPE = re.compile(r"[A-Za-z.-][A-Za-z0-9.-]*")
_KEY = re.compile(r"[A-Za-z._-][A-Za-z0-9._-]*")
_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Types whose packages are never named without a namespace, and never with one.
_NAMESPACE = frozenset(("bitbucket", "composer", "github", "maven", "swift"))
_NO_NAMESPACE = frozenset(("cargo", "gem", "nuget", "pypi"))


def purl_fault(purl: str) -> str:
    """What is wrong with a package URL; "" where nothing is.

    Args:
        purl: A text that begins with "pkg:".
    """
    if _BROKEN.search(purl):
        return "a % is not followed by two hexadecimal digits"
    # Parted from the right, as the specification does: # and ? may stand in no other component.
    rest, _, subpath = purl.removeprefix("pkg:").partition("#")
    rest, _, qualifiers = rest.partition("?")
    kind, _, path = rest.strip("/").partition("/")
    if not _TYPE.fullmatch(kind):
        return f"the type {kind[:40]!r} is not of letters, digits, dots and dashes"
    # An @ in a namespace is encoded; one before the last slash belongs to none of the components.
    head, slash, last = path.rpartition("/")
    name, at, version = last.partition("@")
    if not unquote(name):
        return "it has no name"
    if at and not unquote(version):
        return "it has an @, and no version after it"
    namespace = head if slash else ""
    return (
        _namespace_fault(kind.lower(), namespace)
        or _qualifiers_fault(qualifiers)
        or _subpath_fault(subpath)
    )


def _namespace_fault(kind: str, namespace: str) -> str:
    if any("/" in unquote(part) for part in namespace.split("/")):
        return "a part of the namespace has an encoded slash in it"
    if kind in _NAMESPACE and not namespace.strip("/"):
        return f"a package of the type {kind} has a namespace"
    if kind in _NO_NAMESPACE and namespace.strip("/"):
        return f"a package of the type {kind} has no namespace"
    return ""


def _qualifiers_fault(qualifiers: str) -> str:
    seen = set()
    for one in qualifiers.split("&") if qualifiers else ():
        key, equals, _ = one.partition("=")
        if not equals or not _KEY.fullmatch(key):
            return f"the qualifier {one[:40]!r} is no key=value"
        if key.lower() in seen:
            return f"the qualifier {key[:40]!r} stands twice"
        seen.add(key.lower())
    return ""


def _subpath_fault(subpath: str) -> str:
    parts = [unquote(part) for part in subpath.strip("/").split("/")]
    if any(part in {".", ".."} or "/" in part for part in parts):
        return f"the subpath {subpath[:40]!r} leads somewhere else"
    return ""

"""Words by which a text tells that a change closes a hole, and how they are looked for.

A fix that is still a secret says what it does, e.g. "Refuse header names with line ends". It does
not say why: no identifier, no "security", no kind of attack.

Spec: curl, docs/VULN-DISCLOSURE-POLICY.md (commit messages make no reference to the security nature
before the announcement); Keep a Changelog, "Security"; Conventional Commits 1.0.0, types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

# These tell by themselves, in any project. "*" stands for any ending.
TELLING = (
    "vulnerab*", "exploit*", "embargo*", "security", "cve", "ghsa", "cvss", "zero day", "0 day",
    "0day", "responsible disclosure", "coordinated disclosure", "pre disclosure", "predisclosure",
    "hackerone", "bugcrowd", "bug bounty", "linux distros", "oss security", "silent fix",
    "remote code execution", "arbitrary code execution", "arbitrary command*",
    "privilege escalation", "denial of service", "sql injection", "command injection",
    "shell injection", "header injection", "code injection", "template injection", "log injection",
    "crlf injection", "request smuggling", "response splitting", "zip slip",
    "prototype pollution", "use after free", "authentication bypass", "auth bypass",
    "authorization bypass", "permission bypass", "sandbox escape", "cross site scripting",
    "request forgery", "cache poisoning", "session fixation", "timing attack", "replay attack",
    "decompression bomb", "zip bomb", "billion laughs", "xss", "ssrf", "xxe", "rce", "redos",
)  # fmt: skip

# Kinds of bugs that other work is about as well. They tell where the advisory names them.
CLASSES = (
    "path traversal", "directory traversal", "csrf", "dos", "out of bounds", "integer overflow",
    "buffer overflow", "heap overflow", "stack overflow", "double free", "code execution",
    "open redirect",
    "information disclosure", "information leak", "side channel", "race condition", "toctou",
    "type confusion", "deserialization", "deserialisation", "resource exhaustion",
    "memory exhaustion", "catastrophic backtracking", "null dereference", "memory corruption",
    "signature wrapping", "signature forgery", "downgrade attack",
)  # fmt: skip

# These tell beside the name of what is fixed.
BESIDE = (
    *CLASSES, "attack*", "malicious*", "crafted", "untrusted", "sanitiz*", "sanitis*", "injection",
    "traversal", "smuggl*", "spoof*", "bypass*", "forge", "forged", "forgery", "unauthenticated",
    "unauthorized", "unauthorised", "privilege", "hijack*", "tamper*", "overflow", "insecure",
    "harden*", "leak", "abuse*",
)  # fmt: skip

# What is said every day, and is public in most projects.
ORDINARY = (
    "security policy", "security policies", "security md", "security txt", "security rst",
    "security scan*", "security audit*", "security context", "security group", "security header",
    "security manager", "security contact", "security tooling", "transport security",
    "content security", "layer security", "vulnerability scan*", "vulnerability database",
    "vulnerabilities scan*", "vulnerability audit*", "vulnerability alert*", "cve scan*",
    "cve check*", "cve database", "cve services", "dependency injection", "fault injection",
    "constructor injection", "tree traversal", "graph traversal", "ast traversal", "dos line*",
    "dos ending", "dos prompt", "ms dos", "cache bypass", "bypass the cache", "bypass cache",
    "text overflow", "overflow hidden", "overflow menu",
)  # fmt: skip

_GAP = r"[\W_]{0,3}"
# Words begin and end where no letter or digit is beside them, or where camelCase has its humps.
_BEGIN = r"(?:(?<![^\W_])|(?-i:(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])))"
_END = r"(?:(?![^\W_])|(?-i:(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])))"
_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name or phrase as written: "parseHeader_2" is "parse", "Header", "2"."""
    return tuple(part for word in _WORD.findall(text) for part in _HUMP.split(word))


@lru_cache(maxsize=256)
def pattern_of(phrases: frozenset[str]) -> re.Pattern[str]:
    """What finds some phrases, however their words are joined, in any case, also in the plural.

    Args:
        phrases: Each one or more words; "*" after the last stands for any ending.
    """
    shapes = sorted(filter(None, map(_shape, phrases)), key=len, reverse=True)
    # Without any phrase it finds nothing: (?!) is never true.
    inner = "|".join(shapes) or "(?!)"
    return re.compile(f"{_BEGIN}(?:{inner}){_END}", re.IGNORECASE)


def phrases_in(text: str, phrases: Iterable[str]) -> frozenset[str]:
    """Those of some phrases that a text holds."""
    return frozenset(one for one in phrases if pattern_of(frozenset({one})).search(text))


def _shape(phrase: str) -> str:
    inner = _GAP.join(map(re.escape, words_of(phrase)))
    if not inner:
        return ""
    return inner + ("[^\\W_]{0,12}" if phrase.endswith("*") else "(?:e?s)?")

"""Texts of a CSAF document that have a form of their own.

The official patterns are searches in ECMAScript's dialect; here each is held against the whole
text, so that no line feed at its end slips through, and digits are those of ASCII.

Spec: CSAF 2.0, section 3; RFC 3339; RFC 3986; RFC 5646.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:)([0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,}")
_CWE = re.compile(r"CWE-[1-9][0-9]{0,5}")
_DIGEST = re.compile(r"[0-9a-fA-F]{32,}")
_PURL = re.compile(r"pkg:[A-Za-z.+-][A-Za-z0-9.+-]*/.+")
_IDENTIFIER = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_WHOLE = r"(?:0|[1-9][0-9]*)"
_VERSION = re.compile(
    rf"{_WHOLE}|{_WHOLE}\.{_WHOLE}\.{_WHOLE}(?:-{_IDENTIFIER}(?:\.{_IDENTIFIER})*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_LANGUAGE = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}(?:-[A-Za-z]{3}){0,2})?|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?"
    r"(?:-(?:[A-Za-z]{2}|[0-9]{3}))?(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?"
    r"|[Xx](?:-[A-Za-z0-9]{1,8})+|[Ii]-[Dd][Ee][Ff][Aa][Uu][Ll][Tt]|[Ii]-[Mm][Ii][Nn][Gg][Oo]"
)
# One attribute of a CPE 2.3 name: wildcards only at its ends, everything special after a backslash.
_PART = r"(?:(?:\?*|\*)(?:[A-Za-z0-9\-._]|\\[\\*?!\"#$%&'()+,/:;<=>@\[\]^`{|}~])+(?:\?*|\*)|[*\-])"
_CPE = re.compile(
    rf"cpe:2\.3:[aho*\-](?::{_PART}){{5}}:(?:[A-Za-z]{{2,3}}(?:-(?:[A-Za-z]{{2}}|[0-9]{{3}}))?|[*\-])"
    rf"(?::{_PART}){{4}}|[cC][pP][eE]:/[AHOaho]?(?::[A-Za-z0-9._\-~%]*){{0,6}}"
)
_PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_NAME = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
_USER = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*"
_ADDRESS = r"\[(?:[0-9A-Fa-f:.]+|[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+)\]"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:"
    rf"(?://(?:{_USER}@)?(?:{_ADDRESS}|{_NAME})(?::[0-9]*)?(?:/{_PCHAR}*)*"
    rf"|/?(?:{_PCHAR}+(?:/{_PCHAR}*)*)?)"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:\#(?:{_PCHAR}|[/?])*)?"
)


def moment_of(text: str) -> datetime | None:
    """A time of a document, aware; None where it is none.

    T and Z are upper case and there is a zone; a leap second is the second after :59.

    Spec: CSAF 2.0, section 2.2; RFC 3339, section 5.6.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    minute, second, fraction, zone = found.groups()
    leap = second == "60"
    try:
        # Digits beyond microseconds are cut off: no order of revisions hangs on them.
        moment = datetime.fromisoformat(
            f"{minute}{'59' if leap else second}{(fraction or '')[:7]}{zone.replace('Z', '+00:00')}"
        )
        return moment + timedelta(seconds=int(leap))
    except (ValueError, OverflowError):
        return None


def is_moment(text: str) -> bool:
    """Whether it is a time as RFC 3339 writes it."""
    return moment_of(text) is not None


def is_cve(text: str) -> bool:
    """Whether it is a CVE id."""
    return _CVE.fullmatch(text) is not None


def is_cwe(text: str) -> bool:
    """Whether it is a CWE id."""
    return _CWE.fullmatch(text) is not None


def is_digest(text: str) -> bool:
    """Whether it is a digest in hexadecimal, of 32 digits at least."""
    return _DIGEST.fullmatch(text) is not None


def is_purl(text: str) -> bool:
    """Whether it looks like a package URL; rule 6.1.13 looks closer."""
    return _PURL.fullmatch(text) is not None and is_uri(text)


def is_version(text: str) -> bool:
    """Whether it is a whole number, or a version as Semantic Versioning 2.0.0 writes it."""
    return _VERSION.fullmatch(text) is not None


def is_language(text: str) -> bool:
    """Whether it is formed as a language tag; rule 6.1.12 looks closer."""
    return _LANGUAGE.fullmatch(text) is not None


def is_cpe(text: str) -> bool:
    """Whether it is a CPE 2.3 formatted string, or a CPE 2.2 URI."""
    return len(text) >= 5 and _CPE.fullmatch(text) is not None


def is_uri(text: str) -> bool:
    """Whether it is a URI with a scheme."""
    return _URI.fullmatch(text) is not None


def is_category(text: str) -> bool:
    """Whether it neither begins nor ends with a space, a dash, an underscore or a dot."""
    return _on_one_line(text) and not any(one.isspace() or one in "-_." for one in _ends(text))


def is_tracking_id(text: str) -> bool:
    """Whether it neither begins nor ends with a space."""
    return _on_one_line(text) and not any(one.isspace() for one in _ends(text))


def _on_one_line(text: str) -> bool:
    return bool(text) and not any(one in "\n\r\u2028\u2029" for one in text[1:-1])


def _ends(text: str) -> str:
    return text[0] + text[-1]

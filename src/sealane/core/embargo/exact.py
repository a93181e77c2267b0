"""Members of documents that have one spelling only, so that one digest stands for one meaning."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from sealane.core.attestation.members import parse_moment
from sealane.core.attestation.strict_json import as_object, as_text, kind_of
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

# What every JSON reader takes for the same number.
MOST = 2**31 - 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


def exact_object(
    value: JsonValue, place: str, names: Collection[str], optional: Collection[str] = ()
) -> dict[str, JsonValue]:
    """An object with these members and no others.

    A member that is not known may be the one that changes what the rest means, so none is passed
    over.

    Raises:
        InputError: No object, or a member is missing or unknown.
    """
    members = as_object(value, place)
    missing = sorted(set(names) - members.keys())
    if missing:
        raise InputError(f"{place}: {missing[0]}: missing")
    unknown = sorted(members.keys() - {*names, *optional})
    if unknown:
        raise InputError(
            f"{place}: {unknown[0][:60]!r}: unknown; expected {', '.join(sorted(names))}",
            hint="a newer sealane may have written it",
        )
    return members


def exact_text(value: JsonValue, place: str, form: re.Pattern[str], expected: str) -> str:
    """A text of one form.

    Args:
        value: The value.
        place: What it is called in errors.
        form: All of the text has to be of it.
        expected: The form in words.

    Raises:
        InputError: No text, or one of another form.
    """
    text = as_text(value, place)
    if not form.fullmatch(text):
        raise InputError(f"{place}: expected {expected}, got {text[:60]!r}")
    return text


def exact_sha256(value: JsonValue, place: str) -> str:
    """A SHA-256 in lower-case hex.

    Raises:
        InputError: It is something else.
    """
    return exact_text(value, place, _SHA256, "a SHA-256 in lower-case hex")


def exact_number(value: JsonValue, place: str, least: int = 1, most: int = MOST) -> int:
    """A whole number within bounds.

    Raises:
        InputError: It is something else, or out of bounds.
    """
    # A boolean is an int to Python.
    if type(value) is not int:
        raise InputError(f"{place}: expected a whole number, got {_shown(value)}")
    if not least <= value <= most:
        raise InputError(f"{place}: expected {least} to {most}, got {str(value)[:20]}")
    return value


def exact_flag(value: JsonValue, place: str) -> bool:
    """True or false.

    Raises:
        InputError: It is something else.
    """
    if not isinstance(value, bool):
        raise InputError(f"{place}: expected true or false, got {kind_of(value)}")
    return value


def exact_moment(value: JsonValue, place: str) -> datetime:
    """A time in UTC, in whole seconds, as "2026-11-25T12:00:00Z".

    Raises:
        InputError: It is something else, in another zone, or a day or second of no calendar.
    """
    moment = parse_moment(value, place)
    if moment.microsecond or rfc3339(moment) != value:
        raise InputError(
            f"{place}: expected whole seconds in UTC, got {str(value)[:40]!r}",
            hint=f"write {rfc3339(moment.replace(microsecond=0))!r}",
        )
    return moment


def check_spelling(content: bytes, rendered: bytes, place: str) -> None:
    """Check that a document is spelled as sealane spells what it says.

    Raises:
        InputError: It is not.
    """
    if content == rendered:
        return
    pairs = zip(content, rendered, strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), None)
    at = min(len(content), len(rendered)) if same is None else same
    raise InputError(
        f"{place}: not in its one spelling: at byte {at} expected {rendered[at : at + 20]!r}, "
        f"got {content[at : at + 20]!r}",
        hint="let sealane write the file; nobody writes it by hand",
    )


def _shown(value: JsonValue) -> str:
    return str(value)[:20] if isinstance(value, float) else kind_of(value)

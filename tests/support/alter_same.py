"""Which changes leave what a bundle proves as it is, and why: all others have to be refused.

Told by the specifications, not by what some verifier does. A reason is a permission: whoever is
stricter may refuse all the same.
"""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]
JSON, PEM, LINE, DER = "<json>", "<pem>", "<line>", "<der>"
# Layers of which every byte is signed or hashed as it stands.
_SEALED = {JSON, PEM}
_DROPPED = {"dropped", "null"}
_DEFAULTED = {("logIndex",), ("hashes",), ("inclusionProof",)}
Rule = Callable[[Json, Path, str], bool]


def reason_for(document: Json, path: Path, what: str) -> str:
    """Why a change leaves the meaning as it is; "" where it does not."""
    if _SEALED & set(path):
        return ""
    try:
        return next((why for why, holds in _RULES if holds(document, path, what)), "")
    except (AttributeError, LookupError, TypeError):
        # The second of two changes: the first one has broken the document.
        return ""


def _material(document: Json) -> Json:
    return document.get("verificationMaterial") or {}


def _entry(document: Json, path: Path) -> Json:
    """The log entry that a place is in; {} for a place elsewhere."""
    if path[:2] != ("verificationMaterial", "tlogEntries") or len(path) < 3:
        return {}
    entries = _material(document).get("tlogEntries")
    index = path[2]
    found = entries[index] if isinstance(entries, list) and isinstance(index, int) else {}
    return found if isinstance(found, dict) else {}


def _entries(document: Json) -> list[Json]:
    entries = _material(document).get("tlogEntries")
    return [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []


def _stamps(document: Json) -> int:
    data = _material(document).get("timestampVerificationData")
    listed = data.get("rfc3161Timestamps") if isinstance(data, dict) else None
    return len(listed) if isinstance(listed, list) else 0


def _logged_time(document: Json) -> bool:
    return any(one.get("inclusionPromise") for one in _entries(document))


# Changes of how something is written, that leave what is written.
_SPELLINGS = {
    "in another order", "with an unknown member", "as a number", "with a leading zero",
    "with a sign", "with a line break", "with a blank", "in the other alphabet",
}  # fmt: skip


def _written_otherwise(_: Json, path: Path, what: str) -> bool:
    return (what in _SPELLINGS and LINE not in path) or "unheardOf" in path


def _zero(document: Json, path: Path, what: str) -> bool:
    if what not in _DROPPED or path[-1:] not in _DEFAULTED:
        return False
    value: Any = document
    for step in path:
        value = value[step]
    return value in ("0", 0, [], None)


def _hint(_: Json, path: Path, what: str) -> bool:
    # All that a managed key's member holds is a hint: whose key counts is known before.
    held = path[-1:] == ("publicKey",) and what in {"emptied", "of another bundle"}
    return held or path[-1:] in {("keyid",), ("hint",)}


def _version(_: Json, path: Path, what: str) -> bool:
    return path == ("mediaType",) and what in {"another version", "of another bundle"}


def _digest(_: Json, path: Path, what: str) -> bool:
    return path == ("messageSignature", "messageDigest") and what in _DROPPED


def _above(_: Json, path: Path, what: str) -> bool:
    place = ("verificationMaterial", "x509CertificateChain", "certificates")
    inside = path[:3] == place and len(path) > 3 and path[3] != 0
    return inside or (path == place and what == "first one twice")


def _unpromised(document: Json, path: Path, _: str) -> bool:
    entry = _entry(document, path)
    loose = path[3:] in {("logIndex",), ("integratedTime",)}
    return bool(entry) and loose and not entry.get("inclusionPromise")


def _beside_the_log(document: Json, path: Path, _: str) -> bool:
    stamps = "timestampVerificationData" in path
    return stamps and (_logged_time(document) or "publicKey" in _material(document))


def _promise(document: Json, path: Path, what: str) -> bool:
    dropped = path[3:] == ("inclusionPromise",) and what in _DROPPED
    others = [one for one in _entries(document) if one is not _entry(document, path)]
    timed = _stamps(document) or any(one.get("inclusionPromise") for one in others)
    return dropped and bool(timed or "publicKey" in _material(document))


def _one_of_stamps(document: Json, path: Path, what: str) -> bool:
    place = ("verificationMaterial", "timestampVerificationData", "rfc3161Timestamps")
    one = len(path) > 3 or what == "reversed"
    return path[:3] == place and one and _stamps(document) > 1


def _no_stamps(document: Json, path: Path, what: str) -> bool:
    place = ("verificationMaterial", "timestampVerificationData")
    return path[:2] == place and not _stamps(document)


def _one_of_entries(document: Json, path: Path, what: str) -> bool:
    place = ("verificationMaterial", "tlogEntries")
    several = path[:2] == place and len(_entries(document)) > 1
    return several and (
        (path == place and what == "reversed") or (len(path) == 3 and what == "dropped")
    )


def _other_spelling(_: Json, path: Path, what: str) -> bool:
    return path[-1:] == ("signedEntryTimestamp",) and what == "in its other spelling"


def _note(document: Json, path: Path, what: str) -> bool:
    """A line of a checkpoint that is not the log's own, or the log's own once more."""
    if LINE not in path:
        return False
    note = _entry(document, path)["inclusionProof"]["checkpoint"]["envelope"].split("\n")
    line, origin = note[int(path[-1])], note[0]
    if not line.startswith("\N{EM DASH} "):
        return False
    name = line.split(" ")[1]
    own = origin == name or origin.startswith(f"{name} - ")
    return what == "twice" if own else True


# Parts of a time-stamp that its signature does not cover, as positions of DER: the status and its
# words; the version, the list of digest algorithms and the certificates around the signature; and
# of the signature itself its version, its algorithms, and what is added without being signed.
_STATUS = (0, 0)
_SIGNED_DATA = (0, 1, 1, 0)


def _uncovered(_: Json, path: Path, what: str) -> bool:
    if DER not in path or "timestampVerificationData" not in path:
        return False
    found = tuple(step for step in path[path.index(DER) + 1 :] if isinstance(step, int))
    if found[:2] == _STATUS and len(found) > 2:
        return True
    part = found[4:5] if found[:4] == _SIGNED_DATA else ()
    return part in {(0,), (1,), (3,)} or found[4:7] in {(4, 0, 0), (4, 0, 2), (4, 0, 4)}


_RULES: tuple[tuple[str, Rule], ...] = (
    ("the same bytes, numbers and members, written otherwise; unknown members mean nothing",
     _written_otherwise),
    ("a zero, an empty list and a null may be left out", _zero),
    ("a hint that nobody signed", _hint),
    ("a version is nobody's word: what that version demands is there, or it is refused", _version),
    ("the digest in a bundle is a claim; the file's own is what was signed", _digest),
    ("certificates above the leaf are strangers': the trust root has its own", _above),
    ("without a promise nobody vouches for index and time of an entry, and nobody reads them",
     _unpromised),
    ("the log's time is enough, and a time-stamp that does not hold proves nothing",
     _beside_the_log),
    ("a time-stamp, or another log, tells the time without this promise", _promise),
    ("another time-stamp is enough", _one_of_stamps),
    ("an empty list of time-stamps holds none", _no_stamps),
    ("an entry of one log is enough, in whatever order", _one_of_entries),
    ("a signature on this curve has two spellings, both of the same key over the same bytes",
     _other_spelling),
    ("a signature of another witness, or the log's own once more", _note),
    ("no signature covers this part of a time-stamp", _uncovered),
)  # fmt: skip

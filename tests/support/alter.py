"""Changes one thing in a document of evidence: a bundle, an attestation, a trust root.

It knows what stands in a member: base64, numbers written as text, JSON in base64, certificates in
PEM in JSON in base64, DER, and the lines of a checkpoint. Each of those is a place of its own, so
that a change reaches what an outer layer would only break.

    for mutation in mutations(bundle):        # every kind of change at every place
        judge(mutation.content)
    random_mutation(bundle, random.Random(7))  # one of them; the same one for the same seed
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any

from support.alter_der import Element, elements, malleated
from support.alter_same import JSON, LINE, PEM, Path, reason_for

Json = dict[str, Any]
GONE = object()
NUMBERS = {"logIndex", "treeSize", "integratedTime"}
ENCODED = {
    "rawBytes", "sig", "signature", "payload", "canonicalizedBody", "keyId", "rootHash", "hashes",
    "signedEntryTimestamp", "signedTimestamp", "digest", "certificate", "statement", "timestamps",
    "content", "publicKey", "verifier",
}  # fmt: skip
_DER = {"rawBytes", "signedTimestamp", "certificate", "timestamps"}
_SIGNATURES = {"sig", "signature", "signedEntryTimestamp"}
_BUNDLE = "application/vnd.dev.sigstore.bundle"
_TYPES = [*(f"{_BUNDLE}+json;version=0.{n}" for n in (1, 2, 3, 4)), f"{_BUNDLE}.v0.3+json"]
_BEGIN, _END = "-----BEGIN {}-----\n", "\n-----END {}-----\n"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a document.

    Attributes:
        path: The way there: members, positions, and the layers that were opened.
        value: What stands there.
        put: The whole document with something else there.
    """

    path: Path
    value: Any
    put: Callable[[Any], Json]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A document in which one thing was changed.

    Attributes:
        path: Where.
        what: How.
        content: The document, JSON.
        same: Why that does not change what the evidence proves, so that it may be accepted, with
            the same result; "" where it must not be.
    """

    path: Path
    what: str
    content: bytes
    same: str = ""

    def __str__(self) -> str:
        """Place and change, for a failing test."""
        return f"{'.'.join(map(str, self.path)) or 'text'}: {self.what}"


def places(document: Json) -> list[Place]:
    """Every place in a document, those in its layers too; never the document itself."""
    return list(_walk((), document, lambda new: new))[1:]


def outer(found: list[Place]) -> list[Place]:
    """Those of the places that need no layer to be opened."""
    return [one for one in found if not any(str(step).startswith("<") for step in one.path)]


def mutations(document: Json, rng: Random, inner: int | None = None) -> Iterator[Mutation]:
    """A document with each kind of change at each place.

    Args:
        document: What to change.
        rng: Decides which bit, and which inner places.
        inner: How many of the places inside layers are tried, each with one change; None for all.
    """
    found = places(document)
    without_layers = outer(found)
    for place in without_layers:
        for what, new in _changes(place, rng):
            yield _made(document, place, what, new)
    layered = [one for one in found if one not in without_layers]
    for place in layered if inner is None else rng.sample(layered, min(inner, len(layered))):
        changes = list(_changes(place, rng))
        yield _made(document, place, *rng.choice(changes))
    yield from texts(document)


def every_mutation(document: Json, rng: Random) -> Iterator[Mutation]:
    """A document with each kind of change at each place, inside layers too: thousands of them."""
    for place in places(document):
        for what, new in _changes(place, rng):
            yield _made(document, place, what, new)


def random_mutation(
    document: Json, rng: Random, donors: list[Json], found: list[Place] | None = None
) -> Mutation:
    """A document with a change at random, or with two of them.

    Args:
        document: What to change.
        rng: Decides everything.
        donors: Documents of which parts may be put into this one.
        found: The document's places, where they are known.
    """
    found = places(document) if found is None else found
    match rng.randrange(20):
        case 0:
            return rng.choice(list(texts(document)))
        case 1 | 2 | 3 if donors:
            swapped = list(swaps(document, rng.choice(donors)))
            return rng.choice(swapped) if swapped else _changed(document, found, rng)
        case 4 | 5:
            first = _changed(document, found, rng)
            try:
                second = _changed(json.loads(first.content), None, rng)
            except (ValueError, LookupError, AttributeError):
                # The first one left nothing that a second one could change.
                return first
            undone = second.content == json.dumps(document).encode()
            same = "both undo each other" if undone else first.same and second.same
            what = f"{first.what}, and {second}"
            return Mutation(first.path, what, second.content, same)
        case _:
            return _changed(document, found, rng)


def swaps(document: Json, donor: Json) -> Iterator[Mutation]:
    """A document with each part of another one in place of its own; layers stay closed."""
    theirs = {place.path: place.value for place in _shut(donor)}
    # The pack has the same signature in several bundles, with more and with less beside it.
    again = "the other bundle is by the same signature" if _same_signed(document, donor) else ""
    for place in _shut(document):
        if place.path in theirs and theirs[place.path] != place.value:
            found = _made(document, place, "of another bundle", theirs[place.path])
            yield replace(found, same=again or found.same)


def texts(document: Json) -> Iterator[Mutation]:
    """A document as other JSON texts, and as what is none."""
    text = json.dumps(document)
    name, value = next(iter(document.items()))
    spaced = json.dumps(document, indent=3).encode()
    yield Mutation((), "with white space", spaced, "JSON's white space says nothing")
    yield Mutation((), "a member twice", f'{{"{name}": {json.dumps(value)}, {text[1:]}'.encode())
    yield Mutation((), "a member before one of its name", f'{{"{name}": null, {text[1:]}'.encode())
    yield Mutation((), "cut short", text[:-1].encode())
    yield Mutation((), "something after it", f"{text}{{}}".encode())
    yield Mutation((), "a byte order mark", b"\xef\xbb\xbf" + text.encode())
    yield Mutation((), "a list around it", f"[{text}]".encode())


def _changed(document: Json, found: list[Place] | None, rng: Random) -> Mutation:
    found = places(document) if found is None else found
    # Half of the changes where no layer is opened: there are far more places inside.
    near = outer(found)
    place = rng.choice(near if near and rng.random() < 0.5 else found)
    return _made(document, place, *rng.choice(list(_changes(place, rng))))


def _made(document: Json, place: Place, what: str, new: Any) -> Mutation:  # noqa: ANN401
    content = json.dumps(place.put(new)).encode()
    # As they are written: 1 and True, and two orders of the same members, are equal.
    unchanged = repr(new) == repr(place.value)
    same = "nothing has changed" if unchanged else reason_for(document, place.path, what)
    return Mutation(place.path, what, content, same)


def _same_signed(document: Json, other: Json) -> bool:
    """Whether two bundles hold the same signature over the same content."""
    held = [(one.get("messageSignature"), one.get("dsseEnvelope")) for one in (document, other)]
    return held[0] == held[1]


def _shut(document: Json) -> list[Place]:
    """The places outside of layers, which are not even looked into."""
    return list(_walk((), document, lambda new: new, opened=False))[1:]


def _walk(
    path: Path, value: object, put: Callable[[Any], Json], *, opened: bool = True
) -> Iterator[Place]:
    yield Place(path, value, put)
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            told = partial(_with, put, value, step)
            yield from _walk((*path, step), inner, told, opened=opened)
    elif isinstance(value, str) and opened:
        yield from _opened(path, value, put)


def _opened(path: Path, text: str, put: Callable[[Any], Json]) -> Iterator[Place]:
    """The places inside a text."""
    name = _name(path)
    if name == "envelope" and "\n\n" in text:
        lines = text.split("\n")
        for number, line in enumerate(lines):
            told = partial(_with_line, put, lines, number)
            yield Place((*path, LINE, number), line, told)
    content = _decoded(text) if name in ENCODED else None
    if content is None:
        return
    if content.startswith(b"{") and (document := _parsed(content)) is not None:
        inner = _walk((*path, JSON), document, lambda new: put(_b64(_compact(new))))
        # Without the document itself: to take that away is to take the text away.
        yield from (place for place in inner if place.path[-1] != JSON)
    elif content.startswith(b"-----BEGIN "):
        first, *inside, _ = content.decode().strip().split("\n")
        label = first.removeprefix("-----BEGIN ").removesuffix("-----")
        der = base64.b64decode("".join(inside))
        yield from _in_der((*path, PEM), der, lambda new: put(_b64(_pem(label, new))))
    elif name in _DER:
        yield from _in_der(path, content, lambda new: put(_b64(new)))


def _in_der(path: Path, der: bytes, put: Callable[[bytes], Json]) -> Iterator[Place]:
    for element in elements(der):
        yield Place((*path, "<der>", *element.path), element, put)


def _changes(place: Place, rng: Random) -> Iterator[tuple[str, Any]]:
    value, name = place.value, _name(place.path)
    if isinstance(value, Element):
        yield from value.changes(rng)
        return
    if LINE in place.path:
        yield from (("dropped", GONE), ("twice", f"{value}\n{value}"), ("emptied", ""))
        yield ("a letter changed", _letter(value, rng))
        return
    yield from (("dropped", GONE), ("null", None), ("of another type", [value]))
    if isinstance(value, dict):
        yield ("emptied", {})
        yield ("with an unknown member", {**value, "unheardOf": "x"})
        yield ("with a member of protobuf's name", {**value, "log_index": "1"})
        yield ("in another order", dict(reversed(value.items())))
    elif isinstance(value, list):
        yield ("emptied", [])
        yield from (("first one twice", [*value[:1], *value]), ("reversed", value[::-1]))
    elif isinstance(value, str):
        yield from _of_text(name, value, rng)
    elif isinstance(value, int):
        yield from (
            ("one more", value + 1),
            ("as text", str(value)),
            ("as a fraction", value + 0.5),
        )
        yield ("true", True)
    if name == "mediaType":
        yield from (("another version", one) for one in _TYPES if one != value)


def _of_text(name: str, value: str, rng: Random) -> Iterator[tuple[str, Any]]:
    yield ("emptied", "")
    if name in {"start", "end"}:
        yield from (("long ago", "2000-01-01T00:00:00Z"), ("far ahead", "2100-01-01T00:00:00Z"))
        yield from (("without a zone", value.rstrip("Z")), ("a day", value[:10]))
    if name in NUMBERS and value.isdigit():
        number = int(value)
        yield from (("one more", f"{number + 1}"), ("one less", f"{number - 1}"))
        yield from (("zero", "0"), ("a bit flipped", f"{number ^ 1 << rng.randrange(40)}"))
        yield from (("out of range", f"{2**64}"), ("with a sign", f"+{value}"))
        yield from (("as a number", number), ("with a leading zero", f"0{value}"))
        return
    content = _decoded(value) if name in ENCODED else None
    if not content:
        yield from (("a letter changed", _letter(value, rng)), ("longer", f"{value}x"))
        yield ("of another case", value.swapcase())
        return
    flipped = bytearray(content)
    flipped[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    yield from (("a bit flipped", _b64(bytes(flipped))), ("a byte less", _b64(content[:-1])))
    yield from (("a byte more", _b64(content + b"\0")), ("a byte before", _b64(b"\0" + content)))
    yield from (("with a line break", f"{value[:4]}\n{value[4:]}"), ("with a blank", f"{value} "))
    other = (value.translate(str.maketrans("+/", "-_")), value.rstrip("="))
    named = zip(("in the other alphabet", "without its end"), other, strict=True)
    yield from ((what, new) for what, new in named if new != value)
    if name in _SIGNATURES and (twin := malleated(content)):
        yield ("in its other spelling", _b64(twin))


def _with(put: Callable[[Any], Json], holder: Any, key: Any, new: Any) -> Json:  # noqa: ANN401
    changed = holder.copy()
    if new is GONE:
        del changed[key]
    else:
        changed[key] = new
    return put(changed)


def _with_line(put: Callable[[Any], Json], lines: list[str], number: int, new: Any) -> Json:  # noqa: ANN401
    kept = [] if new is GONE else [new]
    return put("\n".join([*lines[:number], *kept, *lines[number + 1 :]]))


def _name(path: Path) -> str:
    """The member that a place is in."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _letter(text: str, rng: Random) -> str:
    at = rng.randrange(len(text)) if text else 0
    return text[:at] + ("x" if text[at : at + 1] != "x" else "y") + text[at + 1 :]


def _compact(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _pem(label: str, der: bytes) -> bytes:
    encoded = _b64(der)
    lines = "\n".join(encoded[at : at + 64] for at in range(0, len(encoded), 64))
    return (_BEGIN.format(label) + lines + _END.format(label)).encode()


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(text: str) -> bytes | None:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None

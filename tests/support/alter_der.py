"""DER, element by element, for whoever changes one of them; and signatures in another spelling."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

# Order of the group of P-256: with (r, s) the pair (r, order - s) is a signature too.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_CONSTRUCTED = 0x20


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a DER document.

    Attributes:
        document: The whole document.
        path: Positions, from the outermost element in.
        start: Where its tag stands.
        inside: Where its value begins.
        end: Where it ends.
    """

    document: bytes
    path: tuple[int, ...]
    start: int
    inside: int
    end: int

    @property
    def primitive(self) -> bool:
        """Whether it holds a value, and no further elements."""
        return not self.document[self.start] & _CONSTRUCTED

    def changes(self, rng: Random) -> Iterator[tuple[str, bytes]]:
        """The whole document with a bit of this element flipped."""
        yield ("a bit of its head flipped", self._flipped(self.start, self.inside, rng))
        if self.primitive and self.inside < self.end:
            yield ("a bit of its value flipped", self._flipped(self.inside, self.end, rng))

    def _flipped(self, start: int, end: int, rng: Random) -> bytes:
        changed = bytearray(self.document)
        changed[rng.randrange(start, end)] ^= 1 << rng.randrange(8)
        return bytes(changed)


def elements(document: bytes) -> Iterator[Element]:
    """Every element of a document, the outermost first."""
    yield from _within(document, (), 0, len(document))


def malleated(signature: bytes) -> bytes | None:
    """A signature by a key on P-256 as another one that holds too; None for what is none."""
    try:
        r, s = decode_dss_signature(signature)
    except ValueError:
        return None
    return encode_dss_signature(r, _ORDER - s) if s < _ORDER else None


def _within(document: bytes, path: tuple[int, ...], at: int, end: int) -> Iterator[Element]:
    number = 0
    while at + 1 < end:
        length, inside = document[at + 1], at + 2
        if length & 0x80:
            inside += length & 0x7F
            length = int.from_bytes(document[at + 2 : inside], "big")
        element = Element(document, (*path, number), at, inside, inside + length)
        yield element
        if not element.primitive:
            yield from _within(document, element.path, inside, element.end)
        at, number = element.end, number + 1

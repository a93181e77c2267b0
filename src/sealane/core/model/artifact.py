"""A released file, identified by its digest."""

from __future__ import annotations

import re

from sealane.core.model.values import dataclass

# Hex length of each digest algorithm that may identify an artifact; all others only describe it.
STRONG_ALGORITHMS = {"sha256": 64, "sha384": 96, "sha512": 128}
_HEX = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """One digest: algorithm name as in-toto writes it, and lower-case hex."""

    algorithm: str
    value: str

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.value):
            raise ValueError(f"digest {self.algorithm}: not lower-case hex: {self.value[:20]!r}")
        length = STRONG_ALGORITHMS.get(self.algorithm)
        if length is not None and len(self.value) != length:
            raise ValueError(f"digest {self.algorithm}: expected {length} hex digits")

    def __str__(self) -> str:
        """`sha256:…`, as a command line takes it."""
        return f"{self.algorithm}:{self.value}"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that is released or judged.

    Attributes:
        name: File name without folders; for a bare digest, the digest as text.
        digests: At least one of a strong algorithm; sorted, each algorithm once.
        size: Bytes; None when only a digest is known.
        purl: Package URL, where the file name tells one.
        version: PEP 440 version in normal form, where the file name tells one.
    """

    name: str
    digests: tuple[Digest, ...]
    size: int | None = None
    purl: str | None = None
    version: str | None = None

    def __post_init__(self) -> None:
        algorithms = {digest.algorithm for digest in self.digests}
        if algorithms.isdisjoint(STRONG_ALGORITHMS):
            raise ValueError(f"artifact {self.name!r}: no strong digest")
        if len(algorithms) != len(self.digests):
            raise ValueError(f"artifact {self.name!r}: one algorithm twice")

    def digest(self, algorithm: str) -> str | None:
        """The hex value of one algorithm, or None where it was not computed."""
        return next((d.value for d in self.digests if d.algorithm == algorithm), None)

    @property
    def sha256(self) -> str:
        """The SHA-256 in lower-case hex.

        Raises:
            ValueError: The artifact is known by another digest only.
        """
        value = self.digest("sha256")
        if value is None:
            raise ValueError(f"artifact {self.name!r}: no sha256")
        return value

"""Two verifiers that know nothing of each other have to agree.

1. Ours accepts the bundle.
2. So does the other one; a form that it cannot read it does not accept.
3. Both found the same certificate, content, log entry and signer: that each of them accepts
   something is not enough where a bundle can be read in two ways.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from sealane.core.model.artifact import Artifact
from sealane.core.model.codes import code_of
from sealane.core.verify.interface import Engine, Proven
from sealane.errors import VerificationError

_CODE = "SL-SIG-001"
_NOTHING = "none"


class BothEngines:
    """Proves what both of two engines prove.

    Args:
        own: Whose proof is handed on.
        second: Who has to find the same.
    """

    name = "both"

    def __init__(self, own: Engine, second: Engine) -> None:
        self._own = own
        self._second = second

    def prove(self, bundle: bytes, artifact: Artifact) -> Proven:
        """What both engines prove of one bundle.

        Args:
            bundle: A Sigstore bundle as JSON.
            artifact: What a signature over the file itself must be over.

        Raises:
            VerificationError: One of them refuses, or they found different things.
        """
        ours = self._own.prove(bundle, artifact)  # 1
        theirs = self._seconded(bundle, artifact)  # 2
        differing = list(_differences(ours, theirs))  # 3
        if differing:
            names, expected, actual = zip(*differing, strict=True)
            raise _refused(
                f"{self._own.name} and {self._second.name} do not agree on: {', '.join(names)}",
                ", ".join(expected),
                ", ".join(actual),
            )
        return replace(ours, notes=(*ours.notes, f"{self._second.name} found the same"))

    def _seconded(self, bundle: bytes, artifact: Artifact) -> Proven:
        try:
            return self._second.prove(bundle, artifact)
        except VerificationError as error:
            raise _refused(
                f"{self._second.name} does not accept what {self._own.name} does",
                "a bundle that both accept",
                f"{error.code}: {error.message}" + (f": {error.actual}" if error.actual else ""),
            ) from error


def _differences(ours: Proven, theirs: Proven) -> Iterator[tuple[str, str, str]]:
    """What differs, what ours found and what the other one did."""
    for (name, expected), (_, actual) in zip(_found(ours), _found(theirs), strict=True):
        if expected != actual:
            yield name, expected, actual


def _found(proven: Proven) -> tuple[tuple[str, str], ...]:
    payload = proven.payload
    return (
        ("certificate", f"certificate sha256:{proven.certificate or _NOTHING}"),
        ("payload type", f"payload type {proven.payload_type or _NOTHING}"),
        ("payload", f"payload sha256:{_digest(payload)}"),
        ("log index", f"log index {_NOTHING if proven.log_index is None else proven.log_index}"),
        ("issuer", f"issuer {proven.signer.issuer}"),
        ("subject", f"subject {proven.signer.subject}"),
    )


def _digest(payload: bytes | None) -> str:
    return _NOTHING if payload is None else hashlib.sha256(payload).hexdigest()


def _refused(message: str, expected: str, actual: str) -> VerificationError:
    hint = code_of(_CODE).hint
    return VerificationError(_CODE, message, expected=expected, actual=actual, hint=hint)

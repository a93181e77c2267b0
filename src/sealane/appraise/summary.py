"""Summaries of verdicts for others: who signs them, and how they are written.

1. Whoever is to sign is found before anything is judged: a key is read, a token is there.
2. Only what was judged by the public root, or in a sandbox, is signed without a key: the log there
   is public, and what a private root vouches for need not be.
3. Every summary is signed by itself, so that each can lie beside its artifact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.chain import canonical
from sealane.core.model.verdict import Appraisal
from sealane.core.policy.schema import NO_ROOT
from sealane.errors import EvidenceError, LaneError, UsageError
from sealane.io.adapters.files import read_bounded
from sealane.io.stores.interface import NamedSandbox
from sealane.io.stores.trust.interface import EMBEDDED, PUBLIC_GOOD

if TYPE_CHECKING:
    from sealane.io.adapters.keys import KeySigner
    from sealane.io.adapters.secret import Secret

KEYLESS = "keyless"
_KEY = "key:"
_AUDIENCE = "sigstore"
# What may be judged by where the public instance signs: its own root, and keys alone.
_PUBLIC = (EMBEDDED, PUBLIC_GOOD, NO_ROOT)


class Signer(Protocol):
    """Whoever signs summaries."""

    @property
    def said(self) -> str:
        """Who that is, and what becomes public by it, in words."""

    def check(self, appraisal: Appraisal) -> None:
        """Check that what was found may be signed by it.

        Raises:
            UsageError: It may not.
        """

    def sign_all(self, statements: Sequence[bytes]) -> tuple[bytes, ...]:
        """A bundle, JSON, of each statement.

        Raises:
            SealaneError: Something that is needed for it failed.
        """


def find_signer(how: str, environ: Mapping[str, str], world: NamedSandbox | None) -> Signer:
    """Whoever `--sign` names.

    Args:
        how: "key:FILE" or "keyless".
        environ: The process's environment.
        world: The named sandbox, whose authority then signs; None for the public one.

    Raises:
        UsageError: Not of these forms.
        InputError: The key cannot be used.
        EvidenceError: There is no identity token, or it is not the sandbox's.
        NetworkError: The CI's endpoint for tokens does not answer.
    """
    if how == KEYLESS:
        return _keyless(environ, world)
    file = how.removeprefix(_KEY)
    if file == how or not file:
        raise UsageError(
            f"--sign {how[:100]!r}: not of a known form", hint="write key:FILE or keyless"
        )
    from sealane.io.adapters.keys import load_signing_key

    return _ByKey(load_signing_key(Path(file), environ))


def as_lines(documents: Sequence[bytes]) -> bytes:
    """JSON documents, one a line; of a single one the line is the document itself."""
    return b"".join(canonical(parse_object(one, "document")) + b"\n" for one in documents)


class _ByKey:
    """Signs by a key; there is no log and no proven time."""

    def __init__(self, signer: KeySigner) -> None:
        self._signer = signer

    @property
    def said(self) -> str:
        return f"signed by the key sha256:{self._signer.digest}"

    def check(self, appraisal: Appraisal) -> None:
        """Whoever holds a key signs with it what they like."""

    def sign_all(self, statements: Sequence[bytes]) -> tuple[bytes, ...]:
        return tuple(self._signer.sign(one) for one in statements)


class _Keyless:
    """Signs by an identity token, with a certificate for a few minutes and an entry in a log."""

    def __init__(self, token: Secret, world: NamedSandbox | None) -> None:
        self._token, self._world = token, world

    @property
    def said(self) -> str:
        log = "the sandbox's log" if self._world else "the public log, where anybody can read it"
        return f"signed by the identity of {self._token.source}, and entered in {log}"

    def check(self, appraisal: Appraisal) -> None:
        if self._world is not None:
            return
        for one in appraisal.based_on:  # 2
            if one.kind == "trust root" and one.name not in _PUBLIC:
                raise UsageError(
                    f"--sign {KEYLESS} writes to a public log, and was judged by {one}",
                    hint="sign what a private root vouches for with --sign key:FILE",
                )

    def sign_all(self, statements: Sequence[bytes]) -> tuple[bytes, ...]:
        from sealane.io.adapters.sigstore_sign import open_signer
        from sealane.io.stores.trust.load import load_trust_config

        if not statements:
            return ()
        config = load_trust_config(sandbox=self._world)
        try:
            signer = open_signer(trust_config=config, token=self._token)
            return tuple(signer.sign(one) for one in statements)
        except LaneError as error:
            # No stage of the lane runs here, and its exit codes mean others.
            raise EvidenceError(error.message, hint=error.hint) from error


def _keyless(environ: Mapping[str, str], world: NamedSandbox | None) -> Signer:
    from sealane.io.adapters.oidc import ambient_token, signed_by

    token = ambient_token(_AUDIENCE, environ)
    if world is None:
        return _Keyless(token, None)
    # A rehearsal must not be shown a real token, with which it could sign in the world.
    if not signed_by(token, read_bounded(world.jwks, what="key set of the sandbox")):
        raise EvidenceError(
            f"{token.source}: not a token of the named sandbox",
            hint="rehearse with a sandbox's own token: sealane sandbox exec",
        )
    return _Keyless(token, world)

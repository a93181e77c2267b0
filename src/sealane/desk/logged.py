"""When public logs first had an entry about the files of a release.

A time in evidence is a number that anybody can write: whoever signed too early, and wants nobody to
see it, would write a later one. So a time counts only where it is proven, by the log's signature, a
time-stamp authority's, or the certificate authority's. A time that is not proven can accuse and
cannot clear: it counts where it is too early.

What is looked at is the evidence that was handed in. An entry that nobody kept the evidence of is
found by a search of the logs alone, which is asked of nobody here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.core.attestation.bundle import parse_bundle
from sealane.core.model.values import dataclass
from sealane.errors import InputError, VerificationError
from sealane.io.adapters.files import read_bounded

if TYPE_CHECKING:
    from sealane.core.attestation.bundle import Bundle
    from sealane.core.model.artifact import Artifact
    from sealane.core.model.verdict import Basis
    from sealane.core.verify.interface import Engine
    from sealane.io.stores.trust.load import TrustMaterial

_LIMIT = 16 * 1024 * 1024  # bytes of one file of evidence


@dataclass(frozen=True, slots=True)
class Logged:
    """What evidence tells.

    Attributes:
        times: Times of entries about the files, UTC; None where nothing can be said.
        notes: What was not counted, and why.
        based_on: The evidence and the trust root.
    """

    times: tuple[datetime, ...] | None
    notes: tuple[str, ...]
    based_on: tuple[Basis, ...]


def logged_times(
    paths: Sequence[Path],
    files: Collection[str],
    trust: TrustMaterial | None,
    lifted: datetime | None,
) -> Logged:
    """The times at which public logs got entries about the files of a release.

    Args:
        paths: Evidence: bundles, attestations, provenance objects, lines of them.
        files: SHA-256 of every file of the releases, lower-case hex.
        trust: Trust root that proves the times; None where none was named.
        lifted: When the release became public, UTC; None where that is not known.

    Raises:
        InputError: A file cannot be read, or is no evidence.
        TrustError: The trust root cannot be read.
    """
    from sealane.core.model.verdict import Basis

    engine = _engine(trust) if trust is not None else None
    based_on = [] if trust is None else [Basis("trust root", trust.name, trust.sha256)]
    proven: list[datetime] = []
    claimed: list[datetime] = []
    notes: list[str] = []
    for path in paths:
        content = read_bounded(path, _LIMIT, what="evidence")
        based_on.append(Basis("evidence", path.name, hashlib.sha256(content).hexdigest()))
        for bundle in _bundles(content, path):
            parsed = parse_bundle(bundle)
            signed = _signed_file(parsed, files)
            if signed is None:
                notes.append(f"{path.name}: it is about no file of the releases")
            elif engine is None:
                claimed += _claimed(parsed)
            else:
                try:
                    proven += _proven(engine, bundle, signed)
                except VerificationError as error:
                    notes.append(f"{path.name}: proves no time: {error.message}")
                    claimed += _claimed(parsed)
    if engine is None:
        notes.append("times of log entries are not proven: no trust root was named for them")
    found = {*proven, *claimed}
    if claimed or not proven:
        # Evidence that proves nothing may be what matters: beside it the rest clears nobody.
        found = {one for one in found if lifted is not None and one < lifted}
    return Logged(tuple(sorted(found)) or None, tuple(notes), tuple(based_on))


def _engine(trust: TrustMaterial) -> Engine:
    from sealane.appraise.roots import make_roots

    return next(make_roots(None, (trust,))).engine


def _bundles(content: bytes, path: Path) -> Iterator[bytes]:
    from sealane.core.attestation.mentions import bundles_in
    from sealane.core.attestation.sniff import sniff
    from sealane.core.model.evidence import Evidence

    evidence = Evidence(sniff(content, path.name), content, str(path))
    found = [bundle for bundle, _ in bundles_in(evidence)]
    if not found:
        raise InputError(
            f"evidence {str(path)!r}: no Sigstore bundle in it",
            hint="name what was published beside the files: bundles, attestations, provenance",
        )
    yield from found


def _signed_file(bundle: Bundle, files: Collection[str]) -> Artifact | None:
    """The file of a release that a bundle is about; None where it is about none of them.

    Raises:
        InputError: What was signed cannot be read.
    """
    from sealane.core.attestation.bundle import MessageSignature
    from sealane.core.attestation.statement import parse_statement
    from sealane.core.model.artifact import Artifact, Digest

    content = bundle.content
    if isinstance(content, MessageSignature):
        named = {content.digest.hex()}
    else:
        statement = parse_statement(content.payload_type, content.payload)
        named = {
            digest.value
            for subject in statement.subjects
            for digest in subject.digests
            if digest.algorithm == "sha256"
        }
    about = sorted(named & set(files))
    return Artifact("file of the release", (Digest("sha256", about[0]),)) if about else None


def _proven(engine: Engine, bundle: bytes, signed: Artifact) -> list[datetime]:
    """The proven times of a bundle.

    The certificate counts too: it is in a public log from the moment it was issued, with the name
    of the project in it.

    Raises:
        VerificationError: It does not hold.
    """
    from cryptography.x509 import load_der_x509_certificate

    proven = engine.prove(bundle, signed)
    times = [] if proven.signed_at is None else [proven.signed_at]
    certificates = parse_bundle(bundle).certificates
    return times + [load_der_x509_certificate(one).not_valid_before_utc for one in certificates[:1]]


def _claimed(bundle: Bundle) -> list[datetime]:
    """What a bundle says of its times, which nobody has proven.

    Raises:
        InputError: It says something that is no time.
    """
    try:
        return [
            datetime.fromtimestamp(entry.integrated, UTC)
            for entry in bundle.entries
            if entry.integrated is not None
        ]
    except (ValueError, OverflowError, OSError) as error:
        raise InputError("evidence: the time of a log entry is none") from error

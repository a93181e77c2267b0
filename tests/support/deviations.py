"""Where the two verifiers differ, and why that is so: the reviewed table.

A difference that is not in it fails the tests. Where both accept a bundle and find different things
in it there is no excuse, and none can be listed.

Each entry says who accepts, in which bundles, and with which words the other one refuses, so that
no other refusal hides behind it.
"""

import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509 import load_der_x509_certificate

from support.opinions import Pair

Json = dict[str, Any]
OURS, THEIRS = "sealane", "sigstore"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A difference that is known.

    Attributes:
        name: What tests call it.
        accepts: Who accepts; the other one refuses.
        reason: Why.
        words: What the refusal says, one of these.
        form: Whether a bundle is of the form that it is about.
    """

    name: str
    accepts: str
    reason: str
    words: tuple[str, ...]
    form: Callable[[Json], bool]

    def covers(self, pair: Pair) -> bool:
        """Whether it is why two opinions differ."""
        refusal = pair.theirs if self.accepts == OURS else pair.ours
        accepted = pair.ours if self.accepts == OURS else pair.theirs
        if accepted.proven is None or refusal.proven is not None:
            return False
        said = f"{refusal.code} {refusal.why}"
        return any(one in said for one in self.words) and self.form(_document(pair.bundle))


def deviation_of(pair: Pair) -> Deviation | None:
    """The listed reason for which two opinions differ; None where none is listed."""
    return next((one for one in DEVIATIONS if one.covers(pair)), None)


def unlisted(pair: Pair) -> str:
    """What is wrong with a pair of opinions; "" where they agree or a deviation is listed."""
    if pair.contradict:
        return f"both accept, and found different things: {pair.ours.found} {pair.theirs.found}"
    if pair.agree or deviation_of(pair):
        return ""
    return f"they differ, and nothing is listed for it: {pair}"


def unlisted_of_root(pair: Pair) -> str:
    """As `unlisted`, for opinions that differ since the trust root was changed."""
    if pair.contradict or pair.agree:
        return unlisted(pair)
    known = any(one.covers(pair) for one in OF_ROOTS)
    return "" if known else f"they differ, and nothing is listed for it: {pair}"


def _document(bundle: bytes) -> Json:
    try:
        found = json.loads(bundle)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _material(document: Json) -> Json:
    return document.get("verificationMaterial") or {}


def _entries(document: Json) -> list[Json]:
    return _material(document).get("tlogEntries") or []


def _of_kind(kind: str, version: str) -> Callable[[Json], bool]:
    def form(document: Json) -> bool:
        wanted = {"kind": kind, "version": version}
        return any(wanted.items() <= one["kindVersion"].items() for one in _entries(document))

    return form


def _without_proof(document: Json) -> bool:
    return any(one.get("inclusionProof") is None for one in _entries(document))


def _chain(document: Json) -> list[Json]:
    return (_material(document).get("x509CertificateChain") or {}).get("certificates") or []


def _managed(document: Json) -> bool:
    return "publicKey" in _material(document)


def _timed_otherwise(document: Json) -> bool:
    stamps = (_material(document).get("timestampVerificationData") or {}).get("rfc3161Timestamps")
    promised = any(one.get("inclusionPromise") for one in _entries(document))
    return promised or len(stamps or []) > 1


def _untimed(document: Json) -> bool:
    promised = [one for one in _entries(document) if one.get("inclusionPromise")]
    return any((one.get("integratedTime") or "0") == "0" for one in promised)


def _other_size(document: Json) -> bool:
    proof = _entries(document)[0]["inclusionProof"]
    return bool(str(proof["treeSize"]) != proof["checkpoint"]["envelope"].split("\n")[1])


def _defaulted(document: Json) -> bool:
    """Whether a member is null, or left out, that a writer of ProtoJSON may leave out."""
    return "null" in json.dumps(document) or any(
        "logIndex" not in one for one in _entries(document)
    )


def _by_larger_key(document: Json) -> bool:
    material = _material(document)
    (held, *_) = _chain(document) or [material["certificate"]]
    key = load_der_x509_certificate(b64decode(held["rawBytes"])).public_key()
    return isinstance(key, EllipticCurvePublicKey) and key.key_size > 256


def _without_digest(document: Json) -> bool:
    return document["messageSignature"].get("messageDigest") is None


def _any(_: Json) -> bool:
    return True


DEVIATIONS = (
    # What sealane reads and the library does not; none of it lets anything pass that nobody signed.
    Deviation(
        "D1", OURS, "npm's history and SLSA's generators have log entries of kind intoto 0.0.2; "
        "the library knows no time of such an entry",
        ("Integrated time only supported", "Unsupported DSSE log entry type: intoto/0.0.2"),
        _of_kind("intoto", "0.0.2"),
    ),
    Deviation(
        "D2", OURS, "version 0.1 allows a promise without an inclusion proof, which a policy may "
        "accept; the library insists on the proof",
        ("inclusionProof",), _without_proof,
    ),
    Deviation(
        "D3", OURS, "the library has no way to verify a bundle by a managed key",
        ("expected certificate", "publicKey.hint", "expected exactly one log entry, got 0",
         "the bundle has no signed time"),
        _managed,
    ),
    Deviation(
        "D4", OURS, "an entry in a second log is more evidence; the library reads one only",
        ("expected exactly one log entry",), lambda document: len(_entries(document)) > 1,
    ),
    Deviation(
        "D5", OURS, "readers of ProtoJSON may pass over unknown members, so that newer writers are "
        "read; the library refuses them",
        ("Extra inputs are not permitted",), lambda document: "unheardOf" in json.dumps(document),
    ),
    Deviation(
        "D6", OURS, "ProtoJSON lets 64-bit numbers be numbers as well as text; the library takes "
        "text alone",
        ("uint64 as string, got int",), _any,
    ),
    Deviation(
        "D7", OURS, "ProtoJSON reads null as the default, and may leave a default out; the library "
        "wants the member",
        ("validation error for Bundle",), _defaulted,
    ),
    Deviation(
        "D8", OURS, "a time-stamp that cannot be read proves nothing, and the log's time, or "
        "another one, is enough; the library stops there",
        ("Invalid Timestamp Response", "is not a valid PKIStatus", "Malformed TimestampToken"),
        _timed_otherwise,
    ),
    Deviation(
        "D9", OURS, "an entry of the second generation with a promise, as no log writes it today; "
        "the library lets promises tell the time of the first generation alone",
        ("Integrated time only supported",), _of_kind("hashedrekord", "0.0.2"),
    ),
    Deviation(
        "D10", OURS, "certificates above the leaf are left aside unread, whatever they are",
        # However the library puts it: it reads them, and looks at what they are for.
        ("error parsing asn", "certificate", "extension", "X509 version"),
        lambda document: len(_chain(document)) > 1,
    ),
    Deviation(
        "D11", OURS, "a key on a larger curve signs a larger digest, by the registry of "
        "algorithms; the library always takes sha256",
        ("DSSE: invalid signature", "signature is invalid for input"), _by_larger_key,
    ),
    Deviation(
        "D12", OURS, "a certificate may bring promises of several logs; the library takes exactly "
        "one",
        ("Expected one certificate timestamp",), _any,
    ),
    Deviation(
        "D13", OURS, "a key id is a hint that nobody signed, and is not read; the library reads it",
        ("keyid",), lambda document: "dsseEnvelope" in document,
    ),
    # What the library reads and sealane does not: it is stricter where two readers could differ.
    Deviation(
        "S1", THEIRS, "base64 with white space, of another alphabet or unpadded is another text of "
        "the same bytes; the library passes over what is no base64 in it",
        ("not base64",), _any,
    ),
    Deviation(
        "S2", THEIRS, "a number has one spelling here: no sign, no zero before it, no white space",
        ("expected a whole number",), _any,
    ),
    Deviation(
        "S3", THEIRS, "a log is known by its whole id; for an entry of the second generation the "
        "library looks at the first four bytes, the hint in the checkpoint",
        ("SL-LOG-005",), _of_kind("hashedrekord", "0.0.2"),
    ),
    Deviation(
        "S4", THEIRS, "the proof's tree is the size that the log signed; the library does not "
        "compare the two",
        ("SL-LOG-009",), _other_size,
    ),
    Deviation(
        "S5", THEIRS, "a checkpoint is signed under the name in its first line, and has no blank "
        "line too many; the library looks at the hint alone, and passes over what is no signature",
        ("SL-LOG-011",), _any,
    ),
    Deviation(
        "S6", THEIRS, "without a digest in the bundle the signature is over the digest that goes "
        "with the key's curve; the library always takes sha256",
        ("SL-SIG-005",), _without_digest,
    ),
    Deviation(
        "S7", THEIRS, "a promise that is there has to hold; without a time beside it the library "
        "does not look at it",
        ("SL-LOG-007",), _untimed,
    ),
)  # fmt: skip
# The same for trust roots. Whoever trusts a root has read it: no stranger writes one.
OF_ROOTS = (
    Deviation(
        "R1", OURS, "names, the log's hash and the media type decide nothing, and a window may be "
        "open at both ends; the library reads them all",
        ("for TrustedRoot",), _any,
    ),
    Deviation(
        "R2", OURS, "a time-stamp authority that cannot be read, or none at all, only takes its "
        "own time-stamps away; the library stops there",
        ("error parsing asn", "no Timestamp Authorities", "incomplete"), _timed_otherwise,
    ),
    Deviation(
        "R3", THEIRS, "a log has the id that the root gives it; the library computes it from the "
        "key",
        ("SL-LOG-005", "SL-SCT-001"), _any,
    ),
    Deviation(
        "R4", THEIRS, "every certificate of an authority has to be sound, the last one too; the "
        "library looks no further than at the one it trusts",
        ("SL-CRT-002", "SL-CRT-003"), _any,
    ),
    Deviation(
        "R5", THEIRS, "a root of which a part cannot be read is no root; the library leaves that "
        "part out, or passes over what is no base64 in it",
        ("trust root:",), _any,
    ),
    Deviation(
        "R6", THEIRS, "a key signs as its details say; the library does as its kind implies",
        ("SL-LOG-007", "SL-LOG-011", "SL-SCT-002"), _any,
    ),
)  # fmt: skip

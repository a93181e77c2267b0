"""A world of keys that trust one another, and the bundles that are signed in it.

    world = World()
    bundle = world.bundle()  # an envelope, version 0.3, in a log that tells the time
    bundle = world.bundle(kind="message", log="v2")  # over the file, with a time-stamp
    root = world.root_json()

A bundle is a plain dictionary, to be changed before it is written as JSON.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from sealane.sandbox.timestamp import SHA256, TimestampAuthority, TimestampRequest
from support.maker import root as roots
from support.maker.authority import Authority, make_authority, make_stamper
from support.maker.bodies import DSSE, HASHEDREKORD_1, HASHEDREKORD_2, Content, b64, body_of
from support.maker.content import enveloped, members_of, signed_file, statement_about
from support.maker.keys import PrivateKey, ec_named, key_named, new_key
from support.maker.leaf import SOUND, Leaf, LeafShape, issue
from support.maker.logs import Log, entry_of
from support.maker.plan import Plan

Json = dict[str, Any]
AT = datetime(2026, 6, 1, 12, 0, 30, tzinfo=UTC)
_BORN = timedelta(days=30)
_CHAINED = "application/vnd.dev.sigstore.bundle+json;version=0.{}"
_SINGLE = "application/vnd.dev.sigstore.bundle.v0.3+json"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs a bundle: a key, and its certificate if it has one."""

    key: PrivateKey
    leaf: Leaf | None

    @property
    def certificate(self) -> x509.Certificate | None:
        """The certificate."""
        return self.leaf.certificate if self.leaf else None


@dataclass(frozen=True)
class World:
    """Authorities and logs; worlds of one name share their keys, those of two names none.

    Attributes:
        name: Whose world.
        at: When things are signed where nothing else is said, aware, UTC.
        windows: First and last moment of what the trust root names, by "ca", "ct", "ct2", "log1",
            "log2", "tsa", "tsa2"; what is not said has no end, and begins with the world.
    """

    name: str = "acme"
    at: datetime = AT
    windows: Mapping[str, roots.Span] = field(default_factory=dict)

    @property
    def born(self) -> datetime:
        """When its authorities were made."""
        return self.at.replace(microsecond=0) - _BORN

    def authority(self) -> Authority:
        """Who issues signing certificates."""
        return _authority(self.name, self.born)

    def stamper(self, which: str = "tsa") -> TimestampAuthority:
        """Who signs times: "tsa" or "tsa2"."""
        return _stamper(f"{self.name} {which}", self.born)

    def log(self, which: str = "v1") -> Log:
        """A log of signatures: "v1" or "v2"."""
        kind = "ed25519" if which == "v2" else "p256"
        name = f"log{which[1:]}.{self.name}.invalid"
        return Log(name, key_named(f"{self.name} log {which}", kind))

    def root(self) -> Json:
        """The trusted root, to be changed."""
        cts = [
            roots.ct_entry(
                f"{one}.{self.name}.invalid", self._ct(one).public_key(), self._span(one)
            )
            for one in ("ct", "ct2")
        ]
        stampers = [(one, self.stamper(one)) for one in ("tsa", "tsa2")]
        return {
            "mediaType": roots.MEDIA_TYPE,
            "tlogs": [roots.log_entry(self.log(f"v{n}"), self._span(f"log{n}")) for n in (1, 2)],
            "certificateAuthorities": [
                roots.authority_entry(
                    f"ca.{self.name}.invalid", self.authority().chain, self._span("ca")
                )
            ],
            "ctlogs": cts,
            "timestampAuthorities": [
                roots.authority_entry(
                    f"{one}.{self.name}.invalid", (made.leaf, made.root), self._span(one)
                )
                for one, made in stampers
            ],
        }

    def root_json(self) -> bytes:
        """The trusted root."""
        return json.dumps(self.root()).encode()

    def leaf(
        self,
        identity: str = "gitlab",
        *,
        at: datetime | None = None,
        key: PrivateKey | None = None,
        cts: Sequence[str] = ("ct",),
        shape: LeafShape = SOUND,
        authority: Authority | None = None,
    ) -> Leaf:
        """A signing certificate that begins half a minute before something is signed.

        Args:
            identity: "gitlab", "github", "email", or an address of one's own.
            at: When it will sign.
            key: Whose; a new P-256 key where none is given.
            cts: Which logs of certificates promise to log it: "ct", "ct2".
            shape: What else it says.
            authority: Who issues it, where it is not the world's.
        """
        start = (at or self.at) - timedelta(seconds=30)
        logs = [self._ct(one) for one in cts]
        issuer = authority or self.authority()
        return issue(issuer, key or new_key(), identity, start, logs=logs, shape=shape)

    def stamp(self, signature: bytes, at: datetime | None = None, by: str = "tsa") -> bytes:
        """A time-stamp over a signature, DER.

        Args:
            signature: What is stamped.
            at: When.
            by: Which authority.
        """
        return stamped(self.stamper(by), signature, at or self.at)

    def signed(self, plan: Plan) -> tuple[Content, Signer]:
        """What is signed, and by whom, of a bundle to be."""
        leaf = plan.leaf
        if leaf is None and plan.managed is None:
            leaf = self.leaf(plan.identity, at=plan.at)
        key = leaf.key if leaf else plan.managed
        assert key is not None
        signer = Signer(key, leaf)
        if plan.kind == "message":
            return signed_file(key, plan.content, plan.algorithm, pss=plan.pss), signer
        statement = plan.statement or statement_about(plan.content)
        made = enveloped(key, statement, plan.payload_type, plan.algorithm, pss=plan.pss)
        return made, signer

    def bundle(self, **wanted: Any) -> Json:  # noqa: ANN401 - the fields of Plan
        """A bundle; what is wanted is told by the fields of `Plan`."""
        plan = Plan(**wanted)
        made, signer = self.signed(plan)
        material = self._key_material(plan, signer)
        material["tlogEntries"] = [self.entry(made, signer, one, plan) for one in plan.logs]
        bundle = {
            "mediaType": _SINGLE if plan.version == 3 else _CHAINED.format(plan.version),
            "verificationMaterial": material,
            **members_of(made),
        }
        timed = plan.managed is not None or "v1" in plan.logs
        count = plan.timestamps if plan.timestamps is not None else int(not timed)
        for _ in range(count):
            add_timestamp(bundle, self.stamp(made.signature, plan.at))
        return bundle

    def entry(self, made: Content, signer: Signer, log: str, plan: Plan) -> Json:
        """A log entry about something signed."""
        where = self.log(log)
        kind = plan.entry
        if kind is None:
            first = HASHEDREKORD_1 if made.payload is None else DSSE
            kind = HASHEDREKORD_2 if where.second else first
        body = body_of(kind, made, signer.key, signer.certificate)
        promise = plan.promise if plan.promise is not None else not where.second
        at = plan.at or self.at
        return entry_of(where, kind, body, at, size=plan.size, promise=promise, proof=plan.proof)

    def _key_material(self, plan: Plan, signer: Signer) -> Json:
        if signer.leaf is None:
            return {"publicKey": {"hint": plan.hint}}
        if plan.version == 3:
            return {"certificate": {"rawBytes": b64(signer.leaf.der)}}
        above = [one.public_bytes(Encoding.DER) for one in self.authority().chain]
        chain = [signer.leaf.der, *above][: plan.chain]
        return {"x509CertificateChain": {"certificates": [{"rawBytes": b64(one)} for one in chain]}}

    def _ct(self, which: str) -> ec.EllipticCurvePrivateKey:
        return ec_named(f"{self.name} {which}")

    def _span(self, which: str) -> roots.Span:
        return self.windows.get(which, (self.born, None))


def stamped(
    stamper: TimestampAuthority, signature: bytes, at: datetime, *, embedded: bool = False
) -> bytes:
    """A time-stamp over a signature, DER.

    Args:
        stamper: Who stamps.
        signature: What is stamped.
        at: When.
        embedded: Whether the response brings the authority's certificate.
    """
    digest = hashlib.sha256(signature).digest()
    asked = TimestampRequest(SHA256, digest, nonce=7, certificate_wanted=embedded)
    return stamper.respond(asked, at)


def add_timestamp(bundle: Json, response: bytes) -> None:
    """Put one more time-stamp into a bundle."""
    data = bundle["verificationMaterial"].setdefault("timestampVerificationData", {})
    data.setdefault("rfc3161Timestamps", []).append({"signedTimestamp": b64(response)})


@cache
def _authority(name: str, born: datetime) -> Authority:
    return make_authority(name, born)


@cache
def _stamper(name: str, born: datetime) -> TimestampAuthority:
    return make_stamper(name, born)

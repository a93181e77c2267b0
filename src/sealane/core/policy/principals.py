"""Who somebody is, however often and with whichever certificate they sign.

Every signature of a pipeline has a certificate of its own, from another ref and another run: those
are one principal. It is told by the certificate alone, never by the publisher that a policy names,
for one signer may be named by two publishers.

A publisher that names one pipeline is one signer too: of a reusable pipeline whose callers are not
named, anybody could else be as many principals as they have files that call it.
"""

from __future__ import annotations

from typing import assert_never

from sealane.core.model.identity import Claim, Identity
from sealane.core.policy.people import (
    OPENPGP_ISSUER,
    CircleCiPublisher,
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
)
from sealane.core.verify.keys import KEY_ISSUER

_KEYS = (KEY_ISSUER, OPENPGP_ISSUER)


def principal_of(signer: Identity) -> tuple[str, str]:
    """Issuer and name of whoever signed.

    Returns:
        Of a forge's pipeline its file, without the revision; of everybody else the subject. Letters
        of both cases count as one: to take two signers for one is safe, the reverse is not.
    """
    if signer.issuer in _KEYS:
        return signer.issuer, signer.subject
    # Where no revision follows the file, as with CircleCI, claim 18 is another in every run.
    file, at, _ = (signer.claim(Claim.BUILD_CONFIG_URI) or "").partition("@")
    return signer.issuer.lower(), (file if at and file else signer.subject).lower()


def seat_of(publisher: Publisher, principal: tuple[str, str]) -> tuple[str, str]:
    """What only one of the principals that sign as a publisher can count for.

    Args:
        publisher: As whom somebody signed.
        principal: Who that is, of `principal_of`.

    Returns:
        Of a publisher that is one signer its issuer and name, of a pipeline without the revision;
        of several people, or keys, the principal.
    """
    match publisher:
        case ForgePublisher():
            name = f"{publisher.base}/{publisher.project}/{publisher.config}"
        case CircleCiPublisher():
            name = publisher.subject
        case ExactPublisher():
            # An address has an `@` of its own.
            pipeline = "://" in publisher.subject
            name = publisher.subject.partition("@")[0] if pipeline else publisher.subject
        case EmailPublisher() | KeyPublisher() | OpenPgpPublisher():
            return principal
        case _:
            assert_never(publisher)
    return publisher.issuer.lower(), name.lower()

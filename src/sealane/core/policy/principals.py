"""Who somebody is, however often and with whichever certificate they sign.

Every signature of a pipeline has a certificate of its own, from another ref and another run: those
are one principal. It is told by the certificate alone, never by the publisher that a policy names,
for one signer may be named by two publishers.
"""

from __future__ import annotations

from sealane.core.model.identity import Claim, Identity
from sealane.core.policy.people import OPENPGP_ISSUER
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

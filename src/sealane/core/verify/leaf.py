"""What is remembered of a signing certificate: what its bytes and the trust root alone decide.

Files that are released together share a certificate. Who issued it, which logs promised it and whom
it names never change for the same bytes; whether all of them were valid at the time is asked anew
for every bundle.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from cryptography import x509

from sealane.core.model.identity import Identity
from sealane.core.model.values import dataclass
from sealane.core.verify.certificate import identity_of
from sealane.core.verify.chain import issuers_of, read_certificate
from sealane.core.verify.der import public_key_of
from sealane.core.verify.keys import TrustedKey, load_public_key
from sealane.core.verify.profile import check_leaf_profile
from sealane.core.verify.reason import Reason, refusal
from sealane.core.verify.root import Authority, Log, TrustRoot
from sealane.core.verify.sct import promised_by
from sealane.errors import InputError

# Enough for the releases in one chunk of a batch, and little memory.
MOST_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Leaf:
    """A certificate that an authority of the trust root issued at some time.

    Attributes:
        certificate: The certificate.
        issuers: Who issued it: at least one entry of the trust root.
        promised_by: Which logs promised to log it.
        key: Its key.
        identity: Whom it names.
        digest: SHA-256 of its DER, lower-case hex.
    """

    certificate: x509.Certificate
    issuers: tuple[Authority, ...]
    promised_by: tuple[Log, ...]
    key: TrustedKey
    identity: Identity
    digest: str


class Leaves:
    """Reads signing certificates against one trust root, each of the latest only once.

    Args:
        root: The trust root.
    """

    def __init__(self, root: TrustRoot) -> None:
        self._root = root
        self._read: OrderedDict[bytes, Leaf] = OrderedDict()
        # Identities repeat far more often than certificates: one copy of each is kept.
        self._identities: dict[Identity, Identity] = {}

    def read(self, der: bytes) -> Leaf:
        """A certificate by its bytes.

        Raises:
            VerificationError: It cannot be read, is not for signing code, is of no authority of the
                trust root, or a promise in it does not hold.
        """
        known = self._read.get(der)
        if known is None:
            known = self._read[der] = self._judged(der)
            if len(self._read) > MOST_REMEMBERED:
                self._read.popitem(last=False)
        else:
            self._read.move_to_end(der)
        return known

    def _judged(self, der: bytes) -> Leaf:
        certificate = read_certificate(der)
        check_leaf_profile(certificate)
        issuers = issuers_of(certificate, der, self._root.authorities)
        return Leaf(
            certificate=certificate,
            issuers=issuers,
            promised_by=promised_by(certificate, issuers[0].chain[0], self._root.ct_logs),
            key=_key(der),
            identity=self._one_copy(identity_of(certificate)),
            digest=hashlib.sha256(der).hexdigest(),
        )

    def _one_copy(self, identity: Identity) -> Identity:
        if len(self._identities) > MOST_REMEMBERED:
            self._identities.clear()
        return self._identities.setdefault(identity, identity)


def _key(der: bytes) -> TrustedKey:
    spki = public_key_of(der)
    try:
        load_public_key(spki)
    except InputError as error:
        message = f"the certificate's key: {str(error)[:100]}"
        raise refusal(Reason.KEY_UNSUPPORTED, message) from error
    return TrustedKey("the certificate", spki)

"""Who signed: a certificate's subject and issuer, always both."""

from __future__ import annotations

from enum import IntEnum

from sealane.core.model.values import dataclass


class Claim(IntEnum):
    """Fulcio's certificate extensions: last arc of 1.3.6.1.4.1.57264.1.

    Spec: sigstore/fulcio, docs/oid-info.md. 1 to 6 are deprecated and never judged by.
    """

    ISSUER = 8
    BUILD_SIGNER_URI = 9
    BUILD_SIGNER_DIGEST = 10
    RUNNER_ENVIRONMENT = 11
    SOURCE_REPOSITORY_URI = 12
    SOURCE_REPOSITORY_DIGEST = 13
    SOURCE_REPOSITORY_REF = 14
    SOURCE_REPOSITORY_ID = 15
    SOURCE_OWNER_URI = 16
    SOURCE_OWNER_ID = 17
    BUILD_CONFIG_URI = 18
    BUILD_CONFIG_DIGEST = 19
    BUILD_TRIGGER = 20
    RUN_INVOCATION_URI = 21
    SOURCE_VISIBILITY = 22
    DEPLOYMENT_ENVIRONMENT = 23
    TOKEN_SUBJECT = 24


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate's subject and issuer with its other claims.

    Attributes:
        issuer: OIDC issuer, from extension .8 (or .1 where .8 is absent).
        subject: The subject alternative name: a URI or an e-mail address.
        extensions: (number, text) of each Fulcio extension from .8 on, ascending.
    """

    issuer: str
    subject: str
    extensions: tuple[tuple[int, str], ...] = ()

    def claim(self, number: Claim) -> str | None:
        """The text of one claim; None where the certificate does not carry it."""
        return next((text for found, text in self.extensions if found == number), None)

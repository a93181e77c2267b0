"""OpenPGP certificates and signatures, made by the library when a test asks."""

import base64
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pysequoia import Cert, Profile, SignatureMode, Tsk, sign


@dataclass(frozen=True)
class Holder:
    """Somebody with an OpenPGP key."""

    key: Tsk

    @property
    def fingerprint(self) -> str:
        return self.key.extract_certificate().fingerprint

    @property
    def certificate(self) -> bytes:
        return bytes(self.key.extract_certificate())

    def sign(self, content: bytes, *, armor: bool = True) -> bytes:
        """A detached signature."""
        return sign(self.key.signer(), content, mode=SignatureMode.DETACHED, armor=armor)

    def expiring(self, at: datetime) -> bytes:
        """The certificate with another expiry."""
        changed = self.key.extract_certificate().set_expiration(at, self.key.certifier())
        return bytes(changed)

    def revoked(self) -> bytes:
        """The certificate with its revocation."""
        certificate = self.key.extract_certificate()
        return bytes(certificate) + bytes(certificate.revoke(self.key.certifier()))


def holder(name: str = "Ann <ann@example.org>", profile: Profile | None = None) -> Holder:
    """A new key."""
    return Holder(Tsk.generate(name, profile=profile))


def dearmoured(armoured: bytes) -> bytes:
    """The bytes in an armour, by other means than the code under test."""
    lines = armoured.decode().strip().split("\n")
    body = lines[lines.index("") + 1 : -1]
    return base64.b64decode("".join(line for line in body if not line.startswith("=")))


def gpg(folder: Path, *arguments: str) -> bytes:
    """What `gpg` answers in a home of its own."""
    command = ["gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", "", *arguments]
    environment = {"GNUPGHOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    return done.stdout


def parsed(certificate: bytes) -> Cert:
    return Cert.from_bytes(certificate)


FAR = datetime(2100, 1, 1, tzinfo=UTC)

"""Private keys by name, each made once a process: making RSA keys is slow."""

from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey

KINDS = ("p256", "p384", "p521", "ed25519", "rsa2048", "rsa3072")
# What certificates can be signed over.
Hash = hashes.SHA224 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | hashes.SHA3_256
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_CURVES: dict[str, ec.EllipticCurve] = {
    "p256": ec.SECP256R1(),
    "p384": ec.SECP384R1(),
    "p521": ec.SECP521R1(),
    "k256": ec.SECP256K1(),
}
# What a key of a kind signs with where nothing else is said.
_USUAL = {"p384": "sha384", "p521": "sha512"}


@cache
def key_named(name: str, kind: str = "p256") -> PrivateKey:
    """The private key of a name; the same one each time.

    Args:
        name: Whose it is.
        kind: "p256", "p384", "p521", "k256", "ed25519", or "rsa" and the number of bits.
    """
    return new_key(kind)


@cache
def ec_named(name: str, kind: str = "p256") -> ec.EllipticCurvePrivateKey:
    """As `key_named`, for a kind that is a curve."""
    return ec.generate_private_key(_CURVES[kind])


def new_key(kind: str = "p256") -> PrivateKey:
    """A private key that nobody else has."""
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))
    return ec.generate_private_key(_CURVES[kind])


def usual_hash(key: PrivateKey) -> str:
    """The hash a key of this kind signs with where nothing else is said."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _USUAL.get(f"p{key.curve.key_size}", "sha256")
    return "sha256"


def sign(key: PrivateKey, message: bytes, algorithm: str = "", *, pss: bool = False) -> bytes:
    """A signature over a message.

    Args:
        key: Who signs.
        message: What.
        algorithm: Hash, "" for the usual one; Ed25519 signs the message itself.
        pss: Whether an RSA key pads with PSS.
    """
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    digest = HASHES[algorithm or usual_hash(key)]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(digest))
    if pss:
        filling = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
        return key.sign(message, filling, digest)
    return key.sign(message, padding.PKCS1v15(), digest)

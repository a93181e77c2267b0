import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, ObjectIdentifier

from sealane.sandbox.pki import key_id
from sealane.sandbox.wire import Response
from support.sandbox_parts import Parts, document
from support.signing import PRIVATE_KEY, b64, csr, csr_form, key_form, pem_of

PATH = "/api/v2/signingCert"
ARC = "1.3.6.1.4.1.57264.1"


def ask(parts: Parts, body: object, token: str | None = None) -> Response:
    if token is None:
        return parts.call("POST", PATH, body)
    return parts.call("POST", PATH, body, authorization=f"Bearer {token}")


def certificates(response: Response) -> list[x509.Certificate]:
    assert response.status == 200, response.body
    chain = document(response)["signedCertificateEmbeddedSct"]["chain"]["certificates"]
    return [x509.load_pem_x509_certificate(pem.encode()) for pem in chain]


def issue(parts: Parts, kind: str, **options: object) -> x509.Certificate:
    token = parts.tokens.mint(kind, "sigstore", options)
    return certificates(ask(parts, csr_form(), token))[0]


def fulcio_extensions(leaf: x509.Certificate) -> dict[int, bytes]:
    return {
        int(one.oid.dotted_string.removeprefix(f"{ARC}.")): one.value.value
        for one in leaf.extensions
        if isinstance(one.value, x509.UnrecognizedExtension)
        and one.oid.dotted_string.startswith(f"{ARC}.")
    }


def texts(leaf: x509.Certificate) -> dict[int, str]:
    """Extension texts; those above 6 must be DER UTF8Strings of the right length."""
    found = {}
    for number, value in fulcio_extensions(leaf).items():
        if number > 6:
            assert value[0] == 0x0C
            assert value[1] == len(value) - 2 < 128
        found[number] = (value[2:] if number > 6 else value).decode()
    return found


def san(leaf: x509.Certificate) -> x509.Extension[x509.SubjectAlternativeName]:
    return leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_the_chain_leads_from_leaf_to_root(parts: Parts) -> None:
    token = parts.tokens.mint("gitlab", "sigstore", {})
    leaf, intermediate, root = certificates(ask(parts, csr_form(), token))
    leaf.verify_directly_issued_by(intermediate)
    intermediate.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert root == parts.keys.authority.root


def test_the_leaf_is_a_short_lived_code_signing_certificate(parts: Parts) -> None:
    leaf = issue(parts, "gitlab")
    assert leaf.subject == x509.Name([])
    assert leaf.public_key() == PRIVATE_KEY.public_key()
    assert int(leaf.not_valid_before_utc.timestamp()) == int(parts.time)
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).total_seconds() == 600
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    purpose = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purpose) == [ExtendedKeyUsageOID.CODE_SIGNING]
    assert san(leaf).critical


def test_extensions_stand_in_fulcios_order_with_the_sct_list_last(parts: Parts) -> None:
    oids = [one.oid for one in issue(parts, "github", environment="release").extensions]
    assert oids[:5] == [
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    ]
    numbers = [*range(1, 7), *range(8, 25)]
    assert oids[5:-1] == [ObjectIdentifier(f"{ARC}.{number}") for number in numbers]
    assert oids[-1] == ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS


def test_the_authorities_name_the_sandbox_and_may_not_issue_deeper(parts: Parts) -> None:
    for certificate, depth in (
        (parts.keys.authority.root, 1),
        (parts.keys.authority.intermediate, 0),
    ):
        assert "O=sealane sandbox" in certificate.subject.rfc4514_string()
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        assert constraints.critical
        assert (constraints.value.ca, constraints.value.path_length) == (True, depth)


def test_the_sct_is_the_logs_promise_for_this_certificate(parts: Parts) -> None:
    leaf = issue(parts, "gitlab")
    listed = leaf.extensions.get_extension_for_class(
        x509.PrecertificateSignedCertificateTimestamps
    ).value
    (sct,) = listed
    assert sct.log_id == parts.ct.log_id
    assert isinstance(sct.signature_hash_algorithm, hashes.SHA256)
    entry = sct.timestamp.replace(tzinfo=leaf.not_valid_before_utc.tzinfo)
    assert int(entry.timestamp() * 1000) == int(parts.time * 1000)
    issuer = key_id(parts.keys.authority.key.public_key())
    body = leaf.tbs_precertificate_bytes
    # RFC 6962 section 3.2, written out.
    signed = b"".join(
        [
            b"\0\0",
            int(parts.time * 1000).to_bytes(8, "big"),
            b"\0\1",
            issuer,
            len(body).to_bytes(3, "big"),
            body,
            b"\0\0",
        ]
    )
    parts.keys.ct.public_key().verify(sct.signature, signed, ec.ECDSA(hashes.SHA256()))


def test_a_gitlab_certificate_says_what_the_token_said(parts: Parts) -> None:
    options = {"project": "g/s/p", "ref": "v2", "sha": "a" * 40, "environment": "release"}
    leaf = issue(parts, "gitlab", **options, project_id="7", namespace_id="8", job_id="9")
    uri = "https://gitlab.com/g/s/p//.gitlab-ci.yml@refs/tags/v2"
    assert list(san(leaf).value) == [x509.UniformResourceIdentifier(uri)]
    assert texts(leaf) == {
        1: "https://gitlab.com",
        8: "https://gitlab.com",
        9: uri,
        10: "a" * 40,
        11: "gitlab-hosted",
        12: "https://gitlab.com/g/s/p",
        13: "a" * 40,
        14: "refs/tags/v2",
        15: "7",
        16: "https://gitlab.com/g/s",
        17: "8",
        18: uri,
        19: "a" * 40,
        20: "push",
        21: "https://gitlab.com/g/s/p/-/jobs/9",
        22: "public",
        23: "release",
        24: "project_path:g/s/p:ref_type:tag:ref:v2",
    }


def test_of_another_gitlab_only_issuer_and_file_differ(parts: Parts) -> None:
    here = texts(issue(parts, "gitlab", project="g/p"))
    there = texts(issue(parts, "gitlab", project="g/p", host="git.example.org"))
    assert {number for number in here if here[number] != there[number]} == {1, 8, 9, 18}
    assert there[1] == "https://git.example.org"
    assert there[12] == "https://gitlab.com/g/p"


def test_a_branch_is_told_from_a_tag(parts: Parts) -> None:
    leaf = issue(parts, "gitlab", ref="main", ref_type="branch")
    assert texts(leaf)[14] == "refs/heads/main"


def test_a_github_certificate_says_what_the_token_said(parts: Parts) -> None:
    shared = "o/shared/.github/workflows/x.yml@refs/heads/main"
    leaf = issue(parts, "github", repository="o/r", ref="v2", job_workflow_ref=shared)
    found = texts(leaf)
    assert list(san(leaf).value) == [x509.UniformResourceIdentifier(f"https://github.com/{shared}")]
    assert found[9] == f"https://github.com/{shared}"
    assert found[18] == "https://github.com/o/r/.github/workflows/release.yml@refs/tags/v2"
    assert [found[number] for number in (2, 4, 5, 6)] == ["push", "release", "o/r", "refs/tags/v2"]
    assert found[21] == "https://github.com/o/r/actions/runs/1001/attempts/1"
    assert 23 not in found


def test_a_person_is_named_by_address(parts: Parts) -> None:
    leaf = issue(parts, "email", email="a@example.org")
    assert list(san(leaf).value) == [x509.RFC822Name("a@example.org")]
    issuer = "https://oidc.sealane.invalid/auth"
    assert texts(leaf) == {1: issuer, 8: issuer, 24: "a@example.org"}


@pytest.mark.parametrize(("kind", "claim"), [("gitlab", "sub"), ("email", "email")])
def test_a_key_is_certified_with_a_proof_over_the_identity(
    parts: Parts, kind: str, claim: str
) -> None:
    token = parts.tokens.mint(kind, "sigstore", {})
    identity = parts.tokens.verify(token, audience="sigstore")[claim]
    leaf = certificates(ask(parts, key_form(token, identity)))[0]
    assert leaf.public_key() == PRIVATE_KEY.public_key()


@pytest.mark.parametrize(
    ("kind", "options", "audience"),
    [
        pytest.param("gitlab", {}, "pypi", id="other-audience"),
        pytest.param("gitlab", {"exp": 1}, "sigstore", id="expired"),
        pytest.param("gitlab", {"ci_config_ref_uri": None}, "sigstore", id="no-subject"),
        pytest.param("gitlab", {"ci_config_ref_uri": "é"}, "sigstore", id="subject-not-ascii"),
        pytest.param("email", {"email_verified": False}, "sigstore", id="address-not-verified"),
        pytest.param("email", {"email_verified": None}, "sigstore", id="address-unknown"),
    ],
)
def test_a_token_that_does_not_hold_gets_no_certificate(
    parts: Parts, kind: str, options: dict[str, object], audience: str
) -> None:
    token = parts.tokens.mint(kind, audience, options)
    response = ask(parts, csr_form(), token)
    assert response.status == 401
    assert document(response)["message"].startswith("There was an error processing the identity")
    assert parts.logged
    assert token not in "".join(parts.logged)


@pytest.mark.parametrize("header", [None, "", "x.y.z"])
def test_without_a_token_there_is_no_certificate(parts: Parts, header: str | None) -> None:
    assert ask(parts, csr_form(), header).status == 401


def test_a_request_not_signed_by_its_key_is_refused(parts: Parts) -> None:
    token = parts.tokens.mint("gitlab", "sigstore", {})
    forged = bytearray(csr())
    forged[-1] ^= 1
    response = ask(parts, csr_form(bytes(forged)), token)
    assert response.status == 400
    assert "could not be verified" in document(response)["message"]


def test_a_proof_over_another_identity_is_refused(parts: Parts) -> None:
    token = parts.tokens.mint("gitlab", "sigstore", {})
    response = ask(parts, key_form(token, "someone else"))
    assert response.status == 400
    assert "proof of possession" in document(response)["message"]


def test_a_proof_by_another_key_is_refused(parts: Parts) -> None:
    token = parts.tokens.mint("gitlab", "sigstore", {})
    identity = parts.tokens.verify(token, audience="sigstore")["sub"]
    body = key_form(token, identity)
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    body["publicKeyRequest"]["publicKey"]["content"] = pem_of(other).decode()
    assert ask(parts, body).status == 400


def test_weak_and_unknown_keys_are_refused(parts: Parts) -> None:
    token = parts.tokens.mint("gitlab", "sigstore", {})
    for key in (
        rsa.generate_private_key(65537, 1024),
        ec.generate_private_key(ec.SECP256K1()),
        ed25519.Ed25519PrivateKey.generate(),
    ):
        body = key_form(token, "x")
        body["publicKeyRequest"]["publicKey"]["content"] = pem_of(key.public_key()).decode()
        response = ask(parts, body)
        assert response.status == 400
        assert "Keys are" in document(response)["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"7", b"[" * 100000, {}, {"certificateSigningRequest": 7},
        {"certificateSigningRequest": "%%"}, {"certificateSigningRequest": b64(b"PEM")},
        {"publicKeyRequest": None}, {"publicKeyRequest": {"proofOfPossession": ""}},
        {"publicKeyRequest": {"proofOfPossession": "", "publicKey": {"content": 7}}},
    ],
)  # fmt: skip
def test_a_malformed_request_is_refused(parts: Parts, body: object) -> None:
    token = parts.tokens.mint("gitlab", "sigstore", {})
    assert ask(parts, body, token).status == 400


def test_the_trust_bundle_is_intermediate_and_root(parts: Parts) -> None:
    (chain,) = document(parts.call("GET", "/api/v2/trustBundle"))["chains"]
    assert chain["certificates"] == parts.keys.authority.chain_pem


def test_a_fault_takes_the_service_down(parts: Parts) -> None:
    parts.faults["fulcio"] = "down"
    token = parts.tokens.mint("gitlab", "sigstore", {})
    assert ask(parts, csr_form(), token).status == 503

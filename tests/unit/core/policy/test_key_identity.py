"""A key is its publisher by its digest alone, and never taken for a certificate."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from sealane.core.model.identity import Claim, Identity
from sealane.core.policy.identity import differences
from sealane.core.policy.key_file import parse_key_file
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import (
    OPENPGP_ISSUER,
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
)
from sealane.core.policy.quick import exact_policy
from sealane.core.policy.schema import Rule, digest_of, policy_of
from sealane.core.verify.keys import KEY_ISSUER, TrustedKey
from sealane.errors import UsageError
from sealane.io.adapters.openpgp import ISSUER
from support.signing import PRIVATE_KEY, pem_of

ANN = TrustedKey("ann", parse_key_file(pem_of(PRIVATE_KEY.public_key())))
BO = TrustedKey("bo", parse_key_file(pem_of(ed25519.Ed25519PrivateKey.generate().public_key())))
HOLDER = KeyPublisher("k", "a.pem", None, keys=(ANN,))
PRINT = "A" * 40
PGP = OpenPgpPublisher("pgp", "a.asc", "0" * 64, b"x", (PRINT, "B" * 40))
PGP_SIGNER = Identity(OPENPGP_ISSUER, PRINT)
PERSON = Identity("https://login.example.org", "ann@example.org")


def codes(publisher: Publisher, signer: Identity) -> list[str]:
    return [one.code for one in differences(publisher, signer, "1.0")]


def test_the_holder_of_the_key_is_the_publisher() -> None:
    assert codes(HOLDER, ANN.identity) == []
    assert codes(replace(HOLDER, keys=(BO, ANN)), ANN.identity) == []
    assert codes(PGP, PGP_SIGNER) == []
    assert codes(PGP, replace(PGP_SIGNER, subject="B" * 40)) == []


def test_the_issuer_of_openpgp_is_one_and_no_keys() -> None:
    assert OPENPGP_ISSUER == ISSUER != KEY_ISSUER


@pytest.mark.parametrize(
    ("publisher", "signer", "expected"),
    [
        pytest.param(HOLDER, BO.identity, ["SL-ID-009"], id="other-key"),
        pytest.param(HOLDER, replace(ANN.identity, subject=ANN.digest), ["SL-ID-009"],
                     id="without-algorithm"),
        pytest.param(HOLDER, replace(ANN.identity, subject=""), ["SL-ID-009"], id="no-subject"),
        pytest.param(HOLDER, replace(ANN.identity, issuer="https://x.example"), ["SL-ID-002"],
                     id="of-another-issuer"),
        pytest.param(HOLDER, PERSON, ["SL-ID-002", "SL-ID-009"], id="a-person"),
        pytest.param(HOLDER, replace(ANN.identity, issuer=OPENPGP_ISSUER), ["SL-ID-002"],
                     id="as-openpgp"),
        pytest.param(PGP, replace(PGP_SIGNER, subject=PRINT.lower()), ["SL-ID-009"], id="case"),
        pytest.param(PGP, replace(PGP_SIGNER, subject=PRINT[-16:]), ["SL-ID-009"], id="short-id"),
        pytest.param(PGP, replace(PGP_SIGNER, issuer=KEY_ISSUER), ["SL-ID-002"], id="as-a-key"),
        pytest.param(PGP, PERSON, ["SL-ID-002", "SL-ID-009"], id="a-person-for-openpgp"),
    ],
)  # fmt: skip
def test_every_difference_is_named(
    publisher: Publisher, signer: Identity, expected: list[str]
) -> None:
    assert codes(publisher, signer) == expected


def test_the_expected_digests_are_named() -> None:
    (found,) = differences(replace(HOLDER, keys=(ANN, BO)), PGP_SIGNER, None)[1:]
    assert found.expected == f"sha256:{ANN.digest} or sha256:{BO.digest}"
    assert (found.place, found.actual) == ("subject", PRINT)


@pytest.mark.parametrize("publisher", [replace(HOLDER, keys=()), replace(PGP, fingerprints=())])
@pytest.mark.parametrize("signer", [ANN.identity, PGP_SIGNER, PERSON, Identity(KEY_ISSUER, "")])
def test_a_key_that_was_never_loaded_is_nobodys(publisher: Publisher, signer: Identity) -> None:
    found = differences(publisher, signer, None)
    assert found[-1].expected == "a key that was loaded"


@pytest.mark.parametrize(
    "publisher",
    [
        ForgePublisher("ci", ForgeSort.GITLAB, "https://gitlab.com", "a/b"),
        EmailPublisher("team", "https://login.example.org", (f"sha256:{ANN.digest}", PRINT)),
        ExactPublisher("x", "https://login.example.org", f"sha256:{ANN.digest}"),
    ],
)
@pytest.mark.parametrize("signer", [ANN.identity, PGP_SIGNER])
def test_a_key_is_no_publisher_by_certificate(publisher: Publisher, signer: Identity) -> None:
    assert "SL-ID-002" in codes(publisher, signer)


@pytest.mark.parametrize("issuer", [KEY_ISSUER, OPENPGP_ISSUER])
def test_an_issuer_of_keys_cannot_be_named_by_flag(issuer: str) -> None:
    with pytest.raises(UsageError, match="expected an https URL"):
        exact_policy(f"sha256:{ANN.digest}", issuer)


def test_a_claim_does_not_help() -> None:
    signer = replace(PERSON, extensions=((int(Claim.ISSUER), KEY_ISSUER),))
    assert codes(HOLDER, signer) == ["SL-ID-002", "SL-ID-009"]


def rules(*by: Publisher) -> tuple[Rule, ...]:
    return (Rule(("*",), (Requirement(("signature",), by),)),)


def test_the_digest_of_a_policy_is_of_its_keys_too() -> None:
    digests = {
        digest_of(rules(one))
        for one in (HOLDER, replace(HOLDER, keys=()), replace(HOLDER, keys=(BO,)), PGP,
                    replace(PGP, certificates=b"y"))
    }  # fmt: skip
    assert len(digests) == 5


def test_a_policy_lists_each_key_and_file_of_certificates_once() -> None:
    again = replace(HOLDER, name="again", keys=(replace(ANN, name="again"), BO))
    same = replace(PGP, name="same")
    policy = policy_of("p", "test", rules(HOLDER, again, PGP, same, replace(PGP, certificates=b"")))
    assert policy.keys == (ANN, BO)
    assert policy.certificates == (b"x",)
    assert len(policy.publishers) == 5
    assert policy_of("p", "test", rules(EmailPublisher("e", "https://x", ("a",)))).keys == ()


def test_a_publisher_is_replaced_wherever_it_stands() -> None:
    policy = policy_of("p", "test", rules(HOLDER, PGP) + rules(HOLDER))
    found = policy.with_publishers({HOLDER: replace(HOLDER, keys=(BO,))})
    assert found.keys == (BO,)
    assert [one.by[-1] for rule in found.rules for one in rule.requirements] == [
        PGP, replace(HOLDER, keys=(BO,)),
    ]  # fmt: skip
    assert found.sha256 == policy.sha256

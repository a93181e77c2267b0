"""in-toto layouts: the library judges, and nothing of what it judges runs here."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from securesystemslib.signer import CryptoSigner

from sealane.core.attestation.predicates.link import PREDICATE, parse_link
from sealane.core.attestation.statement import parse_statement
from sealane.core.model.evidence import Evidence
from sealane.core.verify.keys import KEY_ISSUER, TrustedKey, Window
from sealane.core.verify.subject import check_subject
from sealane.errors import VerificationError
from sealane.io.adapters.in_toto_check import LayoutChecker
from support.layouts import (
    AT,
    FOO,
    LINKS,
    OWNER,
    STRANGER,
    Person,
    evidence,
    good,
    layout,
    prove,
    refused,
)


@pytest.mark.parametrize("dsse", [False, True])
def test_what_a_layout_proves_is_its_summary(*, dsse: bool) -> None:
    proven = prove(good(dsse=dsse))
    assert proven.signer == OWNER.trusted().identity
    assert proven.signer.issuer == KEY_ISSUER
    assert (proven.signed_at, proven.log_index, proven.certificate) == (None, None, "")
    assert proven.payload is not None
    assert proven.payload_type is not None
    statement = parse_statement(proven.payload_type, proven.payload)
    check_subject(statement, FOO)
    assert statement.predicate_type == PREDICATE
    assert parse_link(statement.predicate).name == "package"
    assert "write-code, package" in proven.notes[0]


@pytest.mark.parametrize(
    ("signer", "details"),
    [
        (CryptoSigner.generate_ed25519, ""),
        (CryptoSigner.generate_ecdsa, "PKIX_ECDSA_P256_SHA_256"),
        (CryptoSigner.generate_rsa, ""),
        (CryptoSigner.generate_rsa, "PKIX_RSA_PSS_3072_SHA256"),
    ],
)
def test_an_owner_may_have_a_key_of_any_kind(signer: Any, details: str) -> None:  # noqa: ANN401
    owner = Person(signer())
    key = owner.trusted(details)
    assert prove(good(by=owner), STRANGER.trusted(), key).signer == key.identity


def test_a_key_is_held_to_how_it_signs() -> None:
    owner = Person(CryptoSigner.generate_rsa())
    refused(good(by=owner), "not signed", owner.trusted("PKIX_RSA_PKCS1V15_3072_SHA256"))


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(evidence(STRANGER.sign(layout()), *LINKS), id="another-signer"),
        pytest.param(
            evidence(json.dumps({**json.loads(good().content), "signatures": []}).encode(), *LINKS),
            id="unsigned",
        ),
        pytest.param(
            evidence(OWNER.sign(layout()).replace(b"write-code", b"wrote-code"), *LINKS),
            id="changed-after-signing",
        ),
    ],
)
def test_a_layout_that_nobody_trusted_signed_is_refused(found: Evidence) -> None:
    error = refused(found, "not signed by anybody who is trusted")
    assert error.code == "SL-SIG-001"


def test_a_layout_without_a_key_that_is_trusted_now_is_refused() -> None:
    key = OWNER.trusted()
    retired = TrustedKey(key.name, key.spki, window=Window(end=datetime(2026, 1, 1, tzinfo=UTC)))
    refused(good(), "not signed by anybody", retired)
    with pytest.raises(VerificationError, match="not signed by anybody"):
        LayoutChecker().prove_layout(good(), FOO, (), AT)


def test_two_signatures_are_one_owner_each() -> None:
    both = json.loads(OWNER.sign(layout()))
    both["signatures"] += json.loads(STRANGER.sign(layout()))["signatures"]
    found = evidence(json.dumps(both).encode(), *LINKS)
    assert prove(found, STRANGER.trusted()).signer == STRANGER.trusted().identity
    assert prove(found, OWNER.trusted()).signer == OWNER.trusted().identity


@pytest.mark.parametrize(
    ("expires", "at"),
    [
        pytest.param("2020-01-01T00:00:00Z", AT, id="long-ago"),
        pytest.param("2026-11-25T00:00:00Z", AT, id="this-moment"),
        pytest.param("2100-01-01T00:00:00Z", datetime(2101, 1, 1, tzinfo=UTC), id="judged-later"),
    ],
)
def test_an_expired_layout_is_refused(expires: str, at: datetime) -> None:
    refused(evidence(OWNER.sign(layout(expires=expires)), *LINKS), "has expired", at=at)


def with_expiry(expires: str) -> Evidence:
    content = good().content.replace(b"2100-01-01T00:00:00Z", expires.encode())
    return evidence(content, *LINKS)


def test_an_expiry_that_is_no_time_is_refused() -> None:
    refused(with_expiry("never"), "expected a time")

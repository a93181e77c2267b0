"""Evidence is taken apart as it describes itself, whatever form it has, and nothing is judged."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.jsonl import MOST_LINES
from sealane.core.model.identity import Claim
from sealane.core.verify.inspected_certificate import inspect_certificate
from sealane.core.verify.inspection import Inspection, Piece, inspect_evidence
from sealane.errors import InputError
from support.forms import ARMOURED, b64, enveloped, layout, link, metablock, statement
from support.good import MANAGED, WORLD
from support.judged import edited, without
from support.maker.claims import CLAIMS, SUBJECTS
from support.maker.hosted import attestation_of
from support.maker.leaf import LeafShape

Json = dict[str, Any]
BUNDLE = json.dumps(WORLD.bundle(timestamps=1)).encode()
DER = WORLD.leaf().der


def inspected(document: Json | bytes, name: str = "f") -> Inspection:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return inspect_evidence(content, name)


def only(document: Json | bytes) -> Piece:
    (piece,) = inspected(document).pieces
    return piece


def test_a_bundle_is_told_with_all_that_it_brings() -> None:
    piece = only(WORLD.bundle(timestamps=2))
    assert piece.media_type.endswith("v0.3+json")
    assert (piece.signatures, piece.timestamps, piece.by_key) == (1, 2, False)
    assert piece.problem == ""
    (entry,) = piece.entries
    assert entry.kind == "dsse 0.0.1"
    assert entry.at == WORLD.at.replace(microsecond=0)
    assert entry.promise
    assert entry.proof
    assert piece.statement is not None
    assert piece.statement.subjects[0].name == "acme-1.0-py3-none-any.whl"
    assert dict(piece.facts)["builder"] == "https://build.example.org"


def test_a_certificate_is_told_with_every_claim() -> None:
    found = only(WORLD.bundle()).certificate
    assert found is not None
    assert found.problem == ""
    assert found.identity is not None
    assert found.identity.subject == SUBJECTS["gitlab"]
    assert dict(found.identity.extensions) == CLAIMS["gitlab"]
    assert found.identity.claim(Claim.DEPLOYMENT_ENVIRONMENT) == "release"
    assert found.identity.claim(Claim.TOKEN_SUBJECT) == CLAIMS["gitlab"][24]
    assert "acme" in found.authority
    assert found.start is not None
    assert found.end is not None
    assert found.end - found.start == timedelta(minutes=10)


def test_a_signature_over_a_file_says_which_file() -> None:
    piece = only(WORLD.bundle(kind="message", log="v2"))
    assert piece.statement is None
    assert [one.algorithm for one in piece.digests] == ["sha256"]
    assert piece.entries[0].at is None, "this log tells no time"
    without_digest = without(WORLD.bundle(kind="message"), "messageSignature.messageDigest")
    assert only(without_digest).digests == ()
    short = edited(WORLD.bundle(kind="message"), "messageSignature.messageDigest.digest", "AAE=")
    assert "64 hex digits" in only(short).problem


def test_a_bundle_by_a_key_names_no_certificate() -> None:
    piece = only(WORLD.bundle(managed=MANAGED, hint="a-key"))
    assert (piece.certificate, piece.by_key, piece.key_ids) == (None, True, ("a-key",))
    assert only(WORLD.bundle(managed=MANAGED)).key_ids == ()


def test_an_index_is_quoted_and_not_believed() -> None:
    attestation = attestation_of(WORLD.bundle())
    assert inspected(attestation).form == "pep740-attestation"
    publisher = {"kind": "GitLab", "repository": "a/b"}
    bundles = [{"publisher": publisher, "attestations": [attestation, attestation]}]
    found = inspected({"version": 1, "attestation_bundles": bundles})
    assert found.form == "pep740-provenance"
    assert [json.loads(piece.claimed) for piece in found.pieces] == [publisher, publisher]


def test_an_empty_container_holds_nothing() -> None:
    assert inspected({"version": 1, "attestation_bundles": []}).pieces == ()
    assert inspected(b" \n ", "f.jsonl").pieces == ()


def test_lines_are_told_one_by_one_and_what_is_none_is_counted() -> None:
    whole = json.dumps(WORLD.bundle())
    plain = json.dumps({"payload": b64(b"{}"), "payloadType": "x/y", "signatures": [
        {"sig": "AAE=", "keyid": "k"}, {"sig": "AAE="}]})  # fmt: skip
    found = inspected(f"{whole}\n{plain}\n[]\n".encode(), "f.jsonl")
    assert [piece.what for piece in found.pieces] == ["Sigstore bundle", "DSSE envelope"]
    assert found.notes == ("f.jsonl: 1 of its lines are no evidence",)
    envelope = found.pieces[1]
    assert (envelope.signatures, envelope.key_ids, envelope.by_key) == (2, ("k",), True)
    assert envelope.facts == (("payload type", "x/y"),)
    assert "payload type" in envelope.problem


def test_one_broken_bundle_does_not_hide_the_others() -> None:
    broken = json.dumps({"mediaType": WORLD.bundle()["mediaType"]})
    found = inspected(f"{broken}\n{json.dumps(WORLD.bundle())}\n".encode(), "f.jsonl")
    assert [bool(piece.problem) for piece in found.pieces] == [True, False]


def test_npm_lists_are_told() -> None:
    found = inspected({"attestations": [{"bundle": WORLD.bundle()}]})
    assert found.form == "npm-attestations"
    assert found.pieces[0].certificate is not None


@pytest.mark.parametrize("content", [metablock(layout()), enveloped(layout())])
def test_a_layout_is_told_with_what_it_would_run(content: bytes) -> None:
    piece = only(content)
    assert piece.what == "in-toto layout"
    assert dict(piece.facts) == {"expires": "2100-01-01T00:00:00Z", "steps": "package"}
    assert piece.key_ids == ("cd" * 32,)
    runs = only(metablock(layout(inspect=[{"name": "untar", "run": ["tar"]}])))
    assert dict(runs.facts)["inspections"] == "untar"


def test_a_broken_layout_says_why() -> None:
    assert "expires" in only(metablock(layout(expires=""))).problem


def test_what_nobody_signed_is_told_as_that() -> None:
    for content, form in (
        (statement("ab" * 32), "unsigned-statement"),
        (metablock(link()), "in-toto-link"),
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.6"}', "sbom"),
    ):
        found = inspected(content)
        assert found.form == form
        assert found.pieces[0].certificate is None
    bare = only(statement("ab" * 32))
    assert bare.statement is not None
    assert bare.facts == ()
    assert only(metablock(link())).signatures == 1


def test_an_openpgp_signature_is_told() -> None:
    piece = only(ARMOURED)
    assert (piece.what, piece.signatures, piece.by_key) == (
        "OpenPGP signature over a file",
        1,
        True,
    )


def test_a_time_that_no_calendar_has_is_left_out() -> None:
    path = "verificationMaterial.tlogEntries.0.integratedTime"
    assert only(edited(WORLD.bundle(), path, "9" * 18)).entries[0].at is None
    known = only(edited(WORLD.bundle(), path, "1")).entries[0].at
    assert known == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


def test_a_broken_certificate_is_told_and_hides_nothing_else() -> None:
    path = "verificationMaterial.certificate.rawBytes"
    piece = only(edited(WORLD.bundle(), path, b64(b"0")))
    assert piece.certificate is not None
    assert "cannot be read" in piece.certificate.problem
    assert piece.statement is not None


def test_a_certificate_that_names_nobody_still_names_its_authority() -> None:
    names = [x509.RFC822Name("a@example.org"), x509.RFC822Name("b@example.org")]
    leaf = WORLD.leaf(shape=LeafShape(subject=x509.SubjectAlternativeName(names)))
    found = inspect_certificate(leaf.der)
    assert found.identity is None
    assert "subject alternative name" in found.problem
    assert found.authority


def test_a_certificate_with_a_name_that_cannot_be_read_is_told() -> None:
    der = WORLD.leaf().der
    # The tag of the authority's name becomes one that no text has.
    at = der.index(b"\x55\x04\x03") + 3
    found = inspect_certificate(der[:at] + b"\x1b" + der[at + 1 :])
    assert found.problem
    assert found.identity is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"a": 1, "a": 2}', b"\xff", b"[" * 200, b"PK\x03\x04"]
)
def test_what_is_of_no_form_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        inspected(content)


def test_more_lines_than_anybody_wants_are_refused() -> None:
    with pytest.raises(InputError, match="more than"):
        inspected(b"{}\n" * (MOST_LINES + 1), "f.jsonl")


@given(st.data())
def test_no_change_of_a_byte_raises_anything_but_an_input_error(data: st.DataObject) -> None:
    content = bytearray(BUNDLE)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(InputError):
        inspected(bytes(content))


@given(st.binary(max_size=40))
def test_no_certificate_ends_the_reading(tail: bytes) -> None:
    found = inspect_certificate(DER[: len(DER) - len(tail)] + tail)
    assert found.sha256

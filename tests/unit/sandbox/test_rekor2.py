"""Rekor v2 as its clients and a monitor see it."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import rfc8785
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sigstore_models.rekor.v1 import TransparencyLogEntry

from sealane.sandbox.services.rekor2 import Rekor2
from sealane.sandbox.wire import dispatch
from support.sandbox_parts import Parts, document, request
from support.signing import b64, pre_authentication, sign_dsse
from support.signing_v2 import (
    ENTRIES,
    TYPE,
    asked,
    body_of,
    changed,
    hashedrekord_v2,
    logged,
    naive_path,
    naive_root,
    parse_checkpoint,
    read_bodies,
    read_hashes,
)

LOG = "/rekor2"
ORIGIN = "rekor2.sealane.invalid"
DER = serialization.Encoding.DER


def note_of(entry: dict[str, Any]) -> str:
    return str(entry["inclusionProof"]["checkpoint"]["envelope"])


def verify_note(parts: Parts, text: str) -> None:
    note, signatures = text.split("\n\n")
    dash, name, encoded = signatures.split()
    signature = base64.b64decode(encoded)
    assert (dash, name, signatures[-1]) == ("—", ORIGIN, "\n")
    assert signature[:4] == parts.rekor2.log_id[:4]
    parts.keys.rekor2.public_key().verify(signature[4:], f"{note}\n".encode())


def test_an_entry_is_what_the_clients_model_reads(parts: Parts) -> None:
    entry = logged(parts, hashedrekord_v2())
    model = TransparencyLogEntry.from_dict(entry)
    assert (model.log_index, model.inclusion_promise) == (0, None)
    assert model.log_id.key_id == parts.rekor2.log_id
    assert (entry["integratedTime"], entry["logIndex"]) == ("0", "0")
    assert entry["inclusionProof"]["treeSize"] == "1"


def test_the_body_is_canonical_and_holds_what_was_signed(parts: Parts) -> None:
    proposed = hashedrekord_v2()[TYPE]
    proof, body = proposed["signature"], body_of(logged(parts, {TYPE: proposed}))
    data = {"algorithm": "SHA2_256", "digest": proposed["digest"]}
    spec = {"hashedRekordV002": {"data": data, "signature": proof}}
    assert body == rfc8785.dumps({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": spec})


def test_the_checkpoint_is_a_note_signed_by_the_logs_key(parts: Parts) -> None:
    logged(parts, hashedrekord_v2(b"one"))
    entry = logged(parts, hashedrekord_v2(b"two"))
    text = note_of(entry)
    verify_note(parts, text)
    with pytest.raises(InvalidSignature):
        verify_note(parts, text.replace("\n2\n", "\n3\n"))
    root = base64.b64decode(entry["inclusionProof"]["rootHash"])
    assert parse_checkpoint(text) == (ORIGIN, 2, root)
    for prefix in ("", "/api/v2"):
        assert parts.call("GET", f"{LOG}{prefix}/checkpoint").body.decode() == text
    assert ":4711" not in json.dumps(entry)


def test_the_checkpoint_of_an_empty_log_is_signed(parts: Parts) -> None:
    text = parts.call("GET", f"{LOG}/checkpoint").body.decode()
    verify_note(parts, text)
    assert parse_checkpoint(text) == (ORIGIN, 0, hashlib.sha256(b"").digest())


def test_every_proof_of_a_growing_log_is_the_naive_one(parts: Parts) -> None:
    leaves: list[bytes] = []
    for index in range(129):
        entry = logged(parts, hashedrekord_v2(b"%d" % index))
        leaves.append(hashlib.sha256(b"\0" + body_of(entry)).digest())
        proof = entry["inclusionProof"]
        assert [base64.b64decode(one) for one in proof["hashes"]] == naive_path(index, leaves)
        assert base64.b64decode(proof["rootHash"]) == naive_root(leaves)
        assert (int(proof["logIndex"]), int(proof["treeSize"])) == (index, index + 1)


def test_the_same_entry_again_is_a_conflict_that_says_where(parts: Parts) -> None:
    logged(parts, hashedrekord_v2(b"other"))
    proposed = hashedrekord_v2()
    logged(parts, proposed)
    again = parts.call("POST", ENTRIES, proposed)
    assert (again.status, again.headers["X-Log-Index"]) == (409, "1")
    assert document(again)["code"] == 6
    assert parse_checkpoint(parts.call("GET", f"{LOG}/checkpoint").body.decode())[1] == 2


def test_a_log_goes_on_after_a_restart_and_is_apart_from_v1(parts: Parts) -> None:
    logged(parts, hashedrekord_v2())
    again = Rekor2(parts.ports, parts.keys.rekor2)
    before = parts.call("GET", f"{LOG}/checkpoint").body
    assert dispatch(again.routes(), request("GET", f"{LOG}/checkpoint")).body == before
    assert document(parts.call("GET", "/api/v1/log"))["treeSize"] == 0


def test_a_dsse_envelope_is_logged_as_the_digest_of_what_it_signs(parts: Parts) -> None:
    payload = b'{"a":1}'
    digest = hashlib.sha256(pre_authentication("text/x", payload)).digest()
    proposed = asked("digest", b64(digest))
    logged(parts, changed(proposed, f"{TYPE}.signature.content", b64(sign_dsse(payload))))


def test_an_entry_longer_than_a_bundle_can_hold_is_refused(parts: Parts) -> None:
    key, nobody = parts.keys.tsa.key, x509.Name([])
    start = parts.keys.created
    large = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), bytes(50_000))
    builder = x509.CertificateBuilder(nobody, nobody, key.public_key(), 7)
    builder = builder.not_valid_before(start)
    builder = builder.not_valid_after(start + timedelta(days=1)).add_extension(
        large, critical=False
    )
    raw = builder.sign(key, hashes.SHA256()).public_bytes(DER)
    signature = key.sign(b"artifact", ec.ECDSA(hashes.SHA256()))
    verifier = {
        "keyDetails": "PKIX_ECDSA_P256_SHA_256",
        "x509Certificate": {"rawBytes": b64(raw)},
    }
    proposed = asked("signature", {"content": b64(signature), "verifier": verifier})
    response = parts.call("POST", ENTRIES, proposed)
    assert response.status == 400
    assert "too long" in document(response)["message"]


def fill(parts: Parts, count: int) -> list[bytes]:
    """Log entries and return their leaf hashes."""
    return [
        hashlib.sha256(b"\0" + body_of(logged(parts, hashedrekord_v2(b"%d" % index)))).digest()
        for index in range(count)
    ]


def getting(parts: Parts, prefix: str) -> Any:  # noqa: ANN401 - a small function
    def get(path: str) -> bytes:
        response = parts.call("GET", f"{prefix}{path}")
        assert response.status == 200, path
        return response.body

    return get


def test_a_monitor_puts_the_tree_together_from_tiles_and_entries(parts: Parts) -> None:
    leaves = fill(parts, 600)
    for prefix in (LOG, f"{LOG}/api/v2", ""):
        get = getting(parts, prefix)
        _, size, root = parse_checkpoint(get("/checkpoint").decode())
        hashes_ = read_hashes(get, 0, size)
        assert hashes_ == leaves
        assert naive_root(hashes_) == root
        bodies = read_bodies(get, size)
        assert [hashlib.sha256(b"\0" + body).digest() for body in bodies] == leaves
        above = read_hashes(get, 1, size // 256)
        assert above == [naive_root(leaves[:256]), naive_root(leaves[256:512])]


ABSENT = [
    "/tile/0/002", "/tile/0/001.p/45", "/tile/0/001.p/0", "/tile/0/001.p/256", "/tile/0/000.p/256",
    "/tile/0/1", "/tile/0/0000", "/tile/0/x000/001", "/tile/0/x001/000", "/tile/1/000",
    "/tile/1/000.p/2", "/tile/2/000.p/1", "/tile/00/000", "/tile/63/000.p/1", "/tile/99/000",
    "/tile/-1/000", "/tile/entries/002", "/tile/entries/001.p/45", "/tile/entries/x000/001",
    "/tile/entries/x001/x234/067", "/tile/0/\uff10\uff10\uff10", "/tile/0/000.p/01",
]  # fmt: skip


def test_a_tile_that_is_not_there_or_misnamed_is_not_found(parts: Parts) -> None:
    fill(parts, 300)
    for there in ("/tile/0/000", "/tile/0/000.p/255", "/tile/0/001.p/44", "/tile/1/000.p/1"):
        assert parts.call("GET", f"{LOG}{there}").status == 200
    for absent in ABSENT:
        assert parts.call("GET", f"{LOG}{absent}").status == 404, absent


def test_a_log_that_is_down_stores_nothing(parts: Parts) -> None:
    parts.faults["rekor2"] = "down"
    assert parts.call("POST", ENTRIES, hashedrekord_v2()).status == 503
    parts.faults.clear()
    assert parse_checkpoint(parts.call("GET", f"{LOG}/checkpoint").body.decode())[1] == 0


def test_a_fault_after_storing_leaves_the_entry(parts: Parts) -> None:
    parts.faults["rekor2"] = "500-after-store"
    proposed = hashedrekord_v2()
    assert parts.call("POST", ENTRIES, proposed).status == 500
    parts.faults.clear()
    again = parts.call("POST", ENTRIES, proposed)
    assert (again.status, again.headers["X-Log-Index"]) == (409, "0")


def faulty(parts: Parts, fault: str) -> tuple[str, dict[str, Any]]:
    """The checkpoint and the proof of a second entry, made under a fault."""
    logged(parts, hashedrekord_v2(b"one"))
    parts.faults["rekor2"] = fault
    entry = logged(parts, hashedrekord_v2(b"two"))
    assert parts.call("GET", f"{LOG}/checkpoint").body.decode() == note_of(entry)
    verify_note(parts, note_of(entry))
    return note_of(entry), entry["inclusionProof"]


def test_a_stale_checkpoint_is_a_signed_one_of_the_tree_before(parts: Parts) -> None:
    text, proof = faulty(parts, "stale-checkpoint")
    origin, size, root = parse_checkpoint(text)
    assert (origin, size, int(proof["treeSize"])) == (ORIGIN, 1, 2)
    assert base64.b64decode(proof["rootHash"]) != root


def test_a_wrong_root_is_signed_and_no_proof_leads_to_it(parts: Parts) -> None:
    text, proof = faulty(parts, "wrong-root")
    _, size, root = parse_checkpoint(text)
    assert (size, base64.b64decode(proof["rootHash"])) == (2, root)
    leaves = read_hashes(getting(parts, LOG), 0, 2)
    assert naive_root(leaves) != root


def test_a_wrong_origin_is_signed_by_the_logs_own_key(parts: Parts) -> None:
    text, proof = faulty(parts, "wrong-origin")
    origin, size, root = parse_checkpoint(text)
    assert origin != ORIGIN
    assert (size, base64.b64decode(proof["rootHash"])) == (2, root)

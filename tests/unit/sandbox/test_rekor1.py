import base64
import copy
import hashlib
import json
from typing import Any

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane.errors import InputError
from sealane.sandbox.entries import canonical_body
from sealane.sandbox.services.rekor1 import Rekor1
from sealane.sandbox.wire import Response, dispatch
from support.sandbox_parts import Parts, document, request
from support.signing import (
    PRIVATE_KEY,
    b64,
    dsse_spec,
    hashedrekord,
    pem_of,
    pre_authentication,
    sign_dsse,
)

PATH = "/api/v1/log/entries"
LOG = "/api/v1/log"
PAYLOAD = b'{"a":1}'
ENVELOPE = {"payload": b64(PAYLOAD), "payloadType": "text/x"}
ECDSA = ec.ECDSA(hashes.SHA256())


def envelope(signature: bytes | None = None) -> str:
    made = sign_dsse(PAYLOAD) if signature is None else signature
    return json.dumps({**ENVELOPE, "signatures": [{"sig": b64(made), "keyid": ""}]})


def intoto() -> dict[str, Any]:
    def twice(content: bytes) -> str:
        return b64(b64(content).encode())

    key = b64(pem_of(PRIVATE_KEY.public_key()))
    signature = {"publicKey": key, "sig": twice(sign_dsse(PAYLOAD))}
    wrapped = {"payload": twice(PAYLOAD), "payloadType": "text/x", "signatures": [signature]}
    content = {
        "envelope": wrapped,
        "hash": {"algorithm": "sha256", "value": "ab" * 32},
        "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(PAYLOAD).hexdigest()},
    }
    return {"apiVersion": "0.0.2", "kind": "intoto", "spec": {"content": content}}


def changed(entry: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy in which the member at a dotted path is another one; None removes it."""
    made = copy.deepcopy(entry)
    place: Any = made
    *parents, last = path.split(".")
    for name in parents:
        place = place[int(name) if name.isdigit() else name]
    if value is None:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return made


def only(response: Response) -> tuple[str, dict[str, Any]]:
    ((uuid, entry),) = document(response).items()
    return uuid, entry


def logged(parts: Parts, proposed: object) -> dict[str, Any]:
    response = parts.call("POST", PATH, proposed)
    assert response.status == 201, response.body
    return only(response)[1]


def body_of(entry: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(base64.b64decode(entry["body"]))
    return body


def test_an_entry_is_promised_over_exactly_its_four_members(parts: Parts) -> None:
    entry = logged(parts, hashedrekord())
    names = ("body", "integratedTime", "logID", "logIndex")
    promised = rfc8785.dumps({name: entry[name] for name in names})
    signature = base64.b64decode(entry["verification"]["signedEntryTimestamp"])
    key = parts.keys.rekor1.public_key()
    key.verify(signature, promised, ECDSA)
    with pytest.raises(InvalidSignature):
        key.verify(signature, promised.replace(b'"logIndex":0', b'"logIndex":1'), ECDSA)
    assert set(entry) == {*names, "verification"}
    assert entry["integratedTime"] == int(parts.time)


def test_the_checkpoint_is_a_signed_note_over_size_and_root(parts: Parts) -> None:
    logged(parts, hashedrekord(b"one"))
    proof = logged(parts, hashedrekord(b"two"))["verification"]["inclusionProof"]
    text, signatures = proof["checkpoint"].split("\n\n")
    origin, size, root = text.split("\n")
    assert origin == f"rekor1.sealane.invalid - {parts.rekor.tree_id}"
    assert (int(size), base64.b64decode(root).hex()) == (2, proof["rootHash"])
    assert signatures.startswith("— rekor1.sealane.invalid ")
    assert signatures.endswith("\n")
    signature = base64.b64decode(signatures.split()[2])
    assert signature[:4] == parts.rekor.log_id[:4]
    parts.keys.rekor1.public_key().verify(signature[4:], f"{text}\n".encode(), ECDSA)


def test_the_names_in_the_log_hold_no_port(parts: Parts) -> None:
    assert ":4711" not in json.dumps(logged(parts, hashedrekord()))


def test_the_proof_leads_from_the_leaf_to_the_root(parts: Parts) -> None:
    first = logged(parts, hashedrekord(b"one"))
    entry = logged(parts, hashedrekord(b"two"))
    leaves = [
        hashlib.sha256(b"\0" + base64.b64decode(one["body"])).digest() for one in (first, entry)
    ]
    proof = entry["verification"]["inclusionProof"]
    assert proof["hashes"] == [leaves[0].hex()]
    assert proof["rootHash"] == hashlib.sha256(b"\1" + b"".join(leaves)).hexdigest()


def test_the_same_entry_again_is_a_conflict_that_says_where(parts: Parts) -> None:
    proposed = hashedrekord()
    first = parts.call("POST", PATH, proposed)
    again = parts.call("POST", PATH, proposed)
    assert (first.status, again.status) == (201, 409)
    uuid, _ = only(first)
    assert first.headers["Location"] == again.headers["Location"] == f"{PATH}/{uuid}"
    assert first.headers["ETag"] == uuid
    assert uuid in document(again)["message"]
    assert document(parts.call("GET", LOG))["treeSize"] == 1


def test_the_same_key_wrapped_differently_is_the_same_entry(parts: Parts) -> None:
    proposed = hashedrekord()
    logged(parts, proposed)
    key = b64(b"\n" + pem_of(PRIVATE_KEY.public_key()) + b"\n")
    wrapped = changed(proposed, "spec.signature.publicKey.content", key)
    assert parts.call("POST", PATH, wrapped).status == 409


def test_an_entry_is_found_by_index_and_by_uuid(parts: Parts) -> None:
    uuid, entry = only(parts.call("POST", PATH, hashedrekord()))
    parts.time += 100
    for found in (
        parts.call("GET", PATH, query={"logIndex": "0"}),
        parts.call("GET", f"{PATH}/{uuid}"),
        parts.call("GET", f"{PATH}/{uuid[-64:]}"),
    ):
        again = only(found)[1]
        assert (again["body"], again["integratedTime"]) == (entry["body"], entry["integratedTime"])


@pytest.mark.parametrize("index", ["", "1", "-1", "x", "\uff19", "9" * 30])
def test_an_index_that_is_not_there_is_not_found(parts: Parts, index: str) -> None:
    logged(parts, hashedrekord())
    assert parts.call("GET", PATH, query={"logIndex": index}).status == 404


def test_a_uuid_of_another_tree_is_not_found(parts: Parts) -> None:
    uuid, _ = only(parts.call("POST", PATH, hashedrekord()))
    assert parts.call("GET", f"{PATH}/{'0' * 16}{uuid[-64:]}").status == 404
    assert parts.call("GET", f"{PATH}/{'0' * 64}").status == 404


def test_known_entries_are_retrieved_and_unknown_ones_left_out(parts: Parts) -> None:
    known = hashedrekord(b"known")
    entry = logged(parts, known)
    for slash in ("", "/"):
        asked = {"entries": [hashedrekord(b"unknown"), known]}
        (found,) = document(parts.call("POST", f"{PATH}/retrieve{slash}", asked))
        assert next(iter(found.values()))["body"] == entry["body"]


@pytest.mark.parametrize(
    "asked", [{}, {"entries": []}, {"entries": 7}, {"entries": [7] * 11}, {"entries": [{}]}, b"x"]
)
def test_a_malformed_retrieval_is_refused(parts: Parts, asked: object) -> None:
    assert parts.call("POST", f"{PATH}/retrieve/", asked).status == 400


def test_the_log_describes_itself(parts: Parts) -> None:
    empty = document(parts.call("GET", LOG))
    assert (empty["treeSize"], empty["rootHash"]) == (0, hashlib.sha256(b"").hexdigest())
    assert empty["treeID"] == str(parts.rekor.tree_id)
    key = serialization.load_pem_public_key(parts.call("GET", f"{LOG}/publicKey").body)
    assert key == parts.keys.rekor1.public_key()


def test_a_consistency_proof_joins_two_sizes(parts: Parts) -> None:
    for index in range(4):
        logged(parts, hashedrekord(b"%d" % index))
    answer = parts.call("GET", f"{LOG}/proof", query={"firstSize": "2", "lastSize": "4"})
    assert document(answer)["rootHash"] == document(parts.call("GET", LOG))["rootHash"]
    assert len(document(answer)["hashes"]) == 1
    default = parts.call("GET", f"{LOG}/proof", query={"lastSize": "4"})
    assert len(document(default)["hashes"]) == 2


@pytest.mark.parametrize(
    ("first", "last"), [("0", "1"), ("2", "1"), ("1", "2"), ("x", "1"), ("1", ""), ("-1", "1")]
)
def test_an_impossible_consistency_proof_is_refused(parts: Parts, first: str, last: str) -> None:
    logged(parts, hashedrekord())
    query = {"firstSize": first, "lastSize": last}
    assert parts.call("GET", f"{LOG}/proof", query=query).status == 400


def test_a_dsse_entry_keeps_hashes_instead_of_the_payload(parts: Parts) -> None:
    text = envelope()
    body = body_of(logged(parts, dsse_spec(text)))
    signature = json.loads(text)["signatures"][0]["sig"]
    assert body["spec"] == {
        "envelopeHash": {"algorithm": "sha256", "value": hashlib.sha256(text.encode()).hexdigest()},
        "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(PAYLOAD).hexdigest()},
        "signatures": [{"signature": signature, "verifier": b64(pem_of(PRIVATE_KEY.public_key()))}],
    }


def test_an_intoto_entry_drops_the_payload(parts: Parts) -> None:
    body = body_of(logged(parts, intoto()))
    assert set(body["spec"]["content"]["envelope"]) == {"payloadType", "signatures"}
    assert body["spec"]["content"]["hash"]["value"] == "ab" * 32


def test_an_rsa_signature_is_logged(parts: Parts) -> None:
    key = rsa.generate_private_key(65537, 2048)
    signature = key.sign(b"artifact", padding.PKCS1v15(), hashes.SHA256())
    proposed = changed(hashedrekord(), "spec.signature.content", b64(signature))
    content = b64(pem_of(key.public_key()))
    assert logged(parts, changed(proposed, "spec.signature.publicKey.content", content))


OTHER = ec.generate_private_key(ec.SECP256R1())
ED25519 = ed25519.Ed25519PrivateKey.generate()
WRONG = OTHER.sign(pre_authentication("text/x", PAYLOAD), ECDSA)
REFUSED = {
    "other-signature": changed(
        hashedrekord(), "spec.signature.content", b64(OTHER.sign(b"artifact", ECDSA))
    ),
    "other-digest": changed(hashedrekord(), "spec.data.hash.value", "00" * 32),
    "short-digest": changed(hashedrekord(), "spec.data.hash.value", "00" * 31),
    "other-algorithm": changed(hashedrekord(), "spec.data.hash.algorithm", "sha512"),
    "unknown-algorithm": changed(hashedrekord(), "spec.data.hash.algorithm", "md5"),
    "other-key": changed(
        hashedrekord(), "spec.signature.publicKey.content", b64(pem_of(OTHER.public_key()))
    ),
    "ed25519-key": changed(
        hashedrekord(), "spec.signature.publicKey.content", b64(pem_of(ED25519.public_key()))
    ),
    "no-key": changed(hashedrekord(), "spec.signature.publicKey", None),
    "key-is-text": changed(hashedrekord(), "spec.signature.publicKey.content", "%%%"),
    "unknown-kind": changed(hashedrekord(), "kind", "rpm"),
    "kind-is-a-list": changed(hashedrekord(), "kind", []),
    "other-version": changed(hashedrekord(), "apiVersion", "0.0.2"),
    "spec-is-a-list": changed(hashedrekord(), "spec", []),
    "dsse-other-signature": dsse_spec(envelope(WRONG)),
    "dsse-other-key": dsse_spec(envelope(), OTHER.public_key()),
    "dsse-idle-verifier": dsse_spec(envelope(), PRIVATE_KEY.public_key(), OTHER.public_key()),
    "dsse-no-verifier": changed(dsse_spec(envelope()), "spec.proposedContent.verifiers", []),
    "dsse-no-signature": dsse_spec(json.dumps({**ENVELOPE, "signatures": []})),
    "dsse-other-type": dsse_spec(envelope().replace("text/x", "text/y")),
    "dsse-no-json": dsse_spec("{"),
    "dsse-deep-json": dsse_spec("[" * 100000),
    "intoto-other-type": changed(intoto(), "spec.content.envelope.payloadType", "text/y"),
    "intoto-no-signature": changed(intoto(), "spec.content.envelope.signatures", []),
    "intoto-other-payload-hash": changed(intoto(), "spec.content.payloadHash.value", "00" * 32),
    "intoto-short-hash": changed(intoto(), "spec.content.hash.value", "00"),
}


@pytest.mark.parametrize("proposed", REFUSED.values(), ids=REFUSED)
def test_an_entry_that_does_not_hold_is_not_logged(parts: Parts, proposed: object) -> None:
    response = parts.call("POST", PATH, proposed)
    assert response.status == 400
    assert document(response)["message"].startswith("error processing entry: ")
    assert document(parts.call("GET", LOG))["treeSize"] == 0
    assert parts.logged


def test_a_fault_after_storing_leaves_the_entry(parts: Parts) -> None:
    parts.faults["rekor1"] = "500-after-store"
    proposed = hashedrekord()
    assert parts.call("POST", PATH, proposed).status == 500
    parts.faults["rekor1"] = "down"
    assert parts.call("POST", PATH, hashedrekord(b"other")).status == 503
    parts.faults.clear()
    assert parts.call("POST", PATH, proposed).status == 409


def test_a_log_goes_on_after_a_restart(parts: Parts) -> None:
    logged(parts, hashedrekord(b"one"))
    before = document(parts.call("GET", LOG))
    again = Rekor1(parts.ports, parts.keys.rekor1)
    after = document(dispatch(again.routes(), request("GET", LOG)))
    assert (after["rootHash"], after["treeSize"]) == (before["rootHash"], 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.sampled_from([hashedrekord(), dsse_spec(envelope()), intoto()]), st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_any_change_of_an_entry_is_canonical_or_refused(
    entry: dict[str, Any], data: st.DataObject
) -> None:
    places = []

    def walk(value: object, path: str) -> None:
        children = list(value.items()) if isinstance(value, dict) else []
        children += list(enumerate(value)) if isinstance(value, list) else []
        for name, inner in children:
            places.append(f"{path}{name}")
            walk(inner, f"{path}{name}.")

    walk(entry, "")
    proposed = changed(entry, data.draw(st.sampled_from(places)), data.draw(JSON.filter(bool)))
    try:
        canonical_body(proposed)
    except InputError:
        return

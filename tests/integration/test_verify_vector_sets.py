"""Third parties' vectors against single steps: signatures, proofs, times, chains."""

import base64
import hashlib
import json
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_public_key

from sealane.core.attestation.envelope import parse_envelope
from sealane.core.verify.chain import issuers_of
from sealane.core.verify.checkpoint import check_signed, parse_checkpoint
from sealane.core.verify.dsse import prove_envelope
from sealane.core.verify.interface import Demands
from sealane.core.verify.keys import ALWAYS, TrustedKey, spki_of, verify_message
from sealane.core.verify.merkle import root_of
from sealane.core.verify.profile import check_authority_profile, check_leaf_profile
from sealane.core.verify.reason import Reason
from sealane.core.verify.root import Authority, parse_root
from sealane.core.verify.timestamp import verify_timestamp
from sealane.errors import InputError, VerificationError
from support.judged import added, flipped
from support.pack import CASES, PRODUCTION, STAGING, evidence_of
from support.vectors import PACK, needs_pack

pytestmark = needs_pack
WYCHEPROOF = {
    "ecdsa_secp256r1_sha256_test.json": (174, 310),
    "ed25519_test.json": (88, 63),
}


@pytest.mark.parametrize("name", WYCHEPROOF)
def test_every_signature_of_wycheproof_is_judged_rightly(name: str) -> None:
    document = json.loads((PACK / "wycheproof" / name).read_text(encoding="utf-8"))
    wrong, counted = [], {"valid": 0, "invalid": 0, "acceptable": 0}
    for group in document["testGroups"]:
        key = TrustedKey("", bytes.fromhex(group["publicKeyDer"]))
        for case in group["tests"]:
            counted[case["result"]] += 1
            try:
                verify_message(key, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
                held = "valid"
            except InvalidSignature:
                held = "invalid"
            if case["result"] not in {held, "acceptable"}:
                wrong.append((case["tcId"], case["comment"], held))
    assert wrong == []
    assert (counted["valid"], counted["invalid"]) == WYCHEPROOF[name]


def _proofs() -> list[dict[str, Any]]:
    file = PACK / "merkle" / "real-inclusion-proofs.jsonl"
    if not file.is_file():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


PROOFS = _proofs()


def _entries(document: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Every log entry in some evidence, of whatever form."""
    if isinstance(document, list):
        return [entry for one in document for entry in _entries(one)]
    if not isinstance(document, dict):
        return []
    own = [document] if "canonicalizedBody" in document else []
    return [*own, *(entry for one in document.values() for entry in _entries(one))]


def _body_of(proof: dict[str, Any]) -> bytes:
    document = json.loads(evidence_of(CASES[proof["case"]]).content)
    bodies = [base64.b64decode(one["canonicalizedBody"]) for one in _entries(document)]
    (body,) = {
        one for one in bodies if hashlib.sha256(b"\0" + one).hexdigest() == proof["leaf_hash"]
    }
    return body


def _root_of(proof: dict[str, Any], body: bytes) -> str:
    path = [bytes.fromhex(one) for one in proof["proof"]]
    try:
        return root_of(body, proof["leaf_index"], proof["tree_size"], path).hex()
    except InputError:
        return ""


def test_every_proof_of_the_pack_is_tried() -> None:
    assert len(PROOFS) == 22
    assert {one["expect"] for one in PROOFS} == {"accept"}


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof["case"])
def test_a_real_proof_leads_to_its_root_and_no_changed_one_does(proof: dict[str, Any]) -> None:
    body, root = _body_of(proof), proof["root"]
    assert _root_of(proof, body) == root
    assert _root_of(proof, body + b" ") != root
    path = proof["proof"]
    for place, one in enumerate(path):
        wrong = f"{int(one[0], 16) ^ 1:x}{one[1:]}"
        assert (
            _root_of({**proof, "proof": [*path[:place], wrong, *path[place + 1 :]]}, body) != root
        )
    for changed in (
        {"leaf_index": proof["leaf_index"] - 1},
        {"leaf_index": proof["tree_size"]},
        {"proof": path[1:]},
        {"proof": path[:-1]},
        {"proof": [*path, path[0]]},
        {"proof": path[::-1]},
    ):
        assert _root_of({**proof, **changed}, body) != root, changed


@cache
def _logs() -> dict[bytes, list[TrustedKey]]:
    found: dict[bytes, list[TrustedKey]] = {}
    roots = [PACK / name for name in (PRODUCTION, STAGING)]
    for file in [*roots, *sorted((PACK / "roots").rglob("*trusted_root*.json"))]:
        for log in parse_root(file.read_bytes()).logs:
            found.setdefault(log.log_id, []).append(log.key)
    return found


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof["case"])
def test_a_real_checkpoint_is_signed_by_its_log_over_its_tree(proof: dict[str, Any]) -> None:
    log_id, note = base64.b64decode(proof["log_key_id"]), proof["checkpoint"]
    (key, *_) = _logs()[log_id]
    found = parse_checkpoint(note)
    assert (found.size, found.root.hex()) == (proof["tree_size"], proof["root"])
    check_signed(found, log_id, key)
    size = str(proof["tree_size"])
    for changed, name in (
        (note.replace(f"\n{size}\n", f"\n{added(1)(size)}\n"), log_id),
        (note.replace(base64.b64encode(found.root).decode(), base64.b64encode(bytes(32)).decode()),
         log_id),
        (note, bytes(32)),
    ):  # fmt: skip
        with pytest.raises(VerificationError) as raised:
            check_signed(parse_checkpoint(changed), name, key)
        assert raised.value.code == Reason.CHECKPOINT_INVALID


RFC3161 = PACK / "rfc3161"
TSA = RFC3161 / "sigstore-python"


def _authority() -> Authority:
    document = json.loads((TSA / "ca.json").read_text(encoding="utf-8"))
    chain = [base64.b64decode(one["rawBytes"]) for one in document["certChain"]["certificates"]]
    return Authority("tsa", tuple(chain), ALWAYS)


def _refused(response: bytes, message: bytes, *authorities: Authority) -> str:
    with pytest.raises(VerificationError) as raised:
        verify_timestamp(response, message, authorities)
    return raised.value.code


def test_a_time_stamp_without_a_certificate_is_its_authoritys_over_its_message() -> None:
    response = (TSA / "issue1482-timestamp-with-no-cert").read_bytes()
    message = (TSA / "issue1482-message").read_bytes()
    staging = parse_root((PACK / STAGING).read_bytes()).timestamp_authorities
    found = verify_timestamp(response, message, staging)
    assert found.authority in {one.chain[0] for one in staging}
    assert _refused(response, message + b".", *staging) == Reason.TIMESTAMP_INVALID
    production = parse_root((PACK / PRODUCTION).read_bytes()).timestamp_authorities
    for others in (production, (_authority(),), ()):
        assert _refused(response, message, *others) == Reason.TIMESTAMP_INVALID


@pytest.mark.parametrize("name", ["response-injected-certs.tsr", "rekor-test.tsr"])
def test_a_time_stamp_of_an_authority_that_nobody_trusts_proves_nothing(name: str) -> None:
    """One brings certificates of its own, put beside those that signed."""
    response = (RFC3161 / name).read_bytes()
    roots = (PACK / PRODUCTION, PACK / STAGING)
    known = [one for file in roots for one in parse_root(file.read_bytes()).timestamp_authorities]
    for message in (b"", b"message", (TSA / "issue1482-message").read_bytes()):
        assert _refused(response, message, _authority(), *known) == Reason.TIMESTAMP_INVALID


def test_a_plain_envelope_is_signed_by_its_key() -> None:
    content = (PACK / "dsse" / "intoto_dsse.json").read_bytes()
    public = load_pem_public_key((PACK / "dsse" / "intoto_dsse.pem").read_bytes())
    key, unlogged = TrustedKey("rekor's", spki_of(public)), Demands(key_logs=0)
    (proven,) = prove_envelope(parse_envelope(content), [key], unlogged)
    assert proven.signer == key.identity
    document = json.loads(content)
    document["payload"] = flipped(9)(document["payload"])
    with pytest.raises(VerificationError) as raised:
        prove_envelope(parse_envelope(json.dumps(document).encode()), [key], unlogged)
    assert raised.value.code == Reason.SIGNATURE_INVALID


def _bogus(name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((PACK / "x509" / f"bogus-{name}.pem").read_bytes())


LEAVES = {"leaf": True, "leaf-invalid-eku": False, "leaf-invalid-ku": False,
          "leaf-missing-eku": False, "root": False, "intermediate": False,
          "intermediate-with-eku": False}  # fmt: skip
AUTHORITIES = {"root": True, "intermediate": True, "intermediate-with-eku": True, "leaf": False,
               "root-invalid-ku": False, "root-missing-ku": False,
               "root-noncritical-bc": False}  # fmt: skip


@pytest.mark.parametrize(("name", "sound"), LEAVES.items())
def test_a_bogus_leaf_is_judged_by_its_profile(name: str, *, sound: bool) -> None:
    if sound:
        check_leaf_profile(_bogus(name))
        return
    with pytest.raises(VerificationError) as raised:
        check_leaf_profile(_bogus(name))
    assert raised.value.code == Reason.CERTIFICATE_PROFILE


@pytest.mark.parametrize(("name", "sound"), AUTHORITIES.items())
def test_a_bogus_authority_is_judged_by_its_profile(name: str, *, sound: bool) -> None:
    if sound:
        check_authority_profile(_bogus(name), 0)
        return
    with pytest.raises(VerificationError) as raised:
        check_authority_profile(_bogus(name), 0)
    assert raised.value.code == Reason.CERTIFICATE_PROFILE


def test_every_bogus_certificate_of_the_pack_is_judged() -> None:
    names = {file.stem.removeprefix("bogus-") for file in (PACK / "x509").glob("*.pem")}
    assert names == LEAVES.keys() | AUTHORITIES.keys()


ROOTS = {"root": True, "root-invalid-ku": False, "root-missing-ku": False,
         "root-noncritical-bc": False}  # fmt: skip


def _issuers(authorities: list[Authority]) -> tuple[Authority, ...]:
    leaf = _bogus("leaf")
    return issuers_of(leaf, leaf.public_bytes(Encoding.DER), authorities)


@pytest.mark.parametrize(("name", "sound"), ROOTS.items())
def test_a_leaf_of_a_bogus_root_is_trusted_only_where_that_may_issue(
    name: str, *, sound: bool
) -> None:
    """All of them share one name and one key, so that the signature holds each time."""
    top = Authority("bogus", (_bogus(name).public_bytes(Encoding.DER),), ALWAYS)
    if sound:
        assert _issuers([top]) == (top,)
        return
    with pytest.raises(VerificationError) as raised:
        _issuers([top])
    assert raised.value.code == Reason.CERTIFICATE_PROFILE


def test_a_bogus_root_issued_nothing_by_a_name_and_another_key() -> None:
    inner = Authority("bogus", (_bogus("intermediate").public_bytes(Encoding.DER),), ALWAYS)
    with pytest.raises(VerificationError) as raised:
        _issuers([inner])
    assert raised.value.code == Reason.CERTIFICATE_UNTRUSTED

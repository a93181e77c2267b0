"""What a key signed is a bundle that every reader of bundles reads."""

import base64
import hashlib
import json

import pytest

from sealane.core.attestation.bundle import Envelope, is_bundle, parse_bundle
from sealane.core.attestation.envelope import PAYLOAD_TYPE
from sealane.core.attestation.keyed import render_keyed_bundle
from sealane.core.attestation.sniff import sniff
from sealane.core.model.evidence import EvidenceForm


@pytest.mark.parametrize("statement", [b"{}", '{"a": "é"}'.encode(), b"\x00\xff"])
def test_the_bundle_holds_the_statement_byte_for_byte(statement: bytes) -> None:
    made = render_keyed_bundle(statement, b"\x30\x01", b"a key")
    assert b"\n" not in made
    assert is_bundle(json.loads(made))
    assert sniff(made, "x.vsa.json") is EvidenceForm.SIGSTORE_BUNDLE
    read = parse_bundle(made)
    assert read.version == 3
    assert read.content == Envelope(PAYLOAD_TYPE, statement, (b"\x30\x01",))
    assert (read.certificates, read.entries, read.timestamps) == ((), (), ())
    assert read.key_hint == base64.b64encode(hashlib.sha256(b"a key").digest()).decode()

"""The index that a report shows is one that something proves."""

import json

import pytest

from sealane.core.attestation.outline import parse_outline

PROMISE = {"signedEntryTimestamp": "AA=="}


@pytest.mark.parametrize(
    ("entry", "index"),
    [
        ({"logIndex": "7", "inclusionProof": {"logIndex": "3"}, "inclusionPromise": PROMISE}, 7),
        # Without a promise nothing is signed over the entry's own index.
        ({"logIndex": "7", "inclusionProof": {"logIndex": "3"}}, 3),
        ({"logIndex": "7", "inclusionProof": {}}, 0),
        ({"logIndex": "7"}, 7),
    ],
)
def test_the_index_is_the_one_its_proof_binds(entry: dict[str, object], index: int) -> None:
    bundle = {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"tlogEntries": [entry]},
        "dsseEnvelope": {},
    }
    assert parse_outline(json.dumps(bundle).encode()).log_index == index

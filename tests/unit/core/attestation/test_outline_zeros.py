"""A zero that a writer of protobuf JSON left away is a zero."""

import json
from typing import Any

import pytest

from sealane.core.attestation.outline import with_zeros


def bundle(entry: dict[str, Any]) -> bytes:
    return json.dumps({"verificationMaterial": {"tlogEntries": [entry]}}).encode()


def entry_of(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)["verificationMaterial"]["tlogEntries"][0]
    return found


def test_the_first_entry_of_a_log_gets_its_index() -> None:
    entry = entry_of(with_zeros(bundle({"inclusionProof": {"treeSize": "1"}})))
    assert entry == {
        "logIndex": "0",
        "inclusionProof": {"treeSize": "1", "logIndex": "0", "hashes": []},
    }


@pytest.mark.parametrize(
    "entry",
    [
        {"logIndex": "7", "inclusionProof": {"logIndex": "3", "hashes": ["aa"]}},
        {"logIndex": "0", "inclusionProof": {"logIndex": "0", "hashes": []}},
    ],
)
def test_what_is_written_stays(entry: dict[str, Any]) -> None:
    assert entry_of(with_zeros(bundle(entry))) == entry


@pytest.mark.parametrize("proof", [None, "text", []])
def test_a_missing_or_broken_proof_is_left_to_the_engine(proof: object) -> None:
    entry = entry_of(with_zeros(bundle({"logIndex": "1", "inclusionProof": proof})))
    assert entry["inclusionProof"] == proof


def test_an_absent_time_stays_absent() -> None:
    assert "integratedTime" not in entry_of(with_zeros(bundle({})))

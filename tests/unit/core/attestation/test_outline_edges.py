"""A bundle's own claims are read where they are there, and refused where they are not of a kind."""

import json

import pytest

from sealane.core.attestation.outline import Content, parse_outline
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

ENTRY: dict[str, JsonValue] = {"logIndex": "7", "integratedTime": "9", "inclusionPromise": {}}


def bundle(**material: JsonValue) -> bytes:
    return json.dumps({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "messageSignature": {},
        "verificationMaterial": {"tlogEntries": [ENTRY], **material},
    }).encode()  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [{}, {"timestampVerificationData": None}, {"timestampVerificationData": {}}],
    ids=["absent", "null", "empty"],
)
def test_without_timestamps_there_are_none(data: dict[str, JsonValue]) -> None:
    outline = parse_outline(bundle(**data))
    assert (outline.content, outline.timestamps) == (Content.MESSAGE, ())
    assert (outline.integrated, outline.log_index) == (9, 7)


@pytest.mark.parametrize(
    "data",
    [
        1, [], "x", {"rfc3161Timestamps": 1}, {"rfc3161Timestamps": {"a": 1}},
        {"rfc3161Timestamps": [1]}, {"rfc3161Timestamps": [{}]},
        {"rfc3161Timestamps": [{"signedTimestamp": "!"}]},
        {"rfc3161Timestamps": [{"signedTimestamp": "AA=="}] * 33},
    ],
)  # fmt: skip
def test_timestamps_of_another_kind_are_refused(data: JsonValue) -> None:
    with pytest.raises(InputError, match="bundle: "):
        parse_outline(bundle(timestampVerificationData=data))

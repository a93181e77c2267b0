"""A bundle has what its version and the policy demand, and not more than can be checked."""

import json

import pytest

from sealane.core.verify.form import MOST_TIMESTAMPS, read_bundle
from sealane.core.verify.interface import Demands
from sealane.core.verify.reason import Reason
from sealane.errors import VerificationError
from support.judged import DEFAULTS, ENTRY, MATERIAL, WORLD, Json, at, edited
from support.maker.keys import key_named

KEY = key_named("release")
TYPE = "application/vnd.dev.sigstore.bundle"


def refused(bundle: Json, demands: Demands = DEFAULTS) -> str:
    with pytest.raises(VerificationError) as raised:
        read_bundle(json.dumps(bundle).encode(), demands)
    return raised.value.code


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("managed", [None, KEY], ids=["certificate", "key"])
def test_each_version_is_read(version: int, managed: object) -> None:
    bundle = WORLD.bundle(version=version, managed=managed)
    assert read_bundle(json.dumps(bundle).encode(), DEFAULTS).version == version


@pytest.mark.parametrize(
    "media_type",
    [
        "", "x", TYPE, f"{TYPE}+json", f"{TYPE}+json;version=0.4", f"{TYPE}.v0.2+json",
        f"{TYPE}.v0.3+JSON", f"{TYPE}+json; version=0.3", f"{TYPE}.v0.3+json ",
    ],
)  # fmt: skip
def test_no_other_version_is_read(media_type: str) -> None:
    changed = edited(WORLD.bundle(), "mediaType", media_type)
    assert refused(changed) == Reason.VERSION_UNKNOWN


@pytest.mark.parametrize("version", [1, 2])
def test_a_certificate_stands_where_its_version_has_it(version: int) -> None:
    chained, single = WORLD.bundle(version=version), WORLD.bundle()
    types = at(chained, "mediaType"), at(single, "mediaType")
    assert refused(edited(chained, "mediaType", types[1])) == Reason.FORM_INVALID
    assert refused(edited(single, "mediaType", types[0])) == Reason.FORM_INVALID


@pytest.mark.parametrize("count", [0, 2, 32])
def test_an_envelope_has_one_signature(count: int) -> None:
    bundle = edited(WORLD.bundle(), "dsseEnvelope.signatures", lambda listed: listed * count)
    assert refused(bundle) == Reason.SIGNATURE_COUNT


def test_the_number_of_time_stamps_has_an_end() -> None:
    content = json.dumps(WORLD.bundle(timestamps=MOST_TIMESTAMPS)).encode()
    assert len(read_bundle(content, DEFAULTS).timestamps) == MOST_TIMESTAMPS == 32
    assert refused(WORLD.bundle(timestamps=MOST_TIMESTAMPS + 1)) == Reason.TIMESTAMP_COUNT


def test_an_entry_is_told_by_log_and_index() -> None:
    bundle = WORLD.bundle(log=("v1", "v1"))
    read_bundle(json.dumps(bundle).encode(), DEFAULTS)
    index = at(bundle, f"{ENTRY}.logIndex")
    twice = edited(bundle, f"{MATERIAL}.tlogEntries.1.logIndex", index)
    assert refused(twice) == Reason.ENTRY_DUPLICATE


@pytest.mark.parametrize(
    ("logs", "demands", "missing"),
    [
        ((), Demands(logs=0), False),
        ((), Demands(), True),
        (("v1",), Demands(), False),
        (("v1",), Demands(logs=2), True),
        (("v1", "v1"), Demands(logs=2), True),
        (("v1", "v2"), Demands(logs=2), False),
        (("v1", "v2"), Demands(logs=3), True),
        ((), Demands(logs=1, key_logs=0), True),
    ],
)
def test_there_are_entries_of_as_many_logs_as_demanded(
    logs: tuple[str, ...], demands: Demands, *, missing: bool
) -> None:
    bundle = WORLD.bundle(log=logs)
    if missing:
        assert refused(bundle, demands) == Reason.ENTRY_MISSING
    else:
        read_bundle(json.dumps(bundle).encode(), demands)

"""The time of a log entry clears nobody unless it is proven, and accuses also where it is not."""

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sealane.desk.logged import Logged, logged_times
from sealane.errors import InputError
from sealane.io.stores.trust.load import TrustMaterial
from support.maker.content import ARTIFACT
from support.maker.hosted import attestation_of
from support.maker.world import AT, World

FILES = frozenset({hashlib.sha256(ARTIFACT).hexdigest()})
WORLD = World()
# A certificate of the test's world begins half a minute before something is signed.
ISSUED = (AT - timedelta(seconds=30)).replace(microsecond=0)


def trust(world: World = WORLD) -> TrustMaterial:
    content = world.root_json()
    return TrustMaterial("test", content, hashlib.sha256(content).hexdigest(), sandbox=False)


def looked(
    folder: Path,
    *bundles: Any,  # noqa: ANN401 - JSON
    lifted: datetime | None = None,
    by: TrustMaterial | None = None,
) -> Logged:
    paths = []
    for number, one in enumerate(bundles):
        path = folder / f"{number}.sigstore.json"
        path.write_text(json.dumps(one))
        paths.append(path)
    return logged_times(paths, FILES, by, lifted)


@pytest.mark.parametrize("kind", ["dsse", "message"])
@pytest.mark.parametrize("log", ["v1", "v2"])
def test_proven_times_are_the_logs_and_the_certificates(
    kind: str, log: str, tmp_path: Path
) -> None:
    bundle = WORLD.bundle(kind=kind, log=log)
    found = looked(tmp_path, bundle, by=trust())
    assert found.times == (ISSUED, AT if log == "v2" else AT.replace(microsecond=0))
    assert found.notes == ()
    assert [one.kind for one in found.based_on] == ["trust root", "evidence"]


def test_an_attestation_and_a_provenance_object_are_looked_into(tmp_path: Path) -> None:
    held = attestation_of(WORLD.bundle())
    provenance = {
        "version": 1,
        "attestation_bundles": [{"publisher": {"kind": "GitLab"}, "attestations": [held]}],
    }
    assert looked(tmp_path, held, by=trust()).times == (ISSUED, AT)
    assert looked(tmp_path, provenance, by=trust()).times == (ISSUED, AT)


def test_without_a_trust_root_times_clear_nobody(tmp_path: Path) -> None:
    found = looked(tmp_path, WORLD.bundle(), lifted=AT - timedelta(days=1))
    assert found.times is None
    assert "no trust root" in found.notes[0]


def test_without_a_trust_root_an_early_time_accuses(tmp_path: Path) -> None:
    lifted = AT + timedelta(days=1)
    assert looked(tmp_path, WORLD.bundle(), lifted=lifted).times == (AT,)


def test_a_time_that_was_changed_clears_nobody(tmp_path: Path) -> None:
    bundle = WORLD.bundle()
    late = int((AT + timedelta(days=2)).timestamp())
    bundle["verificationMaterial"]["tlogEntries"][0]["integratedTime"] = str(late)
    found = looked(tmp_path, bundle, WORLD.bundle(), by=trust(), lifted=AT + timedelta(days=1))
    assert found.times == (ISSUED, AT)
    assert "proves no time" in found.notes[0]
    # Beside it, even good evidence clears nobody.
    lifted = AT - timedelta(days=1)
    assert looked(tmp_path, bundle, WORLD.bundle(), by=trust(), lifted=lifted).times is None


def test_evidence_of_another_world_clears_nobody(tmp_path: Path) -> None:
    found = looked(tmp_path, World("other").bundle(), by=trust())
    assert found.times is None
    assert "proves no time" in found.notes[0]


@pytest.mark.parametrize("kind", ["dsse", "message"])
def test_evidence_about_another_file_tells_nothing(kind: str, tmp_path: Path) -> None:
    found = looked(tmp_path, WORLD.bundle(kind=kind, content=b"other"), by=trust())
    assert found.times is None
    assert found.notes == ("0.sigstore.json: it is about no file of the releases",)


@pytest.mark.parametrize("content", [b"", b"{}", b"text", b'{"payload": 1}'])
def test_what_is_no_evidence_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.sigstore.json"
    path.write_bytes(content)
    with pytest.raises(InputError):
        logged_times([path], FILES, trust(), None)


def test_a_bare_envelope_is_in_no_log(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Sigstore bundle"):
        looked(tmp_path, WORLD.bundle()["dsseEnvelope"], by=trust())


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    bundle = WORLD.bundle()
    bundle["verificationMaterial"]["tlogEntries"][0]["integratedTime"] = "9" * 18
    with pytest.raises(InputError, match="time of a log entry"):
        looked(tmp_path, bundle)

"""Rekor v2 and the time-stamp authority: our signer, the client's verifier, a monitor, OpenSSL."""

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sigstore.errors import VerificationError
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity

from sealane.errors import ChannelError, InputError, NetworkError, TrustError
from sealane.io.adapters.secret import Secret
from sealane.io.adapters.sigstore_sign import StatementSigner, open_signer
from sealane.sandbox import launch
from sealane.sandbox.running import Running
from support.evidence import PROJECT, statement
from support.recorder import Recorder, recording
from support.signing_v2 import (
    naive_path,
    naive_root,
    parse_checkpoint,
    read_bodies,
    read_hashes,
)

SUBJECT = f"https://gitlab.com/{PROJECT}//.gitlab-ci.yml@refs/tags/v1.2.3"
POLICY = Identity(identity=SUBJECT, issuer="https://gitlab.com")
ENTRIES = 129
LOGS = pytest.mark.parametrize("version", [1, 2])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A sandbox whose logs only these tests write to."""
    with launch.start(tmp_path_factory.mktemp("logs"), until_eof=True) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_fault_is_left(world: Running) -> Iterator[None]:
    yield
    for name in ("tsa", "rekor2"):
        world.set_fault(name, "")


@pytest.fixture
def verifier(world: Running) -> Verifier:
    root = world.directory / "trusted_root.json"
    return Verifier(trusted_root=TrustedRoot.from_file(str(root)))


def config_of(world: Running) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((world.directory / "trust_config.json").read_bytes())
    return config


def signer(
    world: Running, version: int = 2, config: dict[str, Any] | None = None
) -> StatementSigner:
    token = Secret(world.mint("gitlab", "sigstore", project=PROJECT, ref="v1.2.3"))
    content = json.dumps(config or config_of(world)).encode()
    return open_signer(trust_config=content, token=token, log_version=version)


def get(world: Running, path: str) -> bytes:
    response = requests.get(f"{world.base}/rekor2{path}", timeout=10)
    assert response.status_code == 200, path
    return response.content


def sizes(world: Running) -> tuple[int, int]:
    """How many entries both logs have."""
    first = requests.get(f"{world.base}/api/v1/log", timeout=10).json()["treeSize"]
    return int(first), parse_checkpoint(get(world, "/checkpoint").decode())[1]


def verify(verifier: Verifier, bundle: bytes | dict[str, Any]) -> None:
    text = bundle.decode() if isinstance(bundle, bytes) else json.dumps(bundle)
    verifier.verify_dsse(Bundle.from_json(text), POLICY)


def entry_of(document: dict[str, Any]) -> dict[str, Any]:
    (entry,) = document["verificationMaterial"]["tlogEntries"]
    found: dict[str, Any] = entry
    return found


def stamps(bundle: bytes) -> list[Any]:
    material = json.loads(bundle)["verificationMaterial"]
    found: list[Any] = material.get("timestampVerificationData", {}).get("rfc3161Timestamps", [])
    return found


def test_our_signer_writes_to_rekor_v2_with_a_time_stamp(
    world: Running, verifier: Verifier
) -> None:
    first, second = sizes(world)
    bundle = signer(world).sign(statement(b"v2"))
    assert sizes(world) == (first, second + 1)
    assert entry_of(json.loads(bundle))["kindVersion"]["version"] == "0.0.2"
    assert len(stamps(bundle)) == 1
    verify(verifier, bundle)


def test_version_1_asks_no_time_stamp_authority(world: Running, verifier: Verifier) -> None:
    world.set_fault("tsa", "down")
    bundle = signer(world, 1).sign(statement(b"v1"))
    assert stamps(bundle) == []
    verify(verifier, bundle)


FAULTS = pytest.mark.parametrize(
    ("fault", "why"),
    [("down", "HTTP 503"), ("slow", "ReadTimeout"), ("wrong-imprint", "does not hold")],
)


@FAULTS
def test_an_authority_that_fails_is_noticed_before_anything_is_logged(
    world: Running, fault: str, why: str
) -> None:
    before = sizes(world)
    world.set_fault("tsa", fault)
    with pytest.raises(NetworkError, match=f"time-stamp authority .*{why}"):
        signer(world)
    assert sizes(world) == before


@FAULTS
def test_an_authority_that_fails_later_leaks_no_entry_either(
    world: Running, fault: str, why: str
) -> None:
    opened = signer(world)
    before = sizes(world)
    world.set_fault("tsa", fault)
    with pytest.raises(NetworkError, match=f"time-stamp authority .*{why}"):
        opened.sign(statement(fault.encode()))
    assert sizes(world) == before


def test_the_clients_own_signer_leaks_an_entry_in_the_same_outage(
    world: Running, tmp_path: Path
) -> None:
    """Why ours asks in another way; should this fail, the library has learned to."""
    from support.world import ambient_gitlab, inside

    (tmp_path / "file").write_bytes(b"an embargoed file")
    world.set_fault("tsa", "down")
    first, second = sizes(world)
    config = world.directory / "trust_config.json"
    extra = ambient_gitlab(world, project=PROJECT, ref="v1.2.3")
    inside(world, ["sigstore", "--trust-config", config, "sign", tmp_path / "file"], extra)
    assert not (tmp_path / "file.sigstore.json").exists()
    assert sizes(world) == (first, second + 1)


def without(config: dict[str, Any], place: str, member: str) -> dict[str, Any]:
    return {**config, place: {**config[place], member: []}}


def test_version_2_needs_an_authority_to_ask_and_one_to_trust(world: Running) -> None:
    config = config_of(world)
    for place, member in (("signingConfig", "tsaUrls"), ("trustedRoot", "timestampAuthorities")):
        lacking = without(config, place, member)
        with pytest.raises(TrustError, match="no time-stamp authority"):
            signer(world, 2, lacking)
        assert signer(world, 1, lacking).sign(statement(member.encode()))


def test_an_authority_without_its_root_is_none_to_trust(world: Running) -> None:
    config = config_of(world)
    (authority,) = config["trustedRoot"]["timestampAuthorities"]
    del authority["certChain"]["certificates"][1:]
    with pytest.raises(TrustError, match="no time-stamp authority"):
        signer(world, 2, config)


@pytest.mark.parametrize("version", [0, 3])
def test_another_version_of_the_log_is_refused(world: Running, version: int) -> None:
    with pytest.raises(TrustError, match="No valid Rekor"):
        signer(world, version)


def test_a_configuration_without_the_log_asked_for_is_refused(world: Running) -> None:
    for version in (1, 2):
        config = config_of(world)
        urls = config["signingConfig"]["rekorTlogUrls"]
        urls[:] = [one for one in urls if one["majorApiVersion"] != version]
        with pytest.raises(TrustError, match="No valid Rekor") as raised:
            signer(world, version, config)
        assert f"Rekor v{version}" in raised.value.hint


def test_a_stamp_of_a_stranger_is_refused_before_anything_is_logged(
    world: Running, tmp_path: Path
) -> None:
    before = sizes(world)
    config = config_of(world)
    with launch.start(tmp_path / "other", until_eof=True) as other:
        config["signingConfig"]["tsaUrls"] = config_of(other)["signingConfig"]["tsaUrls"]
        with pytest.raises(NetworkError, match="does not hold"):
            signer(world, 2, config)
    assert sizes(world) == before


@pytest.fixture
def _password_for_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `netrc` that clients would take credentials from."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))


@pytest.mark.parametrize(
    "service", [("tsaUrls", 2), ("rekorTlogUrls", 2), ("rekorTlogUrls", 1)], ids=str
)
@pytest.mark.usefixtures("_password_for_loopback")
@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (302, b"", "redirect"),
        (500, b'{"message":"broken\\nreally"}', "broken really"),
        (201, b"", "not what was asked for"),
        (201, b"[]", r"not what was asked for|not a time-stamp"),
    ],
)
def test_a_service_that_misbehaves_is_not_followed_and_sees_no_password(
    world: Running, service: tuple[str, int], status: int, body: bytes, why: str
) -> None:
    name, version = service
    before = sizes(world)
    config = config_of(world)
    with recording(Recorder(status, body)) as recorder:
        for one in config["signingConfig"][name]:
            one["url"] = recorder.base
        with pytest.raises(NetworkError, match=why):
            signer(world, version, config).sign(statement(why.encode()))
    assert len(recorder.requests) == 1
    assert "authorization" not in recorder.requests[0]
    assert sizes(world) == before


@pytest.mark.parametrize("fault", ["down", "500-after-store"])
def test_a_log_that_fails_says_so(world: Running, fault: str) -> None:
    opened = signer(world)
    _, before = sizes(world)
    world.set_fault("rekor2", fault)
    with pytest.raises(ChannelError, match=r"transparency log .*HTTP 50") as raised:
        opened.sign(statement(fault.encode()))
    assert raised.value.status == (503 if fault == "down" else 500)
    assert sizes(world)[1] == before + (fault == "500-after-store")


@pytest.mark.parametrize("fault", ["stale-checkpoint", "wrong-root"])
def test_what_a_lying_log_answered_does_not_verify(
    world: Running, verifier: Verifier, fault: str
) -> None:
    opened = signer(world)
    world.set_fault("rekor2", fault)
    bundle = opened.sign(statement(fault.encode()))
    with pytest.raises(VerificationError):
        verify(verifier, bundle)


def test_a_checkpoint_of_another_origin_is_in_the_bundle(world: Running) -> None:
    opened = signer(world)
    world.set_fault("rekor2", "wrong-origin")
    document = json.loads(opened.sign(statement(b"origin")))
    text = entry_of(document)["inclusionProof"]["checkpoint"]["envelope"]
    assert parse_checkpoint(text)[0] == "other.rekor2.sealane.invalid"


@pytest.fixture(scope="module")
def grown(world: Running) -> dict[int, list[bytes]]:
    """Bundles of as many entries as both logs' trees need to have had every shape."""
    made: dict[int, list[bytes]] = {}
    for version in (1, 2):
        opened = signer(world, version)
        made[version] = [opened.sign(statement(b"%d" % index)) for index in range(ENTRIES)]
    return made


@LOGS
def test_every_entry_of_a_growing_log_verifies_at_its_size(
    grown: dict[int, list[bytes]], verifier: Verifier, version: int
) -> None:
    indexes = []
    for bundle in grown[version]:
        verify(verifier, bundle)
        proof = entry_of(json.loads(bundle))["inclusionProof"]
        indexes.append(int(proof["logIndex"]))
        assert int(proof["treeSize"]) == indexes[-1] + 1
    assert indexes == list(range(indexes[0], indexes[0] + ENTRIES))


def test_old_entries_of_v1_verify_with_a_proof_of_today(
    world: Running, grown: dict[int, list[bytes]], verifier: Verifier
) -> None:
    size, _ = sizes(world)
    for bundle in grown[1][::8]:
        document = json.loads(bundle)
        proof = entry_of(document)["inclusionProof"]
        query = {"logIndex": proof["logIndex"]}
        answer = requests.get(f"{world.base}/api/v1/log/entries", params=query, timeout=10)
        (entry,) = answer.json().values()
        fresh = entry["verification"]["inclusionProof"]
        assert fresh["treeSize"] == size
        proof["treeSize"] = str(fresh["treeSize"])
        proof["rootHash"] = base64.b64encode(bytes.fromhex(fresh["rootHash"])).decode()
        proof["hashes"] = [base64.b64encode(bytes.fromhex(one)).decode() for one in fresh["hashes"]]
        proof["checkpoint"] = {"envelope": fresh["checkpoint"]}
        verify(verifier, document)


def test_old_entries_of_v2_verify_with_a_proof_a_monitor_made_of_tiles(
    world: Running, grown: dict[int, list[bytes]], verifier: Verifier
) -> None:
    checkpoint = get(world, "/checkpoint").decode()
    _, size, root = parse_checkpoint(checkpoint)
    leaves = read_hashes(lambda path: get(world, path), 0, size)
    assert naive_root(leaves) == root
    bodies = read_bodies(lambda path: get(world, path), size)
    for bundle in grown[2][::8]:
        document = json.loads(bundle)
        entry = entry_of(document)
        index = int(entry["logIndex"])
        assert base64.b64decode(entry["canonicalizedBody"]) == bodies[index]
        path = [base64.b64encode(one).decode() for one in naive_path(index, leaves)]
        entry["inclusionProof"] |= {
            "treeSize": str(size),
            "rootHash": base64.b64encode(root).decode(),
            "hashes": path,
            "checkpoint": {"envelope": checkpoint},
        }
        verify(verifier, document)
        entry["inclusionProof"]["hashes"] = path[1:] + path[:1]
        with pytest.raises(VerificationError):
            verify(verifier, document)


def test_the_log_answers_under_its_own_name_through_the_air_lock(world: Running) -> None:
    answer = requests.get(
        "https://rekor2.sealane.invalid/checkpoint",
        proxies={"https": world.base},
        verify=str(world.directory / "ca.pem"),
        timeout=10,
    )
    assert answer.content == get(world, "/checkpoint")


def test_openssl_verifies_what_the_service_stamped(world: Running, tmp_path: Path) -> None:
    """A missing openssl fails the test."""

    def openssl(*arguments: str) -> None:
        command = ["openssl", "ts", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    (tmp_path / "data").write_bytes(b"a signature")
    openssl("-query", "-data", "data", "-sha256", "-cert", "-out", "query")
    answer = requests.post(
        f"{world.base}/api/v1/timestamp",
        data=(tmp_path / "query").read_bytes(),
        headers={"Content-Type": "application/timestamp-query"},
        timeout=10,
    )
    assert answer.status_code == 201
    (tmp_path / "reply").write_bytes(answer.content)
    (authority,) = config_of(world)["trustedRoot"]["timestampAuthorities"]
    *_, root = authority["certChain"]["certificates"]
    body = "\n".join(base64.encodebytes(base64.b64decode(root["rawBytes"])).decode().split())
    label = "CERTIFICATE"
    (tmp_path / "root.pem").write_text(f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    openssl("-verify", "-queryfile", "query", "-in", "reply", "-CAfile", "root.pem")


def test_a_state_directory_of_an_older_version_says_what_to_do(tmp_path: Path) -> None:
    directory = tmp_path / "old"
    launch.start(directory, until_eof=True).stop()
    for name in ("rekor2.key", "tsa.key", "tsa.der", "tsa-root.der"):
        (directory / name).unlink()
    with pytest.raises(InputError, match="keys cannot be read") as raised:
        launch.start(directory, until_eof=True)
    assert "delete the directory" in raised.value.hint

"""The trust files are what the client's own models read."""

import base64
import hashlib
import json
from datetime import UTC

from sigstore.models import ClientTrustConfig, TrustedRoot
from sigstore_models.trustroot.v1 import TrustedRoot as RootModel

from sealane.sandbox import trust
from sealane.sandbox.pki import spki
from support.sandbox_parts import BASE, sandbox_keys


def documents() -> tuple[dict[str, object], dict[str, object]]:
    keys = sandbox_keys()
    root = trust.trusted_root(keys, base=BASE)
    return root, trust.signing_config(keys, base=BASE)


def test_the_client_reads_the_configuration() -> None:
    config = ClientTrustConfig.from_json(json.dumps(trust.trust_config(*documents())))
    assert config.signing_config.get_oidc_url() == f"{BASE}/auth"
    for version, url in ((None, "/rekor2/api/v2"), (1, "/api/v1"), (2, "/rekor2/api/v2")):
        config.force_tlog_version = version
        (log,) = config.signing_config.get_tlogs()
        assert vars(log)["url"] == f"{BASE}{url}"
    (stamper,) = config.signing_config.get_tsas()
    assert stamper.url == f"{BASE}/api/v1/timestamp"
    assert config.signing_config.get_fulcio().url == BASE


def test_the_root_holds_the_authority_and_names_the_sandbox() -> None:
    root = TrustedRoot(RootModel.from_json(json.dumps(documents()[0]).encode()))
    keys = sandbox_keys()
    assert root.get_fulcio_certs() == [keys.authority.intermediate, keys.authority.root]
    (authority,) = json.loads(json.dumps(documents()[0]))["certificateAuthorities"]
    assert authority["subject"]["organization"] == "sealane sandbox"


def test_trust_starts_when_the_keys_were_made() -> None:
    model = RootModel.from_json(json.dumps(documents()[0]).encode())
    created = sandbox_keys().created.astimezone(UTC)
    windows = [
        *(log.public_key.valid_for for log in (*model.tlogs, *model.ctlogs)),
        *(one.valid_for for one in model.certificate_authorities),
        *(one.valid_for for one in model.timestamp_authorities),
    ]
    assert [window.start for window in windows if window] == [created] * 5


def test_log_ids_are_those_of_the_keys_and_names_hold_no_port() -> None:
    root = json.loads(json.dumps(documents()[0]))
    names = ["rekor1.sealane.invalid", "rekor2.sealane.invalid"]
    assert [log["baseUrl"] for log in root["tlogs"]] == [f"https://{name}" for name in names]
    ids = [base64.b64decode(log["logId"]["keyId"]) for log in root["tlogs"]]
    keys = sandbox_keys()
    raw = keys.rekor2.public_key().public_bytes_raw()
    assert ids == [
        hashlib.sha256(spki(keys.rekor1.public_key())).digest(),
        hashlib.sha256(b"rekor2.sealane.invalid\n\x01" + raw).digest(),
    ]


def test_the_root_holds_the_time_stamp_authority_leaf_first() -> None:
    root = TrustedRoot(RootModel.from_json(json.dumps(documents()[0]).encode()))
    (authority,) = root.get_timestamp_authorities()
    keys = sandbox_keys()
    assert authority.certificates(allow_expired=False) == [keys.tsa.leaf, keys.tsa.root]

"""The trust files are what the client's own models read."""

import base64
import json
from datetime import UTC

from sigstore.models import ClientTrustConfig, TrustedRoot
from sigstore_models.trustroot.v1 import TrustedRoot as RootModel

from sealane.sandbox import trust
from support.sandbox_parts import BASE, sandbox_keys

NAME = "rekor1.sealane.invalid"


def documents() -> tuple[dict[str, object], dict[str, object]]:
    keys = sandbox_keys()
    root = trust.trusted_root(keys, base=BASE, rekor1_name=NAME)
    return root, trust.signing_config(keys, base=BASE)


def test_the_client_reads_the_configuration() -> None:
    config = ClientTrustConfig.from_json(json.dumps(trust.trust_config(*documents())))
    assert config.signing_config.get_oidc_url() == f"{BASE}/auth"
    (log,) = config.signing_config.get_tlogs()
    assert vars(log)["url"] == f"{BASE}/api/v1"
    assert config.signing_config.get_tsas() == []
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
        model.tlogs[0].public_key.valid_for,
        model.ctlogs[0].public_key.valid_for,
        model.certificate_authorities[0].valid_for,
    ]
    assert [window.start for window in windows if window] == [created] * 3


def test_log_ids_are_those_of_the_keys_and_names_hold_no_port() -> None:
    root = json.loads(json.dumps(documents()[0]))
    (log,) = root["tlogs"]
    assert log["baseUrl"] == f"https://{NAME}"
    assert len(base64.b64decode(log["logId"]["keyId"])) == 32

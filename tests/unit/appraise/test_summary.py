"""Whoever signs summaries is found first, and a public log is told of nothing private."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealane.appraise.summary import as_lines, find_signer
from sealane.core.model.verdict import Appraisal, Basis
from sealane.errors import EvidenceError, InputError, UsageError
from sealane.io.stores.interface import NamedSandbox

CLAIMS = base64.urlsafe_b64encode(json.dumps({"aud": "sigstore"}).encode()).decode().rstrip("=")
TOKEN = f"e30.{CLAIMS}.AAAA"
JOB = {"GITLAB_CI": "true", "SIGSTORE_ID_TOKEN": TOKEN}


def judged_by(*roots: str) -> Appraisal:
    named = tuple(Basis("trust root", one, "d" * 64) for one in roots)
    return Appraisal((), named, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("how", ["", "key:", "key", "Keyless", "file.pem", "gitlab:a/b"])
def test_a_signer_of_another_form_is_refused(how: str) -> None:
    with pytest.raises(UsageError, match="not of a known form"):
        find_signer(how, JOB, None)


def test_a_key_that_is_missing_is_found_out_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="signing key"):
        find_signer(f"key:{tmp_path / 'none'}", {}, None)


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({}, id="no-ci"),
        pytest.param({"GITLAB_CI": "true"}, id="no-token"),
        pytest.param({**JOB, "SIGSTORE_ID_TOKEN": "x"}, id="no-jwt"),
        pytest.param({**JOB, "SIGSTORE_ID_TOKEN": "e30.e30.AAAA"}, id="no-audience"),
    ],
)
def test_a_token_that_is_missing_is_found_out_at_once(environ: dict[str, str]) -> None:
    with pytest.raises(EvidenceError):
        find_signer("keyless", environ, None)


def test_a_real_token_is_not_shown_to_a_sandbox(tmp_path: Path) -> None:
    jwks = tmp_path / "jwks.json"
    jwks.write_text('{"keys": []}')
    world = NamedSandbox(tmp_path, "http://127.0.0.1:1", jwks, jwks, jwks)
    with pytest.raises((EvidenceError, InputError)) as refused:
        find_signer("keyless", JOB, world)
    assert TOKEN not in str(refused.value)


def test_what_a_private_root_vouches_for_is_not_put_into_a_public_log() -> None:
    signer = find_signer("keyless", JOB, None)
    for root in ("embedded", "public-good", "none"):
        signer.check(judged_by(root))
    for roots in (("acme",), ("staging",), ("/srv/root.json",), ("embedded", "acme")):
        with pytest.raises(UsageError, match="public log"):
            signer.check(judged_by(*roots))
    assert "public log" in signer.said
    assert TOKEN not in signer.said
    assert signer.sign_all(()) == ()


def test_documents_stand_one_a_line() -> None:
    assert as_lines([b'{"b": 1,\n "a": "\xc3\xa9"}', b"{}"]) == b'{"a":"\\u00e9","b":1}\n{}\n'
    assert as_lines([]) == b""
    with pytest.raises(InputError):
        as_lines([b"[]"])

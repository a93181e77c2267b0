"""CVE Services through `cvelib`: the key goes to the configured origin, and nowhere else."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane.core.model.statement import JsonValue
from sealane.errors import ChannelError, InputError, NetworkError
from sealane.io.adapters.cvelib_client import Account, CveId, CveServices
from sealane.io.adapters.http import Web
from sealane.io.adapters.secret import Secret
from support.answering import Answering, Reply, answering, told
from support.recorder import Recorder, recording

KEY = "hunter2-hunter2"
CVE = "CVE-2026-10001"
ORG = {"UUID": "12345678-1234-4123-8123-123456789012"}
CONTAINER: dict[str, JsonValue] = {
    "affected": [{"vendor": "a", "product": "a", "defaultStatus": "unaffected"}],
    "descriptions": [{"lang": "en", "value": "x"}],
    "references": [{"url": "https://acme.example/1"}],
}


@pytest.fixture
def services() -> Iterator[Answering]:
    with answering() as made:
        made.replies["GET /api/org/acme"] = told(ORG)
        yield made


def opened(base: str, **changes: str) -> CveServices:
    known = {"url": f"{base}/api/", "organisation": "acme", "user": "a@acme.example", **changes}
    return CveServices(Web("test/1", loopback=True), Account(**known), Secret(KEY, "KEY"))


def test_an_id_and_its_record_are_shown(services: Answering) -> None:
    services.replies[f"GET /api/cve-id/{CVE}"] = told({"state": "PUBLISHED", "owning_cna": "acme"})
    services.replies[f"GET /api/cve/{CVE}"] = told({"containers": {"cna": {"title": "x"}}})
    assert opened(services.base).show(CVE) == CveId(CVE, "PUBLISHED", "acme")
    assert opened(services.base).container(CVE) == {"title": "x"}


def test_what_is_not_there_is_none_and_a_wrong_url_is_an_error(services: Answering) -> None:
    services.replies[f"GET /api/cve-id/{CVE}"] = told({"error": "CVEID_DNE", "message": ""}, 404)
    assert opened(services.base).show(CVE) is None
    services.replies[f"GET /api/cve-id/{CVE}"] = Reply(404, b"<html>")
    with pytest.raises(ChannelError, match="HTTP 404"):
        opened(services.base).show(CVE)


def test_a_container_gets_its_provider_and_is_sent_once(services: Answering) -> None:
    services.replies[f"POST /api/cve/{CVE}/cna"] = told({})
    opened(services.base).publish(CVE, CONTAINER)
    method, path, body = services.asked[-1]
    assert (method, path) == ("POST", f"/api/cve/{CVE}/cna")
    sent = json.loads(body)["cnaContainer"]
    assert sent["providerMetadata"] == {"orgId": ORG["UUID"]}
    assert "providerMetadata" not in CONTAINER
    assert len(services.asked) == 2


def test_what_the_schema_refuses_is_not_sent(services: Answering) -> None:
    with pytest.raises(InputError, match=r"would refuse it: .*references"):
        opened(services.base).publish(CVE, {"affected": []})
    assert [method for method, _, _ in services.asked] == ["GET"]


@pytest.mark.parametrize("body", [b"", b"[]", b"x", b"{}", b'{"state": 1, "owning_cna": "a"}'])
def test_an_answer_of_another_form_is_an_error(services: Answering, body: bytes) -> None:
    services.replies[f"GET /api/cve-id/{CVE}"] = Reply(200, body)
    services.replies[f"GET /api/cve/{CVE}"] = Reply(200, body)
    with pytest.raises(NetworkError):
        opened(services.base).show(CVE)
    with pytest.raises(NetworkError):
        opened(services.base).container(CVE)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 403, 429, 500])
def test_an_error_is_told_once_without_the_key(services: Answering, status: int) -> None:
    said = json.dumps({"error": "BAD", "message": f"your key {KEY}\x1b[2J"}).encode()
    where = {"Location": f"{services.base}/elsewhere"}
    services.replies[f"GET /api/cve-id/{CVE}"] = Reply(status, said, where)
    with pytest.raises(ChannelError) as caught:
        opened(services.base).show(CVE)
    assert (caught.value.status, caught.value.code) == (status, "BAD")
    assert KEY not in caught.value.message
    assert "\x1b" not in caught.value.message
    assert caught.value.hint
    assert len(services.asked) == 1


def test_the_key_is_a_header_of_each_request_and_no_netrc_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert "NETRC" in os.environ
    with recording(Recorder(401, b"{}")) as service, pytest.raises(ChannelError):
        opened(service.base).show(CVE)
    (headers,) = service.requests
    assert (headers["cve-api-key"], headers["cve-api-org"]) == (KEY, "acme")
    assert headers["cve-api-user"] == "a@acme.example"
    assert "authorization" not in headers


@pytest.mark.parametrize("cve_id", ["", "CVE-1", "CVE-2026-1/../x", "cve-2026-10001", f"{CVE}\n"])
def test_what_is_no_cve_id_is_not_asked(services: Answering, cve_id: str) -> None:
    made = opened(services.base)
    for act in (made.show, made.container):
        with pytest.raises(InputError, match="CVE id"):
            act(cve_id)
    with pytest.raises(InputError, match="CVE id"):
        made.publish(cve_id, CONTAINER)
    with pytest.raises(InputError, match="CVE id"):
        made.update(cve_id, CONTAINER)
    assert services.asked == []


@pytest.mark.parametrize(
    "changes",
    [
        {"organisation": ""},
        {"user": "a b"},
        {"user": "a\r\nX: y"},
        {"url": "https://a.example/api"},
    ],
)
def test_an_account_that_cannot_be_used_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(InputError, match="CVE Services"):
        opened("https://a.example", **changes)


def test_a_key_that_is_repeated_at_the_end_of_a_long_answer_is_not_cut_and_shown(
    services: Answering,
) -> None:
    for before in range(380, 401):
        answer = told({"error": "UNAUTHORIZED", "message": "x" * before + KEY}, 401)
        services.replies[f"GET /api/cve-id/{CVE}"] = answer
        with pytest.raises(ChannelError) as caught:
            opened(services.base).show(CVE)
        assert KEY[:4] not in caught.value.message

from typing import Any

import pytest

from sealane.sandbox.wire import Response
from support.advisory_parts import CVE, AdvisoryParts
from support.sandbox_parts import document

CONTAINER: dict[str, Any] = {
    "providerMetadata": {"orgId": "00000000-0000-4000-8000-000000000000"},
    "affected": [
        {"vendor": "acme", "product": "w", "versions": [{"version": "1", "status": "affected"}]}
    ],
    "descriptions": [{"lang": "en", "value": "It says more than it should."}],
    "references": [{"url": "https://example.org/"}],
}  # fmt: skip
REJECTION = {
    "providerMetadata": CONTAINER["providerMetadata"],
    "rejectedReasons": [{"lang": "en", "value": "none"}],
}


def error(response: Response) -> tuple[int, str]:
    return response.status, document(response)["error"]


def write(
    world: AdvisoryParts, method: str, identifier: str, what: str, body: object = CONTAINER
) -> Response:
    return world.cve(method, f"cve/{identifier}/{what}", {"cnaContainer": body})


def test_a_record_goes_from_reserved_to_published_to_rejected(world: AdvisoryParts) -> None:
    (identifier,) = world.reserve()
    assert error(world.cve("GET", f"cve/{identifier}")) == (404, "CVE_RECORD_DNE")
    created = document(write(world, "POST", identifier, "cna"))["created"]
    assert created["cveMetadata"]["state"] == "PUBLISHED"
    world.time += 60
    updated = document(write(world, "PUT", identifier, "cna"))["updated"]["cveMetadata"]
    assert updated["datePublished"] == created["cveMetadata"]["datePublished"]
    assert updated["dateUpdated"] > created["cveMetadata"]["dateUpdated"]
    assert error(write(world, "POST", identifier, "reject", REJECTION)) == (
        400,
        "CVE_RECORD_EXISTS",
    )
    rejected = document(write(world, "PUT", identifier, "reject", REJECTION))["updated"]
    assert rejected["cveMetadata"]["state"] == "REJECTED"
    assert document(world.cve("GET", f"cve-id/{identifier}"))["state"] == "REJECTED"


@pytest.mark.parametrize("state", ["RESERVED", "REJECTED"])
def test_an_identifier_with_a_record_never_goes_back(world: AdvisoryParts, state: str) -> None:
    (identifier,) = world.reserve()
    write(world, "POST", identifier, "cna")
    answer = world.cve("PUT", f"cve-id/{identifier}", b"", state=state)
    assert error(answer) == (403, "CANNOT_CHANGE_CVE_ID_WITH_RECORD")


def test_an_identifier_without_a_record_is_given_back_and_taken_again(
    world: AdvisoryParts,
) -> None:
    (identifier,) = world.reserve()
    for state in ("REJECTED", "RESERVED"):
        moved = document(world.cve("PUT", f"cve-id/{identifier}", b"", state=state))
        assert moved["updated"]["state"] == state
    assert error(world.cve("PUT", f"cve-id/{identifier}", b"", state="PUBLISHED")) == (
        400, "BAD_INPUT",
    )  # fmt: skip
    assert error(world.cve("PUT", f"cve-id/{identifier}", b"", org="other")) == (404, "ORG_DNE")


def test_the_provider_is_named_by_the_service(world: AdvisoryParts) -> None:
    (identifier,) = world.reserve()
    record = document(write(world, "POST", identifier, "cna"))["created"]
    provider = record["containers"]["cna"]["providerMetadata"]
    assert provider["shortName"] == "sandbox-cna"
    assert provider["orgId"] != CONTAINER["providerMetadata"]["orgId"]


def test_statuses_tell_a_client_to_create_or_to_update(world: AdvisoryParts) -> None:
    (identifier,) = world.reserve()
    assert error(write(world, "PUT", identifier, "cna")) == (403, "CVE_RECORD_DNE")
    write(world, "POST", identifier, "cna")
    assert error(write(world, "POST", identifier, "cna")) == (403, "CVE_RECORD_EXISTS")


@pytest.mark.parametrize("identifier", ["CVE-2026-99999999", "CVE-2026-1", "x"])
def test_nobody_writes_to_what_was_not_reserved(world: AdvisoryParts, identifier: str) -> None:
    assert error(write(world, "POST", identifier, "cna")) == (404, "CVEID_DNE")
    assert error(world.cve("GET", f"cve-id/{identifier}")) == (404, "CVEID_DNE")


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("cna", {"references": []}), ("cna", {"affected": None}), ("cna", {"providerMetadata": {}}),
        ("cna", {"descriptions": [{"lang": "en"}]}), ("reject", {"rejectedReasons": []}),
        ("reject", CONTAINER),
    ],
)  # fmt: skip
def test_a_container_against_the_schema_is_refused(
    world: AdvisoryParts, kind: str, change: dict[str, Any]
) -> None:
    (identifier,) = world.reserve()
    whole = (CONTAINER if kind == "cna" else REJECTION) | change
    whole = {name: value for name, value in whole.items() if value is not None}
    answer = write(world, "POST", identifier, kind, whole)
    assert error(answer) == (400, "INVALID_JSON_SCHEMA")
    assert document(answer)["details"]
    assert document(world.cve("GET", f"cve-id/{identifier}"))["state"] == "RESERVED"


@pytest.mark.parametrize("body", [b"", b"[]", CONTAINER, {"cnaContainer": []}])
def test_a_body_that_is_no_container_is_refused(world: AdvisoryParts, body: object) -> None:
    (identifier,) = world.reserve()
    assert world.cve("POST", f"cve/{identifier}/cna", body).status == 400


@pytest.mark.parametrize("part", ["cve_api_org", "cve_api_user", "cve_api_key"])
@pytest.mark.parametrize("value", [None, "", "other", "é"])
def test_all_three_headers_must_be_right(
    world: AdvisoryParts, part: str, value: str | None
) -> None:
    account = world.administer("accounts")["cve"]
    headers = {f"cve_api_{name}": account[name] for name in ("org", "user", "key")}
    headers[part] = value or ""
    if value is None:
        del headers[part]
    for path in ("cve-id", "org/sandbox-cna", "org/sandbox-cna/id_quota"):
        answer = world.call("GET", f"{CVE}/{path}", b"", {}, **headers)
        assert error(answer) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"short_name": "other"}, "ORG_CANNOT_RESERVE_FOR_OTHER"),
        ({"cve_year": "1998"}, "BAD_INPUT"), ({"cve_year": "2999"}, "CANNOT_RESERVE_FOR_YEAR"),
        ({"amount": "0"}, "BAD_INPUT"), ({"amount": "-1"}, "BAD_INPUT"),
        ({"amount": "2"}, "NO_BATCH_TYPE"),
        ({"amount": "2", "batch_type": "x"}, "INVALID_BATCH_TYPE"),
        ({"amount": "11", "batch_type": "nonsequential"}, "OVER_NONSEQUENTIAL_MAX_AMOUNT"),
        ({"amount": "1001", "batch_type": "sequential"}, "EXCEEDED_ID_QUOTA"),
    ],
)  # fmt: skip
def test_what_cannot_be_reserved_is_said(
    world: AdvisoryParts, query: dict[str, str], name: str
) -> None:
    asked = {"cve_year": "2026", "amount": "1", "short_name": "sandbox-cna", **query}
    assert error(world.cve("POST", "cve-id", b"", **asked))[1] == name
    assert document(world.cve("GET", "org/sandbox-cna/id_quota"))["total_reserved"] == 0


def test_identifiers_are_listed_by_state_year_and_time(world: AdvisoryParts) -> None:
    (first,) = world.reserve()
    world.time += 60
    second, third = world.reserve(amount="2", batch_type="nonsequential", cve_year="2025")
    write(world, "POST", first, "cna")

    def listed(**query: str) -> set[str]:
        return {
            one["cve_id"] for one in document(world.cve("GET", "cve-id", b"", **query))["cve_ids"]
        }

    reserved = document(world.cve("GET", f"cve-id/{second}"))["reserved"]
    assert listed() == {first, second, third}
    assert listed(state="PUBLISHED") == {first} == listed(cve_id_year="2026")
    assert listed(**{"time_reserved.lt": reserved}) == {first}
    assert listed(**{"time_reserved.gt": "2000"}) == {first, second, third}
    assert document(world.cve("GET", "cve_count"))["totalCount"] == 1
    assert world.cve("GET", "cve_count", b"", state="RESERVED").status == 400


def test_a_long_list_has_pages(world: AdvisoryParts) -> None:
    world.reserve(amount="501", batch_type="sequential")
    first = document(world.cve("GET", "cve-id"))
    assert (len(first["cve_ids"]), first["nextPage"]) == (500, 2)
    last = document(world.cve("GET", "cve-id", b"", page="2"))
    assert (len(last["cve_ids"]), last["nextPage"]) == (1, None)
    assert world.cve("GET", "cve-id", b"", page="3").status == 400


def test_a_user_is_made_by_an_administrator_alone(world: AdvisoryParts) -> None:
    place = "org/sandbox-cna/user"
    made = document(world.cve("POST", place, {"username": "u@example.org", "name": {"first": "U"}}))
    key = made["created"]["secret"]
    headers = {"cve_api_org": "sandbox-cna", "cve_api_user": "u@example.org"}

    def ask(method: str, path: str, body: object = b"") -> Response:
        return world.call(method, f"{CVE}/{path}", body, {}, **headers, cve_api_key=key)

    assert ask("GET", "cve-id").status == 200
    assert ask("POST", place, {"username": "v@example.org"}).status == 403
    assert ask("PUT", f"{place}/sandbox@sealane.invalid/reset_secret").status == 403
    assert document(ask("PUT", f"{place}/u@example.org/reset_secret"))["API-secret"] != key
    assert ask("GET", "cve-id").status == 401, "the old key is gone"
    assert "secret" not in document(world.cve("GET", f"{place}/u@example.org"))
    assert error(world.cve("POST", place, {"username": "u@example.org"})) == (400, "USER_EXISTS")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "user", {}, 400), ("POST", "user", b"[", 400),
        ("POST", "user", {"username": "a b c"}, 400),
        ("POST", "user", {"username": "abc", "authority": 1}, 400),
        ("POST", "user", {"username": "abc", "authority": {"active_roles": ["ROOT"]}}, 400),
        ("GET", "user/nobody", b"", 404), ("PUT", "user/nobody/reset_secret", b"", 404),
        ("PUT", "user/sandbox@sealane.invalid/reset_secret", b"", 403),
    ],
)  # fmt: skip
def test_what_cannot_be_done_with_users_is_said(
    world: AdvisoryParts, method: str, path: str, body: object, status: int
) -> None:
    assert world.cve(method, f"org/sandbox-cna/{path}", body).status == status


@pytest.mark.parametrize(
    ("value", "status"), [("down", 503), ("429", 429), ("500-after-store", 500)]
)
def test_switches_make_it_fail(world: AdvisoryParts, value: str, status: int) -> None:
    (identifier,) = world.reserve()
    world.switches.set("cve", value)
    assert write(world, "POST", identifier, "cna").status == status
    assert world.cve("GET", "org/sandbox-cna").status == (503 if value == "down" else 200)
    world.switches.set("cve", "")
    stored = world.cve("GET", f"cve/{identifier}").status == 200
    assert stored is (value == "500-after-store")


def test_a_new_run_has_a_new_key_and_the_same_identifiers(world: AdvisoryParts) -> None:
    world.reserve()
    old = world.accounts.cve_key
    world.__post_init__()
    assert world.cve("GET", "cve-id", key=old).status == 401
    assert len(document(world.cve("GET", "cve-id"))["cve_ids"]) == 1

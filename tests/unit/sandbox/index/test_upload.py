import base64
import hashlib
import json
import threading
from typing import Any

import pytest

from sealane.sandbox.faults import HangUpError
from sealane.sandbox.macaroon import parse_macaroon, render_macaroon
from sealane.sandbox.services.index_upload import Limits
from support.index_parts import BOUNDARY, PROJECT, IndexParts, form, multipart, sdist, wheel
from support.sandbox_parts import document

TYPE = f"multipart/form-data; boundary={BOUNDARY}"
DAY = 24 * 3600.0


def narrowed(token: str, caveat: list[object]) -> str:
    macaroon = parse_macaroon(token.removeprefix("pypi-"))
    return "pypi-" + render_macaroon(macaroon.narrowed(json.dumps(caveat).encode()))


def test_a_wheel_and_an_sdist_are_taken(index: IndexParts) -> None:
    token = index.upload_token()
    for path in (wheel(index.directory / "dist"), sdist(index.directory / "dist")):
        answer = index.upload(token, form(path))
        assert (answer.status, answer.body) == (200, b"")
        stored = index.store.file(path.name)
        assert stored is not None
        content = index.store.content_path(stored.digests.sha256).read_bytes()
        assert content == path.read_bytes()
        assert stored.provenance is None
    assert not list((index.directory / "files").glob("incoming-*"))


@pytest.mark.parametrize("scheme", ["Basic", "Bearer", "token"])
def test_a_token_may_come_in_three_ways(index: IndexParts, scheme: str) -> None:
    token = index.upload_token()
    value = base64.b64encode(f"__token__:{token}".encode()).decode()
    header = f"{scheme} {value if scheme == 'Basic' else token}"
    body = multipart(form(wheel(index.directory / "dist")))
    answer = index.call("POST", "/legacy/", body, authorization=header, content_type=TYPE)
    assert answer.status == 200


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="none"),
        pytest.param("Bearer ", id="empty"),
        pytest.param("Bearer pypi-AAAA", id="not-a-macaroon"),
        pytest.param("Basic !", id="not-base64"),
        pytest.param("Basic " + base64.b64encode(b"user:password").decode(), id="password"),
        pytest.param("Digest x", id="other-scheme"),
    ],
)
def test_without_a_token_nothing_is_taken(index: IndexParts, header: str) -> None:
    index.add_publisher()
    body = multipart(form(wheel(index.directory / "dist")))
    answer = index.call("POST", "/legacy/", body, authorization=header, content_type=TYPE)
    assert answer.status == 403
    assert answer.reason == "Invalid or non-existent authentication information."


def test_a_token_of_another_sandbox_is_refused(index: IndexParts) -> None:
    token = index.upload_token()
    (index.directory / "macaroon.key").write_bytes(b"k" * 32)
    other = IndexParts(index.directory)
    answer = other.upload(token, form(wheel(index.directory / "dist")))
    assert answer.status == 403


@pytest.mark.parametrize(
    ("caveat", "reason"),
    [
        pytest.param(
            [1, ["other"]], "The given token isn't allowed to upload to project", id="name"
        ),
        pytest.param([2, ["other-id"]], "The given token isn't allowed to upload", id="id"),
        pytest.param([0, 1, 0], "Invalid API Token: token is expired", id="expired"),
        pytest.param([0, 2**40, 2**39], "Invalid API Token: token is not yet valid", id="early"),
        pytest.param([0, "x", 0], "Invalid API Token: malformed", id="no-times"),
        pytest.param([3, "user"], "Invalid API Token: token with user", id="user"),
        pytest.param([4, "other", None], "Invalid API Token: OIDC publisher", id="publisher"),
        pytest.param([99], "Invalid API Token: malformed macaroon: unknown", id="unknown"),
        pytest.param([True, [PROJECT]], "Invalid API Token: malformed", id="bool-tag"),
        pytest.param([], "Invalid API Token: malformed", id="empty"),
    ],
)
def test_a_condition_that_does_not_hold_closes_the_token(
    index: IndexParts, caveat: list[object], reason: str
) -> None:
    token = narrowed(index.upload_token(), caveat)
    answer = index.upload(token, form(wheel(index.directory / "dist")))
    assert answer.status == 403
    assert answer.reason.startswith(reason)


def test_a_narrowed_token_still_opens_what_it_names(index: IndexParts) -> None:
    token = narrowed(index.upload_token(), [1, [PROJECT.upper()]])
    assert index.upload(token, form(wheel(index.directory / "dist"))).status == 200


def test_a_token_ends_after_fifteen_minutes(index: IndexParts) -> None:
    token = index.upload_token()
    index.time += 901
    answer = index.upload(token, form(wheel(index.directory / "dist")))
    assert (answer.status, answer.reason) == (403, "Invalid API Token: token is expired")


def test_a_token_is_for_its_own_projects(index: IndexParts) -> None:
    token = index.upload_token()
    index.store.create_project("other")
    answer = index.upload(token, form(wheel(index.directory / "dist", "other")))
    expected = "The given token isn't allowed to upload to project 'other'."
    assert (answer.status, answer.reason) == (403, expected)


def test_a_project_that_is_not_there_is_not_made_by_uploading(index: IndexParts) -> None:
    answer = index.upload(index.upload_token(), form(wheel(index.directory / "dist", "other")))
    assert answer.status == 400
    assert answer.reason.startswith("Non-user identities cannot create new projects.")
    assert index.store.project("other") is None


@pytest.mark.parametrize("status", ["archived", "quarantined"])
def test_a_closed_project_takes_nothing(index: IndexParts, status: str) -> None:
    token = index.upload_token()
    index.simple.set_status(PROJECT, status)
    assert index.upload(token, form(wheel(index.directory / "dist"))).status == 403
    index.simple.set_status(PROJECT, "active")
    assert index.upload(token, form(wheel(index.directory / "dist"))).status == 200


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        pytest.param({":action": "submit"}, 410, "Project pre-registration", id="submit"),
        pytest.param({":action": "doc_upload"}, 410, "Uploading documentation", id="documentation"),
        pytest.param({":action": None}, 400, "Unknown action", id="no-action"),
        pytest.param({"protocol_version": "2"}, 400, "Unknown protocol version", id="protocol"),
        pytest.param({"metadata_version": "9.9"}, 400, "'9.9' is an invalid value for", id="level"),
        pytest.param({"metadata_version": None}, 400, "'' is an invalid value for", id="no-level"),
        pytest.param({"name": "UNKNOWN"}, 400, "'' is an invalid value for Name", id="unknown"),
        pytest.param({"name": ["a", "b"]}, 400, "name: expected one value, got 2", id="two-names"),
        pytest.param({"version": "one"}, 400, "'one' is an invalid value for", id="version"),
        pytest.param({"version": "1.0+local"}, 400, "'1.0+local' is an invalid value", id="local"),
        pytest.param({"summary": "a\nb"}, 400, "'a\\nb' is an invalid value", id="lines"),
        pytest.param({"requires_python": "x"}, 400, "'x' is an invalid value for", id="python"),
        pytest.param({"requires_dist": ["!"]}, 400, "\"['!']\" is an invalid", id="requirement"),
        pytest.param({"project_urls": ["x"]}, 400, "'x' is an invalid value for", id="url"),
        pytest.param({"dynamic": ["name"]}, 400, "", id="dynamic"),
        pytest.param({"filetype": "bdist_egg"}, 400, "'bdist_egg' is an invalid", id="egg"),
        pytest.param({"pyversion": None}, 400, "Python version is required", id="no-pyversion"),
        pytest.param({"filetype": "sdist"}, 400, "Use 'source' as Python version", id="pyversion"),
        pytest.param({"sha256_digest": None, "blake2_256_digest": None}, 400,
                     "Include at least one message digest.", id="no-digest"),
        pytest.param({"sha256_digest": "0" * 64}, 400, "The digest supplied does not", id="sha256"),
        pytest.param({"blake2_256_digest": "0" * 64}, 400, "The digest supplied", id="blake2"),
        pytest.param({"md5_digest": "0" * 32}, 400, "The digest supplied does not", id="md5"),
        pytest.param({"sha256_digest": "z" * 64}, 400, "", id="digest-not-hex"),
        pytest.param({"content": None}, 400, "Upload payload does not have a file.", id="no-file"),
        pytest.param({"content": "text"}, 400, "Upload payload does not have", id="file-as-text"),
        pytest.param({"name": ("a", b"b", "c/d")}, 400, "name: Should be text", id="text-as-file"),
        pytest.param({"description": "`", "description_content_type": "text/x-rst"}, 400,
                     "The description failed to render for 'text/x-rst'.", id="description"),
        pytest.param({"metadata_version": "2.4", "license_file": ["LICENSE"]}, 400,
                     "License-File LICENSE does not exist in distribution file", id="licence"),
        pytest.param({"attestations": "[]"}, 400, "Invalid attestations supplied during upload: "
                     "Malformed attestations: an empty attestation set", id="no-attestation"),
    ],
)  # fmt: skip
def test_a_form_that_is_wrong_is_refused_with_its_reason(
    index: IndexParts, changes: dict[str, Any], status: int, reason: str
) -> None:
    path = wheel(index.directory / "dist")
    answer = index.upload(index.upload_token(), form(path, **changes))
    assert answer.status == status
    assert answer.reason.startswith(reason), answer.reason
    assert answer.reason.encode() in answer.body
    assert index.store.file(path.name) is None


def test_the_reason_comes_as_json_on_request(index: IndexParts) -> None:
    answer = index.upload("x", {}, accept="application/json")
    assert document(answer)["code"].startswith("403 Invalid or non-existent authentication")


def test_a_body_that_is_no_form_is_refused(index: IndexParts) -> None:
    header = f"Bearer {index.upload_token()}"
    answer = index.call("POST", "/legacy/", b"x", authorization=header, content_type="text/plain")
    assert answer.status == 400


def test_an_image_is_no_distribution(index: IndexParts) -> None:
    path = wheel(index.directory / "dist")
    changed = form(path, content=(path.name, path.read_bytes(), "image/png"))
    assert index.upload(index.upload_token(), changed).reason == "Invalid distribution file."


def test_a_good_description_is_taken(index: IndexParts) -> None:
    changed = form(wheel(index.directory / "dist"), description="*hello*")
    assert index.upload(index.upload_token(), changed).status == 200


def test_the_same_bytes_again_change_nothing(index: IndexParts) -> None:
    token, path = index.upload_token(), wheel(index.directory / "dist")
    assert index.upload(token, form(path)).status == 200
    serial = index.store.serial()
    # Attestations come too late now: not even malformed ones are looked at.
    assert index.upload(token, form(path, attestations="no JSON")).status == 200
    assert index.store.serial() == serial
    stored = index.store.file(path.name)
    assert stored is not None
    assert stored.provenance is None


def test_other_bytes_under_the_same_name_are_refused(index: IndexParts) -> None:
    token, path = index.upload_token(), wheel(index.directory / "dist")
    assert index.upload(token, form(path)).status == 200
    blake2 = hashlib.blake2b(path.read_bytes(), digest_size=32).hexdigest()
    other = wheel(index.directory / "other", members={"more.py": b"1"})
    answer = index.upload(token, form(other))
    expected = f"File already exists ({path.name!r}, with blake2_256 hash {blake2!r})."
    assert (answer.status, answer.reason) == (400, expected)


def test_the_same_bytes_under_another_name_are_refused(index: IndexParts) -> None:
    token, path = index.upload_token(), wheel(index.directory / "dist")
    assert index.upload(token, form(path)).status == 200
    renamed = path.with_name(path.name.replace("py3", "py2.py3"))
    renamed.write_bytes(path.read_bytes())
    answer = index.upload(token, form(renamed))
    assert answer.status == 400
    assert answer.reason.startswith(f"File already exists ({path.name!r}")


def test_a_deleted_files_name_is_never_free_again(index: IndexParts) -> None:
    token, path = index.upload_token(), wheel(index.directory / "dist")
    index.upload(token, form(path))
    index.simple.delete(path.name)
    answer = index.upload(token, form(wheel(index.directory / "x", members={"m.py": b"1"})))
    assert answer.status == 400
    assert answer.reason.startswith("This filename has already been used")


@pytest.mark.parametrize(("days", "status"), [(13.9, 200), (14.1, 400)])
def test_a_release_closes_after_fourteen_days(index: IndexParts, days: float, status: int) -> None:
    assert index.upload(index.upload_token(), form(wheel(index.directory / "d"))).status == 200
    index.time += days * DAY
    assert index.upload(index.upload_token(), form(sdist(index.directory / "d"))).status == status
    new = wheel(index.directory / "d", version="1.1")
    assert index.upload(index.upload_token(), form(new)).status == 200


def test_a_release_has_one_sdist(index: IndexParts) -> None:
    token, path = index.upload_token(), sdist(index.directory / "dist")
    assert index.upload(token, form(path)).status == 200
    # As it would be with an sdist from the days when its name was free.
    index.state.write("UPDATE file SET filename = 'hello-index-1.0.tar.gz'")
    index.state.write("DELETE FROM used_name")
    second = sdist(index.directory / "x", members={"hello_index-1.0/m.py": b"1"})
    answer = index.upload(token, form(second))
    assert (answer.status, answer.reason) == (400, "Only one sdist may be uploaded per release.")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(file=100), "File too large. Limit for project"),
        (Limits(project=100), "Project size too large. Limit for project"),
    ],
)
def test_what_is_too_large_is_refused(index: IndexParts, limits: Limits, reason: str) -> None:
    small = IndexParts(index.directory, limits=limits)
    answer = small.upload(small.upload_token(), form(wheel(index.directory / "dist")))
    assert answer.status == 400
    assert answer.reason.startswith(reason)


def test_a_users_token_uploads_but_cannot_attest(index: IndexParts) -> None:
    token, path = index.upload_service.mint_api_token(PROJECT), wheel(index.directory / "dist")
    answer = index.upload(token, form(path, attestations="[]"))
    assert answer.status == 400
    assert answer.reason.endswith("Attestations are only supported when using Trusted Publishing")
    assert index.upload(token, form(path)).status == 200


def test_the_path_without_its_slash_is_redirected(index: IndexParts) -> None:
    answer = index.call("POST", "/legacy")
    assert answer.status == 308
    assert answer.headers["Location"].endswith("/legacy/")


@pytest.mark.parametrize(
    ("fault", "status", "stored"),
    [
        ("500-after-store", 500, True),
        ("403-expired", 403, False),
        ("403-disabled", 403, False),
        ("429", 429, False),
        ("503", 503, False),
    ],
)
def test_a_switched_fault_happens(index: IndexParts, fault: str, status: int, stored: bool) -> None:
    token, path = index.upload_token(), wheel(index.directory / "dist")
    index.switches.set("index.upload", fault)
    assert index.upload(token, form(path)).status == status
    assert (index.store.file(path.name) is not None) is stored


def test_a_stalled_upload_is_stored_and_never_answered(index: IndexParts) -> None:
    token, path = index.upload_token(), wheel(index.directory / "dist")
    index.switches.set("index.upload", "stall-after-store")
    hung: list[bool] = []

    def send() -> None:
        with pytest.raises(HangUpError):
            index.upload(token, form(path))
        hung.append(True)

    thread = threading.Thread(target=send)
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    assert index.store.file(path.name) is not None
    index.switches.set("index.upload", "")
    thread.join(5)
    assert hung == [True]

import json

import jwt
import pytest

from sealane.sandbox.index_tokens import LIFETIME
from sealane.sandbox.wire import Response
from support.index_parts import PROJECT, REPOSITORY, IndexParts, form, wheel
from support.sandbox_parts import document


def refusal(response: Response) -> tuple[str, str]:
    assert response.status == 422
    answer = document(response)
    assert answer["message"] == "Token request failed"
    (error,) = answer["errors"]
    return error["code"], error["description"]


def test_the_audience_is_told(index: IndexParts) -> None:
    assert document(index.call("GET", "/_/oidc/audience")) == {"audience": "pypi"}


@pytest.mark.parametrize("path", ["/_/oidc/mint-token", "/_/oidc/github/mint-token"])
def test_a_token_of_the_publisher_is_exchanged(index: IndexParts, path: str) -> None:
    index.add_publisher()
    answer = document(index.exchange(index.identity(), path))
    assert answer["success"] is True
    assert answer["token"].startswith("pypi-")
    assert answer["expires"] == int(index.time) + LIFETIME


def test_neither_token_is_stored_or_logged(index: IndexParts) -> None:
    index.add_publisher()
    identity = index.identity()
    token = document(index.exchange(identity))["token"]
    kept = (index.directory / "state.sqlite3").read_bytes() + "".join(index.logged).encode()
    kept += (index.directory / "state.sqlite3-wal").read_bytes()
    assert token.encode() not in kept
    assert identity.encode() not in kept
    assert identity.rpartition(".")[2].encode() not in kept


@pytest.mark.parametrize(
    ("body", "description"),
    [
        pytest.param(b"", "Invalid JSON", id="empty"),
        pytest.param(b"[" * 100000, "Invalid JSON", id="deep"),
        pytest.param(b"[]", "should be an object", id="list"),
        pytest.param(b"{}", "Field required", id="missing"),
        pytest.param(b'{"token": 1}', "valid string", id="number"),
        pytest.param(b'{"token": ""}', "malformed JWT", id="empty-token"),
        pytest.param(b'{"token": "a.b.c"}', "malformed JWT", id="not-a-token"),
        pytest.param(
            json.dumps({"token": jwt.encode({"sub": "x"}, "k" * 32)}).encode(),
            "malformed JWT", id="no-issuer",
        ),
        pytest.param(
            json.dumps({"token": jwt.encode({"iss": "https://evil.test"}, "k" * 32)}).encode(),
            "unknown trusted publishing issuer", id="unknown-issuer",
        ),
    ],
)  # fmt: skip
def test_what_is_no_request_is_an_invalid_payload(
    index: IndexParts, body: bytes, description: str
) -> None:
    code, text = refusal(index.call("POST", "/_/oidc/mint-token", body))
    assert code == "invalid-payload"
    assert description in text


def test_an_email_token_is_of_an_unknown_issuer(index: IndexParts) -> None:
    token = index.tokens.mint("email", "pypi", {})
    assert refusal(index.exchange(token)) == (
        "invalid-payload", "unknown trusted publishing issuer",
    )  # fmt: skip


def test_an_expired_token_is_invalid(index: IndexParts) -> None:
    index.add_publisher()
    token = index.identity()
    index.time += 700
    assert refusal(index.exchange(token)) == ("invalid-token", "malformed or invalid token")


@pytest.mark.parametrize("audience", ["sigstore", "testpypi", "PYPI"])
def test_a_token_for_another_audience_is_invalid(index: IndexParts, audience: str) -> None:
    index.add_publisher()
    token = index.identity(audience=audience)
    assert refusal(index.exchange(token)) == ("invalid-token", "malformed or invalid token")


def test_a_token_signed_by_somebody_else_is_invalid(index: IndexParts) -> None:
    index.add_publisher()
    claims = jwt.decode(index.identity(), options={"verify_signature": False})
    foreign = jwt.encode(claims, "k" * 32, headers={"kid": "k"})
    assert refusal(index.exchange(foreign)) == ("invalid-token", "malformed or invalid token")


def test_a_token_is_exchanged_once(index: IndexParts) -> None:
    index.add_publisher()
    token = index.identity()
    assert index.exchange(token).status == 200
    assert refusal(index.exchange(token)) == ("invalid-reuse-token", "invalid token: already used")
    assert index.exchange(index.identity()).status == 200


def test_a_refused_token_is_not_used_up(index: IndexParts) -> None:
    token = index.identity()
    assert refusal(index.exchange(token))[0] == "invalid-publisher"
    index.add_publisher()
    assert index.exchange(token).status == 200


@pytest.mark.parametrize(
    ("publisher", "token", "reason"),
    [
        pytest.param({}, {"project": "group/other"}, "Publisher with matching", id="project"),
        pytest.param({}, {"file": "other.yml"}, "Publisher with matching claims", id="file"),
        pytest.param({}, {"file": ".GITLAB-CI.yml"}, "Publisher with matching", id="file-case"),
        pytest.param({}, {"host": "gitlab.example.org"}, "", id="other-instance"),
        pytest.param({}, {"ci_config_ref_uri": "x"}, "Could not extract workflow filename",
                     id="file-unreadable"),
        pytest.param({}, {"ci_config_ref_uri": ""}, "The ci_config_ref_uri claim is empty",
                     id="config-empty"),
        pytest.param({}, {"ref_path": "refs/tags/v2"},
                     "The ci_config_ref_uri claim does not match, expecting one of [",
                     id="config-at-another-ref"),
        pytest.param({}, {"sub": "project_path:group/other:ref_type:tag:ref:v1"},
                     "Check failed for required claim 'sub'", id="subject"),
        pytest.param({"repository": "Group/hello-index"}, {},
                     "Check failed for required claim 'sub'", id="case-of-the-path"),
        pytest.param({"environment": "release"}, {}, "Publisher with", id="no-environment"),
        pytest.param({"environment": "release"}, {"environment": "Release"},
                     "Publisher with matching claims", id="environment-case"),
        *(pytest.param({}, {name: None}, f"Missing claim '{name}'", id=f"without-{name}")
          for name in ("project_path", "ci_config_ref_uri", "jti", "ref_path")),
    ],
)  # fmt: skip
def test_a_gitlab_token_that_is_not_the_publishers_is_refused(
    index: IndexParts, publisher: dict[str, str], token: dict[str, str], reason: str
) -> None:
    index.store.create_project(PROJECT)
    index.add_publisher(**publisher)
    code, text = refusal(index.exchange(index.identity(**token)))
    if not reason:
        assert (code, text) == ("invalid-payload", "unknown trusted publishing issuer")
        return
    assert code == "invalid-publisher"
    assert text.startswith(f"valid token, but no corresponding publisher ({reason}")


def test_a_gitlab_pipeline_may_be_named_by_its_commit(index: IndexParts) -> None:
    index.add_publisher()
    sha = "a" * 40
    uri = f"gitlab.com/{REPOSITORY}//.gitlab-ci.yml@{sha}"
    assert index.exchange(index.identity(sha=sha, ci_config_ref_uri=uri)).status == 200


def test_a_gitlab_of_ones_own_is_another_publisher(index: IndexParts) -> None:
    index.add_publisher(issuer="https://gitlab.example.org")
    assert index.exchange(index.identity(host="gitlab.example.org")).status == 200
    assert refusal(index.exchange(index.identity()))[0] == "invalid-publisher"


def github(index: IndexParts, **document: object) -> None:
    given = {"kind": "github", "repository": "owner/repo", "workflow": "release.yml"}
    index.add_publisher(PROJECT, **(given | document))


@pytest.mark.parametrize(
    ("publisher", "token", "reason"),
    [
        pytest.param({}, {"project": "owner/other"}, "Publisher with matching claims", id="repo"),
        pytest.param({}, {"project": "Owner/repo"}, "Publisher with matching", id="case"),
        pytest.param({}, {"repository_owner_id": "1"}, "Publisher with matching", id="owner-id"),
        pytest.param({}, {"repository_owner": "x"}, "Publisher with matching", id="owner"),
        pytest.param({"owner_id": "7"}, {}, "Publisher with matching", id="owner-id-registered"),
        pytest.param({}, {"file": "other.yml"}, "Publisher with matching claims", id="file"),
        pytest.param({}, {"job_workflow_ref": "x"}, "Could not job extract workflow", id="no-file"),
        pytest.param({}, {"job_workflow_ref": ""}, "The job_workflow_ref claim is empty",
                     id="workflow-empty"),
        pytest.param({}, {"job_workflow_ref": "owner/shared/.github/workflows/release.yml@main"},
                     "The job_workflow_ref claim does not match, expecting one of",
                     id="reusable-workflow"),
        pytest.param({}, {"job_workflow_ref": "owner/repo/.github/workflows/release.yml@refs/x"},
                     "The job_workflow_ref claim does not match", id="workflow-at-another-ref"),
        pytest.param({}, {"event_name": "pull_request_target"},
                     "Publishing from a workflow invoked via 'pull_request", id="target"),
        pytest.param({"environment": "a"}, {"environment": "b"}, "Publisher", id="environment"),
        *(pytest.param({}, {name: None}, f"Missing claim '{name}'", id=f"without-{name}")
          for name in ("repository_owner", "repository_owner_id", "job_workflow_ref", "event_name",
                       "jti")),
    ],
)  # fmt: skip
def test_a_github_token_that_is_not_the_publishers_is_refused(
    index: IndexParts, publisher: dict[str, str], token: dict[str, str], reason: str
) -> None:
    index.store.create_project(PROJECT)
    github(index, **publisher)
    claims = {"project": "owner/repo", **token}
    identity = index.tokens.mint("github", "pypi", claims)
    code, text = refusal(index.exchange(identity))
    assert code == "invalid-publisher"
    assert text.startswith(f"valid token, but no corresponding publisher ({reason}")


def test_github_takes_an_environment_in_any_case(index: IndexParts) -> None:
    github(index, environment="Release")
    options = {"project": "owner/repo", "environment": "RELEASE"}
    assert index.exchange(index.tokens.mint("github", "pypi", options)).status == 200


def test_a_github_workflow_may_be_another_than_the_top_level_one(index: IndexParts) -> None:
    github(index)
    options = {"project": "owner/repo", "workflow_ref": "owner/x/.github/workflows/a.yml@refs/x"}
    assert index.exchange(index.tokens.mint("github", "pypi", options)).status == 200


def test_a_publisher_of_the_environment_wins_over_one_of_any(index: IndexParts) -> None:
    index.store.create_project("narrow")
    index.store.create_project("wide")
    index.add_publisher("wide")
    index.add_publisher("narrow", environment="release")
    index.exchange(index.identity(environment="release"))
    index.exchange(index.identity())
    assert [line for line in index.logged if "mint" in line] == [
        "mint 200 for narrow", "mint 200 for wide",
    ]  # fmt: skip


def test_a_pending_publisher_makes_its_project(index: IndexParts) -> None:
    assert index.add_publisher()["pending"] is True
    assert index.store.project(PROJECT) is None
    assert index.exchange(index.identity()).status == 200
    assert index.store.project(PROJECT) is not None
    assert index.add_publisher(workflow="other.yml")["pending"] is False


def test_a_pending_publisher_that_comes_too_late_is_dropped(index: IndexParts) -> None:
    index.add_publisher()
    index.store.create_project(PROJECT)
    expected = ("invalid-pending-publisher", "valid token, but project already exists")
    assert refusal(index.exchange(index.identity())) == expected
    assert refusal(index.exchange(index.identity()))[0] == "invalid-publisher"


def test_the_first_upload_drops_all_others_that_waited_for_the_name(index: IndexParts) -> None:
    index.add_publisher()
    index.add_publisher(repository="group/squatter")
    assert index.exchange(index.identity()).status == 200
    code, _ = refusal(index.exchange(index.identity(project="group/squatter")))
    assert code == "invalid-publisher"


def test_a_name_of_the_standard_library_is_not_given(index: IndexParts) -> None:
    index.add_publisher("json")
    code, text = refusal(index.exchange(index.identity()))
    assert code == "invalid-payload"
    assert "conflict with Python Standard Library" in text


@pytest.mark.parametrize(("kind", "service"), [("gitlab", "GitLab"), ("github", "GitHub")])
def test_trusted_publishing_can_be_switched_off(index: IndexParts, kind: str, service: str) -> None:
    index.switches.set("mint", "not-enabled")
    audience = index.call("GET", "/_/oidc/audience")
    assert (audience.status, document(audience)) == (
        403, {"message": "Trusted publishing functionality not enabled"},
    )  # fmt: skip
    assert refusal(index.exchange(index.identity(kind))) == (
        "not-enabled", f"{service} trusted publishing functionality not enabled",
    )  # fmt: skip


def test_minting_can_be_unavailable(index: IndexParts) -> None:
    index.add_publisher()
    index.switches.set("mint", "503")
    token = index.identity()
    assert index.exchange(token).status == 503
    index.switches.set("mint", "")
    assert index.exchange(token).status == 200


def test_a_burnt_token_uploads_nothing(index: IndexParts) -> None:
    token = index.upload_token()
    assert index.call("POST", "/_/oidc/burn-token", {"token": token}).status == 200
    path = wheel(index.directory / "dist")
    assert index.upload(token, form(path)).status == 403
    assert index.call("POST", "/_/oidc/burn-token", {"token": token}).status == 422


@pytest.mark.parametrize("body", [b"", b"{}", b'{"token": "pypi-AAAA"}'])
def test_what_is_no_token_cannot_be_burnt(index: IndexParts, body: bytes) -> None:
    assert index.call("POST", "/_/oidc/burn-token", body).status == 422


def test_discovery_names_the_endpoints(index: IndexParts) -> None:
    answer = index.call("GET", "/.well-known/pytp", query={"discover": "/legacy/"})
    assert answer.content_type == "application/vnd.pypi.pytp.v1+json"
    found = document(answer)
    assert found["token-mint-endpoint"].endswith("/_/oidc/mint-token")
    assert found["audience-endpoint"].endswith("/_/oidc/audience")
    assert set(found["default-features"]) <= set(found["features"])


@pytest.mark.parametrize(("query", "status"), [({}, 400), ({"discover": "/other/"}, 404)])
def test_discovery_of_another_path_is_a_problem(
    index: IndexParts, query: dict[str, str], status: int
) -> None:
    answer = index.call("GET", "/.well-known/pytp", query=query)
    assert (answer.status, answer.content_type) == (status, "application/problem+json")

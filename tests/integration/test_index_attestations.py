"""Which attestations the index takes: real certificates and entries, sigstore's verifier."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pypi_attestations import Attestation, Provenance
from sigstore.dsse import DigestSet, Statement, StatementBuilder, Subject
from sigstore.models import ClientTrustConfig
from sigstore.oidc import IdentityToken
from sigstore.sign import SigningContext

from sealane.sandbox.hosts import publish_predicate_type
from sealane.sandbox.index_attestations import SLSA_PROVENANCE
from sealane.sandbox.wire import Response
from support.index_parts import PROJECT, REPOSITORY, IndexParts, Served, form, served, wheel
from support.sandbox_parts import document

NAME = "hello_index-1.0-py3-none-any.whl"
Sign = Callable[..., dict[str, Any]]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Served]:
    parts = IndexParts(tmp_path / "state")
    with served(parts) as server:
        yield server
    parts.state.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return wheel(tmp_path / "dist")


def statement(
    path: Path,
    kind: str | None = None,
    predicate: dict[str, Any] | None = None,
    name: str = NAME,
    digest: str | None = None,
) -> Statement:
    sha256 = digest or str(form(path)["sha256_digest"])
    built = (
        StatementBuilder()
        .subjects([Subject(name=name, digest=DigestSet(root={"sha256": sha256}))])
        .predicate_type(kind or publish_predicate_type())
    )
    return (built.predicate(predicate) if predicate is not None else built).build()


def slsa(path: Path) -> Statement:
    return statement(path, SLSA_PROVENANCE, {"buildDefinition": {}})


def signed(
    running: Served, content: Statement, kind: str = "gitlab", **identity: object
) -> dict[str, Any]:
    """An attestation, as a client would send it."""
    parts = running.parts
    config = (parts.directory / "trust_config.json").read_text(encoding="utf-8")
    trust = ClientTrustConfig.from_json(config)
    trust.force_tlog_version = 1
    token = IdentityToken(parts.identity(kind, "sigstore", **identity))
    with SigningContext.from_trust_config(trust).signer(token) as signer:
        bundle = signer.sign_dsse(content)
    attestation: dict[str, Any] = Attestation.from_bundle(bundle).model_dump(mode="json")
    return attestation


def upload(running: Served, path: Path, *attestations: Mapping[str, Any]) -> Response:
    token = running.parts.upload_token()
    return running.parts.upload(token, form(path, attestations=json.dumps(attestations)))


def reason_of(answer: Response) -> str:
    assert answer.status == 400
    start = "400 Invalid attestations supplied during upload: "
    text = answer.body.decode()
    assert text.startswith(start), text
    return text.removeprefix(start)


def test_attestations_of_the_publisher_become_its_provenance(running: Served, path: Path) -> None:
    sent = [signed(running, content) for content in (statement(path), slsa(path))]
    assert upload(running, path, *sent).status == 200
    answer = running.parts.call("GET", f"/integrity/{PROJECT}/1.0/{NAME}/provenance")
    provenance = Provenance.model_validate_json(answer.body)
    (bundle,) = provenance.attestation_bundles
    assert bundle.publisher.kind == "GitLab"
    assert bundle.publisher.repository == REPOSITORY
    assert [one.statement["predicateType"] for one in bundle.attestations] == [
        publish_predicate_type(), SLSA_PROVENANCE,
    ]  # fmt: skip
    given = document(answer)["attestation_bundles"][0]["attestations"]
    assert [one["envelope"] for one in given] == [one["envelope"] for one in sent]
    page = running.parts.call(
        "GET", f"/simple/{PROJECT}/", accept="application/vnd.pypi.simple.v1+json"
    )
    assert document(page)["files"][0]["provenance"].endswith(f"/{NAME}/provenance")


def test_attestations_sent_with_the_same_bytes_again_are_dropped(
    running: Served, path: Path
) -> None:
    token = running.parts.upload_token()
    assert running.parts.upload(token, form(path)).status == 200
    assert upload(running, path, signed(running, statement(path))).status == 200
    answer = running.parts.call("GET", f"/integrity/{PROJECT}/1.0/{NAME}/provenance")
    assert answer.status == 404


@pytest.mark.parametrize(
    "identity",
    [
        pytest.param({"project": "group/other"}, id="project"),
        pytest.param({"file": "other.yml"}, id="pipeline-file"),
        pytest.param({"host": "gitlab.example.org"}, id="instance"),
        pytest.param({"kind": "github", "project": "group/hello-index"}, id="forge"),
        pytest.param({"project": "group/hello-index2"}, id="longer-project"),
        pytest.param(
            {"ci_config_ref_uri": f"gitlab.com/{REPOSITORY}//.gitlab-ci.yml@refs/heads/other"},
            id="pipeline-at-another-ref",
        ),
    ],
)
def test_an_attestation_of_another_identity_is_refused(
    running: Served, path: Path, identity: dict[str, Any]
) -> None:
    attestation = signed(running, statement(path), **identity)
    assert reason_of(upload(running, path, attestation)).startswith("Could not verify")
    assert running.parts.store.file(NAME) is None


def github_upload(running: Served, path: Path, **identity: object) -> Response:
    parts = running.parts
    given = {"kind": "github", "repository": "owner/repo", "workflow": "release.yml"}
    parts.publishing.add_publisher({"project": PROJECT, **given})
    options = {"project": "owner/repo", **identity}
    minted = parts.exchange(parts.tokens.mint("github", "pypi", options))
    attestation = signed(running, statement(path), "github", **options)
    content = form(path, attestations=json.dumps([attestation]))
    return parts.upload(document(minted)["token"], content)


def test_a_github_workflow_attests(running: Served, path: Path) -> None:
    assert github_upload(running, path).status == 200


def test_a_reusable_workflow_may_publish_but_its_attestation_is_the_callers(
    running: Served, path: Path
) -> None:
    called = {"workflow_ref": "owner/repo/.github/workflows/caller.yml@refs/tags/v1.0.0"}
    assert reason_of(github_upload(running, path, **called)).startswith("Could not verify")


def test_a_gitlab_of_ones_own_may_publish_but_not_attest(running: Served, path: Path) -> None:
    host = "gitlab.example.org"
    parts = running.parts
    parts.add_publisher(issuer=f"https://{host}")
    token = document(parts.exchange(parts.identity(host=host)))["token"]
    attestation = signed(running, statement(path), host=host)
    answer = parts.upload(token, form(path, attestations=json.dumps([attestation])))
    assert reason_of(answer).startswith("Could not verify")
    assert parts.upload(token, form(path)).status == 200


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param({"digest": "0" * 64}, "does not match distribution digest", id="bytes"),
        pytest.param({"name": NAME.replace("1.0", "1.1")}, "subject does not match distribution",
                     id="version"),
        pytest.param({"name": NAME.replace("any", "win32")}, "subject does not match", id="tags"),
        pytest.param({"name": "notes.txt"}, "invalid subject", id="no-distribution"),
        pytest.param({"kind": "https://example.org/other"}, "unsupported predicate type",
                     id="predicate-type"),
        pytest.param({"predicate": {"x": 1}}, "the publish predicate is not empty", id="predicate"),
    ],
)  # fmt: skip
def test_an_attestation_of_something_else_is_refused(
    running: Served, path: Path, content: dict[str, Any], reason: str
) -> None:
    attestation = signed(running, statement(path, **content))
    assert reason in reason_of(upload(running, path, attestation))


def test_a_statement_has_one_subject(running: Served, path: Path) -> None:
    subjects = [Subject(name=NAME, digest=DigestSet(root={"sha256": "0" * 64}))] * 2
    builder = StatementBuilder().subjects(subjects).predicate_type(SLSA_PROVENANCE)
    attestation = signed(running, builder.predicate({}).build())
    assert "too many subjects" in reason_of(upload(running, path, attestation))


def test_each_kind_of_attestation_comes_once(running: Served, path: Path) -> None:
    twice = [signed(running, statement(path)) for _ in range(2)]
    assert reason_of(upload(running, path, *twice)).startswith(
        "Multiple attestations for the same file with the same predicate type"
    )
    three = [*twice, signed(running, slsa(path))]
    assert reason_of(upload(running, path, *three)).startswith(
        "A maximum of 2 attestations per file are supported"
    )


def test_one_bad_attestation_spoils_all(running: Served, path: Path) -> None:
    good = signed(running, statement(path))
    bad = signed(running, slsa(path), project="group/other")
    assert reason_of(upload(running, path, good, bad)).startswith("Could not verify")
    assert running.parts.store.file(NAME) is None


def flipped(text: str) -> str:
    content = bytearray(base64.b64decode(text))
    content[-5] ^= 1
    return base64.b64encode(content).decode()


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ("envelope", "signature"),
        ("envelope", "statement"),
        ("verification_material", "certificate"),
    ],
)
def test_one_flipped_bit_is_noticed(running: Served, path: Path, place: str, field: str) -> None:
    attestation = signed(running, statement(path))
    attestation[place][field] = flipped(attestation[place][field])
    assert reason_of(upload(running, path, attestation)).startswith("Could not verify")


def test_the_log_entry_is_that_of_the_attestation(running: Served, path: Path) -> None:
    first, second = signed(running, statement(path)), signed(running, slsa(path))
    material = "verification_material"
    first[material]["transparency_entries"] = second[material]["transparency_entries"]
    assert reason_of(upload(running, path, first)).startswith("Could not verify")


def test_another_sandboxs_attestation_is_refused(
    running: Served, path: Path, tmp_path: Path
) -> None:
    root = running.parts.directory / "trusted_root.json"
    mine = json.loads(root.read_text(encoding="utf-8"))
    attestation = signed(running, statement(path))
    # The same root, without the authority that made the certificate.
    mine["certificateAuthorities"] = []
    root.write_text(json.dumps(mine), encoding="utf-8")
    assert reason_of(upload(running, path, attestation)).startswith("Could not verify")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda one: None, id="null"),
        pytest.param(lambda one: [], id="list"),
        pytest.param(lambda one: {**one, "version": 2}, id="version"),
        pytest.param(lambda one: {**one, "version": True}, id="version-true"),
        pytest.param(lambda one: {**one, "envelope": {}}, id="no-envelope"),
        pytest.param(lambda one: {**one, "verification_material": None}, id="no-material"),
        pytest.param(
            lambda one: {
                **one,
                "verification_material": {
                    **one["verification_material"], "transparency_entries": []
                },
            },
            id="no-log-entry",
        ),
        pytest.param(
            lambda one: {**one, "envelope": {**one["envelope"], "signature": "!"}}, id="no-base64"
        ),
    ],
)  # fmt: skip
def test_a_malformed_attestation_is_refused(
    running: Served, path: Path, damage: Callable[[dict[str, Any]], Any]
) -> None:
    damaged = damage(signed(running, statement(path)))
    answer = upload(running, path, damaged)
    assert reason_of(answer).startswith("Malformed attestations: ")


@pytest.mark.parametrize("text", ["", "{}", "no JSON", "[" * 100000, "[]"])
def test_what_is_no_list_of_attestations_is_refused(running: Served, path: Path, text: str) -> None:
    answer = running.parts.upload(running.parts.upload_token(), form(path, attestations=text))
    assert reason_of(answer).startswith("Malformed attestations: ")

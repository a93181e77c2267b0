from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.sandbox.publishers import PublisherStore
from sealane.sandbox.state import State

GITLAB = {"kind": "gitlab", "project": "p", "repository": "a/b", "workflow": ".gitlab-ci.yml"}
GITHUB = {"kind": "github", "project": "p", "repository": "a/b", "workflow": "release.yml"}


def test_a_publisher_added_twice_is_one(tmp_path: Path) -> None:
    store = PublisherStore(State(tmp_path))
    assert store.add(GITLAB) == store.add(GITLAB)
    (only,) = store.of_issuer("https://gitlab.com", pending=True)
    assert only.provenance() == {
        "kind": "GitLab", "repository": "a/b", "workflow_filepath": ".gitlab-ci.yml",
        "environment": None, "claims": None,
    }  # fmt: skip


def test_a_github_publisher_names_its_workflow(tmp_path: Path) -> None:
    store = PublisherStore(State(tmp_path))
    added = store.add(GITHUB | {"environment": "Release"})
    found = store.get(str(added["id"]))
    assert found is not None
    assert found.owner_id
    assert found.provenance() == {
        "kind": "GitHub", "repository": "a/b", "workflow": "release.yml",
        "environment": "release", "claims": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({}, id="empty"),
        pytest.param(GITLAB | {"kind": "google"}, id="unknown-kind"),
        pytest.param(GITLAB | {"extra": "x"}, id="unknown-key"),
        pytest.param(GITLAB | {"repository": "b"}, id="no-owner"),
        pytest.param(GITLAB | {"repository": 1}, id="not-a-text"),
        pytest.param(GITLAB | {"workflow": "a.txt"}, id="not-a-pipeline"),
        pytest.param(GITLAB | {"workflow": "a@b.yml"}, id="at-in-the-file"),
        pytest.param(GITLAB | {"project": "-"}, id="no-project-name"),
        pytest.param(GITLAB | {"project": None}, id="no-project"),
        pytest.param(GITLAB | {"issuer": "http://gitlab.com"}, id="issuer-without-tls"),
        pytest.param(GITHUB | {"repository": "a/b/c"}, id="github-with-subgroup"),
        pytest.param(GITHUB | {"workflow": "dir/a.yml"}, id="github-with-folder"),
        pytest.param(GITHUB | {"issuer": "https://other.test"}, id="github-issuer"),
    ],
)
def test_a_malformed_publisher_is_refused(tmp_path: Path, document: dict[str, object]) -> None:
    with pytest.raises(InputError, match="publisher"):
        PublisherStore(State(tmp_path)).add(document)

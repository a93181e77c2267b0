import pytest

from sealane.sandbox.claims import github, gitlab
from sealane.sandbox.publisher_claims import InvalidPublisherError, find_publisher
from sealane.sandbox.publishers import Publisher

GITLAB = Publisher("1", "gitlab", "https://gitlab.com", "a/b", ".gitlab-ci.yml", "", "")
GITHUB = Publisher(
    "2", "github", github.ISSUER, "a/b", "release.yml", "",
    str(github.build({"project": "a/b"})["repository_owner_id"]),
)  # fmt: skip
CASES = {
    "gitlab": (GITLAB, gitlab.build({"project": "a/b"}) | {"jti": "j"}),
    "github": (GITHUB, github.build({"project": "a/b"}) | {"jti": "j"}),
}


@pytest.mark.parametrize("kind", CASES)
def test_the_publishers_own_claims_find_it(kind: str) -> None:
    publisher, claims = CASES[kind]
    assert find_publisher(claims, kind, [publisher]) is publisher


@pytest.mark.parametrize(
    ("kind", "changes", "reason"),
    [
        pytest.param("gitlab", {"ref_path": "", "sha": ""}, "The ref_path and sha claims are empty",
                     id="gitlab-no-ref"),
        pytest.param("github", {"ref": "", "sha": ""}, "The ref and sha claims are empty",
                     id="github-no-ref"),
        pytest.param("github", {"sub": ""}, "Check failed for required claim 'sub'", id="no-sub"),
        pytest.param("github", {"event_name": ""}, "Check failed for required claim 'event_name'",
                     id="no-event"),
        pytest.param("gitlab", {"project_path": "A/B", "sub": "project_path:a/b:x"},
                     "Check failed for required claim 'project_path'", id="case"),
        pytest.param("gitlab", {"project_path": ["a/b"]}, "Publisher with matching", id="list"),
    ],
)  # fmt: skip
def test_a_claim_that_does_not_hold_is_named(
    kind: str, changes: dict[str, object], reason: str
) -> None:
    publisher, claims = CASES[kind]
    with pytest.raises(InvalidPublisherError) as caught:
        find_publisher(claims | changes, kind, [publisher])
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize("kind", CASES)
def test_every_required_claim_is_missed(kind: str) -> None:
    publisher, claims = CASES[kind]
    needed = {"gitlab": 6, "github": 9}[kind]
    missed = []
    for name in claims:
        without = {key: value for key, value in claims.items() if key != name}
        try:
            find_publisher(without, kind, [publisher])
        except InvalidPublisherError as error:
            missed.append((name, str(error)))
    assert missed == [(name, f"Missing claim '{name}'") for name, _ in missed]
    assert len(missed) == needed


def test_nobody_is_found_among_none() -> None:
    with pytest.raises(InvalidPublisherError, match="was not found"):
        find_publisher(CASES["gitlab"][1], "gitlab", [])

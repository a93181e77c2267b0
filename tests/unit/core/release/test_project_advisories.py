"""`[advisory]` says who issues advisories and where they become public; a token is never in it."""

import pytest

from sealane.core.release.project import Advisories
from sealane.core.release.project_parse import parse_project
from sealane.errors import InputError

SIMPLE = """\
schema = "sealane.release/1"
[project]
name = "hello-lane"
[forge]
kind = "gitlab"
project = "acme/hello-lane"
[[channel]]
name = "index"
kind = "pypi"
"""
ISSUER = '[advisory]\nissuer = "Acme"\nnamespace = "https://acme.example"\n'
WHOLE = (
    ISSUER
    + """\
contact = "security@acme.example"
vendor = "Acme Ltd"
category = "coordinator"
supported = ["1.4", "2"]
yank = true
[[advisory.outlet]]
name = "forge"
kind = "ghsa"
url = "https://forge.example/api"
repository = "acme/hello"
token = "FORGE_TOKEN"
[[advisory.outlet]]
name = "cve"
kind = "cve"
url = "https://cve.example/api/"
organisation = "acme"
user = "ann@acme.example"
token = "CVE_KEY"
[[advisory.outlet]]
name = "csaf"
kind = "csaf-tree"
folder = "public/csaf"
url = "https://acme.example/csaf"
[[advisory.outlet]]
name = "database"
kind = "osv-git"
author = "Acme <security@acme.example>"
folder = "patches"
"""
)


def read(text: str) -> Advisories:
    return parse_project((SIMPLE + text).encode()).advisories


def test_without_a_table_nothing_is_said() -> None:
    assert read("") == Advisories()
    assert read("[advisory]\n").category == "vendor"


def test_everything_is_read() -> None:
    found = read(WHOLE)
    assert (found.issuer, found.namespace) == ("Acme", "https://acme.example")
    assert (found.contact, found.vendor) == ("security@acme.example", "Acme Ltd")
    assert (found.category, found.supported, found.yank) == ("coordinator", ("1.4", "2"), True)
    assert [(one.kind, one.name) for one in found.outlets] == [
        ("ghsa", "forge"), ("cve", "cve"), ("csaf-tree", "csaf"), ("osv-git", "database"),
    ]  # fmt: skip
    assert dict(found.outlets[0].settings) == {
        "url": "https://forge.example/api", "repository": "acme/hello", "token": "FORGE_TOKEN"
    }  # fmt: skip
    assert dict(found.outlets[3].settings) == {
        "author": "Acme <security@acme.example>", "folder": "patches"
    }  # fmt: skip


def test_a_folder_of_csaf_names_its_publisher() -> None:
    settings = dict(read(WHOLE).outlets[2].settings)
    assert settings["publisher"] == "Acme"
    assert settings["namespace"] == "https://acme.example"
    assert settings["contact"] == "security@acme.example"
    assert settings["category"] == "coordinator"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param('[advisory]\nissuer = "Acme"', ("advisory.namespace",), id="no-namespace"),
        pytest.param(
            '[advisory]\nnamespace = "https://a.example"', ("advisory.issuer",), id="no-issuer"
        ),
        pytest.param('[advisory]\nnamspace = "x"', ("did you mean 'namespace'",), id="misspelt"),
        pytest.param(ISSUER + 'category = "friend"', ("advisory.category",), id="category"),
        pytest.param(ISSUER + 'supported = ["1.x"]', ("advisory.supported[0]",), id="series"),
        pytest.param(
            WHOLE.replace('name = "csaf"', 'name = "cve"'), ("outlet[2].name", "used once"),
            id="name-twice",
        ),
        pytest.param(
            WHOLE.replace('kind = "cve"', 'kind = "mail"'), ("outlet[1]", "mail"), id="other-kind"
        ),
        pytest.param(
            WHOLE.replace('user = "ann@acme.example"\n', ""), ("user", "missing"), id="missing"
        ),
        pytest.param(
            WHOLE.replace('"CVE_KEY"', '"s3cr3t-value"'), ("token", "name of an env"),
            id="token-itself",
        ),
        pytest.param(
            WHOLE.replace('folder = "patches"\n', ""), ("outlet[3]", "push or folder"),
            id="no-way-in",
        ),
        pytest.param(
            WHOLE + 'push = "https://git.example/db.git"\n', ("outlet[3]", "push or folder"),
            id="two-ways-in",
        ),
        pytest.param(
            WHOLE.replace(ISSUER, "[advisory]\n"), ("advisory.issuer", "outlet of CSAF"),
            id="csaf-by-nobody",
        ),
        pytest.param(
            WHOLE.replace("https://forge", "ftp://forge"), ("url", "expected"), id="no-web"
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_at_its_place(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    for word in words:
        assert word in caught.value.message + caught.value.hint


def test_a_token_that_was_written_there_is_not_shown() -> None:
    with pytest.raises(InputError) as caught:
        read(WHOLE.replace('"CVE_KEY"', '"s3cr3t-value"'))
    assert "s3cr3t" not in caught.value.message + caught.value.hint

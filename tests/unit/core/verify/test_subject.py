"""A statement is about a file by digest only; an index-hosted one also by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.statement import Statement, Subject
from sealane.core.verify.naming import purl_and_version
from sealane.core.verify.subject import check_hosted_subject, check_subject
from sealane.errors import VerificationError

A, B = "a" * 64, "b" * 64
NAME = "Hello_Lane-1.0-py3-none-any.whl"
FILE = Artifact(NAME, (Digest("sha256", A), Digest("sha512", A * 2)), 7)


def about(*subjects: tuple[str | None, dict[str, str]]) -> Statement:
    made = tuple(
        Subject(tuple(Digest(*pair) for pair in digests.items()), name)
        for name, digests in subjects
    )
    return Statement(made, "x", {}, "c" * 64)


@pytest.mark.parametrize(
    ("digests", "held"),
    [
        ({"sha256": A}, True),
        ({"sha512": A * 2}, True),
        ({"sha256": A, "sha512": A * 2}, True),
        ({"sha256": A, "gitCommit": "f" * 40}, True),
        ({"sha256": B}, False),
        ({"sha256": A, "sha512": B * 2}, False),
        ({"sha1": "a" * 40}, False),
        ({"gitCommit": A}, False),
    ],
)
def test_all_strong_digests_have_to_agree_and_one_has_to_be_there(
    digests: dict[str, str], *, held: bool
) -> None:
    statement = about(("any name", {"sha256": B}), (None, digests))
    if held:
        check_subject(statement, FILE)
        return
    with pytest.raises(VerificationError) as raised:
        check_subject(statement, FILE)
    assert raised.value.code == "SL-SUB-001"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (NAME, ""),
        ("hello_lane-1.0-py3-none-any.whl", ""),
        ("hello_lane-1.0.0-py3-none-any.whl", ""),
        ("hello_lane-1.1-py3-none-any.whl", "SL-SUB-003"),
        ("hello_lane-1.0-py2-none-any.whl", "SL-SUB-003"),
        ("hello_lane-1.0.tar.gz", "SL-SUB-003"),
        ("other", "SL-SUB-003"),
        (None, "SL-SUB-003"),
    ],
)
def test_a_hosted_subject_has_the_files_name_after_parsing(name: str | None, code: str) -> None:
    assert hosted(about((name, {"sha256": A})), FILE) == code


def test_a_hosted_statement_has_one_subject_and_it_is_the_file() -> None:
    assert hosted(about((NAME, {"sha256": A}), (NAME, {"sha256": A})), FILE) == "SL-SUB-002"
    assert hosted(about((NAME, {"sha256": B})), FILE) == "SL-SUB-001"


def test_a_file_that_is_no_distribution_is_not_hosted() -> None:
    data = Artifact("data.bin", FILE.digests, 7)
    assert hosted(about(("data.bin", {"sha256": A})), data) == "SL-SUB-003"


def test_a_bare_digest_has_no_name_to_compare() -> None:
    bare = Artifact(f"sha256:{A}", (Digest("sha256", A),))
    assert hosted(about((NAME, {"sha256": A})), bare) == ""
    assert hosted(about((NAME, {"sha256": B})), bare) == "SL-SUB-001"


def hosted(statement: Statement, artifact: Artifact) -> str:
    try:
        check_hosted_subject(statement, artifact)
    except VerificationError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (NAME, ("pkg:pypi/hello-lane@1.0", "1.0")),
        ("hello_lane-1.0rc1.tar.gz", ("pkg:pypi/hello-lane@1.0rc1", "1.0rc1")),
        ("hello-1.0.zip", ("pkg:pypi/hello@1.0", "1.0")),
        ("hello.zip", (None, None)),
        ("hello-1.0.whl", (None, None)),
        ("a-b.tar.gz", (None, None)),
        ("x.bin", (None, None)),
    ],
)
def test_a_name_tells_package_and_version(name: str, expected: tuple[str, str]) -> None:
    assert purl_and_version(name) == expected


@given(st.text(max_size=60), st.sampled_from([".whl", ".tar.gz", ".zip", ""]))
def test_no_name_raises(name: str, end: str) -> None:
    purl_and_version(name + end)
    hosted(about((name + end, {"sha256": A})), FILE)

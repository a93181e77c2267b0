"""A built file is what its name, its metadata and the plan say, or it is refused."""

import hashlib

import pytest

from sealane.core.archives.judge import check_content, check_digests, differences
from sealane.errors import InputError
from support.archives import (
    METADATA,
    NAME,
    SDIST,
    VERSION,
    WHEEL,
    make_sdist,
    make_tar,
    make_wheel,
    make_zip,
    sdist_members,
    wheel_members,
    with_record,
)

FILES = {SDIST: make_sdist(), WHEEL: make_wheel()}
PLAN = [(NAME, VERSION)]
INFO = "hello_lane-0.1.0.dist-info"
TOP = "hello_lane-0.1.0"


def test_right_files_pass() -> None:
    check_content(FILES, PLAN, ["*.pem", "tests/**"])


@pytest.mark.parametrize("missing", [SDIST, WHEEL])
def test_a_missing_file_is_refused(missing: str) -> None:
    with pytest.raises(InputError, match="not built"):
        check_content({k: v for k, v in FILES.items() if k != missing}, PLAN, [])


def test_no_file_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="not built"):
        check_content({}, PLAN, [])


WRONG_WHEELS = [
    pytest.param(wheel_members() | {f"{INFO}/METADATA": METADATA.replace(b"0.1.0", b"0.1.1")},
                 id="other-version-inside"),
    pytest.param(wheel_members() | {f"{INFO}/METADATA": METADATA.replace(b"hello", b"hallo")},
                 id="other-name-inside"),
    pytest.param(wheel_members() | {f"{INFO}/METADATA": b"Version: 0.1.0\n" + METADATA},
                 id="two-versions"),
    pytest.param(wheel_members() | {"other-0.1.0.dist-info/METADATA": METADATA}, id="two-infos"),
    pytest.param({"hello_lane/x.py": b""}, id="no-metadata"),
    pytest.param(wheel_members() | {f"{INFO}/METADATA": b"\xff"}, id="not-utf8"),
    pytest.param({k: v for k, v in wheel_members().items() if "WHEEL" not in k}, id="no-wheel"),
]  # fmt: skip


@pytest.mark.parametrize("members", WRONG_WHEELS)
def test_a_wheel_that_says_something_else_inside_is_refused(members: dict[str, bytes]) -> None:
    with pytest.raises(InputError, match=WHEEL):
        check_content(FILES | {WHEEL: make_wheel(members)}, PLAN, [])


def test_a_record_with_another_hash_or_list_is_refused() -> None:
    recorded = with_record(wheel_members())
    changed = recorded | {"hello_lane/__init__.py": b"x = 2\n"}
    added = recorded | {"hello_lane/hidden.py": b""}
    removed = {name: c for name, c in recorded.items() if not name.startswith("hello_lane/")}
    without = wheel_members()
    for members in (changed, added, removed, without):
        with pytest.raises(InputError, match="RECORD"):
            check_content(FILES | {WHEEL: make_zip(members)}, PLAN, [])


@pytest.mark.parametrize(
    "members",
    [
        pytest.param(sdist_members() | {f"{TOP}/PKG-INFO": b"Name: x\n"}, id="other-metadata"),
        pytest.param(sdist_members() | {"elsewhere/x": b""}, id="two-folders"),
        pytest.param({f"{TOP}/pyproject.toml": b""}, id="no-pkg-info"),
        pytest.param({f"{TOP}/PKG-INFO": METADATA}, id="no-pyproject"),
    ],
)
def test_a_wrong_sdist_is_refused(members: dict[str, bytes]) -> None:
    with pytest.raises(InputError, match=SDIST):
        check_content(FILES | {SDIST: make_tar(members)}, PLAN, [])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("hello_lane-0.1.0-py3-none-linux_x86_64.whl", id="one-machine"),
        pytest.param("other-0.1.0-py3-none-any.whl", id="other-name"),
        pytest.param("hello_lane-0.2.0-py3-none-any.whl", id="other-version"),
        pytest.param("hello_lane.whl", id="no-wheel-name"),
        pytest.param("hello_lane-0.1.0.zip", id="zip"),
    ],
)
def test_a_file_of_another_name_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        check_content({SDIST: FILES[SDIST], name: FILES[WHEEL]}, PLAN, [])


@pytest.mark.parametrize(
    ("glob", "member"),
    [
        ("*.pem", "secret.pem"), ("*.pem", "deep/er/secret.pem"), ("tests/**", "tests/a/b.py"),
        (".env", ".env"), ("src/*/x.py", "src/pkg/x.py"), ("**/key", "key"), ("**/key", "a/b/key"),
    ],
)  # fmt: skip
def test_a_forbidden_member_is_named(glob: str, member: str) -> None:
    members = sdist_members() | {f"{TOP}/{member}": b"x"}
    with pytest.raises(InputError, match=r"build\.forbid") as caught:
        check_content(FILES | {SDIST: make_tar(members)}, PLAN, [glob])
    assert member in caught.value.message


@pytest.mark.parametrize(
    ("glob", "member"), [("src/*/x.py", "src/a/b/x.py"), ("*.pem", "pem"), ("a/b", "c/a/b")]
)
def test_a_member_that_does_not_match_is_allowed(glob: str, member: str) -> None:
    members = sdist_members() | {f"{TOP}/{member}": b"x"}
    check_content(FILES | {SDIST: make_tar(members)}, PLAN, [glob])


def digests(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_files_have_to_be_what_the_record_says() -> None:
    check_digests("build-a", FILES, digests(FILES))
    changed = FILES | {SDIST: FILES[SDIST] + b"x"}
    with pytest.raises(InputError, match="expected sha256"):
        check_digests("build-a", changed, digests(FILES))
    with pytest.raises(InputError, match="the record names"):
        check_digests("build-a", FILES | {"extra": b""}, digests(FILES))
    with pytest.raises(InputError, match="the record names"):
        check_digests("build-a", {}, digests(FILES))


def test_copies_with_other_files_are_refused() -> None:
    with pytest.raises(InputError, match="different files"):
        differences(FILES, {SDIST: FILES[SDIST]})


def test_only_files_that_differ_are_named() -> None:
    other = FILES | {SDIST: make_tar(sdist_members(), time=5)}
    assert [name for name, _ in differences(FILES, other)] == [SDIST]
    assert differences(FILES, dict(FILES)) == ()

"""File names of distributions, held against the library that the index and installers use."""

from hypothesis import example, given
from hypothesis import strategies as st
from packaging.utils import parse_sdist_filename, parse_wheel_filename

from sealane.core.verify.naming import distribution, purl_and_version

_PART = st.text(st.sampled_from("aZ09._-+!\u0131\u00e9\n @"), max_size=6)
_PROJECT = st.one_of(
    _PART, st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._]{0,8}[A-Za-z0-9])?", fullmatch=True)
)
_VERSION = st.one_of(
    _PART,
    st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,2}){0,3}((a|b|rc|\.post|\.dev)[0-9])?", fullmatch=True),
)
_TAG = st.one_of(_PART, st.from_regex(r"(py3|cp311)(\.py2)?", fullmatch=True))
_BUILD = st.one_of(_PART, st.from_regex(r"[0-9]{1,3}[a-z]{0,2}", fullmatch=True))


@st.composite
def names(draw: st.DrawFn) -> str:
    project, version = draw(_PROJECT), draw(_VERSION)
    if draw(st.booleans()):
        return f"{project}-{version}{draw(st.sampled_from(['.tar.gz', '.zip', '.tgz', '']))}"
    build = [draw(_BUILD)] if draw(st.booleans()) else []
    tags = [draw(_TAG) for _ in range(draw(st.sampled_from([3, 3, 3, 2])))]
    return "-".join([project, version, *build, *tags]) + draw(st.sampled_from([".whl", ".WHL"]))


def _by_the_library(name: str) -> tuple[object, ...] | None:
    try:
        if name.endswith(".whl"):
            return parse_wheel_filename(name)
        if name.endswith((".tar.gz", ".zip")):
            return parse_sdist_filename(name)
    except ValueError:
        return None
    return None


@given(names())
@example("a-1-1-py3.py2-none-any.whl")
@example("a__b-1-py3-none-any.whl")
@example("a-1-\u0661-py3-none-any.whl")
@example("a-1-1\n-py3-none-any.whl")
@example("-1.tar.gz")
@example("1.tar.gz")
@example("a--1.zip")
@example("\u0130-1-py3-none-any.whl")
@example("a-" + "9" * 5000 + ".zip")
def test_a_name_tells_what_the_library_reads_in_it(name: str) -> None:
    ours, theirs = distribution(name), _by_the_library(name)
    if len(name) > 255:
        assert ours is None
        return
    assert (ours is None) == (theirs is None)
    if ours is None or theirs is None:
        return
    assert (ours.project, ours.version) == theirs[:2]
    assert purl_and_version(name) == (f"pkg:pypi/{theirs[0]}@{theirs[1]}", str(theirs[1]))


@given(names(), names())
@example("a-1-py3.py2-none-any.whl", "A-1.0-py2.PY3-none-any.whl")
@example("a-1-1b-py3-none-any.whl", "a-1-01b-py3-none-any.whl")
@example("a-1-py3-none-any.whl", "a-1.zip")
@example("a-1.tar.gz", "a-1.zip")
def test_two_names_are_one_distribution_where_the_library_says_so(one: str, other: str) -> None:
    ours, theirs = distribution(one), _by_the_library(one)
    if ours is not None:
        assert (ours == distribution(other)) == (theirs == _by_the_library(other))


def test_equal_versions_keep_the_form_they_were_written_in() -> None:
    for version in ("1.0", "1.0.0", "1.0"):
        assert purl_and_version(f"a-{version}.zip") == (f"pkg:pypi/a@{version}", version)

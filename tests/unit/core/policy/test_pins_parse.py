"""A file of pins is read strictly, and written in one way."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from string import ascii_lowercase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sealane.core.policy.pins import (
    EvidencePin,
    LogKind,
    Pin,
    PinExemption,
    Pins,
    Signer,
    line_of_version,
)
from sealane.core.policy.pins_compare import EXEMPTIBLE
from sealane.core.policy.pins_parse import parse_pins
from sealane.core.policy.pins_render import render_pins
from sealane.errors import ExitCode, InputError
from support.pinned import CI, EVIDENCE, PIN, PINS

# Whatever can be pinned: all but what UTF-8 cannot hold, control characters and blanks alone.
CONTROL = "".join(map(chr, (*range(32), 127)))
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters=CONTROL)
TEXT = st.text(LETTERS, min_size=1, max_size=20).filter(str.strip)
MAYBE = st.just("") | TEXT
TIMES = st.datetimes(timezones=st.just(UTC))
VERSIONS = st.sampled_from(["0.1", "1.0", "1.0rc1", "1!2.0", "2026.11", "10.0.post1"])
PURLS = st.text(ascii_lowercase, min_size=1, max_size=8).map(lambda name: f"pkg:pypi/{name}")
SIGNERS = st.builds(
    Signer, issuer=TEXT, subject=TEXT, project=MAYBE, project_id=MAYBE, owner_id=MAYBE,
    config=MAYBE, workflow=MAYBE, environment=MAYBE, runner=MAYBE,
    refs=st.sets(st.sampled_from(["refs/tags/v{pep440}", "refs/heads/main"])).map(tuple),
    signs=st.sets(TEXT, min_size=1, max_size=3).map(lambda kinds: tuple(sorted(kinds))),
    until=st.none() | TIMES,
)  # fmt: skip
KINDS = st.builds(EvidencePin, kind=TEXT, since=VERSIONS, log=st.sampled_from(LogKind))
EXEMPTIONS = st.builds(
    PinExemption, code=st.sampled_from(EXEMPTIBLE), reason=TEXT, expires=TIMES,
    version=st.just("") | VERSIONS,
)  # fmt: skip
PACKAGES = st.builds(
    Pin, purl=PURLS, since=st.just("") | VERSIONS,
    signers=st.lists(SIGNERS, min_size=1, max_size=3, unique=True).map(tuple),
    evidence=st.lists(KINDS, max_size=3, unique=True).map(
        lambda kinds: tuple(sorted(kinds, key=lambda one: one.order))),
    exemptions=st.lists(EXEMPTIONS, max_size=2).map(tuple),
)  # fmt: skip
ALL_PINS = st.lists(PACKAGES, max_size=3, unique_by=lambda one: one.purl).map(
    lambda pins: Pins(tuple(sorted(pins, key=lambda one: one.purl)))
)
EXAMPLE = Pins(
    (
        Pin(
            "pkg:pypi/acme",
            (CI, Signer("urn:sealane:key", 'sha256:ab\u202e\U0001f600"\\', signs=("x",))),
            EVIDENCE,
            "1.0",
            (PinExemption("SL-PIN-015", "TEAM-12", datetime(2027, 1, 1, tzinfo=UTC), "1.5"),),
        ),
    )
)
HEAD = 'schema = "sealane.pins/1"\n'
SIGNER = '[[package.signer]]\nissuer = "https://i"\nsubject = "a@b"\nsigns = ["publish"]\n'
ACME = f'{HEAD}[[package]]\npurl = "pkg:pypi/acme"\n'
GOOD = ACME + SIGNER


@given(ALL_PINS)
@example(EXAMPLE)
@example(Pins())
def test_what_was_written_is_read_as_it_was(pins: Pins) -> None:
    content = render_pins(pins)
    read = parse_pins(content, pins.origin)
    assert replace(read, sha256="") == pins
    assert render_pins(read) == content
    tomllib.loads(content.decode("ascii"))


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: (GOOD + text).encode()))
@example(b"\xff")
@example(b"a = " + b"[" * 3000)
@example(b"a = " + b"1" * 5000)
def test_no_bytes_raise_anything_but_an_input_error(content: bytes) -> None:
    found = None
    try:
        parse_pins(content, "pins")
    except InputError as error:
        found = error
    if found is not None:
        assert found.exit_code == ExitCode.INPUT
        assert found.message.startswith("pins pins: ")
        assert found.hint


def test_a_file_can_be_written_by_hand() -> None:
    read = parse_pins(
        f'{HEAD}[[package]]\npurl = "pkg:pypi/b"\n{SIGNER}{GOOD[len(HEAD) :]}'.encode(), "p"
    )
    assert [one.purl for one in read.packages] == ["pkg:pypi/acme", "pkg:pypi/b"]
    assert read.of("pkg:pypi/acme") == Pin(
        "pkg:pypi/acme", (Signer("https://i", "a@b", signs=("publish",)),)
    )
    assert read.of("pkg:pypi/other") is None
    assert len(read.sha256) == 64


def test_times_are_read_in_utc() -> None:
    east = timezone(timedelta(hours=2))
    content = f"{GOOD}until = 2026-06-01T12:00:00+02:00\n".encode()
    (package,) = parse_pins(content, "p").packages
    assert package.signers[0].until == datetime(2026, 6, 1, 12, tzinfo=east)
    assert render_pins(parse_pins(content, "p")).endswith(b"until = 2026-06-01T10:00:00Z\n")


EVIDENCE_TABLE = '[[package.evidence]]\nkind = "publish"\nsince = "1.0"\nlog = "v1"\n'
EXEMPT = '[[package.exempt]]\ncode = "SL-PIN-015"\nreason = "r"\nexpires = 2027-01-01T00:00:00Z\n'


@pytest.mark.parametrize(
    ("content", "place", "why"),
    [
        pytest.param("", "schema", "required, and missing", id="empty"),
        pytest.param('schema = "sealane.pins/2"', "line 1: schema", "'sealane.pins/2'",
                     id="schema"),
        pytest.param("schema = ", "", "Invalid value", id="syntax"),
        pytest.param(f"{GOOD}colour = 1\n", "line 8: package.0.signer.0.colour", "unknown key",
                     id="unknown-key"),
        pytest.param(f'{GOOD}refs = ["refs/heads/a", "refs/heads/a"]\n', "refs.1", "twice",
                     id="ref-twice"),
        pytest.param(f'{GOOD}environment = "a\\u0007"\n', "environment", "printable",
                     id="control-character"),
        pytest.param(f"{HEAD}pins = 1\n", "line 2: pins", "unknown key", id="unknown-table"),
        pytest.param(ACME, "package.0.signer", "required, and missing", id="no-signer"),
        pytest.param(f"{ACME}signer = []\n", "package.0.signer", "list of 1 to 1000",
                     id="empty-signers"),
        pytest.param(GOOD.replace("acme", "acme@1.0"), "purl", "pkg:pypi/acme@1.0",
                     id="purl-with-version"),
        pytest.param(GOOD.replace("pkg:pypi/acme", "acme"), "purl", "'acme'", id="no-purl"),
        pytest.param(GOOD + GOOD[len(HEAD):], "line 9: package.1.purl", "pinned twice",
                     id="package-twice"),
        pytest.param(GOOD + SIGNER, "package.0.signer", "there twice", id="signer-twice"),
        pytest.param(GOOD + EVIDENCE_TABLE * 2, "package.0.evidence", "there twice",
                     id="evidence-twice"),
        pytest.param(GOOD.replace('subject = "a@b"\n', ""), "package.0.signer.0",
                     "expected at least one of subject, config, got none", id="signer-is-anybody"),
        pytest.param(GOOD.replace('issuer = "https://i"\n', ""), "package.0.signer.0.issuer",
                     "required", id="no-issuer"),
        pytest.param(GOOD.replace('"https://i"', '""'), "issuer", "not blank", id="empty-issuer"),
        pytest.param(GOOD.replace('["publish"]', "[]"), "signs", "list of 1 to",
                     id="signs-nothing"),
        pytest.param(GOOD.replace('"a@b"', "5"), "subject", "expected text, got 5", id="type"),
        pytest.param(f'{GOOD}refs = ["main"]\n', "package.0.signer.0.refs", "full ref", id="ref"),
        pytest.param(f'{GOOD}refs = ["refs/tags/*"]\n', "refs", "full ref", id="wildcard"),
        pytest.param(f"{GOOD}until = 2026-06-01T12:00:00\n", "package.0.signer.0.until", "a zone",
                     id="no-zone"),
        pytest.param(f"{GOOD}until = 0001-01-01T00:00:00+23:00\n", "until", "not a time in UTC",
                     id="not-in-utc"),
        pytest.param(GOOD + EVIDENCE_TABLE.replace('"1.0"', '"x"'), "evidence.0.since",
                     "'x' is not a version of PEP 440", id="version"),
        pytest.param(GOOD + EVIDENCE_TABLE.replace('"1.0"', '"1.0-rc1"'), "evidence.0.since",
                     "expected the normal form 1.0rc1", id="version-form"),
        pytest.param(GOOD + EVIDENCE_TABLE.replace("v1", "v9"), "evidence.0.log", "'v9'", id="log"),
        pytest.param(GOOD + EXEMPT.replace("015", "003"), "exempt.0.code", "got 'SL-PIN-003'",
                     id="another-signer-cannot-be-exempted"),
        pytest.param(GOOD + EXEMPT.replace('reason = "r"\n', ""), "exempt.0.reason", "required",
                     id="exemption-without-reason"),
        pytest.param(GOOD + EXEMPT.replace('"r"', '""'), "exempt.0.reason", "not blank",
                     id="exemption-with-empty-reason"),
        pytest.param(GOOD + EXEMPT.replace("expires = 2027-01-01T00:00:00Z\n", ""),
                     "exempt.0.expires", "required", id="exemption-without-end"),
        pytest.param(f"{GOOD}{EXEMPT}version = 1\n", "exempt.0.version",
                     "a version of PEP 440, got 1", id="exempt-type"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_its_place(content: str, place: str, why: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_pins(content.encode(), "team/pins.toml")
    assert raised.value.message.startswith("pins team/pins.toml: ")
    assert place in raised.value.message
    assert why in raised.value.message
    assert raised.value.hint


def test_a_value_nested_too_deep_is_told_without_it() -> None:
    with pytest.raises(InputError, match="nested too deep"):
        parse_pins(f"schema{'.a' * 3000} = 1\n".encode(), "p")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    broken = GOOD.replace('"a@b"', "5").replace("issuer", "isuer")
    with pytest.raises(InputError) as raised:
        parse_pins(broken.encode(), "p")
    assert raised.value.message.count("package.0.signer.0") == 3
    assert "did you mean 'issuer'?" in raised.value.message


def test_what_cannot_be_pinned_cannot_be_made() -> None:
    for wrong in (
        lambda: Signer("https://i"),
        lambda: Signer("", "a@b"),
        lambda: Pin("pkg:pypi/acme", ()),
        lambda: Pins((PIN, PIN)),
        lambda: Pins((replace(PIN, purl="pkg:pypi/b"), PIN)),
    ):
        with pytest.raises(ValueError, match="pin"):
            wrong()


def test_a_line_is_an_epoch_and_a_major_number() -> None:
    assert line_of_version("1.9") == line_of_version("1.0rc1") == (0, 1)
    assert line_of_version("1!1.9") == (1, 1)


def test_the_example_is_written_as_it_always_was() -> None:
    text = render_pins(PINS).decode()
    assert text.index("purl") < text.index("issuer") < text.index("signs") < text.index("kind")
    assert 'since = "1.0"\nlog = "v1"\n' in text

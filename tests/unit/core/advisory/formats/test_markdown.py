"""The page for people says what the record says, and its table can be held against the record."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sealane.core.advisory.documents import Issuer, Said
from sealane.core.advisory.formats.markdown import Markdown
from sealane.core.advisory.record import Credit, Provenance, Record, Reference, Revision, Severity
from sealane.errors import InputError
from support.records import AT, V3, V4, entry_of, record_of
from support.renderings import ISSUER, rendering_of

PAGE = Markdown()
READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})
VERSIONS = ["0.9", "1.0", "1.1", "1.2", "1.3", "2.0", "2.1"]
FULL = record_of(
    entry_of("Acme", "1.0 <1.2 2.0 <2.1", ("1.0",)),
    entry_of("acme-open", "3.0", ()),
    severity=(Severity("CVSS_V3", V3), Severity("CVSS_V4", V4)),
    weaknesses=("CWE-78", "CWE-79"),
    credits=(Credit("Ada | Example", "REMEDIATION_DEVELOPER"), Credit("<b>Bob</b>")),
    references=(
        Reference("FIX", "https://acme.example/fix?a=b"),
        Reference("WEB", "javascript:alert(1)"),
    ),
    provenance=Provenance(revisions=(Revision("1", AT, "first *words*"),)),
)
EXPECTED = """\
# Acme runs what it is sent

- identifier: `PYSEC-2026-1`
- also known as: `CVE-2026-10001`, `GHSA-2222-3333-4444`
- severity: high, 7.5, `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N`
- severity: high, 8.7, `CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N`
- weaknesses: `CWE-78`, `CWE-79`
- published: 2026-11-01T12:00:00Z
- last changed: 2026-11-01T12:00:00Z
- issued by: Acme security team, `security@acme.example`

## Affected versions

| package | affected | fixed in |
|---|---|---|
| `acme` | `>= 1.0, < 1.2` | `1.2` |
| `acme` | `>= 2.0, < 2.1` | `2.1` |
| `acme-open` | `>= 3.0` | none |

## What to do

- `acme`: upgrade to `1.2` or `2.1`, or to a later release not listed above
- `acme-open`: no release fixes it yet

## Credits

- Ada \\| Example (remediation developer)
- \\<b\\>Bob\\</b\\> (other)

## References

- fix: <https://acme.example/fix?a=b>
- web: `javascript:alert(1)`

## Revisions

- 1, 2026-11-01T12:00:00Z: first \\*words\\*

## Details

A request with two colons is run.
"""


def page(record: Record = FULL, **changes: object) -> str:
    return PAGE.render(record, rendering_of(**changes)).content.decode()


def test_a_page_says_what_the_record_says() -> None:
    document = PAGE.render(FULL, rendering_of())
    assert (document.format, document.name) == ("markdown", "PYSEC-2026-1.md")
    assert document.content.decode() == EXPECTED
    assert PAGE.faults(document.content, document.name, {"CWE-78": "", "CWE-79": ""}) == ()


def test_what_the_record_does_not_say_is_left_out() -> None:
    bare = Record("X-1", AT, affected=(entry_of(),))
    lines = page(bare, issuer=Issuer("Acme", "https://acme.example")).splitlines()
    assert lines[:5] == [
        "# X-1", "", "- identifier: `X-1`", "- last changed: 2026-11-01T12:00:00Z",
        "- issued by: Acme",
    ]  # fmt: skip
    titles = [line for line in lines if line.startswith("## ")]
    assert titles == ["## Affected versions", "## What to do"]


def test_a_word_for_the_severity_stands_where_there_is_no_vector() -> None:
    assert "- severity: high\n" in page(record_of(severity=()))
    assert "- severity: high," in page(record_of())


@pytest.mark.parametrize(
    ("changes", "stamp"),
    [
        pytest.param({"final": False}, "> **DRAFT, TLP:CLEAR**", id="draft"),
        pytest.param({"tlp": "RED"}, "> **final, TLP:RED**", id="not-for-everybody"),
        pytest.param({"final": False, "tlp": "AMBER+STRICT"}, "TLP:AMBER+STRICT**", id="both"),
    ],
)
def test_who_may_read_it_is_the_first_that_is_seen(changes: dict[str, object], stamp: str) -> None:
    assert stamp in page(FULL, **changes).splitlines()[2]
    assert ">" not in page().splitlines()[2]


def test_a_rehearsal_is_stamped() -> None:
    stamped = page(record_of(provenance=Provenance(sandbox=True)))
    assert stamped.splitlines()[2].startswith("> **SANDBOX**")


def test_a_record_that_was_withdrawn_affects_nothing() -> None:
    content = PAGE.render(record_of(withdrawn=AT), rendering_of()).content
    assert b"> **WITHDRAWN** at 2026-11-01T12:00:00Z" in content
    assert PAGE.affected(content, "acme", VERSIONS) == frozenset()
    assert PAGE.faults(content, "", {}) == ()
    later = PAGE.render(record_of(withdrawn=AT + timedelta(1)), rendering_of()).content
    assert PAGE.affected(later, "acme", VERSIONS) == {"0.9", "1.0", "1.1"}


class _Tags(HTMLParser):
    """The tags of a page, and the addresses it links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.feed(READER.render(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


HOSTILE = st.sampled_from([
    "<b>", "`", "|", "\n", "::error::", "## Affected versions", "| `acme` | `>= 0` | none |", "\\",
    "\n\n", "```\n", "- ", "a", "](javascript:x)", "[", "*", "\x1b[31m", "-->", "&lt;",
])  # fmt: skip
TEXTS = st.lists(HOSTILE, max_size=8).map("".join)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_nothing_a_stranger_writes_is_html_or_changes_the_table(
    summary: str, details: str, name: str, alias: str
) -> None:
    record = record_of(
        summary=summary, details=details, credits=(Credit(name, name, (name,)),),
        aliases=(alias,), weaknesses=(alias,), references=(Reference(name, alias),),
        provenance=Provenance(revisions=(Revision(name, AT, alias),)),
    )  # fmt: skip
    content = PAGE.render(record, rendering_of()).content
    assert PAGE.affected(content, "acme", VERSIONS) == {"0.9", "1.0", "1.1"}
    assert PAGE.said(content).fixed == {"1.2"}
    known = (
        "h1 h2 h3 h4 h5 h6 p ul ol li table thead tbody tr th td code pre a em strong blockquote"
    )
    assert _Tags(content.decode()).tags <= {*known.split(), "br", "hr", "img"}
    assert b"\n::" not in content


def test_what_else_a_page_says_is_told() -> None:
    assert PAGE.said(EXPECTED.encode()) == Said(
        frozenset({"PYSEC-2026-1", "CVE-2026-10001", "GHSA-2222-3333-4444"}),
        frozenset({V3, V4}),
        frozenset({"high", "7.5", "8.7"}),
        frozenset({"CWE-78", "CWE-79"}),
        frozenset({"1.2", "2.1"}),
        frozenset({"acme", "acme-open"}),
    )
    assert PAGE.said(page(record_of(severity=())).encode()).ratings == {"high"}


def test_what_is_in_a_row_is_affected() -> None:
    assert PAGE.affected(EXPECTED.encode(), "acme", VERSIONS) == {"1.0", "1.1", "2.0"}
    assert PAGE.affected(EXPECTED.encode(), "acme-open", ["2.9", "3.0"]) == {"3.0"}
    assert PAGE.affected(EXPECTED.encode(), "other", VERSIONS) == frozenset()
    one = EXPECTED.replace("| `acme` | `>= 1.0, < 1.2` |", "| `acme` | `= 1.3` |")
    assert PAGE.affected(one.encode(), "acme", VERSIONS) == {"1.3", "2.0"}


ROW = "| `acme` | `>= 1.0, < 1.2` | `1.2` |"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("## Affected versions", "## Versions", "expected the line", id="heading"),
        pytest.param("| package |", "| project |", "expected the table", id="head"),
        pytest.param("|---|---|---|", "", "expected the table", id="rule"),
        pytest.param("\n\n| package", "\n| package", "expected the table", id="no-blank-line"),
        pytest.param(ROW, "| acme | 1.0 | 1.2 |", "expected a row", id="no-code"),
        pytest.param(ROW, f"{ROW} x |", "expected a row", id="four-cells"),
        pytest.param("|\n| `acme`", "|\n\n| `acme`", "at least one row", id="no-rows"),
        pytest.param(">= 1.0, < 1.2", "1.0 to 1.2", "expected a range", id="range"),
        pytest.param("< 1.2", "< next", "PEP 440", id="version"),
    ],
)
def test_a_page_whose_table_cannot_be_read_is_refused(old: str, new: str, message: str) -> None:
    content = EXPECTED.replace(old, new).encode()
    with pytest.raises(InputError) as caught:
        PAGE.affected(content, "acme", VERSIONS)
    assert message in caught.value.message


def test_what_is_no_text_is_refused() -> None:
    for read in (lambda: PAGE.said(b"\xff"), lambda: PAGE.faults(b"\xff", "", {})):
        with pytest.raises(InputError, match="expected UTF-8"):
            read()


def test_a_page_may_end_with_the_table() -> None:
    content = EXPECTED[: EXPECTED.index("\n\n## What to do")].encode()
    assert PAGE.affected(content, "acme", VERSIONS) == {"1.0", "1.1", "2.0"}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        pytest.param("# Acme runs", "Acme runs", ["title"], id="no-title"),
        pytest.param("## Affected versions", "## Versions", ["versions"], id="no-table"),
        pytest.param("< 1.2", "< next", ["versions"], id="no-version"),
        pytest.param("| `1.2` |", "| `next` |", ["versions"], id="no-fixed-version"),
        pytest.param("`CWE-79`", "`CWE-9999`", ["cwe"], id="no-such-cwe"),
    ],
)
def test_what_a_page_breaks_is_named(old: str, new: str, rules: list[str]) -> None:
    found = PAGE.faults(EXPECTED.replace(old, new).encode(), "", {"CWE-78": "", "CWE-79": ""})
    assert [one.rule for one in found] == rules


def test_without_a_list_of_weaknesses_none_is_unknown() -> None:
    assert PAGE.faults(EXPECTED.encode(), "", {}) == ()


@given(st.binary(max_size=60) | st.lists(st.sampled_from(EXPECTED.splitlines())).map(
    lambda lines: "\n".join(lines).encode()
))  # fmt: skip
def test_whatever_is_read_is_read_or_refused(content: bytes) -> None:
    for read in (
        lambda: PAGE.affected(content, "acme", VERSIONS),
        lambda: PAGE.said(content),
        lambda: PAGE.faults(content, "", {}),
    ):
        try:
            read()
        except InputError:
            continue


def test_the_issuer_is_text() -> None:
    issuer = Issuer("*Acme*", "https://acme.example", "<b>")
    assert "- issued by: \\*Acme\\*, `<b>`\n" in page(FULL, issuer=issuer)
    assert ISSUER.name in page()

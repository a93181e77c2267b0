"""An author's Markdown keeps its markup, and no reader finds HTML or an order to a CI job in it."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sealane.core.advisory.prose import code, one_line, paragraphs

# Two readers: with tables, as forges have them, and CommonMark alone.
READERS = [
    MarkdownIt("gfm-like", {"html": True, "linkify": False}),
    MarkdownIt("commonmark", {"html": True}),
]
_PIECES = [
    "`", "``", "```", "~~~", "<b>", "</b>", "<!--", "-->", "<script>", "<?", "<![CDATA[", "\\",
    "|", "| ", "\n", "\n\n", "    ", "\t", "> ", "- ", "1. ", "[a]: ", "[x](", ")", '"', "'",
    "<https://a.example>", "<mailto:a@b.example>", "#", "::", "##[", "text", "a`b", "&lt;", "\r",
    "|---|---|\n", "===\n", "\u202e", "[^1]: ", "html", " ", "*", "<a href='`'>", "&#96;",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(_PIECES), max_size=24).map("".join) | st.text(max_size=40)


def tokens(reader: MarkdownIt, text: str) -> Iterator[Token]:
    for token in reader.parse(text):
        yield token
        yield from token.children or ()


def html_in(text: str) -> list[str]:
    found = [one for reader in READERS for one in tokens(reader, text)]
    return [one.content for one in found if one.type in {"html_block", "html_inline"}]


@given(TEXTS)
@example("`<b>\n`")
@example("| a |\n|---|\n| ` | <b> ` |")
@example("\\`<b>`")
@example("```\n<b>\n```\n<b>")
@example("~~~\n```\n~~~\n<b>\n```")
@example("- ```\n<b>")
@example("> ```\n<b>\n```\n")
@example("`` ` `<b>` ``")
@example("<https://a.example/`>`<b>`")
def test_no_reader_finds_html_in_what_an_author_wrote(text: str) -> None:
    assert html_in(f"before\n\n{paragraphs(text)}\n\n## After\n") == []


@given(TEXTS)
def test_no_line_gives_an_order_to_the_runner_of_a_job(text: str) -> None:
    for shown in (paragraphs(text), one_line(text), code(text)):
        assert not re.search(r"^\s*::|##\[|##vso\[", shown, re.MULTILINE | re.IGNORECASE)
        assert all(one.isprintable() or one == "\n" for one in shown)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("*a* [b](https://c.example) `<d>`", None, id="markup-and-code"),
        pytest.param("```html\n<b>|</b>\n```", None, id="fenced-code"),
        pytest.param("<https://a.example/b?c=d>", None, id="link"),
        pytest.param("- a\n  - b\n\n> c", None, id="list-and-quotation"),
        pytest.param("\n\na\n\n", "a", id="blank-lines-around"),
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line-ends"),
        pytest.param("# A\n\n#### B\n\n##### C", "### A\n\n###### B\n\n##### C", id="headings"),
        pytest.param("#tag", None, id="no-heading"),
        pytest.param("<b>", "&lt;b>", id="html"),
        pytest.param("a < b", "a &lt; b", id="less-than"),
        pytest.param("`<b>` ` <b>", "`&lt;b>` ` &lt;b>", id="odd-back-ticks"),
        pytest.param("a `b\n`<c>` d", "a `b\n`&lt;c>` d", id="odd-line-before"),
        pytest.param("a `b\n\n`<c>`", None, id="odd-line-in-another-block"),
        pytest.param("``<b>``", "``&lt;b>``", id="two-back-ticks"),
        pytest.param("| `<b>` |", "| `&lt;b>` |", id="table"),
        pytest.param("a | b <c>", "a | b &lt;c>", id="table-without-code"),
        pytest.param("\\`<b>`", "\\`&lt;b>`", id="escaped-back-tick"),
        pytest.param("~~~\n<b>\n~~~", "~~~\n&lt;b>\n~~~", id="other-fence"),
        pytest.param("- ```\n  <b>\n  ```", "- ```\n  &lt;b>\n  ```", id="fence-in-a-list"),
        pytest.param("```\n<b>", "```\n<b>\n```", id="fence-left-open"),
        pytest.param("<javascript:alert(1)>", "&lt;javascript:alert(1)>", id="other-scheme"),
        pytest.param("::error::x", "\\x3a:error::x", id="order"),
        pytest.param("a\x1b[31m", "a\\x1b[31m", id="control-character"),
        pytest.param("", "", id="empty"),
    ],
)
def test_markup_is_kept_and_html_is_not(text: str, kept: str | None) -> None:
    assert paragraphs(text) == (text if kept is None else kept)


@given(TEXTS | st.sampled_from(["+ a", "1. a", "2) a", "=", "# a", "***", "[a](b)", "&amp;"]))
def test_a_line_of_a_stranger_is_text_and_nothing_else(text: str) -> None:
    for reader in READERS:
        for page in (f"# {one_line(text)}\n", f"- {one_line(text)}\n", f"{one_line(text)}\n"):
            found = {one.type for one in tokens(reader, page)}
            assert found <= {
                "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline",
                "text", "text_special", "bullet_list_open", "bullet_list_close", "list_item_open",
                "list_item_close", "entity",
            }  # fmt: skip


@given(st.text(min_size=1, max_size=20) | TEXTS.filter(bool))
def test_a_code_span_in_a_table_stays_one_cell(text: str) -> None:
    page = f"| a | b |\n|---|---|\n| {code(text)} | end |\n"
    found = [one for one in tokens(READERS[0], page) if one.type in {"td_open", "code_inline"}]
    kinds = [one.type for one in found]
    assert kinds in (["td_open", "code_inline", "td_open"], ["td_open", "td_open"])
    assert kinds[1] == "code_inline" or code(text) == "(blank)"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        pytest.param("a", "`a`", id="plain"),
        pytest.param("`", "`` ` ``", id="back-tick"),
        pytest.param("a``b", "```a``b```", id="row-of-back-ticks"),
        pytest.param("a|b", "`a\\|b`", id="bar"),
        pytest.param("  ", "(blank)", id="blank"),
    ],
)
def test_a_code_span_is_longer_than_any_back_ticks_in_it(text: str, span: str) -> None:
    assert code(text) == span

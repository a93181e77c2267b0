import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.errors import InputError
from sealane.sandbox.multipart import Part, parse_multipart
from support.index_parts import BOUNDARY, multipart

TYPE = f"multipart/form-data; boundary={BOUNDARY}"
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n'.encode()
END = f"\r\n--{BOUNDARY}--\r\n".encode()


def test_texts_files_and_repeated_fields_are_read_in_order() -> None:
    body = multipart({"a": ["1", "2"], "content": ("x.whl", b"\r\n--\x00", "a/b")})
    assert parse_multipart(TYPE, body) == (
        Part("a", None, "", b"1"),
        Part("a", None, "", b"2"),
        Part("content", "x.whl", "a/b", b"\r\n--\x00"),
    )


def test_a_quoted_name_may_have_quotes_and_semicolons() -> None:
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a\\"; b"; filename=x\r\n\r\n'
    ).encode() + END
    assert parse_multipart(TYPE, body) == (Part('a"; b', "x", "", b""),)


def test_a_boundary_may_be_quoted() -> None:
    assert parse_multipart(
        f'Multipart/Form-Data; charset=utf-8; Boundary="{BOUNDARY}"', HEAD + b"1" + END
    )


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param("", HEAD + END, id="no-type"),
        pytest.param("multipart/form-data", HEAD + END, id="no-boundary"),
        pytest.param(f"multipart/mixed; boundary={BOUNDARY}", HEAD + END, id="other-type"),
        pytest.param("multipart/form-data; boundary=" + "a" * 71, HEAD + END, id="long-boundary"),
        pytest.param(TYPE + "; boundary=b", HEAD + END, id="two-boundaries"),
        pytest.param(TYPE + "; %%", HEAD + END, id="broken-parameters"),
        pytest.param(TYPE, b"", id="empty"),
        pytest.param(TYPE, b"x" + HEAD + END, id="preamble"),
        pytest.param(TYPE, HEAD + b"1", id="no-end"),
        pytest.param(TYPE, HEAD + END + b"x", id="epilogue"),
        pytest.param(TYPE, HEAD + b"1" + END[:-4] + b"xx", id="broken-last-boundary"),
        pytest.param(TYPE, f"--{BOUNDARY}\r\n--{BOUNDARY}--".encode(), id="part-without-header"),
        pytest.param(TYPE, f"--{BOUNDARY}\r\nA: b".encode() + END, id="header-without-end"),
        pytest.param(TYPE, f"--{BOUNDARY}\r\nA: b\r\n\r\n".encode() + END, id="no-disposition"),
        pytest.param(TYPE, HEAD.replace(b'name="a"', b'name=""') + END, id="empty-name"),
        pytest.param(TYPE, HEAD.replace(b"form-data", b"attachment") + END, id="not-form-data"),
        pytest.param(
            TYPE, HEAD.replace(b'"a"', b'"a"; name="b"') + END, id="two-names"
        ),
        pytest.param(
            TYPE,
            HEAD.replace(b"\r\n\r\n", b"\r\nContent-Disposition: form-data; name=b\r\n\r\n") + END,
            id="two-dispositions",
        ),
        pytest.param(
            TYPE,
            HEAD.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n") + END,
            id="encoded",
        ),
        pytest.param(
            TYPE, HEAD.replace(b"\r\n\r\n", b"\r\nA: " + b"x" * 20000 + b"\r\n\r\n") + END,
            id="endless-header",
        ),
        pytest.param(TYPE, HEAD.replace(b'"a"', b'"\xff"') + END, id="header-not-utf-8"),
        pytest.param(TYPE, (HEAD + b"\r\n") * 2001 + END[2:], id="too-many-parts"),
    ],
)  # fmt: skip
def test_what_is_not_one_well_formed_form_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(InputError):
        parse_multipart(content_type, body)


def test_a_text_that_is_not_utf_8_is_refused() -> None:
    part = parse_multipart(TYPE, HEAD + b"\xff" + END)[0]
    with pytest.raises(InputError, match="'a' is not UTF-8"):
        _ = part.text


@given(
    st.lists(
        st.tuples(st.text("abc_:", min_size=1, max_size=9), st.binary(max_size=60)), max_size=6
    )
)
def test_parsing_gives_back_what_was_sent(fields: list[tuple[str, bytes]]) -> None:
    body = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + content + b"\r\n"
        for name, content in fields
    ) + f"--{BOUNDARY}--\r\n".encode()  # fmt: skip
    assert [(part.name, part.content) for part in parse_multipart(TYPE, body)] == fields


@given(st.text(max_size=80), st.binary(max_size=300), st.integers(0, 200))
def test_the_parser_raises_nothing_but_input_errors(kind: str, noise: bytes, cut: int) -> None:
    body = multipart({"a": "1", "content": ("x", b"y", "a/b")})
    for content_type, content in (
        (kind, body), (TYPE, noise), (TYPE, HEAD + noise + END), (TYPE, body[:cut] + noise),
        (TYPE, body[:cut] + noise + body[cut:]),
    ):  # fmt: skip
        try:
            for part in parse_multipart(content_type, content):
                _ = part.text
        except InputError:
            continue

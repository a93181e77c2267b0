"""Statements and JSON: tolerant of what does not matter, strict on what does."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.envelope import PAYLOAD_TYPE, pre_authentication_encoding
from sealane.core.attestation.predicates.publish import parse_publish
from sealane.core.attestation.predicates.registry import by_uri, names, types
from sealane.core.attestation.statement import MOST_SUBJECTS, parse_statement
from sealane.core.attestation.strict_json import MOST_DEPTH, parse_json, refuse_proto_names
from sealane.core.model.artifact import Digest
from sealane.errors import InputError

SHA = "a" * 64
GOOD: dict[str, object] = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "f", "digest": {"sha256": SHA}}],
    "predicateType": "https://example.org/x",
    "predicate": {"a": 1},
}


def parse(changed: Mapping[str, object] | None = None, kind: str = PAYLOAD_TYPE) -> object:
    return parse_statement(kind, json.dumps({**GOOD, **(changed or {})}).encode())


def test_a_statement_is_read() -> None:
    statement = parse_statement(PAYLOAD_TYPE, json.dumps(GOOD).encode())
    assert statement.subjects[0].digests == (Digest("sha256", SHA),)
    assert (statement.predicate_type, statement.predicate) == ("https://example.org/x", {"a": 1})


@pytest.mark.parametrize(
    "changed",
    [
        {"_type": "https://in-toto.io/Statement/v0.1"},
        {"subject": [{"digest": {"sha256": SHA}}]},
        {"subject": [{"digest": {"gitCommit": "b" * 40, "custom": "not hex!"}}]},
        {"predicate": None},
        {"extra": 1},
    ],
)
def test_what_does_not_matter_is_tolerated(changed: dict[str, object]) -> None:
    parse(changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"_type": "https://in-toto.io/Statement/v2"}, {"_type": None}, {"subject": []},
        {"subject": None}, {"subject": [1]}, {"subject": [{}]}, {"subject": [{"digest": {}}]},
        {"subject": [{"digest": {"sha256": SHA.upper()}}]},
        {"subject": [{"digest": {"sha256": SHA[1:]}}]}, {"subject": [{"digest": {"sha256": 1}}]},
        {"subject": [{"name": 1, "digest": {"sha256": SHA}}]}, {"predicateType": None},
        {"predicate": []}, {"predicate": "x"},
        {"subject": [{"digest": {"sha256": SHA}}] * (MOST_SUBJECTS + 1)},
    ],
)  # fmt: skip
def test_what_matters_is_strict(changed: dict[str, object]) -> None:
    with pytest.raises(InputError):
        parse(changed)


def test_another_payload_type_is_refused() -> None:
    with pytest.raises(InputError, match="payload type"):
        parse(kind="application/json")


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"\xff", b'{"a": 1, "a": 2}', b'{"b": [{"a": 1, "a": 1}]}', b"NaN",
        b'{"a": Infinity}', b'{"a": -Infinity}', b"[" * (MOST_DEPTH + 1), b"\xef\xbb\xbf{}",
        b'{"a": ' + b"1" * 5000 + b"}",
    ],
)  # fmt: skip
def test_json_that_two_readers_could_read_differently_is_refused(text: bytes) -> None:
    with pytest.raises(InputError):
        parse_json(text, "text")


@pytest.mark.parametrize("value", [{"a_b": 1}, {"a": [{"b": {"c_d": 1}}]}])
def test_a_protobuf_name_is_refused_at_any_depth(value: dict[str, object]) -> None:
    with pytest.raises(InputError, match="lowerCamelCase"):
        refuse_proto_names(parse_json(json.dumps(value).encode(), "x"), "x")
    refuse_proto_names({"aB": ["c_d", {"e": 1}]}, "x")


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_statement(PAYLOAD_TYPE, content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*GOOD]), JSON))
def test_no_statement_raises_anything_else(changed: dict[str, object]) -> None:
    try:
        parse(changed)
    except InputError:
        return


@pytest.mark.parametrize(
    ("kind", "payload", "encoded"),
    [
        pytest.param("text/x", b"", b"DSSEv1 6 text/x 0 ", id="empty-payload"),
        pytest.param("text/x", b"a b", b"DSSEv1 6 text/x 3 a b", id="space-inside"),
        pytest.param("\u00e9", b"1", b"DSSEv1 2 \xc3\xa9 1 1", id="length-is-in-bytes"),
    ],
)
def test_encoding_follows_dsse(kind: str, payload: bytes, encoded: bytes) -> None:
    assert pre_authentication_encoding(kind, payload) == encoded


def test_a_publish_predicate_is_empty() -> None:
    parse_publish({})
    with pytest.raises(InputError, match="expected nothing, got approved"):
        parse_publish({"approved": True})


def test_predicate_types_are_found_by_their_exact_uri() -> None:
    for kind in types():
        assert all(by_uri(uri) is kind for uri in kind.uris)
        assert by_uri(kind.uris[0] + "x") is None
        assert by_uri(kind.uris[0].upper()) is None
    assert len(set(names())) == len(names())

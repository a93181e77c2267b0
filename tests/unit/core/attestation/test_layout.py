"""in-toto metadata: what would run a command, or become another path, is seen in time."""

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation import layout as module
from sealane.core.attestation.layout import (
    MOST_DEPTH,
    MOST_PARTS,
    Layout,
    Link,
    check_part_name,
    is_layout,
    is_metablock,
    parse_metadata,
    read_parts,
)
from sealane.core.attestation.mentions import bundles_in, mentioned
from sealane.core.attestation.sniff import sniff
from sealane.core.model.artifact import Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.errors import InputError
from support.forms import enveloped, key, layout, link, metablock

RUN = {"_type": "inspection", "name": "untar", "run": ["tar", "x"]}
Form: TypeAlias = Callable[[object], bytes]
Made: TypeAlias = Callable[[], dict[str, Any]]
FORMATS: list[Form] = [metablock, enveloped]


@pytest.mark.parametrize("form", FORMATS)
def test_a_layout_is_read_in_both_formats(form: Form) -> None:
    content = form(layout(inspect=[RUN]))
    found = Layout("2100-01-01T00:00:00Z", ("package",), ("untar",), ("cd" * 32,))
    assert parse_metadata(content) == found
    assert is_layout(json.loads(content), content)
    assert sniff(content, "root.layout") is EvidenceForm.IN_TOTO_LAYOUT


@pytest.mark.parametrize("form", FORMATS)
def test_a_link_is_read_in_both_formats(form: Form) -> None:
    content = form(link())
    assert parse_metadata(content) == Link("package", (("f", (Digest("sha256", "a" * 64),)),))
    assert not is_layout(json.loads(content), content)
    assert parse_metadata(form(link(products=None))) == Link("package", ())


def test_a_layout_is_about_what_came_out_of_its_steps() -> None:
    parts = (("package.cdcdcdcd.link", metablock(link())), ("x.link", metablock(layout())))
    evidence = Evidence(EvidenceForm.IN_TOTO_LAYOUT, metablock(layout()), "root.layout", parts)
    assert mentioned(evidence) == {Digest("sha256", "a" * 64)}
    assert bundles_in(evidence) == ()
    broken = Evidence(evidence.form, evidence.content, "root.layout", (("x", b"{"),))
    assert mentioned(broken) == frozenset()


def test_a_link_alone_is_no_evidence() -> None:
    with pytest.raises(InputError, match="without its layout"):
        sniff(metablock(link()), "package.link")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"inspect": None}, id="no-inspect"),
        pytest.param({"inspect": {"a": RUN}}, id="inspect-as-a-map"),
        pytest.param({"inspect": [[RUN]]}, id="inspect-nested"),
        pytest.param({"inspect": [{"run": ["x"]}]}, id="inspection-without-name"),
        pytest.param({"steps": None}, id="no-steps"),
        pytest.param({"steps": [1]}, id="step-is-no-object"),
        pytest.param({"steps": [{"name": "../x", "pubkeys": []}]}, id="step-leads-out"),
        pytest.param({"steps": [{"name": "a/b", "pubkeys": []}]}, id="step-with-separator"),
        pytest.param({"steps": [{"name": "a\\b", "pubkeys": []}]}, id="step-with-backslash"),
        pytest.param({"steps": [{"name": ".hidden", "pubkeys": []}]}, id="step-hidden"),
        pytest.param({"steps": [{"name": "", "pubkeys": []}]}, id="step-without-name"),
        pytest.param({"steps": [{"name": "a\n", "pubkeys": []}]}, id="step-with-line-end"),
        pytest.param({"steps": [{"name": "a", "pubkeys": ["../../x"]}]}, id="key-id-leads-out"),
        pytest.param({"steps": [{"name": "a", "pubkeys": ["ab"]}]}, id="key-id-short"),
        pytest.param({"steps": [{"name": "a"}]}, id="step-without-keys"),
        pytest.param({"keys": None}, id="no-keys"),
        pytest.param({"keys": {"../x": key(key_id="../x")}}, id="key-leads-out"),
        pytest.param({"keys": {"cd" * 32: key()}}, id="key-under-another-id"),
        pytest.param(
            {"keys": {"ab" * 32: key(), "cd" * 32: key(key_id="cd" * 32)}}, id="one-key-two-ids"
        ),
        pytest.param({"keys": {"ab" * 32: key() | {"subkeys": {"../x": {}}}}}, id="subkey"),
        pytest.param({"keys": {"ab" * 32: key() | {"keyval": {}}}}, id="key-without-value"),
        pytest.param({"keys": {"ab" * 32: 1}}, id="key-is-no-object"),
        pytest.param({"expires": None}, id="no-expiry"),
        pytest.param({"_type": "Layout"}, id="another-type"),
        pytest.param({"_type": None}, id="no-type"),
    ],
)
def test_a_layout_that_hides_something_is_refused(form: Form, changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        parse_metadata(form(layout(**changed)))


def test_a_subkey_with_an_id_is_read() -> None:
    keys = {"ab" * 32: key() | {"subkeys": {"ef" * 20: {}}}}
    assert isinstance(parse_metadata(metablock(layout(keys=keys))), Layout)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": None}, {"products": []}, {"products": {"f": "x"}},
        {"products": {"f": {"sha256": "A" * 64}}}, {"products": {"f": {"sha256": 1}}},
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_compared_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        parse_metadata(metablock(link(**changed)))


def both(content: bytes) -> bytes:
    """The same bytes for a reader that looks for an envelope first, and for one that does not."""
    return json.dumps(json.loads(content) | {"signed": layout(), "signatures": []}).encode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"{}", id="neither"),
        pytest.param(b"[]", id="no-object"),
        pytest.param(both(enveloped(link())), id="both-formats"),
        pytest.param(
            json.dumps({"payload": "", "signed": layout(), "signatures": []}).encode(),
            id="half-an-envelope",
        ),
        pytest.param(json.dumps({"signed": layout(), "signatures": {}}).encode(), id="signatures"),
        pytest.param(json.dumps({"signed": layout(), "signatures": [1]}).encode(), id="signature"),
        pytest.param(enveloped(layout(), "application/x"), id="payload-type"),
        pytest.param(enveloped([]), id="payload-is-no-object"),
        pytest.param(
            metablock(layout()).replace(b'"inspect": []', b'"inspect": [], "inspect": []'),
            id="duplicate-key",
        ),
    ],
)
def test_metadata_that_two_readers_could_read_differently_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_metadata(content)


def test_a_signature_may_lack_a_key_id() -> None:
    content = json.dumps({"signed": layout(), "signatures": [{"sig": "00"}]}).encode()
    found = parse_metadata(content)
    assert isinstance(found, Layout)
    assert found.key_ids == ("",)


def test_what_is_no_layout_is_not_taken_for_one() -> None:
    assert not is_metablock({"signed": [], "signatures": []})
    assert not is_layout({"x": 1}, b'{"x": 1}')
    broken = enveloped(layout(inspect=None))
    assert not is_layout(json.loads(broken), broken)
    assert sniff(broken, "x") is EvidenceForm.DSSE_ENVELOPE


@pytest.mark.parametrize("name", ["a.link", "sub.cdcdcdcd/a.link", "A_b-c+d @1.link"])
def test_a_path_below_the_folder_is_a_name(name: str) -> None:
    check_part_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "/a", "../a", "a/../b", "a//b", "a/", ".a", "a\\b", "a\0b", "a\nb", "\u00e9", "-a",
        "a" * 200, "/".join(["a"] * (MOST_DEPTH + 1)),
    ],
)  # fmt: skip
def test_any_other_path_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="expected a plain file name"):
        check_part_name(name)
    with pytest.raises(InputError):
        read_parts(((name, metablock(link())),))


def test_links_are_bounded_and_each_stands_once(monkeypatch: pytest.MonkeyPatch) -> None:
    good = metablock(link())
    assert [name for name, _ in read_parts((("a", good), ("b", good)))] == ["a", "b"]
    with pytest.raises(InputError, match="one name twice"):
        read_parts((("a", good), ("a", good)))
    with pytest.raises(InputError, match="at most"):
        read_parts(tuple((f"a{n}", good) for n in range(MOST_PARTS + 1)))
    with pytest.raises(InputError, match="link 'a': in-toto metadata"):
        read_parts((("a", b"{}"),))
    monkeypatch.setattr(module, "LARGEST_PARTS", len(good) - 1)
    with pytest.raises(InputError, match="at most"):
        read_parts((("a", good),))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.sampled_from([layout, link]), st.sampled_from(FORMATS), st.data())
def test_no_metadata_raises_anything_else(made: Made, form: Form, data: st.DataObject) -> None:
    key_of = st.sampled_from(sorted(made()))
    signed = made() | data.draw(st.dictionaries(key_of, JSON, max_size=3))
    for content in (form(signed), form(data.draw(JSON)), json.dumps(signed).encode()):
        try:
            read_parts((("a", content),))
        except InputError:
            continue

"""A log entry is about this signature, by this key, over this content, in the form of its kind."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.bundle import LogEntry, parse_bundle
from sealane.core.verify.body import Signed, check_body
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.reason import Reason
from sealane.errors import VerificationError
from sealane.sandbox.pki import spki
from support.judged import BODY, FILE, WORLD, Json, edited, raw, without
from support.maker.bodies import DSSE, HASHEDREKORD_1, HASHEDREKORD_2, INTOTO, b64
from support.maker.keys import PrivateKey, key_named
from support.maker.leaf import Leaf

LEAF, KEY = WORLD.leaf(), key_named("release")


def signed_of(bundle: Json, key: PrivateKey, leaf: Leaf | None) -> tuple[Signed, LogEntry]:
    parsed = parse_bundle(json.dumps(bundle).encode())
    trusted = TrustedKey("the key", spki(key.public_key()))
    return Signed(parsed, trusted, leaf.der if leaf else b"", FILE), parsed.entries[0]


def make(kind: tuple[str, str], what: str, *, managed: bool) -> tuple[Json, Signed, LogEntry]:
    plan: dict[str, Any] = {"managed": KEY} if managed else {"leaf": LEAF}
    bundle = WORLD.bundle(entry=kind, kind=what, **plan)
    key = KEY if managed else LEAF.key
    return bundle, *signed_of(bundle, key, None if managed else LEAF)


FORMS = [
    (HASHEDREKORD_1, "message"), (HASHEDREKORD_2, "message"), (HASHEDREKORD_2, "dsse"),
    (DSSE, "dsse"), (INTOTO, "dsse"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "what"), FORMS)
@pytest.mark.parametrize("managed", [True, False], ids=["key", "certificate"])
def test_an_entry_about_what_was_signed_is_taken(
    kind: tuple[str, str], what: str, *, managed: bool
) -> None:
    _, signed, entry = make(kind, what, managed=managed)
    check_body(entry, signed)


@pytest.mark.parametrize(("kind", "what"), [(HASHEDREKORD_1, "dsse"), (DSSE, "message"),
                                            (INTOTO, "message")])  # fmt: skip
def test_a_kind_is_for_one_kind_of_content(kind: tuple[str, str], what: str) -> None:
    other = "message" if what == "dsse" else "dsse"
    bundle, _, entry = make(kind, other, managed=True)
    content = WORLD.bundle(managed=KEY, kind=what)
    signed, _ = signed_of(
        {**content, "verificationMaterial": bundle["verificationMaterial"]}, KEY, None
    )
    assert refused(entry, signed)[0] == Reason.ENTRY_KIND_UNKNOWN


def refused(entry: LogEntry, signed: Signed) -> tuple[str, str]:
    with pytest.raises(VerificationError) as raised:
        check_body(entry, signed)
    return raised.value.code, raised.value.message


def changed(
    kind: tuple[str, str], what: str, change: Callable[[Json], Json | bytes], *, managed: bool
) -> tuple[str, str]:
    """Why an entry with another body is refused, though the log has it."""
    bundle, signed, _ = make(kind, what, managed=managed)
    body = change(json.loads(raw(bundle, BODY)))
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    parsed = parse_bundle(json.dumps(edited(bundle, BODY, b64(content))).encode())
    return refused(parsed.entries[0], signed)


SPEC_2 = "spec.hashedRekordV002"
DATA: dict[tuple[str, str], list[tuple[str, object, str]]] = {
    HASHEDREKORD_1: [
        ("spec.data.hash.value", "00" * 32, "file"),
        ("spec.data.hash.algorithm", "sha512", "digest algorithm"),
        ("spec.signature.content", b64(b"other"), "signature"),
        ("spec.signature.publicKey.content", b64(b"other"), "PEM"),
    ],
    HASHEDREKORD_2: [
        (f"{SPEC_2}.data.digest", b64(bytes(32)), "content"),
        (f"{SPEC_2}.data.algorithm", "SHA2_512", "digest algorithm"),
        (f"{SPEC_2}.data.algorithm", "SHA3_256", "digest algorithm"),
        (f"{SPEC_2}.signature.content", b64(b"other"), "signature"),
        (f"{SPEC_2}.signature.verifier.publicKey.rawBytes", b64(b"other"), "verifier"),
    ],
    DSSE: [
        ("spec.payloadHash.value", "00" * 32, "payload"),
        ("spec.payloadHash.algorithm", "sha512", "sha256"),
        ("spec.signatures.0.signature", b64(b"other"), "signature"),
        ("spec.signatures.0.verifier", b64(b"other"), "PEM"),
        ("spec.signatures", [], "one signature"),
        ("spec.signatures", [{}, {}], "one signature"),
    ],
    INTOTO: [
        ("spec.content.payloadHash.value", "00" * 32, "payload"),
        ("spec.content.envelope.payloadType", "text/plain", "payload type"),
        ("spec.content.envelope.signatures.0.sig", b64(b64(b"other").encode()), "signature"),
        ("spec.content.envelope.signatures.0.sig", b64(b"*"), "base64"),
        ("spec.content.envelope.signatures.0.publicKey", b64(b"other"), "PEM"),
        ("spec.content.envelope.signatures", [], "one signature"),
    ],
}


@pytest.mark.parametrize(
    ("kind", "path", "value", "word"),
    [(kind, path, value, word) for kind, listed in DATA.items() for path, value, word in listed],
)
def test_every_part_of_an_entry_is_compared(
    kind: tuple[str, str], path: str, value: object, word: str
) -> None:
    what = "message" if kind[0] == "hashedrekord" else "dsse"
    code, message = changed(kind, what, lambda body: edited(body, path, value), managed=True)
    assert (code, word in message) == (Reason.ENTRY_MISMATCH, True), message


def test_the_digest_of_an_envelope_is_that_of_its_encoding() -> None:
    path = f"{SPEC_2}.data.digest"
    code, message = changed(
        HASHEDREKORD_2, "dsse", lambda body: edited(body, path, b64(bytes(32))), managed=False
    )
    assert (code, "content" in message) == (Reason.ENTRY_MISMATCH, True)


def test_an_algorithm_of_the_key_is_not_yet_that_of_the_signature() -> None:
    """P-384 may sign SHA-256 as well; then the log has to have seen that."""
    larger = key_named("larger", "p384")
    bundle = WORLD.bundle(managed=larger, kind="message", entry=HASHEDREKORD_2)
    other = WORLD.bundle(managed=larger, kind="message", entry=HASHEDREKORD_2, algorithm="sha256")
    signed, entry = signed_of(bundle, larger, None)
    check_body(entry, signed)
    mixed = edited(bundle, BODY, b64(raw(other, BODY)))
    signed, entry = signed_of(mixed, larger, None)
    assert refused(entry, signed)[0] == Reason.ENTRY_MISMATCH


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda _: b"[]", id="no-object"),
        pytest.param(lambda _: b"\xff", id="no-text"),
        pytest.param(lambda body: without(body, "kind"), id="no-kind"),
        pytest.param(lambda body: without(body, "apiVersion"), id="no-version"),
        pytest.param(lambda body: edited(body, "spec", None), id="no-spec"),
        pytest.param(lambda body: edited(body, "spec.data", "x"), id="no-data"),
        pytest.param(lambda body: edited(body, "spec.data.hash.value", "xyz"), id="no-hex"),
        pytest.param(lambda body: edited(body, "spec.data.hash.value", 7), id="a-number"),
        pytest.param(lambda body: edited(body, "spec.signature.content", "YQ"), id="no-padding"),
        pytest.param(lambda body: edited(body, "spec.signature.content", "YR=="), id="left-bits"),
        pytest.param(lambda body: edited(body, "spec.signature.content", "\ud800"), id="surrogate"),
        pytest.param(
            lambda body: edited(body, "spec.data.hash.algorithm", "\ud800"), id="surrogate-name"
        ),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(change: Callable[[Json], Json | bytes]) -> None:
    assert changed(HASHEDREKORD_1, "message", change, managed=True)[0] == Reason.ENTRY_MISMATCH


def test_a_kind_nobody_reads_is_refused_though_both_say_it() -> None:
    bundle, signed, _ = make(DSSE, "dsse", managed=True)
    entry = "verificationMaterial.tlogEntries.0.kindVersion"
    for named in (("dsse", "0.0.2"), ("intoto", "0.0.1"), ("rpm", "0.0.1"), ("DSSE", "0.0.1")):
        body = {**json.loads(raw(bundle, BODY)), "kind": named[0], "apiVersion": named[1]}
        said = edited(bundle, entry, {"kind": named[0], "version": named[1]})
        made = edited(said, BODY, b64(json.dumps(body).encode()))
        parsed = parse_bundle(json.dumps(made).encode())
        assert refused(parsed.entries[0], signed)[0] == Reason.ENTRY_KIND_UNKNOWN


def pem(text: str) -> Callable[[Json], Json]:
    return lambda body: edited(body, "spec.signature.publicKey.content", b64(text.encode()))


RIGHT = base64.encodebytes(spki(KEY.public_key())).decode()
BEGIN, END = "-----BEGIN PUBLIC KEY-----\n", "-----END PUBLIC KEY-----"


@pytest.mark.parametrize(
    "text",
    [
        f"{BEGIN}{RIGHT}{END}",
        f"\n\n{BEGIN}{RIGHT}{END}\n\n",
        f"{BEGIN}{RIGHT}{END}\n".replace("\n", "\r\n"),
    ],
    ids=["plain", "lines-around", "crlf"],
)
def test_a_pem_block_may_have_room_around_it(text: str) -> None:
    bundle, signed, _ = make(HASHEDREKORD_1, "message", managed=True)
    body = json.dumps(pem(text)(json.loads(raw(bundle, BODY)))).encode()
    parsed = parse_bundle(json.dumps(edited(bundle, BODY, b64(body))).encode())
    check_body(parsed.entries[0], signed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        RIGHT,
        f"{BEGIN}{RIGHT}",
        f"{BEGIN}{RIGHT}{END}\n{BEGIN}{RIGHT}{END}",
        f"{BEGIN}{RIGHT}-----END CERTIFICATE-----",
        f"{BEGIN}{RIGHT}{END}".replace("PUBLIC", "PRIVATE"),
        f"{BEGIN}*{RIGHT}{END}",
        f"{BEGIN}{END}",
    ],
)
def test_a_verifier_is_exactly_one_pem_block(text: str) -> None:
    assert changed(HASHEDREKORD_1, "message", pem(text), managed=True)[0] == Reason.ENTRY_MISMATCH


def test_what_an_error_shows_is_short() -> None:
    bundle, signed, _ = make(HASHEDREKORD_1, "message", managed=True)
    body = edited(json.loads(raw(bundle, BODY)), "spec.data.hash.algorithm", "a" * 9000)
    made = edited(bundle, BODY, b64(json.dumps(body).encode()))
    with pytest.raises(VerificationError) as raised:
        check_body(parse_bundle(json.dumps(made).encode()).entries[0], signed)
    assert len(raised.value.actual) < 100
    assert raised.value.expected == "sha256"


MEMBERS = st.sampled_from(
    ["kind", "apiVersion", "spec", "data", "hash", "algorithm", "value", "signature", "content",
     "publicKey", "hashedRekordV002", "digest", "verifier", "rawBytes", "payloadHash", "envelope",
     "signatures", "sig", "payloadType"]
)  # fmt: skip
TEXTS = st.sampled_from(["dsse", "intoto", "hashedrekord", "0.0.1", "0.0.2", "sha256", "SHA2_256"])
ANY = st.recursive(
    st.none() | st.integers() | TEXTS | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5),
    max_leaves=14,
)


@given(st.sampled_from(FORMS), ANY, st.binary(max_size=30))
def test_no_body_raises_anything_else(
    form: tuple[tuple[str, str], str], spec: object, noise: bytes
) -> None:
    (kind, version), what = form
    bundle, signed, _ = make((kind, version), what, managed=True)
    for content in (
        noise, json.dumps(spec).encode(),
        json.dumps({"kind": kind, "apiVersion": version, "spec": spec}).encode(),
    ):  # fmt: skip
        made = edited(bundle, BODY, b64(content))
        parsed = parse_bundle(json.dumps(made).encode())
        with pytest.raises(VerificationError):
            check_body(parsed.entries[0], signed)

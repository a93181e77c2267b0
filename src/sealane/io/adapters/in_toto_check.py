"""The one door to the in-toto library: proves that an artifact came out of a layout's supply chain.

Steps of `prove_layout`:
1. Read the layout and all its links, bounded; refuse what two readers could read differently, and
   names of steps, keys and links that would become other paths.
2. Refuse every inspection, in the layout and in each layout among the links, at whatever depth and
   whether a step refers to it or not: the library runs its command, also a sublayout's. What a step
   expects as its command is only compared, and a difference is no failure: in-toto, section 4.3.1.
3. The layout has not expired at the time of the judgement, and a trusted key has signed it.
4. The library judges links, thresholds, rules, sublayouts and their expiry (by the machine's clock)
   in a process of its own: no environment, an empty working directory, the files of step 1 as they
   were read under their checked names, and nothing can be started, sent or written.
5. A product of the last step has the artifact's digests.

Spec: in-toto specification 1.0, section 5.2 (verifying the final product).
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sealane.core.attestation.envelope import PAYLOAD_TYPE
from sealane.core.attestation.layout import Layout, Link, parse_metadata, read_parts
from sealane.core.attestation.members import Members, parse_moment
from sealane.core.attestation.predicates.link import PREDICATE
from sealane.core.attestation.strict_json import as_object, parse_object
from sealane.core.model.artifact import STRONG_ALGORITHMS, Artifact
from sealane.core.model.evidence import Evidence
from sealane.core.model.statement import JsonValue
from sealane.core.verify.interface import Proven
from sealane.core.verify.keys import TrustedKey, load_public_key
from sealane.errors import InputError, MissingExtraError, VerificationError
from sealane.io.adapters import process
from sealane.io.adapters.in_toto_child import NO_KEY

REFUSED = "SL-SIG-001"
UNREADABLE = "SL-SIG-002"
OTHER_FILES = "SL-SUB-001"
SECONDS = 60.0
_STATEMENT = "https://in-toto.io/Statement/v1"
_CHILD = Path(__file__).with_name("in_toto_child.py")
_SHOWN = 3


class LayoutChecker:
    """Proves layouts with the in-toto library; it never judges who signed them."""

    name = "in-toto"

    def prove_layout(
        self, evidence: Evidence, artifact: Artifact, keys: Sequence[TrustedKey], at: datetime
    ) -> Proven:
        """Check that an artifact came out of the supply chain a layout describes.

        Args:
            evidence: The layout; its parts are the links, named relative to its folder.
            artifact: What has to be a product of the last step.
            keys: Keys of owners that are trusted; one of them must have signed the layout.
            at: The time of the judgement, aware, UTC: the layout must not have expired, and a
                key's window must hold then, for nothing proves when a layout was signed.

        Returns:
            What was proven: the summary link as an in-toto statement, signed by the owner's key.

        Raises:
            VerificationError: One of the steps does not hold.
            MissingExtraError: The library is not installed.
        """
        if importlib.util.find_spec("in_toto") is None:
            raise _missing("in_toto")
        layout, parts = _read(evidence)  # 1
        _refuse_inspections(evidence.origin, layout, parts)  # 2
        valid = [key for key in keys if key.window.holds(at)]
        _check_current(layout, valid, at)  # 3
        answer = _ask(evidence, layout, valid)  # 4
        try:
            return _proven(answer, layout, valid, artifact)  # 5
        except InputError as error:
            raise VerificationError(REFUSED, error.message) from error


def _proven(
    answer: Members, layout: Layout, valid: Sequence[TrustedKey], artifact: Artifact
) -> Proven:
    products = as_object(answer.value("products"), "summary: products")
    _check_product(products, artifact)
    return Proven(
        signer=_signer(answer, valid).identity,
        payload_type=PAYLOAD_TYPE,
        payload=_statement(answer, products),
        signed_at=None,
        log_index=None,
        certificate="",
        notes=(f"in-toto layout with the steps {', '.join(layout.steps)[:200]}",),
    )


def _read(evidence: Evidence) -> tuple[Layout, tuple[tuple[str, Layout | Link], ...]]:
    try:
        layout = parse_metadata(evidence.content)
        parts = read_parts(evidence.parts)
    except InputError as error:
        raise VerificationError(UNREADABLE, error.message, hint=error.hint) from error
    if not isinstance(layout, Layout) or not layout.steps:
        raise VerificationError(UNREADABLE, "expected an in-toto layout with at least one step")
    return layout, parts


def _refuse_inspections(
    origin: str, layout: Layout, parts: tuple[tuple[str, Layout | Link], ...]
) -> None:
    for name, read in ((origin, layout), *parts):
        if isinstance(read, Layout) and read.inspections:
            raise VerificationError(
                UNREADABLE,
                f"{name}: the layout wants commands run on this machine",
                expected="a layout without inspections",
                actual=", ".join(read.inspections[:_SHOWN])[:200],
                hint="ask the layout's owner for one without; its rules can say the same in a step",
            )


def _check_current(layout: Layout, valid: Sequence[TrustedKey], at: datetime) -> None:
    try:
        expires = parse_moment(layout.expires, "layout: expires")
    except InputError as error:
        raise VerificationError(UNREADABLE, error.message) from error
    if expires <= at:
        raise VerificationError(
            REFUSED, "the layout has expired", expected=f"later than {at}", actual=layout.expires
        )
    if not valid:
        raise _unsigned("no key is trusted at this time")


def _ask(evidence: Evidence, layout: Layout, valid: Sequence[TrustedKey]) -> Members:
    """The library's answer, from a child in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="sealane-in-toto-") as folder:
        root = Path(folder)
        empty, links, file = root / "empty", root / "links", root / "layout"
        for made in (empty, links):
            made.mkdir(mode=0o700)
        _write(file, evidence.content)
        for name, content in evidence.parts:
            _write(links / name, content)
        request = {
            "layout": str(file),
            "links": str(links),
            "name": layout.steps[-1],
            "key_ids": [key_id for key_id in layout.key_ids if key_id],
            "keys": [
                {"number": number, "key": described}
                for number, key in enumerate(valid)
                for described in _described(key)
            ],
        }
        arguments = [sys.executable, "-I", "-B", "-X", "utf8", str(_CHILD)]
        stdin = json.dumps(request).encode()
        try:
            ended = process.run(arguments, env={}, cwd=empty, timeout=SECONDS, stdin=stdin)
        except InputError as error:
            raise VerificationError(REFUSED, error.message) from error
    return _answer(ended)


def _answer(ended: process.Finished) -> Members:
    if ended.code == NO_KEY:
        raise _unsigned("none of the keys has signed the layout")
    if ended.code != 0:
        last = (ended.stderr.strip().splitlines() or [ended.cut_off or f"code {ended.code}"])[-1]
        if last.startswith("ModuleNotFoundError"):
            raise _missing(last.rpartition(" ")[2].strip("'"))
        raise VerificationError(
            REFUSED,
            f"the layout does not hold: {last[:300]}",
            hint="every step needs its links, signed by those the layout names",
        )
    try:
        return Members(parse_object(ended.output, "summary"), "summary")
    except InputError as error:
        raise VerificationError(REFUSED, error.message) from error


def _signer(answer: Members, valid: Sequence[TrustedKey]) -> TrustedKey:
    number = answer.value("key")
    if type(number) is not int or not 0 <= number < len(valid):
        raise _unsigned("the library names no key that it was given")
    return valid[number]


def _write(path: Path, content: bytes) -> None:
    """What was read and checked, written again: the library sees that, and no other spelling."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(json.dumps(parse_object(content, path.name)).encode())


def _described(key: TrustedKey) -> list[dict[str, object]]:
    """A key as the library wants it, once for each way it may sign."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    loaded = load_public_key(key.spki)
    if isinstance(loaded, ed25519.Ed25519PublicKey):
        raw = loaded.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        return [{"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": raw}}]
    public = loaded.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    if isinstance(loaded, ec.EllipticCurvePublicKey):
        scheme = f"ecdsa-sha2-nistp{loaded.key_size}"
        return [{"keytype": "ecdsa", "scheme": scheme, "keyval": {"public": public}}]
    # In-toto signs with PSS; a key that says how it signs is held to it.
    schemes = {"rsassa-pss-sha256": "_PSS_", "rsa-pkcs1v15-sha256": "_PKCS1V"}
    return [
        {"keytype": "rsa", "scheme": scheme, "keyval": {"public": public}}
        for scheme, part in schemes.items()
        if not key.details or part in key.details
    ]


def _check_product(products: dict[str, JsonValue], artifact: Artifact) -> None:
    known = {d.algorithm: d.value for d in artifact.digests if d.algorithm in STRONG_ALGORITHMS}
    for value in products.values():
        stated = value if isinstance(value, dict) else {}
        compared = {name: stated[name] == known[name] for name in stated.keys() & known.keys()}
        if compared.get("sha256") and all(compared.values()):
            return
    raise VerificationError(
        OTHER_FILES,
        "the last step of the layout made other files",
        expected=str(artifact.digests[0]),
        actual=", ".join(sorted(products)[:_SHOWN])[:200] or "no product",
        hint="the links belong to another release, or the file was changed afterwards",
    )


def _statement(answer: Members, products: dict[str, JsonValue]) -> bytes:
    materials = as_object(answer.value("materials"), "summary: materials")
    predicate = {
        "name": answer.text("name"),
        "command": answer.value("command"),
        "materials": [{"name": name, "digest": materials[name]} for name in sorted(materials)],
        "byproducts": answer.value("byproducts"),
        "environment": {},
    }
    statement = {
        "_type": _STATEMENT,
        "subject": [{"name": name, "digest": products[name]} for name in sorted(products)],
        "predicateType": PREDICATE,
        "predicate": predicate,
    }
    return json.dumps(statement).encode()


def _unsigned(actual: str) -> VerificationError:
    return VerificationError(
        REFUSED,
        "the layout is not signed by anybody who is trusted",
        expected="a signature by a key that was named",
        actual=actual,
        hint="name the key of the layout's owner, from the owner's own page",
    )


def _missing(module: str) -> MissingExtraError:
    return MissingExtraError("verifying an in-toto layout", "in-toto", module)

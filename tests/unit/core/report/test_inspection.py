"""What is told of evidence is marked at both ends, and no text of a stranger is obeyed."""

import json
from typing import Any

import pytest
from cryptography import x509

from sealane.core.report.inspection import (
    MARK,
    needs_of,
    render_inspection,
    render_inspection_json,
)
from sealane.core.verify.inspection import Piece, inspect_evidence
from sealane.sandbox import der
from support.forms import ARMOURED, b64, metablock, statement
from support.forms import layout as layout_of
from support.good import MANAGED, WORLD
from support.judged import edited
from support.maker.claims import ARC, CLAIMS
from support.maker.leaf import LeafShape

Json = dict[str, Any]
EVIL = "$(id)\x1b[31m\u202e\n<script>alert(1)</script>"


def rendered(*documents: Json | bytes, name: str = "f") -> str:
    contents = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in documents]
    found = render_inspection([inspect_evidence(one, name) for one in contents])
    lines = found.splitlines()
    assert lines[0].startswith(MARK)
    assert lines[-1].startswith(MARK)
    assert all(line.isprintable() for line in lines)
    return found


def as_json(document: Json | bytes, name: str = "f") -> Json:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    text = render_inspection_json([inspect_evidence(content, name)])
    assert text.isascii()
    found: Json = json.loads(text)
    assert found["verified"] is False
    return found


def test_no_claim_gives_orders_to_the_runner_of_a_ci_job() -> None:
    name = "##vso[task.x]"
    found = inspect_evidence(json.dumps(WORLD.bundle()).encode(), name)
    for text in (render_inspection([found]), render_inspection_json([found])):
        assert "##vso[" not in text
    assert json.loads(render_inspection_json([found]))["files"][0]["file"] == name


def evil_bundle() -> Json:
    """A bundle in which every text is a stranger's attack."""
    claims = [
        x509.UnrecognizedExtension(x509.ObjectIdentifier(f"{ARC}{number}"), der.encode(12, text))
        for number, text in ((8, b"https://x"), (14, EVIL.encode()), (99, EVIL.encode()))
    ]
    leaf = WORLD.leaf("a@example.org", shape=LeafShape(claims=claims))
    said = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": EVIL, "digest": {"sha256": "ab" * 32}}],
        "predicateType": EVIL,
        "predicate": {EVIL: 1},
    }
    return WORLD.bundle(leaf=leaf, statement=said)


def test_every_claim_stands_under_its_name() -> None:
    found = rendered(WORLD.bundle(timestamps=1))
    assert "deployment environment: release" in found
    assert f"token subject: {CLAIMS['gitlab'][24]}" in found
    assert "issued by: 'CN=" in found or "issued by: CN=" in found
    assert "valid: 2026-06-01T12:00:00Z to 2026-06-01T12:10:00Z" in found
    assert "log entry: dsse 0.0.1, index " in found
    assert "at 2026-06-01T12:00:30Z, with promise and proof" in found
    assert "time-stamps: 1" in found
    assert "a verifier needs: a time-stamp authority in the trust root" in found


def test_no_text_of_a_stranger_is_obeyed() -> None:
    found = rendered(evil_bundle(), name=EVIL)
    assert "\\x1b[31m" in found
    assert "extension 99: '$(id)" in found, "one word of a shell"
    assert "\n<script>" not in found
    document = json.dumps(as_json(evil_bundle(), EVIL))
    assert "\x1b" not in document


def test_a_type_that_nobody_knows_is_told_as_that() -> None:
    assert "(a type nobody here knows)" in rendered(evil_bundle())
    assert as_json(evil_bundle())["files"][0]["pieces"][0]["statement"]["predicate"] is None
    assert "(slsa-provenance)" in rendered(WORLD.bundle())


def test_an_entry_without_proof_or_time_says_so() -> None:
    bundle = WORLD.bundle(log="v2", proof=False)
    assert "without a time, without promise or proof" in rendered(bundle)


def test_many_files_stand_in_one_report() -> None:
    found = rendered(WORLD.bundle(kind="message"), metablock(layout_of()), ARMOURED)
    assert found.count("  form: ") == 3
    assert "over a file with sha256:" in found
    assert "OpenPGP signature over a file" in found


def test_a_statement_about_many_files_is_cut_for_people_only() -> None:
    content = statement(*(f"{number:064x}" for number in range(30)))
    assert "about: 10 more" in rendered(content)
    assert len(as_json(content)["files"][0]["pieces"][0]["statement"]["subjects"]) == 30


def test_an_empty_container_says_that_it_proves_nothing() -> None:
    assert "empty: it holds no evidence" in rendered({"version": 1, "attestation_bundles": []})


def test_notes_problems_and_the_words_of_an_index_are_told() -> None:
    line = json.dumps({"mediaType": WORLD.bundle()["mediaType"]}).encode()
    found = rendered(line + b"\n[]\n", name="f.jsonl")
    assert "note: f.jsonl: 1 of its lines are no evidence" in found
    assert "problem: bundle: expected mediaType and verificationMaterial" in found
    claimed = Piece("x", claimed='{"kind": "GitLab"}')
    from sealane.core.verify.inspection import Inspection

    told = render_inspection([Inspection("f", "x", "0", (claimed,))])
    assert 'publisher, as an index says: {"kind": "GitLab"}' in told
    document = json.loads(render_inspection_json([Inspection("f", "x", "0", (claimed,))]))
    assert document["files"][0]["pieces"][0]["publisher_claimed"] == {"kind": "GitLab"}


def test_a_certificate_that_cannot_be_read_is_told() -> None:
    path = "verificationMaterial.certificate.rawBytes"
    broken = edited(WORLD.bundle(), path, b64(b"0"))
    assert "  problem: " in rendered(broken)
    found = as_json(broken)["files"][0]["pieces"][0]["certificate"]
    assert found["problem"]
    assert (found["subject"], found["not_before"], found["claims"]) == (None, None, {})


def test_the_json_has_all_that_is_known() -> None:
    (piece,) = as_json(WORLD.bundle())["files"][0]["pieces"]
    assert piece["certificate"]["claims"]["deployment_environment"] == "release"
    assert piece["certificate"]["issuer"] == CLAIMS["gitlab"][8]
    assert piece["log_entries"][0]["at"] == "2026-06-01T12:00:30Z"
    assert piece["statement"]["predicate"] == "slsa-provenance"
    assert piece["statement"]["subjects"][0]["name"] == "acme-1.0-py3-none-any.whl"
    second = as_json(WORLD.bundle(kind="message", log="v2"))["files"][0]["pieces"][0]
    assert second["log_entries"][0]["at"] is None
    assert list(second["digests"]) == ["sha256"]
    assert second["statement"] is None


@pytest.mark.parametrize(
    ("document", "need"),
    [
        (WORLD.bundle(), "a trust root with the certificate authority"),
        (WORLD.bundle(managed=MANAGED, hint="k"), "the signer's key or certificate, from you"),
        (statement("ab" * 32), "nobody signed this"),
    ],
    ids=["certificate", "key", "nobody"],
)
def test_what_a_verifier_needs_is_told(document: Json | bytes, need: str) -> None:
    assert need in rendered(document)


def test_an_authority_without_a_name_is_still_needed() -> None:
    broken = edited(WORLD.bundle(), "verificationMaterial.certificate.rawBytes", b64(b"0"))
    (piece,) = inspect_evidence(json.dumps(broken).encode(), "f").pieces
    assert "that issued the certificate" in needs_of(piece)[0]

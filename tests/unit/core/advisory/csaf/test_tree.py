"""The folder that documents are published in: written, and held against itself."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from sealane.core.advisory.csaf.folder_faults import tree_faults
from sealane.core.advisory.csaf.provider import (
    METADATA,
    Provider,
    PublicKey,
    metadata_faults,
)
from sealane.core.advisory.csaf.tree import with_document
from sealane.core.advisory.formats.csaf import Csaf
from sealane.core.advisory.formats.csaf_vex import CsafVex
from sealane.core.advisory.record import Provenance, Record
from sealane.core.model.values import replace
from sealane.errors import InputError
from support.csaf import Json
from support.records import AT
from support.rendered import ISSUER, PLAIN, RECORDS, RENDERING, REVISIONS
from support.schemas import faults as schema_faults
from support.schemas import needs_schemas

PROVIDER = Provider(ISSUER, "https://www.example.com/csaf")
KEY = PublicKey("AB" * 20, b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n")
SIGNED = replace(PROVIDER, key=KEY)
SIGNATURE = b"-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n"
PATH = "white/2026/pysec-2026-1.json"
OTHER = "white/2026/pysec-2026-2.json"
VEX = "white/2026/pysec-2026-1-vex.json"
LATER = AT + timedelta(days=1)

Files = dict[str, bytes]


def rendered(record: Record = PLAIN, **changes: Any) -> bytes:  # noqa: ANN401 - any field
    return Csaf().render(record, replace(RENDERING, **changes)).content


def revised(count: int) -> bytes:
    return rendered(replace(PLAIN, provenance=Provenance(revisions=REVISIONS[:count])))


DOCUMENT = revised(1)
SECOND = rendered(replace(PLAIN, id="PYSEC-2026-2"), at=LATER)


def folder(provider: Provider = PROVIDER, signature: bytes = b"") -> Files:
    """A folder with three documents."""
    files: Files = {}
    vex = CsafVex().render(*RECORDS["revised"]).content
    for document in (DOCUMENT, SECOND, vex):
        files = with_document(files, document, provider, AT, signature)
    return files


def test_a_folder_has_the_document_its_digests_its_lists_and_its_metadata() -> None:
    files = with_document({}, DOCUMENT, PROVIDER, AT)
    assert sorted(files) == sorted(
        [
            METADATA, PATH, f"{PATH}.sha256", f"{PATH}.sha512", "white/changes.csv",
            "white/index.txt",
        ]
    )  # fmt: skip
    digest = hashlib.sha256(DOCUMENT).hexdigest()
    assert files[f"{PATH}.sha256"] == f"{digest}  pysec-2026-1.json\n".encode()
    assert len(files[f"{PATH}.sha512"]) == 128 + len("  pysec-2026-1.json\n")
    assert files["white/index.txt"] == b"2026/pysec-2026-1.json\n"
    assert files["white/changes.csv"] == b'"2026/pysec-2026-1.json","2026-10-30T12:00:00Z"\r\n'


def test_the_lists_name_every_document_and_the_newest_change_first() -> None:
    files = folder()
    assert files["white/index.txt"].split() == [
        b"2026/pysec-2026-1-vex.json", b"2026/pysec-2026-1.json", b"2026/pysec-2026-2.json",
    ]  # fmt: skip
    names = [row.split(b'"')[1] for row in files["white/changes.csv"].splitlines()]
    assert names == [
        b"2026/pysec-2026-2.json", b"2026/pysec-2026-1-vex.json", b"2026/pysec-2026-1.json",
    ]  # fmt: skip


@pytest.mark.parametrize(("provider", "signature"), [(PROVIDER, b""), (SIGNED, SIGNATURE)])
def test_what_is_written_agrees_with_itself(provider: Provider, signature: bytes) -> None:
    assert tree_faults(folder(provider, signature)) == ()


@needs_schemas
@pytest.mark.parametrize(("provider", "signature"), [(PROVIDER, b""), (SIGNED, SIGNATURE)])
def test_metadata_has_the_form_of_the_official_schema(provider: Provider, signature: bytes) -> None:
    metadata = json.loads(folder(provider, signature)[METADATA])
    assert schema_faults("csaf20-provider", metadata) == []
    assert metadata["role"] == ("csaf_trusted_provider" if signature else "csaf_provider")


@pytest.mark.parametrize(("provider", "signature"), [(PROVIDER, b""), (SIGNED, SIGNATURE)])
def test_adding_a_document_twice_is_adding_it_once(provider: Provider, signature: bytes) -> None:
    files = folder(provider, signature)
    again = with_document(files, DOCUMENT, provider, LATER, signature.replace(b"x", b"y"))
    assert again == files


def test_a_revision_replaces_the_one_before_and_nothing_else() -> None:
    files = folder(SIGNED, SIGNATURE)
    newer = SIGNATURE.replace(b"x", b"y")
    found = with_document(files, revised(2), SIGNED, LATER, newer)
    assert tree_faults(found) == ()
    changed = {path for path in found if found[path] != files.get(path)}
    assert changed == {
        PATH, f"{PATH}.sha256", f"{PATH}.sha512", f"{PATH}.asc", "white/changes.csv", METADATA,
    }  # fmt: skip
    assert json.loads(found[METADATA])["last_updated"] == "2026-11-02T12:00:00Z"
    assert found[f"{PATH}.asc"] == newer


def test_metadata_changes_with_what_the_provider_says() -> None:
    files = folder()
    found = with_document(files, DOCUMENT, replace(PROVIDER, listed=False), LATER)
    assert json.loads(found[METADATA])["list_on_CSAF_aggregators"] is False
    assert json.loads(found[METADATA])["last_updated"] == "2026-11-02T12:00:00Z"
    broken = files | {METADATA: files[METADATA].replace(b"2026-11-01T12:00:00Z", b"yesterday")}
    assert tree_faults(with_document(broken, DOCUMENT, PROVIDER, LATER)) == ()
    timeless = json.loads(files[METADATA])
    timeless["last_updated"] = 1
    broken = files | {METADATA: json.dumps(timeless).encode()}
    assert tree_faults(with_document(broken, DOCUMENT, PROVIDER, LATER)) == ()


def test_a_new_key_does_not_take_the_old_one_from_older_signatures() -> None:
    files = folder(SIGNED, SIGNATURE)
    other = replace(SIGNED, key=PublicKey("CD" * 20, b"-----BEGIN"))
    found = with_document(files, revised(2), other, LATER, SIGNATURE)
    keys = json.loads(found[METADATA])["public_openpgp_keys"]
    assert [one["fingerprint"] for one in keys] == ["AB" * 20, "CD" * 20]
    assert {f"openpgp/{name * 20}.asc" for name in ("AB", "CD")} <= found.keys()
    assert tree_faults(found) == ()


def edited(document: bytes, **tracking: Any) -> bytes:  # noqa: ANN401 - JSON
    made = json.loads(document)
    made["document"]["tracking"] |= tracking
    return json.dumps(made).encode()


def semantic(number: str, title: str = "x") -> bytes:
    made = json.loads(DOCUMENT)
    made["document"]["title"] = title
    made["document"]["tracking"] |= {
        "version": number,
        "revision_history": [
            {"number": number, "date": "2026-10-30T12:00:00Z", "summary": "Changed."}
        ],
    }
    return json.dumps(made).encode()


def test_semantic_versions_are_compared_by_their_numbers() -> None:
    files = with_document({}, semantic("1.9.0"), PROVIDER, AT)
    assert with_document(files, semantic("1.10.0"), PROVIDER, AT)[PATH] == semantic("1.10.0")
    for older in ("1.9.0", "1.9.0-rc.1", "1.8.7", "0.10.0"):
        with pytest.raises(InputError, match="a version after"):
            with_document(files, semantic(older, "another"), PROVIDER, AT)


FOREIGN = json.dumps({"canonical_url": "https://other.example/provider-metadata.json"}).encode()
FEEDS = json.dumps(
    {
        "canonical_url": f"https://www.example.com/csaf/{METADATA}",
        "distributions": [{"directory_url": "https://www.example.com/csaf/white/"}, {"rolie": {}}],
    }
).encode()
NAMESAKE = rendered(replace(PLAIN, id="PYSEC.2026.1"))


@pytest.mark.parametrize(
    ("files", "document", "provider", "signature", "told"),
    [
        pytest.param({}, rendered(tlp="GREEN"), PROVIDER, b"", "TLP:WHITE", id="green"),
        pytest.param({}, rendered(final=False), PROVIDER, b"", "final", id="draft"),
        pytest.param({}, b"{}", PROVIDER, b"", "expected a member document", id="no-document"),
        pytest.param({METADATA: FOREIGN}, DOCUMENT, PROVIDER, b"", "canonical_url", id="foreign"),
        pytest.param({METADATA: FEEDS}, DOCUMENT, PROVIDER, b"", "ROLIE", id="feeds"),
        pytest.param({METADATA: b"x"}, DOCUMENT, PROVIDER, b"", "not JSON", id="metadata"),
        pytest.param({PATH: revised(2)}, DOCUMENT, PROVIDER, b"", "after 2, got 1", id="older"),
        pytest.param(
            {PATH: edited(DOCUMENT, id="PYSEC_2026_1", aliases=["x"])}, DOCUMENT, PROVIDER, b"",
            "a revision of PYSEC-2026-1", id="another-advisory",
        ),
        pytest.param(
            {PATH: edited(DOCUMENT, aliases=["x"])}, DOCUMENT, PROVIDER, b"",
            "after 1, got 1", id="changed-without-a-revision",
        ),
        pytest.param({PATH: b"{}"}, DOCUMENT, PROVIDER, b"", PATH, id="broken-document-there"),
        pytest.param({}, DOCUMENT, PROVIDER, SIGNATURE, "no key", id="signature-without-key"),
        pytest.param({}, DOCUMENT, SIGNED, b"", "no signature", id="key-without-signature"),
        pytest.param(
            folder(), revised(2), SIGNED, SIGNATURE, "has no signature", id="others-unsigned"
        ),
        pytest.param(
            folder(SIGNED, SIGNATURE), revised(2), PROVIDER, b"", "has one", id="others-signed"
        ),
        pytest.param(
            {}, DOCUMENT, replace(PROVIDER, url="acme"), b"", "canonical_url", id="no-url"
        ),
    ],
)  # fmt: skip
def test_what_does_not_belong_into_the_folder_is_refused(
    files: Files, document: bytes, provider: Provider, signature: bytes, told: str
) -> None:
    before = dict(files)
    with pytest.raises(InputError, match=told):
        with_document(files, document, provider, AT, signature)
    assert files == before


def test_two_ids_with_one_file_name_are_two_documents() -> None:
    files = with_document({}, NAMESAKE, PROVIDER, AT)
    other = rendered(replace(PLAIN, id="PYSEC:2026:1"))
    with pytest.raises(InputError, match="by https"):
        with_document(files, other, PROVIDER, AT)


GOOD = folder(SIGNED, SIGNATURE)
_SUM = GOOD[f"{PATH}.sha256"]
_ROWS = GOOD["white/changes.csv"].splitlines(keepends=True)


def metadata(**changes: Any) -> Files:  # noqa: ANN401 - JSON
    found: Json = json.loads(GOOD[METADATA])
    found |= changes
    kept = {name: value for name, value in found.items() if value is not None}
    return {METADATA: json.dumps(kept).encode()}


@pytest.mark.parametrize(
    ("changes", "rule", "place"),
    [
        ({PATH: DOCUMENT + b" "}, "folder-digests", f"{PATH}.sha256"),
        ({PATH: b"{}"}, "folder-documents", PATH),
        ({PATH: None}, "folder-index", "white/index.txt"),
        ({PATH: None}, "folder-changes", "white/changes.csv"),
        ({PATH: None}, "folder-documents", f"{PATH}.asc"),
        ({f"{PATH}.sha256": None, f"{PATH}.sha512": None}, "folder-digests", PATH),
        ({f"{PATH}.sha256": _SUM.replace(b"  ", b"")}, "folder-digests", f"{PATH}.sha256"),
        ({f"{PATH}.sha256": b"\xff"}, "folder-digests", f"{PATH}.sha256"),
        ({f"{PATH}.sha256": _SUM.replace(b"-1", b"-7")}, "folder-digests", f"{PATH}.sha256"),
        ({f"{PATH}.sha512": GOOD[f"{OTHER}.sha512"]}, "folder-digests", f"{PATH}.sha512"),
        ({f"{PATH}.asc": None}, "folder-signatures", PATH),
        ({f"{one}.asc": None for one in (PATH, OTHER, VEX)}, "folder-signatures", OTHER),
        ({f"{PATH}.asc": b"signed"}, "folder-signatures", f"{PATH}.asc"),
        ({f"white/2025/{PATH[11:]}": DOCUMENT}, "folder-documents", f"white/2025/{PATH[11:]}"),
        ({f"green/2026/{PATH[11:]}": DOCUMENT}, "folder-index", "green/index.txt"),
        ({f"green/2026/{PATH[11:]}": DOCUMENT}, "folder-changes", "green/changes.csv"),
        ({f"green/2026/{PATH[11:]}": DOCUMENT}, "folder-metadata", f"{METADATA}/distributions"),
        ({PATH: rendered(final=False)}, "folder-documents", PATH),
        ({"white/stray.json": b"{}"}, "folder-documents", "white/stray.json"),
        ({"white/2026/gone.json.sha256": b""}, "folder-documents", "white/2026/gone.json.sha256"),
        ({"white/index.txt": None}, "folder-index", "white/index.txt"),
        ({"white/index.txt": b""}, "folder-index", "white/index.txt"),
        (
            {"white/index.txt": GOOD["white/index.txt"] * 2},
            "folder-index", "white/index.txt",
        ),
        (
            {"white/index.txt": GOOD["white/index.txt"] + b"2026/gone.json\n"},
            "folder-index", "white/index.txt",
        ),
        ({"white/changes.csv": None}, "folder-changes", "white/changes.csv"),
        ({"white/changes.csv": b"\xff"}, "folder-changes", "white/changes.csv"),
        ({"white/changes.csv": b'"a"b"'}, "folder-changes", "white/changes.csv"),
        ({"white/changes.csv": b"a,b,c\r\n"}, "folder-changes", "white/changes.csv"),
        ({"white/changes.csv": b"".join(reversed(_ROWS))}, "folder-changes", "white/changes.csv"),
        ({"white/changes.csv": b"".join(_ROWS[1:])}, "folder-changes", "white/changes.csv"),
        (
            {"white/changes.csv": GOOD["white/changes.csv"].replace(b"11-02", b"11-03")},
            "folder-changes", "white/changes.csv",
        ),
        (
            {"white/changes.csv": GOOD["white/changes.csv"].replace(b"2026-11-02", b"soon")},
            "folder-changes", "white/changes.csv",
        ),
        ({METADATA: None}, "folder-metadata", METADATA),
        ({METADATA: b"[]"}, "folder-metadata", METADATA),
        (metadata(role="king"), "folder-metadata", f"{METADATA}/role"),
        (metadata(publisher=None), "folder-metadata", METADATA),
        (metadata(mirror_on_CSAF_aggregators="no"), "folder-metadata",
         f"{METADATA}/mirror_on_CSAF_aggregators"),
        (metadata(distributions=None), "folder-metadata", f"{METADATA}/distributions"),
        (metadata(public_openpgp_keys=None), "folder-metadata", f"{METADATA}/public_openpgp_keys"),
        (metadata(public_openpgp_keys=[]), "folder-metadata", f"{METADATA}/public_openpgp_keys"),
        (metadata(canonical_url=f"https://acme.example/{METADATA}"), "folder-metadata",
         f"{METADATA}/distributions"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_told_with_its_place(
    changes: dict[str, bytes | None], rule: str, place: str
) -> None:
    files = {path: content for path, content in (GOOD | changes).items() if content is not None}
    found = tree_faults(files)
    assert (rule, place) in {(fault.rule, fault.place) for fault in found}
    assert all(fault.message and not fault.warns for fault in found)


def test_an_empty_folder_is_none() -> None:
    assert {fault.rule for fault in tree_faults({})} == {"folder-documents", "folder-metadata"}


def test_feeds_are_told_not_to_be_read() -> None:
    feed = {"tlp_label": "WHITE", "url": "https://www.example.com/csaf/feed.json"}
    distributions = [*json.loads(GOOD[METADATA])["distributions"], {"rolie": {"feeds": [feed]}}]
    (fault,) = tree_faults(GOOD | metadata(distributions=distributions))
    assert fault.warns
    assert "ROLIE" in fault.message


def test_other_files_may_lie_there() -> None:
    assert tree_faults(GOOD | {"index.html": b"", "robots.txt": b""}) == ()


def test_a_provider_need_not_say_how_they_are_reached() -> None:
    files = with_document({}, DOCUMENT, replace(PROVIDER, issuer=replace(ISSUER, contact="")), AT)
    assert "contact_details" not in json.loads(files[METADATA])["publisher"]


def test_metadata_that_is_no_object_is_refused() -> None:
    assert [place for place, _ in metadata_faults([])] == [""]

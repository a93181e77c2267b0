"""Bills of materials inside a wheel: outlined one by one, and nothing else is unpacked."""

import hashlib
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from sealane.core.attestation.sbom import SbomFormat
from sealane.errors import InputError
from sealane.io.evidence import inside_wheel
from sealane.io.evidence.inside_wheel import Enclosed, names_sboms, sboms_in_wheel
from support.archives import WHEEL, make_zip, wheel_members
from support.predicates import CYCLONEDX, SPDX_2

INFO = "hello_lane-0.1.0.dist-info"
CDX, SPDX = json.dumps(CYCLONEDX).encode(), json.dumps(SPDX_2).encode()


def enclosed_in(path: Path) -> tuple[Enclosed, ...]:
    """What is inside, and a directory that names it where there is something."""
    found = sboms_in_wheel(path, hashlib.sha256(path.read_bytes()).hexdigest())
    assert names_sboms(path) or not found
    return found


def wheel(folder: Path, content: bytes | None = None, **sboms: bytes) -> Path:
    path = folder / WHEEL
    inner = {f"{INFO}/sboms/{name.replace('_', '.')}": one for name, one in sboms.items()}
    path.write_bytes(make_zip({**wheel_members(), **inner}) if content is None else content)
    return path


def test_every_document_is_outlined_by_name(tmp_path: Path) -> None:
    found = enclosed_in(wheel(tmp_path, b_spdx_json=SPDX, a_cdx_json=CDX))
    assert [one.name for one in found] == [
        f"{INFO}/sboms/a.cdx.json", f"{INFO}/sboms/b.spdx.json",
    ]  # fmt: skip
    first, second = found
    assert first.sha256 == hashlib.sha256(CDX).hexdigest()
    assert first.sbom is not None
    assert second.sbom is not None
    assert (first.sbom.components, second.sbom.format) == (5, SbomFormat.SPDX)
    assert str(first).endswith("CycloneDX 1.6, 5 components")


def test_a_wheel_without_documents_has_none(tmp_path: Path) -> None:
    assert enclosed_in(wheel(tmp_path)) == ()
    elsewhere = {
        "pkg/sboms/a.json": CDX,
        "sboms/a.json": CDX,
        f"{INFO}/sboms": b"",
        f"{INFO}/x": CDX,
    }
    assert enclosed_in(wheel(tmp_path, make_zip(elsewhere))) == ()


def test_folders_below_are_read_too(tmp_path: Path) -> None:
    content = make_zip({f"{INFO}/sboms/sub/a.json": CDX})
    assert [one.name for one in enclosed_in(wheel(tmp_path, content))] == [
        f"{INFO}/sboms/sub/a.json"
    ]


def test_a_document_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    xml, good = enclosed_in(wheel(tmp_path, a_xml=b"<bom/>", b_json=CDX))
    assert (xml.sbom, "not JSON" in xml.reason) == (None, True)
    assert ": not read: SBOM: not JSON" in str(xml)
    assert good.sbom is not None


def corrupted(folder: Path) -> Path:
    """A wheel whose module is damaged; its documents are whole."""
    content = bytearray(wheel(folder, a_json=CDX).read_bytes())
    at = content.index(b"hello_lane/__init__.py") + len(b"hello_lane/__init__.py")
    content[at] ^= 0xFF
    return wheel(folder, bytes(content))


def test_the_rest_of_the_wheel_is_not_unpacked(tmp_path: Path) -> None:
    path = corrupted(tmp_path)
    with zipfile.ZipFile(path) as archive, pytest.raises((zlib.error, zipfile.BadZipFile)):
        archive.read("hello_lane/__init__.py")
    assert len(enclosed_in(path)) == 1


@pytest.mark.parametrize(
    ("content", "match"),
    [
        pytest.param(b"", "not a zip file", id="empty"),
        pytest.param(b"x" * 100, "not a zip file", id="no-zip"),
        pytest.param(
            make_zip({f"{INFO}/sboms/aa": CDX, f"{INFO}/sboms/ab": CDX}).replace(b"ab", b"aa"),
            "sboms/aa' is there twice",
            id="twice",
        ),
        pytest.param(
            make_zip({f"{INFO}/sboms/a": b"/etc/passwd"}, mode=0o120777),
            "sboms/a: neither",
            id="link",
        ),
        pytest.param(
            make_zip({f"/{INFO}/sboms/a": CDX}), "unsafe member name '/hello", id="absolute"
        ),
        pytest.param(
            make_zip({f"{INFO}/sboms/../../a": CDX}), "unsafe member name", id="leads-out"
        ),
        pytest.param(
            make_zip({f"{INFO}/sboms/a": CDX, "other-1.dist-info/sboms/a": CDX}),
            "several folders",
            id="two-folders",
        ),
        pytest.param(make_zip({f"{INFO}/sboms/a": b"0" * 1_000_000}), "as no document", id="bomb"),
        pytest.param(
            make_zip({f"{INFO}/sboms/a": CDX}).replace(
                struct.pack("<L", len(CDX)), struct.pack("<L", len(CDX) - 1)
            ),
            "size or checksum is wrong",
            id="wrong-size",
        ),
    ],
)
def test_a_wheel_that_is_not_safe_to_read_is_refused(
    tmp_path: Path, content: bytes, match: str
) -> None:
    with pytest.raises(InputError, match=match):
        enclosed_in(wheel(tmp_path, content))


@pytest.mark.parametrize(
    ("bound", "value", "match"),
    [
        ("MOST_SBOMS", 1, "more than 1 files"),
        ("LARGEST_SBOM", len(CDX) - 1, "expected at most"),
        ("LARGEST_TOGETHER", len(CDX) + 1, "expected at most"),
        ("ARTIFACT_LIMIT", 100, "larger than 100 bytes"),
    ],
)
def test_documents_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, match: str
) -> None:
    path = wheel(tmp_path, a=CDX, b=CDX)
    enclosed_in(path)
    monkeypatch.setattr(inside_wheel, bound, value)
    with pytest.raises(InputError, match=match):
        enclosed_in(path)


def test_a_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="wheel"):
        sboms_in_wheel(tmp_path / "none.whl", "0" * 64)


@pytest.mark.parametrize("content", [b"", b"x" * 21, b"x" * 4096, b"PK\5\6" + b"\xff" * 18])
def test_what_is_no_zip_file_names_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f-1.0-py3-none-any.whl"
    path.write_bytes(content)
    assert not names_sboms(path)


def test_a_wheel_that_changed_after_it_was_judged_is_not_told_of(tmp_path: Path) -> None:
    path = wheel(tmp_path, a_json=CDX)
    with pytest.raises(InputError, match="changed while it was judged"):
        sboms_in_wheel(path, "0" * 64)

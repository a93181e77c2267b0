"""A signature beside the file it signs is evidence; no artifact escapes by being called one."""

from pathlib import Path

import pytest

from sealane.io.inputs.paths import find_paths
from support.forms import ARMOURED, OPENPGP


def named(folder: Path, *names: str) -> tuple[list[str], list[str]]:
    """Names of what is judged, and of what is evidence."""
    found = find_paths([str(folder / name) for name in names] or [str(folder)])
    return [one.name for one in found.artifacts], [path.name for path in found.evidence]


def write(folder: Path, **contents: bytes) -> None:
    for name, content in contents.items():
        (folder / name.replace("_", ".")).write_bytes(content)


@pytest.mark.parametrize("content", [ARMOURED, OPENPGP, OPENPGP * 2])
def test_a_signature_of_a_file_that_is_judged_is_evidence(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, f_whl=b"x", f_whl_asc=content, f_whl_sig=content)
    assert named(tmp_path) == (["f.whl"], ["f.whl.asc", "f.whl.sig"])
    assert named(tmp_path, "f.whl.asc", "f.whl") == (["f.whl"], ["f.whl.asc"])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"an OCaml interface", b"ncols 4\nnrows 6\n", b"PK\3\4", OPENPGP + b"more",
        b"more" + OPENPGP, b"-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----\n",
        ARMOURED + b"#!/bin/sh\n", OPENPGP * 33,
    ],
    ids=lambda content: content[:8].hex(),
)  # fmt: skip
def test_what_is_only_called_a_signature_is_judged(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, f_whl=b"x", f_whl_asc=content, f_whl_sig=content)
    assert named(tmp_path) == (["f.whl", "f.whl.asc", "f.whl.sig"], [])


def test_a_signature_of_what_is_not_judged_is_judged_itself(tmp_path: Path) -> None:
    write(tmp_path, f_whl=b"x", f_whl_asc=ARMOURED, g_sig=OPENPGP)
    assert named(tmp_path, "f.whl.asc", "g.sig") == (["f.whl.asc", "g.sig"], [])
    (tmp_path / "other").mkdir()
    write(tmp_path / "other", g=b"x")
    assert named(tmp_path, "g.sig", "other/g") == (["g.sig", "g"], [])


def test_a_signature_larger_than_any_is_judged(tmp_path: Path) -> None:
    write(tmp_path, f=b"x", f_asc=ARMOURED + b"\n" * 64 * 1024)
    assert named(tmp_path) == (["f", "f.asc"], [])


def test_a_signature_that_cannot_be_read_is_judged(tmp_path: Path) -> None:
    write(tmp_path, f=b"x")
    (tmp_path / "f.asc").symlink_to(tmp_path / "nowhere")
    assert named(tmp_path) == (["f", "f.asc"], [])


@pytest.mark.parametrize(
    "suffix",
    [
        ".intoto.jsonl",
        ".sigstore.jsonl",
        ".build.slsa",
        ".dsse.json",
        ".vsa.json",
        ".sigstore.json",
    ],
)
def test_names_that_only_evidence_has_are_evidence(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "f.whl").write_bytes(b"x")
    (tmp_path / f"f.whl{suffix}").write_bytes(b"whatever")
    assert named(tmp_path) == (["f.whl"], [f"f.whl{suffix}"])

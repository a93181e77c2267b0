"""To a layout belong the links beside it, and those of the layouts among them."""

import json
from pathlib import Path

import pytest

from sealane.core.attestation import layout as limits
from sealane.core.attestation.layout import MOST_DEPTH, MOST_PARTS
from sealane.core.attestation.mentions import mentioned
from sealane.core.model.evidence import EvidenceForm
from sealane.io.evidence.interface import Collected, read_evidence
from sealane.io.evidence.sidecar import evidence_files
from support.forms import bundle, layout, link, metablock
from support.layouts import FOO, below, good, named, part, prove
from support.layouts import PACKER as PERSON
from support.layouts import packed as packing

LINK = metablock(link())


def stored(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LINK)
    path = folder / "root.layout"
    path.write_bytes(metablock(layout()))
    return path


def parts(found: Collected) -> list[str]:
    (evidence,) = found.evidence
    assert evidence.form is EvidenceForm.IN_TOTO_LAYOUT
    return [name for name, _ in evidence.parts]


def test_links_beside_a_layout_and_in_folders_of_sub_layouts_are_its_parts(tmp_path: Path) -> None:
    path = stored(
        tmp_path, "b.01234567.link", "a.01234567.link", "a.01234567/c.89abcdef.link",
        "a.01234567/c.89abcdef/d.link", "other/e.link", "a.0123456/f.link", "g.txt",
    )  # fmt: skip
    assert parts(read_evidence(path)) == [
        "a.01234567/c.89abcdef/d.link", "a.01234567/c.89abcdef.link", "a.01234567.link",
        "b.01234567.link",
    ]  # fmt: skip


def test_folders_are_followed_to_a_depth_and_links_to_folders_are_not(tmp_path: Path) -> None:
    deep = "/".join(["a.01234567"] * MOST_DEPTH)
    path = stored(tmp_path, f"{deep}/b.link", f"{deep.removesuffix('/a.01234567')}/c.link")
    assert [Path(name).name for name in parts(read_evidence(path))] == ["c.link"]
    other = tmp_path / "other"
    other.mkdir()
    path = stored(other, "a.link")
    (other / "x.01234567").symlink_to(tmp_path / "a.01234567")
    assert parts(read_evidence(path)) == ["a.link"]


def test_links_that_cannot_be_read_break_the_layout(tmp_path: Path) -> None:
    path = stored(tmp_path, "a.link")
    (tmp_path / "b.link").symlink_to(tmp_path / "nowhere")
    found = read_evidence(path)
    assert (found.evidence, found.broken[0][0]) == ((), str(path))
    assert "link" in found.broken[0][1]


def test_too_many_links_break_the_layout(tmp_path: Path) -> None:
    path = stored(tmp_path, *(f"a{n}.link" for n in range(MOST_PARTS + 1)))
    assert f"more than {MOST_PARTS}" in read_evidence(path).broken[0][1]


def test_links_too_large_together_break_the_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stored(tmp_path, "a.link", "b.link")
    monkeypatch.setattr(limits, "LARGEST_PARTS", len(LINK) + 1)
    assert "larger than 1 bytes" in read_evidence(path).broken[0][1]


def test_other_evidence_has_no_parts(tmp_path: Path) -> None:
    stored(tmp_path, "a.link")
    (tmp_path / "f.sigstore.json").write_text(json.dumps(bundle("a" * 64)))
    (evidence,) = read_evidence(tmp_path / "f.sigstore.json").evidence
    assert evidence.parts == ()


def test_a_folder_of_evidence_leaves_links_to_their_layout(tmp_path: Path) -> None:
    path = stored(tmp_path, "a.link", "b.01234567/c.link")
    assert evidence_files([str(tmp_path)]) == (path,)
    assert evidence_files([str(tmp_path / "a.link")]) == (tmp_path / "a.link",)


def test_a_layout_on_disk_is_about_what_came_out_of_it_and_holds(tmp_path: Path) -> None:
    made = good()
    (tmp_path / "root.layout").write_bytes(made.content)
    for name, content in made.parts:
        (tmp_path / name).write_bytes(content)
    unrelated = below(PERSON, "unrelated")
    name, content = part(PERSON, packing(), folder=unrelated)
    (tmp_path / unrelated).mkdir()
    (tmp_path / name).write_bytes(content)
    assert named(PERSON, "package", packing())[0] in {name for name, _ in made.parts}
    (path,) = evidence_files([str(tmp_path)])
    (evidence,) = read_evidence(path).evidence
    assert mentioned(evidence).issuperset(FOO.digests)
    assert prove(evidence).payload is not None

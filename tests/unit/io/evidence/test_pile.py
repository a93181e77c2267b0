"""Evidence that was named goes to the artifact it belongs to."""

import base64
import json
from pathlib import Path

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.errors import InputError
from sealane.io.evidence.sidecar import SIDECARS, Folders, Pile, evidence_files

A, B = "a" * 64, "b" * 64
ONE = Artifact("one-1.0.tar.gz", (Digest("sha256", A),), 1)
TWO = Artifact("two-1.0.tar.gz", (Digest("sha256", B),), 1)
NAMES = [ONE.name, TWO.name]


def bundle(*digests: str) -> str:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"digest": {"sha256": digest}} for digest in digests],
        "predicateType": "x",
    }
    envelope = {
        "payload": base64.b64encode(json.dumps(statement).encode()).decode(),
        "payloadType": "application/vnd.in-toto+json",
    }
    kind = "application/vnd.dev.sigstore.bundle.v0.3+json"
    return json.dumps({"mediaType": kind, "dsseEnvelope": envelope})


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def origins(pile: Pile, artifact: Artifact) -> list[str]:
    found = pile.about(artifact)
    return [Path(one.origin).name for one in found.evidence] + [
        Path(name).name for name, _ in found.broken
    ]


def test_by_name_even_where_it_is_about_something_else(tmp_path: Path) -> None:
    path = write(tmp_path, "one-1.0.tar.gz.sigstore.json", bundle(B))
    pile = Pile([path], NAMES)
    assert (origins(pile, ONE), origins(pile, TWO)) == ([path.name], [])


def test_by_digest_to_every_artifact_it_mentions(tmp_path: Path) -> None:
    path = write(tmp_path, "release.sigstore.json", bundle(A, B))
    pile = Pile([path], NAMES)
    assert (origins(pile, ONE), origins(pile, TWO)) == ([path.name], [path.name])


def test_what_mentions_none_of_several_is_left_and_of_one_is_tried(tmp_path: Path) -> None:
    path = write(tmp_path, "release.sigstore.json", bundle("c" * 64))
    broken = write(tmp_path, "x.attestation", "{")
    pile = Pile([path, broken], NAMES)
    assert (origins(pile, ONE), origins(pile, TWO)) == ([], [])
    left = pile.left([ONE, TWO])
    assert left[0] == str(path)
    assert left[1].startswith(f"{broken}: ")
    assert origins(Pile([path, broken], [ONE.name]), ONE) == [path.name, broken.name]


def test_sidecars_are_found_by_name(tmp_path: Path) -> None:
    file = write(tmp_path, "f.whl", "")
    for suffix in (*SIDECARS, ".txt", ".json"):
        write(tmp_path, f"f.whl{suffix}", "")
    expected = [f"f.whl{suffix}" for suffix in SIDECARS]
    assert [path.name for path in Folders().beside(file)] == expected


def test_a_folder_of_evidence_is_all_its_files(tmp_path: Path) -> None:
    file = write(tmp_path, "a.attestation", "{}")
    (tmp_path / "sub").mkdir()
    assert evidence_files([str(tmp_path), str(file)]) == (file,)
    with pytest.raises(InputError, match="--evidence"):
        evidence_files([str(tmp_path / "none")])


@pytest.mark.parametrize("count", [1, 16])
def test_what_lies_beside_one_of_many_is_what_lies_beside_one(tmp_path: Path, count: int) -> None:
    files = [tmp_path / f"{number}.whl" for number in range(count)]
    for file in files:
        file.touch()
        Path(f"{file}.publish.attestation").touch()
        Path(f"{file}.sigstore.json").symlink_to("nowhere")
        Path(f"{file}.other").touch()
    (tmp_path / "99.whl.asc").touch()
    folders = Folders(files)
    for file in files:
        expected = {f"{file.name}.publish.attestation", f"{file.name}.sigstore.json"}
        assert {path.name for path in folders.beside(file)} == expected
        assert set(folders.beside(file)) == set(Folders().beside(file))


def test_a_folder_that_cannot_be_listed_is_asked_name_by_name(tmp_path: Path) -> None:
    gone = [tmp_path / "gone" / f"{number}.whl" for number in range(16)]
    assert Folders(gone).beside(gone[0]) == ()


def test_bare_names_are_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("3.whl.asc").touch()
    bare = [Path(f"{number}.whl") for number in range(16)]
    assert Folders(bare).beside(bare[3]) == (Path("3.whl.asc"),)

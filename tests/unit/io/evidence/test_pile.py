"""Evidence that was named goes to the artifact it belongs to."""

import base64
import json
from pathlib import Path

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.errors import InputError
from sealane.io.evidence.sidecar import SIDECARS, Pile, evidence_files, sidecars

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
    assert [path.name for path in sidecars(file)] == [f"f.whl{suffix}" for suffix in SIDECARS]


def test_a_folder_of_evidence_is_all_its_files(tmp_path: Path) -> None:
    file = write(tmp_path, "a.attestation", "{}")
    (tmp_path / "sub").mkdir()
    assert evidence_files([str(tmp_path), str(file)]) == (file,)
    with pytest.raises(InputError, match="--evidence"):
        evidence_files([str(tmp_path / "none")])

"""A release manifest is read from whatever holds it, and says whether anybody signed it."""

import hashlib
import json
from pathlib import Path

import pytest

from sealane.desk.manifests import load_manifest
from sealane.errors import InputError
from support.maker.world import World
from support.manifests import manifest_of_files, statement_bytes

MANIFEST = manifest_of_files("acme", "1.2", {"acme-1.2.tar.gz": b"fixed"})
STATEMENT = statement_bytes(MANIFEST)


@pytest.mark.parametrize("form", ["bundle", "envelope", "statement"])
def test_every_form_is_read(form: str, tmp_path: Path) -> None:
    bundle = World().bundle(statement=STATEMENT)
    content = {
        "bundle": json.dumps(bundle).encode(),
        "envelope": json.dumps(bundle["dsseEnvelope"]).encode(),
        "statement": STATEMENT,
    }[form]
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    found = load_manifest(path)
    assert found.manifest == MANIFEST
    assert found.id == hashlib.sha256(STATEMENT).hexdigest()
    assert found.basis.sha256 == hashlib.sha256(content).hexdigest()
    said = "not signed" if form == "statement" else "signed, signature not verified"
    assert found.basis.name == f"v1.2 of acme ({said})"


def test_a_work_folder_has_it_under_its_own_name(tmp_path: Path) -> None:
    bundle = json.dumps(World().bundle(statement=STATEMENT))
    (tmp_path / "release-manifest.sigstore.json").write_text(bundle)
    assert load_manifest(tmp_path).manifest == MANIFEST


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="not-an-object"),
        pytest.param(b"{}", id="nothing"),
        pytest.param(json.dumps(World().bundle()).encode(), id="bundle-of-something-else"),
        pytest.param(json.dumps(World().bundle(kind="message")).encode(), id="signed-file"),
        pytest.param(STATEMENT.replace(b'"v1.2"', b"7"), id="broken"),
        pytest.param(STATEMENT.replace(b"acme-1.2.tar.gz", b"other-1.2.zip", 1), id="subjects"),
    ],
)
def test_what_holds_no_manifest_is_refused_by_its_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"manifest\.json"):
        load_manifest(path)


def test_a_work_folder_without_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"release-manifest\.sigstore\.json"):
        load_manifest(tmp_path)

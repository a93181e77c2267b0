"""What `sealane verify` writes: no file twice, and nothing in the place of what it reads."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from support.maker.keys import ec_named
from support.signed_files import Judge, signed
from support.signing import pem_of

NAME = "acme-1.0.tar.gz"
KEY = ec_named("verifier")
SIGN = ("--sign", "key:key.pem", "--verifier-id", "https://verifier.example.org")


@pytest.fixture
def verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Judge:
    """In the working directory: a file that passes, a verifier's key, and pins."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    signed(tmp_path, NAME)
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "key.pub").write_bytes(pem_of(KEY.public_key()))
    (tmp_path / "pins.toml").write_text('schema = "sealane.pins/1"\n')
    (tmp_path / "here").symlink_to(tmp_path)
    return Judge(Path("root.json"), capsys)


def lying(work: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in work.iterdir() if one.is_file()}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--format", "json=a", "--format", "text=a"), id="reports"),
        pytest.param(("--format", "json=a", "--format", "text=./a"), id="dot"),
        pytest.param(("--format", "json=a", "--format", "text=here/a"), id="link-to-folder"),
        pytest.param(("--emit-vsa", "a", "--emit-svr", "a", *SIGN), id="summaries"),
        pytest.param(("--emit-vsa", "a", "--emit-svr", "./a", *SIGN), id="summaries-dot"),
        pytest.param(("--emit-vsa", "a", "--format", "json=x/../a", *SIGN), id="report-and-vsa"),
        pytest.param(("--emit-svr", "a", "--format", "json=a", *SIGN), id="report-and-svr"),
    ],
)
def test_no_file_is_written_twice(
    tmp_path: Path, verify: Judge, arguments: tuple[str, ...]
) -> None:
    before = lying(tmp_path)
    code, said = verify(NAME, *arguments)
    assert (code, "judged by" in said) == (2, False), said
    assert "the same file" in said
    assert "hint: " in said
    assert lying(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--format", f"json={NAME}"), id="artifact"),
        pytest.param(("--format", f"json=./{NAME}"), id="artifact-dot"),
        pytest.param(("--format", f"json=here/{NAME}"), id="artifact-by-link"),
        pytest.param(("--format", "json=root.json"), id="root"),
        pytest.param(("--format", "json=pins.toml", "--pins", "pins.toml"), id="pins"),
        pytest.param(("--format", "json=x.pub", "--evidence", "x.pub"), id="evidence"),
        pytest.param(("--emit-vsa", NAME, *SIGN), id="vsa"),
        pytest.param(("--emit-vsa", "key.pem", *SIGN), id="signing-key"),
        pytest.param(("--emit-svr", "./key.pem", *SIGN), id="signing-key-dot"),
    ],
)
def test_what_is_read_is_not_written_over(
    tmp_path: Path, verify: Judge, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "x.pub").write_text("x")
    before = lying(tmp_path)
    code, said = verify(NAME, *arguments)
    assert (code, "judged by" in said) == (2, False), said
    assert "it is read in this run" in said
    assert "hint: " in said
    assert lying(tmp_path) == before


def test_a_publishers_key_and_a_policy_are_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verify: Judge
) -> None:
    from sealane.cli.main import run

    (tmp_path / "p.toml").write_text("x")
    before = lying(tmp_path)
    for read, file in (
        (("--publisher", "key:key.pub"), "key.pub"),
        (("--policy", "p.toml"), "p.toml"),
    ):
        assert run(["verify", NAME, *read, "--format", f"json={file}"]) == 2
        assert "it is read in this run" in capsys.readouterr().err
    assert lying(tmp_path) == before


def test_a_device_takes_as_much_as_is_written_to_it(verify: Judge) -> None:
    code, said = verify(NAME, "--format", "json=/dev/null", "--format", "text=/dev/null")
    assert code == 0, said


def test_a_summary_is_renewed_where_it_lies(tmp_path: Path, verify: Judge) -> None:
    emit = (f"{NAME}.vsa.json", *SIGN)
    assert verify(NAME, "--emit-vsa", *emit)[0] == 0
    assert verify(NAME, "--emit-vsa", *emit)[0] == 0
    assert (tmp_path / f"{NAME}.vsa.json").read_bytes()

"""Bad input on the command line of `sealane verify` and `sealane policy`: exit code and message."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.cli.main import run
from support.policies import CI, HEAD, rule

WHO = ("--publisher", "gitlab:acme/hello")
WHEEL = "hello-1.0-py3-none-any.whl"
POLICY = HEAD + CI + rule()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and a state directory of its own."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return work


def wheel(folder: Path) -> None:
    (folder / WHEEL).write_bytes(b"a wheel")


def nothing(_: Path) -> None:
    pass


def loop(folder: Path) -> None:
    (folder / "a.whl").symlink_to("b.whl")
    (folder / "b.whl").symlink_to("a.whl")


def fifo(folder: Path) -> None:
    os.mkfifo(folder / "pipe.whl")


def folder_link(folder: Path) -> None:
    (folder / "dist").mkdir()
    (folder / "elsewhere").mkdir()
    (folder / "dist" / "more").symlink_to("../elsewhere")


def only_evidence(folder: Path) -> None:
    (folder / f"{WHEEL}.publish.attestation").write_text("{}")
    kind = "application/vnd.dev.sigstore.bundle.v0.3+json"
    (folder / "bundle.sigstore.json").write_text(json.dumps({"mediaType": kind}))


def broken_evidence(folder: Path) -> None:
    wheel(folder)
    (folder / f"{WHEEL}.publish.attestation").write_text('{"version": 1,')


def huge_evidence(folder: Path) -> None:
    wheel(folder)
    with (folder / f"{WHEEL}.publish.attestation").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)


def folder_for_evidence(folder: Path) -> None:
    wheel(folder)
    (folder / f"{WHEEL}.sigstore.json").mkdir()


def dangling_evidence(folder: Path) -> None:
    wheel(folder)
    (folder / f"{WHEEL}.sigstore.json").symlink_to("nowhere")


def deep_evidence(folder: Path) -> None:
    wheel(folder)
    (folder / f"{WHEEL}.sigstore.json").write_text("[" * 100_000 + "]" * 100_000)


def evidence_folder_loop(folder: Path) -> None:
    wheel(folder)
    loop(folder)


def policy(text: str | bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        wheel(folder)
        content = text if isinstance(text, bytes) else text.encode()
        (folder / "p.toml").write_bytes(content)

    return make


def policy_folder(folder: Path) -> None:
    wheel(folder)
    (folder / "p.toml").mkdir()


def trust(content: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        wheel(folder)
        (folder / "root.json").write_text(content)

    return make


P = (WHEEL, "--policy", "p.toml")
TABLE = [
    pytest.param(nothing, WHO, 3, "there is nothing to verify", id="no-path"),
    pytest.param(nothing, (".", *WHO), 3, "there is nothing to verify", id="empty-folder"),
    pytest.param(only_evidence, (".", *WHO), 3, "there is nothing to verify", id="only-evidence"),
    pytest.param(nothing, ("missing.whl", *WHO), 5, "'missing.whl': No such file", id="missing"),
    pytest.param(loop, ("a.whl", *WHO), 5, "'a.whl': Too many levels", id="symlink-loop"),
    pytest.param(loop, (".", *WHO), 5, "Too many levels of symbolic links", id="loop-in-folder"),
    pytest.param(fifo, ("pipe.whl", *WHO), 5, "'pipe.whl': not a regular file", id="fifo"),
    pytest.param(folder_link, ("dist", *WHO), 5, "a link to a folder is not", id="folder-link"),
    pytest.param(nothing, ("a\0b", *WHO), 5, "embedded null", id="nul-in-name"),
    pytest.param(wheel, (WHEEL, *WHO), 3, "SL-EV-001 evidence-missing", id="no-evidence"),
    pytest.param(wheel, (WHEEL,), 3, "SL-EV-001 evidence-missing", id="nobody-no-evidence"),
    pytest.param(broken_evidence, (WHEEL, *WHO), 1, "SL-SIG-002", id="broken-json"),
    pytest.param(broken_evidence, (WHEEL,), 1, "SL-SIG-002", id="broken-json-nobody"),
    pytest.param(huge_evidence, (WHEEL, *WHO), 1, "larger than 16777216 bytes", id="100-MB"),
    pytest.param(folder_for_evidence, (WHEEL, *WHO), 1, "Is a directory", id="folder-for-evidence"),
    pytest.param(dangling_evidence, (WHEEL, *WHO), 1, "No such file", id="dangling-evidence"),
    pytest.param(deep_evidence, (WHEEL, *WHO), 1, "nested deeper than 100", id="deep-json"),
    pytest.param(
        wheel, (WHEEL, "--evidence", "none", *WHO), 5, "--evidence 'none'", id="evidence-missing"
    ),
    pytest.param(
        evidence_folder_loop, (WHEEL, "--evidence", "a.whl", *WHO), 5, "Too many levels",
        id="evidence-loop",
    ),
    pytest.param(nothing, ("sha256:00", *WHO), 2, "expected 64 hex digits", id="short-digest"),
    pytest.param(nothing, ("sha512:00", *WHO), 2, "not supported in this version", id="sha512"),
    pytest.param(nothing, (f"sha256:{'0' * 64}", *WHO), 3, "evidence-missing", id="digest"),
    pytest.param(policy(""), P, 5, "schema: required, and missing", id="empty-policy"),
    pytest.param(policy(b"\xff\xfe"), P, 5, "not UTF-8 at byte 0", id="policy-not-utf-8"),
    pytest.param(policy("a = = 1"), P, 5, "line 1", id="policy-not-toml"),
    pytest.param(policy_folder, P, 5, "Is a directory", id="policy-folder"),
    pytest.param(wheel, P, 5, "'p.toml': No such file", id="policy-missing"),
    pytest.param(
        policy(POLICY.replace("config =", "confg =")), P, 5,
        "line 7: publisher.ci.confg: unknown key", id="policy-unknown-key",
    ),
    pytest.param(
        policy(POLICY.replace('id = "acme"', "id = 7")), P, 5,
        "line 2: id: expected a name of letters, digits and ._-, got 7", id="policy-wrong-type",
    ),
    pytest.param(
        policy(POLICY.replace('id = "acme"', 'id = "acme"\nexpires = 2020-01-01T00:00:00Z')), P, 5,
        "policy 'acme': expired at 2020-01-01", id="policy-expired",
    ),
    pytest.param(
        policy(POLICY + "[[distrust]]\nrun = 'x'\n"), P, 5,
        "line 12: distrust.0.reason: required, and missing", id="policy-distrust-without-reason",
    ),
    pytest.param(
        policy(POLICY + '[trust.t]\nroot = "root.json"\n'), P, 5,
        "a root file needs its sha256", id="policy-root-without-digest",
    ),
    pytest.param(
        policy(POLICY + f'[trust.t]\nroot = "root.json"\nsha256 = "{"0" * 64}"\n'), P, 4,
        "root.json", id="policy-root-missing",
    ),
    pytest.param(
        policy(POLICY + f'[trust.t]\nsha256 = "{"0" * 64}"\n'), P, 4,
        "expected sha256 0000", id="policy-root-of-another-digest",
    ),
    pytest.param(
        wheel, (WHEEL, *WHO, "--trust", "none.json"), 4, "No such file", id="root-missing"
    ),
    pytest.param(
        trust("[]"), (WHEEL, *WHO, "--trust", "root.json"), 4, "expected an object", id="root-type"
    ),
    pytest.param(
        trust("{"), (WHEEL, *WHO, "--trust", "root.json"), 4, "not JSON", id="root-broken"
    ),
    pytest.param(wheel, (WHEEL, "--publisher", "pypi:x"), 2, "not of a known form", id="who"),
    pytest.param(wheel, (WHEEL, "--publisher", "gitlab:acme"), 2, "group/project", id="who-path"),
    pytest.param(
        wheel, (WHEEL, "--cert-identity", "a@example.org"), 2, "belong together", id="no-issuer"
    ),
    pytest.param(
        wheel, (WHEEL, "--cert-oidc-issuer", "https://x"), 2, "belong together", id="no-identity"
    ),
    pytest.param(
        wheel, (WHEEL, "--cert-identity", "", "--cert-oidc-issuer", "https://x"), 2,
        "got nothing", id="empty-identity",
    ),
    pytest.param(wheel, (WHEEL, *WHO, "--policy", "p"), 2, "exclude each other", id="two-ways"),
    pytest.param(wheel, (WHEEL, *WHO, "--online", "forge"), 2, "not supported", id="online"),
    pytest.param(
        wheel, (WHEEL, *WHO, "--index-url", "https://x"), 2, "without --online", id="index-url"
    ),
    pytest.param(
        wheel, (WHEEL, *WHO, "--online", "index", "--index-url", "http://127.0.0.1:9/"), 6,
        "only https is asked", id="plain-http",
    ),
    pytest.param(wheel, (WHEEL, *WHO, "--format", "xml"), 2, "expected FORM", id="format"),
    pytest.param(
        wheel, (WHEEL, *WHO, "--format", "text", "--format", "json"), 2,
        "only one report", id="two-reports",
    ),
    pytest.param(
        wheel, (WHEEL, *WHO, "--format", "json=/dev/null/x"), 5, "cannot write", id="unwritable"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("make", "arguments", "code", "message"), TABLE)
def test_bad_input_ends_in_its_exit_code_and_says_why(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    make: Callable[[Path], None],
    arguments: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    make(folder)
    found = run(["verify", *arguments])
    captured = capsys.readouterr()
    assert (found, message in captured.out + captured.err) == (code, True), captured
    assert "Traceback" not in captured.err
    assert "internal error" not in captured.err


@pytest.mark.parametrize("directory", ["", "nowhere", "empty"])
def test_a_sandbox_that_is_none_is_refused(
    folder: Path, directory: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel(folder)
    (folder / "empty").mkdir()
    assert run(["--sandbox", directory, "verify", WHEEL, *WHO]) == 4
    assert "not the state directory of a sandbox" in capsys.readouterr().err


def test_a_file_without_evidence_does_not_hide_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken_evidence(folder)
    (folder / "other-1.0.tar.gz").write_bytes(b"an sdist")
    assert run(["verify", ".", *WHO]) == 1
    output = capsys.readouterr().out
    assert "2 artifacts: 0 passed, 1 failed, 1 without enough evidence" in output


def test_warn_only_says_so_and_exits_with_0(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken_evidence(folder)
    assert run(["verify", WHEEL, *WHO, "--warn-only", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["enforced"], report["passed"]) == (False, False)
    assert run(["verify", WHEEL, *WHO, "--warn-only"]) == 0
    assert "not enforced" in capsys.readouterr().out


def test_a_report_goes_to_a_file_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wheel(folder)
    assert run(["verify", WHEEL, *WHO, "--format", "json=r.json", "--format", "text"]) == 3
    report = json.loads((folder / "r.json").read_text())
    assert report["schema"] == "sealane.report/1"
    assert report["verdicts"][0]["outcome"] == "missing"
    assert capsys.readouterr().out.startswith("judged by policy: quick")


def test_a_policy_in_the_working_directory_counts_only_once_it_is_allowed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel(folder)
    file = folder / "sealane.policy.toml"
    file.write_text(POLICY)
    assert run(["verify", WHEEL]) == 3
    output = capsys.readouterr().out
    assert "none: nobody was named to trust" in output
    assert "run: sealane policy allow" in output
    assert run(["policy", "allow"]) == 0
    capsys.readouterr()
    assert run(["verify", WHEEL]) == 3
    assert capsys.readouterr().out.startswith("judged by policy: acme, ")
    file.write_text(POLICY + "\n")
    assert run(["verify", WHEEL]) == 3
    assert "was changed after it was allowed" in capsys.readouterr().out


def test_a_policy_beside_the_artifacts_never_counts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dist = folder / "dist"
    dist.mkdir()
    wheel(dist)
    (dist / "sealane.policy.toml").write_text(POLICY)
    assert run(["policy", "allow", "dist/sealane.policy.toml"]) == 0
    capsys.readouterr()
    assert run(["verify", f"dist/{WHEEL}"]) == 3
    assert "none: nobody was named to trust" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", '{"schema": "x", "allowed": {}}'])
def test_a_broken_list_of_allowed_policies_is_not_a_pass(
    folder: Path, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel(folder)
    (folder / "sealane.policy.toml").write_text(POLICY)
    store = tmp_path / "state" / "sealane" / "allowed-policies.json"
    store.parent.mkdir(parents=True)
    store.write_text(content)
    assert run(["verify", WHEEL]) == 5
    assert "not a list of allowed policies" in capsys.readouterr().err


def test_policy_check_shows_what_is_required(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "p.toml").write_text(POLICY)
    assert run(["policy", "check", "p.toml"]) == 0
    assert "publish by ci" in capsys.readouterr().out
    (folder / "p.toml").write_text(POLICY.replace('"publish"', '"no-such"'))
    assert run(["policy", "check", "p.toml"]) == 5
    assert "predicate 'no-such' is not supported" in capsys.readouterr().err


def test_a_poisoned_user_cache_changes_nothing(folder: Path, tmp_path: Path) -> None:
    wheel(folder)
    home = tmp_path / "home"
    cache = home / ".local" / "share" / "sigstore-python"
    cache.mkdir(parents=True)
    (cache / "trusted_root.json").write_text("{}")
    before = sorted(home.rglob("*"))
    result = subprocess.run(
        [sys.executable, "-m", "sealane", "verify", WHEEL, *WHO],
        cwd=folder, env={"HOME": str(home), "PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 3
    assert "trust root: embedded (sha256:6494e21e" in result.stdout
    assert sorted(home.rglob("*")) == before

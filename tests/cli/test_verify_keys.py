"""`sealane verify` by keys, without logs, and by two engines: what passes, and what does not."""

import base64
import contextlib
import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.main import run
from support.maker.content import ARTIFACT, NAME, statement_about
from support.maker.keys import new_key
from support.maker.world import World
from support.pgp import holder
from support.signing import PRIVATE_KEY, pem_of, sign_dsse

WORLD = World()
ANN = holder()
KEY = pem_of(PRIVATE_KEY.public_key())
CI = """[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.example.org"
project = "group/acme"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{pep440}"
"""
NO_ROOT = 'root = "none"\nlog = "none"\n'


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an artifact, a key, and the root of a world."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / "a.pem").write_bytes(KEY)
    (tmp_path / "root.json").write_bytes(WORLD.root_json())
    (tmp_path / "ann.pgp").write_bytes(ANN.certificate)
    return tmp_path


def signed(work: Path, **wanted: object) -> None:
    write(work, WORLD.bundle(**wanted))


def write(work: Path, evidence: dict[str, Any], name: str = f"{NAME}.sigstore.json") -> None:
    (work / name).write_text(json.dumps(evidence), encoding="utf-8")


def by_key(file: str = "a.pem", kind: str = "key", content: bytes = KEY) -> str:
    digest = sha256(content).hexdigest()
    return f'[publisher.ci]\nkind = "{kind}"\nfile = "{file}"\nsha256 = "{digest}"\n'


def own_root(more: str) -> str:
    return f'root = "root.json"\nsha256 = "{sha256(WORLD.root_json()).hexdigest()}"\n{more}'


def policy(
    work: Path, publisher: str, trust: str = "", predicate: str = "slsa-provenance", top: str = ""
) -> str:
    table = f"[trust.t]\n{trust}" if trust else ""
    rule = f'match = ["*"]\nrequire = [{{ predicate = "{predicate}", by = "ci" }}]\n'
    text = f'schema = "sealane.policy/1"\nid = "acme"\n{top}{publisher}[[rule]]\n{rule}{table}'
    (work / "p.toml").write_text(text, encoding="utf-8")
    return "p.toml"


def verify(*arguments: str) -> tuple[int, str]:
    """Exit code, and all that was said; in this process, for many are asked."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(["verify", NAME, *arguments])
    return code, said.getvalue()


def passes(*arguments: str) -> None:
    code, said = verify(*arguments)
    assert code == 0, said
    assert "SL-REQ-001" in said


def fails(code: str, *arguments: str, ends: int = 1) -> None:
    found, said = verify(*arguments)
    assert found == ends, said
    assert code in said
    assert "SL-REQ-001" not in said


def test_a_named_key_is_enough_and_another_is_not(work: Path) -> None:
    signed(work, managed=PRIVATE_KEY, log=(), timestamps=0)
    passes("--publisher", "key:a.pem")
    passes("--publisher", "key:a.pem", "--trust", "none")
    passes("--publisher", "gitlab:a/b", "--publisher", "key:a.pem")
    fails("SL-LOG-001", "--publisher", "gitlab:a/b")
    (work / "a.pem").write_bytes(pem_of(new_key().public_key()))
    fails("SL-SIG-004", "--publisher", "key:a.pem")


def test_a_named_key_signs_other_bytes_in_vain(work: Path) -> None:
    signed(work, managed=PRIVATE_KEY, log=(), timestamps=0)
    (work / NAME).write_bytes(ARTIFACT + b"!")
    fails("SL-SUB-001", "--publisher", "key:a.pem")


def test_a_certificate_is_not_let_off_its_log_by_a_key(work: Path) -> None:
    signed(work, log=(), timestamps=1)
    who = "gitlab+https://gitlab.example.org/group/acme"
    fails("SL-LOG-001", "--publisher", who, "--publisher", "key:a.pem", "--trust", "root.json")
    signed(work)
    passes("--publisher", who, "--publisher", "key:a.pem", "--trust", "root.json")


def test_a_plain_envelope_by_the_key_is_enough_where_no_log_is_demanded(work: Path) -> None:
    kind, payload = "application/vnd.in-toto+json", json.dumps(statement_about(ARTIFACT)).encode()
    signature = base64.b64encode(sign_dsse(payload, kind)).decode()
    envelope = {
        "payloadType": kind,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": "", "sig": signature}],
    }
    write(work, envelope, f"{NAME}.intoto.json")
    evidence = ("--evidence", f"{NAME}.intoto.json")
    passes("--publisher", "key:a.pem", *evidence)
    passes("--policy", policy(work, by_key(), NO_ROOT), *evidence)
    fails("SL-LOG-001", "--policy", policy(work, by_key()), *evidence)
    for engine in ("sigstore", "both"):
        named = policy(work, by_key(), top=f'engine = "{engine}"\n')
        fails("does not judge signatures by keys", "--policy", named, *evidence, ends=5)


def test_a_policys_key_needs_a_log_unless_it_says_otherwise(work: Path) -> None:
    signed(work, managed=PRIVATE_KEY, log=(), timestamps=0)
    fails("SL-LOG-001", "--policy", policy(work, by_key()))
    fails("SL-LOG-001", "--policy", policy(work, by_key(), own_root("")))
    passes("--policy", policy(work, by_key(), NO_ROOT))
    passes("--policy", policy(work, by_key(), own_root('log = "none"\n')))
    signed(work, managed=PRIVATE_KEY)
    passes("--policy", policy(work, by_key(), own_root("")))


def test_a_retired_key_needs_a_proven_time(work: Path) -> None:
    retired = by_key() + "end = 2026-12-01T00:00:00Z\n"
    signed(work, managed=PRIVATE_KEY, log=(), timestamps=0)
    fails("SL-KEY-003", "--policy", policy(work, retired, NO_ROOT))
    signed(work, managed=PRIVATE_KEY)
    passes("--policy", policy(work, retired, own_root("")))
    fails("SL-KEY-003", "--policy",
          policy(work, by_key() + "end = 2026-01-01T00:00:00Z\n", own_root("")))  # fmt: skip


def test_a_private_world_may_do_without_a_log_and_not_without_a_time(work: Path) -> None:
    signed(work, log=(), timestamps=1)
    passes("--policy", policy(work, CI, own_root('log = "none"\n')))
    passes("--policy", policy(work, CI, own_root('log = "none"\ntimestamps = 1\n')))
    fails("SL-LOG-001", "--policy", policy(work, CI, own_root('log = "private"\n')))
    fails("SL-TIM-001", "--policy", policy(work, CI, own_root('log = "none"\ntimestamps = 2\n')))
    signed(work, log=(), timestamps=0)
    fails("SL-TIM-001", "--policy", policy(work, CI, own_root('log = "none"\n')))


def test_more_can_be_demanded(work: Path) -> None:
    signed(work)
    passes("--policy", policy(work, CI, own_root('log = "private"\n')))
    fails("SL-LOG-001", "--policy", policy(work, CI, own_root("logs = 2\n")))
    fails("SL-SCT-001", "--policy", policy(work, CI, own_root("scts = 2\n")))
    signed(work, log=("v1", "v2"))
    passes("--policy", policy(work, CI, own_root("logs = 2\n")))


def test_a_promise_alone_counts_where_the_policy_says_so(work: Path) -> None:
    signed(work, version=1, proof=False)
    fails("SL-LOG-008", "--policy", policy(work, CI, own_root("")))
    fails("SL-LOG-008", "--policy", policy(work, CI, own_root("promises = false\n")))
    passes("--policy", policy(work, CI, own_root("promises = true\n")))


def test_two_opinions_are_needed_where_the_policy_says_so(work: Path) -> None:
    both = 'engine = "both"\n'
    signed(work)
    passes("--policy", policy(work, CI, own_root(""), top=both))
    passes("--policy", policy(work, CI, own_root(""), top='engine = "sigstore"\n'))
    signed(work, log=("v1", "v2"))
    passes("--policy", policy(work, CI, own_root("")))
    fails("SL-SIG-001", "--policy", policy(work, CI, own_root(""), top=both))


def test_less_is_not_demanded_of_another_root(work: Path) -> None:
    signed(work, log=(), timestamps=1)
    (work / "other.json").write_bytes(World("other").root_json())
    named = policy(work, CI, own_root('log = "none"\n'))
    fails("expected sha256", "--policy", named, "--trust", "./other.json", ends=4)
    passes("--policy", named, "--trust", "./root.json")
    fails("trust.t.log", "--policy", policy(work, CI, 'log = "none"\n'), ends=5)


def test_openpgp_counts_where_the_policy_says_so(work: Path) -> None:
    (work / f"{NAME}.asc").write_bytes(ANN.sign(ARTIFACT))
    pgp = by_key("ann.pgp", "openpgp", ANN.certificate)
    passes("--policy", policy(work, pgp, NO_ROOT, predicate="signature"))
    passes("--policy", policy(work, pgp, predicate="signature"))
    fails("SL-EV-004", "--publisher", "key:a.pem", ends=3)
    fails("not of a known form", "--publisher", "openpgp:ann.pgp", ends=2)
    stranger = holder("Bo <bo@example.org>")
    (work / "ann.pgp").write_bytes(stranger.certificate)
    named = policy(work, by_key("ann.pgp", "openpgp", stranger.certificate), predicate="signature")
    fails("SL-SIG-001", "--policy", named)
    (work / "ann.pgp").write_bytes(ANN.certificate)
    fails("expected sha256", "--policy", named, ends=5)


def test_a_key_that_is_none_is_refused_before_anything_is_judged(work: Path) -> None:
    signed(work, managed=PRIVATE_KEY, log=(), timestamps=0)
    named = policy(work, by_key(), NO_ROOT)
    (work / "a.pem").write_bytes(KEY + b"\n")
    fails("publisher.ci: file", "--policy", named, ends=5)
    (work / "a.pem").unlink()
    fails("publisher.ci: file", "--policy", named, ends=5)
    fails("--publisher key:a.pem: ", "--publisher", "key:a.pem", ends=5)
    fails("expected the path of a public key", "--publisher", "key:", ends=2)

"""`sealane policy` and signed policies, as their users see them."""

import contextlib
import io
import json
from hashlib import sha256
from pathlib import Path

import pytest

from sealane.cli.main import run
from sealane.core.policy.tables import INCLUDED, POLICY, SHAPES
from support.maker.content import ARTIFACT, NAME
from support.maker.world import World
from support.policies import PUBLISH, rule

WORLD = World()
ANN = "email:ann@example.org,https://login.example.org"
HEAD = 'schema = "sealane.policy/1"\nid = "acme"\n'
CI = """[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.example.org"
project = "group/acme"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{pep440}"
"""
TEXT = HEAD + CI + rule('{ predicate = "slsa-provenance", by = "ci" }')


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a policy, a file that it accepts, and the root of a world."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / f"{NAME}.sigstore.json").write_text(json.dumps(WORLD.bundle()), encoding="utf-8")
    (tmp_path / "root.json").write_bytes(WORLD.root_json())
    (tmp_path / "p.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def sign(work: Path, text: str = TEXT, identity: str = "email") -> None:
    bundle = WORLD.bundle(kind="message", content=text.encode(), identity=identity)
    (work / "p.toml.sigstore.json").write_text(json.dumps(bundle), encoding="utf-8")


def sealane(*arguments: str) -> tuple[int, str, str]:
    """Exit code, and what stood on both outputs."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    return code, out.getvalue(), err.getvalue()


def test_check_says_what_a_policy_requires(work: Path) -> None:
    part = 'schema = "sealane.policy/1"\n' + rule(more='mode = "warn"\n')
    (work / "part.toml").write_text(part, encoding="utf-8")
    digest = sha256(part.encode()).hexdigest()
    include = f'include = [{{ path = "part.toml", sha256 = "{digest}" }}]\n'
    two = '{ predicate = "publish", by = ["ci", "team"], threshold = 2 }'
    inner = '{ all = [{ predicate = "signature", by = "ci" }], only_if = "lts" }'
    choice = f'{{ any = [{{ predicate = ["vulns", "openvex"], by = "ci" }}, {inner}] }}'
    team = '[publisher.team]\nkind = "google"\nmembers = ["ann@example.org"]\n'
    text = HEAD + include + CI + team + rule(two, choice) + '[condition.lts]\nmatch = ["*lts*"]\n'
    (work / "p.toml").write_text(text, encoding="utf-8")
    assert sealane("policy", "check", "p.toml") == (
        0,
        f"""ok: acme, p.toml
  sha256: {sha256(text.encode()).hexdigest()}
  expires: never
  includes: part.toml (sha256:{digest})
  *
    publish by ci or team, 2 of them
    any of:
      vulns or openvex by ci
      all of, unless lts is known not to hold:
        signature by ci
  * (warn only)
    publish by ci
""",
        "",
    )


def test_check_tells_everything_that_is_wrong_at_once(work: Path) -> None:
    text = TEXT.replace("config", "confg").replace('by = "ci"', 'by = "cy"')
    (work / "p.toml").write_text(text, encoding="utf-8")
    code, out, err = sealane("policy", "check", "p.toml")
    assert (code, out) == (5, "")
    assert err == (
        "error: policy p.toml: 2 mistakes\n"
        "  line 3: publisher.ci.config: required, and missing\n"
        "  line 7: publisher.ci.confg: unknown key (did you mean 'config'?)\n"
        "hint: correct it, then run: sealane policy check\n"
    )


@pytest.mark.parametrize("included", [False, True])
def test_the_schema_is_printed(work: Path, *, included: bool) -> None:
    assert work.is_dir()
    code, out, err = sealane("policy", "schema", *(["--included"] if included else []))
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["$ref"] == f"#/$defs/{INCLUDED if included else POLICY}"
    assert set(found["$defs"]) == set(SHAPES)


CHECK = ("policy", "check", "p.toml", "--trust", "root.json", "--signed-by")
VERIFY = (
    "verify", NAME, "--policy", "p.toml", "--trust", "root.json", "--policy-signed-by",
)  # fmt: skip
BOTH = pytest.mark.parametrize("command", [CHECK, VERIFY], ids=["check", "verify"])


@BOTH
def test_a_signed_policy_is_used(work: Path, command: tuple[str, ...]) -> None:
    sign(work)
    code, out, err = sealane(*command, ANN)
    assert (code, err) == (0, ""), out


@BOTH
def test_an_unsigned_policy_is_refused_where_it_has_to_be_signed(
    work: Path, command: tuple[str, ...]
) -> None:
    assert (work / "p.toml").exists()
    code, out, err = sealane(*command, ANN)
    assert (code, out) == (5, "")
    assert f"error: policy p.toml: not signed by {ANN}: SL-EV-001 evidence-missing" in err
    assert "hint: have it signed, with the bundle beside it as p.toml.sigstore.json" in err


@BOTH
def test_the_signature_of_somebody_else_is_none(work: Path, command: tuple[str, ...]) -> None:
    sign(work, identity="gitlab")
    code, out, err = sealane(*command, ANN)
    assert (code, out) == (5, "")
    assert "SL-ID-002 issuer-mismatch" in err
    assert "hint: " in err


@BOTH
def test_a_policy_does_not_name_its_own_signer(work: Path, command: tuple[str, ...]) -> None:
    # Trusted by its own words only: the root it names is not asked before it is known to be signed.
    digest = sha256(WORLD.root_json()).hexdigest()
    text = TEXT + f'[trust.own]\nroot = "root.json"\nsha256 = "{digest}"\n'
    (work / "p.toml").write_text(text, encoding="utf-8")
    sign(work, text)
    without = [one for one in command if one not in ("--trust", "root.json")]
    code, out, err = sealane(*without, ANN)
    assert (code, out) == (5, "")
    assert "error: policy p.toml: not signed by" in err
    assert sealane(*command, ANN)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (("policy", "check", "p.toml", "--trust", "root.json"), 2, "without --signed-by"),
        ((*CHECK, "ann"), 2, "--signed-by 'ann': not of a known form"),
        ((*VERIFY, "ann"), 2, "--policy-signed-by 'ann': not of a known form"),
        (("verify", NAME, "--policy-signed-by", ANN), 2, "--policy-signed-by says nothing"),
        (
            ("verify", NAME, "--publisher", ANN, "--policy-signed-by", ANN), 2,
            "--policy-signed-by says nothing without --policy",
        ),
        ((*CHECK, "key:no.pem"), 5, "'no.pem'"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(
    work: Path, arguments: tuple[str, ...], code: int, why: str
) -> None:
    assert work.is_dir()
    found, out, err = sealane(*arguments)
    assert (found, out) == (code, "")
    assert why in err
    assert "hint: " in err


def test_the_rules_of_an_included_file_are_asked(work: Path) -> None:
    part = 'schema = "sealane.policy/1"\n' + rule(PUBLISH)
    (work / "part.toml").write_text(part, encoding="utf-8")
    digest = sha256(part.encode()).hexdigest()
    include = f'include = [{{ path = "part.toml", sha256 = "{digest}" }}]\n'
    judge = ("verify", NAME, "--policy", "p.toml", "--trust", "root.json")
    assert sealane(*judge)[0] == 0
    (work / "p.toml").write_text(TEXT.replace(HEAD, HEAD + include), encoding="utf-8")
    code, out, _ = sealane(*judge)
    assert code == 3
    assert "SL-PRE-001" in out

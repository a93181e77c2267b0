"""Every policy that is shipped, or shown on a page, can be used; every shipped one is tested."""

import re
import shlex
import shutil
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sealane.appraise.policy_cases import judge_cases
from sealane.cli.main import run
from sealane.core.model.verdict import Outcome
from sealane.core.policy.case_results import TestedPolicy
from sealane.core.policy.cases import parse_cases
from sealane.core.policy.form import Table
from sealane.core.policy.parse import parse_policy
from sealane.core.policy.schema import POLICY_SCHEMA
from sealane.core.policy.tables_cases import CASE_SHAPES, CASES_SCHEMA
from sealane.core.verify.keys import spki_of
from sealane.errors import PolicyError
from sealane.io.stores.policies.cases import load_cases_of
from support.signing import pem_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "policies"
POLICIES = sorted(FOLDER.glob("*.toml"))
SHIPPED = {
    "github-history", "npm-provenance", "private-instance", "pypi-github", "pypi-gitlab",
    "slsa-level-2", "slsa-level-3-generator", "strict",
}  # fmt: skip
# What every one of them has to refuse: another issuer, project or ref, and too little evidence.
REFUSED = {"SL-ID-002", "SL-ID-003", "SL-ID-004"}
LACKING = {"SL-EV-001", "SL-PRE-001"}
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])

each_policy = pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.stem)


def blocks() -> list[tuple[str, str]]:
    """Page and text of everything on a page that is TOML."""
    return [
        (f"{page.relative_to(ROOT)}-{number}", text)
        for page in PAGES
        for number, text in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
    ]


def of_schema(schema: str) -> list[tuple[str, str]]:
    return [(name, text) for name, text in blocks() if tomllib.loads(text).get("schema") == schema]


def judged(policy: Path) -> list[TestedPolicy]:
    return [judge_cases(*one) for one in load_cases_of(policy)]


def test_all_that_are_promised_are_there() -> None:
    assert {path.stem for path in POLICIES} == SHIPPED
    assert {path.stem for path in (FOLDER / "tests").glob("*.toml")} == SHIPPED


@each_policy
def test_a_shipped_policy_passes_its_check_and_its_test(
    policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["policy", "check", str(policy)]) == 0, capsys.readouterr()
    assert run(["policy", "test", str(policy)]) == 0, capsys.readouterr()
    assert run(["policy", "explain", str(policy)]) == 0, capsys.readouterr()


@each_policy
def test_a_shipped_policy_has_cases_enough(policy: Path) -> None:
    (tested,) = judged(policy)
    outcomes = [one.verdict.outcome for one in tested.results]
    assert outcomes.count(Outcome.PASS) >= 2
    assert len(outcomes) - outcomes.count(Outcome.PASS) >= 5
    codes = {code for one in tested.results for code in one.case.codes}
    assert codes >= REFUSED
    assert codes & LACKING
    several = any(one.threshold > 1 for rule in tested.policy.rules for one in rule.requirements)
    assert not several or "SL-REQ-002" in codes


@each_policy
def test_a_shipped_policy_says_what_it_demands_what_to_replace_and_what_it_leaves_out(
    policy: Path,
) -> None:
    comment = policy.read_text(encoding="utf-8").partition("\nschema = ")[0]
    assert all(line.startswith("#") for line in comment.splitlines())
    for words in ("# For ", "# It demands", "# Replace: ", "# It does not cover: "):
        assert words in comment


# A key with its value, in a table or in an entry of one.
DEMAND = re.compile(
    r"""(?mx) (?: ^ | ,\ ) (
        (?: environment | runner | project_id | owner_id | source | builder | level | complete
          | threshold | max_age_days | no_rejected_evidence )
        \ = \ (?: "[^"]*" | \w+ )
    )"""
)
# What no case can show: nothing is proven in one, so the age of a root is nothing to it.
BEYOND = {"max_age_days = 60"}


@each_policy
def test_a_shipped_policy_without_any_one_of_its_demands_answers_a_case_otherwise(
    policy: Path,
) -> None:
    text = policy.read_text(encoding="utf-8")
    ((cases, _),) = load_cases_of(policy)
    for found in DEMAND.finditer(text):
        weaker = text[: found.start()] + text[found.end() :]
        try:
            changed = parse_policy(weaker.encode(), str(policy), str)
        except PolicyError:
            continue  # without it, it is no policy
        answered = judge_cases(cases, changed).expected
        assert not answered or found[1] in BEYOND, f"no case needs {found[1]}"


@pytest.mark.parametrize(("name", "text"), of_schema(POLICY_SCHEMA), ids=lambda one: one[:60])
def test_a_policy_on_a_page_can_be_used(name: str, text: str) -> None:
    parse_policy(text.encode(), name, lambda path: f"/folder/{path}")


# What the policy of a page has its cases in; that of the guide on writing has them in the next one.
CASES_OF_PAGES = Path(__file__).parent / "policy_cases"
_KEY_OF_THE_PAGE = re.compile(r'(?<=^sha256 = ")[0-9a-f]{64}(?="$)', re.MULTILINE)


def test_every_page_with_a_policy_has_cases() -> None:
    named = {f"{path.name.partition('.')[0]}.md" for path in CASES_OF_PAGES.iterdir()}
    pages = {Path(name.rpartition("-")[0]).name for name, _ in of_schema(POLICY_SCHEMA)}
    assert pages == named | {"write-a-policy.md"}


@pytest.mark.parametrize("cases", sorted(CASES_OF_PAGES.iterdir()), ids=lambda path: path.name)
def test_a_policy_on_a_page_passes_its_check_and_its_test(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = f"{cases.name.partition('.')[0]}.md"
    (text,) = [text for name, text in of_schema(POLICY_SCHEMA) if f"/{page}-" in name]
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    (tmp_path / "verifier.pub").write_bytes(pem_of(key))
    digest = sha256(pem_of(key)).hexdigest()
    policy = tmp_path / f"{page.removesuffix('.md')}.toml"
    policy.write_text(_KEY_OF_THE_PAGE.sub(digest, text), encoding="utf-8")
    said = cases.read_text(encoding="utf-8").replace("KEY", sha256(spki_of(key)).hexdigest())
    (tmp_path / cases.name).write_text(said, encoding="utf-8")
    assert run(["policy", "check", str(policy)]) == 0, capsys.readouterr()
    assert run(["policy", "test", str(policy)]) == 0, capsys.readouterr()


@pytest.mark.parametrize(("name", "text"), of_schema(CASES_SCHEMA), ids=lambda one: one[:60])
def test_cases_on_a_page_can_be_used(name: str, text: str) -> None:
    parse_cases(text.encode(), name)


def test_enough_policies_are_found_on_pages() -> None:
    assert len(of_schema(POLICY_SCHEMA)) >= 2
    assert of_schema(CASES_SCHEMA)


def test_every_command_of_the_guide_on_tests_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    guides = ROOT / "docs" / "guides"
    page = (guides / "test-a-policy.md").read_text(encoding="utf-8")
    (cases,) = [text for _, text in of_schema(CASES_SCHEMA)]
    # The policy that it is about is that of the guide before it.
    (policy,) = BLOCK.findall((guides / "write-a-policy.md").read_text(encoding="utf-8"))[:1]
    (tmp_path / "hello.policy.toml").write_text(policy, encoding="utf-8")
    (tmp_path / "hello.policy.cases.toml").write_text(cases, encoding="utf-8")
    shutil.copytree(FOLDER, tmp_path / "policies")
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^\$ sealane (.+)$", page, re.MULTILINE)
    assert len(commands) >= 5
    for command in commands:
        globbed = [sorted(map(str, Path().glob(word))) or [word] for word in shlex.split(command)]
        assert run([word for words in globbed for word in words]) == 0, capsys.readouterr()
    assert "FAIL" not in capsys.readouterr().out


def test_every_key_of_a_case_is_on_the_page() -> None:
    page = (ROOT / "docs" / "guides" / "test-a-policy.md").read_text(encoding="utf-8")
    for shape in CASE_SHAPES.values():
        assert isinstance(shape, Table)
        for key in shape.keys:
            # Of the claims one stands for all.
            assert shape.title == "claims" or re.search(rf"\b{key.name}\b", page), key.name

"""What becomes of a pinned package whose publisher changes; the guide documents each answer."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.main import run
from support.histories import GITHUB, GITLAB, Who, key_file, release, root_file
from support.maker.keys import key_named

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "pin-publishers.md"
PURL = "pkg:pypi/acme"
OLD, NEW = key_named("histories old"), key_named("histories new")
BOTH, SLSA = ("slsa", "publish"), ("slsa",)
Release = tuple[str, Who, tuple[str, ...], dict[str, Any]]


@dataclass(frozen=True)
class History:
    """What was released and pinned, what comes next, and the answer.

    Attributes:
        name: As the guide calls it.
        pinned: Releases that were pinned.
        next: The release that is held against them.
        code: The finding that tells of the change.
        said: What is told: as it was pinned, and as it is; empty where nothing differs.
        publishers: Whom the user trusts by now.
        update: Whether what is merely new is taken over.
    """

    name: str
    pinned: tuple[Release, ...]
    next: Release
    code: str
    said: tuple[str, ...]
    publishers: tuple[str, ...] = ("gitlab:group/acme",)
    update: bool = False


def signed(version: str, who: Who, kinds: tuple[str, ...] = BOTH, **plan: Any) -> Release:  # noqa: ANN401
    return version, who, kinds, plan


FIRST = (signed("1.0", GITLAB), signed("1.1", GITLAB))
IN_RELEASE = GITLAB.but(environment="release")
HOST = "https://gitlab.example.org"
HOSTED = GITLAB.but(issuer=HOST, base=HOST)
MOVED = GITLAB.but(issuer="https://git.example.org", base="https://git.example.org")
TWO_LINES = (signed("1.8", GITLAB, SLSA), signed("2.0", GITLAB, BOTH))
HISTORIES = (
    History("repository-renamed", FIRST, signed("1.2", GITLAB.but(project="group/widgets")),
            "SL-PIN-005", ("https://gitlab.com/group/acme", "https://gitlab.com/group/widgets"),
            publishers=("gitlab:group/widgets", "gitlab:group/acme"), update=True),
    History("owner-transferred", FIRST,
            signed("1.2", GITLAB.but(project="other/acme", owner_id="43")),
            "SL-PIN-007", ("42", "43"), publishers=("gitlab:other/acme", "gitlab:group/acme")),
    History("github-to-gitlab", (signed("1.0", GITHUB), signed("1.1", GITHUB)),
            signed("1.2", GITLAB), "SL-PIN-003",
            ("https://token.actions.githubusercontent.com", "https://gitlab.com"),
            publishers=("github:acme/acme", "gitlab:group/acme")),
    History("self-managed-host-changed", (signed("1.0", HOSTED), signed("1.1", HOSTED)),
            signed("1.2", MOVED), "SL-PIN-003", (HOST, "https://git.example.org"),
            publishers=(f"gitlab+{HOST}/group/acme", "gitlab+https://git.example.org/group/acme")),
    History("workflow-renamed", (signed("1.0", GITHUB), signed("1.1", GITHUB)),
            signed("1.2", GITHUB.but(file=".github/workflows/ship.yml")), "SL-PIN-008",
            (".github/workflows/release.yml", ".github/workflows/ship.yml"),
            publishers=("github:acme/acme",)),
    History("environment-added", FIRST, signed("1.2", IN_RELEASE),
            "SL-PIN-014", ("nothing", "release"), update=True),
    History("environment-removed", (signed("1.0", IN_RELEASE), signed("1.1", IN_RELEASE)),
            signed("1.2", GITLAB), "SL-PIN-011", ("release", "nothing")),
    History("attestations-lost", FIRST, signed("1.2", GITLAB, SLSA), "SL-PIN-015",
            ("publish by one of its pinned signers, as since version 1.0", "slsa-provenance")),
    History("old-major-never-had-them", TWO_LINES, signed("1.9", GITLAB, SLSA), "SL-PIN-001",
            (".gitlab-ci.yml",)),
    History("old-major-lost-them", (signed("1.8", GITLAB, BOTH), signed("2.0", GITLAB, BOTH)),
            signed("1.9", GITLAB, SLSA), "SL-PIN-015",
            ("publish by one of its pinned signers, as since version 1.8", "slsa-provenance")),
    History("rekor-v1-to-v2", FIRST, signed("1.2", GITLAB, log="v2"), "SL-PIN-017",
            ("publish in Rekor v1", "Rekor v2"), update=True),
    History("key-rotated", (signed("1.0", OLD), signed("1.1", OLD)), signed("1.2", NEW),
            "SL-PIN-013", ("expected: sha256:", "actual: sha256:"),
            publishers=("key:old.pem", "key:new.pem")),
    History("reusable-workflow-introduced", FIRST,
            signed("1.2", GITLAB.but(workflow="https://gitlab.com/group/acme//ci/sign.yml")),
            "SL-PIN-009", ("nothing", "ci/sign.yml")),
    History("project-id-changed", FIRST, signed("1.2", GITLAB.but(project_id="666")),
            "SL-PIN-006", ("4711", "666")),
)  # fmt: skip
EACH = pytest.mark.parametrize("history", HISTORIES, ids=lambda one: one.name)


@dataclass
class Desk:
    """A folder with the releases of a history, and who looks at them."""

    folder: Path
    history: History
    capsys: pytest.CaptureFixture[str]
    files: list[Path] = field(default_factory=list)

    def __call__(self, *words: object) -> tuple[int, str]:
        """Exit code and output of a command that has the usual options."""
        who = [word for one in self.history.publishers for word in ("--publisher", one)]
        code = run([*map(str, words), "--trust", "./root.json", *who])
        captured = self.capsys.readouterr()
        assert "internal error" not in captured.err
        return code, captured.out + captured.err

    @property
    def pins(self) -> Path:
        return self.folder / "sealane.pins.toml"

    def verify(self, file: Path) -> tuple[int, str]:
        return self("verify", file.name, "--pins", self.pins.name)

    def update(self, file: Path, *more: str) -> tuple[int, str]:
        return self("pins", "update", file.name, "--write", *more)


@pytest.fixture
def desk(
    history: History,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    """The history up to what was pinned, and the release that comes next."""
    monkeypatch.chdir(tmp_path)
    root_file(tmp_path)
    key_file(tmp_path, OLD, "old")
    key_file(tmp_path, NEW, "new")
    made = Desk(tmp_path, history, capsys)
    for version, who, kinds, plan in (*history.pinned, history.next):
        made.files.append(release(tmp_path, version, who, kinds, **plan))
    pinned = [file.name for file in made.files[:-1]]
    code, output = made("pins", "update", *pinned, "--write")
    assert code == 0, output
    return made


def rows_of_the_guide() -> dict[str, tuple[str, str]]:
    """Answer and finding of every history in the guide's table."""
    row = re.compile(r"^\| ([a-z0-9-]+) \| [^|]+ \| ([^|]+) \| `(SL-PIN-\d+)` \|$", re.MULTILINE)
    return {name: (answer, code) for name, answer, code in row.findall(GUIDE.read_text("utf-8"))}


def answer_of(history: History) -> str:
    """The answer that the guide gives."""
    answer, code = rows_of_the_guide()[history.name]
    assert code == history.code
    return answer


def test_the_guide_has_a_row_for_each_history() -> None:
    assert list(rows_of_the_guide()) == [one.name for one in HISTORIES]


@EACH
def test_what_was_pinned_verifies_and_the_next_one_would_without_pins(desk: Desk) -> None:
    for file in desk.files[:-1]:
        code, output = desk.verify(file)
        assert code == 0, output
        assert "SL-PIN-001" in output
    code, output = desk("verify", desk.files[-1].name)
    assert code == 0, output


@EACH
def test_a_history_has_the_documented_answer(desk: Desk, history: History) -> None:
    before = desk.pins.read_bytes()
    code, output = desk.verify(desk.files[-1])
    answer = answer_of(history)
    assert code == (1 if answer == "fail" else 0), output
    assert history.code in output
    for text in history.said:
        assert text in output
    assert (f"note    {history.code}" in output) == (answer != "fail")
    # Verifying writes nothing.
    assert desk.pins.read_bytes() == before


@EACH
def test_a_failure_names_the_command_that_shows_it_and_none_that_accepts_it(
    desk: Desk, history: History
) -> None:
    before = desk.pins.read_bytes()
    _, output = desk.verify(desk.files[-1])
    if answer_of(history) != "fail":
        assert "sealane pins diff" not in output
        return
    (command,) = set(re.findall(r"sealane (pins diff .*)$", output, re.MULTILINE))
    assert "project" in output[output.index("hint:") :]
    for words in (shlex.split(command), ["pins", "update", desk.files[-1].name, "--write"]):
        code, shown = desk(*words)
        assert code == 1, shown
        assert history.code in shown
        for text in (output, shown):
            assert "--accept" not in text
            assert "--cert-identity" not in text
        assert desk.pins.read_bytes() == before


@EACH
def test_update_takes_over_what_is_new_and_what_is_accepted(desk: Desk, history: History) -> None:
    before = desk.pins.read_bytes()
    latest = desk.files[-1]
    if answer_of(history) == "fail":
        code, output = desk.update(latest, "--accept", "pkg:pypi/other")
        assert (code, desk.pins.read_bytes()) == (1, before), output
        code, output = desk.update(latest, "--accept", PURL)
        assert code == 0, output
        assert desk.pins.read_bytes() != before
    else:
        code, output = desk.update(latest)
        assert code == 0, output
        assert (desk.pins.read_bytes() != before) == history.update
    for file in desk.files:
        code, output = desk.verify(file)
        assert code == 0, output


REPLACING = [
    one
    for one in HISTORIES
    # To sign in an environment again, or with more evidence, is no step back.
    if one.code not in {"SL-PIN-001", "SL-PIN-005", "SL-PIN-011", "SL-PIN-015", "SL-PIN-017"}
]


@pytest.mark.parametrize("history", REPLACING, ids=lambda one: one.name)
def test_whoever_was_replaced_no_longer_signs(desk: Desk, history: History) -> None:
    code, output = desk.update(desk.files[-1], "--accept", PURL)
    assert code == 0, output
    _, who, kinds, plan = history.pinned[-1]
    code, output = desk.verify(release(desk.folder, "1.3", who, kinds, **plan))
    assert code == 1, output
    assert "FAIL    SL-PIN-0" in output

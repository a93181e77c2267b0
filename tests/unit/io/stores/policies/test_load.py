"""A policy is read from its folder, and from nowhere else."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from sealane.errors import ExitCode, PolicyError
from sealane.io.stores.policies.load import LIMIT, allow_policy, discover, load_policy
from support.policies import CI, HEAD, PUBLISH, rule

PART = 'schema = "sealane.policy/1"\n' + rule(PUBLISH.replace("publish", "slsa-provenance"))


def policy_in(folder: Path, path: str = "part.toml", content: str = PART) -> Path:
    entry = f'{{ path = "{path}", sha256 = "{sha256(content.encode()).hexdigest()}" }}'
    file = folder / "policy.toml"
    file.write_text(f"{HEAD}include = [{entry}]\n{CI}{rule()}", encoding="utf-8")
    return file


def refusal(path: Path) -> PolicyError:
    with pytest.raises(PolicyError) as raised:
        load_policy(path)
    assert raised.value.exit_code == ExitCode.INPUT
    assert raised.value.hint
    assert f"policy {path}: line 3: include.0" in raised.value.message
    return raised.value


def test_files_below_the_folder_are_included(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "part.toml").write_text(PART, encoding="utf-8")
    policy = load_policy(policy_in(tmp_path, "rules/part.toml"))
    assert [one.name for one in policy.rules] == ["rule 1", "rules/part.toml rule 1"]


def test_a_link_inside_the_folder_may_be_followed(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text(PART, encoding="utf-8")
    (tmp_path / "part.toml").symlink_to("real.toml")
    assert len(load_policy(policy_in(tmp_path)).rules) == 2


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "part.toml").write_text(PART, encoding="utf-8")
    (tmp_path / "link").symlink_to("real")
    assert len(load_policy(policy_in(tmp_path / "link")).rules) == 2


@pytest.mark.parametrize("link", ["part.toml", "rules"])
def test_no_link_leads_out_of_the_folder(tmp_path: Path, link: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "part.toml").write_text(PART, encoding="utf-8")
    folder = tmp_path / "inside"
    folder.mkdir()
    target = "../outside/part.toml" if link == "part.toml" else "../outside"
    (folder / link).symlink_to(target)
    path = policy_in(folder, link if link == "part.toml" else "rules/part.toml")
    error = refusal(path)
    assert "a link that leads out of the policy's folder" in error.message


def test_a_folder_that_begins_alike_is_another(tmp_path: Path) -> None:
    (tmp_path / "inside-not").mkdir()
    (tmp_path / "inside-not" / "part.toml").write_text(PART, encoding="utf-8")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "part.toml").symlink_to("../inside-not/part.toml")
    assert "leads out" in refusal(policy_in(tmp_path / "inside")).message


def test_what_is_no_file_is_not_included(tmp_path: Path) -> None:
    path = policy_in(tmp_path)
    assert "No such file" in refusal(path).message
    (tmp_path / "part.toml").mkdir()
    assert "is a folder" in refusal(path).message.lower().replace("directory", "folder")
    (tmp_path / "part.toml").rmdir()
    (tmp_path / "part.toml").symlink_to("part.toml")
    assert "Too many levels" in refusal(path).message
    (tmp_path / "part.toml").unlink()
    (tmp_path / "part.toml").write_bytes(b"#" * (LIMIT + 1))
    assert "larger than" in refusal(path).message


def test_an_allowed_policy_stays_allowed_only_with_what_it_includes(tmp_path: Path) -> None:
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    (tmp_path / "part.toml").write_text(PART, encoding="utf-8")
    path = policy_in(tmp_path).rename(tmp_path / "sealane.policy.toml")
    assert allow_policy(path, state).includes
    assert discover(tmp_path, state).policy is not None
    (tmp_path / "part.toml").write_text(PART + "#\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"include\.0\.sha256"):
        discover(tmp_path, state)


def test_what_is_over_is_told_when_a_time_is_given(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(f"{HEAD}expires = 2026-01-01T00:00:00Z\n{CI}{rule()}", encoding="utf-8")
    assert load_policy(path).expires == datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(PolicyError, match="line 3: expires: expired at 2026-01-01"):
        load_policy(path, datetime(2026, 1, 1, tzinfo=UTC))

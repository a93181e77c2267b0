"""Merge requests: every pushed branch is one until it is merged or deleted."""

from __future__ import annotations

from typing import Any

from sealane.sandbox.git_store import MAIN, GitStore
from sealane.sandbox.state import State

_TABLE = """
CREATE TABLE IF NOT EXISTS merge_request (
    repository TEXT NOT NULL, number INTEGER NOT NULL, branch TEXT NOT NULL,
    head TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (repository, number)
)
"""


class MergeRequests:
    """The merge requests of all repositories.

    Args:
        state: Where they are kept.
        store: The repositories.
    """

    def __init__(self, state: State, store: GitStore) -> None:
        state.ensure(_TABLE)
        self._state = state
        self._store = store

    def list(self, repository: str) -> list[dict[str, Any]]:
        """All of a repository, oldest first, with state "opened", "merged" or "closed"."""
        rows = self._state.read(
            "SELECT number, branch, head, title, state FROM merge_request"
            " WHERE repository = ? ORDER BY number",
            repository,
        )
        names = ("number", "branch", "commit", "title", "state")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def observe(self, repository: str) -> None:
        """Bring them in line with the branches, after a push or a merge.

        1. Of a branch that is gone: closed. Of one that main has now: merged.
        2. Of a branch with a new commit: it follows, or a new one is opened.
        """
        with self._state.lock:
            heads = self._store.branches(repository)
            main = heads.pop(MAIN, "")
            opened = {
                one["branch"]: one for one in self.list(repository) if one["state"] == "opened"
            }
            for branch, one in opened.items():  # 1
                if branch not in heads:
                    self._set_state(repository, one["number"], "closed")
            for branch, head in heads.items():
                open_one = opened.get(branch)
                merged = self._store.contains(repository, main, head)
                if merged and open_one is not None:
                    self._set_state(repository, open_one["number"], "merged")
                elif not merged:  # 2
                    self._follow(repository, branch, head, open_one)

    def _follow(
        self, repository: str, branch: str, head: str, open_one: dict[str, Any] | None
    ) -> None:
        title = self._store.subject(repository, head)
        if open_one is not None:
            self._state.write(
                "UPDATE merge_request SET head = ?, title = ? WHERE repository = ? AND number = ?",
                head, title, repository, open_one["number"],
            )  # fmt: skip
            return
        number = 1 + max((one["number"] for one in self.list(repository)), default=0)
        self._state.write(
            "INSERT INTO merge_request VALUES (?, ?, ?, ?, ?, 'opened')",
            repository, number, branch, head, title,
        )  # fmt: skip

    def _set_state(self, repository: str, number: int, state: str) -> None:
        self._state.write(
            "UPDATE merge_request SET state = ? WHERE repository = ? AND number = ?",
            state, repository, number,
        )  # fmt: skip

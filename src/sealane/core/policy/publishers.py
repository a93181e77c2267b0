"""The publishers of a policy file, from their tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sealane.core.policy.people import (
    SERVER_ISSUER,
    CircleCiPublisher,
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
    Signer,
)
from sealane.core.policy.quick import (
    GITHUB_ISSUER,
    checked_file,
    checked_issuer,
    checked_origin,
    checked_project,
    workflow_file,
)
from sealane.core.policy.reading import Place, Trouble
from sealane.core.policy.refs import check_template
from sealane.errors import PolicyError

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_CIRCLECI = re.compile(
    r"https://oidc\.circleci\.com(?:/org/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?"
)
_GITHUB = re.compile(rf"{re.escape(GITHUB_ISSUER)}(?:/[A-Za-z0-9-]{{1,60}})?", re.ASCII)


class PublisherReader:
    """Makes the publisher of a `[publisher.NAME]`; keys are loaded later.

    Args:
        resolve: Makes a path in the file, relative to its folder, absolute.

    Attributes:
        troubles: What was wrong so far.
    """

    def __init__(self, resolve: Callable[[str], str]) -> None:
        self._resolve = resolve
        self.troubles: list[Trouble] = []

    def read(self, name: str, table: Mapping[str, Any]) -> Publisher | None:
        """The publisher of a table; None where something in it is wrong."""
        before = len(self.troubles)
        found = self._made(name, table, ("publisher", name))
        return found if len(self.troubles) == before else None

    def _made(self, name: str, table: Mapping[str, Any], place: Place) -> Publisher:
        match table["kind"]:
            case "gitlab" | "github":
                return self._forge(name, table, place)
            case "circleci":
                return CircleCiPublisher(
                    name, self._part(table, place, "issuer", checked_circleci_issuer),
                    table["project_id"], table["pipeline_definition_id"], table["vcs_origin"],
                    self._refs(table, place, "vcs_ref"),
                )  # fmt: skip
            case "email" | "google":
                issuer = self._part(table, place, "issuer", checked_issuer)
                return EmailPublisher(name, issuer, table["members"])
            case "certificate":
                issuer = self._part(table, place, "issuer", checked_issuer)
                return ExactPublisher(name, issuer, table["subject"])
            case "key":
                self.troubles.extend(window_troubles(table, place))
                return KeyPublisher(
                    name, self._resolve(table["file"]), table["sha256"], table["details"] or "",
                    table["start"], table["end"],
                )  # fmt: skip
            case _:
                return OpenPgpPublisher(name, self._resolve(table["file"]), table["sha256"])

    def _forge(self, name: str, table: Mapping[str, Any], place: Place) -> ForgePublisher:
        forge = ForgeSort(table["kind"])
        check_issuer = checked_origin if forge is ForgeSort.GITLAB else checked_github_issuer
        project, file = self._file(table, place, forge)
        return ForgePublisher(
            name, forge, self._part(table, place, "issuer", check_issuer), project, file,
            self._refs(table, place, "ref"), table["environment"], table["runner"],
            table["project_id"], table["owner_id"],
            self._signer(table["signer"], (*place, "signer"), forge),
        )  # fmt: skip

    def _signer(
        self, table: Mapping[str, Any] | None, place: Place, forge: ForgeSort
    ) -> Signer | None:
        if table is None:
            return None
        project, file = self._file(table, place, forge)
        return Signer(project, file, self._refs(table, place, "ref", checked_signer_ref))

    def _file(self, table: Mapping[str, Any], place: Place, forge: ForgeSort) -> tuple[str, str]:
        """The project, and its pipeline file."""
        if forge is ForgeSort.GITLAB:
            project = self._part(table, place, "project", checked_project)
            return project, self._part(table, place, "config", checked_file)
        project = self._part(table, place, "project", _checked_repository)
        return project, self._part(table, place, "workflow", workflow_file)

    def _refs(
        self,
        table: Mapping[str, Any],
        place: Place,
        key: str,
        check: Callable[[str], str] = check_template,
    ) -> tuple[str, ...]:
        return tuple(self._checked(one, (*place, key), check) for one in table[key] or ())

    def _part(
        self, table: Mapping[str, Any], place: Place, key: str, check: Callable[[str], str]
    ) -> str:
        return self._checked(table[key], (*place, key), check)

    def _checked(self, text: str, place: Place, check: Callable[[str], str]) -> str:
        try:
            return check(text)
        except PolicyError as error:
            self.troubles.append(Trouble(place, error.message, error.hint or ""))
            return text


def window_troubles(table: Mapping[str, Any], place: Place) -> Iterator[Trouble]:
    """What is wrong with `start` and `end` of a table."""
    start: datetime | None = table["start"]
    end: datetime | None = table["end"]
    if start is not None and end is not None and end < start:
        why = f"expected a time after start, {start.isoformat()}, got {end.isoformat()}"
        yield Trouble((*place, "end"), why, "write the later of the two as end")


def checked_github_issuer(text: str) -> str:
    """The issuer of GitHub's pipelines, of an enterprise's there, or of a server of one's own.

    Raises:
        PolicyError: It is none of them.
    """
    own = text.endswith(SERVER_ISSUER)
    if own:
        checked_origin(text.removesuffix(SERVER_ISSUER))
    elif not _GITHUB.fullmatch(text):
        raise PolicyError(
            f"issuer {text[:100]!r}: expected {GITHUB_ISSUER}, {GITHUB_ISSUER}/ENTERPRISE or "
            f"https://HOST{SERVER_ISSUER}",
            hint="name the issuer in full; who logs in elsewhere is of another kind",
        )
    return text


def checked_circleci_issuer(text: str) -> str:
    """The issuer of an organisation's pipelines on CircleCI.

    Raises:
        PolicyError: It is not.
    """
    if not _CIRCLECI.fullmatch(text):
        raise PolicyError(
            f"issuer {text[:100]!r}: expected https://oidc.circleci.com/org/ID",
            hint="the organisation's id stands in its settings",
        )
    return text


def checked_signer_ref(text: str) -> str:
    """The ref, or the commit, of a reusable pipeline.

    Raises:
        PolicyError: It is neither.
    """
    return text if _COMMIT.fullmatch(text) else check_template(text)


def _checked_repository(text: str) -> str:
    return checked_project(text, parts=2)

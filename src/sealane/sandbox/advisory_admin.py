"""Where advisories go and come from, put together from its services, and its administration."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sealane.errors import InputError
from sealane.sandbox.accounts import Accounts
from sealane.sandbox.advisory_feed import AdvisoryFeed
from sealane.sandbox.advisory_store import AdvisoryStore
from sealane.sandbox.cve_store import CveStore
from sealane.sandbox.ghsa_store import GhsaStore
from sealane.sandbox.git_requests import MergeRequests
from sealane.sandbox.git_store import GitStore
from sealane.sandbox.ports import Ports
from sealane.sandbox.services.cve import Cve, checked
from sealane.sandbox.services.cve_org import CveOrg
from sealane.sandbox.services.ghsa import Ghsa
from sealane.sandbox.services.git import Git
from sealane.sandbox.services.osv import Osv
from sealane.sandbox.wire import Route

Document: TypeAlias = Mapping[str, Any]


class Advisories:
    """OSV, CVE Services, the forge's advisories and the git remote.

    Args:
        ports: The world.
        accounts: What clients show.
        base: Origin of the sandbox, once it listens.
    """

    def __init__(self, ports: Ports, accounts: Accounts, base: Callable[[], str]) -> None:
        self._accounts = accounts
        self._base = base
        self._advisories = AdvisoryStore(ports.state)
        self._repositories = GitStore(ports)
        self._requests = MergeRequests(ports.state, self._repositories)
        self._ghsa = GhsaStore(ports)
        self.feed = AdvisoryFeed(ports, self._repositories)
        cve = CveStore(ports, accounts.cve_key)
        self._services = (
            Osv(ports, self.feed.catch_up),
            Cve(ports, cve),
            CveOrg(ports, cve, checked),
            Ghsa(ports, self._ghsa, accounts.ghsa_token),
            Git(ports, self._repositories, self._requests, accounts.git_token, self._pushed),
        )

    def routes(self) -> list[Route]:
        """All routes."""
        return [route for service in self._services for route in service.routes()]

    @property
    def documents(self) -> Mapping[str, Callable[[Document], Document]]:
        """What the administration may ask, by name of its route."""
        return {
            "accounts": lambda asked: self._accounts.document(self._base()),
            "advisory": lambda record: {"id": self._advisories.put(record)},
            "advisories": self._list,
            "repository": self._create,
            "merge-requests": self._list_requests,
            "merge": self._merge,
            "ghsa-repository": self._add_ghsa_repository,
            "ghsa-cve": self._assign_cve,
        }

    def _pushed(self, name: str) -> object:
        del name
        return self.feed.catch_up()

    def _list(self, asked: Document) -> Document:
        _members("advisories", asked)
        self.feed.catch_up()
        return {"advisories": self._advisories.all()}

    def _create(self, asked: Document) -> Document:
        given = {"advisories": False, "protected": None, **asked}
        name, advisories, protected = _members(
            "repository", given, name=str, advisories=bool, protected=(bool, type(None))
        )
        if advisories and importlib.util.find_spec("yaml") is None:
            raise InputError(
                "repository: 'PyYAML' is not installed, which reads an advisory database",
                hint="install sealane[advisory]",
            )
        protected = advisories if protected is None else protected
        self._repositories.create(name, advisories=advisories, protected=protected)
        return {
            "name": name,
            "url": f"{self._accounts.document(self._base())['git']['url']}/{name}.git",
        }

    def _list_requests(self, asked: Document) -> Document:
        (name,) = _members("merge-requests", asked, name=str)
        self._known(name)
        return {"merge_requests": self._requests.list(name)}

    def _merge(self, asked: Document) -> Document:
        name, branch = _members("merge", asked, name=str, branch=str)
        self._known(name)
        commit = self._repositories.merge(name, branch)
        self._requests.observe(name)
        return {"commit": commit, "taken": self.feed.catch_up()}

    def _add_ghsa_repository(self, asked: Document) -> Document:
        (repository,) = _members("ghsa-repository", asked, repository=str)
        self._ghsa.add_repository(repository)
        return {"repository": repository}

    def _assign_cve(self, asked: Document) -> Document:
        repository, identifier, cve = _members(
            "ghsa-cve", asked, repository=str, ghsa_id=str, cve_id=str
        )
        self._ghsa.assign_cve(repository, identifier, cve)
        return {"ghsa_id": identifier, "cve_id": cve}

    def _known(self, name: str) -> None:
        if not self._repositories.exists(name):
            shown = re.sub(r"[^ -~]", "?", name)[:80]
            raise InputError(f"repository {shown!r}: there is none", hint="make it first")


def _members(what: str, asked: Document, **kinds: Any) -> list[Any]:  # noqa: ANN401 - types
    """The named members of a document that has these and no others, each of its type."""
    if set(asked) != set(kinds):
        names = ", ".join(kinds) or "nothing"
        raise InputError(f"{what}: expected {names}", hint="no more, no less")
    for name, kind in kinds.items():
        if not isinstance(asked[name], kind):
            raise InputError(f"{what}: {name} is of another type")
    return [asked[name] for name in kinds]

"""The services that advisories go to, without a socket."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from sealane.sandbox.accounts import CVE_ORG, CVE_USER, GIT_USER, Accounts
from sealane.sandbox.advisory_admin import Advisories
from sealane.sandbox.wire import Response, Route
from support.index_parts import IndexParts
from support.sandbox_parts import BASE, document

CVE = "/cve/api"
GHSA = "/ghsa/repos/acme/widgets/security-advisories"


@dataclass
class AdvisoryParts(IndexParts):
    """All services of a sandbox, and what clients show to those of advisories."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.accounts = Accounts()
        self.advisories = Advisories(self.ports, self.accounts, lambda: BASE)

    @property
    def routes(self) -> list[Route]:
        """All routes."""
        return self.advisories.routes() + super().routes

    def administer(self, name: str, /, **asked: object) -> Any:  # noqa: ANN401 - parsed JSON
        """What an administration route answers."""
        return self.advisories.documents[name](asked)

    def cve(
        self, method: str, path: str, body: object = b"", /, key: str = "", **query: str
    ) -> Response:
        """An answer of CVE Services to the sandbox's own account."""
        headers = {
            "cve_api_org": CVE_ORG,
            "cve_api_user": CVE_USER,
            "cve_api_key": key or self.accounts.cve_key,
        }
        return self.call(method, f"{CVE}/{path}", body, query, **headers)

    def reserve(self, **query: str) -> list[str]:
        """Identifiers that were reserved."""
        asked = {"cve_year": "2026", "amount": "1", "short_name": CVE_ORG, **query}
        answer = self.cve("POST", "cve-id", b"", **asked)
        return [one["cve_id"] for one in document(answer)["cve_ids"]]

    def ghsa(self, method: str, path: str = "", body: object = b"", **query: str) -> Response:
        """An answer of the forge to an administrator."""
        bearer = f"Bearer {self.accounts.ghsa_token}"
        return self.call(method, f"{GHSA}{path}", body, query, authorization=bearer)

    def pusher(self) -> str:
        """The header that a push shows."""
        pair = b64encode(f"{GIT_USER}:{self.accounts.git_token}".encode())
        return f"Basic {pair.decode()}"

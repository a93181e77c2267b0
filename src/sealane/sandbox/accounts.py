"""The sandbox's own accounts at the services that publish advisories."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sealane.sandbox.addresses import CVE_PREFIX, GHSA_PREFIX, GIT_PREFIX, OSV_PREFIX

CVE_ORG = "sandbox-cna"
CVE_USER = "sandbox@sealane.invalid"
GIT_USER = "sandbox"


def _secret() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Accounts:
    """What clients show; new in every run, and of no use anywhere else.

    Attributes:
        cve_key: API key of the one user of the one organisation at CVE Services.
        ghsa_token: Bearer token of the forge's REST.
        git_token: Password of a push.
    """

    cve_key: str = field(default_factory=_secret, repr=False)
    ghsa_token: str = field(default_factory=_secret, repr=False)
    git_token: str = field(default_factory=_secret, repr=False)

    def document(self, base: str) -> dict[str, dict[str, Any]]:
        """Address and account of each service.

        Args:
            base: Origin of the sandbox.
        """
        return {
            "osv": {"url": f"{base}{OSV_PREFIX}"},
            "cve": {
                "url": f"{base}{CVE_PREFIX}",
                "org": CVE_ORG,
                "user": CVE_USER,
                "key": self.cve_key,
            },
            "ghsa": {"url": f"{base}{GHSA_PREFIX}", "token": self.ghsa_token},
            "git": {"url": f"{base}{GIT_PREFIX}", "user": GIT_USER, "token": self.git_token},
        }


def client_variables(accounts: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The variables that unmodified clients read.

    Args:
        accounts: What `Accounts.document` gives.
    """
    cve = accounts["cve"]
    return {
        "CVE_API_URL": str(cve["url"]),
        "CVE_ORG": str(cve["org"]),
        "CVE_USER": str(cve["user"]),
        "CVE_API_KEY": str(cve["key"]),
        "PIP_AUDIT_OSV_URL": f"{accounts['osv']['url']}/v1/query",
    }

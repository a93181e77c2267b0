"""A policy in one flag: who has to have signed.

Forms: `gitlab:group/project//file@ref`, `gitlab+https://host/group/project//file@ref`,
`github:owner/repository/workflow@ref`, `email:address,issuer`, `key:FILE`. File and ref may be left
out: then any pipeline file of the project counts, and only the release tag of the artifact's own
version. Whoever names a key vouches for it, so no log has to; an entry that is there has to hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sealane.core.attestation.predicates.registry import SIGNATURE
from sealane.core.model.values import replace
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import (
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    Publisher,
)
from sealane.core.policy.refs import TAGS, check_template
from sealane.core.policy.schema import Policy, Rule, policy_of
from sealane.core.verify.interface import Demands
from sealane.errors import PolicyError, UsageError

GITLAB_ISSUER = "https://gitlab.com"
GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
# Statements by which a publisher stands for a file; that somebody tested a file is not one.
STATEMENTS = (SIGNATURE, "publish", "slsa-provenance", "release-manifest")
_PATH = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9_.][A-Za-z0-9_.+-]*)*", re.ASCII)
_ORIGIN = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?", re.ASCII)
_ISSUER = re.compile(
    r"https://[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?", re.ASCII
)
_ADDRESS = re.compile(r"[^\s@,\x00-\x1f]+@[^\s@,\x00-\x1f]+")
_FORMS = (
    "gitlab:group/project//file@ref, gitlab+https://host/group/project, "
    "github:owner/repository/workflow@ref, email:address,issuer or key:FILE"
)


def quick_policy(publishers: Sequence[str]) -> Policy:
    """A policy under which one of these publishers has to have signed every artifact.

    Args:
        publishers: As `--publisher` has them; files of keys are loaded later.

    Raises:
        UsageError: None, or one that is not of a known form.
    """
    if not publishers:
        raise UsageError("--publisher: expected at least one")
    named = tuple(parse_publisher(text) for text in publishers)
    policy = _any_statement(named, " ".join(f"--publisher {text}" for text in publishers))
    if any(isinstance(one, KeyPublisher) for one in named):
        return replace(policy, rootless_demands=Demands(key_logs=0))
    return policy


def exact_policy(subject: str, issuer: str) -> Policy:
    """A policy that compares subject and issuer of the certificate as they are.

    Raises:
        UsageError: One of them is empty, or the issuer is not an https URL.
    """
    if not subject.strip():
        raise UsageError("--cert-identity: expected the certificate's subject, got nothing")
    try:
        publisher = ExactPublisher("signer", checked_issuer(issuer), subject)
    except PolicyError as error:
        raise UsageError(f"--cert-oidc-issuer: {error.message}", hint=error.hint) from error
    origin = f"--cert-identity {subject} --cert-oidc-issuer {issuer}"
    return _any_statement((publisher,), origin)


def parse_publisher(text: str) -> Publisher:
    """Whom one flag names.

    Raises:
        UsageError: Not of a known form, or a part of it cannot be used.
    """
    kind, _, rest = text.partition(":")
    try:
        match kind:
            case "gitlab":
                return _gitlab(GITLAB_ISSUER, rest)
            case "gitlab+https":
                origin, _, path = rest.removeprefix("//").partition("/")
                return _gitlab(checked_origin(f"https://{origin}"), path)
            case "github":
                return _github(rest)
            case "email":
                address, _, issuer = rest.partition(",")
                return EmailPublisher("signer", checked_issuer(issuer), (_address(address),))
            case "key":
                return KeyPublisher("signer", _key_file(rest), None)
    except PolicyError as error:
        raise UsageError(f"--publisher {text[:100]!r}: {error.message}", hint=error.hint) from error
    raise UsageError(f"--publisher {text[:100]!r}: not of a known form", hint=f"write {_FORMS}")


def checked_origin(text: str) -> str:
    """The origin of a forge.

    Raises:
        PolicyError: Not https with a host in lower case and nothing after it.
    """
    if not _ORIGIN.fullmatch(text):
        raise PolicyError(f"origin {text[:100]!r}: expected https://host, in lower case")
    return text


def checked_issuer(text: str) -> str:
    """An OIDC issuer.

    Raises:
        PolicyError: Not an https URL without query, in full.
    """
    if not _ISSUER.fullmatch(text):
        raise PolicyError(
            f"issuer {text[:100]!r}: expected an https URL, in full",
            hint="an identity without its issuer can be anybody's",
        )
    return text


def checked_project(text: str, *, parts: int | None = None) -> str:
    """The path of a project.

    Args:
        text: The path.
        parts: How many parts it has; None for two or more.

    Raises:
        PolicyError: Not such a path.
    """
    segments = text.split("/")
    usable = _PATH.fullmatch(text) and ".." not in segments and "." not in segments
    if not usable or len(segments) < 2 or (parts and len(segments) != parts):
        raise PolicyError(f"project {text[:100]!r}: expected a path like group/project")
    return text


def checked_file(text: str) -> str:
    """The path of a pipeline or workflow file.

    Raises:
        PolicyError: Not a relative path of plain characters.
    """
    if not _PATH.fullmatch(text) or ".." in text.split("/"):
        raise PolicyError(f"file {text[:100]!r}: expected a path in the project")
    return text


def workflow_file(text: str) -> str:
    """The path of a GitHub workflow; a bare name stands in the folder for workflows.

    Raises:
        PolicyError: As `checked_file`.
    """
    return checked_file(text if "/" in text else f".github/workflows/{text}")


def _gitlab(issuer: str, text: str) -> ForgePublisher:
    where, ref = _without_ref(text)
    project, separator, file = where.partition("//")
    return ForgePublisher(
        "signer", ForgeSort.GITLAB, issuer, checked_project(project),
        config=checked_file(file) if separator else None, refs=ref,
    )  # fmt: skip


def _github(text: str) -> ForgePublisher:
    where, ref = _without_ref(text)
    owner, repository, file = (*where.split("/", 2), "", "")[:3]
    return ForgePublisher(
        "signer", ForgeSort.GITHUB, GITHUB_ISSUER,
        checked_project(f"{owner}/{repository}", parts=2),
        config=workflow_file(file) if where.count("/") > 1 else None, refs=ref,
    )  # fmt: skip


def _without_ref(text: str) -> tuple[str, tuple[str, ...]]:
    where, separator, ref = text.partition("@")
    if not separator:
        return where, ()
    # A short name is a tag's: a branch of that name is somebody's to move.
    return where, (check_template(ref if ref.startswith("refs/") else f"{TAGS}{ref}"),)


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text) or not text.isprintable():
        raise PolicyError(f"address {text[:100]!r}: expected name@host")
    return text


def _key_file(text: str) -> str:
    if not text or not text.isprintable():
        raise PolicyError(f"file {text[:100]!r}: expected the path of a public key")
    return text


def _any_statement(publishers: tuple[Publisher, ...], origin: str) -> Policy:
    rule = Rule(("*",), (Requirement(STATEMENTS, publishers),))
    return policy_of("quick", origin, (rule,))

"""Whom a channel has to trust: what the identity token of a release job must say."""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.policy.quick import GITHUB_ISSUER
from sealane.core.release.project import Forge, ForgeKind


def expected_claims(forge: Forge, tag: str, environment: str) -> dict[str, str]:
    """The claims of an identity token that the publisher registered on the index will match.

    No index asks whether the tag is protected, so it is asked here: who may push any tag may not
    release.

    Args:
        forge: Where the pipeline runs.
        tag: The tag that is released.
        environment: Protected environment of the job; "" for none.
    """
    ref = f"refs/tags/{tag}"
    match forge.kind:
        case ForgeKind.GITLAB:
            claims = {
                "iss": f"https://{forge.host}",
                "project_path": forge.project,
                "ci_config_ref_uri": f"{forge.host}/{forge.project}//{forge.pipeline}@{ref}",
                "ref_path": ref,
                "ref_protected": "true",
            }
        case ForgeKind.GITHUB:
            claims = {
                "iss": GITHUB_ISSUER,
                "repository": forge.project,
                "job_workflow_ref": f"{forge.project}/{forge.pipeline}@{ref}",
                "ref": ref,
                "ref_protected": "true",
            }
    return claims | ({"environment": environment} if environment else {})


def differences(claims: Mapping[str, object], expected: Mapping[str, str]) -> tuple[str, ...]:
    """One line for each claim that is not what was expected; nothing else of the token."""
    return tuple(
        f"{name}: expected {wanted!r}, the token says {_shown(claims.get(name))}"
        for name, wanted in expected.items()
        if claims.get(name) != wanted
    )


def builder_id(claims: Mapping[str, object]) -> str:
    """Who signs, as the certificate will name it: its build signer URI; "" where it is unknown.

    Spec: sigstore/fulcio, docs/oid-info.md, 1.3.6.1.4.1.57264.1.9.
    """
    gitlab, github = claims.get("ci_config_ref_uri"), claims.get("job_workflow_ref")
    if isinstance(gitlab, str) and gitlab:
        return f"https://{gitlab}"
    if isinstance(github, str) and github:
        return f"https://github.com/{github}"
    return ""


def invocation(claims: Mapping[str, object]) -> str:
    """The run that signs, as a URL; "" where the token does not say.

    Spec: as `builder_id`, 1.3.6.1.4.1.57264.1.21.
    """
    if isinstance(claims.get("project_path"), str) and isinstance(claims.get("job_id"), str):
        return f"{claims['iss']}/{claims['project_path']}/-/jobs/{claims['job_id']}"
    if isinstance(claims.get("repository"), str) and isinstance(claims.get("run_id"), str):
        attempt = claims.get("run_attempt", "1")
        return (
            f"https://github.com/{claims['repository']}/actions/runs/{claims['run_id']}"
            f"/attempts/{attempt}"
        )
    return ""


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(str(value)[:200])


# What to do about each refusal to mint; the words before are the index's own.
_MINT_HINTS = {
    "invalid-reuse-token": "each identity token mints once; start a new job (not a retry of a "
    "command inside this one), it goes on where this one stopped",
    "invalid-publisher": "register this publisher for the project on the index, with exactly the "
    "values above",
    "invalid-token": "the token has expired or is for somebody else; start a new job",
    "not-enabled": "the index has trusted publishing switched off; try again later",
    "invalid-pending-publisher": "remove the pending publisher on the index: the project exists",
}


def explain_mint(
    code: str, said: str, claims: Mapping[str, object], expected: Mapping[str, str]
) -> tuple[str, str]:
    """Why an index refused to mint, in a message and a hint; nothing of the token but its claims.

    Args:
        code: The index's own word, e.g. "invalid-reuse-token".
        said: What it said.
        claims: What the token says.
        expected: What the publisher's registration will be compared with.
    """
    wrong = differences(claims, expected)
    lines = wrong or tuple(f"{name}: {value!r}" for name, value in expected.items())
    title = "the token differs from what was expected" if wrong else "the token says, as expected"
    shown = (
        ""
        if code == "invalid-reuse-token"
        else f"\n  {title}:" + "".join(f"\n    {line}" for line in lines)
    )
    hint = _MINT_HINTS.get(code, "compare the publisher registered on the index with this job")
    return f"no upload token: {said}{shown}", hint

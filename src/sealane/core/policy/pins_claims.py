"""What a proven signer and its evidence would be pinned as.

A project's path and a file's revision change with each rename and each release, so files of the
project itself are told by their path in it, and revisions only by the ref.

Spec: sigstore/fulcio, docs/oid-info.md.
"""

from __future__ import annotations

import re
from dataclasses import replace

from packaging.version import Version

from sealane.core.attestation.predicates.registry import SIGNATURE
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.policy.answers import kind_of
from sealane.core.policy.pins import LONGEST_TEXT, LogKind, Signer
from sealane.core.policy.refs import check_template, matches_template
from sealane.errors import InputError, PolicyError

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Tried in this order: what can be read in two ways is pinned as the first.
_FORMS = ("{pep440}", "{semver}", "{base}")


def kind_of_evidence(fact: Fact) -> str:
    """The kind of evidence a fact is: a short name, or the type's URI where it has none."""
    return kind_of(fact) or (fact.statement.predicate_type if fact.statement else SIGNATURE)


def log_of(fact: Fact) -> LogKind:
    """In which log a fact's evidence is."""
    if fact.log_index is None:
        return LogKind.NONE
    return {1: LogKind.V1, 2: LogKind.V2}.get(fact.log_generation, LogKind.SOME)


def seen_signer(fact: Fact) -> Signer:
    """Whoever signed a fact, as the certificate says it: its ref stands for no other version."""
    signer = fact.signer
    config = _unrevised(signer.claim(Claim.BUILD_CONFIG_URI) or "")
    project = _project(signer.claim(Claim.SOURCE_REPOSITORY_URI) or "", config)
    ref = signer.claim(Claim.SOURCE_REPOSITORY_REF)
    return Signer(
        issuer=signer.issuer,
        subject="" if config else signer.subject,
        project=project,
        project_id=signer.claim(Claim.SOURCE_REPOSITORY_ID) or "",
        owner_id=signer.claim(Claim.SOURCE_OWNER_ID) or "",
        config=_inside(config, project),
        workflow=_inside(_workflow(signer, config), project),
        refs=(ref,) if ref else (),
        environment=signer.claim(Claim.DEPLOYMENT_ENVIRONMENT) or "",
        runner=signer.claim(Claim.RUNNER_ENVIRONMENT) or "",
        signs=(kind_of_evidence(fact),),
    )


def as_pinned(seen: Signer, version: str) -> Signer:
    """A signer that was seen, with templates in place of its refs.

    Args:
        seen: As `seen_signer` gives it.
        version: PEP 440 version of the artifact it signed.

    Raises:
        InputError: A claim has characters that no file of pins can hold.
        PolicyError: A ref has characters that no template can have.
    """
    named = (
        seen.issuer, seen.subject, seen.project, seen.project_id, seen.owner_id, seen.config,
        seen.workflow, seen.environment, seen.runner, *seen.signs,
    )  # fmt: skip
    for text in named:
        if text and (not text.strip() or len(text) > LONGEST_TEXT or _CONTROL.search(text)):
            raise InputError(
                f"a signer's claim {text[:100]!r}: it cannot be pinned, for it is blank, too long, "
                "or has control characters",
                hint="report it to the publisher; nothing that is meant well looks like that",
            )
    return replace(seen, refs=tuple(_template(ref, version) for ref in seen.refs))


def _template(ref: str, version: str) -> str:
    """A ref with a placeholder where the version ends it; without one where none does.

    The longest end that is a version counts, as where tags are compared: "v1.0rc1" does not end in
    the version 1 of something.
    """
    if set("{}") & set(ref):
        raise PolicyError(
            f"ref {ref[:100]!r}: it cannot be pinned: its braces would stand for a version",
            hint="release from a tag without braces",
        )
    for start in range(1, len(ref)):
        whole = ref[start].isdigit() and ref[start - 1] not in "0123456789.!+"
        if whole and _is_version(ref[start:]):
            templates = (ref[:start] + form for form in _FORMS)
            found = (one for one in templates if matches_template(ref, one, version))
            return check_template(next(found, ref))
    return check_template(ref)


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except ValueError:  # InvalidVersion, and what int() says of thousands of digits
        return False
    return True


def _project(source: str, config: str) -> str:
    """The project's URL.

    Of every instance of GitLab certificates call the source `https://gitlab.com/…`; the pipeline's
    URL has the instance's own host, which is the one to be pinned where the paths are the same.
    """
    where, _ = _parted(config)
    return where if where and _path(where) == _path(source) else source


def _path(url: str) -> str:
    return url.partition("://")[2].partition("/")[2]


def _workflow(signer: Identity, config: str) -> str:
    """The file that signed where it is not the pipeline's own; "" where it is."""
    if not config:
        return ""
    named = (signer.subject, signer.claim(Claim.BUILD_SIGNER_URI) or config)
    return next((one for one in map(_unrevised, named) if one != config), "")


def _unrevised(uri: str) -> str:
    """A file's URI without its revision, which may itself hold an `@`."""
    return uri.partition("@")[0]


def _inside(uri: str, project: str) -> str:
    """A file's path in the project, or its URI where it is another's."""
    where, file = _parted(uri)
    return file if where and where == project else uri


def _parted(uri: str) -> tuple[str, str]:
    """Project and file of a pipeline's URI; both "" for any other text.

    GitLab writes two slashes between them; GitHub's projects have an owner and a name.
    """
    scheme, _, rest = uri.partition("://")
    project, double, file = rest.partition("//")
    if not double:
        parts = rest.split("/", 3)
        project, file = "/".join(parts[:3]), parts[3] if len(parts) == 4 else ""
    return (f"{scheme}://{project}", file) if file else ("", "")

"""A policy in plain words: what has to be true, from the model that judges, so nothing is left out.

What is shown of a policy is its author's text; it is escaped where it is printed, a line at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from sealane.core.model.artifact import Artifact
from sealane.core.policy.answers import is_about
from sealane.core.policy.explained_signers import describe_publisher
from sealane.core.policy.needs import AllOf, AnyOf, Need, Requirement, ScanDemand, Severity
from sealane.core.policy.schema import (
    Condition,
    Continuity,
    Distrust,
    Downgrade,
    EngineName,
    Exemption,
    LogClass,
    Mode,
    Policy,
    Rule,
    Trust,
)

_STEP = "  "
_STATEMENTS = {
    "signature": "a signature over the file itself",
    "publish": "a publish attestation",
    "slsa-provenance": "SLSA provenance",
    "vsa": "a verification summary (VSA)",
    "svr": "a summary of verified properties (SVR)",
    "release": "a release attestation",
    "release-manifest": "a release manifest",
    "link": "an in-toto link",
    "test-result": "a test result",
    "vulns": "a vulnerability scan",
    "cosign-vuln": "a vulnerability scan of cosign's",
    "cosign-sign": "a signature statement of cosign's",
    "cosign-custom": "a custom statement of cosign's",
    "reference": "a list of references",
    "scai": "a list of attributes (SCAI)",
    "runtime-trace": "a trace of the build",
    "sbom-spdx": "a bill of materials in SPDX",
    "sbom-cyclonedx": "a bill of materials in CycloneDX",
    "openvex": "an OpenVEX document",
    "npm-publish": "an npm registry's word that it published the package",
}
_MODES = {
    Mode.ENFORCE: "must have",
    Mode.WARN: "should have (it is only warned where it does not)",
    Mode.AUDIT: "is looked at for (it is only noted where it does not)",
}
_ENGINES = {
    EngineName.SEALANE: "Evidence is proven by sealane's own verifier.",
    EngineName.SIGSTORE: "Evidence is proven by the sigstore library alone.",
    EngineName.BOTH: "Evidence is proven by sealane's verifier and by the sigstore library; both "
    "have to agree.",
}
_LOGS = {
    LogClass.REQUIRED: "signatures have to be in a log that it knows",
    LogClass.PRIVATE: "signatures have to be in the instance's own log",
    LogClass.NONE: "signatures need not be in a log",
}


def explain_policy(policy: Policy, artifact: Artifact | None = None) -> Iterator[str]:
    """A policy as lines of plain words.

    Args:
        policy: What must be true.
        artifact: Of which alone it is told; None for everything the policy is about.

    Yields:
        Lines, indented by two blanks a level; texts of the policy are not escaped.
    """
    yield f"policy {policy.id}, {policy.origin}"
    yield f"{_STEP}sha256: {policy.sha256}"
    yield from _window(policy)
    yield from _proof(policy)
    version = None if artifact is None else artifact.version
    rules = [one for one in policy.rules if artifact is None or is_about(one, artifact)]
    denied = all(rule.added for rule in rules)
    for rule in rules:
        yield ""
        yield from _rule(rule, artifact, version)
    yield ""
    if artifact is not None and denied:
        yield f"No rule of the policy's own is about {artifact.name}: it is refused."
    else:
        yield "An artifact that no rule is about is refused."
    yield from _exceptions(policy, artifact)


def _window(policy: Policy) -> Iterator[str]:
    if policy.not_before is not None:
        yield f"It counts from {_time(policy.not_before)} on."
    if policy.expires is None:
        yield "It never expires."
    else:
        yield f"It counts until {_time(policy.expires)}; after that nothing passes."
    for one in policy.includes:
        yield f"It takes in the rules of {one}."


def _proof(policy: Policy) -> Iterator[str]:
    yield _ENGINES[policy.engine]
    if not policy.trusts:
        yield "It names no trust root: the embedded one is used, or the one that --trust names."
    for one in policy.trusts:
        yield f"Trust root {one.name}: {'; '.join(_root(one))}."
    if policy.no_rejected_evidence:
        yield "Refused evidence makes an artifact fail, even beside good evidence."
    else:
        yield "Refused evidence beside good evidence is only noted."


def _root(trust: Trust) -> Iterator[str]:
    pinned = f" with the digest {trust.sha256}" if trust.sha256 else ""
    yield f"{trust.root}{pinned}"
    if trust.max_age_days is not None:
        yield f"at most {_days(trust.max_age_days)} old"
    yield _LOGS[trust.log]
    demands = trust.demands
    for number, what in (
        (demands.logs, "logs that hold an entry"),
        (demands.timestamps, "authorities that signed a time"),
        (demands.scts, "logs that promised the certificate"),
    ):
        yield f"{number} or more {what}"
    if demands.promise_alone:
        yield "a log's promise is enough, without an inclusion proof"


def _rule(rule: Rule, artifact: Artifact | None, version: str | None) -> Iterator[str]:
    about = f"Every artifact of {' or '.join(rule.match)}" if artifact is None else artifact.name
    name = f"{re.sub('^rule ', 'Rule ', rule.name)}: " if rule.name else ""
    yield f"{name}{about} {_MODES[rule.mode]} all of this:"
    for need in rule.require:
        yield from _need(need, version, 1)
    if rule.added:
        yield f"{_STEP}It was included: it lets no artifact in that no other rule is about."
    if rule.continuity is not None:
        yield from _continuity(rule.continuity)
    if rule.advisory:
        yield f"{_STEP}- agreement with an advisory, which whoever judges it has to name"


def _continuity(one: Continuity) -> Iterator[str]:
    since = f", from version {one.since} on" if one.since else ""
    if one.publisher:
        yield f"{_STEP}- the publisher that was pinned of its package{since}"
    if one.no_downgrade is not None:
        same = one.no_downgrade is Downgrade.SAME_MAJOR
        where = "with the same major number" if same else "whatever their number"
        yield f"{_STEP}- evidence no weaker than that of earlier versions {where}{since}"


def _need(need: Need, version: str | None, depth: int) -> Iterator[str]:
    indent = _STEP * depth
    unless = f", unless the condition {need.only_if} is known not to hold" if need.only_if else ""
    match need:
        case Requirement():
            yield from _requirement(need, version, depth, unless)
        case AnyOf() | AllOf():
            word = "one" if isinstance(need, AnyOf) else "all"
            yield f"{indent}- {word} of these{unless}:"
            for one in need.needs:
                yield from _need(one, version, depth + 1)
        case _:
            assert_never(need)


def _requirement(one: Requirement, version: str | None, depth: int, unless: str) -> Iterator[str]:
    indent = _STEP * depth
    what = " or ".join(_STATEMENTS.get(name, f"a {name} statement") for name in one.predicates)
    by = "signed by" if one.threshold == 1 else f"with {one.threshold} different signers among"
    if len(one.by) == 1:
        yield f"{indent}- {what}, {by} {describe_publisher(one.by[0], version)}{unless}"
    else:
        yield f"{indent}- {what}, {by} these{unless}:"
        for each in one.by:
            yield f"{indent}{_STEP}- {describe_publisher(each, version)}"
    for line in (*_where(one), *_when(one), *_content(one)):
        yield f"{indent}{_STEP}{line}"


def _where(one: Requirement) -> Iterator[str]:
    if one.trust:
        yield f"proven with the trust root {one.trust}"
    if one.source:
        yield f"certificate and statement name the repository {one.source}"
    if one.builder:
        yield f"built by {one.builder}"
    if one.level:
        yield f"reaching SLSA build level {one.level}"
    if one.verifier:
        yield f"by the verifier {one.verifier}"
    if one.resource or "vsa" in one.predicates:
        yield f"about {one.resource or 'the package URL of the artifact'}"
    if one.properties:
        yield f"listing {', '.join(one.properties)}"


def _when(one: Requirement) -> Iterator[str]:
    if one.not_before is not None:
        yield f"signed at {_time(one.not_before)} or later"
    if one.max_age_days is not None:
        yield f"signed at most {_days(one.max_age_days)} before it is judged"


def _content(one: Requirement) -> Iterator[str]:
    if one.complete:
        yield "listing exactly the files of its version that are judged"
    if one.sbom is not None:
        yield f"listing at least {one.sbom.components} components"
        if one.sbom.describes:
            yield "being about the artifact's own package"
    if one.scan is not None:
        yield from _scan(one.scan)
    if one.tests is not None:
        yield "saying that the tests passed" + (", warnings included" if one.tests.warned else "")
        for uri in one.tests.configurations:
            yield f"having tested {uri}"
    if one.when:
        yield f"for whose predicate this holds (CEL): {one.when}"


def _scan(scan: ScanDemand) -> Iterator[str]:
    worst = scan.worst
    found = "nothing" if worst is Severity.NONE else f"nothing graver than {worst}"
    allowed = f", but for {', '.join(scan.allowed)}" if scan.allowed else ""
    yield f"having found {found}{allowed}; what has no severity counts as critical"
    if scan.scanners:
        yield f"scanned by {' or '.join(scan.scanners)}"
    if scan.max_age_days is not None:
        yield f"scanned at most {_days(scan.max_age_days)} before it is judged"


def _exceptions(policy: Policy, artifact: Artifact | None) -> Iterator[str]:
    for distrust in policy.distrust:
        yield f"Distrusted: {_distrust(distrust)}. Reason: {distrust.reason}"
    for exemption in policy.exemptions:
        if artifact is None or is_about(exemption, artifact):
            yield _exemption(exemption)
    for condition in policy.conditions:
        yield f"Condition {condition.name}: {_condition(condition)}."


def _distrust(one: Distrust) -> str:
    named = (
        ("issuer", one.issuer),
        ("signer", one.subject),
        ("project", one.project),
        ("run", one.run),
        ("artifact", one.digest),
    )
    said = " and ".join(f"{word} {text}" for word, text in named if text)
    return f"{said}{_between(', what was signed', one.start, one.end)}"


def _exemption(one: Exemption) -> str:
    asked = f" of {one.predicate}" if one.predicate else ""
    return (
        f"Accepted until {_time(one.expires)}: {one.code}{asked}, for {' or '.join(one.match)}. "
        f"Reason: {one.reason}"
    )


def _condition(one: Condition) -> str:
    said = f"it holds for {' or '.join(one.match)}{_between('', one.start, one.end)}"
    if one.advisory:
        by = " or ".join(publisher.name for publisher in one.by)
        said += f", unless the advisory {one.advisory}, signed by {by}, says it is not affected"
    return said


def _between(word: str, start: datetime | None, end: datetime | None) -> str:
    if start is None and end is None:
        return ""
    begin = f" from {_time(start)} on" if start else ""
    until = f" until {_time(end)}" if end else ""
    return f"{word}{begin}{until}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")

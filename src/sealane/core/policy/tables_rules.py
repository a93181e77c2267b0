"""The keys of `[[rule]]`, `[[distrust]]`, `[[exemption]]` and `[condition.NAME]`."""

from __future__ import annotations

from sealane.core.policy.form import (
    ByKey,
    Choice,
    Inside,
    Key,
    Many,
    Moment,
    Shapes,
    Table,
    Text,
    Truth,
    Whole,
)
from sealane.core.policy.needs import Severity
from sealane.core.policy.reading import LONGEST_NAME, NAME
from sealane.core.policy.schema import Downgrade, Mode
from sealane.core.policy.tables_publishers import EXACT

PINNED, ANYBODY, NOWHERE = "pin", "any", "none"
HIGHEST_LEVEL = 3
_MOST_DAYS = 36_500
_NAME = Text("a name of letters, digits and ._-", NAME, LONGEST_NAME)
_URI = Text("a URI", r"[A-Za-z][A-Za-z0-9+.-]*:\S+", exact=True)
# It may have {name} and {version} in it, so it is compared after they were filled in.
_RESOURCE = Text("a URI", r"[A-Za-z][A-Za-z0-9+.-]*:[^\s*\\|^$()\[\]]+")
_REASON = Text("a reason")
_MATCH = Key(
    "match", Many(Text("a glob")),
    "globs over the package URL (`pkg:…`, without a version unless the glob has an `@`) or the "
    "file name",
    required=True, hint='write e.g. match = ["pkg:pypi/acme-*"]',
)  # fmt: skip
_ONLY_IF = Key(
    "only_if", _NAME,
    "name of a condition; unless that is known not to hold, this is required",
)  # fmt: skip
_START = Key("start", Moment(), "from then on, included; without it ever since")
_END = Key("end", Moment(), "until then; without it ever after")

_REQUIREMENT = Table(
    "an entry of `require`",
    (
        Key(
            "predicate", Many(_NAME, alone=True),
            "`signature`, or the name of [a type of statement](../guides/evidence.md), or a list "
            "of them: one has to be met",
            required=True,
        ),
        Key("by", Many(_NAME, alone=True), "name of a publisher, or a list of them", required=True,
            hint="name the publisher whose word counts; anybody can sign"),
        Key("threshold", Whole(1, 100), "how many distinct principals (issuer and identity) have "
            "to have signed it", default=1),
        Key("trust", _NAME, "name of the trust root it has to be proven with; required where there "
            "are several"),
        Key("source", Text("an https URL", r"https://\S+", exact=True),
            "URL of the repository that statement and certificate have to name"),
        Key("builder", _URI, "id of the builder that provenance has to name"),
        Key("level", Whole(1, HIGHEST_LEVEL), "SLSA build level that has to be reached"),
        Key("not_before", Moment(), "it must not have been signed earlier"),
        Key("max_age_days", Whole(1, _MOST_DAYS), "how old the signature may be when the artifact "
            "is judged"),
        Key("complete", Truth(), "whether the statement has to list exactly the files of the "
            "version", default=False),
        _ONLY_IF,
        Key("when", Text("an expression in CEL", longest=4000, lines=True),
            "an expression in CEL on `predicate`; needs the extra `[cel]`"),
        Key("sbom", Inside("sbom"), "what a bill of materials has to hold"),
        Key("scan", Inside("scan"), "what a vulnerability scan may have found"),
        Key("tests", Inside("tests"), "what a test result has to say"),
        Key("verifier", _URI, "URI of the verifier that a summary has to be by; required for `vsa` "
            "and `svr`"),
        Key("resource", _RESOURCE, "URI that a verification summary has to name, with `{name}` and "
            "`{version}` in it; without it the artifact's package URL"),
        Key("properties", Many(EXACT), "labels that a summary has to list"),
    ),
)  # fmt: skip


def _several(key: str, title: str) -> Table:
    return Table(title, (Key(key, Many(Inside("need")), title, required=True), _ONLY_IF))


RULES: Shapes = {
    "rule": Table(
        "[[rule]]",
        (
            _MATCH,
            Key("mode", Choice(tuple(Mode)), '`"enforce"`; `"warn"` reports where it does not '
                'hold, `"audit"` notes it; the last two never make an artifact pass',
                default=Mode.ENFORCE.value),
            Key("require", Many(Inside("need")), "entries that all have to hold", required=True),
            Key("continuity", Inside("continuity"), "how evidence has to go on from the pins"),
            Key("advisory", Truth(), "whether the artifact has to agree with an advisory, which "
                "`sealane verify --advisory` has to name", default=False),
        ),
    ),
    "need": ByKey(
        "an entry of `require`", (("any", "any"), ("all", "all")), otherwise="requirement"
    ),
    "any": _several("any", "entries of which one has to hold"),
    "all": _several("all", "entries that all have to hold"),
    "requirement": _REQUIREMENT,
    "sbom": Table(
        "sbom",
        (
            Key("components", Whole(1, 1_000_000), "how many it lists at least", default=1),
            Key("describes", Truth(), "whether it has to name the artifact's package",
                default=False),
        ),
    ),
    "scan": Table(
        "scan",
        (
            Key("worst", Choice(tuple(Severity)), "the gravest severity that is accepted; an "
                "unknown one counts as critical", default=Severity.NONE.value),
            Key("allowed", Many(EXACT), "ids that are accepted whatever their severity"),
            Key("scanners", Many(_URI), "URIs of scanners that count; without it any"),
            Key("max_age_days", Whole(1, _MOST_DAYS), "how old the scan may be"),
        ),
    ),
    "tests": Table(
        "tests",
        (
            Key("warned", Truth(), 'whether `"WARNED"` is accepted too', default=False),
            Key("configurations", Many(_URI), "URIs of configurations that have to be among those "
                "tested"),
        ),
    ),
    "continuity": Table(
        "continuity",
        (
            Key("publisher", Choice((PINNED, ANYBODY)), "whether the publisher has to be the "
                "pinned one", default=PINNED),
            Key("no_downgrade", Choice((*Downgrade, NOWHERE)), "within which versions evidence may "
                "not get weaker", default=Downgrade.SAME_MAJOR.value),
            Key("since", EXACT, "the first version it is demanded of, PEP 440"),
        ),
    ),
    "distrust": Table(
        "[[distrust]]",
        (
            Key("reason", _REASON, "why; stands in the report", required=True),
            Key("issuer", _URI, "issuer of the signer"),
            Key("subject", EXACT, "subject of the signer"),
            Key("project", _URI, "URL of the source repository"),
            Key("run", _URI, "URI of the run that signed"),
            Key("digest", Text("sha256: and 64 lower-case hex digits", "sha256:[0-9a-f]{64}"),
                "digest of an artifact"),
            _START,
            _END,
        ),
        some=("issuer", "subject", "project", "run", "digest"),
    ),
    "exemption": Table(
        "[[exemption]]",
        (
            _MATCH,
            Key("code", Text("a finding code, e.g. SL-PRE-001", exact=True), "[the finding]"
                "(findings.md) that is accepted", required=True),
            Key("reason", _REASON, "why; stands in the report", required=True),
            Key("expires", Moment(), "until when", required=True,
                hint="an exemption that never ends is a rule; write expires"),
            Key("predicate", _NAME, "only of requirements of this predicate"),
        ),
    ),
    "condition": Table(
        "[condition.NAME]",
        (
            _MATCH,
            _START,
            _END,
            Key("advisory", Text("a path"), "an OSV record, relative to the policy: it holds for "
                "what the record says is affected, and for what nobody knows"),
            Key("by", Many(_NAME, alone=True), "publishers of whom one has to have signed the "
                "record, with the evidence beside it"),
        ),
    ),
    "condition-included": Table("[condition.NAME]", (_MATCH, _START, _END)),
}  # fmt: skip

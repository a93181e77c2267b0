"""The keys of a whole policy file, and of one that others include."""

from __future__ import annotations

from sealane.core.policy.form import (
    Choice,
    Inside,
    Key,
    Many,
    Moment,
    Named,
    Shapes,
    Table,
    Text,
    Truth,
)
from sealane.core.policy.reading import LONGEST_NAME, NAME
from sealane.core.policy.schema import POLICY_SCHEMA, EngineName
from sealane.core.policy.tables_publishers import PUBLISHERS, SHA256, TRUST
from sealane.core.policy.tables_rules import RULES

POLICY, INCLUDED = "policy", "included"
_SCHEMA = Key(
    "schema", Choice((POLICY_SCHEMA,)), "form of the file", required=True,
    hint=f'write schema = "{POLICY_SCHEMA}"',
)  # fmt: skip
_INCLUDE = Key(
    "include", Many(Inside("include"), most=100),
    "files whose rules, distrust and conditions are added",
)  # fmt: skip
_RULE = Key(
    "rule", Many(Inside("rule")), "every rule that matches has to hold", required=True,
    hint="a policy without a rule denies everything; add a [[rule]]",
)  # fmt: skip
_DISTRUST = Key("distrust", Many(Inside("distrust")), "evidence that no longer counts")
_CONDITION = Key("condition", Named("condition"), "what `only_if` can name")
_WITHOUT_ADVISORY = Key("condition", Named("condition-included"), "what `only_if` can name")

SHAPES: Shapes = {
    POLICY: Table(
        "the file",
        (
            _SCHEMA,
            Key("id", Text("a name of letters, digits and ._-", NAME, LONGEST_NAME),
                "name of the policy; stands in the report", required=True),
            Key("expires", Moment(), "after it the policy is refused"),
            Key("not_before", Moment(), "before it the policy is refused"),
            Key("default", Choice(("deny",)), "what no rule matches is denied", default="deny"),
            Key("engine", Choice(tuple(EngineName)),
                'who proves bundles: `"sealane"`, `"sigstore"` for the library alone, or `"both"`: '
                "then both have to accept a bundle and to find the same certificate, payload, log "
                "index and signer. The last two need the extra `[sigstore]`, take no publishers by "
                'key, and `"sigstore"` takes no other thresholds than the usual ones',
                default=EngineName.SEALANE.value),
            Key("no_rejected_evidence", Truth(), "whether refused evidence makes an artifact fail, "
                "even beside good one", default=False),
            _INCLUDE,
            Key("trust", Named("trust"), "trust roots"),
            Key("publisher", Named("publisher", least=1), "whose word counts; at least one",
                required=True, hint="name whom you trust in a [publisher.NAME]"),
            _RULE,
            _DISTRUST,
            Key("exemption", Many(Inside("exemption")), "failures that are accepted for a while"),
            _CONDITION,
        ),
    ),
    INCLUDED: Table(
        "an included file",
        (
            _SCHEMA,
            _INCLUDE,
            Key("rule", Many(Inside("rule")), "as above; they name the publishers of the policy"),
            _DISTRUST,
            _WITHOUT_ADVISORY,
        ),
        some=("include", "rule", "distrust"),
    ),
    "include": Table(
        "an entry of `include`",
        (
            Key("path", Text("a path"),
                "relative to the file that includes it, and below its folder", required=True),
            Key("sha256", SHA256, "digest it must have", required=True,
                hint="without a digest whoever can write the file can write the policy"),
        ),
    ),
    "trust": TRUST,
    **PUBLISHERS,
    **RULES,
}  # fmt: skip

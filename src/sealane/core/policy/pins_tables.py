"""The keys of a file of pins, and what each may be."""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.policy.form import Choice, Inside, Key, Many, Moment, Shape, Table, Text
from sealane.core.policy.pins import LONGEST_TEXT, LONGEST_URL, PACKAGE_URL, PINS_SCHEMA, LogKind
from sealane.core.policy.pins_compare import EXEMPTIBLE

_TEXT = Text(longest=LONGEST_TEXT)
_VERSION = Text("a version of PEP 440", longest=100)

SHAPES: Mapping[str, Shape] = {
    "pins": Table(
        "sealane.pins.toml",
        (
            Key("schema", Choice((PINS_SCHEMA,)), "the format of the file", required=True),
            Key("package", Many(Inside("package"), least=0, most=100_000), "one for each package"),
        ),
    ),
    "package": Table(
        "[[package]]",
        (
            Key("purl", Text("a package URL without version", PACKAGE_URL, LONGEST_URL), "which "
                "package", required=True),
            Key("since", _VERSION, "versions before this one are not asked"),
            Key("signer", Many(Inside("signer")), "who makes its evidence", required=True),
            Key("evidence", Many(Inside("evidence"), least=0), "what later versions have to have"),
            Key("exempt", Many(Inside("exempt"), least=0), "differences accepted for a while"),
        ),
    ),
    "signer": Table(
        "[[package.signer]]",
        (
            Key("issuer", _TEXT, "OIDC issuer; `urn:sealane:key` for a key", required=True),
            Key("subject", _TEXT, "address of a person, or digest of a key"),
            Key("project", _TEXT, "URL of the project"),
            Key("project_id", _TEXT, "immutable id of the project"),
            Key("owner_id", _TEXT, "immutable id of its owner"),
            Key("config", _TEXT, "the pipeline's file: a path in the project, or a URL"),
            Key("workflow", _TEXT, "the reusable workflow that signs in its place"),
            Key("refs", Many(_TEXT), "templates of which the ref has to match one"),
            Key("environment", _TEXT, "deployment environment"),
            Key("runner", _TEXT, "runner environment"),
            Key("signs", Many(_TEXT), "the kinds of evidence it makes", required=True),
            Key("until", Moment(), "its signatures count until then"),
        ),
        # Else whoever has an account at the issuer could be meant.
        some=("subject", "config"),
    ),
    "evidence": Table(
        "[[package.evidence]]",
        (
            Key("kind", _TEXT, "short name, or URI, of a predicate type", required=True),
            Key("since", _VERSION, "the first version that is known to have it", required=True),
            Key("log", Choice(tuple(LogKind)), "in which log it was", required=True),
        ),
    ),
    "exempt": Table(
        "[[package.exempt]]",
        (
            Key("code", Choice(EXEMPTIBLE), "the finding that is accepted", required=True,
                hint="another signer is accepted by pinning it, so that it is known who it is"),
            Key("version", _VERSION, "of which version alone"),
            Key("reason", _TEXT, "why; stands in the report", required=True),
            Key("expires", Moment(), "until when", required=True),
        ),
    ),
}  # fmt: skip

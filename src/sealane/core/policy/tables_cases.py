"""The keys of a file of policy cases."""

from __future__ import annotations

from sealane.core.model.identity import Claim
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
    Whole,
)
from sealane.core.policy.people import ForgeSort
from sealane.core.policy.reading import LONGEST_NAME, NAME
from sealane.core.policy.tables_publishers import SHA256

CASES_SCHEMA = "sealane.policy-cases/1"
CASES = "cases"
# A verdict is never a note.
EXPECTED = ("pass", "fail", "missing", "warn")
CLAIMS = tuple(claim.name.lower() for claim in Claim)
_MOST_CASES = 1000
_MOST_FACTS = 100
_TEXT = Text()
_NAME = Text("a name of letters, digits and ._-", NAME, LONGEST_NAME)
_REQUIRED_FILE = Text("a file name, without folders", r"[^/\\]+")

_WHO = (
    Key(
        "kind", Choice(tuple(ForgeSort)),
        "a pipeline of that forge: what the keys below do not say is filled in as its certificates "
        "have it; without it `issuer` and `subject` are required",
    ),
    Key("issuer", _TEXT, "issuer of the certificate; of a forge, without it its public instance"),
    Key("subject", _TEXT, "subject of the certificate"),
    Key("project", _TEXT, "path of the project"),
    Key("config", _TEXT, "path of its pipeline file (gitlab)"),
    Key("workflow", _TEXT, "file name of its workflow (github)"),
    Key("ref", _TEXT, "full ref that the pipeline ran for"),
    Key("commit", Text("a commit in full", "[0-9a-f]{40}([0-9a-f]{24})?"), "what was built"),
    Key("environment", _TEXT, "deployment environment"),
    Key("runner", _TEXT, "kind of runner; without it a machine of the forge"),
    Key("project_id", _TEXT, "id of the project"),
    Key("owner_id", _TEXT, "id of its owner"),
    Key("signer", Inside("reused"), "the reusable pipeline that signed"),
    Key("claims", Inside("claims"), "claims of the certificate, as they are"),
    Key("without", Many(Choice(CLAIMS)), "claims that the certificate does not have"),
)  # fmt: skip

CASE_SHAPES: Shapes = {
    CASES: Table(
        "the file",
        (
            Key("schema", Choice((CASES_SCHEMA,)), f'`"{CASES_SCHEMA}"`', required=True,
                hint=f'write schema = "{CASES_SCHEMA}"'),
            Key("policy", _TEXT, "path of the policy, relative to the file", required=True),
            Key("at", Moment(), "when the cases are judged", required=True,
                hint="write a time; with the clock's a case would pass today and fail tomorrow"),
            Key("signer", Named("signer"), "signers that facts can be `like`"),
            Key("case", Many(Inside("case"), most=_MOST_CASES), "at least one", required=True,
                hint="no cases prove nothing; add a [[case]]"),
        ),
    ),
    "case": Table(
        "[[case]]",
        (
            Key("name", _TEXT, "what it shows, for the report", required=True),
            Key("expect", Choice(EXPECTED), "the verdict", required=True),
            Key("codes", Many(_TEXT), "findings that have to be among the answers; required unless "
                'the verdict is `"pass"`: what fails for another reason proves nothing'),
            Key("at", Moment(), "when it is judged, in place of the file's"),
            Key("artifact", Inside("artifact"), "what is judged", required=True),
            Key("files", Many(_REQUIRED_FILE), "names of other files that are judged with it"),
            Key("fact", Many(Inside("fact"), most=_MOST_FACTS), "what was proven about it"),
            Key("refused", Many(Inside("refused"), most=_MOST_FACTS), "evidence that was refused"),
        ),
    ),
    "artifact": Table(
        "artifact",
        (
            Key("name", _REQUIRED_FILE, "its file name", required=True),
            Key("sha256", SHA256, "its digest; without it that of its name"),
            Key("purl", Text("a package URL", r"pkg:\S+"), "without it what the name tells"),
            Key("version", _TEXT, "without it what the name tells"),
        ),
    ),
    "fact": Table(
        "[[case.fact]]",
        (
            Key("predicate", _TEXT, "`signature`, the name of a type of statement, or the URI of "
                "one", required=True),
            Key("signer", Inside("used"), "who signed", required=True),
            Key("signed_at", Moment(), "the proven time; without it the time it is judged at"),
            Key("timeless", Truth(), "whether nothing proves when it was signed", default=False),
            Key("trust", Many(_NAME, alone=True), "names of the policy's trust roots it was proven "
                "with; without it the only one"),
            Key("lists", Many(_REQUIRED_FILE), "names of other files that the statement is about"),
            Key("repeat", Whole(1, _MOST_FACTS), "how many of it there are", default=1),
        ),
    ),
    "refused": Table(
        "[[case.refused]]",
        (Key("code", _TEXT, "the finding it was refused with", required=True),),
    ),
    "signer": Table("[signer.NAME]", _WHO),
    "used": Table(
        "signer",
        (Key("like", _NAME, "name of a signer from which is taken what is not said here"), *_WHO),
    ),
    "reused": Table(
        "signer.signer",
        (
            Key("project", _TEXT, "path of the project it belongs to", required=True),
            Key("config", _TEXT, "path of its file (gitlab)"),
            Key("workflow", _TEXT, "its file name (github)"),
            Key("ref", _TEXT, "full ref of it", required=True),
            Key("commit", Text("a commit in full", "[0-9a-f]{40}([0-9a-f]{24})?"), "its commit"),
        ),
    ),
    "claims": Table("claims", tuple(Key(name, _TEXT, f"claim {name}") for name in CLAIMS)),
}  # fmt: skip

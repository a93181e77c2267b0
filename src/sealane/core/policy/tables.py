"""The shape of a policy file as Pydantic models, and what of it this version does not support.

Imported only when a policy is read: Pydantic is not loaded by commands that read none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sealane.core.policy.schema import EMBEDDED_ROOT, LONGEST_ROOT_AGE

# More independent logs or authorities than this do not exist.
MOST_WITNESSES = 8

Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Text = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Threshold = Annotated[int, Field(ge=0, le=MOST_WITNESSES)]


class Strict(BaseModel):
    """Unknown keys and other types are errors; nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TrustTable(Strict):
    """`[trust.NAME]`."""

    root: Text = EMBEDDED_ROOT
    sha256: Sha256 | None = None
    max_age_days: Annotated[int, Field(ge=1, le=LONGEST_ROOT_AGE)] | None = None
    log: Literal["required", "private", "none"] = "required"
    logs: Threshold | None = None
    timestamps: Threshold | None = None
    scts: Threshold | None = None
    promises: bool = False


class GitlabTable(Strict):
    """`[publisher.NAME]` of kind gitlab; the issuer is the instance."""

    kind: Literal["gitlab"]
    issuer: Text
    project: Text
    config: Text
    ref: Text
    environment: Text | None = None
    runner: Text | None = None
    project_id: Text | None = None


class GithubTable(Strict):
    """`[publisher.NAME]` of kind github."""

    kind: Literal["github"]
    issuer: Text
    project: Text
    workflow: Text
    ref: Text
    environment: Text | None = None
    runner: Text | None = None
    project_id: Text | None = None


class EmailTable(Strict):
    """`[publisher.NAME]` of kind email."""

    kind: Literal["email"]
    issuer: Text
    members: Annotated[list[Text], Field(min_length=1)]


class KeyTable(Strict):
    """`[publisher.NAME]` of kind key."""

    kind: Literal["key"]
    file: Text
    sha256: Sha256
    details: Text | None = None
    start: datetime | None = None
    end: datetime | None = None


class OpenPgpTable(Strict):
    """`[publisher.NAME]` of kind openpgp."""

    kind: Literal["openpgp"]
    file: Text
    sha256: Sha256


PublisherTable = Annotated[
    GitlabTable | GithubTable | EmailTable | KeyTable | OpenPgpTable, Field(discriminator="kind")
]


class RequireTable(Strict):
    """One entry of `require`."""

    predicate: Name
    by: Name


class RuleTable(Strict):
    """`[[rule]]`."""

    match: Annotated[list[Text], Field(min_length=1)]
    mode: Literal["enforce"] = "enforce"
    require: Annotated[list[RequireTable], Field(min_length=1)]


class Document(Strict):
    """A whole policy file."""

    policy_schema: Annotated[Literal["sealane.policy/1"], Field(alias="schema")]
    id: Name
    expires: datetime | None = None
    default: Literal["deny"] = "deny"
    engine: Literal["sealane", "sigstore", "both"] = "sealane"
    trust: Annotated[dict[Name, TrustTable], Field(max_length=1)] = Field(default_factory=dict)
    publisher: Annotated[dict[Name, PublisherTable], Field(min_length=1)]
    rule: Annotated[list[RuleTable], Field(min_length=1)]


# Keys of the schema that this version refuses by name; left unread they would be a pass too many.
UNSUPPORTED_KEYS = {
    "": {"distrust", "include", "exemption", "no_rejected_evidence", "not_before"},
    "publisher": {"signer", "key", "owner_id"},
    "rule": {"any", "all", "continuity", "exempt", "maximum_age", "not_before"},
    "require": {"trust", "source", "builder", "when", "threshold", "only_if", "complete"},
}
UNSUPPORTED_VALUES = {
    ("rule", "mode"): {"warn", "audit"},
    ("publisher", "kind"): {"circleci", "google", "gitlab+https"},
}

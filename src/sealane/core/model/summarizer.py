"""Who sums up verdicts for others, and what may be summed up."""

from __future__ import annotations

from urllib.parse import quote

from sealane.core.model.artifact import STRONG_ALGORITHMS, Artifact
from sealane.core.model.chain import canonical
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Appraisal, Basis, Outcome, Verdict
from sealane.errors import UsageError

STATEMENT = "https://in-toto.io/Statement/v1"
# What a rehearsal's verifier is called: another scheme, so that no reader takes one for the other.
SANDBOX_PREFIX = "sandbox+"
_POLICY = "urn:sealane:policy:"


@dataclass(frozen=True, slots=True)
class Summarizer:
    """Who speaks.

    Attributes:
        verifier: URI of the verifier, as whoever relies on it knows it.
        version: Of sealane.
        resource: URI of the artifact; with a "/" at its end, of the folder it lies in; "" for its
            package URL.
    """

    verifier: str
    version: str
    resource: str = ""

    def verifier_in(self, appraisal: Appraisal) -> str:
        """The verifier's id; a rehearsal's says that it is one."""
        return (SANDBOX_PREFIX if appraisal.sandbox else "") + self.verifier

    def resource_of(self, artifact: Artifact) -> str:
        """What the artifact is verified as.

        Raises:
            UsageError: Nobody says, and the artifact's name tells no package URL; or it is to be
                told by a name that is not UTF-8.
        """
        if self.resource.endswith("/"):
            return self.resource + quote(_sayable(artifact.name), safe="")
        found = self.resource or artifact.purl
        if not found:
            raise UsageError(
                f"{artifact.name}: its name tells no package URL, so a summary needs its URI",
                hint="add --resource-uri URI; with a / at its end the file's name is added",
            )
        return found


def check_summarizable(appraisal: Appraisal, summarizer: Summarizer) -> Basis:
    """The policy that verdicts were found by, where they can be summed up for others.

    Raises:
        UsageError: The run was not to be enforced, nobody was named to trust, or one URI is to
            stand for several artifacts.
    """
    if not appraisal.enforced:
        raise UsageError(
            "--warn-only: a run that enforces nothing has no summary for others",
            hint="leave out --warn-only, or --emit-vsa and --emit-svr",
        )
    policy = next((one for one in appraisal.based_on if one.kind == "policy"), None)
    if policy is None or not policy.sha256:
        raise UsageError(
            "nobody was named to trust, so there is no policy that a summary could name",
            hint="add --policy FILE, or --publisher",
        )
    folder = summarizer.resource.endswith("/") or not summarizer.resource
    if len(appraisal.verdicts) > 1 and not folder:
        raise UsageError(
            f"--resource-uri {summarizer.resource[:100]!r}: one URI for "
            f"{len(appraisal.verdicts)} artifacts",
            hint="end it with a /, then each file's name is added",
        )
    return policy


def policy_uri(policy: Basis) -> str:
    """What a summary calls a policy: its own name; where its file lies is nobody's business."""
    return _POLICY + quote(policy.id or policy.name, safe="")


def build_level(verdict: Verdict) -> int:
    """The SLSA build level that was demanded and proven; 0 where none was, or it did not pass."""
    if verdict.outcome is not Outcome.PASS:
        return 0
    return max(one.level for one in verdict.findings if one.outcome is Outcome.PASS)


def statement_about(
    artifact: Artifact, predicate_type: str, predicate: dict[str, JsonValue]
) -> bytes:
    """An in-toto statement about one artifact, unsigned; its subject has all strong digests.

    Raises:
        UsageError: The artifact's name is not UTF-8, so no reader would have it as it is.

    Spec: in-toto attestation v1, statement.md.
    """
    digests = {
        one.algorithm: one.value for one in artifact.digests if one.algorithm in STRONG_ALGORITHMS
    }
    subject: JsonValue = {"name": _sayable(artifact.name), "digest": {**digests}}
    return canonical(
        {
            "_type": STATEMENT,
            "subject": [subject],
            "predicateType": predicate_type,
            "predicate": predicate,
        }
    )


def _sayable(name: str) -> str:
    """A file's name, where JSON and URIs can hold it."""
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            f"{name!r:.200}: a name that is not UTF-8 stands in no summary",
            hint="rename the file; its digest stays the same",
        ) from error
    return name

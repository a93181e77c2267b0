"""Whether a bill of materials lists enough, and is about the artifact's package."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.attestation.sbom import Sbom
from sealane.core.policy.checks.interface import Question, parsed
from sealane.core.policy.identity import NOTHING, Difference
from sealane.core.policy.needs import SbomDemand

_CODE = "SL-REQ-013"


def check_sbom(question: Question) -> Iterator[Difference]:
    """It lists so many components, and its own subject is the artifact's package."""
    wanted, found = question.requirement.sbom or SbomDemand(), parsed(question.fact)
    if not isinstance(found, Sbom) or question.fact.statement is None:
        actual = f"a statement of kind {question.kind}"
        yield Difference(_CODE, "predicate", "a bill of materials", actual)
        return
    if found.components < wanted.components:
        expected = f"at least {wanted.components}"
        yield Difference(_CODE, "components", expected, str(found.components))
    if wanted.describes:
        from sealane.core.policy.described import described_packages

        packages = described_packages(question.fact.statement.predicate)
        if question.artifact.purl not in packages:
            expected = question.artifact.purl or "an artifact whose name tells its package"
            yield Difference(
                _CODE, "what it describes", expected, ", ".join(packages[:3]) or NOTHING
            )

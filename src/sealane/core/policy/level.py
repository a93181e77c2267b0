"""Which SLSA build level a proven provenance reaches, and what the next one lacks.

1. Level 1: there is a provenance, and its signature holds.
2. Level 2: the forge's own platform vouches for it: it was signed with a certificate of a pipeline,
   in a job on a machine that the forge hosts. A key, a person, or a runner of the project's own
   could sign whatever its holder likes.
3. Level 3: the project's own pipeline cannot have changed how it was made: a reusable pipeline of
   another project signed it, and the policy pins which: as the publisher's signer, or as the
   builder that the requirement names.

What a provenance says of its builder is the signer's word; only the certificate raises the level.
Whatever is not known lowers it. GitLab's certificates name one file only, wherever it lies, so they
do not tell a reusable pipeline from the project's own.

Spec: slsa.dev, v1.1, "Security levels", build track; sigstore/fulcio, docs/oid-info.md.
"""

from __future__ import annotations

from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim
from sealane.core.model.values import dataclass
from sealane.core.policy.people import ForgePublisher, Publisher

_HOSTED = ("gitlab-hosted", "github-hosted")


@dataclass(frozen=True, slots=True)
class Reached:
    """A SLSA build level, and why it is not a higher one."""

    level: int
    reason: str

    def __str__(self) -> str:
        """`2: …`, for a finding."""
        return f"{self.level}: {self.reason}"


def build_level(fact: Fact, publisher: Publisher, builder: str = "") -> Reached:
    """The level that a provenance reaches.

    Args:
        fact: The provenance, proven (1).
        publisher: Who signed it: the policy's publisher, in which the signer differs in nothing.
        builder: The builder's id that the requirement names, and the provenance too; "" for none.
    """
    signing = fact.signer.claim(Claim.BUILD_SIGNER_URI)
    asking = fact.signer.claim(Claim.BUILD_CONFIG_URI)
    if signing is None or asking is None:  # 2
        return Reached(1, "no certificate of a pipeline vouches for how it was built")
    runner = fact.signer.claim(Claim.RUNNER_ENVIRONMENT)
    if runner not in _HOSTED:
        where = runner or "nobody knows where"
        return Reached(1, f"not built on a machine of the forge, but {where}")
    project = _project(signing)
    if signing == asking or project == _project(asking):  # 3
        return Reached(2, "the project's own pipeline signed it, and could have changed it")
    pinned = isinstance(publisher, ForgePublisher) and publisher.signer is not None
    if not (pinned or (builder and builder in {signing, signing.partition("@")[0]})):
        return Reached(2, f"the policy does not pin {project}, whose pipeline signed it")
    return Reached(3, f"signed by {project}, which the project's pipeline cannot change")


def _project(uri: str) -> str:
    """Scheme, host, owner and repository of a workflow's URI, as GitHub compares them."""
    return "/".join(uri.split("/")[:5]).lower()

"""What findings about pins mean: how the evidence goes on from earlier versions."""

from __future__ import annotations

from sealane.core.model.explanation import Explanation, Step
from sealane.core.model.verdict import Outcome

_HANDS = (
    "A change like this can be announced and harmless; it also is what a takeover looks like. "
    "Compare with what the project says, by a way that the download did not bring."
)
_PLACE = "acme-1.1-py3-none-any.whl.sigstore.json"


def _pin(
    text: str, expected: str = "", actual: str = "", outcome: Outcome = Outcome.FAIL
) -> Explanation:
    return Explanation(Step.PINS, text, _PLACE, expected, actual, outcome)


PIN_EXPLANATIONS = {
    "SL-PIN-001": _pin(
        "Signer and evidence of this version are as they were for earlier ones.",
        outcome=Outcome.PASS,
    ),
    "SL-PIN-002": _pin(
        "Pins hold what earlier versions were signed with. Of this package nothing is pinned yet, "
        "so there is nothing to compare with. The first pin is a decision of yours.",
        "a pin of pkg:pypi/acme",
        "none",
        outcome=Outcome.MISSING,
    ),
    "SL-PIN-003": _pin(
        f"Earlier versions were vouched for by another login service. {_HANDS}",
        "https://gitlab.com",
        "https://token.actions.githubusercontent.com",
    ),
    "SL-PIN-004": _pin(
        f"Earlier versions were signed by another project. {_HANDS}",
        "acme/widgets",
        "widgets-ng/widgets",
    ),
    "SL-PIN-005": _pin(
        "The project's path changed and its number, which never changes, did not. It is the same "
        "project under another name.",
        "acme/widgets",
        "acme/gadgets",
        outcome=Outcome.NOTE,
    ),
    "SL-PIN-006": _pin(
        "The name is the pinned one and the number is not: the project was deleted or moved, and "
        f"somebody else took its name. {_HANDS}",
        "4711",
        "99120",
    ),
    "SL-PIN-007": _pin(
        f"The project was transferred to somebody else. {_HANDS}",
        "owner 42",
        "owner 77",
    ),
    "SL-PIN-008": _pin(
        f"Another file of the project ran the release. {_HANDS}",
        ".gitlab-ci.yml",
        "ci/release.yml",
    ),
    "SL-PIN-009": _pin(
        "A reusable workflow signs for a project that calls it. Another one than before signed, or "
        f"there was none before. {_HANDS}",
        "none",
        "acme/workflows/.github/workflows/publish.yml",
    ),
    "SL-PIN-010": _pin(
        "Earlier versions were signed from a tag of one form, this one from another, or from a "
        f"branch. {_HANDS}",
        "refs/tags/v{pep440}",
        "refs/heads/main",
    ),
    "SL-PIN-011": _pin(
        "Earlier versions were signed in a protected environment, where somebody has to approve. "
        "This one was not.",
        "release",
        "nothing",
    ),
    "SL-PIN-012": _pin(
        "Earlier versions were signed on another kind of machine.",
        "gitlab-hosted",
        "self-hosted",
    ),
    "SL-PIN-013": _pin(
        f"Earlier versions were signed by another person or key. {_HANDS}",
        "ann@example.org",
        "bo@example.org",
    ),
    "SL-PIN-014": _pin(
        "The certificate now says something that it did not say before, such as an environment. "
        "Nothing that was pinned is missing.",
        "nothing",
        "environment release",
        outcome=Outcome.NOTE,
    ),
    "SL-PIN-015": _pin(
        "Earlier versions had this kind of evidence, and this one has none, or none by a pinned "
        "signer. Projects lose it by accident when they change their pipeline; whoever replaces a "
        "release leaves it out on purpose.",
        "slsa-provenance",
        "nothing",
    ),
    "SL-PIN-016": _pin(
        "Evidence of earlier versions was in a public log, where its owner can see it. This is "
        "not, so it could be signed without anybody noticing.",
        "a public log",
        "none",
    ),
    "SL-PIN-017": _pin(
        "The log's operator runs a newer generation of it, and the evidence is there now.",
        "Rekor v1",
        "Rekor v2",
        outcome=Outcome.NOTE,
    ),
    "SL-PIN-018": _pin(
        "The pins say that this signer was replaced by another from some day on, and the signature "
        f"is from after that day, or nothing proves its time. {_HANDS}",
        "until 2026-03-01",
        "2026-06-01",
    ),
    "SL-PIN-019": _pin(
        "Evidence can be by several people. One of them is pinned and enough; another is not, and "
        "was not counted.",
        outcome=Outcome.NOTE,
    ),
    "SL-PIN-020": _pin(
        "Policy or pins say from which version on evidence has to go on as before. This version is "
        "older.",
        "1.4 and later",
        "1.1",
        outcome=Outcome.NOTE,
    ),
}

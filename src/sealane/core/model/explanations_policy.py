"""What the answers of a policy's rules mean."""

from __future__ import annotations

from sealane.core.model.explanation import Explanation, Step
from sealane.core.model.verdict import Outcome

_WHEEL = "acme-1.0-py3-none-any.whl"
_PLACE = f"{_WHEEL}.sigstore.json"


def _rule(
    text: str, expected: str = "", actual: str = "", outcome: Outcome = Outcome.FAIL
) -> Explanation:
    return Explanation(Step.POLICY, text, _PLACE, expected, actual, outcome)


POLICY_EXPLANATIONS = {
    "SL-DIS-001": _rule(
        "Whoever wrote the policy learned that a signer, a run or a file is not to be trusted, for "
        "instance because a machine was broken into. The evidence may hold in every other way; it "
        "is refused all the same, and other evidence beside it does not help.",
        "nothing that is distrusted",
        "https://gitlab.com/acme/widgets/-/jobs/991: leaked runner",
    ),
    "SL-ID-012": _rule(
        "Forges give each owner a number that never changes. Name and project are right and the "
        "owner's number is not: the project was transferred, or somebody took the owner's name.",
        "42",
        "77",
    ),
    "SL-POL-002": _rule(
        "The policy has rules for this artifact, and wants to be told only whether they hold. They "
        "do not. Nothing keeps you from using the artifact, and nothing vouches for it either.",
        "a rule in mode enforce, or one that holds",
        "none",
        Outcome.WARN,
    ),
    "SL-REQ-002": _rule(
        "Several people have to agree, each by a signature of their own. Two signatures by one of "
        "them count once, for one stolen login must not be enough.",
        "2 signers",
        "1",
    ),
    "SL-REQ-003": _rule(
        "The requirement counts under a condition, and the policy says that the condition does not "
        "hold for this artifact. Were it not known, it would be required.",
        "embargoed",
        "not so",
        Outcome.NOTE,
    ),
    "SL-REQ-004": _rule(
        "The policy knows several trust roots, for instance a public one and a company's own, and "
        "says for each requirement which counts. This evidence holds under another of them.",
        "public",
        "internal",
    ),
    "SL-REQ-005": _rule(
        "A build can be signed by the right pipeline and be of other source. The policy names the "
        "repository that certificate and provenance have to name; one of them does not.",
        "https://gitlab.com/acme/widgets",
        "https://gitlab.com/acme/widgets-fork",
    ),
    "SL-REQ-006": _rule(
        "Provenance names who is responsible for the build. Another builder than the demanded one "
        "may keep builds apart less well.",
        "https://builder.example.org/v2",
        "https://builder.example.org/v1",
    ),
    "SL-REQ-007": _rule(
        "SLSA levels say how hard it is to forge the record of a build: 1 there is one, 2 a "
        "service signed it, 3 nobody inside the build could have. Less than demanded was proven.",
        "SLSA build level 3",
        "2: the builder is not known to isolate its builds",
    ),
    "SL-REQ-008": _rule(
        "The policy counts signatures from some day on, for instance since keys were replaced. "
        "This one is older, or nobody vouches for its time.",
        "from 2026-01-01T00:00:00Z on",
        "2025-12-30T10:00:00Z",
    ),
    "SL-REQ-009": _rule(
        "Some statements go stale: a scan of last year says little about today.",
        "at most 30 days",
        "41 days",
    ),
    "SL-REQ-010": _rule(
        "The policy asks a question about the content of the statement, in CEL, and its answer is "
        "no.",
        "predicate.runDetails.builder.id.startsWith('https://gitlab.com/')",
        "false",
    ),
    "SL-REQ-011": _rule(
        "The policy asks a question about the content of the statement that cannot be answered: "
        "it names a member that is not there, or gives a number. Without an answer it fails.",
        "true or false",
        "no such key: runDetails",
    ),
    "SL-REQ-012": _rule(
        "The policy asks a question in CEL, and the optional library that answers it is missing. "
        "To pass over the question would be to pass what it was asked for.",
        "the extra [cel]",
        "not installed",
    ),
    "SL-REQ-013": _rule(
        "A bill of materials is signed and in its form, and does not hold what the policy wants "
        "of one: a format, or that it lists anything at all.",
        "at least 1 component",
        "0",
    ),
    "SL-REQ-014": _rule(
        "A scanner that counts found a vulnerability in the artifact, as grave as the policy does "
        "not accept, and the policy does not list it as looked into.",
        "less than 7.0",
        "CVE-2026-0001: 9.8",
    ),
    "SL-REQ-015": _rule(
        "A scan is worth what its scanner knew. It is by one that the policy does not name, or its "
        "database was too old.",
        "a database at most 7 days old",
        "60 days",
    ),
    "SL-REQ-016": _rule(
        "A run of tests is signed, and is not the success that the policy wants: there are "
        "warnings, or the demanded tests were not run.",
        "PASSED",
        "WARNED",
    ),
    "SL-REQ-017": _rule(
        "The publisher's list of the release and the files you named differ. A file that is not on "
        "the list was slipped in; one that is missing was left out or replaced.",
        "acme-1.0-py3-none-any.whl, acme-1.0.tar.gz",
        "acme-1.0-py3-none-any.whl, acme-1.0-cp311-cp311-linux_x86_64.whl",
    ),
    "SL-REQ-018": Explanation(
        Step.POLICY,
        "A release is complete when all its files are there and no other. You named a part of "
        "them, or a digest, so nobody can tell.",
        _WHEEL,
        "all files of the version",
        "1 of them",
        Outcome.MISSING,
    ),
}

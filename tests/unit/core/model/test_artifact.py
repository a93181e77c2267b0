"""An artifact is known by a strong digest, or it is no artifact; a verdict is no truth value."""

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.verdict import Finding, Outcome, Verdict

SHA256, SHA512 = Digest("sha256", "a" * 64), Digest("sha512", "b" * 128)


@pytest.mark.parametrize(
    ("algorithm", "value"),
    [
        ("sha256", ""), ("sha256", "A" * 64), ("sha256", "a" * 63), ("sha256", "a" * 65),
        ("sha256", "a" * 63 + "\n"), ("sha384", "a" * 64), ("sha512", "a" * 64), ("md5", "x"),
        ("sha256", "\u0661" * 64),
    ],
)  # fmt: skip
def test_what_is_no_digest_of_its_algorithm_is_refused(algorithm: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"digest {algorithm}"):
        Digest(algorithm, value)


@pytest.mark.parametrize(
    ("digests", "why"),
    [
        pytest.param((), "no strong digest", id="none"),
        pytest.param((Digest("md5", "a" * 32),), "no strong digest", id="weak"),
        pytest.param((Digest("gitCommit", "a" * 40),), "no strong digest", id="a-commit"),
        pytest.param((SHA256, Digest("sha256", "c" * 64)), "one algorithm twice", id="twice"),
    ],
)
def test_an_artifact_without_one_strong_digest_of_each_algorithm_is_refused(
    digests: tuple[Digest, ...], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        Artifact("x.whl", digests)


def test_a_digest_that_was_not_computed_is_never_made_up() -> None:
    known = Artifact("x.whl", (SHA512,))
    assert known.digest("sha512") == SHA512.value
    assert known.digest("sha256") is None
    with pytest.raises(ValueError, match="no sha256"):
        _ = known.sha256
    assert Artifact("x.whl", (SHA256, SHA512)).sha256 == SHA256.value


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_verdict_cannot_be_taken_for_true(outcome: Outcome) -> None:
    verdict = Verdict(Artifact("x.whl", (SHA256,)), (Finding("SL-REQ-001", outcome),))
    with pytest.raises(TypeError, match=r"\.outcome"):
        bool(verdict)

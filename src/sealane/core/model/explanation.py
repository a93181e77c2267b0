"""What a finding means, at length: for `--explain` and the reference, never for a verdict."""

from __future__ import annotations

from enum import StrEnum

from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Outcome


class Step(StrEnum):
    """Where on the way to a verdict something is found; the numbers are those in the code."""

    COLLECT = "collect"
    READ = "1"
    ROOT = "2"
    TIME = "3"
    SIGNER = "4"
    PROMISED = "5"
    LOG = "6"
    SIGNATURE = "7"
    BODY = "8"
    OPINION = "second opinion"
    ABOUT = "9"
    POLICY = "policy"
    PINS = "pins"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One kind of finding, explained.

    Attributes:
        step: Where on the way to a verdict it is found.
        text: What it means, how it comes about, and what it does not mean; plain sentences.
        place: Of an example: where.
        expected: Of an example: what was demanded; "" where nothing was.
        actual: Of an example: what was found; "" where nothing is to be shown.
        outcome: Of an example: how it is answered most often.
    """

    step: Step
    text: str
    place: str = ""
    expected: str = ""
    actual: str = ""
    outcome: Outcome = Outcome.FAIL

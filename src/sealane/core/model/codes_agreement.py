"""The codes of whether an artifact agrees with an advisory."""

from __future__ import annotations

from sealane.core.model.code import Code

AGREEMENT_CODES = (
    Code(
        "SL-AGR-001",
        "agrees",
        "Nothing that the advisory says contradicts the artifact.",
        "nothing",
    ),
    Code(
        "SL-AGR-002",
        "advisory-not-named",
        "A rule wants the artifact to agree with an advisory, and none was named.",
        "name the advisory that the release answers: --advisory FILE",
    ),
    Code(
        "SL-AGR-003",
        "advisory-withdrawn",
        "The advisory was withdrawn, so it says nothing any more.",
        "look for the advisory that replaces it",
    ),
    Code(
        "SL-AGR-004",
        "advisory-unrelated",
        "The advisory is about other packages.",
        "name the advisory of this package, or leave out the files of others",
    ),
    Code(
        "SL-AGR-005",
        "still-affected",
        "The advisory says that this very version is affected.",
        "use a version that is said to be fixed, and tell its publisher if none is",
    ),
    Code(
        "SL-AGR-006",
        "advisory-unclear",
        "Whether the advisory says that this version is affected cannot be told.",
        "ask whoever wrote it for ranges of PEP 440 versions; name files, not digests",
    ),
    Code(
        "SL-AGR-007",
        "file-unlisted",
        "The advisory lists the files of this version, and this is none of them.",
        "do not use the artifact before its publisher has explained where it comes from",
    ),
)

"""Every error sealane raises, and the exit code each one ends the process with.

    SealaneError                     exit code
    ├── UsageError                   2   the command line is wrong
    │   └── MissingExtraError        2   an optional part of sealane is not installed
    ├── EvidenceError                3   evidence missing, nothing to verify, nobody named to trust
    ├── TrustError                   4   trust material missing, stale or mismatched
    ├── InputError                   5   an input file is unreadable, broken or expired
    │   └── PolicyError              5   so is a policy
    ├── NetworkError                 6   the network, or a remote service, failed or is forbidden
    │   └── ChannelError             6   so is a channel; says what it answered
    ├── EmbargoError                 7   an embargo holds: too early, or approvals are missing
    ├── VerificationError            1   one piece of evidence was refused; becomes a finding
    └── LaneError                10–49   a stage of the lane stopped; one number a cause

Exit code 0 means that every artifact passed and that there was one; 1 that at least one failed (a
`Verdict`, not an exception); 70 that sealane itself has a bug; 130 that it was interrupted; 141
that the reader of its output went away.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a process of sealane ends with; the lane's own numbers are `LaneExit`."""

    PASS = 0
    FAILED = 1
    USAGE = 2
    EVIDENCE = 3
    TRUST = 4
    INPUT = 5
    NETWORK = 6
    EMBARGO = 7
    INTERNAL = 70


class LaneExit(IntEnum):
    """Why a stage of the lane stopped."""

    PREFLIGHT = 10
    AUDIT = 11
    BUILD = 12
    ATTEST = 13
    PUBLISH = 21
    BURNED = 22
    CONFIRM = 40
    NOT_VISIBLE = 41
    DEGRADED = 42
    CONFLICT = 43


class SealaneError(Exception):
    """The root of all errors a user may meet.

    Args:
        message: What is wrong: the place, the expected and the actual value.
        hint: What to do about it; empty where nothing better can be said.
    """

    exit_code: int = ExitCode.INTERNAL

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SealaneError):
    """The command line asks for something that cannot be done."""

    exit_code = ExitCode.USAGE


class MissingExtraError(UsageError):
    """A part of sealane that this command needs is not installed."""

    def __init__(self, command: str, extra: str, module: str) -> None:
        super().__init__(
            f"{command} needs the extra [{extra}], and {module!r} of it is not installed",
            hint=f"python -m pip install 'sealane[{extra}]'",
        )


class EvidenceError(SealaneError):
    """There is nothing to verify, no evidence for it, or nobody named to trust."""

    exit_code = ExitCode.EVIDENCE


class TrustError(SealaneError):
    """Trust material is missing, stale, or not the one that was asked for."""

    exit_code = ExitCode.TRUST


class InputError(SealaneError):
    """A file or value that was handed in cannot be used."""

    exit_code = ExitCode.INPUT


class PolicyError(InputError):
    """A policy cannot be used; nothing is judged without one that can."""


class NetworkError(SealaneError):
    """The network or a remote service failed, or may not be used."""

    exit_code = ExitCode.NETWORK


class ChannelError(NetworkError):
    """A place where releases become public refused or failed.

    Args:
        message: What was asked, and what was answered.
        status: HTTP status of the answer; None where there was none.
        code: The service's own word for the failure, e.g. "invalid-reuse-token".
        hint: What to do about it.
    """

    def __init__(
        self, message: str, *, status: int | None = None, code: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code


class EmbargoError(SealaneError):
    """An embargo holds: it is too early, approvals are missing, or the case is in another state."""

    exit_code = ExitCode.EMBARGO


class VerificationError(SealaneError):
    """One piece of evidence does not hold.

    Only `appraise` catches it, and makes a finding of it, so that one bad artifact never hides
    another.

    Args:
        code: The finding code that explains it, e.g. "SL-SIG-001 signature-invalid".
        message: What does not hold.
        expected: What would have held.
        actual: What was found.
        hint: What to do about it.
    """

    exit_code = ExitCode.FAILED

    def __init__(
        self, code: str, message: str, *, expected: str = "", actual: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.expected = expected
        self.actual = actual


class LaneError(SealaneError):
    """A stage of the lane stopped.

    Args:
        exit_code: Why; the number the process ends with.
        message: What stopped it.
        public: What of the release is public by now, one sentence.
        resume: The exact next command.
        hint: What to do about it.
    """

    def __init__(
        self,
        exit_code: LaneExit,
        message: str,
        *,
        public: str = "nothing is public",
        resume: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.exit_code = exit_code
        self.public = public
        self.resume = resume

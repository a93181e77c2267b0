"""What engines say of one bundle, side by side."""

from dataclasses import dataclass

from sealane.core.model.artifact import Artifact
from sealane.core.verify.interface import Engine, Proven
from sealane.errors import InputError, VerificationError


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one engine says.

    Attributes:
        proven: What it proved; None where it refused.
        code: The finding code of a refusal.
        why: Its words.
    """

    proven: Proven | None
    code: str = ""
    why: str = ""

    @property
    def found(self) -> tuple[object, ...] | None:
        """What both engines have to find alike; None for a refusal."""
        one = self.proven
        if one is None:
            return None
        return (one.certificate, one.payload_type, one.payload, one.log_index, one.signer)


def opinion(engine: Engine, bundle: bytes, artifact: Artifact) -> Opinion:
    """What an engine says; any other exception than a refusal is a bug, and is let through."""
    try:
        return Opinion(engine.prove(bundle, artifact))
    except (VerificationError, InputError) as error:
        code = error.code if isinstance(error, VerificationError) else "input"
        words = f"{error.message} {getattr(error, 'actual', '')}".strip()
        return Opinion(None, code, words)


@dataclass(frozen=True, slots=True)
class Pair:
    """What two engines say of the same bundle."""

    bundle: bytes
    ours: Opinion
    theirs: Opinion

    @property
    def agree(self) -> bool:
        """Whether both refuse, or both accept and found the same."""
        return self.ours.found == self.theirs.found

    @property
    def contradict(self) -> bool:
        """Whether both accept and found different things, which nothing excuses."""
        accepted = self.ours.proven is not None and self.theirs.proven is not None
        return accepted and not self.agree

    def __str__(self) -> str:
        """Both, for a failing test."""
        named = (("sealane", self.ours), ("sigstore", self.theirs))
        return "; ".join(
            f"{name}: {'accepts' if one.proven else f'{one.code} {one.why}'}" for name, one in named
        )


def pair(own: Engine, second: Engine, bundle: bytes, artifact: Artifact) -> Pair:
    """What two engines say of a bundle."""
    return Pair(bundle, opinion(own, bundle, artifact), opinion(second, bundle, artifact))

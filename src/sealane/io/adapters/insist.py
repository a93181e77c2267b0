"""Sending to a service whose answers may be lost: after each doubtful one comes a look."""

from __future__ import annotations

from collections.abc import Callable

from sealane.core.model.values import dataclass
from sealane.errors import ChannelError, NetworkError

# Answers after which the same request may succeed later. Spec: RFC 9110, RFC 6585.
_LATER = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class Persistence:
    """How patient a sender is.

    Attributes:
        sends: How often it sends at most.
        looks: How often it looks after each time.
        pause: Seconds after the first look that saw nothing; each pause is twice the one before.
    """

    sends: int = 3
    looks: int = 4
    pause: float = 1.0


# A sandbox shows at once what it has.
LOOPBACK = Persistence(sends=3, looks=2, pause=0.05)


def persistence_of(*, sandbox: bool) -> Persistence:
    """How patient a sender is: a sandbox has no caches, the world has."""
    return LOOPBACK if sandbox else Persistence()


def is_doubtful(error: NetworkError) -> bool:
    """Whether a request may have been carried out in spite of its answer, or may be later."""
    status = error.status if isinstance(error, ChannelError) else None
    return status is None or status >= 500 or status in _LATER


def insist(
    send: Callable[[], object],
    is_there: Callable[[], bool],
    persistence: Persistence,
    sleep: Callable[[float], None],
) -> None:
    """Send something until it is there, and never again once it is.

    1. Send. 2. Look until it is there. 3. Where it is not: a clear refusal ends it; so does a clear
    yes, for it may be shown later, and to send again would store it twice. 4. After anything else,
    send again.

    Args:
        send: One request.
        is_there: Looks whether it was carried out.
        persistence: How often.
        sleep: Waits for so many seconds.

    Raises:
        ChannelError: It was refused.
        NetworkError: It is not there, and a look does not tell more.
    """
    for left in reversed(range(persistence.sends)):
        failure = _failure(send)  # 1
        clear = failure is not None and not is_doubtful(failure)
        # What was refused clearly is there only if an earlier request of ours arrived late.
        looks = 1 if clear else persistence.looks
        if _appears(is_there, looks, persistence.pause, sleep):  # 2
            return
        if failure is None:  # 3
            raise NetworkError(
                "the service says that it has it, and does not show it",
                hint="nothing was sent twice; run the same command again in some minutes",
            )
        if clear or not left:
            raise failure
        sleep(persistence.pause * 2 ** (persistence.sends - 1 - left))  # 4


def _failure(send: Callable[[], object]) -> NetworkError | None:
    try:
        send()
    except NetworkError as error:
        return error
    return None


def _appears(
    is_there: Callable[[], bool], looks: int, pause: float, sleep: Callable[[float], None]
) -> bool:
    for number in range(looks):
        if number:
            sleep(pause * 2 ** (number - 1))
        if is_there():
            return True
    return False

"""What is there is never sent again, and what was refused is not insisted on."""

from collections.abc import Callable

import pytest

from sealane.errors import ChannelError, NetworkError
from sealane.io.adapters.insist import LOOPBACK, Persistence, insist, is_doubtful, persistence_of

PATIENT = Persistence(sends=3, looks=3, pause=1.0)
LOST = NetworkError("no answer")
REFUSED = ChannelError("no", status=422)
LIMITED = ChannelError("later", status=429)


class Service:
    """Stores what it is sent after so many requests, and answers each as it is told."""

    def __init__(self, *answers: NetworkError | None, stores_at: int, shows_after: int = 0) -> None:
        self.answers, self.stores_at, self.hidden = list(answers), stores_at, shows_after
        self.sent, self.looks = 0, 0
        self.slept: list[float] = []

    def send(self) -> None:
        answer = self.answers[self.sent]
        self.sent += 1
        if answer is not None:
            raise answer

    def is_there(self) -> bool:
        self.looks += 1
        if not 0 < self.stores_at <= self.sent:
            return False
        self.hidden -= 1
        return self.hidden < 0

    def run(self) -> None:
        insist(self.send, self.is_there, PATIENT, self.slept.append)


@pytest.mark.parametrize(
    ("service", "sent"),
    [
        pytest.param(lambda: Service(None, stores_at=1), 1, id="at-once"),
        pytest.param(lambda: Service(None, stores_at=1, shows_after=2), 1, id="shown-late"),
        pytest.param(lambda: Service(LOST, stores_at=1), 1, id="stored-answer-lost"),
        pytest.param(lambda: Service(LOST, stores_at=1, shows_after=2), 1, id="lost-and-late"),
        pytest.param(lambda: Service(LOST, LIMITED, None, stores_at=3), 3, id="twice-in-vain"),
        pytest.param(lambda: Service(LOST, REFUSED, stores_at=1, shows_after=3), 2, id="too-late"),
    ],
)
def test_it_is_sent_until_it_is_there(service: Callable[[], Service], sent: int) -> None:
    made = service()
    made.run()
    assert made.sent == sent


def test_a_refusal_ends_it_after_one_look() -> None:
    service = Service(REFUSED, stores_at=0)
    with pytest.raises(ChannelError) as caught:
        service.run()
    assert caught.value is REFUSED
    assert (service.sent, service.looks, service.slept) == (1, 1, [])


def test_what_was_accepted_and_is_not_shown_is_not_sent_again() -> None:
    service = Service(None, None, stores_at=0)
    with pytest.raises(NetworkError, match="does not show it"):
        service.run()
    assert (service.sent, service.looks) == (1, 3)


def test_patience_ends_and_pauses_grow() -> None:
    service = Service(LOST, LIMITED, LOST, stores_at=0)
    with pytest.raises(NetworkError) as caught:
        service.run()
    assert caught.value is LOST
    assert (service.sent, service.looks) == (3, 9)
    assert service.slept == [1.0, 2.0, 1.0, 1.0, 2.0, 2.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("error", "doubtful"),
    [
        (NetworkError("x"), True), (ChannelError("x"), True), (ChannelError("x", status=500), True),
        (ChannelError("x", status=503), True), (ChannelError("x", status=429), True),
        (ChannelError("x", status=408), True), (ChannelError("x", status=404), False),
        (ChannelError("x", status=401), False), (ChannelError("x", status=301), False),
    ],
)  # fmt: skip
def test_only_a_clear_answer_is_clear(error: NetworkError, *, doubtful: bool) -> None:
    assert is_doubtful(error) is doubtful


def test_a_sandbox_is_waited_for_shortly() -> None:
    assert persistence_of(sandbox=True) == LOOPBACK
    assert persistence_of(sandbox=False).pause > LOOPBACK.pause

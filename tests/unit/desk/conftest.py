"""A server that answers what the test says, and what may be asked of it."""

from collections.abc import Iterator

import pytest

from sealane.desk.ask import Means
from sealane.io.adapters.http import Web
from support.answering import Answering, answering


@pytest.fixture
def service() -> Iterator[Answering]:
    with answering() as state:
        yield state


@pytest.fixture
def means(monkeypatch: pytest.MonkeyPatch) -> Means:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return Means(Web("test/1", loopback=True), {})

"""A server that answers what the test says, and a client that may ask it."""

from collections.abc import Iterator

import pytest

from sealane.io.adapters.http import Web
from support.answering import Answering, answering


@pytest.fixture
def service() -> Iterator[Answering]:
    with answering() as state:
        yield state


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return Web("test/1", loopback=True)

"""A token is shown nowhere, and forgotten when it was used."""

import json
import pickle

import pytest

from sealane.errors import InputError
from sealane.io.adapters.secret import Secret, lent


def test_a_secret_is_neither_printed_nor_stored() -> None:
    secret = Secret("hunter2", "TOKEN")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)


def test_a_token_is_lent_for_the_block_alone() -> None:
    with lent("TOKEN", {"TOKEN": "hunter2"}) as secret:
        assert secret.reveal() == "hunter2"
    assert not secret.reveal()


def test_a_token_is_forgotten_also_after_a_failure() -> None:
    kept: list[Secret] = []

    def fail() -> None:
        with lent("TOKEN", {"TOKEN": "hunter2"}) as secret:
            kept.append(secret)
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fail()
    assert not kept[0].reveal()


@pytest.mark.parametrize("environment", [{}, {"TOKEN": ""}, {"token": "x"}])
def test_a_token_that_is_not_set_is_an_error(environment: dict[str, str]) -> None:
    with pytest.raises(InputError, match="TOKEN is not set"), lent("TOKEN", environment):
        pass


@pytest.mark.parametrize("token", ["two words", "line\nend", "\u00fcmlaut", "x" * 8193, "\x7f"])
def test_a_token_that_no_header_can_hold_is_refused_and_not_quoted(token: str) -> None:
    with pytest.raises(InputError, match="TOKEN") as caught, lent("TOKEN", {"TOKEN": token}):
        pass
    assert token not in f"{caught.value.message} {caught.value.hint}"

"""A value that is never shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from sealane.errors import InputError

# What can stand in a header; an error about anything else would quote it.
_SENDABLE = re.compile(r"[!-~]{1,8192}")


class Secret:
    """Holds a token in memory; prints as `<secret>` and is refused by pickle and JSON.

    Args:
        value: The token.
        source: Where it came from, e.g. the variable's name; may be shown.
    """

    __slots__ = ("_value", "source")

    def __init__(self, value: str, source: str = "") -> None:
        self._value = value
        self.source = source

    def reveal(self) -> str:
        """The token itself; call it where it is sent, nowhere else."""
        return self._value

    def forget(self) -> None:
        """Let go of the token: from now on it is empty, which no service takes."""
        self._value = ""

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not stored")


@contextmanager
def lent(variable: str, environment: Mapping[str, str]) -> Iterator[Secret]:
    """The token that a variable holds, for as long as the block runs.

    Args:
        variable: Its name, from the configuration.
        environment: Where it is looked up.

    Raises:
        InputError: It is not set, or no service could be sent it.
    """
    token = Secret(environment.get(variable, ""), variable)
    if not token.reveal():
        raise InputError(
            f"no token: the variable {variable} is not set",
            hint=f"set {variable} in the job that publishes, and in no other",
        )
    check_sendable(token)
    try:
        yield token
    finally:
        token.forget()


def check_sendable(token: Secret) -> None:
    """Refuse a token that cannot stand in a header.

    Raises:
        InputError: It is empty, too long, or not of printable ASCII without blanks.
    """
    if not _SENDABLE.fullmatch(token.reveal()):
        raise InputError(
            f"the token from {token.source or 'the user'}: expected printable ASCII, no blanks",
            hint="store it anew, without a line end",
        )

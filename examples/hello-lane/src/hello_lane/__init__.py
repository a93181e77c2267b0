"""Says how a host name is written in the DNS."""

from __future__ import annotations

import sys

import idna

__version__ = "0.1.0"


def ascii_name(host: str) -> str:
    """The form of a host name that is asked for in the DNS.

    Raises:
        idna.IDNAError: The name is not allowed.
    """
    return idna.encode(host, uts46=True).decode("ascii")


def main() -> int:
    """Print the names given on the command line, one a line.

    Returns:
        0, or 1 when a name is not allowed.
    """
    code = 0
    for host in sys.argv[1:] or ["bücher.example"]:
        try:
            print(ascii_name(host))
        except idna.IDNAError as error:
            print(f"hello-lane: {host}: {error}", file=sys.stderr)
            code = 1
    return code

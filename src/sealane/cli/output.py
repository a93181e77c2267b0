"""Writes a report to standard output."""

from __future__ import annotations

import sys

import click


def write_out(report: str) -> None:
    """Write a report; what standard output has no letters for is written as its escape.

    Args:
        report: The whole report, ending in a line end.
    """
    # A name that the terminal has no letters for must not end the run.
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(report.encode(encoding, "backslashreplace").decode(encoding), nl=False)

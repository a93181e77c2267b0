"""Asks the package index's vulnerability service, by driving `pip-audit` as a program.

Its exit code says nothing: an unknown package, and an answer without the field, end in 0. So only
its JSON is handed on, and every run also asks for a release that is known to be vulnerable.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.errors import MissingExtraError, NetworkError
from sealane.io.adapters.environment import network_environment
from sealane.io.adapters.process import run

# (name, version) of a release with advisories since 2014; whoever knows none of them knows nothing.
CANARY = ("jinja2", "2.4.1")
_TIMEOUT = 900  # seconds
# pip-audit wants a hash on every line and, with --disable-pip, compares it with nothing.
_NO_HASH = "sha256:" + "0" * 64


@dataclass(frozen=True, slots=True)
class Report:
    """What the service answered, as pip-audit's JSON; one document a run."""

    documents: tuple[bytes, ...]


def ask(lock: bytes, pins_canary: bool, outer: Mapping[str, str]) -> Report:
    """Ask for advisories on everything a lock names, and on the canary.

    Args:
        lock: Hash-locked requirements.
        pins_canary: The lock names another release of the canary's project. pip-audit refuses
            two releases of one project in a run, so the canary is then asked for in its own.
        outer: The caller's environment; proxies and CA files of it are passed on.

    Raises:
        NetworkError: The service could not be asked, or answered with something unreadable.
        MissingExtraError: pip-audit is not installed.
    """
    if importlib.util.find_spec("pip_audit") is None:
        raise MissingExtraError("lane audit", "lane", "pip_audit")
    canary = f"{CANARY[0]}=={CANARY[1]} --hash={_NO_HASH}\n".encode()
    if pins_canary:
        return Report((_run((lock,), outer), _run((canary,), outer)))
    return Report((_run((lock, canary), outer),))


def _run(requirements: tuple[bytes, ...], outer: Mapping[str, str]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="sealane-audit-") as private:
        home = Path(private)
        files: list[str] = []
        for number, content in enumerate(requirements):
            path = home / f"requirements-{number}.txt"
            path.write_bytes(content)
            files += ["--requirement", str(path)]
        command = [
            sys.executable, "-I", "-m", "pip_audit", "--strict", "--disable-pip",
            "--require-hashes", "--no-deps", "--cache-dir", str(home / "cache"),
            "--progress-spinner", "off", "--vulnerability-service", "pypi", "--aliases", "on",
            "--desc", "off", "--format", "json", *files,
        ]  # fmt: skip
        result = run(command, env=network_environment(outer, home), cwd=home, timeout=_TIMEOUT)
    # 0: nothing found; 1: something found, or the service failed and there is no JSON.
    if result.code not in (0, 1) or not result.output.lstrip().startswith(b"{"):
        said = _said(result.stderr) or result.cut_off or f"exit code {result.code}"
        raise NetworkError(
            f"the vulnerability service gave no answer: {said}",
            hint="without its answer nothing is released; try again later",
        )
    return result.output


def _said(errors: str) -> str:
    """What pip-audit wrote, without its advice on flags that are given on purpose."""
    lines = [line for line in errors.splitlines() if line and not line.startswith("WARNING:")]
    return "\n  ".join("\n".join(lines)[-1500:].splitlines())

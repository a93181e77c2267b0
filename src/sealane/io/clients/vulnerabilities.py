"""Asks a vulnerability service, the package index's or OSV's, by driving `pip-audit` as a program.

Its exit code says nothing: an unknown package, and an answer without the field, end in 0. So only
its JSON is handed on, and whoever asks also asks for a release that is known to be vulnerable.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.errors import InputError, MissingExtraError, NetworkError
from sealane.io.adapters.environment import network_environment
from sealane.io.adapters.process import run

# (name, version) of a release with advisories since 2014; whoever knows none of them knows nothing.
CANARY = ("jinja2", "2.4.1")
_TIMEOUT = 900  # seconds
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9a-z.!+]+")
# pip-audit wants a hash on every line and, with --disable-pip, compares it with nothing.
_NO_HASH = "sha256:" + "0" * 64
# A release that the index does not have ends the run.
_OF_INDEX = ("--strict", "--vulnerability-service", "pypi")


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
    _require("lane audit")
    canary = _pin(*CANARY)
    if pins_canary:
        return Report((_run((lock,), _OF_INDEX, outer), _run((canary,), _OF_INDEX, outer)))
    return Report((_run((lock, canary), _OF_INDEX, outer),))


def ask_versions(
    releases: Sequence[tuple[str, str]], osv_url: str, outer: Mapping[str, str]
) -> Report:
    """Ask for advisories on several versions of a project, and on the canary.

    pip-audit refuses two releases of one project in a run, so there are as many runs as one
    project has releases here. A release that the index does not have is answered as skipped.

    Args:
        releases: (name as PEP 503 writes it, PEP 440 version) of each.
        osv_url: The URL an OSV service takes queries at; "" asks the package index.
        outer: The caller's environment; proxies and CA files of it are passed on.

    Raises:
        InputError: A name or a version is not in its normal form.
        NetworkError: The service could not be asked, or answered with something unreadable.
        MissingExtraError: pip-audit is not installed.
    """
    _require("asking pip-audit")
    service: tuple[str, ...] = ("--vulnerability-service", "pypi")
    if osv_url:
        service = ("--vulnerability-service", "osv", "--osv-url", osv_url)
    by_name: dict[str, list[bytes]] = {}
    for name, version in dict.fromkeys((*releases, CANARY)):
        by_name.setdefault(name, []).append(_pin(name, version))
    rounds = zip_longest(*by_name.values(), fillvalue=b"")
    return Report(tuple(_run((b"".join(one),), service, outer) for one in rounds))


def _require(command: str) -> None:
    if importlib.util.find_spec("pip_audit") is None:
        raise MissingExtraError(command, "lane", "pip_audit")


def _pin(name: str, version: str) -> bytes:
    # A line of requirements can hold options: what an advisory calls a package must not become one.
    if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
        raise InputError(
            f"pip-audit: expected a normalised name and version, got {name[:60]!r} {version[:60]!r}"
        )
    return f"{name}=={version} --hash={_NO_HASH}\n".encode()


def _run(
    requirements: tuple[bytes, ...], service: tuple[str, ...], outer: Mapping[str, str]
) -> bytes:
    with tempfile.TemporaryDirectory(prefix="sealane-audit-") as private:
        home = Path(private)
        files: list[str] = []
        for number, content in enumerate(requirements):
            path = home / f"requirements-{number}.txt"
            path.write_bytes(content)
            files += ["--requirement", str(path)]
        command = [
            sys.executable, "-I", "-m", "pip_audit", *service, "--disable-pip",
            "--require-hashes", "--no-deps", "--cache-dir", str(home / "cache"),
            "--progress-spinner", "off", "--aliases", "on",
            "--desc", "off", "--format", "json", *files,
        ]  # fmt: skip
        result = run(command, env=network_environment(outer, home), cwd=home, timeout=_TIMEOUT)
    # 0: nothing found; 1: something found, or the service failed and there is no JSON.
    if result.code not in (0, 1) or not result.output.lstrip().startswith(b"{"):
        said = _said(result.stderr) or result.cut_off or f"exit code {result.code}"
        raise NetworkError(
            f"the vulnerability service gave no answer: {said}",
            hint="without its answer nothing can be said; try again later",
        )
    return result.output


def _said(errors: str) -> str:
    """What pip-audit wrote, without its advice on flags that are given on purpose."""
    lines = [line for line in errors.splitlines() if line and not line.startswith("WARNING:")]
    return "\n  ".join("\n".join(lines)[-1500:].splitlines())

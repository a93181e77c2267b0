"""Builds one copy of a release: export, locked environment, sdist, and the wheel from the sdist."""

from __future__ import annotations

import hashlib
import os
import platform
import stat
import tempfile
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from sealane.core.archives.limits import ARTIFACT_LIMIT
from sealane.core.model.values import dataclass
from sealane.core.release.record import BuildRecord, BuiltFile
from sealane.errors import InputError
from sealane.io.adapters import isolation, process
from sealane.io.adapters.git import Repository
from sealane.io.adapters.isolation import Level, Room
from sealane.io.adapters.process import Finished
from sealane.io.builds.export import export
from sealane.io.builds.tools import RUNNER, lay_out_tools
from sealane.io.builds.vary import CONDITIONS, RESERVED, Conditions
from sealane.io.builds.wheelhouse import fetch

_SHARED = ("tools", "wheels", "environment")
_SETUP_TIMEOUT = 300  # seconds
_BUILD_TIMEOUT = 1800
# pyproject.toml without [build-system] means this; PEP 517, "Source trees".
_LEGACY_BACKEND = "setuptools.build_meta:__legacy__"


@dataclass(frozen=True, slots=True)
class Target:
    """One package to build: its name on the index, its folder in the commit, its version."""

    name: str
    path: str
    version: str


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What one copy is built from.

    Attributes:
        letter: "a" or "b": under which conditions.
        commit: Commit id.
        epoch: SOURCE_DATE_EPOCH, Unix seconds.
        targets: The packages, in order.
        lock: Path of the lock of the build environment, in the commit.
        environment: (name, value) added to the cleared environment.
        level: How far the backend is kept away from the machine.
    """

    letter: str
    commit: str
    epoch: int
    targets: tuple[Target, ...]
    lock: str
    environment: tuple[tuple[str, str], ...]
    level: Level


@dataclass(frozen=True, slots=True)
class Bench:
    """The folders of one build, on this machine and as the build sees them.

    Tools and environment are shared and read-only; source, output and temporary folder are made
    afresh for each package, so that one package's backend leaves nothing for the next.
    """

    root: Path
    conditions: Conditions
    level: Level
    number: int

    def inner(self, name: str) -> str:
        """A folder's path as the build sees it."""
        if self.level is Level.NONE:
            return str(self.outer(name))
        places = {"source": f"/build/{self.conditions.folder}", "temporary": "/tmp"}  # noqa: S108  a path in the new root
        return places.get(name, f"/sealane/{name}")

    def outer(self, name: str) -> Path:
        """A folder's path on this machine."""
        own = {"source": self.conditions.folder, "output": "output", "temporary": "temporary"}
        return self.root / str(self.number) / own[name] if name in own else self.root / name

    def run(
        self,
        arguments: Sequence[str],
        writable: Sequence[str],
        env: Mapping[str, str],
        timeout: float,
    ) -> Finished:
        """Run a program that may read the shared folders, and write to the named ones."""
        if self.level is Level.NONE:
            return process.run(arguments, env=env, cwd=self.outer("temporary"), timeout=timeout)
        room = Room(
            readable=self._places([name for name in _SHARED if name not in writable]),
            writable=self._places(writable),
            cwd=self.inner("temporary"),
        )
        return isolation.run_isolated(arguments, room=room, env=env, timeout=timeout)

    def _places(self, names: Sequence[str]) -> tuple[tuple[Path, str], ...]:
        return tuple((self.outer(name), self.inner(name)) for name in names)


def build_copy(
    repository: Repository, request: BuildRequest, folder: Path, outer: Mapping[str, str]
) -> BuildRecord:
    """Build one copy into a new folder.

    Args:
        repository: Where the commit is.
        request: What is built, and how.
        folder: Where the built files go; made by this, and only when everything was built.
        outer: The caller's environment; only fetching the build environment uses it, to reach
            the network.

    Returns:
        What was built with what; `seconds` is 0, for the caller holds the clock.

    Raises:
        InputError: The export, the lock, a hook or a built file is not as it has to be.
        NetworkError: The build environment cannot be fetched.
    """
    conditions = CONDITIONS[request.letter]
    with tempfile.TemporaryDirectory(prefix=f"sealane-build-{request.letter}-") as temporary:
        benches = [
            Bench(Path(temporary), conditions, request.level, number)
            for number in range(len(request.targets))
        ]
        for bench in benches:
            export(repository, request.commit, bench.outer("source"), request.epoch)
            bench.outer("output").mkdir()
            (bench.outer("temporary") / "home").mkdir(parents=True)
        first = benches[0]
        lock = _lock(first.outer("source"), request.lock)
        wheels = fetch(lock, first.outer("wheels"), outer)
        frontend = lay_out_tools(first.outer("tools"))
        environment = _environment(first, request)
        _set_up(first, lock, environment)
        pairs = list(zip(benches, request.targets, strict=True))
        backends = tuple(_backend(bench.outer("source") / t.path) for bench, t in pairs)
        built = [_build(bench, t, _environment(bench, request)) for bench, t in pairs]
        files = _keep([path for paths in built for path in paths], folder)
    return BuildRecord(
        letter=request.letter,
        commit=request.commit,
        epoch=request.epoch,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        zlib=zlib.ZLIB_RUNTIME_VERSION,
        platform=f"{platform.system()} {platform.machine()}",
        frontend=frontend,
        backends=backends,
        lock=request.lock,
        lock_sha256=hashlib.sha256(lock).hexdigest(),
        installed=tuple(sorted(_release_of(wheel) for wheel in wheels)),
        isolation=request.level.value,
        environment=tuple(sorted(environment.items())),
        files=files,
        seconds=0,
    )


def _lock(source: Path, name: str) -> bytes:
    path = source / name
    if path.is_symlink() or not path.is_file():
        raise InputError(
            f"build.lock {name!r}: not a file of the commit",
            hint="commit it; make it with: uv pip compile --generate-hashes requirements/build.in",
        )
    return path.read_bytes()


def _release_of(wheel: Path) -> str:
    name, version, _, _ = parse_wheel_filename(wheel.name)
    return f"{name}=={version}"


def _environment(bench: Bench, request: BuildRequest) -> dict[str, str]:
    """The whole environment of the backend; nothing of the caller's is in it."""
    taken = RESERVED & {name for name, _ in request.environment}
    if taken:
        raise InputError(f"build.env: set by the lane itself: {', '.join(sorted(taken))}")
    temporary = bench.inner("temporary")
    return {
        **dict(request.environment),
        **dict(bench.conditions.environment),
        "PATH": f"{bench.inner('environment')}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": f"{temporary}/home",
        "TMPDIR": temporary,
        "SOURCE_DATE_EPOCH": str(request.epoch),
        # A backend's .pyc files in the source folder would end up in the sdist.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }


def _set_up(bench: Bench, lock: bytes, environment: Mapping[str, str]) -> None:
    """Make the build environment from the fetched wheels, without a network."""
    (bench.outer("wheels") / "requirements.txt").write_bytes(lock)
    bench.outer("environment").mkdir()
    home, wheels = bench.inner("environment"), bench.inner("wheels")
    make = [str(isolation.interpreter()), "-I", "-m", "venv", "--without-pip", home]
    install = [
        f"{home}/bin/python", "-I", f"{bench.inner('tools')}/{RUNNER}", "pip", "install",
        "--quiet", "--no-input", "--no-cache-dir", "--disable-pip-version-check", "--no-compile",
        "--root-user-action", "ignore", "--no-index", "--find-links", wheels,
        "--only-binary", ":all:", "--require-hashes", "--requirement", f"{wheels}/requirements.txt",
    ]  # fmt: skip
    for command, what in ((make, "made"), (install, "filled")):
        result = bench.run(command, ("environment", "temporary"), environment, _SETUP_TIMEOUT)
        if result.code:
            raise InputError(f"the build environment cannot be {what}: {_said(result)}")


def _build(bench: Bench, target: Target, environment: Mapping[str, str]) -> list[Path]:
    """Run the hooks of one package; what they left is looked at only when all succeeded."""
    place = (
        bench.inner("source") if target.path == "." else f"{bench.inner('source')}/{target.path}"
    )
    command = [
        f"{bench.inner('environment')}/bin/python", "-I", f"{bench.inner('tools')}/{RUNNER}",
        "build", "--no-isolation", "--outdir", bench.inner("output"), place,
    ]  # fmt: skip
    writable = ("source", "output", "temporary")
    result = bench.run(command, writable, environment, _BUILD_TIMEOUT)
    if result.code:
        raise InputError(
            f"package {target.name}: the build backend failed: {_said(result)}",
            hint="the build has no network, no home and only what the lock names",
        )
    return _expected_files(bench.outer("output"), target)


def _said(result: Finished) -> str:
    if result.cut_off:
        return f"stopped ({result.cut_off})"
    lines = result.text[-3000:].splitlines()[-30:]
    return "\n  ".join(["", *lines]) if lines else f"exit code {result.code}"


def _backend(package: Path) -> str:
    # build has read the file already, so it is there and it is TOML.
    try:
        system = tomllib.loads((package / "pyproject.toml").read_text("utf-8")).get("build-system")
    except (OSError, ValueError):
        return _LEGACY_BACKEND
    backend = system.get("build-backend") if isinstance(system, dict) else None
    return backend if isinstance(backend, str) else _LEGACY_BACKEND


def _expected_files(output: Path, target: Target) -> list[Path]:
    """Exactly one sdist and one wheel of the right name and version, and nothing else."""
    paths = sorted(output.iterdir())
    found = sorted(_kind(path.name, target) for path in paths)
    if found != ["sdist", "wheel"]:
        names = ", ".join(path.name for path in paths) or "nothing"
        raise InputError(
            f"package {target.name}: expected one sdist and one wheel of "
            f"{target.name} {target.version}, got {names}",
            hint="the version in the built files has to be the tag's",
        )
    return paths


def _kind(name: str, target: Target) -> str:
    try:
        if name.endswith(".whl"):
            found, version, _, _ = parse_wheel_filename(name)
            kind = "wheel"
        else:
            found, version = parse_sdist_filename(name)
            kind = "sdist" if name.endswith(".tar.gz") else "another sdist"
    except (InvalidWheelFilename, InvalidSdistFilename):
        return f"unknown {name}"
    right = (found, str(version)) == (canonicalize_name(target.name), target.version)
    return kind if right else f"another {kind}"


def _keep(paths: Sequence[Path], folder: Path) -> tuple[BuiltFile, ...]:
    """Copy the built files out; a backend may have left links, pipes or something huge."""
    contents = {path.name: _read(path) for path in paths}
    if len(contents) != len(paths):
        raise InputError("two packages built a file of the same name")
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o644)
    return tuple(
        BuiltFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in sorted(contents.items())
    )


def _read(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise InputError(f"built file {path.name!r}: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputError(f"built file {path.name!r}: not a regular file")
        content = stream.read(ARTIFACT_LIMIT + 1)
    if len(content) > ARTIFACT_LIMIT:
        raise InputError(f"built file {path.name!r}: larger than {ARTIFACT_LIMIT} bytes")
    return content

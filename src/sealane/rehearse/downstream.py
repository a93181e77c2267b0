"""What a stranger does with a release: installs it, fetches it, verifies it, and is lied to."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.core.release.project import Forge, ForgeKind
from sealane.errors import ExitCode, LaneError, LaneExit
from sealane.io.adapters.process import Finished, run
from sealane.rehearse.summary import Check

_TIMEOUT = 300
_PIP = ("-I", "-m", "pip", "--quiet")


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody with an empty folder and the sandbox's network.

    Attributes:
        folder: Made by this; everything they do happens in it.
        environment: Their whole environment.
        sandbox: State directory of the sandbox.
    """

    folder: Path
    environment: Mapping[str, str]
    sandbox: Path

    def install(self, package: str, version: str) -> Check:
        """Install a release with `pip` in a fresh virtual environment.

        Raises:
            LaneError: It cannot be installed.
        """
        self.folder.mkdir()
        venv = self.folder / "venv"
        self._must("make a virtual environment", [sys.executable, "-I", "-m", "venv", str(venv)])
        python = str(venv / "bin" / "python")
        pip = [python, *_PIP]
        self._must("pip install", [*pip, "install", f"{package}=={version}"])
        self._must("pip check", [*pip, "check"])
        return Check(f"pip install {package}=={version}", "installed, with its dependencies")

    def fetch(self, package: str, version: str) -> tuple[Path, ...]:
        """Download the wheel of a release with `pip`.

        Raises:
            LaneError: It cannot be had.
        """
        dist = self.folder / "dist"
        python = str(self.folder / "venv" / "bin" / "python")
        command = [python, *_PIP, "download", "--no-deps", "--dest", str(dist)]
        self._must("pip download", [*command, "--only-binary", ":all:", f"{package}=={version}"])
        files = tuple(sorted(dist.iterdir()))
        if not files:
            raise LaneError(LaneExit.CONFIRM, f"pip download {package}=={version}: no file")
        return files

    def verify(self, files: Sequence[Path], publisher: str) -> Check:
        """Verify files with `sealane verify`, with the evidence of the index.

        Raises:
            LaneError: They do not pass.
        """
        result = self._verify(files, publisher)
        if result.code != ExitCode.PASS:
            raise _failed("sealane verify", result)
        names = " ".join(file.name for file in files)
        return Check(f"sealane verify {names} --publisher {publisher}", "passed, exit 0")

    def refuse_changed(self, file: Path, publisher: str) -> Check:
        """Flip one bit of a copy, and see that it is refused.

        Raises:
            LaneError: It was not.
        """
        changed = self.folder / "changed" / file.name
        changed.parent.mkdir()
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        changed.write_bytes(content)
        result = self._verify([changed], publisher)
        if result.code != ExitCode.FAILED:
            raise _failed("sealane verify of a changed file, which had to exit with 1", result)
        return Check("sealane verify of the same file with one bit changed", "refused, exit 1")

    def refuse_stranger(self, file: Path) -> Check:
        """Name another publisher, and see that the file is refused.

        Raises:
            LaneError: It was not.
        """
        result = self._verify([file], "gitlab:somebody/else")
        if result.code != ExitCode.FAILED:
            raise _failed("sealane verify for another publisher, which had to exit with 1", result)
        return Check("sealane verify for the publisher gitlab:somebody/else", "refused, exit 1")

    def _verify(self, files: Sequence[Path], publisher: str) -> Finished:
        command = [sys.executable, "-I", "-m", "sealane", "--sandbox", str(self.sandbox), "verify"]
        options = ["--publisher", publisher, "--online=index"]
        return self._run([*command, *(str(file) for file in files), *options])

    def _must(self, what: str, command: Sequence[str]) -> None:
        result = self._run(command)
        if result.code:
            raise _failed(what, result)

    def _run(self, command: Sequence[str]) -> Finished:
        return run(command, env=self.environment, cwd=self.folder, timeout=_TIMEOUT)


def publisher_of(forge: Forge) -> str:
    """The quick form of the publisher a release of this forge comes from."""
    match forge.kind:
        case ForgeKind.GITLAB if forge.host == "gitlab.com":
            return f"gitlab:{forge.project}//{forge.pipeline}"
        case ForgeKind.GITLAB:
            return f"gitlab+https://{forge.host}/{forge.project}//{forge.pipeline}"
        case ForgeKind.GITHUB:
            return f"github:{forge.project}/{forge.pipeline.rpartition('/')[2]}"


def _failed(what: str, result: Finished) -> LaneError:
    said = "\n  ".join(result.text[-1500:].splitlines())
    return LaneError(
        LaneExit.CONFIRM,
        f"a downstream user: {what}: exit {result.code}: {said}",
        public="nothing outside the sandbox",
    )

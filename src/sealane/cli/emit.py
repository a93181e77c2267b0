"""`--emit-vsa` and `--emit-svr` of `sealane verify`: verdicts written down for others.

What cannot be written is refused before anything is judged, where that can be known. A file that
nobody signed has a name that says so, and is of no form that any verifier takes for evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.core.model.values import dataclass
from sealane.errors import UsageError

if TYPE_CHECKING:
    from sealane.appraise.summary import Signer
    from sealane.core.model.summarizer import Summarizer
    from sealane.core.model.verdict import Appraisal

UNSIGNED = ".unsigned.jsonl"
# RFC 3986: a scheme, and then no blank and nothing beyond ASCII.
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]{1,1000}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line wants written.

    Attributes:
        vsa: File for verification summaries; None for none.
        svr: File for simple verification results; None for none.
        sign: "key:FILE" or "keyless"; None leaves them unsigned.
        resource_uri: As in `Summarizer`; None for the package URL.
        verifier_id: URI of the verifier.
    """

    vsa: str | None
    svr: str | None
    sign: str | None
    resource_uri: str | None
    verifier_id: str | None

    @property
    def anything(self) -> bool:
        """Whether anything is to be written."""
        return self.vsa is not None or self.svr is not None


@dataclass(frozen=True, slots=True)
class Emission:
    """What is to be written after the judgement, with all that is needed for it.

    Attributes:
        asked: What the command line wants.
        summarizer: Who speaks.
        signer: Who signs; None where nobody does.
    """

    asked: Asked
    summarizer: Summarizer
    signer: Signer | None

    def write(self, appraisal: Appraisal) -> None:
        """Write every summary, and say on standard error what was written.

        All of them are made before the first is signed: what is in a log cannot be taken back.

        Raises:
            UsageError: What was found cannot be summed up, or may not be signed so.
            SealaneError: Signing failed, or a file cannot be written.
        """
        from sealane.core.report.svr import svr_statements
        from sealane.core.report.vsa import vsa_statements

        made: list[tuple[str, tuple[bytes, ...]]] = []
        if self.asked.vsa is not None:
            made.append((self.asked.vsa, vsa_statements(appraisal, self.summarizer)))
        if self.asked.svr is not None:
            made.append((self.asked.svr, svr_statements(appraisal, self.summarizer)))
        if self.signer is not None:
            self.signer.check(appraisal)
        for file, statements in made:
            self._write(file, statements)

    def _write(self, file: str, statements: tuple[bytes, ...]) -> None:
        from sealane.appraise.summary import as_lines
        from sealane.core.model.shown import shown
        from sealane.io.adapters.files import write_atomically

        signed = statements if self.signer is None else self.signer.sign_all(statements)
        write_atomically(Path(file), as_lines(signed))
        said = (
            "nobody signed them, so they prove nothing"
            if self.signer is None
            else (self.signer.said)
        )
        count = f"{len(signed)} summar{'y' if len(signed) == 1 else 'ies'}"
        click.echo(f"note: {shown(file)}: {count}; {said}", err=True)


def prepare(
    asked: Asked, environ: Mapping[str, str], sandbox: str | None, *, warn_only: bool
) -> Emission | None:
    """What is to be written; None where nothing is.

    Args:
        asked: What the command line wants.
        environ: The process's environment.
        sandbox: State directory of the named sandbox.
        warn_only: Whether the run is not to be enforced.

    Raises:
        UsageError: Flags that do not go together, or that name something of another form.
        SealaneError: Whoever is to sign cannot.
    """
    if not asked.anything:
        _refuse_alone(asked)
        return None
    if warn_only:
        raise UsageError(
            "--warn-only: a run that enforces nothing has no summary for others",
            hint="leave out --warn-only, or --emit-vsa and --emit-svr",
        )
    verifier = _checked_uri("--verifier-id", asked.verifier_id or "")
    resource = asked.resource_uri and _checked_uri("--resource-uri", asked.resource_uri)
    _check_names(asked)
    from sealane import __version__
    from sealane.appraise.summary import find_signer
    from sealane.core.model.summarizer import Summarizer

    signer = None
    if asked.sign is not None:
        world = None
        if sandbox is not None:
            from sealane.io.stores.sandbox import load_named_sandbox

            world = load_named_sandbox(sandbox)
        signer = find_signer(asked.sign, environ, world)
    return Emission(asked, Summarizer(verifier, __version__, resource or ""), signer)


def _refuse_alone(asked: Asked) -> None:
    flags = {
        "--sign": asked.sign,
        "--resource-uri": asked.resource_uri,
        "--verifier-id": asked.verifier_id,
    }
    for flag, value in flags.items():
        if value is not None:
            raise UsageError(
                f"{flag}: nothing is to be written", hint="add --emit-vsa FILE or --emit-svr FILE"
            )


def _checked_uri(flag: str, text: str) -> str:
    if not text:
        raise UsageError(
            f"{flag}: required with --emit-vsa and --emit-svr",
            hint="write the URI by which others know you as a verifier",
        )
    if not _URI.fullmatch(text):
        raise UsageError(
            f"{flag} {text[:100]!r}: expected a URI",
            hint="write e.g. https://example.org/verifier, with other characters percent-encoded",
        )
    return text


def _check_names(asked: Asked) -> None:
    """Check that a file's name says whether anybody signed what is in it."""
    for flag, file in (("--emit-vsa", asked.vsa), ("--emit-svr", asked.svr)):
        if file is None or file.endswith(UNSIGNED) != (asked.sign is not None):
            continue
        if asked.sign is None:
            raise UsageError(
                f"{flag} {file[:100]!r}: nobody signs it, and its name does not say so",
                hint=f"add --sign key:FILE or --sign keyless, or let it end in {UNSIGNED}",
            )
        raise UsageError(
            f"{flag} {file[:100]!r}: it is to be signed, and its name says that it is not",
            hint="write e.g. FILE.vsa.json, which is found beside FILE",
        )

"""Whether the files of a version that are judged are exactly those that its release lists.

1. Every file that the statement lists is among those judged: none was held back.
2. Every file of the same package and version that is judged is listed: none was slipped in. Which
   those are, the file names of the listed ones tell; where none tells a package, everything that is
   judged has to be listed.

A file is told by its digests alone.

Spec: in-toto attestation, spec/predicates/release.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.statement import Statement, Subject
from sealane.core.verify.subject import is_about

_SHOWN = 3


def gaps_of(statement: Statement, files: Sequence[Artifact]) -> Iterator[tuple[str, str]]:
    """What is missing, and what is there beside it, each as expected and actual.

    Args:
        statement: A release, or a release manifest, proven.
        files: Everything that is judged.
    """
    by_digest: dict[Digest, list[int]] = {}
    for number, subject in enumerate(statement.subjects):
        for digest in subject.digests:
            by_digest.setdefault(digest, []).append(number)
    there: list[Artifact] = []
    others: list[Artifact] = []
    found: set[int] = set()
    for file in files:
        # What shares a digest with a file, and differs from it in no other, is that file.
        candidates = {number for one in file.digests for number in by_digest.get(one, ())}
        held = [n for n in candidates if is_about(statement.subjects[n], file)]
        (there if held else others).append(file)
        found.update(held)
    missing = [  # 1
        _named(one) for number, one in enumerate(statement.subjects) if number not in found
    ]
    if missing:
        yield _few(missing), "not among the files judged"
    packages = {file.purl for file in there if file.purl is not None}  # 2
    extra = [file.name for file in others if not packages or file.purl in packages]
    if extra:
        yield "no other file of this version", _few(extra)


def _named(subject: Subject) -> str:
    return subject.name or str(subject.digests[0])


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more

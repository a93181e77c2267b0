"""The tightest policy that would accept some evidence, made of what the evidence claims of itself.

It is a draft for a person to compare with what the project itself says: a policy that was copied
from evidence, unread, accepts whoever made the evidence. So each end of it says UNVERIFIED.

Left out is what changes with every release: commits, runs, triggers. A claim of which only this
artifact's version changes, the ref, becomes a template bound to the version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sealane.core.attestation.predicates.registry import SIGNATURE, by_uri
from sealane.core.model.shown import shown
from sealane.core.model.values import dataclass
from sealane.core.policy.identity import differences
from sealane.core.policy.people import Publisher
from sealane.core.policy.schema import POLICY_SCHEMA
from sealane.core.policy.suggest_publisher import publisher_from, table_of
from sealane.core.policy.suggest_toml import toml_list, toml_text
from sealane.core.verify.inspection import Inspection, Piece
from sealane.core.verify.naming import purl_and_version
from sealane.errors import EvidenceError, PolicyError

_MOST_NAMES = 100
_HINT = (
    "a policy names people and pipelines by certificate; for a key write a publisher of kind key "
    "with its file: docs/guides/write-a-policy.md"
)
_HEAD = """\
# UNVERIFIED: a suggestion, made of what evidence claims of itself; nobody has checked it.
# Compare each value with what the project's own page says, then remove these lines. Whoever made
# the evidence chose what stands here: a policy that was not compared accepts whoever that was.
"""
_TAIL = "# UNVERIFIED: compared with the project's own page? Then run: sealane policy check FILE\n"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one piece of evidence would meet.

    Attributes:
        match: Globs of the artifacts it is about.
        predicate: Short name of what it states.
        publisher: Who would have to sign; its name is empty.
    """

    match: tuple[str, ...]
    predicate: str
    publisher: Publisher


def suggest_policy(inspections: Sequence[Inspection]) -> str:
    """A policy file under which the evidence is enough, if it holds.

    Args:
        inspections: What evidence claims of itself.

    Returns:
        TOML that `parse_policy` takes.

    Raises:
        EvidenceError: Nothing in it names a signer that a policy can name.
    """
    wanted: list[_Wanted] = []
    left_out: list[str] = []
    for inspection in inspections:
        for number, piece in enumerate(inspection.pieces, start=1):
            try:
                wanted.append(_wanted(piece, inspection.origin))
            except PolicyError as error:
                left_out.append(f"{inspection.origin}: {number}. {piece.what}: {error.message}")
    if not wanted:
        why = left_out[0] if left_out else "the evidence is empty"
        raise EvidenceError(f"no policy can be suggested: {why}", hint=_HINT)
    text = "".join(_lines(wanted, left_out))
    _check(text)
    return text


def _wanted(piece: Piece, origin: str) -> _Wanted:
    """What a piece would meet.

    Raises:
        PolicyError: A policy cannot ask for it.
    """
    if piece.problem:
        raise PolicyError(piece.problem)
    if piece.certificate is None:
        raise PolicyError("signed by a key" if piece.by_key else "signed by nobody")
    identity = piece.certificate.identity
    if identity is None:
        raise PolicyError(f"certificate: {piece.certificate.problem}")
    predicate = _predicate(piece)
    names = _names(piece, origin)
    versions = {purl_and_version(name)[1] for name in names}
    version = next(iter(versions)) if len(versions) == 1 else None
    publisher = publisher_from(identity, version)
    differs = differences(publisher, identity, version)
    if differs:
        # What no policy accepts must not be suggested either, e.g. a run with an open shell.
        raise PolicyError(f"{differs[0].place}: {differs[0].actual}: no policy can accept that")
    return _Wanted(_match(names), predicate, publisher)


def _predicate(piece: Piece) -> str:
    if piece.statement is None:
        return SIGNATURE
    uri = piece.statement.predicate_type
    known = by_uri(uri)
    if known is None or not known.understood:
        raise PolicyError(f"a policy cannot require the type {uri}")
    return known.name


def _names(piece: Piece, origin: str) -> tuple[str, ...]:
    """Names of the artifacts; of a signature over a file that its own name extends."""
    if piece.statement is not None:
        named = (subject.name for subject in piece.statement.subjects)
        return tuple(dict.fromkeys(name for name in named if name))
    from sealane.core.attestation.sniff import SUFFIXES

    file = origin.replace("\\", "/").rpartition("/")[2]
    suffix = next((one for one in SUFFIXES if file.endswith(one)), "")
    return (file.removesuffix(suffix),) if suffix and file != suffix else ()


def _match(names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ("*",)
    found: dict[str, None] = {}
    for name in names[:_MOST_NAMES]:
        purl = purl_and_version(name)[0]
        found.setdefault(_plain(name) if purl is None else _plain(purl.rpartition("@")[0]))
    return tuple(found)


def _plain(name: str) -> str:
    """A glob that matches one name only."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)


def _lines(wanted: Sequence[_Wanted], left_out: Sequence[str]) -> Iterator[str]:
    publishers = list(dict.fromkeys(one.publisher for one in wanted))
    called: Mapping[Publisher, str] = {
        one: f"signer-{number}" for number, one in enumerate(publishers, start=1)
    }
    yield _HEAD
    yield from (f"# left out: {shown(one)}\n" for one in left_out)
    yield f'schema = "{POLICY_SCHEMA}"\nid = "suggested"\n'
    for publisher, name in called.items():
        yield f"\n[publisher.{name}]\n"
        yield from (f"{line}\n" for line in table_of(publisher))
    for match in dict.fromkeys(one.match for one in wanted):
        yield "\n[[rule]]\n"
        if match == ("*",):
            yield "# the evidence names no file: write the names of the project's files here\n"
        yield f"match = {toml_list(match)}\nrequire = [\n"
        asked = dict.fromkeys(
            (one.predicate, called[one.publisher]) for one in wanted if one.match == match
        )
        for predicate, by in asked:
            yield f"  {{ predicate = {toml_text(predicate)}, by = {toml_text(by)} }},\n"
        yield "]\n"
    yield _TAIL


def _check(text: str) -> None:
    """Read the suggestion as a policy: what cannot be used is not suggested.

    Raises:
        EvidenceError: It cannot be used.
    """
    from sealane.core.policy.parse import parse_policy

    try:
        parse_policy(text.encode(), "suggestion", str)
    except PolicyError as error:
        raise EvidenceError(
            f"no policy can be suggested: what the evidence claims cannot stand in one: "
            f"{error.message}",
            hint="look at the claims: sealane inspect FILE",
        ) from error

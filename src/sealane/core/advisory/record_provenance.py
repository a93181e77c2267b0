"""`database_specific.sealane`: what sealane keeps in a record of its own making.

It is ours, so it is read strictly: an unknown member is an error.
"""

from __future__ import annotations

import re

from sealane.core.advisory.record import FixedFile, Provenance, Revision
from sealane.core.attestation.members import Members
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

SCHEMA = "sealane.advisory/1"
_SHA256 = re.compile("[0-9a-f]{64}")
_KNOWN = frozenset({"schema", "manifests", "files", "unaffected", "revisions", "sandbox"})


def parse_provenance(members: Members) -> Provenance:
    """Read what `render_provenance` has written.

    Raises:
        InputError: Another schema, an unknown member, or one of another type.
    """
    if (schema := members.text("schema")) != SCHEMA:
        raise InputError(
            f"{members.place}: schema: expected {SCHEMA}, got {schema[:40]!r}",
            hint="read it with the version of sealane that wrote it",
        )
    _refuse_others(members, _KNOWN)
    sandbox = members.value("sandbox") if members.has("sandbox") else False
    if not isinstance(sandbox, bool):
        raise InputError(f"{members.place}: sandbox: expected true or false")
    return Provenance(
        manifests=tuple(
            _digest(text, f"{members.place}: manifests")
            for text in members.texts_or_none("manifests")
        ),
        files=tuple(_file(one) for one in members.each_or_none("files")),
        unaffected=members.texts_or_none("unaffected"),
        revisions=tuple(_revision(one) for one in members.each_or_none("revisions")),
        sandbox=sandbox,
    )


def render_provenance(provenance: Provenance) -> dict[str, JsonValue]:
    """The object as JSON; what is empty is left out."""
    revisions: list[JsonValue] = [
        {"number": one.number, "at": rfc3339(one.at), "summary": one.summary}
        for one in provenance.revisions
    ]
    files: list[JsonValue] = [
        {"package": one.package, "version": one.version, "name": one.name, "sha256": one.sha256}
        for one in provenance.files
    ]
    said: dict[str, JsonValue] = {
        "manifests": list(provenance.manifests),
        "files": files,
        "unaffected": list(provenance.unaffected),
        "revisions": revisions,
        "sandbox": provenance.sandbox,
    }
    return {"schema": SCHEMA, **{name: value for name, value in said.items() if value}}


def _file(members: Members) -> FixedFile:
    _refuse_others(members, frozenset({"package", "version", "name", "sha256"}))
    return FixedFile(
        package=members.text("package"),
        version=members.text("version"),
        name=members.text("name"),
        sha256=_digest(members.text("sha256"), f"{members.place}: sha256"),
    )


def _revision(members: Members) -> Revision:
    _refuse_others(members, frozenset({"number", "at", "summary"}))
    return Revision(members.text("number"), members.moment("at"), members.text_or_empty("summary"))


def _digest(text: str, place: str) -> str:
    if not _SHA256.fullmatch(text):
        raise InputError(f"{place}: expected 64 lower-case hex digits, got {text[:70]!r}")
    return text


def _refuse_others(members: Members, known: frozenset[str]) -> None:
    for name in members.names():
        if name not in known:
            raise InputError(f"{members.place}: unknown member {name[:60]!r}")

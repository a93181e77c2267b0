"""The PyPA advisory database: the record as YAML, in a folder of its project.

A record without an id of that database gets one of the form PYSEC-0000-NAME, which the database
replaces; the id it had becomes an alias. Versions stay in the order of the record; the database
orders them anew.

Spec: pypa/advisory-database, README.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import ClassVar

from sealane.core.advisory.documents import Document, Fault, Rendering, Said
from sealane.core.advisory.projects import file_stem, projects_of
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_reading import affected_by, refuse_unknown, said_by
from sealane.core.advisory.record_schema import document_faults
from sealane.core.advisory.record_yaml import parse_record_yaml, parse_yaml, render_record_yaml
from sealane.core.model.values import replace

_ID = re.compile(r"PYSEC-[0-9]{4}-[A-Za-z0-9._-]+")
_UNASSIGNED = "PYSEC-0000-"


class Pypa:
    """The record as the PyPA advisory database keeps it."""

    name: ClassVar[str] = "pypa"
    title: ClassVar[str] = "PyPA advisory database"

    def render(self, record: Record, rendering: Rendering) -> Document:
        """The record as YAML, in the folder of its first project.

        Raises:
            InputError: It has a member that OSV does not know, its id is no file name, or it
                affects no project of a Python index.
            MissingExtraError: The extra [advisory] is not installed.
        """
        refuse_unknown(record)
        folder = projects_of(record)[0].name
        named = _named(record)
        path = f"vulns/{folder}/{named.id}.yaml"
        return Document(self.name, path, render_record_yaml(named))

    def affected(self, content: bytes, project: str, versions: Collection[str]) -> frozenset[str]:
        """What OSV's evaluation says.

        Raises:
            InputError: Not a record, or one that leaves it open.
            MissingExtraError: The extra [advisory] is not installed.
        """
        return affected_by(parse_record_yaml(content), project, versions)

    def faults(self, content: bytes, name: str, weaknesses: Mapping[str, str]) -> tuple[Fault, ...]:
        """What a record breaks of OSV's schema and its linter's rules, and of the database's names.

        Raises:
            InputError: Not YAML, or not one object.
            MissingExtraError: The extra [advisory] is not installed.
        """
        document = parse_yaml(content)
        found = document_faults(document)
        identifier = str(document.get("id"))
        if not _ID.fullmatch(identifier):
            message = f"expected an id like PYSEC-0000-NAME, got {identifier[:60]!r}"
            found += (Fault("id", "/id", message),)
        if name and name != f"{identifier}.yaml":
            message = f"expected the file {identifier}.yaml, got {name}"
            found += (Fault("file-name", "/id", message),)
        return found

    def said(self, content: bytes) -> Said:
        """What else a record says; an id that is still to be assigned names nothing.

        Raises:
            InputError: Not a record.
            MissingExtraError: The extra [advisory] is not installed.
        """
        said = said_by(parse_record_yaml(content))
        ids = frozenset(one for one in said.ids if not one.startswith(_UNASSIGNED))
        return replace(said, ids=ids)


def _named(record: Record) -> Record:
    """The record under its id of the database, with the id it had among the aliases."""
    names = (record.id, *record.aliases)
    known = next((one for one in names if _ID.fullmatch(one)), "")
    identifier = known or f"{_UNASSIGNED}{file_stem(record)}"
    aliases = tuple(one for one in dict.fromkeys(names) if one != identifier)
    return replace(record, id=identifier, aliases=aliases)

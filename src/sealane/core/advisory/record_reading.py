"""What a reader of OSV takes from a record; shared by the formats that are the record itself."""

from __future__ import annotations

from collections.abc import Collection

from sealane.core.advisory.documents import Said
from sealane.core.advisory.projects import ratings_of
from sealane.core.advisory.record import Record
from sealane.core.model.project_name import normal_name
from sealane.core.release.affected import fixed_versions, which_are_affected
from sealane.errors import InputError


def affected_by(record: Record, project: str, versions: Collection[str]) -> frozenset[str]:
    """Those of the versions that a record says are affected; none where it is withdrawn.

    Args:
        record: The record.
        project: Name as PEP 503 writes it.
        versions: PEP 440 normal forms.

    Raises:
        InputError: The record leaves one open.

    Spec: OSV schema 1.7, "Evaluation".
    """
    # A record that is withdrawn is so for whoever reads it, whenever that was.
    at = record.withdrawn or record.modified
    answers = which_are_affected(record.advisory, project, versions, at)
    for version, answer in answers.items():
        if answer is None:
            raise InputError(
                f"advisory {record.id[:60]}: it leaves open whether it affects {project} {version}",
                hint="one ECOSYSTEM range a package, with PEP 440 versions, and the name that the "
                "index has",
            )
    return frozenset(version for version, answer in answers.items() if answer)


def said_by(record: Record) -> Said:
    """What a record says besides."""
    return Said(
        ids=frozenset((record.id, *record.aliases)),
        vectors=frozenset(one.score for one in ratings_of(record) if one.type.startswith("CVSS_")),
        ratings=frozenset({record.rating.lower()} - {""}),
        weaknesses=frozenset(record.weaknesses),
        fixed=frozenset(text for one in record.affected for text in fixed_versions(one.about)),
        projects=frozenset(
            normal_name(one.about.name) or one.about.purl for one in record.affected
        ),
    )


def refuse_unknown(record: Record) -> None:
    """Refuse a record of which a part would be lost when it is written.

    Raises:
        InputError: It has members that OSV does not know.
    """
    if record.unknown:
        raise InputError(
            f"advisory {record.id[:60]}: {record.unknown[0][:80]}: OSV knows no such member",
            hint="correct its name, or move it below database_specific",
        )

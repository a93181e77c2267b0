"""The rules of a policy file, from their tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sealane.core.attestation.predicates import registry
from sealane.core.policy.about import requirement_troubles
from sealane.core.policy.needs import (
    AllOf,
    AnyOf,
    Need,
    Requirement,
    SbomDemand,
    ScanDemand,
    Severity,
    TestDemand,
)
from sealane.core.policy.people import Publisher
from sealane.core.policy.reading import Place, Trouble, did_you_mean
from sealane.core.policy.schema import Continuity, Downgrade, Mode, Rule
from sealane.core.policy.tables_rules import NOWHERE, PINNED

_REPEATED = "leave one of them out; threshold says how many have to sign"


class RuleReader:
    """Makes the rules of one file.

    Args:
        publishers: Whom they can name; None for one that is wrong in itself.
        trusts: Names of the trust roots they can name.
        conditions: Names of the conditions they can name.

    Attributes:
        troubles: What was wrong so far.
    """

    def __init__(
        self,
        publishers: Mapping[str, Publisher | None],
        trusts: tuple[str, ...],
        conditions: tuple[str, ...],
    ) -> None:
        self._publishers = publishers
        self._trusts = trusts
        self._conditions = conditions
        self.troubles: list[Trouble] = []

    def read(self, number: int, table: Mapping[str, Any], origin: str = "") -> Rule | None:
        """The rule of a `[[rule]]`; None where something in it, or whom it names, is wrong.

        Args:
            number: Its position in the file, from 0.
            table: What stands in it.
            origin: Path of the file that was included; "" for the policy itself.
        """
        before = len(self.troubles)
        place: Place = ("rule", number)
        require = self._needs(table["require"], (*place, "require"))
        continuity = self._continuity(table["continuity"], (*place, "continuity"))
        # A publisher that is wrong in itself was told where it stands.
        if len(self.troubles) > before or not require:
            return None
        return Rule(
            match=table["match"],
            require=require,
            mode=Mode(table["mode"]),
            continuity=continuity,
            advisory=table["advisory"],
            name=f"{origin} rule {number + 1}".lstrip(),
            added=bool(origin),
        )

    def _needs(self, tables: tuple[Mapping[str, Any], ...], place: Place) -> tuple[Need, ...]:
        found: list[Need] = []
        for number, table in enumerate(tables):
            need = self._need(table, (*place, number))
            if need is None:
                continue
            if need in found:
                self._say((*place, number), "the same entry stands here twice", _REPEATED)
            found.append(need)
        return tuple(found)

    def _need(self, table: Mapping[str, Any], place: Place) -> Need | None:
        self._check_condition(table["only_if"], place)
        for key, several in (("any", AnyOf), ("all", AllOf)):
            if key in table:
                needs = self._needs(table[key], (*place, key))
                return several(needs, table["only_if"] or "") if needs else None
        return self._requirement(table, place)

    def _requirement(self, table: Mapping[str, Any], place: Place) -> Requirement | None:
        before = len(self.troubles)
        for name in table["predicate"]:
            if not registry.is_name(name):
                known = ", ".join(registry.names())
                why = f"predicate {name!r} is not supported in this version; known: {known}"
                self._say(place, why, did_you_mean(name, registry.names()))
        for name in table["by"]:
            if name not in self._publishers:
                why = f"by: there is no [publisher.{name}]"
                self._say(place, why, did_you_mean(name, self._publishers) or _define(name))
        self._check_trust(table["trust"], place)
        named = [self._publishers.get(name) for name in table["by"]]
        by = tuple(one for one in named if one is not None)
        if len(self.troubles) > before or len(by) < len(named):
            return None
        found = _made(table, by)
        self.troubles.extend(requirement_troubles(found, place))
        return found

    def _check_trust(self, name: str | None, place: Place) -> None:
        if name is None:
            if len(self._trusts) > 1:
                hint = f"write trust = one of {', '.join(self._trusts)}"
                self._say(place, "trust: required where there are several, and missing", hint)
        elif name not in self._trusts:
            hint = did_you_mean(name, self._trusts) or f"define [trust.{name}], or leave trust out"
            self._say(place, f"trust: there is no [trust.{name}]", hint)

    def _check_condition(self, name: str | None, place: Place) -> None:
        if name is not None and name not in self._conditions:
            hint = did_you_mean(name, self._conditions) or f"define [condition.{name}]"
            self._say(place, f"only_if: there is no [condition.{name}]", hint)

    def _continuity(self, table: Mapping[str, Any] | None, place: Place) -> Continuity | None:
        if table is None:
            return None
        self.troubles.extend(_continuity_troubles(table, place))
        weaker = table["no_downgrade"]
        return Continuity(
            publisher=table["publisher"] == PINNED,
            no_downgrade=None if weaker == NOWHERE else Downgrade(weaker),
            since=table["since"],
        )

    def _say(self, place: Place, why: str, hint: str) -> None:
        self.troubles.append(Trouble(place, why, hint))


def _made(table: Mapping[str, Any], by: tuple[Publisher, ...]) -> Requirement:
    return Requirement(
        predicates=table["predicate"],
        by=by,
        threshold=table["threshold"],
        trust=table["trust"] or "",
        source=table["source"] or "",
        builder=table["builder"] or "",
        level=table["level"] or 0,
        not_before=table["not_before"],
        max_age_days=table["max_age_days"],
        complete=table["complete"],
        only_if=table["only_if"] or "",
        when=table["when"] or "",
        sbom=None if table["sbom"] is None else SbomDemand(**table["sbom"]),
        scan=_scan(table["scan"]),
        tests=_tests(table["tests"]),
        verifier=table["verifier"] or "",
        resource=table["resource"] or "",
        properties=table["properties"] or (),
    )


def _scan(table: Mapping[str, Any] | None) -> ScanDemand | None:
    if table is None:
        return None
    return ScanDemand(
        worst=Severity(table["worst"]),
        allowed=table["allowed"] or (),
        scanners=table["scanners"] or (),
        max_age_days=table["max_age_days"],
    )


def _tests(table: Mapping[str, Any] | None) -> TestDemand | None:
    if table is None:
        return None
    return TestDemand(warned=table["warned"], configurations=table["configurations"] or ())


def _define(name: str) -> str:
    return f"define [publisher.{name}], or name one that is defined"


def _continuity_troubles(table: Mapping[str, Any], place: Place) -> Iterator[Trouble]:
    from packaging.version import InvalidVersion, Version

    if table["publisher"] != PINNED and table["no_downgrade"] == NOWHERE:
        yield Trouble(place, "it demands nothing", "leave continuity out")
    if table["since"] is not None:
        try:
            Version(table["since"])
        except InvalidVersion:
            why = f"expected a version of PEP 440, got {table['since']!r}"
            yield Trouble((*place, "since"), why, 'write e.g. since = "1.4"')

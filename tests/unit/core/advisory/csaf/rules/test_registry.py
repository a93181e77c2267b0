"""All rules, by number."""

import importlib
import pkgutil

import pytest

from sealane.core.advisory.csaf import rules
from sealane.core.advisory.csaf.rules.interface import Csaf, Level
from sealane.core.advisory.csaf.rules.registry import RULES, rule_named
from sealane.errors import UsageError
from support.csaf import WEAKNESSES, document, rich


def test_the_43_mandatory_rules_are_there_in_order() -> None:
    numbers = [rule.number for rule in RULES if rule.level is Level.MANDATORY]
    sections = [f"6.1.{number}" for number in range(1, 34) if number != 27]
    sections[26:26] = [f"6.1.27.{number}" for number in range(1, 12)]
    assert numbers == sections
    assert len(numbers) == 43


def test_no_family_of_rules_is_left_out() -> None:
    names = [one.name for one in pkgutil.iter_modules(rules.__path__)]
    families = [
        name for name in names if name.partition("_")[0] in {level.value for level in Level}
    ]
    found = [importlib.import_module(f"{rules.__name__}.{name}").RULES for name in families]
    assert {rule.number for family in found for rule in family} == {rule.number for rule in RULES}
    assert len(families) > 10


def test_a_number_is_one_rule_and_its_part_of_section_6_is_its_level() -> None:
    parts = {"6.1": Level.MANDATORY, "6.2": Level.OPTIONAL, "6.3": Level.INFORMATIVE}
    assert len({rule.number for rule in RULES}) == len(RULES)
    assert all(rule.level is parts[rule.number[:3]] and rule.title for rule in RULES)


def test_a_rule_is_found_by_its_number_and_no_other() -> None:
    assert rule_named("6.1.27.3").title == "Vulnerabilities"
    with pytest.raises(UsageError, match=r"no rule '6\.1\.34'"):
        rule_named("6.1.34")


@pytest.mark.parametrize("number", [rule.number for rule in RULES if rule.number[:3] == "6.1"])
def test_neither_the_smallest_nor_the_largest_document_breaks_a_rule(number: str) -> None:
    for made in (document(), rich()):
        assert list(rule_named(number).broken(Csaf(made, WEAKNESSES))) == []

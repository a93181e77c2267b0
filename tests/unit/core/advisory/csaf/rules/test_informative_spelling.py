"""Spelling: 6.3.8."""

import json
import re
from collections.abc import Callable

import pytest

from sealane.core.advisory.csaf.rules.interface import Csaf
from sealane.core.advisory.csaf.rules.registry import rule_named
from sealane.core.advisory.csaf.validate import csaf_faults
from support.csaf import Json, document, rich

WORDS = frozenset(
    re.findall(r"\S+", "acme is vulnerable changed a word of the dictionary don't well known")
)


def speller(language: str) -> Callable[[str], bool] | None:
    """The words above, in English."""
    return (lambda word: word.lower() in WORDS) if language == "en" else None


def found(made: Json) -> list[tuple[str, str]]:
    return list(rule_named("6.3.8").broken(Csaf(made, {}, speller)))


def noted(prose: str) -> list[str]:
    """The words of a note that are told."""
    note = {"category": "summary", "text": prose}
    told = [
        message
        for place, message in found(document(lang="en", notes=[note]))
        if place == "/document/notes/0/text"
    ]
    return told[0].partition(", got ")[2].split(", ") if told else []


@pytest.mark.parametrize(
    ("prose", "wrong"),
    [
        ("A word of the dictionary.", []),
        ("A wrod of teh dictionary, a wrod.", ["wrod", "teh"]),
        ('"A word" (of) *the* dictionary!', []),
        ("Don't; don’t", ["don’t"]),  # noqa: RUF001
        ("a well-known word, a well-nkown word", ["nkown"]),
        ("XYZ, PyPI and A", ["and"]),
        ("`wrod` ``` wrod", []),
        ("```\nwrod\n``` wrod", ["wrod"]),
        ("wrod.txt acme/wrod https://wrod.example wrod_x 1.2rc1 wrod@acme x", []),
        ("", []),
    ],
)
def test_a_word_that_is_in_no_dictionary_is_told(prose: str, wrong: list[str]) -> None:
    assert noted(prose or "-") == wrong


def test_not_all_of_many_words_are_named() -> None:
    words = [f"wro{letter}" for letter in "abcdefghijklm"]
    assert noted(" ".join(words)) == [*words[:10], "..."]


def test_without_dictionaries_or_a_language_it_is_not_asked() -> None:
    made = document(title="A wrod")
    assert found(made) == []
    made["document"]["lang"] = "en"
    assert [place for place, _ in found(made)] == ["/document/title"]
    assert list(rule_named("6.3.8").broken(Csaf(made, {}))) == []


def test_a_language_without_a_dictionary_is_told() -> None:
    assert [place for place, _ in found(document(lang="de"))] == ["/document/lang"]


def test_a_validator_with_dictionaries_asks_it() -> None:
    content = json.dumps(document(lang="en", title="A wrod")).encode()
    assert "6.3.8" in {one.rule for one in csaf_faults(content, "", {}, speller)}
    assert "6.3.8" not in {one.rule for one in csaf_faults(content, "", {})}


def test_every_text_is_looked_at_and_no_name_is() -> None:
    made = rich()
    # Of each text a wrong one, so that its place is told.
    wrong = json.loads(
        json.dumps(made),
        object_hook=lambda one: {name: _wrong(value) for name, value in one.items()},
    )
    wrong["document"]["lang"] = "en"
    vulnerability, remediation = "/vulnerabilities/0", "/vulnerabilities/0/remediations/0"
    # Lists may have several items, which are looked at alike.
    assert {re.sub(r"/[0-9]+(?=/|$)", "/0", place) for place, _ in found(wrong)} == {
        *(f"{one}/title" for one in ("/document", vulnerability)),
        *(
            f"{one}/{member}"
            for one in ("/document", vulnerability)
            for member in (
                "notes/0/audience", "notes/0/text", "notes/0/title", "references/0/summary",
                "acknowledgments/0/summary",
            )
        ),
        "/document/distribution/text",
        "/document/tracking/revision_history/0/summary",
        f"{vulnerability}/involvements/0/summary",
        f"{vulnerability}/threats/0/details",
        f"{remediation}/details",
        f"{remediation}/entitlements/0",
        f"{remediation}/restart_required/details",
    }  # fmt: skip


def _wrong(value: object) -> object:
    if isinstance(value, list):
        return [_wrong(one) for one in value]
    return "wrod" if isinstance(value, str) else value

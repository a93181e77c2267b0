"""Languages and category: 6.1.12, 6.1.15, 6.1.26, 6.1.28."""

import pytest

from support.csaf import Json, broken, document


def tagged(tags: dict[str, str]) -> Json:
    made = document()
    made["document"] |= {name: tag for name, tag in tags.items() if tag}
    return made


@pytest.mark.parametrize("member", ["lang", "source_lang"])
def test_a_language_is_registered(member: str) -> None:
    assert broken("6.1.12", tagged({member: "de-CH"})) == []
    assert broken("6.1.12", tagged({member: "EZ"})) == [f"/document/{member}"]


def test_a_translator_names_the_language_translated_from() -> None:
    made = document()
    made["document"]["publisher"]["category"] = "translator"
    assert broken("6.1.15", made) == ["/document"]
    made["document"]["source_lang"] = "en"
    assert broken("6.1.15", made) == []
    assert broken("6.1.15", document()) == []


@pytest.mark.parametrize(
    "category",
    [
        "csaf_base", "csaf_vex", "csaf_security_advisory", "csaf_informational_advisory",
        "csaf_security_incident_response", "Acme Notice", "vexing", "csafe",
    ],
)  # fmt: skip
def test_a_profile_or_a_name_of_ones_own_is_a_category(category: str) -> None:
    assert broken("6.1.26", document(category=category)) == []


@pytest.mark.parametrize(
    "category",
    [
        "veX", "Security_Incident_Response", "Informational Advisory", "security-advisory",
        "Security      Advisory", "CSAF-VEX", "csaf security advisory", "csaf_other", "CSAF_Base",
    ],
)  # fmt: skip
def test_what_looks_like_a_profile_is_no_category(category: str) -> None:
    assert broken("6.1.26", document(category=category)) == ["/document/category"]


@pytest.mark.parametrize(
    ("language", "source", "holds"),
    [
        ("en-US", "en-GB", True),
        ("en-US", "en-US", False),
        ("en-US", "EN-us", False),
        ("", "en", True),
        ("en", "", True),
        ("", "", True),
    ],
)
def test_a_translation_is_into_another_language(language: str, source: str, *, holds: bool) -> None:
    written = {"lang": language, "source_lang": source}
    assert broken("6.1.28", tagged(written)) == ([] if holds else ["/document/source_lang"])

"""The language of a document: 6.2.12, 6.2.14, 6.2.15."""

import pytest

from support.csaf import Json, broken, document


def test_a_document_says_in_which_language_it_is() -> None:
    assert broken("6.2.12", document(lang="en")) == []
    assert broken("6.2.12", document(source_lang="en")) == ["/document"]


@pytest.mark.parametrize("member", ["lang", "source_lang"])
@pytest.mark.parametrize(
    ("tag", "holds"),
    [
        ("en", True),
        ("de-CH-1996", True),
        ("zh-Hant-TW", True),
        ("i-default", True),
        ("qaa", False),
        ("QTZ-DE", False),
        ("qua", True),
        ("de-Qaaa", False),
        ("de-Qabx-CH", False),
        ("de-Qaby", True),
        ("de-AA", False),
        ("de-QM", False),
        ("de-qz", False),
        ("de-QL", True),
        ("de-XA", False),
        ("de-ZZ", False),
        ("de-ZA", True),
        ("x-acme", False),
        ("de-x-acme", False),
        # In an extension "xa" is no region, and what follows it is still looked at.
        ("de-t-xa-m0-ungegn", True),
        ("de-u-co-phonebk-x-acme", False),
    ],
)
def test_a_language_of_ones_own_is_told(member: str, tag: str, holds: bool) -> None:
    made: Json = {member: tag}
    assert broken("6.2.14", document(**made)) == ([] if holds else [f"/document/{member}"])


@pytest.mark.parametrize("member", ["lang", "source_lang"])
@pytest.mark.parametrize(
    ("tag", "holds"), [("en", True), ("i-default", False), ("I-Default", False)]
)
def test_the_default_language_is_none(member: str, tag: str, holds: bool) -> None:
    made: Json = {member: tag}
    assert broken("6.2.15", document(**made)) == ([] if holds else [f"/document/{member}"])

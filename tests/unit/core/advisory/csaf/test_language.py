"""Language tags that name what is registered."""

import pytest

from sealane.core.advisory.csaf.language import language_fault


@pytest.mark.parametrize(
    "tag",
    [
        "en", "EN-us", "de-CH-1901", "zh-cmn-Hans-CN", "ast", "qaa", "QTZ", "en-Qaaa", "en-QM",
        "es-419", "i-default", "I-Mingo", "x-whatever", "en-x-whatever-zz", "sl-rozaj-solba-1994",
        "en-u-ca-buddhist", "en-t-de-u-ca-x-t", "sgn-ase", "en-XA",
    ],
)  # fmt: skip
def test_a_registered_or_private_language_is_one(tag: str) -> None:
    assert language_fault(tag) == ""


@pytest.mark.parametrize(
    ("tag", "fault"),
    [
        ("EZ", "no language is registered as 'ez'"),
        ("abcd", "no language is registered as 'abcd'"),
        ("xxy", ""),
        ("zzy", "no language is registered as 'zzy'"),
        ("en-cmn", "'cmn' does not extend the language 'en'"),
        ("zh-cmn-yue", "'yue' does not extend the language 'zh'"),
        ("en-Abcd", "no script is registered as 'abcd'"),
        ("en-UK", ""),
        ("en-XX", ""),
        ("en-QL", "no region is registered as 'ql'"),
        ("en-999", "no region is registered as '999'"),
        ("en-nowhere", "no variant is registered as 'nowhere'"),
        ("de-1901-1901", "the variant '1901' stands twice"),
        ("en-a-bb", "no extension is registered as 'a'"),
        ("en-u-ca-u-nu", "the extension 'u' stands twice"),
    ],
)
def test_what_is_not_registered_is_named(tag: str, fault: str) -> None:
    assert fault in language_fault(tag)

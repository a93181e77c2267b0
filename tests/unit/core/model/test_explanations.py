"""Every finding is explained, where it is found and with an example."""

import re

import pytest

from sealane.core.model.code import Code
from sealane.core.model.codes import CODES
from sealane.core.model.explanation import Step
from sealane.core.model.explanations import EXPLANATIONS, explanation_of
from sealane.core.model.verdict import Outcome


def test_each_code_is_explained_and_nothing_else_is() -> None:
    assert sorted(EXPLANATIONS) == [code.code for code in CODES]


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_an_explanation_is_whole_sentences_that_say_more_than_the_meaning(code: Code) -> None:
    found = explanation_of(code.label)
    assert found.text.endswith(".")
    assert found.text.isprintable()
    assert found.text != code.meaning
    assert found.place, "an example is somewhere"
    assert found.step in set(Step)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_no_explanation_tells_how_to_make_a_mismatch_pass(code: Code) -> None:
    found = explanation_of(code.code)
    assert not re.search(r"sealane (verify|policy|pins|trust)", found.text)
    assert not re.search(r"--(publisher|cert-|policy)", found.text)
    if code.code.startswith("SL-ID") and found.outcome is Outcome.FAIL and code.code != "SL-ID-010":
        assert "--" not in code.hint


def test_what_nobody_explained_is_a_bug() -> None:
    with pytest.raises(KeyError):
        explanation_of("SL-XX-001")

"""Whatever strangers write: every form stays one, and no terminal obeys it."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from sealane.core.model.verdict import Outcome
from sealane.core.report.registry import FORMS, form
from support import appraisals as made
from support.pages import Page

NAMES = [one.name for one in FORMS]


def rendered(name: str, evil: str, code: str = "SL-ID-004") -> str:
    found = form(name)
    assert found is not None
    outcome = Outcome.MISSING if code == "SL-ID-011" else Outcome.FAIL
    return found.render(made.hostile(evil, outcome, code))


@pytest.mark.parametrize("evil", made.HOSTILE.values(), ids=made.HOSTILE.keys())
@pytest.mark.parametrize("name", NAMES)
def test_nothing_moves_the_cursor_or_hides(name: str, evil: str) -> None:
    text = rendered(name, evil)
    for line in text.split("\n"):
        # What is blank in every font is escaped too; shown() has its list.
        assert line.isprintable()
    # It can be written to a file.
    assert text.encode().decode() == text
    assert text.endswith("\n")


@pytest.mark.parametrize("evil", made.HOSTILE.values(), ids=made.HOSTILE.keys())
@pytest.mark.parametrize("name", NAMES)
def test_a_text_adds_no_line(name: str, evil: str) -> None:
    usual = len(rendered(name, "x").split("\n"))
    assert len(rendered(name, evil).split("\n")) <= usual


@pytest.mark.parametrize("evil", made.HOSTILE.values(), ids=made.HOSTILE.keys())
@pytest.mark.parametrize("code", ["SL-ID-004", "SL-ID-011"])
def test_every_form_can_be_parsed_again(evil: str, code: str) -> None:
    document = json.loads(rendered("json", evil, code))
    assert document["verdicts"][0]["artifact"]["name"] == evil
    assert document["passed"] is False
    (run,) = json.loads(rendered("sarif", evil, code))["runs"]
    assert [one["level"] for one in run["results"]] == ["error", "error"]
    (suite,) = ET.fromstring(rendered("junit", evil, code))
    assert (suite.attrib["failures"], suite.attrib["errors"]) == ("2", "2")
    assert len(Page(rendered("html", evil, code)).of("article")) == 2


@pytest.mark.parametrize("name", [one for one in NAMES if one != "json"])
def test_a_long_text_is_cut(name: str) -> None:
    # What was judged by, and trusted, is shown to its end: a digest may stand there.
    in_full = {"text": 3, "html": 2}.get(name, 0)
    assert len(rendered(name, made.HOSTILE["long"])) < in_full * 100_000 + 60_000


@pytest.mark.parametrize("name", NAMES)
def test_after_a_mismatch_no_form_says_how_to_pass(name: str) -> None:
    found = form(name)
    assert found is not None
    text = found.render(made.EVERYTHING)
    assert not re.search(r"--(cert-identity|cert-oidc-issuer|publisher|policy)\b", text)


@pytest.mark.parametrize("name", [one for one in NAMES if one != "text"])
def test_only_the_text_for_people_offers_flags_to_copy(name: str) -> None:
    found = form(name)
    assert found is not None
    assert "--cert-identity" not in found.render(made.appraisal(made.UNDECIDED))


@pytest.mark.parametrize("evil", ["::stop-commands::x", "##[set-output name=a;]b", "##vso[task.x]"])
@pytest.mark.parametrize("name", NAMES)
def test_no_form_gives_orders_to_the_runner_of_a_ci_job(name: str, evil: str) -> None:
    for code in ("SL-ID-004", "SL-ID-011"):
        text = rendered(name, evil, code)
        assert not re.search(r"^\s*::|##(\[|vso\[)", text, re.MULTILINE)
        if name == "json":
            assert json.loads(text)["verdicts"][0]["artifact"]["name"] == evil

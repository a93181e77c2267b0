"""The page in a browser: everybody can read it, at every width, and nothing in it runs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sealane.core.report.html.page import render_html
from support import appraisals as made
from support import browser
from support.pages import Page

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
WHOLE = replace(made.EVERYTHING, sandbox=True, enforced=False)
WIDTHS = pytest.mark.parametrize("width", [1280, 390, 320])
SCHEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
AXE = """
axe.run(document).then((found) => ({
  passes: found.passes.length,
  violations: found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
  dark: matchMedia("(prefers-color-scheme: dark)").matches,
}))
"""
SCROLLS = """
[...document.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().width > 0)
  .map((one) => [one.tagName, one.getBoundingClientRect().right])
  .filter(([, right]) => right > document.documentElement.clientWidth + 0.5)
"""
FOCUS = """
(() => {
  const all = document.querySelectorAll("a[href], summary, [tabindex='0']");
  const seen = [...all].map((one) => { one.focus(); return document.activeElement === one; });
  all[0].focus();
  const skip = all[0].getBoundingClientRect();
  return { number: seen.length, all: seen.every(Boolean), first: all[0].className,
    visible: skip.left >= 0 && skip.width > 0 };
})()
"""


@WIDTHS
@SCHEMES
def test_the_accessibility_check_finds_nothing(width: int, dark: bool, tmp_path: Path) -> None:
    scripts = [browser.axe(), AXE]
    found = browser.asked(render_html(WHOLE), tmp_path, scripts, width, dark=dark)
    assert found["violations"] == []
    assert found["passes"] > 20
    assert found["dark"] is dark


def test_the_accessibility_check_would_find_something(tmp_path: Path) -> None:
    page = render_html(WHOLE).replace('<html lang="en">', "<html>")
    page = page.replace("--soft: #4d5661", "--soft: #cccccc")
    found = browser.asked(page, tmp_path, [browser.axe(), AXE], 1280, dark=False)
    assert {name for name, _ in found["violations"]} >= {"html-has-lang", "color-contrast"}


@WIDTHS
@pytest.mark.parametrize("evil", ["hebrew", "long", "markdown-table"])
def test_nothing_stands_beyond_the_edge(width: int, evil: str, tmp_path: Path) -> None:
    for appraisal in (WHOLE, made.hostile(made.HOSTILE[evil])):
        page = render_html(appraisal)
        assert browser.asked(page, tmp_path, [SCROLLS], width, dark=False) == []


def test_a_keyboard_reaches_links_and_details_and_first_the_way_past_them(tmp_path: Path) -> None:
    page = render_html(WHOLE)
    found: Any = browser.asked(page, tmp_path, [FOCUS], 1280, dark=False)
    facts = sum(len(one.facts) for one in WHOLE.verdicts)
    assert found["number"] == 1 + len(WHOLE.verdicts) + facts
    assert (found["all"], found["first"], found["visible"]) == (True, "skip", True)


@pytest.mark.parametrize("name", ["script", "closing", "cdata", "quotes", "markdown-html"])
def test_a_browser_makes_no_element_of_a_strangers_text(name: str, tmp_path: Path) -> None:
    def tags(evil: str) -> list[str]:
        file = tmp_path / "report.html"
        file.write_text(render_html(made.hostile(evil)), encoding="utf-8")
        return Page(browser.opened(file)).tags

    assert tags(made.HOSTILE[name]) == tags("x")


def test_the_policy_of_the_page_lets_no_script_run(tmp_path: Path) -> None:
    page = render_html(WHOLE)
    script = "<script>document.body.id = 'ran'</script><p onclick=''></p></body>"
    file = tmp_path / "report.html"
    file.write_text(page.replace("</body>", script), encoding="utf-8")
    assert 'id="ran"' not in browser.opened(file)
    bare = page.replace("default-src 'none'", "script-src 'unsafe-inline'")
    file.write_text(bare.replace("</body>", script), encoding="utf-8")
    assert 'id="ran"' in browser.opened(file)

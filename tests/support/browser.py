"""A headless browser, where there is one, and what it says of a page."""

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any, NoReturn

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROGRAM = next((found for name in _NAMES if (found := shutil.which(name))), None)
_RESULT = "sealane-result"


def program() -> str:
    """The browser; the test is skipped where there is none, and fails in CI."""
    return PROGRAM or _absent(f"no browser: install one of {', '.join(_NAMES)}")


def axe() -> str:
    """The source of axe-core: from SEALANE_AXE, or from the package that ships it."""
    named = os.environ.get("SEALANE_AXE")
    if named:
        return Path(named).read_text(encoding="utf-8")
    found = importlib.util.find_spec("axe_core_python")
    if found is None or not found.submodule_search_locations:
        _absent("no axe-core: install the development dependencies, or name it in SEALANE_AXE")
    file = Path(found.submodule_search_locations[0]) / "axe.min.js"
    return file.read_text(encoding="utf-8")


def _absent(reason: str) -> NoReturn:
    """What CI installs by itself is not skipped there: a test that never runs proves nothing."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def opened(file: Path, width: int = 1280, *, dark: bool = False) -> str:
    """The document as the browser has it after it opened a file, as HTML."""
    return _run(file, width, ["--dump-dom"], dark=dark)


def asked(page: str, folder: Path, scripts: Sequence[str], width: int, *, dark: bool) -> Any:  # noqa: ANN401 - JSON
    """What scripts find out about a page.

    Args:
        page: The page; its security policy is taken out, for it lets no script run.
        folder: Where a copy of it may be written.
        scripts: Sources; the last is an expression whose value, or promise of one, is the answer.
        width: Of the window, in CSS pixels.
        dark: Which colours are asked for.
    """
    head, _, rest = page.partition('<meta http-equiv="Content-Security-Policy"')
    assert rest, "the page has no security policy"
    bare = head + rest.partition(">")[2]
    *sources, question = scripts
    tell = f"""
    Promise.resolve({question}).then((answer) => {{
      const place = document.createElement("pre");
      place.id = "{_RESULT}";
      place.textContent = JSON.stringify(answer);
      parent.document.body.append(place);
    }});"""
    run = "".join(f"<script>{source}</script>" for source in [*sources, tell])
    inner = escape(bare.replace("</body>", f"{run}</body>"))
    # A window of a desktop's browser is not made narrower than 500 pixels; a frame is.
    frame = f'<iframe title="page" style="border:0;width:{width}px;height:900px" srcdoc="{inner}">'
    file = folder / f"asked-{width}-{dark}.html"
    file.write_text(f"<!DOCTYPE html><body>{frame}</iframe></body>", encoding="utf-8")
    told = _run(file, 1600, ["--virtual-time-budget=20000", "--dump-dom"], dark=dark)
    _, found, after = told.partition(f'<pre id="{_RESULT}">')
    assert found, told[-2000:]
    return json.loads(unescape(after.partition("</pre>")[0]))


def screenshot(file: Path, image: Path, width: int, height: int, *, dark: bool) -> None:
    """A picture of a file's page, as PNG."""
    _run(file, width, ["--hide-scrollbars", f"--screenshot={image}"], height=height, dark=dark)


def _run(file: Path, width: int, arguments: Sequence[str], *, dark: bool, height: int = 900) -> str:
    scheme = 0 if dark else 1
    command = [
        program(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        f"--user-data-dir={file.parent / 'browser'}", f"--window-size={width},{height}",
        f"--blink-settings=preferredColorScheme={scheme}", *arguments, file.as_uri(),
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout

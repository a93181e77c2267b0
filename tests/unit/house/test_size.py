"""A file has at most 400 lines and a function body at most 50: there is no exemption."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MOST_LINES = 400
MOST_BODY = 50
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def python_files() -> list[Path]:
    folders = ("src", "tests", "tools", "benchmarks", "examples")
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def body_lines(function: FUNCTION) -> int:
    statements = function.body
    if ast.get_docstring(function, clean=False) is not None:
        statements = statements[1:]
    if not statements:
        return 0
    last = max(statement.end_lineno or statement.lineno for statement in statements)
    return last - statements[0].lineno + 1


def long_bodies(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FUNCTION) and body_lines(node) > MOST_BODY:
            yield f"{node.name} ({body_lines(node)} lines)"


@pytest.mark.parametrize("file", python_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_file_and_no_body_is_too_long(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MOST_LINES
    assert list(long_bodies(source)) == []


def test_a_long_body_is_noticed() -> None:
    body = "\n".join("    pass" for _ in range(MOST_BODY + 1))
    assert list(long_bodies(f'def f():\n    """Doc."""\n{body}\n')) == ["f (51 lines)"]
    assert list(long_bodies('def f():\n    """Doc."""\n')) == []

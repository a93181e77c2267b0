"""What decides touches nothing: no file, no clock, no environment, wherever the name comes from."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src" / "sealane"
FORBIDDEN_CALLS = {"open", "input", "print", "exec", "eval", "__import__", "breakpoint"}
FORBIDDEN_ATTRIBUTES = {
    "now", "utcnow", "today",  # the time is passed in
    "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "rename",  # pathlib
    "iterdir", "glob", "rglob", "exists", "is_file", "is_dir", "stat", "touch", "chmod",
}  # fmt: skip


def pure_files() -> list[Path]:
    decisions = [SOURCE / "lane" / f"{name}.py" for name in ("plan", "journal", "resume")]
    return sorted([SOURCE / "errors.py", *(SOURCE / "core").rglob("*.py"), *decisions])


def impurities(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name) if name in FORBIDDEN_CALLS:
                yield f"line {node.lineno}: {name}()"
            case ast.Attribute(attr=name) if name in FORBIDDEN_ATTRIBUTES:
                yield f"line {node.lineno}: .{name}()"


@pytest.mark.parametrize("file", pure_files(), ids=lambda file: str(file.relative_to(SOURCE)))
def test_what_decides_touches_nothing(file: Path) -> None:
    assert list(impurities(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    ["open('x')", "Path('x').read_text()", "from datetime import datetime as d\nd.now()"],
)
def test_an_impure_call_is_noticed(source: str) -> None:
    assert list(impurities(source))

"""How the code is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 25


def _functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method, nested ones too, with the file that it stands in."""
    for room in ("skill", "tests", "bench"):
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield file.relative_to(ROOT), node


def test_functions_are_short() -> None:
    """No function is longer than 25 lines, from its `def` to its last."""
    too_long = []
    for file, function in _functions():
        assert function.end_lineno
        lines = function.end_lineno - function.lineno + 1
        if lines > MOST_LINES:
            too_long.append(f"{file}: {function.name} has {lines} lines, {MOST_LINES} at most")
    if too_long:
        pytest.fail("\n".join(too_long), pytrace=False)

"""What the README says is so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from skill.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
INSIDE_THE_BENCH = {"BENCH_FOLDER"}
"""What the bench itself sets for what it starts."""


def _is_the_environment(node: ast.AST) -> bool:
    """Whether this is `os.environ`, its keys, or `settings`, its name where it is handed on."""
    return re.fullmatch(r"(os\.environ|settings)(\.keys\(\))?", ast.unparse(node)) is not None


def _asked_of_the_environment(node: ast.AST) -> list[ast.AST]:
    """What a piece of code looks up in the environment: all but what it drops, by `pop`."""
    match node:
        case ast.Call(func=ast.Attribute(attr="pop")):
            return []
        case (
            ast.Call(func=ast.Attribute(value=where), args=[name, *_])
            | ast.Subscript(value=where, slice=name)
        ) if _is_the_environment(where):
            return [name]
        case ast.Compare(left=name, comparators=[where]) if _is_the_environment(where):
            return [name]
        case ast.BinOp(left=ast.Set(elts=names), op=ast.BitAnd(), right=where):
            return list(names) if _is_the_environment(where) else []
    return []


def _read_from_the_environment(file: Path) -> set[str]:
    """The names that a file reads from the environment; fails where a name cannot be made out."""
    tree = ast.parse(file.read_text("utf-8"))
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    asked = [name for node in ast.walk(tree) for name in _asked_of_the_environment(node)]
    return {
        str(name.value if isinstance(name, ast.Constant) else constants[ast.unparse(name)])
        for name in asked
    }


def test_each_setting_is_in_the_table() -> None:
    """Every setting that is read from the environment stands in the one table, and no other."""
    files = [file for room in ("skill", "bench") for file in (ROOT / room).rglob("*.py")]
    read = set().union(*map(_read_from_the_environment, files)) - INSIDE_THE_BENCH
    table = README.split("## Settings\n")[1].split("\n## ")[0]
    rows = [row.split(" | ")[0] for row in table.splitlines() if row.startswith("| `")]
    assert read == {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)`", README))
def test_each_target_is_in_the_makefile(target: str) -> None:
    """Every make target that the README names is there."""
    assert f"\n{target}: " in (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"^\| `cramp-coach (\w+)", README, re.M)))
)
def test_each_command_has_its_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command that the README names explains itself."""
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out

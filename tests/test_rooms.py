"""Which room of `skill/` may use which: what serves her needs neither simulator nor publishing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SKILL = Path(__file__).parents[1] / "skill"

MAY_USE: dict[str, set[str]] = {
    "coach": set(),
    "speech": {"coach"},
    "alexa": {"coach", "speech"},
    "log": set(),
    "web": {"alexa", "log"},
    "serving": {"alexa", "log", "speech", "web"},
    "simulator": {"alexa", "speech", "web"},
    "publish": {"alexa", "coach", "speech"},
}
"""The rooms whose modules a room may import, beside its own; the first six serve her."""


def _imported(file: Path) -> Iterator[str]:
    """The names of all modules that a file imports, at its head or later."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: relative imports are not looked at here"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _used(room: str) -> set[str]:
    """The other rooms that a room imports from."""
    folder = SKILL / room
    files = folder.rglob("*.py") if folder.is_dir() else [folder.with_suffix(".py")]
    parts = (name.split(".") for file in files for name in _imported(file))
    return {name[1] for name in parts if name[0] == "skill"} - {room}


@pytest.mark.parametrize("room", MAY_USE)
def test_a_room_uses_no_other_than_it_may(room: str) -> None:
    """A room imports from no other than those that are listed for it."""
    assert _used(room) <= MAY_USE[room]


def test_every_room_has_its_row() -> None:
    """Every module and package of `skill/` is a room here, but for the command line."""
    rooms = {
        file.stem
        for file in SKILL.iterdir()
        if file.suffix == ".py" or (file / "__init__.py").is_file()
    }
    assert rooms - {"__init__", "cli"} == MAY_USE.keys()

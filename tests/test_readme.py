"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from skill.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SETTING = re.compile(r"CRAMP_COACH_[A-Z_]+")


def test_each_setting_is_in_the_table() -> None:
    """Every setting that the code reads stands in the README, and no other."""
    code = "".join(
        file.read_text("utf-8")
        for room in ("skill", "bench")
        for file in (ROOT / room).rglob("*.py")
    )
    assert set(SETTING.findall(code)) == set(SETTING.findall(README))


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

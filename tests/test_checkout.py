"""A checkout in an environment that was installed from another."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.processes
def test_a_checkout_takes_nothing_from_another(tmp_path: Path) -> None:
    """A second checkout, in the environment of this one, fails at once and says why."""
    for name in ("skill", "interaction_model", "responses"):
        shutil.copytree(ROOT / name, tmp_path / name)
    command = [sys.executable, "-c", "import skill.speech.catalogue"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    *_, reason = ran.stderr.splitlines()
    assert ran.returncode == 1
    assert f"{tmp_path / 'skill'} is run in an environment that has {ROOT}" in reason
    assert "not installed from this checkout" in reason

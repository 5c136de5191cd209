"""What stands around the code: what is installed, and what runs before a commit and on a host."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.files import read_yaml

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
WORKFLOW = read_yaml(ROOT / ".github" / "workflows" / "ci.yml")
CI = ROOT / ".ci" / "run"


def test_hosted_ci_runs_every_python_that_is_allowed() -> None:
    """The workflow names the versions that pyproject.toml allows, and calls .ci/run."""
    bounds = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["project"]["requires-python"])
    assert bounds
    (job,) = WORKFLOW["jobs"].values()
    allowed = [f"3.{minor}" for minor in range(int(bounds[1]), int(bounds[2]))]
    assert job["strategy"]["matrix"]["python"] == allowed
    assert job["steps"][-1] == {"run": ".ci/run"}
    assert os.access(CI, os.X_OK)


def test_a_commit_is_held_to_what_make_check_runs() -> None:
    """The hooks run the commands of `make check`, all of them, in their order, from .venv."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = re.search(r"^check: .*\n((?:\t.*\n)+)", makefile, re.M)
    assert recipe
    checks = re.findall(r"^\t\$\(BIN\)/(.*)$", recipe[1], re.M)
    (repository,) = read_yaml(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [each["entry"] for each in repository["hooks"]] == [f".venv/bin/{it}" for it in checks]


# --- a machine that lacks what .ci/run needs


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The one folder of commands of a machine without make; apt-get brings one."""
    for name in ("bash", "dirname", "ln", "true"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    for name in ("chromium", "npm"):
        (tmp_path / name).symlink_to("true")
    brings = f'echo "$*" >>{tmp_path}/said; [[ $1 == update ]] || ln -s true {tmp_path}/make'
    for name, does in {"apt-get": brings, "sudo": '"$@"'}.items():
        command = tmp_path / name
        command.write_text(f"#!{tmp_path}/bash\n{does}\n")
        command.chmod(0o755)
    return tmp_path


def run(bare: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """.ci/run on that machine."""
    return subprocess.run(
        [bare / "bash", CI], env={"PATH": str(bare), **settings}, capture_output=True, text=True
    )


@pytest.mark.processes
def test_nothing_is_installed_on_a_machine_of_somebody(bare: Path) -> None:
    """Where CI is not set, .ci/run says what to install, and ends."""
    ran = run(bare)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == ".ci/run needs make. On Debian: apt-get install make\n"
    assert not (bare / "said").exists()


@pytest.mark.processes
def test_a_hosted_machine_is_given_what_it_lacks(bare: Path) -> None:
    """Where CI is set, .ci/run installs what is missing, and goes on."""
    ran = run(bare, CI="true")
    assert ran.returncode == 0, ran.stderr
    assert "== whole walk: make walk ==" in ran.stdout
    said = (bare / "said").read_text().splitlines()
    assert said == ["update", "install --yes --no-install-recommends make"]
    run(bare, CI="true")
    assert (bare / "said").read_text().splitlines() == said, "installed again"


# --- what is installed


def built(folder: Path) -> ZipFile:
    """The wheel that is built in a folder of sources."""
    build = "from setuptools.build_meta import build_wheel; print(build_wheel('.'))"
    said = subprocess.check_output([sys.executable, "-c", build], cwd=folder, text=True)
    return ZipFile(folder / said.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.processes
def test_everything_is_in_the_wheel(tmp_path: Path) -> None:
    """What is installed has each file of the skill, its words and its models, and the licence."""
    wanted = set()
    for package, name in PROJECT["tool"]["setuptools"]["package-dir"].items():
        folder = tmp_path / name
        shutil.copytree(ROOT / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
        files = [file.relative_to(folder) for file in folder.rglob("*") if file.is_file()]
        wanted |= {f"{package.replace('.', '/')}/{file.as_posix()}" for file in files}
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    wheel = built(tmp_path)
    assert wanted - set(wheel.namelist()) == set()
    assert "skill/py.typed" in wanted
    (metadata,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
    told = wheel.read(metadata).decode().splitlines()
    assert {"License-Expression: Apache-2.0", "License-File: LICENSE"} <= set(told)

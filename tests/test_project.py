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
    """The workflow names the versions that pyproject.toml allows, and calls .ci/run on each."""
    bounds = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["project"]["requires-python"])
    assert bounds
    job = WORKFLOW["jobs"]["everything"]
    allowed = [f"3.{minor}" for minor in range(int(bounds[1]), int(bounds[2]))]
    assert job["strategy"]["matrix"]["python"] == allowed
    assert job["steps"][-1] == {"run": ".ci/run"}
    assert os.access(CI, os.X_OK)


def test_hosted_ci_builds_the_container() -> None:
    """The workflow builds the container file, and runs it as its first lines say."""
    (build, run, *_) = (step["run"] for step in WORKFLOW["jobs"]["container"]["steps"][1:])
    said = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    built, ran = re.findall(r"^#     (docker(?:.*\\\n)?.*)$", said, re.M)
    assert build.strip() == built
    for word in ran.replace("\\\n#", " ").split():
        assert word.partition("...")[0] in run


def test_a_commit_is_held_to_what_make_check_runs() -> None:
    """The hooks run the commands of `make check`, all of them, in their order, from .venv."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = re.search(r"^check: .*\n((?:\t.*\n)+)", makefile, re.M)
    assert recipe
    checks = re.findall(r"^\t\$\(BIN\)/(.*)$", recipe[1], re.M)
    (repository,) = read_yaml(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [each["entry"] for each in repository["hooks"]] == [f".venv/bin/{it}" for it in checks]


@pytest.mark.processes
def test_a_moved_environment_says_so(tmp_path: Path) -> None:
    """In a folder that was moved with its .venv, make says what to do, and `make clean` does it."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".ready").write_text("/elsewhere/.venv\n")

    def make(target: str) -> subprocess.CompletedProcess[str]:
        command = ["make", "-C", str(tmp_path), target]
        return subprocess.run(command, capture_output=True, text=True)

    ran = make("check")
    assert ran.returncode == 2
    assert ".venv was made as /elsewhere/.venv, and does not work here" in ran.stderr
    assert make("clean").returncode == 0
    assert not (tmp_path / ".venv").exists()


# --- a machine that lacks what .ci/run needs


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The one folder of commands of a machine without make, nginx and npm; apt-get brings them."""
    for name in ("bash", "dirname", "ln", "true"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    (tmp_path / "chromium").symlink_to("true")
    brings = f'''echo "$*" >>{tmp_path}/said; for name in "${{@:4}}"; do
        ln -s true "{tmp_path}/$name"; done'''
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
    assert said == ["update", "install --yes --no-install-recommends make nginx npm"]
    assert "== Amazon: make amazon ==" in ran.stdout
    assert "== browser: make browser ==" in ran.stdout
    run(bare, CI="true")
    assert (bare / "said").read_text().splitlines() == said, "installed again"


@pytest.mark.processes
def test_amazons_tools_are_left_out_where_nobody_has_npm(bare: Path) -> None:
    """On a machine of somebody without npm all else runs, and it is told what to install."""
    (bare / "make").symlink_to("true")
    ran = run(bare)
    assert ran.returncode == 0
    assert "make amazon" not in ran.stdout
    assert "make browser" not in ran.stdout
    left_out = ran.stderr.splitlines()
    assert [line.split(" On Debian: ")[1] for line in left_out] == [
        "apt-get install npm",
        "apt-get install chromium npm",
    ]


# --- what is installed

FIRST_SAFE = {
    "certifi": ((2026, 10, 18), "GHSA-6q48-6c7w-9gw2: without the compromised emSign ECC Root G3"),
    "cryptography": ((50, 0, 2), "CVE-2026-69247, fixed in 50.0.0; the last OpenSSL in its wheels"),
    "flask": ((3, 1, 3), "GHSA-68rp-wp8r-4726"),
    "gunicorn": ((27,), "CVE-2026-134820"),
    "jinja2": ((3, 1, 6), "CVE-2025-27516"),
    "orjson": ((3, 11, 6), "CVE-2025-67221"),
    "pytest": ((9, 0, 3), "CVE-2025-71176"),
    "pyyaml": ((5, 4), "CVE-2020-14343"),
    "setuptools": ((78, 1, 1), "CVE-2025-47273"),
    "tqdm": ((4, 66, 3), "CVE-2024-34062"),
    "waitress": ((3, 0, 1), "CVE-2024-49768, CVE-2024-49769"),
    "werkzeug": (
        (3, 1, 9),
        "GHSA-29vq-49wr-vm6x, fixed in 3.1.6; CVE-2026-102598 names no version",
    ),
}
"""The first version of each package without a known vulnerability, and the last that it had.

As advisories said in November 2026; a later one raises a bound here and in pyproject.toml.
"""


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, to be compared."""
    return tuple(map(int, re.findall(r"\d+", version)))


def test_no_lower_bound_admits_a_known_vulnerability() -> None:
    """What may be installed, to serve or to develop, is as late as the first safe version."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    bounds = [
        (match[1].lower(), numbers(match[2]))
        for each in [*wanted, *(one for extra in extras for one in extra)]
        if (match := re.match(r"([\w-]+)>=([\d.]+)", each))
    ]
    fixed = re.findall(r"^([\w-]+)==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    bounds += [(name, numbers(version)) for name, version in fixed]
    assert FIRST_SAFE.keys() <= {name for name, _ in bounds}
    early = [(name, has) for name, has in bounds if has < FIRST_SAFE.get(name, ((), ""))[0]]
    assert early == []


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

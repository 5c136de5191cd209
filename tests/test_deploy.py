"""deploy/: what is ready-made for whoever runs the webhook works as it stands."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any

import pytest

from tests.chains import SKILL_ID
from tests.files import read_yaml
from tests.serving.served import Served
from tests.serving.test_health import FIXED

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "cramp-coach.service").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", "")
RULES: list[dict[str, Any]] = read_yaml(DEPLOY / "alerts.yaml")["groups"][0]["rules"]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")

INSTALLED = "/opt/cramp-coach/bin"
HERE = str(Path(sys.executable).parent)


# --- systemd


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd")
@pytest.mark.processes
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """systemd finds nothing wrong with the service and its socket."""
    units = []
    for name in ("cramp-coach.service", "cramp-coach.socket"):
        (tmp_path / name).write_text((DEPLOY / name).read_text("utf-8").replace(INSTALLED, HERE))
        units.append(str(tmp_path / name))
    command = ["systemd-analyze", "verify", "--man=no", *units]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_service_never_reloads() -> None:
    """No signal that loads nothing is sent in the place of a restart."""
    assert "\nExecReload=" not in UNIT


# --- the container


def instructions(name: str) -> list[str]:
    """What stands after an instruction of the container file, each time that it is there."""
    return re.findall(rf"^{name} +(.*)$", CONTAINER, re.M)


def test_the_container_has_no_root() -> None:
    """Whoever runs in the container is a user by number, and nobody's."""
    assert instructions("USER") == ["10001:10001"]


def test_the_container_is_debians() -> None:
    """Both stages begin with the same slim Debian."""
    assert {line.split()[0] for line in instructions("FROM")} == {"debian:bookworm-slim"}


def test_the_container_is_installed_as_security_says() -> None:
    """What is installed, and how, is what SECURITY.md has under fixed versions."""
    commands = [each for each in instructions("RUN") if "pip install" in each]
    assert [each.replace(f"{INSTALLED}/", "") for each in commands] == re.findall(
        r"^    (python -m pip install .*)$", SECURITY, re.M
    )


def test_the_container_has_every_folder_of_the_package() -> None:
    """All that the package is built from is copied."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    folders = set(project["tool"]["setuptools"]["package-dir"].values())
    copied = {word for line in instructions("COPY") for word in line.split()[:-1]}
    assert folders | {"requirements.txt", "pyproject.toml", "README.md", "LICENSE"} <= copied
    assert all((ROOT / each).exists() for each in copied if not each.startswith(("-", "/")))


# --- what they run, on a file system that is only read, and without root

BIND = "mount -o remount,bind,ro / && exec "
READ = "dac_read_search"  # of root's, it keeps this alone: the Python that runs may be root's
KEPT = " ".join(f"--{kind}=-all,+{READ}" for kind in ("inh-caps", "ambient-caps", "bounding-set"))
NOBODY = f"setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs {KEPT} "
ROOTS = ["unshare", "--mount", "sh", "-c", BIND + NOBODY + '"$@"', "sh"]
ANYBODYS = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", BIND + '"$@"', "sh"]
BOUND = ROOTS if os.geteuid() == 0 else ANYBODYS
"""Runs what stands after it without root's rights, where `/` can only be read."""

TRIAL = f"import skill; open({str(ROOT / 'x')!r}, 'w')"


@cache
def can_be_bound() -> bool:
    """Whether processes here can be given a file system that is only read."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        return False
    command = [*BOUND, sys.executable, "-c", TRIAL]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return "Read-only file system" in ran.stderr


def unit_settings() -> dict[str, str]:
    """What the service sets in the environment."""
    return dict(each.split("=", 1) for each in re.findall(r"^Environment=(.*)$", UNIT, re.M))


def container_settings() -> dict[str, str]:
    """What the container sets in the environment."""
    return dict(each.split("=", 1) for line in instructions("ENV") for each in line.split())


def commands() -> Iterator[Any]:
    """What each of the ready-made runs, and with which settings."""
    (start,) = re.findall(r"^ExecStart=(.*)$", UNIT, re.M)
    yield pytest.param(shlex.split(start), unit_settings(), id="systemd")
    (entry,) = instructions("ENTRYPOINT")
    yield pytest.param(json.loads(entry), container_settings(), id="container")


@pytest.fixture
def state() -> Iterator[str]:
    """A folder in memory that everybody may write to, as systemd gives the service one."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        os.chmod(folder, 0o777)
        yield folder


@pytest.mark.processes
@pytest.mark.parametrize(("command", "settings"), list(commands()))
def test_it_runs_where_nothing_can_be_written(
    command: list[str], settings: dict[str, str], state: str
) -> None:
    """What is run serves and is well without root, where memory alone can be written to."""
    if not can_be_bound():
        pytest.skip("no file system can be bound here")
    environ = {name: value.replace("%S/cramp-coach", state) for name, value in settings.items()}
    environ |= {"CRAMP_COACH_SKILL_ID": SKILL_ID, "CRAMP_COACH_HEALTH_PORT": "0"}
    here = [each.replace(INSTALLED, HERE) for each in command]
    process = subprocess.Popen(
        [*BOUND, *here, "--port", "0"],
        stdout=PIPE, stderr=DEVNULL, text=True, cwd="/", env=environ,
    )  # fmt: skip
    try:
        served = Served(process)
        assert served.post() == 400
        assert asks_for_health(served) == 0
        assert ("CRAMP_COACH_STATE_DIR" in settings) == (Path(state) / "chains.jsonl").exists()
    finally:
        process.terminate()
        process.communicate(timeout=15)
    assert asks_for_health(served) == 1


def asks_for_health(served: Served) -> int:
    """The exit code of the container's health check, on the port that this server has."""
    (check,) = re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", CONTAINER, re.M)
    (url,) = (line.removeprefix("health: ") for line in served.said if "health: " in line)
    fixed = f"http://127.0.0.1:{container_settings()['CRAMP_COACH_HEALTH_PORT']}/health"
    assert fixed in check
    command = [each.replace(INSTALLED, HERE).replace(fixed, url) for each in json.loads(check)]
    return subprocess.run(command, stderr=DEVNULL).returncode


# --- alerts


@pytest.mark.skipif(not shutil.which("promtool"), reason="there is no promtool")
@pytest.mark.processes
@pytest.mark.parametrize(
    "command", [["check", "rules", "deploy/alerts.yaml"], ["test", "rules", "tests/alerts.yaml"]]
)
def test_prometheus_takes_the_rules(command: list[str]) -> None:
    """Prometheus can read the rules, and they fire when they should."""
    ran = subprocess.run(["promtool", *command], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_each_alert_is_explained() -> None:
    """Each alert has its row in the runbook, and no row is of an alert that there is not."""
    part = RUNBOOK.split("## Alerts\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", part, re.M) == [rule["alert"] for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_looks_at_what_is_counted(rule: dict[str, Any]) -> None:
    """The metrics that an alert names are counted, by the words that it looks for."""
    for name, words in re.findall(r"(cramp_coach_\w+)(?:\{\w+=~?\"(.*?)\"\})?", rule["expr"]):
        assert name in FIXED
        known = {part for label in FIXED[name] for part in label.split()}
        assert not words or set(words.split("|")) <= known, rule["alert"]
    assert rule["labels"]["severity"] in ("page", "morning")
    assert set(rule["annotations"]) == {"summary"}


def test_each_metric_is_explained() -> None:
    """The runbook has each metric that is counted, by its name."""
    names = {re.sub("_(count|sum|bucket)$", "", name) for name in FIXED}
    assert names <= set(re.findall(r"`(cramp_coach_\w+)", RUNBOOK))

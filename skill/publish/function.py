"""The function for AWS Lambda: its sources, what fixes its packages, and what builds its zip.

    python -m skill.publish.function requirements.txt skill/publish/lambda.txt

writes the lock of the function anew, from that of serving. The zip has neither the server nor the
simulator: only what `skill.aws_lambda` imports.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

LOCK = "lambda.txt"
PACKAGES = frozenset(
    {
        "ask-sdk-core",
        "ask-sdk-model",
        "ask-sdk-runtime",
        "orjson",
        "python-dateutil",
        "pyyaml",
        "six",
    }
)
"""All that is imported for an answer; what Amazon's library asks for besides, it never imports."""

SOURCES = {
    "skill": ("__init__.py", "aws_lambda.py", "log.py"),
    "skill.alexa": ("*.py",),
    "skill.coach": ("*.py",),
    "skill.coach.tables": ("*.py",),
    "skill.interaction_model": ("*.py", "*.json"),
    "skill.responses": ("*.py", "*.yaml", "en/*.yaml", "signed/*"),
    "skill.screen": ("*.py", "*.json", "drawings/*.svg"),
    "skill.speech": ("*.py",),
}
"""The files of the skill that are in the zip, by package."""

EVENT: dict[str, Any] = {
    "version": "1.0",
    "session": {"new": True},
    "context": {"System": {"application": {"applicationId": "amzn1.ask.skill.YOUR-SKILL-ID"}}},
    "request": {
        "type": "LaunchRequest",
        "timestamp": "2026-01-01T03:00:00Z",
        "locale": "en-US",
    },
}
"""What the function is tried with, once its skill's id stands in it: she opens the skill."""

_HEADING = """\
# What the function for AWS Lambda imports, each version and file fixed: a part of requirements.txt.
# How it is made anew: skill/publish/function.py.
"""
_BLOCK = re.compile(r"^([\w.-]+)==\S+ \\\n(?:    --hash=\S+(?: \\)?\n)+", re.MULTILINE)


def lock(requirements: str) -> str:
    """The part of a requirements file that the function needs. ValueError where one is missing."""
    blocks = {match[1].lower(): match[0] for match in _BLOCK.finditer(requirements)}
    if missing := PACKAGES - set(blocks):
        raise ValueError(f"requirements.txt does not fix {', '.join(sorted(missing))}")
    return _HEADING + "".join(blocks[name] for name in sorted(PACKAGES))


def write(folder: Path) -> list[Path]:
    """Writes into `folder` all that builds the function's zip; returns what it wrote.

    `python3 build.py` there builds `skill.zip`; `event.json` is to try it with. OSError if
    something cannot be written.
    """
    ours = files("skill.publish")
    written = [
        _copied(package, name, folder)
        for package, patterns in SOURCES.items()
        for name in _names(package, patterns)
    ]
    for source, name in (("build_function.py", "build.py"), (LOCK, "requirements.txt")):
        path = folder / name
        path.write_text(ours.joinpath(source).read_text("utf-8"), "utf-8")
        written.append(path)
    event = folder / "event.json"
    event.write_text(json.dumps(EVENT, indent=2) + "\n", "utf-8")
    return [*written, event]


def _names(package: str, patterns: tuple[str, ...]) -> list[str]:
    with as_file(files(package)) as home:
        found = (path for pattern in patterns for path in home.glob(pattern))
        return sorted(path.relative_to(home).as_posix() for path in found)


def _copied(package: str, name: str, folder: Path) -> Path:
    target = folder.joinpath(*package.split("."), name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with as_file(files(package).joinpath(name)) as source:
        shutil.copyfile(source, target)
    return target


if __name__ == "__main__":
    requirements, target = map(Path, sys.argv[1:])
    target.write_text(lock(requirements.read_text("utf-8")), "utf-8")

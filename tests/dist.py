"""The wheel and the source distribution: built twice, compared, installed and run.

    python -m tests.dist dist    # builds both, tries them, and puts them into a folder

What is committed last dates them (SOURCE_DATE_EPOCH), so that whoever builds a commit gets the same
bytes. Each is built from a copy of what git has, and installed into an environment of its own,
without anything for development; then the commands run in another folder.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

from tests.chains import SKILL_ID, raw_request

ROOT = Path(__file__).parents[1]
_BUILD = "import sys; from setuptools.build_meta import *; build_{0}(sys.argv[1])"
_ANSWER = (
    "import json, sys; from skill.aws_lambda import handler; "
    "print(handler(json.load(sys.stdin), None)['response']['outputSpeech']['ssml'])"
)
_INSTALLED = (
    "from importlib.metadata import distributions; "
    "print(*(each.metadata['Name'] for each in distributions()))"
)
NOT_FOR_SERVING = {"hassil", "mypy", "numpy", "pytest", "scikit-learn"}


class DistError(Exception):
    """The two builds differ, or what was built does not work."""


def run(*command: str, cwd: Path = ROOT, text: str = "", **settings: str) -> str:
    """What a command prints; DistError where it fails."""
    environ = {**os.environ, **settings}
    ran = subprocess.run(command, cwd=cwd, env=environ, input=text, capture_output=True, text=True)
    if ran.returncode:
        raise DistError(f"{' '.join(command)}: {(ran.stderr or ran.stdout)[-800:]}")
    return ran.stdout


def checked_out(folder: Path) -> Path:
    """A copy of what git has here, as it stands, in a folder."""
    for name in run("git", "ls-files").splitlines():
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def build(source: Path, target: Path, epoch: int) -> list[Path]:
    """Builds wheel and source distribution of a folder into `target`."""
    target.mkdir(parents=True)
    for kind in ("sdist", "wheel"):
        settings = {"SOURCE_DATE_EPOCH": str(epoch), "PYTHONHASHSEED": "0"}
        run(sys.executable, "-c", _BUILD.format(kind), str(target), cwd=source, **settings)
    for sdist in target.glob("*.tar.gz"):
        settle(sdist, epoch)
    return sorted(target.iterdir())


def settle(sdist: Path, epoch: int) -> None:
    """Writes an archive anew with one time, one owner and one order: setuptools leaves its own."""
    packed = io.BytesIO()
    with tarfile.open(sdist) as old, tarfile.open(fileobj=packed, mode="w") as new:
        for member in sorted(old.getmembers(), key=lambda each: each.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = epoch, 0, 0, "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    sdist.write_bytes(gzip.compress(packed.getvalue(), mtime=0))


def built_twice(scratch: Path, epoch: int) -> list[Path]:
    """The two distributions; DistError where a second build in another folder differs."""
    first, second = (
        build(checked_out(scratch / name / "source"), scratch / name / "dist", epoch)
        for name in ("first", "second-and-longer")
    )
    for one, other in zip(first, second, strict=True):
        if one.name != other.name or one.read_bytes() != other.read_bytes():
            raise DistError(f"{one.name} is another each time that it is built")
    return first


def unpacked(sdist: Path, folder: Path) -> Path:
    """The sources in a source distribution."""
    with tarfile.open(sdist) as archive:
        # Debian's 3.11.2 has no filter yet, and newer ones warn without.
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        archive.extractall(folder)
    (source,) = folder.iterdir()
    return source


def try_out(wheel: Path, scratch: Path) -> None:
    """Installs a wheel, without tools for development, and runs it from another folder."""
    venv.create(scratch / "clean", with_pip=True)
    bin_, elsewhere = scratch / "clean" / "bin", scratch / "elsewhere"
    elsewhere.mkdir()
    python, pip = str(bin_ / "python"), ["-m", "pip", "--quiet", "--disable-pip-version-check"]
    run(python, *pip, "install", str(wheel))
    coach = str(bin_ / "cramp-coach")
    run(coach, "--version", cwd=elsewhere)
    run(coach, "review", "--locale", "en-GB", "--out", "script", cwd=elsewhere)
    settings = {"CRAMP_COACH_SKILL_ID": SKILL_ID}
    event = json.dumps(raw_request())
    spoken = run(python, "-c", _ANSWER, cwd=elsewhere, text=event, **settings)
    if "Straighten your leg" not in spoken or not (elsewhere / "script/review.html").exists():
        raise DistError("what was installed does not answer")
    if not_for_serving := set(run(python, "-c", _INSTALLED).split()) & NOT_FOR_SERVING:
        raise DistError(f"it installs {', '.join(not_for_serving)}")
    try_function(python, scratch, event)
    run(python, *pip, "install", f"{wheel}[publish,simulator]")
    run(coach, "package", "out", "--endpoint", "https://coach.example.org/alexa", cwd=elsewhere)
    talked = run(coach, "talk", cwd=elsewhere, text="my calf is cramping\n")
    if "Has it let go?" not in talked or not (elsewhere / "out/pages/terms-en-IN.html").exists():
        raise DistError("the commands do not work that need more packages")


def try_function(python: str, scratch: Path, event: str) -> None:
    """Builds the function's zip with what was installed, and has it answer, alone."""
    write = "import sys, pathlib; from skill.publish.function import write; "
    written = [python, "-c", f"{write}write(pathlib.Path(sys.argv[1]))", str(scratch / "lambda")]
    run(*written, cwd=scratch)
    run(python, str(scratch / "lambda" / "build.py"))
    shutil.unpack_archive(scratch / "lambda" / "skill.zip", scratch / "task")
    alone = [python, "-I", "-S", "-c", f"import sys; sys.path.insert(0, sys.argv[1]); {_ANSWER}"]
    spoken = run(*alone, str(scratch / "task"), text=event, CRAMP_COACH_SKILL_ID=SKILL_ID)
    if "Straighten your leg" not in spoken:
        raise DistError("the function's zip does not answer")


def main() -> None:
    """Builds, compares, tries, and puts both into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    epoch = int(run("git", "log", "-1", "--format=%ct"))
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        sdist, wheel = sorted(built_twice(scratch, epoch), key=lambda path: path.suffix)
        again = build(unpacked(sdist, scratch / "unpacked"), scratch / "again", epoch)
        if wheel.read_bytes() not in [path.read_bytes() for path in again]:
            raise DistError("the source distribution does not build the same wheel")
        try_out(wheel, scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for dist in (sdist, wheel):
            shutil.copy(dist, folder)
            print(f"wrote {folder / dist.name}")


if __name__ == "__main__":
    try:
        main()
    except DistError as error:
        sys.exit(f"tests.dist: {error}")

"""Builds the zip of the function for AWS Lambda: python3 build.py [--architecture arm64]

It stands in the folder of the function's sources, and needs pip. Run it with the Python that the
function shall have; it fetches what requirements.txt fixes, for Lambda's machines, whatever this
one is. The same folder, Python and pip build the same zip.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

HERE = Path(__file__).resolve().parent
LONG_AGO = (1980, 1, 1, 0, 0, 0)
OLDEST, NEWEST = (3, 11), (3, 13)


def main() -> None:
    """Builds skill.zip, and says what the function needs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", choices=("x86_64", "arm64"), default="x86_64")
    architecture = parser.parse_args().architecture
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(f"build.py: this is Python {version}, and the skill runs on 3.11 to 3.13")
    built = HERE / "build"
    shutil.rmtree(built, ignore_errors=True)
    install(built, version, {"arm64": "aarch64"}.get(architecture, architecture))
    shutil.copytree(HERE / "skill", built / "skill")
    write_bytecode(built)
    write_zip(built, HERE / "skill.zip")
    print(
        f"wrote skill.zip: runtime python{version}, architecture {architecture}, "
        "handler skill.aws_lambda.handler, memory 1024 MB, timeout 7 s, "
        "environment variable CRAMP_COACH_SKILL_ID: the skill's id"
    )


def install(built: Path, version: str, machine: str) -> None:
    """Installs the fixed packages as Lambda's machines need them."""
    newer = [] if version == "3.11" else ["_2_28"]  # that one stands on an older glibc (alexa.md 9)
    platforms = [f"--platform=manylinux{name}_{machine}" for name in ("2014", "_2_17", *newer)]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    fixed = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile"]
    for_lambda = ["--implementation=cp", f"--python-version={version}", *platforms]
    where = ["--target", str(built), "--requirement", str(HERE / "requirements.txt")]
    subprocess.run([*pip, *fixed, *for_lambda, *where], check=True)


def write_bytecode(built: Path) -> None:
    """Compiles all that is there: Lambda cannot write, and would compile at each cold start."""
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash"]
    environ = {**os.environ, "PYTHONHASHSEED": "0"}
    subprocess.run([*command, "-s", str(built), str(built)], env=environ, check=True)


def write_zip(built: Path, target: Path) -> None:
    """Packs a folder; times and order are always the same."""
    with ZipFile(target, "w") as zipped:
        for path in sorted(each for each in built.rglob("*") if each.is_file()):
            entry = ZipInfo(path.relative_to(built).as_posix(), LONG_AGO)
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, path.read_bytes(), ZIP_DEFLATED)


if __name__ == "__main__":
    main()

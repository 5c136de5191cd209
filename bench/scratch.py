"""Scratch environments for what Cramp Coach is compared with, outside the repository.

They are made once, in CRAMP_COACH_BENCH_DIR or a folder of the system's temporary one, each within
a limit of time. What cannot be installed is skipped: its reason is a line of the output.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

INSTALL_SECONDS = 150

AMAZON_PYTHON = ["flask", "gunicorn", "ask-sdk-core", "ask-sdk-webservice-support", "flask-ask-sdk"]
AMAZON_NODE = ["ask-sdk-core", "ask-sdk-model", "ask-sdk-express-adapter", "express"]

# oscrypto 1.3.0 reads OpenSSL's version with one digit for its patch; "3.0.19" has two.
OSCRYPTO_PATCH = ("\\\\d\\\\.\\\\d\\\\.\\\\d[a-z]*", "\\\\d\\\\.\\\\d\\\\.\\\\d+[a-z]*")
OSCRYPTO_FILES = ("_libcrypto_cffi.py", "_libcrypto_ctypes.py")

FLASK_ASK_NEEDS = [
    *("setuptools<60", "wheel", "gunicorn", "Flask<2", "Werkzeug<1", "Jinja2<3", "MarkupSafe<2.1"),
    *("itsdangerous<2.1", "aniso8601<2", "pyOpenSSL<23.3", "cryptography<42", "PyYAML", "six"),
]
"""The newest that it runs with. Its own pins cannot be built for a Python of today."""

FLASK_ASK_PATCH = "def parse_requirements(*_, **__):\n    return []\n"
"""Stands in for `pip.req`, which its setup.py asks for those pins, and which pip took away."""


class Skip(Exception):
    """Something cannot be installed here; the text says what and why."""


def folder() -> Path:
    """Where all scratch environments are."""
    chosen = os.environ.get("CRAMP_COACH_BENCH_DIR")
    path = Path(chosen) if chosen else Path(tempfile.gettempdir()) / "cramp-coach-bench"
    path.mkdir(parents=True, exist_ok=True)
    return path


def amazon_python() -> Path:
    """The Python of an environment with Amazon's Python SDK, made importable."""
    python = _python_environment("amazon-python", AMAZON_PYTHON)
    for name in OSCRYPTO_FILES:
        for file in python.parents[1].glob(f"lib/*/site-packages/oscrypto/_openssl/{name}"):
            file.write_text(file.read_text().replace(*OSCRYPTO_PATCH))
    _run("amazon-python", [str(python), "-W", "ignore", "-c", "import flask_ask_sdk.skill_adapter"])
    return python


def flask_ask() -> Path:
    """The Python of an environment with flask-ask, made installable."""
    python = _python_environment("flask-ask", FLASK_ASK_NEEDS)
    for pip in python.parents[1].glob("lib/*/site-packages/pip"):
        (pip / "req.py").write_text(FLASK_ASK_PATCH)
    alone = ["--no-deps", "--no-build-isolation"]
    _run("flask-ask", [*_pip(str(python)), *alone, "flask-ask"])
    _run("flask-ask", [str(python), "-W", "ignore", "-c", "import flask_ask"])
    return python


def amazon_node() -> Path:
    """A folder with Amazon's Node SDK in it."""
    home = folder() / "amazon-node"
    if not (home / "ready").exists():
        home.mkdir(exist_ok=True)
        (home / "package.json").write_text('{"private": true}')
        quiet = ["--no-audit", "--no-fund", "--silent"]
        _run("amazon-node", ["npm", "install", *quiet, *AMAZON_NODE], cwd=home)
        (home / "ready").touch()
    return home


def beside(package: str) -> Path:
    """A folder for PYTHONPATH with one package (and what it needs), for this very Python."""
    home = folder() / f"beside-{package}"
    if not (home / "ready").exists():
        _run(package, [*_pip(sys.executable), "--target", str(home), package])
        (home / "ready").touch()
    return home


def _python_environment(name: str, packages: list[str]) -> Path:
    home = folder() / name
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        _run(name, [sys.executable, "-m", "venv", "--clear", str(home)])
        _run(name, [*_pip(str(python)), *packages])
        (home / "ready").touch()
    return python


def _pip(python: str) -> list[str]:
    return [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def _run(what: str, command: list[str], cwd: Path | None = None) -> None:
    try:
        subprocess.run(
            command, cwd=cwd, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS
        )
    except FileNotFoundError:
        raise Skip(f"{what}: there is no {command[0]} here") from None
    except subprocess.TimeoutExpired:
        raise Skip(f"{what}: not installed within {INSTALL_SECONDS} s") from None
    except subprocess.CalledProcessError as error:
        raise Skip(f"{what}: {_reason(error.stderr)}") from None


def _reason(text: str) -> str:
    lines = [line.strip() for line in text.splitlines()]
    errors = [line for line in lines if "Error: " in line or line.startswith("ERROR")]
    return (errors or ["it failed"])[-1][:160]

"""The command `cramp-coach`."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import shtab

from skill import cli
from skill.browser import serve as page
from skill.publish import models, passed, source
from skill.publish.source import ModelError
from skill.serving import serve as serving

ROOT = Path(__file__).parents[1]
COMMANDS = [
    "talk",
    "simulate",
    "understand",
    "serve",
    "build",
    "review",
    "package",
    "profile",
    "doctor",
]

HEAVY = (
    "ask_sdk_core",
    "cryptography",
    "flask",
    "hassil",
    "importlib.metadata",
    "numpy",
    "rapidfuzz",
    "sklearn",
    "werkzeug",
    "yaml",
)

Captured = pytest.CaptureFixture[str]


def python(code: str) -> subprocess.CompletedProcess[str]:
    """What an interpreter of its own says to this code."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )


@pytest.mark.processes
def test_help_is_quick() -> None:
    """Asking for help imports none of the libraries that take long."""
    done = python(
        "import sys\n"
        "from skill.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as end: print(end.code)\n"
        f"print(sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    assert done.stdout.splitlines()[-2:] == ["0", "[]"], done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(command: str, capsys: Captured) -> None:
    """Each command explains itself."""
    with pytest.raises(SystemExit) as end:
        cli.main([command, "--help"])
    assert end.value.code == 0
    assert f"cramp-coach {command}" in capsys.readouterr().out


def test_version(capsys: Captured) -> None:
    """`--version` is the version that pyproject.toml has, and no other place."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"cramp-coach {project['version']}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion(shell: str) -> None:
    """A shell's completion can be made from the parser, with every command and its options."""
    script = shtab.complete(cli.parser(), shell)
    for word in (*COMMANDS, "--version", "--locale", "--passed"):
        assert word in script


@pytest.mark.parametrize("arguments", [[], ["dance"], ["understand"]])
def test_wrong_use(arguments: list[str], capsys: Captured) -> None:
    """No command, one that there is not, and a missing text are exit code 2."""
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert "usage: cramp-coach" in capsys.readouterr().err


@pytest.mark.fitting
def test_understand(capsys: Captured) -> None:
    """`understand` prints one JSON line with text, intent, slots, how, and score."""
    assert cli.main(["understand", "Calf cramping"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "text": "Calf cramping",
        "intent": "CrampIntent",
        "slots": {"part": {"value": "calf", "id": "calf"}},
        "how": "exact",
        "score": 1.0,
    }


@pytest.mark.fitting
def test_understand_in_a_locale(capsys: Captured) -> None:
    """`understand` listens with the model of the locale that is named."""
    assert cli.main(["understand", "hmph", "--locale", "en-GB"]) == 0
    assert json.loads(capsys.readouterr().out)["how"] == "fallback"


@pytest.mark.fitting
def test_understand_prints_letters_as_they_are(capsys: Captured) -> None:
    """Letters beyond English are printed as they were typed."""
    assert cli.main(["understand", "café"]) == 0
    assert '"café"' in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["understand", "help"], ["talk"]])
def test_unknown_locale(arguments: list[str], capsys: Captured) -> None:
    """A locale that the skill does not speak is exit code 2, and those that it does are named."""
    assert cli.main([*arguments, "--locale", "fr-FR"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "fr-FR" in captured.err
    assert "en-US" in captured.err


@pytest.mark.parametrize(
    "arguments", [["understand", "help"], ["talk"], ["simulate"], ["build"]], ids=" ".join
)
def test_a_missing_extra(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """What a command needs beyond serving, and is not there, is one line, and exit code 1."""
    for module in ("sklearn", "hassil"):
        monkeypatch.setitem(sys.modules, module, None)
    assert cli.main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    extra = "publish" if arguments == ["build"] else "simulator"
    assert f"pip install 'cramp-coach[{extra}]'" in captured.err
    assert len(captured.err.splitlines()) == 1


@pytest.mark.slow
def test_build_check(capsys: Captured) -> None:
    """The committed models are what their sources say."""
    assert cli.main(["build", "--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_build_check_names_what_drifted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """A model that is not what its source says is named, left alone, and makes the exit code 1."""
    (tmp_path / "en.yaml").write_text(source.text("en.yaml"), encoding="utf-8")
    stale = tmp_path / "en-US.json"
    stale.write_text("{}", encoding="utf-8")
    monkeypatch.setattr(source, "folder", lambda: tmp_path)
    monkeypatch.setattr(models, "LOCALES", ("en-US",))
    assert cli.main(["build", "--check"]) == 1
    assert capsys.readouterr().out.startswith("en-US.json ")
    assert stale.read_text(encoding="utf-8") == "{}"
    assert cli.main(["build"]) == 0
    assert capsys.readouterr().out == "wrote en-US.json\n"


def test_build_passed(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """`--passed` prints what is new and what is gone, and takes the samples for read."""
    taken: list[bool] = []
    monkeypatch.setattr(models, "build", lambda *, check: [])
    monkeypatch.setattr(passed, "unread", lambda: [("A", "it does hurt")])
    monkeypatch.setattr(passed, "not_built", lambda: [("B", "ow")])
    monkeypatch.setattr(passed, "pass_all", lambda: taken.append(True))
    assert cli.main(["build", "--passed"]) == 0
    assert capsys.readouterr().out == "new in A: it does hurt\nno longer in B: ow\n"
    assert taken == [True]
    assert cli.main(["build", "--check"]) == 1
    assert taken == [True], "a check passes nothing"


def test_build_error(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A source that breaks a rule of Amazon's is one line on standard error, and exit code 1."""

    def broken(*, check: bool) -> list[Path]:
        raise ModelError("A: nothing but slots")

    monkeypatch.setattr(models, "build", broken)
    assert cli.main(["build"]) == 1
    assert capsys.readouterr().err == "cramp-coach build: A: nothing but slots\n"


def test_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` listens on loopback's port 8080, and verifies, unless it is told otherwise."""
    asked: list[tuple[str, int, bool]] = []
    monkeypatch.setattr(serving, "serve", lambda *arguments: asked.append(arguments))
    assert cli.main(["serve"]) == 0
    assert cli.main(["serve", "--host", "::1", "--port", "0", "--dev"]) == 0
    assert asked == [("127.0.0.1", 8080, False), ("::1", 0, True)]


def test_simulate(monkeypatch: pytest.MonkeyPatch) -> None:
    """`simulate` serves the page on port 8321 unless it is told otherwise, and opens no browser."""
    asked: list[tuple[int, bool]] = []
    monkeypatch.setattr(page, "serve", lambda port, *, open_it: asked.append((port, open_it)))
    assert cli.main(["simulate"]) == 0
    assert cli.main(["simulate", "--port", "0", "--open"]) == 0
    assert asked == [(8321, False), (0, True)]


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, BrokenPipeError])
def test_interrupted(stopped: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C, and a reader that went away, end a command without a traceback."""

    def stop(*, check: bool) -> list[Path]:
        raise stopped

    monkeypatch.setattr(models, "build", stop)
    assert cli.main(["build"]) == 130

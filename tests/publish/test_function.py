"""skill.publish.function: what goes to AWS Lambda, and what builds its zip."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from importlib.metadata import packages_distributions
from importlib.resources import files
from pathlib import Path
from zipfile import ZipFile

import pytest

from skill.alexa.refusal import Refusal
from skill.publish import build_function, function
from tests.chains import SKILL_ID, raw_request

Patch = pytest.MonkeyPatch
ROOT = Path(__file__).parents[2]
REQUIREMENTS = (ROOT / "requirements.txt").read_text("utf-8")

_ANSWERS = """
import json, os, sys
sys.path = [*sys.argv[1:3], *sys.path]
os.environ["CRAMP_COACH_SKILL_ID"] = sys.argv[3]
from skill.aws_lambda import handler
event = json.load(sys.stdin)
for locale in ("en-US", "en-GB", "en-AU", "en-CA", "en-IN", "en-XX"):
    event["request"]["locale"] = locale
    event["request"]["intent"]["slots"]["part"]["resolutions"] = None
    assert "outputSpeech" in handler(event, None)["response"]
imported = {name.partition(".")[0] for name in sys.modules if name not in sys.stdlib_module_names}
print(json.dumps([sorted(imported), sys.modules["skill"].__file__]))
"""


def test_the_lock_is_a_part_of_what_serving_fixes() -> None:
    """lambda.txt is what its source says."""
    written = files("skill.publish").joinpath(function.LOCK).read_text("utf-8")
    again = "python -m skill.publish.function requirements.txt skill/publish/lambda.txt"
    assert written == function.lock(REQUIREMENTS), f"run .venv/bin/{again}"


def test_a_package_that_is_not_fixed() -> None:
    """A lock without one of the packages is none."""
    with pytest.raises(ValueError, match="does not fix six"):
        function.lock(REQUIREMENTS.replace("\nsix==", "\nseven=="))


@pytest.mark.processes
def test_the_lock_has_all_that_is_imported(tmp_path: Path) -> None:
    """The files that are written answer in every locale, and import what is fixed, and no more."""
    function.write(tmp_path)
    arguments = [str(tmp_path), sysconfig.get_path("purelib"), SKILL_ID]
    command = [sys.executable, "-I", "-S", "-c", _ANSWERS, *arguments]
    ran = subprocess.run(command, input=json.dumps(raw_request()), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    imported, home = json.loads(ran.stdout)
    assert home == str(tmp_path / "skill" / "__init__.py")
    known = packages_distributions()
    found = {re.sub("[-_.]+", "-", it).lower() for name in imported for it in known.get(name, ())}
    assert found - {"cramp-coach"} == function.PACKAGES


def test_what_is_written(tmp_path: Path) -> None:
    """There are the skill, its lock and what builds; neither server, simulator nor publishing."""
    written = {path.relative_to(tmp_path).as_posix() for path in function.write(tmp_path / "a")}
    assert {"a/build.py", "a/requirements.txt", "a/event.json"} < written
    assert "a/skill/aws_lambda.py" in written
    rooms = {path.split("/")[2] for path in written if path.count("/") > 2}
    assert rooms == {"alexa", "coach", "interaction_model", "responses", "screen", "speech"}
    assert (tmp_path / "a/skill/responses/en-GB.yaml").read_bytes() == (
        ROOT / "responses" / "en-GB.yaml"
    ).read_bytes()


def test_the_event_tells_a_right_id_from_a_wrong_one(tmp_path: Path, monkeypatch: Patch) -> None:
    """The event that comes with it is refused until the function's skill id stands in it."""
    function.write(tmp_path)
    event = (tmp_path / "event.json").read_text("utf-8")
    monkeypatch.setenv("CRAMP_COACH_SKILL_ID", SKILL_ID)
    from skill.aws_lambda import Function

    handler = Function([SKILL_ID])
    with pytest.raises(Refusal, match=r"^skill-id$"):
        handler(json.loads(event), None)
    answer = handler(json.loads(event.replace("amzn1.ask.skill.YOUR-SKILL-ID", SKILL_ID)), None)
    assert "Straighten your leg" in answer["response"]["outputSpeech"]["ssml"]


@pytest.mark.parametrize(("version", "tried"), [((3, 10), "3.10"), ((3, 14), "3.14")])
def test_a_zip_for_another_python(version: tuple[int, int], tried: str, monkeypatch: Patch) -> None:
    """A Python that the skill does not run on builds nothing, and is named."""

    class Version(tuple[int, int]):
        major, minor = version

    monkeypatch.setattr(sys, "argv", ["build.py"])
    monkeypatch.setattr(sys, "version_info", Version(version))
    monkeypatch.setattr(build_function, "install", pytest.fail)
    with pytest.raises(SystemExit, match=f"Python {tried}, and the skill runs on 3.11 to 3.13"):
        build_function.main()


def test_a_zip_is_always_the_same(tmp_path: Path) -> None:
    """The same files, written in another order and at another time, make the same zip."""
    zips = []
    for number, names in enumerate((["b/c", "a"], ["a", "b/c"])):
        folder = tmp_path / str(number)
        (folder / "b").mkdir(parents=True)
        for name in names:
            (folder / name).write_text(name)
        zips.append(tmp_path / f"{number}.zip")
        build_function.write_zip(folder, zips[-1])
    assert zips[0].read_bytes() == zips[1].read_bytes()
    assert ZipFile(zips[0]).namelist() == ["a", "b/c"]

"""`cramp-coach package`: what is written, and what is not released."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from skill.cli import main
from skill.publish import package, source
from skill.publish.breaches import Breach
from skill.publish.manifest import Certificate, Endpoint
from skill.publish.package import Package, pages_of, refusals
from skill.speech.catalogue import LOCALES

Captured = pytest.CaptureFixture[str]
URL = "https://coach.example.org/alexa"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:coach"
HOST = Endpoint(URL, Certificate.TRUSTED)


@pytest.fixture(autouse=True)
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks have tests of their own, and take seconds; no setting is of this machine."""
    monkeypatch.setattr("skill.publish.breaches.breaches", lambda _: [])
    for name in (package.OPERATOR, package.CONTACT, package.PAGES_URL):
        monkeypatch.delenv(name, raising=False)


def test_what_ask_cli_deploys_is_written(tmp_path: Path, capsys: Captured) -> None:
    """The layout is ask-cli's, the models are the built ones, and each file is named."""
    assert main(["package", str(tmp_path), "--endpoint", URL]) == 0
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {f"wrote {path}" for path in files} == set(capsys.readouterr().out.splitlines())
    resources = json.loads((tmp_path / "ask-resources.json").read_text())
    inside = tmp_path / resources["profiles"]["default"]["skillMetadata"]["src"]
    for locale in LOCALES:
        model = inside / "interactionModels" / "custom" / f"{locale}.json"
        assert model.read_text("utf-8") == source.text(f"{locale}.json")
    for page in ("privacy", "terms"):
        assert "<h1>" in (tmp_path / "pages" / f"{page}-en-GB.html").read_text("utf-8")
    assert not (tmp_path / "lambda").exists()


def test_for_a_lambda_its_sources_are_written(tmp_path: Path) -> None:
    """What builds the zip of the function comes with the package."""
    assert main(["package", str(tmp_path), "--lambda", ARN]) == 0
    assert (tmp_path / "lambda" / "build.py").is_file()
    assert (tmp_path / "lambda" / "skill" / "responses" / "en" / "urgent.yaml").is_file()


def test_what_ask_cli_keeps_is_left_alone(tmp_path: Path) -> None:
    """Packaging again forgets nothing of which skill it is."""
    states = tmp_path / ".ask" / "ask-states.json"
    states.parent.mkdir()
    states.write_text("{}")
    assert main(["package", str(tmp_path), "--lambda", ARN]) == 0
    assert main(["package", str(tmp_path), "--lambda", ARN]) == 0
    assert states.read_text() == "{}"
    endpoint = json.loads((tmp_path / "skill-package" / "skill.json").read_text("utf-8"))
    assert endpoint["manifest"]["apis"]["custom"]["endpoint"] == {"uri": ARN}


def test_what_amazon_would_not_take_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """A breach is a line on standard error, exit code 1, and nothing that could be deployed."""
    broken = Breach("name", "x", "2 to 50 characters", "Change it")
    monkeypatch.setattr("skill.publish.breaches.breaches", lambda _: [broken])
    assert main(["package", str(tmp_path), "--endpoint", URL]) == 1
    captured = capsys.readouterr()
    assert captured.err == 'cramp-coach package: name is "x": 2 to 50 characters. Change it\n'
    assert captured.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [[], ["--endpoint", URL, "--lambda", ARN], ["--lambda", ARN, "--certificate", "Trusted"]],
)
def test_wrong_use(arguments: list[str], tmp_path: Path) -> None:
    """One of endpoint and Lambda is needed, and a Lambda has no certificate: exit code 2."""
    try:
        code = main(["package", str(tmp_path), *arguments])
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code == 2


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: Captured) -> None:
    """It is one line on standard error, and exit code 1."""
    (tmp_path / "file").write_text("")
    assert main(["package", str(tmp_path / "file" / "in"), "--endpoint", URL]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


STATIC = {package.PAGES_URL: "https://pages.example.org/coach/"}
STATIC_PAGE = "https://pages.example.org/coach/{page}-{locale}.html"
OWN_PAGE = "https://coach.example.org/{page}/{locale}"


@pytest.mark.parametrize(
    ("endpoint", "settings", "pages"),
    [
        (HOST, {}, OWN_PAGE),
        (HOST, STATIC, STATIC_PAGE),
        (Endpoint(ARN), {}, None),
        (Endpoint(ARN), STATIC, STATIC_PAGE),
    ],
)
def test_where_the_pages_are(
    endpoint: Endpoint, settings: Mapping[str, str], pages: str | None
) -> None:
    """The webhook serves them itself; a Lambda has none but those of a host that is set."""
    assert pages_of(endpoint, settings) == pages


def test_nothing_is_released_that_nobody_answers_for(tmp_path: Path, capsys: Captured) -> None:
    """`--release` names what is missing, each with its fix, writes nothing, and exits 1."""
    assert main(["package", str(tmp_path), "--lambda", ARN, "--release"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert "things are not signed or not answered" in told[0]
    assert "cramp-coach review" in told[0]
    assert package.PAGES_URL in told[1]
    assert package.OPERATOR in told[2]
    assert list(tmp_path.iterdir()) == []


def test_what_keeps_it_from_the_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is released once every line is signed, the pages are https, and an operator is named."""
    ready = Package(HOST, OWN_PAGE, named=True, released=True)
    assert [each.split()[1] for each in refusals(ready)] == ["things"]
    monkeypatch.setattr(package, "release_blockers", list)
    assert refusals(ready) == []
    assert refusals(Package(HOST, "http://coach.example.org/{page}.html", named=True)) == [
        f"http://coach.example.org is not https: set {package.PAGES_URL} to an address that is"
    ]
    testing = Package(Endpoint(URL, Certificate.SELF_SIGNED), OWN_PAGE, named=True)
    assert ["self-signed" in each for each in refusals(testing)] == [True]
    monkeypatch.setattr(package, "release_blockers", lambda: ["line relief.watch: not signed"])
    assert "the first is line relief.watch" in refusals(ready)[0]


def test_a_release_says_nothing_of_testing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is missing, `--release` writes the description as the public reads it."""
    monkeypatch.setattr(package, "release_blockers", list)
    monkeypatch.setenv(package.OPERATOR, "A Midwife")
    assert main(["package", str(tmp_path), "--endpoint", URL, "--release"]) == 1
    monkeypatch.setenv(package.CONTACT, "ask the midwife")
    assert main(["package", str(tmp_path), "--endpoint", URL, "--release"]) == 1
    monkeypatch.setenv(package.CONTACT, "coach@example.org")
    assert main(["package", str(tmp_path), "--endpoint", URL, "--release"]) == 0
    assert "for testing only" not in (tmp_path / "skill-package" / "skill.json").read_text("utf-8")

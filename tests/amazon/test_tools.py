"""Amazon's own tools: the schema of its interface, and ask-cli, against the stub on loopback.

`make amazon` installs them from npm into `build/amazon/`, and runs these.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from skill.publish import package
from skill.publish.manifest import Certificate, Endpoint
from skill.publish.package import Package
from skill.speech.catalogue import LOCALES
from tests.amazon.ask import BROUGHT, Ask, AskError
from tests.amazon.profile import Skill, profiled
from tests.amazon.simulated import said
from tests.amazon.stub import SKILL_ID, VENDOR_ID, Amazon, listening
from tests.amazon.test_profile import WHY, selected

pytestmark = pytest.mark.amazon

MANIFEST = "v1.skill.Manifest.SkillManifestEnvelope"
MODEL = "v1.skill.interactionModel.InteractionModelData"

HOST = Endpoint("https://coach.example.org/alexa", Certificate.TRUSTED)
PAGES = "https://coach.example.org/{page}/{locale}"
LAMBDA = Endpoint("arn:aws:lambda:us-east-1:123456789012:function:coach")


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """Every definition of Amazon's interface."""
    text = (BROUGHT.parent / "ask-smapi-model" / "spec.json").read_text("utf-8")
    definitions: dict[str, Any] = json.loads(text)["definitions"]
    return definitions


def faults(spec: dict[str, Any], definition: str, document: Any) -> list[str]:
    """What a definition has against a document."""
    schema = {"$ref": f"#/definitions/{definition}", "definitions": spec}
    found = Draft4Validator(schema).iter_errors(document)
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


def read(path: Path) -> Any:
    """What a JSON file holds."""
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "wanted",
    [Package(HOST, PAGES, released=True), Package(HOST), Package(LAMBDA)],
    ids=["released", "host", "Lambda"],
)
def test_the_package_is_what_the_schema_says(
    wanted: Package, spec: dict[str, Any], tmp_path: Path
) -> None:
    """Manifest and models keep to Amazon's schema, which sees what would break it."""
    package.write(tmp_path, wanted)
    manifest = read(tmp_path / "skill-package" / "skill.json")
    assert faults(spec, MANIFEST, manifest) == []
    for locale in LOCALES:
        folder = tmp_path / "skill-package" / "interactionModels" / "custom"
        assert faults(spec, MODEL, read(folder / f"{locale}.json")) == []
    manifest["manifest"]["publishingInformation"]["locales"]["en-US"]["summary"] = "x" * 161
    (found,) = faults(spec, MANIFEST, manifest)
    assert found.startswith("manifest.publishingInformation.locales.en-US.summary: ")


# --- ask-cli


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    """The stub on loopback."""
    stub = Amazon()
    with listening(stub):
        yield stub


class Cli:
    """ask-cli with a home and a login of its own, which knows no Amazon but the stub."""

    def __init__(self, home: Path, address: str) -> None:
        self._home = home
        self._hosts = {"ASK_SMAPI_SERVER_BASE_URL": address, "ASK_LWA_TOKEN_HOST": address}
        token = {"access_token": "a", "refresh_token": "r", "token_type": "bearer"}
        token |= {"expires_at": "2099-01-01T00:00:00.000Z"}
        (home / ".ask").mkdir()
        config = {"profiles": {"default": {"token": token, "vendor_id": VENDOR_ID}}}
        (home / ".ask" / "cli_config").write_text(json.dumps({**config, "share_usage": False}))

    def __call__(self, words: Sequence[str], folder: Path | None = None) -> tuple[int, str, str]:
        done = subprocess.run(
            [BROUGHT / words[0], *words[1:]],
            cwd=folder or self._home,
            env={**os.environ, **self._hosts, "HOME": str(self._home), "ASK_SHARE_USAGE": "false"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def cli(tmp_path: Path, amazon: Amazon) -> Cli:
    """The real ask-cli."""
    home = tmp_path / "home"
    home.mkdir()
    return Cli(home, amazon.address)


def test_ask_deploy_takes_the_package(cli: Cli, amazon: Amazon, tmp_path: Path) -> None:
    """Everything arrives as it was written, the skill is enabled, and a second time is no other."""
    folder = tmp_path / "package"
    package.write(folder, Package(HOST))
    inside = folder / "skill-package"
    files = {str(it.relative_to(inside)): it.read_bytes() for it in inside.rglob("*.*")}
    code, out, err = cli(["ask", "deploy"], folder)
    assert code == 0, out + err
    assert amazon.package == files
    assert amazon.enabled
    package.write(folder, Package(HOST, PAGES))
    assert cli(["ask", "deploy"], folder)[0] == 0
    assert f"POST /v1/skills/{SKILL_ID}/imports" in amazon.asked


def test_ask_smapi_asks_the_profiler(cli: Cli, amazon: Amazon, tmp_path: Path) -> None:
    """`cramp-coach profile` reads what ask-cli prints, and goes on where Amazon is busy."""
    amazon.refuse = 1
    amazon.understand = lambda _, __: selected("WhyQuestionIntent")
    ask = Ask(cli, sleep=lambda _: None)
    ((_, found),) = profiled(Skill(SKILL_ID, "en-US", tmp_path), [WHY], ask)
    assert found.intent == "WhyQuestionIntent"


def test_ask_smapi_simulates(cli: Cli, amazon: Amazon) -> None:
    """The simulator is asked as ask-cli wants it, and a refusal is told in Amazon's words."""
    ask = Ask(cli, sleep=lambda _: None)
    amazon.answer = lambda _, words, new: {
        "status": "SUCCESSFUL" if (words, new) == ("tell cramp coach help", True) else "FAILED",
        "result": {"skillExecutionInfo": {"invocations": []}},
    }
    assert "not called" in said("help", "en-US", SKILL_ID, ask, new=True)["understood"]
    with pytest.raises(AskError, match="status code 404"):
        ask("get-skill-simulation", {"skill-id": SKILL_ID, "simulation-id": "none"})

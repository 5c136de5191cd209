"""What Amazon would have against a package is found, named, and told how to mend."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from skill.publish import package
from skill.publish.breaches import bare, breaches
from skill.publish.manifest import Certificate, Endpoint
from skill.publish.package import Package
from skill.speech.catalogue import LOCALES

MODEL = "interactionModels/custom/en-US.json"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:coach"
HOST = Endpoint("https://coach.example.org/alexa", Certificate.TRUSTED)

PAGES = "https://coach.example.org/{page}/{locale}"

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that is right."""
    folder = tmp_path_factory.mktemp("package")
    package.write(folder, Package(HOST, PAGES))
    return folder


@pytest.fixture
def written(good: Path, tmp_path: Path) -> Path:
    """A package to be spoiled: one locale, and three intents, to be quick."""
    others = shutil.ignore_patterns(*(f"{name}.json" for name in LOCALES if name != "en-US"))
    shutil.copytree(good, tmp_path, ignore=others, dirs_exist_ok=True)
    change(tmp_path, _alone)
    change(tmp_path, _shortened, MODEL)
    return tmp_path


def _alone(manifest: dict[str, Any]) -> None:
    for part in ("publishingInformation", "privacyAndCompliance"):
        locales = manifest[part]["locales"]
        manifest[part]["locales"] = {"en-US": locales["en-US"]}


def _shortened(model: dict[str, Any]) -> None:
    language_model = model["languageModel"]
    wanted = ("CrampIntent", "WhyQuestionIntent", "BedtimeRoutineIntent")
    language_model["intents"] = [it for it in language_model["intents"] if it["name"] in wanted]


def change(folder: Path, how: Change, name: str = "skill.json") -> None:
    """Changes a file of the package."""
    path = folder / "skill-package" / name
    content = json.loads(path.read_text("utf-8"))
    how(content["manifest"] if name == "skill.json" else content["interactionModel"])
    path.write_text(json.dumps(content), "utf-8")


@pytest.mark.slow
def test_a_package_is_right(good: Path) -> None:
    """What is written breaks no rule, in any locale."""
    assert [str(each) for each in breaches(good)] == []


def shown(manifest: dict[str, Any]) -> dict[str, Any]:
    """What the store shows in the United States."""
    words: dict[str, Any] = manifest["publishingInformation"]["locales"]["en-US"]
    return words


SUMMARY = "publishingInformation.locales.en-US.summary"
PHRASES = "publishingInformation.locales.en-US.examplePhrases"

SPOILED: dict[str, tuple[Change, str, str]] = {
    "a long summary": (
        lambda it: shown(it).update(summary="x" * 161),
        SUMMARY,
        "1 to 160 characters are allowed, it has 161",
    ),
    "a long description": (
        lambda it: shown(it).update(description="x" * 4001),
        "publishingInformation.locales.en-US.description",
        "1 to 4000 characters are allowed, it has 4001",
    ),
    "no name": (
        lambda it: shown(it).pop("name"),
        "publishingInformation.locales.en-US.name",
        "2 to 50 characters are allowed, it has 0",
    ),
    "long instructions": (
        lambda it: it["publishingInformation"].update(testingInstructions="x" * 4001),
        "publishingInformation.testingInstructions",
        "1 to 4000 characters are allowed, it has 4001",
    ),
    "many keywords": (
        lambda it: shown(it).update(keywords=["cramp"] * 31),
        "publishingInformation.locales.en-US.keywords",
        "30 at most, there are 31",
    ),
    "a long keyword": (
        lambda it: shown(it).update(keywords=["x" * 151]),
        "publishingInformation.locales.en-US.keywords",
        "1 to 150 characters are allowed, it has 151",
    ),
    "a forbidden word": (
        lambda it: shown(it).update(description="It treats cramps."),
        "publishingInformation.locales.en-US.description",
        "Amazon rejects a health skill that says 'treats'",
    ),
    "another category": (
        lambda it: it["publishingInformation"].update(category="HEALTH"),
        "publishingInformation.category",
        "it is a category of Amazon's",
    ),
    "a misspelt property": (
        lambda it: shown(it).update(exampelPhrases=[]),
        "manifest.publishingInformation.locales.en-US.exampelPhrases",
        "Amazon drops a property that it does not know",
    ),
    "words in place of an object": (
        lambda it: it.update(apis="custom"),
        "manifest.apis",
        "an object is wanted",
    ),
    "a locale without a model": (
        lambda it: it["publishingInformation"]["locales"].update({"en-NZ": shown(it)}),
        "publishingInformation.locales",
        "there are models for en-US",
    ),
    "two example phrases": (
        lambda it: shown(it)["examplePhrases"].pop(),
        PHRASES,
        "there are exactly three",
    ),
    "no wake word": (
        lambda it: shown(it)["examplePhrases"].__setitem__(0, "my calf is cramping"),
        PHRASES,
        "the first is said as to Alexa: wake word, then 'cramp coach'",
    ),
    "a phrase that is no sample": (
        lambda it: shown(it)["examplePhrases"].__setitem__(1, "why do my teeth cramp"),
        PHRASES,
        "without wake word and 'cramp coach', it is a sample of the model",
    ),
    "a phrase with a symbol": (
        lambda it: shown(it)["examplePhrases"].__setitem__(1, "why do I get leg cramps!"),
        PHRASES,
        "letters alone, no symbols",
    ),
    "an address without https": (
        lambda it: it["apis"]["custom"]["endpoint"].update(uri="http://coach.example.org/alexa"),
        "apis.custom.endpoint.uri",
        "it is https://HOST/alexa, on port 443",
    ),
    "an address without the webhook's path": (
        lambda it: it["apis"]["custom"]["endpoint"].update(uri="https://coach.example.org/"),
        "apis.custom.endpoint.uri",
        "it is https://HOST/alexa, on port 443",
    ),
    "an ARN in place of an address": (
        lambda it: it["apis"]["custom"]["endpoint"].update(uri=ARN),
        "apis.custom.endpoint.uri",
        "it is https://HOST/alexa, on port 443",
    ),
    "half an ARN": (
        lambda it: it["apis"]["custom"].update(endpoint={"uri": "arn:aws:lambda:us-east-1:coach"}),
        "apis.custom.endpoint.uri",
        "it is the ARN of a Lambda, arn:aws:lambda:REGION:ACCOUNT:function:NAME",
    ),
    "a page without an address": (
        lambda it: it["privacyAndCompliance"]["locales"]["en-US"].update(termsOfUseUrl="ours"),
        "privacyAndCompliance.locales.en-US.termsOfUseUrl",
        "it is an address of the web, https://...",
    ),
    "another port": (
        lambda it: it["apis"]["custom"]["endpoint"].update(uri="https://a.example:8080/alexa"),
        "apis.custom.endpoint.uri",
        "it is https://HOST/alexa, on port 443",
    ),
    "an address without a certificate": (
        lambda it: it["apis"]["custom"]["endpoint"].pop("sslCertificateType"),
        "apis.custom.endpoint.uri",
        "it is the ARN of a Lambda, arn:aws:lambda:REGION:ACCOUNT:function:NAME",
    ),
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_breach_is_named(what: str, written: Path) -> None:
    """Each breach has its field, what stands there, the limit, and a fix."""
    how, field, limit = SPOILED[what]
    change(written, how)
    (found,) = breaches(written)
    assert (found.field, found.limit) == (field, limit)
    assert str(found).startswith(f"{field} is ")
    assert str(found).endswith(f": {limit}. {found.fix}")
    assert found.fix


@pytest.mark.parametrize("alias", ["", ":live", ":$LATEST"])
def test_a_lambda_is_right(alias: str, written: Path) -> None:
    """A function is taken as it is, or by one of its aliases."""
    change(written, lambda it: it["apis"]["custom"].update(endpoint={"uri": ARN + alias}))
    assert breaches(written) == []


@pytest.mark.parametrize(
    "forbidden", ["life-saving", "lifesaving", "Emergency", "rescue", "cures", "treatment"]
)
def test_forbidden_words(forbidden: str, written: Path) -> None:
    """No form of a word that Amazon forbids stands in the name or the description."""
    change(written, lambda it: shown(it).update(name=f"Cramp {forbidden}"))
    assert [each.field for each in breaches(written)] == [
        "publishingInformation.locales.en-US.name"
    ]


@pytest.mark.parametrize(
    "name", ["skill coach", "open cramps", "coach", "alexa coach", "cramp cure"]
)
def test_a_bad_invocation_name(name: str, written: Path) -> None:
    """A wake word, a launch word, "skill", one word alone and a forbidden word are refused."""
    change(written, lambda it: it["languageModel"].update(invocationName=name), MODEL)
    change(written, lambda it: shown(it)["examplePhrases"].__setitem__(0, f"Alexa, open {name} ow"))
    found = [each for each in breaches(written) if each.field == "en-US.json invocationName"]
    assert [each.value for each in found] == [name]


def test_a_sample_that_amazon_does_not_take(written: Path) -> None:
    """A sample with a figure in it is named with its intent."""

    def spoil(model: dict[str, Any]) -> None:
        model["languageModel"]["intents"][0]["samples"].append("cramp 2")

    change(written, spoil, MODEL)
    (found,) = breaches(written)
    assert (found.field, found.value) == ("en-US.json CrampIntent", "cramp 2")


def test_icons(written: Path) -> None:
    """An icon that is missing, or of another size, is named for the locale that wants it."""
    images = written / "skill-package" / "assets" / "images"
    (images / "icon-108.png").unlink()
    Image.new("RGB", (500, 512)).save(images / "icon-512.png")
    small, large = breaches(written)
    assert small.limit == "a PNG of 108×108 in assets/ is wanted, there is none"
    assert large.limit == "a PNG of 512×512 in assets/ is wanted, it is 500×512"
    assert small.field == "publishingInformation.locales.en-US.smallIconUri"


@pytest.mark.parametrize(
    "phrase",
    ["Alexa, ask cramp coach to help", "alexa tell cramp coach help", "Help", "Alexa, help."],
)
def test_what_is_left_of_a_phrase(phrase: str) -> None:
    """Wake word, launch words, name and full stops are no part of what is understood."""
    assert bare(phrase, "cramp coach") == "help"

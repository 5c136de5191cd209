"""What Amazon would have against a package, found before it is sent.

Amazon's own schema misses some of it: `ask deploy` and Amazon's import take a package without icons
and tell nobody. Limits and words are from alexa.md 1 and 5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from skill.publish.manifest import CATEGORY
from skill.publish.models import WAKE_WORDS, sample_fault

FORBIDDEN = re.compile(
    r"\b(?:life[ -]?sav\w*|emergenc\w*|rescu\w*|cur(?:e|es|ed|ing)|treat\w*)", re.I
)
"""What a name, an invocation name and a description may not say."""

_ADDRESS = r"https://[\w.-]+(?::443)?/alexa/?"  # where the webhook answers
_ARN = r"arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?"

LAUNCH = r"(?:ask|launch|load|open|play|run|start|talk to|tell|use)"
_JOINING = r"(?:(?:to|and|for|that|about) )?"

_SUMMARY, _DESCRIPTION, _TESTING, _PHRASE, _KEYWORD = 160, 4_000, 4_000, 200, 150  # characters
_KEYWORDS = 30
_NAME = range(2, 51)  # characters


def _leaves(names: str) -> dict[str, None]:
    return dict.fromkeys(names.split())


_SHOWN = _leaves("name summary description examplePhrases keywords smallIconUri largeIconUri")
_PUBLISHING = {
    "locales": {"": _SHOWN},
    **_leaves("category isAvailableWorldwide distributionMode distributionCountries"),
    **_leaves("testingInstructions"),
}
_COMPLIANCE = {
    "locales": {"": _leaves("privacyPolicyUrl termsOfUseUrl")},
    **_leaves("allowsPurchases usesPersonalInfo isChildDirected isExportCompliant containsAds"),
    **_leaves("usesHealthInfo"),
}
KNOWN: dict[str, Any] = {
    "manifest": {
        **_leaves("manifestVersion"),
        "publishingInformation": _PUBLISHING,
        "privacyAndCompliance": _COMPLIANCE,
        "apis": {
            "custom": {"endpoint": _leaves("uri sslCertificateType"), **_leaves("interfaces")}
        },
    }
}
"""The properties that a manifest of ours has; "" stands for each locale. Amazon drops others."""


@dataclass(frozen=True)
class Breach:
    """What Amazon would not take: where it stands, what stands there, why not, and the fix."""

    field: str
    value: object
    limit: str
    fix: str

    def __str__(self) -> str:
        shown = json.dumps(self.value, ensure_ascii=False)
        shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
        return f"{self.field} is {shown}: {self.limit}. {self.fix}"


def breaches(folder: Path) -> list[Breach]:
    """What is wrong with the package in a folder. OSError or ValueError if it cannot be read."""
    inside = folder / "skill-package"
    whole = json.loads((inside / "skill.json").read_text("utf-8"))
    models = {
        path.stem: json.loads(path.read_text("utf-8"))["interactionModel"]["languageModel"]
        for path in sorted((inside / "interactionModels" / "custom").glob("*.json"))
    }
    found = [*_unknown(whole, KNOWN, "")]
    if found:
        return found  # what follows reads known properties alone
    return [
        *_of_the_whole(whole["manifest"]),
        *_of_locales(whole["manifest"], models),
        *_of_icons(whole["manifest"], inside),
        *_of_models(models),
    ]


def _unknown(given: Any, known: Any, field: str) -> Iterator[Breach]:
    """Each property that is not known, and each object that is something else."""
    if not isinstance(known, dict):
        return
    if not isinstance(given, dict):
        yield Breach(field, given, "an object is wanted", "Write the package again")
        return
    for name, value in given.items():
        where = f"{field}.{name}" if field else name
        if "" in known or name in known:
            yield from _unknown(value, known.get("", known.get(name)), where)
        else:
            fix = "Correct its name, or add it to KNOWN in skill/publish/breaches.py"
            yield Breach(where, value, "Amazon drops a property that it does not know", fix)


def _of_the_whole(manifest: Mapping[str, Any]) -> Iterator[Breach]:
    shown = manifest["publishingInformation"]
    field = "publishingInformation"
    if shown.get("category") != CATEGORY:
        limit, fix = "it is a category of Amazon's", f"Set {CATEGORY}"
        yield Breach(f"{field}.category", shown.get("category"), limit, fix)
    yield from _too_long(
        f"{field}.testingInstructions", shown.get("testingInstructions", ""), range(1, _TESTING + 1)
    )
    yield from _of_the_endpoint(manifest["apis"]["custom"]["endpoint"])


def _of_the_endpoint(endpoint: Mapping[str, Any]) -> Iterator[Breach]:
    """An address has a certificate, and a Lambda has none: by that it is told which was meant."""
    uri, is_address = endpoint["uri"], "sslCertificateType" in endpoint
    if re.fullmatch(_ADDRESS if is_address else _ARN, uri):
        return
    if is_address:
        limit = "it is https://HOST/alexa, on port 443"
        fix = "Give --endpoint the webhook's address, or an ARN with --lambda"
    else:
        limit = "it is the ARN of a Lambda, arn:aws:lambda:REGION:ACCOUNT:function:NAME"
        fix = "Copy it from the function's page, or give an address with --endpoint"
    yield Breach("apis.custom.endpoint.uri", uri, limit, fix)


def _too_long(field: str, text: str, allowed: range) -> Iterator[Breach]:
    if len(text) not in allowed:
        limit = f"{allowed.start} to {allowed.stop - 1} characters are allowed, it has {len(text)}"
        yield Breach(field, text, limit, "Change the line in responses/store.yaml")


# --- what each locale shows ----------------------------------------------------------------------


def _of_locales(manifest: Mapping[str, Any], models: Mapping[str, Any]) -> Iterator[Breach]:
    shown = manifest["publishingInformation"]["locales"]
    linked = manifest["privacyAndCompliance"].get("locales", shown)
    for field, locales in (("publishingInformation", shown), ("privacyAndCompliance", linked)):
        if set(locales) != set(models):
            limit = f"there are models for {', '.join(sorted(models))}"
            fix = "Have a model, and words, for each locale, and no others"
            yield Breach(f"{field}.locales", sorted(locales), limit, fix)
    yield from _of_pages(manifest["privacyAndCompliance"].get("locales", {}))
    for locale, words in shown.items():
        field = f"publishingInformation.locales.{locale}"
        yield from _of_words(field, words)
        yield from _forbidden(field, words)
        if locale in models:
            yield from _of_phrases(f"{field}.examplePhrases", words, models[locale])


def _of_pages(linked: Mapping[str, Mapping[str, str]]) -> Iterator[Breach]:
    """The first page without an address: one setting makes all (skill/publish/package.py)."""
    for locale, pages in linked.items():
        for name, address in pages.items():
            if not re.fullmatch(r"https?://[\w.:-]+/\S*", address):
                fix = "Set CRAMP_COACH_PAGES_URL to where a host serves pages/, or not at all"
                field = f"privacyAndCompliance.locales.{locale}.{name}"
                yield Breach(field, address, "it is an address of the web, https://...", fix)
                return


def _of_words(field: str, words: Mapping[str, Any]) -> Iterator[Breach]:
    lengths = {"name": _NAME, "summary": range(1, _SUMMARY + 1)}
    for name, allowed in (lengths | {"description": range(1, _DESCRIPTION + 1)}).items():
        yield from _too_long(f"{field}.{name}", words.get(name, ""), allowed)
    keywords = words.get("keywords", [])
    if len(keywords) > _KEYWORDS:
        limit = f"{_KEYWORDS} at most, there are {len(keywords)}"
        yield Breach(f"{field}.keywords", keywords, limit, "Leave some out of responses/store.yaml")
    for each in keywords:
        yield from _too_long(f"{field}.keywords", each, range(1, _KEYWORD + 1))


def _forbidden(field: str, words: Mapping[str, Any]) -> Iterator[Breach]:
    for name in ("name", "summary", "description"):
        for match in FORBIDDEN.finditer(words.get(name, "")):
            limit = f"Amazon rejects a health skill that says {match[0]!r}"
            yield Breach(f"{field}.{name}", words[name], limit, "Say it without that word")


# --- example phrases -----------------------------------------------------------------------------


def _of_phrases(field: str, words: Mapping[str, Any], model: Mapping[str, Any]) -> Iterator[Breach]:
    phrases = words.get("examplePhrases", [])
    if len(phrases) != 3:
        yield Breach(
            field, phrases, "there are exactly three", "Give three in responses/store.yaml"
        )
    name = model["invocationName"]
    if phrases and not re.match(rf"alexa,? {LAUNCH} {name}\b", phrases[0], re.I):
        limit = f"the first is said as to Alexa: wake word, then {name!r}"
        yield Breach(field, phrases[0], limit, f"Begin it with “Alexa, open {name}” or the like")
    for phrase in phrases:
        yield from _too_long(field, phrase, range(1, _PHRASE + 1))
        if re.search(r"[^\w' ,.?-]", phrase):
            yield Breach(field, phrase, "letters alone, no symbols", "Write it as it is said")
        elif not is_sample(bare(phrase, name), model):
            limit = f"without wake word and {name!r}, it is a sample of the model"
            yield Breach(field, phrase, limit, "Take one from interaction_model/")


def bare(phrase: str, invocation_name: str) -> str:
    """A phrase in lower case without wake word, launch words and punctuation."""
    said = re.sub(r"[,.?]", "", phrase.casefold())
    return re.sub(rf"^(?:alexa )?(?:{LAUNCH} {invocation_name} ?{_JOINING})?", "", said).strip()


def is_sample(said: str, model: Mapping[str, Any]) -> bool:
    """Whether words are a sample of a model, with a value of its type in each slot."""
    values = {each["name"]: _values(each) for each in model["types"]}
    return any(
        _fits(said, sample, {slot["name"]: values[slot["type"]] for slot in it.get("slots", ())})
        for it in model["intents"]
        for sample in it["samples"]
    )


def _values(slot_type: Mapping[str, Any]) -> list[str]:
    names = [value["name"] for value in slot_type["values"]]
    return [word for name in names for word in (name["value"], *name.get("synonyms", ()))]


def _fits(said: str, sample: str, values: Mapping[str, Sequence[str]]) -> bool:
    start, *rest = re.split(r"\{(\w+)\}", sample)
    if not rest:
        return said == sample
    if not (said.startswith(start) and said.endswith(rest[-1])):
        return False
    pairs = zip(rest[::2], rest[1::2], strict=True)
    within = (
        f"(?:{'|'.join(map(re.escape, values[slot]))}){re.escape(text)}" for slot, text in pairs
    )
    return re.fullmatch(re.escape(start) + "".join(within), said) is not None


# --- icons and models ----------------------------------------------------------------------------


def _of_icons(manifest: Mapping[str, Any], inside: Path) -> Iterator[Breach]:
    for locale, words in manifest["publishingInformation"]["locales"].items():
        for name, size in (("smallIconUri", 108), ("largeIconUri", 512)):
            uri = words.get(name, "")
            field = f"publishingInformation.locales.{locale}.{name}"
            found = _size_of(inside / uri.removeprefix("file://"))
            if not uri.startswith("file://assets/") or found != (size, size):
                is_now = f"it is {found[0]}×{found[1]}" if found else "there is none"
                limit = f"a PNG of {size}×{size} in assets/ is wanted, {is_now}"
                yield Breach(field, uri, limit, "Run cramp-coach package again")


def _size_of(path: Path) -> tuple[int, int] | None:
    """Width and height of a PNG; None where there is none."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            return image.size
    except (OSError, UnidentifiedImageError):
        return None


def _of_models(models: Mapping[str, Any]) -> Iterator[Breach]:
    different: list[Mapping[str, Any]] = []
    for locale, model in models.items():
        if model in different:
            continue
        different.append(model)
        yield from _of_the_name(f"{locale}.json invocationName", model["invocationName"])
        for intent in model["intents"]:
            for sample in intent["samples"]:
                if fault := sample_fault(intent["name"], sample, intent["samples"]):
                    fix = "Mend its template in interaction_model/, and run cramp-coach build"
                    yield Breach(f"{locale}.json {intent['name']}", sample, fault, fix)


def _of_the_name(field: str, name: str) -> Iterator[Breach]:
    taken = {*WAKE_WORDS, "skill", "app", *re.findall(r"\w+", LAUNCH)} & set(name.split())
    if taken or FORBIDDEN.search(name) or not re.fullmatch(r"[a-z.']+(?: [a-z.']+)+", name):
        limit = "two words or more of small letters, no wake word, launch word, “skill” or “app”"
        fix = "Choose another: INVOCATION_NAME in skill/publish/models.py"
        yield Breach(field, name, limit, fix)

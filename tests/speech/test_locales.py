"""Each locale has every token and its own numbers, and no word of another country."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from itertools import product
from typing import Any

import pytest

from skill.coach.place import Session, Speaker, Stage, Status
from skill.coach.signs import Level
from skill.publish import source
from skill.publish.templates import expand
from skill.publish.worked import written
from skill.simulator.text import read
from skill.simulator.understand import listener, understand
from skill.speech.catalogue import (
    BASE,
    ELSEWHERE,
    FORMS,
    LOCALES,
    SUBJECTS,
    Catalogue,
    Digits,
    Tags,
    catalogue,
)
from skill.speech.words import plain, tags_of
from tests.files import read_yaml

TOKENS = frozenset(
    "emergency maternity maternity_short fallback midwife_or_doctor colour paracetamol".split()
)
"""What every locale says in its own way."""

EMERGENCY = {
    "en-AU": "triple zero",
    "en-CA": "nine one one",
    "en-GB": "nine nine nine",
    "en-IN": "one one two",
    "en-US": "nine one one",
}
FALLBACK = {
    "en-AU": "call healthdirect, also called one eight zero zero Medicare, "
    "on one eight zero zero zero two two two two two",
    "en-CA": "call eight one one, or go to the emergency department",
    "en-GB": "call one one one, or go to A and E",
    "en-IN": "go to the nearest maternity hospital, or call one one two, or one zero eight",
    "en-US": "go to the emergency room, or call nine one one",
}
"""clinical.md D, as a pregnant woman hears it."""

_AMERICAN = r"\bOB\b|\bER\b|emergency room|\blabor\b|\bcolor\b|diarrhea|after-hours number"
_BRITISH = r"\bGP\b|\bA and E\b|maternity unit|nine nine nine|number in (your|her) notes"
_SPELT_BRITISH = r"colour|diarrhoea|labour"
FOREIGN = {
    "en-AU": rf"{_AMERICAN}|nine one one|\bA and E\b|maternity unit|nine nine nine|acetaminophen",
    "en-CA": rf"{_BRITISH}|\bER\b|emergency room|\blabor\b|\bcolor\b|triple zero|one one two",
    "en-GB": rf"{_AMERICAN}|nine one one|triple zero|eight one one|acetaminophen",
    "en-IN": rf"{_AMERICAN}|{_BRITISH}|nine one one|triple zero|\byour midwife|acetaminophen",
    "en-US": rf"{_BRITISH}|{_SPELT_BRITISH}|one one one|triple zero|one one two",
}
"""Words and numbers of elsewhere that would send her astray, or sound odd."""

EVERYBODY = [
    tags_of(Session(status=Status(speaker, stage)), level)
    for speaker, stage, level in product(Speaker, Stage, Level)
]


def content(name: str) -> dict[str, Any]:
    """A file of responses/ as it stands."""
    read = read_yaml(resources.files("skill.responses").joinpath(f"{name}.yaml"))
    assert isinstance(read, dict)
    return read


@pytest.fixture(params=LOCALES, scope="module")
def words(request: pytest.FixtureRequest) -> Catalogue:
    return catalogue(request.param)


def token(words: Catalogue, name: str, tags: Tags) -> str:
    """A token as it is spoken to somebody."""
    return plain(words._expanded(f"{{{name}}}", tags, {}))


def test_the_five_locales_are_there() -> None:
    """The skill speaks to the United States, the United Kingdom, Australia, Canada and India."""
    assert set(LOCALES) == EMERGENCY.keys() == FOREIGN.keys()


def test_there_is_an_interaction_model_for_each_locale() -> None:
    """What is spoken is listened for: a file in responses/ is a model, built and committed."""
    for locale in LOCALES:
        assert source.folder().joinpath(f"{locale}.json").is_file(), locale


def test_a_locale_has_tokens_and_nothing_else(words: Catalogue) -> None:
    """Lines are written once, in responses/en/; a locale says only what differs, in tokens."""
    assert set(content(words.locale)) == {"tokens"}


def test_each_file_of_a_subject_is_read() -> None:
    """What stands in responses/en/ is spoken: no file there is left out, and none is missing."""
    there = {file.name for file in resources.files("skill.responses").joinpath(BASE).iterdir()}
    assert there == {f"{subject}.yaml" for subject in SUBJECTS}


def test_no_line_stands_in_two_files() -> None:
    """A section may have lines in several files; no line, and no token, is written twice."""
    written = [
        f"{section}.{line}"
        for subject in SUBJECTS
        for section, lines in content(f"{BASE}/{subject}").items()
        for line in lines
    ]
    assert not [each for each, times in Counter(written).items() if times > 1]


def test_no_token_is_missing(words: Catalogue) -> None:
    """Each locale has every token, for everybody."""
    for name in TOKENS:
        for tags in EVERYBODY:
            if name.startswith("maternity") and "neither" in tags:
                continue  # no role that is asleep is called for who is not pregnant
            assert token(words, name, tags), (name, tags)
    assert content(words.locale)["tokens"].keys() >= TOKENS


def test_no_line_is_missing(words: Catalogue) -> None:
    """Every form of every line can be said to everybody."""
    for key, entry in words.entries.items():
        for form in FORMS:
            if form in entry.texts[frozenset()]:
                for tags in EVERYBODY:
                    assert written(words.pieces(key, form, tags, "breathless")), key


def test_the_emergency_number_is_the_country_s(words: Catalogue) -> None:
    """clinical.md D: the number of the place, for everybody."""
    said = {token(words, "emergency", tags) for tags in EVERYBODY}
    assert said == {EMERGENCY[words.locale]}


def test_whom_to_try_next_is_the_country_s(words: Catalogue) -> None:
    """clinical.md D: where nobody answers there is another number, or where to go."""
    assert token(words, "fallback", tags_of(Session())) == FALLBACK[words.locale]


def test_numbers_are_read_digit_by_digit(words: Catalogue) -> None:
    """conversation.md 1: no digit stands in words, and no number is left to the voice."""
    for name, value in content(words.locale)["tokens"].items():
        if isinstance(value, dict) and "digits" in value:
            assert all(group.isdigit() for group in value["digits"].split()), name
            continue
        for text in value.values() if isinstance(value, dict) else (value,):
            assert not re.search(r"\d", text), name


def test_whom_to_call_is_said_in_three_words(words: Catalogue) -> None:
    """A role of three words at most keeps it within the first twelve of an urgent line."""
    for tags in EVERYBODY:
        if "neither" in tags:
            continue
        assert len(token(words, "maternity_short", tags).split()) <= 3


def test_no_word_of_another_country(words: Catalogue) -> None:
    """Neither a number, a role nor a spelling of elsewhere is said."""
    foreign = re.compile(FOREIGN[words.locale])
    for key, entry in words.entries.items():
        for form in entry.texts[frozenset()]:
            for tags in EVERYBODY:
                text = plain(words.pieces(key, form, tags, "breathless"))
                assert not foreign.search(text), f"{key}: {text}"


def test_a_helper_hears_her_people(words: Catalogue) -> None:
    """conversation.md 6: for a helper, whom to call is hers."""
    for stage in (Stage.PREGNANT, Stage.AFTER_BIRTH):
        tags = tags_of(Session(status=Status(Speaker.HELPER, stage)))
        for name in ("maternity", "maternity_short"):
            assert not token(words, name, tags).startswith("your "), (name, stage)


def test_who_is_not_pregnant_is_not_sent_to_maternity(words: Catalogue) -> None:
    """clinical.md C5: for somebody else, plain doctor wording."""
    for speaker in Speaker:
        tags = tags_of(Session(status=Status(speaker, Stage.NEITHER)))
        for name in ("call", "call_now", "call_long", "midwife_or_doctor", "fallback"):
            said = token(words, name, tags)
            assert not re.search(r"matern|midwife|labou?r|\bOB\b", said), said


ASLEEP = re.compile(r"\bGP\b|doctor|midwife|\bOB\b|clinic|surgery")


def test_nobody_who_is_asleep_is_called(words: Catalogue) -> None:
    """conversation.md 5.4: who is not pregnant is sent, at any hour, where somebody is awake."""
    for speaker, level in product(Speaker, Level):
        tags = tags_of(Session(status=Status(speaker, Stage.NEITHER)), level)
        for name in ("call", "call_now", "call_long", "call_whom", "fallback", "fallback_short"):
            assert not ASLEEP.search(token(words, name, tags)), name


def test_every_token_of_a_line_is_a_token_of_the_file() -> None:
    """No line of responses/en/ names a token that only some locales have."""
    files = [
        resources.files("skill.responses").joinpath(f"{BASE}/{name}.yaml") for name in SUBJECTS
    ]
    named = {each for file in files for each in re.findall(r"\{(\w+)\}", file.read_text("utf-8"))}
    own = {it for name in SUBJECTS for it in content(f"{BASE}/{name}").get("tokens", ())}
    everywhere = set.intersection(*(set(content(locale)["tokens"]) for locale in LOCALES))
    assert named <= own | everywhere | {"sign", "Sign", "Yes", "pause", "breath", "quiet"}


NOT_OURS = ("de-DE", "hi-IN", "en-NZ", "en-us", "en", "")


@pytest.mark.parametrize("locale", NOT_OURS)
def test_a_locale_that_is_not_ours_hears_no_country_s_number(locale: str) -> None:
    """In another locale she hears "your local emergency number", and no number of ours."""
    words = catalogue(locale)
    foreign = re.compile(rf"{_AMERICAN}|{_BRITISH}|nine one one|triple zero|one one two|nine eight")
    for tags in EVERYBODY:
        assert token(words, "emergency", tags) == "your local emergency number"
        for key, entry in words.entries.items():
            for form in entry.texts[frozenset()]:
                pieces = words.pieces(key, form, tags, "breathless")
                assert not any(isinstance(piece, Digits) for piece in pieces), key
                assert not foreign.search(plain(pieces)), plain(pieces)
                assert "number, or your local" not in plain(pieces), plain(pieces)


def test_no_more_catalogues_are_kept_than_there_are_files() -> None:
    """Whatever locales are asked for, those that are not ours share one catalogue."""
    assert len({id(catalogue(f"xx-{number}")) for number in range(100)}) == 1


def test_elsewhere_has_every_token() -> None:
    """What every locale says in its own way is said elsewhere too."""
    own = set(content(ELSEWHERE)["tokens"])
    assert own >= set.intersection(*(set(content(locale)["tokens"]) for locale in LOCALES))


INDIA_HEARS = {
    "nas chadh gayi": "CrampIntent",
    "nas chad gayi": "CrampIntent",
    "cramp is coming in my calf": "CrampIntent",
    "my thigh is paining a lot": "SoreIntent",
    "pregnant lady is cramping": "HelperSpeaksIntent",
    "i am pregnant lady": "PregnantIntent",
    "my calf is paining since two days": "LastingPainSignIntent",
    "my breath is not coming properly": "BreathlessSignIntent",
    "chest pain is there": "ChestPainSignIntent",
    "since morning baby is not moving": "BabyMovesLessSignIntent",
}


@pytest.mark.fitting
@pytest.mark.parametrize("said", sorted(INDIA_HEARS))
def test_india_hears_the_english_of_the_place(said: str) -> None:
    """en-IN understands what is said there."""
    assert understand(said, "en-IN").intent == INDIA_HEARS[said]


def own_sentences(locale: str) -> Iterator[tuple[str, str]]:
    """Every sentence that a locale adds to en.yaml, with its intent, slots filled."""
    path = source.folder() / f"{locale}.yaml"
    added = read_yaml(path) if path.is_file() else {"intents": {}}
    whole = source.read(locale)
    intents = source.parse({**whole, "intents": added["intents"]})
    for name in intents.intents:
        for sentence in source.sentences(intents, name):
            for text in expand(sentence.expression, intents.expansion_rules):
                yield name, text.replace("{part}", "calf").replace("{helper}", "my wife")


@pytest.mark.fitting
@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_of_a_locale_is_in_two_intents(locale: str) -> None:
    """What a locale adds is understood as nothing else, whatever en.yaml holds."""
    for name, text in own_sentences(locale):
        assert listener(locale).exact.intents(read(text)) <= {name}, text

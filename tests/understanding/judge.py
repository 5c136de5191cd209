"""How a sentence was understood, and whether that is right, safe, or neither."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import cache

from skill.alexa.intents import INTENTS, heard
from skill.coach.events import Event, Question, Said, SignHeard
from skill.coach.place import Ask
from skill.coach.signs import Sign
from skill.simulator.model import FALLBACK
from skill.simulator.understand import (
    ALWAYS,
    CALIBRATED,
    STRICT,
    Understood,
    understand,
)
from tests.understanding.places import turn_for
from tests.understanding.sets import Kind, Sentence


class Setting(Enum):
    """How probable an intent has to be."""

    ALWAYS = ALWAYS
    CALIBRATED = CALIBRATED
    STRICT = STRICT


class Result(Enum):
    """What became of a sentence."""

    RIGHT = "right"
    FALLBACK = "fallback"
    WRONG = "wrong"
    # of a sign that was not right
    ANOTHER_SIGN = "another sign"
    LOWER_LEVEL = "lower level"
    ASKED = "asked further"
    LOST = "LOST"
    # of what is no sign
    FALSE_ALARM = "heard as a sign"  # or as what leads to the phone like one


_NARROWER = {
    Ask.LEG_OR_TUMMY, Ask.BREATHLESS_ONLY, Ask.CHEST_ONLY, Ask.BREATHING_WORSE,
    Ask.BREATH_FROM_PAIN, Ask.HEART_FROM_PAIN, Ask.BACK_BREATHING, Ask.COMES_AND_GOES, Ask.NUMB,
    Ask.FACE_OR_HANDS, Ask.HEAT_ONLY, Ask.COLOUR_ONLY, Ask.BY_TOUCH, Ask.STRONG_OR_LASTING,
}  # fmt: skip
"""Questions about a sign that she may have told."""


@dataclass(frozen=True)
class Score:
    """A sentence and how it was understood."""

    sentence: Sentence
    understood: Understood

    @property
    def event(self) -> Event:
        """What the coach hears."""
        return heard(self.understood.intent, self.understood.slots).event

    @property
    def heard_sign(self) -> Sign | None:
        """The sign that the coach hears."""
        return self.event.sign if isinstance(self.event, SignHeard) else None

    @property
    def result(self) -> Result:
        """What became of it."""
        if self._right:
            return Result.RIGHT
        if self.sentence.kind is Kind.SIGN:
            return self._of_a_sign
        if self._alarms:
            return Result.FALSE_ALARM
        return Result.FALLBACK if self.event is Said.NOT_UNDERSTOOD else Result.WRONG

    @property
    def _right(self) -> bool:
        sentence, slots = self.sentence, self.understood.slots
        if not sentence.intents:  # any but a sign, and to a question any answer
            is_question = sentence.kind is Kind.QUESTION
            return isinstance(self.event, Question) if is_question else not self._alarms
        meant = {heard(intent, slots).event for intent in sentence.intents & INTENTS}
        told = self.understood.intent in sentence.intents or self.event in meant
        return told and all(
            name in slots and slots[name].id == ident
            for name, ident in sentence.slots.items()
            if self.understood.intent == sentence.group
        )

    @property
    def _alarms(self) -> bool:
        """Whether it sends to the phone as first words, by a sign or by what is taken for one."""
        return turn_for("first", self.understood)[1].level is not None

    @property
    def _of_a_sign(self) -> Result:
        """By what the coach answers to it as first words: LOST is as if nothing were wrong."""
        if self.event is Said.NOT_UNDERSTOOD:
            return Result.FALLBACK
        _, turn = turn_for("first", self.understood)
        if turn.level is None:
            return Result.ASKED if turn.session.place.ask in _NARROWER else Result.LOST
        wanted = self.sentence.sign
        lower = wanted is not None and turn.level > wanted.level
        return Result.LOWER_LEVEL if lower else Result.ANOTHER_SIGN


@cache
def _guessed(say: str) -> Understood:
    return understand(say, threshold=ALWAYS)


def understood(say: str, setting: Setting = Setting.CALIBRATED) -> Understood:
    """How `say` is understood in the setting."""
    found = _guessed(say)
    if found.how == "learned" and found.score < setting.value:
        return replace(found, intent=FALLBACK, slots={}, how="fallback")
    return found


def scores(sentences: tuple[Sentence, ...], setting: Setting) -> list[Score]:
    """Each sentence as it is understood in the setting."""
    return [Score(each, understood(each.say, setting)) for each in sentences]

"""skill.simulator.understand: what she says, and what it means."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from threading import Event as Flag

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skill.alexa.intents import INTENTS, heard
from skill.coach.events import Cramp, Denial, Denied, Event, SignHeard
from skill.coach.place import Part, Stage
from skill.coach.signs import Sign
from skill.simulator import learned, store
from skill.simulator.learned import Learned
from skill.simulator.model import FALLBACK, background, built
from skill.simulator.understand import (
    ALWAYS,
    CALIBRATED,
    LAUNCH,
    STRICT,
    Listener,
    Understood,
    understand,
)

NO_SAMPLE = "um so my calf is like cramping"


def event_of(understood: Understood) -> Event:
    """What the coach hears."""
    return heard(understood.intent, understood.slots).event


# ------------------------------------------------------------------ exact, learned, not at all


def test_exact() -> None:
    """A sample is understood exactly, with its slots resolved."""
    found = understand("I've got a bad cramp in my calf")
    assert (found.intent, found.how, found.score) == ("CrampIntent", "exact", 1.0)
    assert event_of(found) == Cramp(Part.CALF)


@pytest.mark.parametrize("text", ["yes", "no thank you", "never mind", "start over"])
def test_amazons_own_phrases(text: str) -> None:
    """Amazon's own intents are heard by Amazon's phrases, word for word."""
    found = understand(text)
    assert found.intent.startswith("AMAZON.")
    assert found.how == "exact"


@pytest.mark.parametrize("text", [NO_SAMPLE, "my calf is kramping really badly", "calf's gone"])
def test_learned(text: str) -> None:
    """What is no sample, but like samples, is understood with a probability below one."""
    found = understand(text)
    assert found.how == "learned"
    assert CALIBRATED <= found.score < 1


@pytest.mark.parametrize("text", ["", "hmph", "wuh", "sw", "what's the weather", "play some music"])
def test_fallback(text: str) -> None:
    """Noise, and what is about something else, is not understood; it keeps its score."""
    found = understand(text)
    assert (found.intent, found.how, found.slots) == (FALLBACK, "fallback", {})
    assert found.score < CALIBRATED


def test_settings() -> None:
    """A listener that always guesses never falls back, and a strict one does so sooner."""
    said = ["hmph", "what's the weather", NO_SAMPLE, "it's playing up a little"]
    fallen = [
        sum(understand(it, threshold=threshold).how == "fallback" for it in said)
        for threshold in (ALWAYS, CALIBRATED, STRICT, 1.1)
    ]
    assert fallen == sorted(fallen)
    assert (fallen[0], fallen[-1]) == (0, len(said))


def test_yes_and_no_are_never_guessed() -> None:
    """Amazon's yes and no are exact alone: a sentence is never taken for a bare no."""
    for said in ("no but something", "nope not that one no", "yes and it is", "yeah yeah sure so"):
        assert understand(said, threshold=ALWAYS).intent not in (
            "AMAZON.YesIntent",
            "AMAZON.NoIntent",
        )


# ------------------------------------------------------------------ how it is said


@pytest.mark.parametrize(
    "text",
    [
        "tell cramp coach i've got a bad cramp in my calf",
        "Alexa, tell Cramp Coach that I've got a bad cramp in my calf",
        "ask cramp coach i've got a bad cramp in my calf",
        "alexa i've got a bad cramp in my calf",
    ],
)
def test_one_shot(text: str) -> None:
    """The invocation before a sentence is not part of it."""
    found = understand(text)
    assert (found.intent, found.how) == ("CrampIntent", "exact")
    assert found.slots["part"].value == "calf"


@pytest.mark.parametrize(
    "text", ["open cramp coach", "Alexa, open Cramp Coach.", "start cramp coach", "ask cramp coach"]
)
def test_launch(text: str) -> None:
    """Opening the skill without a wish launches it."""
    assert (understand(text).intent, understand(text).how) == (LAUNCH, "launch")


@pytest.mark.parametrize(
    "text",
    [
        "I CAN'T BREATHE",
        "i can\u2019t breathe!",
        "i cant breathe",
        "  i can't   breathe ...",
        "I can`t breathe",
        "\u00ed can't breath\u00e9",
    ],
)
def test_apostrophes_and_case(text: str) -> None:
    """Apostrophes of every kind, none, capitals, accents and marks are all the same."""
    found = understand(text)
    assert (found.intent, found.how) == ("BreathlessSignIntent", "exact")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("call 911", "call nine one one"),
        ("i'm 30 weeks pregnant", "i'm thirty weeks pregnant"),
        ("call 1800 now", "call one eight zero zero now"),
        ("it's been 25 minutes", "it's been twenty five minutes"),
    ],
)
def test_digits(text: str, words: str) -> None:
    """Numbers may be typed as digits."""
    assert understand(text).intent == understand(words).intent
    assert understand(text).score == understand(words).score


def test_can_not() -> None:
    """ "Can not" is "cannot", and so never "can"."""
    assert understand("I can not breathe") == replace(
        understand("i cannot breathe"), text="I can not breathe"
    )


# ------------------------------------------------------------------ slots


def test_value_is_kept_as_said() -> None:
    """A slot has the words that were said, and the id that they resolve to."""
    part = understand("i've got a bad cramp in my hamstring").slots["part"]
    assert (part.value, part.id) == ("hamstring", "thigh_back")


def test_possessive() -> None:
    """The 's after a value belongs to the sentence."""
    assert understand("ow my calf's cramping").slots["part"] == ("calf", ("calf",))
    assert understand("her leg's cramping").slots["part"] == ("leg", ("leg",))


def test_longest_value() -> None:
    """The longest value that stands there is meant, in a sample and beyond."""
    for said in ("i've got a bad cramp in my front of thigh", "it's my front of thigh cramping oh"):
        assert understand(said).slots["part"].id == "thigh_front"


def test_near_value() -> None:
    """A word that is in no sample counts as the value that it is nearly."""
    assert understand("my hamstrng cramped up").slots["part"].id == "thigh_back"


def test_unlisted_value() -> None:
    """A word in a slot's place that is no value is passed as said, and matches nothing."""
    found = understand("cramp in my eyebrow")
    assert found.intent == "CrampIntent"
    assert found.slots["part"] == ("eyebrow", ())


@pytest.mark.parametrize("said", ["my thai is cramping up", "my half hurts"])
def test_a_misheard_part_is_no_sign(said: str) -> None:
    """What stands where a part may stand, and is none, is a cramp or a pain all the same."""
    assert not isinstance(event_of(understand(said)), SignHeard)


def test_two_things_denied() -> None:
    """A denial may deny two things at once."""
    event = event_of(understand("no it's not swollen or red"))
    assert event == Denial(frozenset({Denied.SWELLING, Denied.COLOUR}))


def test_tummy_is_a_sign() -> None:
    """A cramp in the tummy is the sign that it is."""
    assert event_of(understand("i've got a bad cramp in my tummy")) == SignHeard(Sign.TUMMY_CRAMP)


def test_as_json() -> None:
    """The JSON form has the text, the intent, the slots, how it was understood, and the score."""
    assert understand("cramp calf").as_json() == {
        "text": "cramp calf",
        "intent": "CrampIntent",
        "slots": {"part": {"value": "calf", "id": "calf"}},
        "how": "exact",
        "score": 1.0,
    }


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
@example("'")
@example("{part}")
@example("\u00b2")
def test_any_text_is_understood_somehow(text: str) -> None:
    """Any text at all is understood as some intent of the skill, or not understood."""
    found = understand(text)
    assert 0 <= found.score <= 1
    assert found.intent in INTENTS | {LAUNCH}


def test_unknown_locale() -> None:
    """A locale without a model is a KeyError."""
    with pytest.raises(KeyError):
        understand("help", "fr-FR")


# ------------------------------------------------------------------ learning


class Slow:
    """Learns when it is let to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.let = Flag()
        self._learned = store.learned_from
        monkeypatch.setattr(store, "learned_from", self)

    def __call__(self, model: str) -> Learned:
        assert self.let.wait(60)
        return self._learned(model)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    """What is learned comes late."""
    monkeypatch.setattr("skill.simulator.understand.PATIENCE_SECONDS", 0.01)
    return Slow(monkeypatch)


def test_exact_never_waits(slow: Slow, capsys: pytest.CaptureFixture[str]) -> None:
    """A sample is understood while nothing is learned yet."""
    ear = Listener(built("en-US"))
    ear.prepare()
    assert ear.understand("cramp calf").how == "exact"
    assert ear.understand("yes").how == "exact"
    assert capsys.readouterr().err == ""
    slow.let.set()


def test_waiting_is_said(
    slow: Slow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who has to wait is told so, on standard error, once."""
    ear = Listener(built("en-US"))
    monkeypatch.setattr(
        "builtins.print",
        lambda *args, _print=print, **more: (_print(*args, **more), slow.let.set()),  # type: ignore[func-returns-value]
    )
    assert ear.understand(NO_SAMPLE).how == "learned"
    assert ear.understand(NO_SAMPLE).how == "learned"
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_error_is_raised_to_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong while learning is not swallowed."""

    def broken(model: str) -> Learned:
        raise MemoryError

    monkeypatch.setattr(store, "learned_from", broken)
    with pytest.raises(MemoryError):
        Listener(built("en-US")).understand(NO_SAMPLE)


def test_two_processes_understand_alike() -> None:
    """Another process, with another hash seed, gives the same intents, slots and scores."""
    said = [NO_SAMPLE, "it's not that swollen is it", "no but i'm puffing a bit", "hm what"]
    code = (
        "from skill.simulator.understand import understand\n"
        f"print([understand(it).as_json() for it in {said!r}])"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str([understand(it).as_json() for it in said])


def test_an_exact_match_is_quicker_than_learning() -> None:
    """A listener hears its first sample before it could learn from a tenth of all samples."""
    start = time.perf_counter()
    ear = Listener(built("en-US"))
    assert ear.understand("cramp calf").how == "exact"
    exact = time.perf_counter() - start
    start = time.perf_counter()
    learned.fit(list(learned.sentences(ear.model, background()))[::10])
    assert exact < time.perf_counter() - start


@pytest.mark.parametrize(
    ("say", "stage"),
    [
        ("i've had a bad headache for two days", None),
        ("my calf has been sore for three days", None),
        ("it's been swollen for two weeks", None),
        ("my leg is swollen and i'm twenty weeks", Stage.PREGNANT),
        ("i'm thirty six weeks and my leg is swollen", Stage.PREGNANT),
        ("i had my baby three days ago and my leg is swollen", Stage.AFTER_BIRTH),
        ("i had my baby eight weeks ago and my leg is swollen", Stage.NEITHER),
    ],
)
def test_how_long_it_has_hurt_tells_nothing_of_a_birth(say: str, stage: Stage | None) -> None:
    """Days and weeks tell her stage only with what they are counted from."""
    found = understand(say)
    assert heard(found.intent, found.slots).stage is stage

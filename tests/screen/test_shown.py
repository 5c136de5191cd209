"""A turn → what is shown of it."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from skill.coach.conversation import respond
from skill.coach.events import Cramp, Said, SignHeard
from skill.coach.place import Ask, Manner, Part, Session, Speaker, Stage, Status
from skill.coach.signs import HEARD, Level, Sign
from skill.coach.tables import QUESTIONS
from skill.coach.tables.everywhere import EVERYWHERE
from skill.coach.turn import Turn
from skill.screen.drawing import names
from skill.screen.shown import _ALWAYS, _OFFERED, Shown, Touch, shown, view
from skill.speech.catalogue import LOCALES, Catalogue, catalogue
from skill.speech.words import seconds, speak
from tests.coach.walk import Walk

WORDS = catalogue("en-US")
EVERYBODY = [Status(speaker, stage) for speaker, stage in product(Speaker, Stage)]


def of(session: Session, *events: Said | Cramp | SignHeard) -> Turn:
    """The turn after these events."""
    turn = respond(session, events[0])
    for event in events[1:]:
        turn = respond(turn.session, event)
    return turn


def touches(what: Shown) -> list[str]:
    """What may be touched, by its labels."""
    return [button.label for button in what.buttons]


def test_a_stretch_is_one_instruction_and_a_drawing() -> None:
    """A cramp in the calf shows what to do, drawn, four breaths, and what she may answer."""
    what = shown(view(of(Session(), Cramp(Part.CALF))), WORDS)
    assert what.text == "Heel away. Toes up, not pointed."
    assert what.drawing == "calf_bed"
    assert len(what.breaths) == 4
    assert touches(what) == ["It's let go", "It still hurts", "Again", "Emergency"]


def test_a_check_is_shown_as_it_is_asked() -> None:
    """A check shows its question and no drawing."""
    what = shown(view(of(Session(), Cramp(Part.CALF), Said.EASED)), WORDS)
    assert what.text == "Any new trouble breathing, or any pain in your chest?"
    assert (what.drawing, what.breaths) == (None, ())
    assert touches(what) == ["Again", "Emergency"]


@pytest.mark.parametrize("status", EVERYBODY, ids=str)
@pytest.mark.parametrize("level", Level)
def test_an_urgent_turn_shows_whom_to_call_whatever_she_said(level: Level, status: Status) -> None:
    """All signs of a level are shown alike: whom to call, and nothing else."""
    turns = [respond(Session(status=status), SignHeard(sign)) for sign in HEARD]
    seen = {shown(view(turn), WORDS) for turn in turns if turn.level is level}
    (what,) = seen
    assert what == Shown(what.text, urgent=True)
    assert what.text.startswith(("Call ", "Go to "))


NUMBERS = {"en-AU": "000", "en-CA": "911", "en-GB": "999", "en-IN": "112", "en-US": "911"}


@pytest.mark.parametrize("locale", LOCALES)
def test_an_emergency_shows_the_number_as_it_is_dialled(locale: str) -> None:
    """Digits, though Australians say theirs in words."""
    what = shown(view(respond(Session(), SignHeard(Sign.CHEST_PAIN))), catalogue(locale))
    assert what.text == f"Call {NUMBERS[locale]} now"


def test_after_an_urgent_line_the_number_stays_in_sight() -> None:
    """Checks that follow a mishearing are shown with whom to call below."""
    turn = of(Session(), SignHeard(Sign.CHEST_PAIN), Said.NOT_WHAT_I_SAID)
    assert shown(view(turn), WORDS).also == "Or call 911."
    assert turn.level is None


def test_nothing_is_offered_to_who_may_be_driving() -> None:
    """While somebody drives there is nothing to touch."""
    assert shown(view(of(Session(), Said.DRIVING)), WORDS).buttons == ()


def test_after_an_end_nothing_invites_a_touch(walk: Walk) -> None:
    """Buttons stand where a question is open, nothing urgent was said and nobody drives alone."""
    kinds = {(s.ask, s.level, s.given, s.question, len(s.lines)): s for s in walk.spoken}
    for spoken in kinds.values():
        turn = spoken.turn(Manner())
        answerable = turn.open and turn.level is None and spoken.ask is not Ask.STOPPED
        assert bool(shown(view(turn), WORDS).buttons) is answerable, spoken


def test_what_is_offered_is_understood_where_it_is_offered() -> None:
    """A touch that a question offers has an answer there, in its table or everywhere."""
    said = {Touch.LET_GO: Said.EASED, Touch.NEXT: Said.NEXT, Touch.AGAIN: Said.REPEAT}
    for ask, question in QUESTIONS.items():
        for touch, _ in (*_OFFERED.get(ask, ()), *_ALWAYS):
            if touch in said and not question.alone:
                known = {**EVERYWHERE, **question.answers}
                assert said[touch] in known, (ask, touch)


@pytest.mark.parametrize(
    ("ask", "said"), [(Ask.LET_GO, Said.STILL_HURTS), (Ask.ONE_MORE, Said.YES)]
)
def test_a_label_says_what_the_touch_means(ask: Ask, said: Said) -> None:
    """ "Next" leads where its label, "it still hurts" or "one more", leads when it is said."""
    answers = QUESTIONS[ask].answers
    assert answers[Said.NEXT] == answers[said]


def test_each_button_stands_once() -> None:
    """A place offers four touches at most, each once."""
    for offered in _OFFERED.values():
        all_touches = [touch for touch, _ in (*offered, *_ALWAYS)]
        assert len(set(all_touches)) == len(all_touches) <= len(Touch)


def test_each_stretch_is_drawn_and_each_drawing_is_shown() -> None:
    """Each line of a stretch has its short form for the screen, and a drawing; none is left."""
    entries = WORDS.entries
    for key in (key for key in entries if key.startswith("stretch.")):
        assert "short" in entries[key].texts[frozenset()], key
        assert entries[key].drawing, key
    drawn = {entry.drawing for entry in entries.values()} - {None}
    assert drawn == set(names())


@pytest.mark.parametrize("part", [Part.SHIN, Part.INNER_THIGH])
def test_the_same_stretch_again_is_drawn_again(part: Part) -> None:
    """Where no other way is left, it is said again in short, and what is shown stays."""
    session, seen = Session(), []
    for event in (Cramp(part), Said.STILL_HURTS, Said.NO):
        turn = respond(session, event)
        seen.append(shown(view(turn), WORDS))
        session = turn.session
    assert "relief.again" in {line.key for line in turn.lines}
    assert (seen[0].text, seen[0].drawing) == (seen[2].text, seen[2].drawing)
    assert seen[0].drawing


@pytest.mark.parametrize("slower", [False, True])
def test_breaths_are_counted_while_they_are_heard(slower: bool) -> None:
    """The last breath ends where the hold ends, counted from the first word."""
    words, session = WORDS, Session(manner=Manner(slower=slower))
    turn = respond(session, Cramp(Part.CALF))
    breaths = shown(view(turn), words).breaths
    held = Turn(turn.lines, None, (), turn.session)
    speech = speak(held, words).speech
    pauses = sum(piece.seconds for piece in speech if hasattr(piece, "seconds"))
    length = pauses + (seconds(speech) - pauses) / (0.8 if slower else 1)
    assert breaths[-1].after + breaths[-1].lasts == pytest.approx(length * 1000, abs=1000)
    assert all(one.after + one.lasts <= two.after for one, two in pairwise(breaths))


@pytest.mark.parametrize("words", [catalogue(locale) for locale in LOCALES], ids=LOCALES)
def test_an_instruction_is_brief(words: Catalogue) -> None:
    """What stands beside a drawing is read at a glance: twelve words at most, twenty elsewhere."""
    for key, entry in words.entries.items():
        if key.startswith("screen."):
            for forms in entry.texts.values():
                most = 12 if entry.drawing else 20
                assert len(forms["say"].split()) <= most, key

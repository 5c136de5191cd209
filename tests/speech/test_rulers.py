"""Each turn in each locale, against the rulers of conversation.md 1, 3, 5 and clinical.md C7."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from itertools import product
from xml.etree import ElementTree

import pytest
import yaml

from skill.coach.conversation import respond
from skill.coach.events import COMFORT, Cramp, Said
from skill.coach.place import (
    OUTSIDE_RELIEF,
    URGENT_PLACES,
    Ask,
    Manner,
    Part,
    Place,
    Session,
    Speaker,
    Stage,
    Status,
    Volume,
    Way,
)
from skill.coach.signs import Family, Level
from skill.coach.turn import Line, Turn
from skill.speech.catalogue import (
    BASE,
    ELSEWHERE,
    LOCALES,
    SUBJECTS,
    Catalogue,
    Pause,
    Piece,
    catalogue,
)
from skill.speech.words import plain, seconds, speak, ssml, tags_of
from tests.coach.walk import Walk
from tests.speech.heard import Heard, heard

TALKING = set(OUTSIDE_RELIEF)
SHE, HELPER = Speaker.SHE, Speaker.HELPER

FORBIDDEN = re.compile(
    r"harmless|\bnormal\b|just a cramp|don't worry|nothing to worry|you don't have|"
    r"ibuprofen|\bmg\b|milligram|\bdvt\b|pre-eclampsia|embolism|thrombosis|"
    r"this will (fix|work|stop)|tile|\bhop\b|\bfirm\b|\bhard\b|\bdeep\b|walk it off",
    re.IGNORECASE,
)
ALLOWED = {
    "questions.painkiller": "names ibuprofen to say that it is to be avoided (E17)",
    "questions.restless_legs": "a cramp is pain in a hard muscle (E23)",
    "questions.massage": "never deep (E14)",
    "questions.quinine": "names quinine to advise against it (E12)",
    "ask.breathing": "is it hard to breathe",
    "ask.breath_from_pain": "is it hard to breathe",
    "ask.heart_from_pain": "is it hard to breathe",
    "sign.hard_vein": "a vein that is hard to the touch is the sign (G12)",
    "ask.breathless_only": "is it hard to breathe",
    **{
        f"stretch.{part.value}.helper": "no hard rubbing (clinical.md B6)"
        for part in Part
    },
}  # fmt: skip


def words_in(text: str) -> int:
    return len(text.split())


@pytest.fixture(params=[*LOCALES, ELSEWHERE], scope="module")
def words(request: pytest.FixtureRequest) -> Catalogue:
    return catalogue(request.param)


@pytest.fixture(scope="session")
def spoken(walk: Walk) -> list[Turn]:
    """Every different turn, in the default manner."""
    return [one.turn(Manner()) for one in walk.spoken]


@pytest.fixture(scope="module")
def turns(spoken: list[Turn], words: Catalogue) -> list[Heard]:
    """Every different turn in a locale; it fails where a line is missing."""
    return heard(spoken, words)


@pytest.fixture(scope="module")
def speeches(turns: list[Heard]) -> set[tuple[Piece, ...]]:
    """Everything different that is said in a turn, as pieces: many turns are heard alike."""
    return {h.speech for h in turns}


@pytest.fixture(scope="module")
def reprompts(turns: list[Heard]) -> set[tuple[Piece, ...]]:
    """Everything different that follows silence, as pieces."""
    return {h.reprompt for h in turns}


@pytest.fixture(scope="module")
def urgent(turns: list[Heard]) -> list[Heard]:
    return [h for h in turns if h.turn.level and h.turn.session.place.ask in URGENT_PLACES]


def stretches(pieces: tuple[Piece, ...]) -> Iterator[str]:
    """The words between pauses."""
    run: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Pause):
            yield plain(run)
            run = []
        else:
            run.append(piece)
    yield plain(run)


def test_every_line_that_can_be_said_is_there(walk: Walk, turns: list[Heard]) -> None:
    """No reachable turn lacks a line, a form or a token, whoever speaks."""
    assert len(turns) == len(walk.spoken)
    assert {h.turn.session.status.speaker for h in turns} == set(Speaker)
    assert {h.turn.session.status.stage for h in turns} == set(Stage)
    assert all(h.said for h in turns)


def test_no_line_is_dead(walk: Walk, words: Catalogue) -> None:
    """Each line is said in some turn, on a card, or when something fails.

    What a screen shows of lines is held to them in tests/test_complete.py.
    """
    said = {line.key for s in walk.spoken for line in (*s.lines, *s.reprompt)}
    said |= {spoken.question.key for spoken in walk.spoken if spoken.question}
    said |= {f"sign.{line.sign.value}" for s in walk.spoken for line in s.lines if line.sign}
    others: set[str | None] = {"anywhere.fault", "card.emergency", "card.call_now"}
    others |= {words.entries[key].card for key in said if key in words.entries}
    dead = {key for key in words.entries if not key.startswith(("stretch.", "screen."))}
    dead -= said | others
    assert not dead


MANNERS = [Manner(), Manner(slower=True, volume=Volume.QUIET), Manner(volume=Volume.LOUD)]
MANNER_AT_MOST = 200
"""So many characters at most does a manner add to the markup."""


def test_speech_parses_and_is_within_amazons_limits(
    speeches: set[tuple[Piece, ...]], reprompts: set[tuple[Piece, ...]]
) -> None:
    """SSML parses, has under 8,000 characters, and no break is longer than ten seconds."""
    for pieces in speeches | reprompts:
        markup = ssml(pieces, Manner())
        assert len(markup) < 8000 - MANNER_AT_MOST
        for pause in ElementTree.fromstring(markup).iter("break"):
            assert int(pause.attrib["time"].removesuffix("ms")) <= 10_000


def test_a_manner_only_wraps_the_markup(turns: list[Heard], words: Catalogue) -> None:
    """Whatever the manner, it parses, it adds little, and within it is the same."""
    lines = {
        words.pieces(line.key, line.form, h.tags, line.sign and line.sign.value)
        for h in turns
        for line in (*h.turn.lines, h.turn.question, *h.turn.reprompt)
        if line
    }
    for pieces, manner in product(lines, MANNERS):
        plainly, markup = ssml(pieces, Manner()), ssml(pieces, manner)
        ElementTree.fromstring(markup.replace("amazon:", "amazon-"))
        assert plainly.removeprefix("<speak>").removesuffix("</speak>") in markup
        assert len(markup) <= len(plainly) + MANNER_AT_MOST


def test_no_response_is_longer_than_ninety_seconds(speeches: set[tuple[Piece, ...]]) -> None:
    """conversation.md 1: a response is at most ninety seconds."""
    for speech in speeches:
        assert seconds(speech) <= 90, plain(speech)


def test_no_stretch_of_speech_is_longer_than_forty_words(
    speeches: set[tuple[Piece, ...]], reprompts: set[tuple[Piece, ...]]
) -> None:
    """conversation.md 1: between pauses there are at most forty words."""
    for pieces in speeches | reprompts:
        for run in stretches(pieces):
            assert words_in(run) <= 40, run


QUOTES = {"help.what_i_do": 1, "anywhere.fault": 1, "screen.relief.launch": 1, "screen.end": 1}
"""Lines that hold a question mark and are not asked: examples of hers, our own failing, an "if"."""


def test_a_line_that_asks_has_one_question_and_others_none(words: Catalogue) -> None:
    """alexa.md 2: one question at most, in the line that asks; "say yes or no" asks too."""
    for key, entry in words.entries.items():
        for forms in entry.texts.values():
            asks = forms.get("say", "?").count("?")
            assert asks == (1 if key.startswith("ask.") else QUOTES.get(key, 0)), key
            again = forms.get("again", "?")
            assert again.endswith("?") or again.startswith("Say"), key


def test_forbidden_words_are_not_said(words: Catalogue) -> None:
    """clinical.md C7: no reassurance, no diagnosis, no dose; exceptions have their reason."""
    for key, entry in words.entries.items():
        for forms in entry.texts.values():
            for text in forms.values():
                found = FORBIDDEN.search(text)
                assert not found or key in ALLOWED, f"{key}: {text}"


def test_no_digits_outside_phone_numbers(words: Catalogue) -> None:
    """conversation.md 1: every number but a phone number is a word."""
    for key, entry in words.entries.items():
        for forms in entry.texts.values():
            assert not any(re.search(r"\d", text) for text in forms.values()), key


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("speaker", Speaker)
def test_a_hold_is_twenty_to_thirty_seconds(
    words: Catalogue, speaker: Speaker, stage: Stage
) -> None:
    """conversation.md 1: the hold lies inside one response, and has its length."""
    tags = tags_of(Session(status=Status(speaker, stage)))
    assert 20 <= seconds(words.pieces("relief.hold", "say", tags)) <= 30


STRETCH_WORDS = re.compile(
    r"straighten|push|press|bend|ease|loop|hold|sit|lie|hook|slide|stand|prop", re.IGNORECASE
)


def test_the_stretch_is_within_the_first_eight_words(words: Catalogue) -> None:
    """conversation.md 3.1: the first eight words hold something to do, for that part."""
    for key in words.entries:
        if key.startswith("stretch."):
            text = plain(words.pieces(key, "say", tags_of(Session())))
            first = " ".join(text.split()[:8])
            assert STRETCH_WORDS.search(first), f"{key}: {first}"


def test_the_watch_line_comes_within_fifteen_seconds(words: Catalogue) -> None:
    """clinical.md C2-G0: whom to call is heard within fifteen seconds of the first answer."""
    for key in words.entries:
        if key.startswith("stretch.") or key in ("relief.launch", "relief.which_thigh"):
            for speaker in Speaker:
                tags = tags_of(Session(status=Status(speaker)))
                before = (*words.pieces(key, "say", tags), Pause(0.5))
                watch = words.pieces("relief.watch", "say", tags)
                assert seconds((*before, *watch)) <= 15, key


def test_an_urgent_line_is_brief(urgent: list[Heard], words: Catalogue) -> None:
    """conversation.md 5: the number or role ends within twelve words, all in fifteen seconds."""
    for h in urgent:
        if not h.turn.lines[0].key.startswith("urgent."):
            continue
        whom = _token(words, "Call_whom", h.tags)
        first = " ".join(h.said.split()[:12])
        assert whom in first.replace(",", ""), first
        assert seconds(h.speech) <= 15, h.said


def test_an_urgent_reprompt_has_the_number_and_what_to_say(urgent: list[Heard]) -> None:
    """conversation.md 5: the reprompt has the number, what to say, and whom to try next."""
    for text in {h.said_again for h in urgent}:
        assert text.startswith(("Call ", "Go to ")), text
        assert "Tell them" in text, text
        next_try = ("If nobody answers", "If you can't get through", ". Or ")
        assert any(words in text for words in next_try), text


def test_an_emergency_line_knows_that_a_locale_is_not_a_place(words: Catalogue) -> None:
    """conversation.md 5: level 1 adds the local emergency number."""
    for family in Family:
        key = f"urgent.emergency.{family.value}"
        if key in words.entries:
            for forms in words.entries[key].texts.values():
                assert "{or_local}" in forms["say"]


def test_sit_up_is_for_chest_and_breath_alone(words: Catalogue) -> None:
    """conversation.md 5: elsewhere she stays where she is."""
    for key, entry in words.entries.items():
        if key.startswith("urgent.") and "chest_and_breath" not in key:
            said = [text for forms in entry.texts.values() for text in forms.values()]
            assert not any("sit up" in text.lower() for text in said), key


LEGS = ("leg", "clot", "said_yes_leg")
NUMBER = r"({Call_now} now|Call {emergency} now{or_local})"


def test_dont_rub_it_comes_straight_after_the_call_for_leg_signs_alone(words: Catalogue) -> None:
    """conversation.md 5.1: "don't rub it" belongs to leg signs, straight after the call."""
    for key, entry in words.entries.items():
        if not key.startswith("urgent."):
            continue
        for forms in entry.texts.values():
            after_the_call = re.search(rf"{NUMBER}\. Don't rub it\.", forms.get("say", ""))
            assert bool(after_the_call) is key.endswith(LEGS), key


def test_a_leg_sign_has_its_reason_except_for_who_is_not_pregnant(words: Catalogue) -> None:
    """conversation.md 5.1: the first level-2 line of a leg sign says that it can be a clot."""
    for speaker, stage in product(Speaker, Stage):
        tags = tags_of(Session(status=Status(speaker, stage)), Level.CALL_NOW)
        said = plain(words.pieces("urgent.call_now.leg", "say", tags, "swollen_leg"))
        assert ("It can be a clot." in said) is (stage is not Stage.NEITHER), said


def test_urgent_lines_are_never_whispered(urgent: list[Heard], words: Catalogue) -> None:
    """conversation.md 5: quiet does not hold for an urgent line."""
    for h in urgent:
        quiet = replace(h.turn.session, manner=Manner(volume=Volume.QUIET))
        assert speak(replace(h.turn, session=quiet), words).manner.volume is Volume.NORMAL


def test_every_relief_reprompt_is_its_own_and_says_whom_to_call(
    turns: list[Heard], words: Catalogue
) -> None:
    """conversation.md 3.5: the reprompt is the last thing she hears."""
    said = set()
    for h in turns:
        if h.turn.question is not None and h.turn.session.place.ask not in TALKING:
            said.add((h.tags, h.said_again))
            assert h.said_again not in h.said
    for tags, reprompt in said:
        whom = _token(words, "call", tags)
        emergency = _token(words, "emergency", tags)
        assert whom in reprompt.lower() or emergency in reprompt, reprompt


AT_MOST = {
    "comfort.net": 20,
    "stop.checks_open": 21,
    "stop.checked": 21,
    "stop.urgent": 20,
    "stop.bye": 20,
}


@pytest.mark.parametrize("key", AT_MOST)
def test_stop_and_the_net_are_brief(words: Catalogue, key: str) -> None:
    """conversation.md 3.4 and 6: twenty words in the net, twenty-one where checks are open."""
    for speaker, stage in product(Speaker, Stage):
        tags = tags_of(Session(status=Status(speaker, stage)))
        text = plain(words.pieces(key, "say", tags))
        assert words_in(text) <= AT_MOST[key], f"{words_in(text)}: {text}"


def test_leg_or_tummy_is_at_most_twelve_words(words: Catalogue) -> None:
    """conversation.md 3.1: "cramp" alone is answered in at most twelve words."""
    for speaker in Speaker:
        tags = tags_of(Session(status=Status(speaker)))
        assert words_in(plain(words.pieces("ask.leg_or_tummy", "say", tags))) <= 12


PLAIN_CASE = (Cramp(Part.CALF), Said.EASED, Said.NO, Said.NO, Said.NO)


@pytest.mark.parametrize("speaker", Speaker)
@pytest.mark.parametrize("stage", Stage)
def test_the_plain_case_is_brief(words: Catalogue, stage: Stage, speaker: Speaker) -> None:
    """conversation.md 3.4: comfort takes at most 22 s, and what is before it 28, without hold."""
    session, spoken = Session(status=Status(speaker, stage)), []
    for event in PLAIN_CASE:
        turn = respond(session, event)
        without_the_hold = tuple(line for line in turn.lines if line.key != "relief.hold")
        spoken.append(seconds(speak(replace(turn, lines=without_the_hold), words).speech))
        session = turn.session
    *before, comfort = spoken
    assert turn.lines[0].key == "comfort.start"
    assert comfort <= 22
    assert sum(before) <= (28 if speaker is SHE else 32)  # a helper is told what to hold


SHORT = {"questions.rub": 29}
"""A rub is never answered without what forbids it (conversation.md 3.4)."""


def test_an_answer_is_at_most_forty_five_words(words: Catalogue) -> None:
    """clinical.md E: an answer has at most forty-five words; a short one at most twenty."""
    tags = tags_of(Session())
    for key, entry in words.entries.items():
        if key.startswith("questions."):
            assert words_in(plain(words.pieces(key, "say", tags))) <= 45, key
            if "short" in entry.texts[frozenset()]:
                assert words_in(plain(words.pieces(key, "short", tags))) <= SHORT.get(key, 20), key


ADDRESSED = re.compile(
    r"\byour (leg|calf|foot|toes|thigh|shin|chest|breath|breathing|sole|heel|knee|hand|face)|"
    r"you're (breathless|dizzy|steady)|you've had a clot",
    re.IGNORECASE,
)


def test_a_helper_is_never_spoken_to_as_her(turns: list[Heard]) -> None:
    """conversation.md 6: a helper gets the helper's words from the start."""
    to_a_helper = [h for h in turns if h.turn.session.status.speaker is HELPER]
    for text in {f"{h.said} {h.said_again}" for h in to_a_helper}:
        assert not ADDRESSED.search(text), text


def test_only_the_pregnant_are_called_pregnant(turns: list[Heard]) -> None:
    """conversation.md 4: after a birth "you're pregnant" is never said, nor if not pregnant."""
    others = [h for h in turns if h.turn.session.status.stage is not Stage.PREGNANT]
    for text in {f"{h.said} {h.said_again}".lower() for h in others}:
        assert "you're pregnant" not in text, text
        assert "she's pregnant" not in text, text
        assert "tell them: pregnant" not in text, text


def test_every_way_of_every_part_has_its_words(words: Catalogue) -> None:
    """Each stretch that the coach can name has a line, for her and for a helper."""
    from skill.coach import relief

    for part, way, speaker in product(Part, Way, Speaker):
        session = Session(Place(Ask.LET_GO), Status(speaker), Manner(part=part, way=way))
        turn = relief.stretch_again(session)
        assert plain(speak(turn, words).speech)


def test_a_front_thigh_never_needs_her_hand_on_her_foot(words: Catalogue) -> None:
    """conversation.md 3.1: a towel, or the foot slid back under the bed, never a reach."""
    for way in ("bed", "towel", "standing"):
        text = words.text(f"stretch.thigh_front.{way}", "say", frozenset())
        assert "towel" in text or "under the bed" in text
        assert "hold your ankle" not in text.lower()


def test_comfort_questions_have_an_answer_of_their_own(words: Catalogue) -> None:
    """conversation.md 6: each question about comfort has its answer and its short form."""
    for topic in COMFORT:
        entry = words.entries[f"questions.{topic.value}"]
        assert {"say", "short"} <= entry.texts[frozenset()].keys()


def _token(words: Catalogue, name: str, tags: frozenset[str]) -> str:
    return plain(words._expanded(f"{{{name}}}", tags, {}))


def test_levels_name_their_number(words: Catalogue) -> None:
    """Level 1 names the emergency number, level 2 the maternity line, after every event."""
    for level, token in ((Level.EMERGENCY, "emergency"), (Level.CALL_NOW, "maternity_short")):
        tags = tags_of(Session(), level)
        assert _token(words, "call_whom", tags) == f"call {_token(words, token, tags)}"
        assert _token(words, token, tags) in plain(words.pieces("calling.number", "say", tags))


def test_the_echo_is_short(words: Catalogue) -> None:
    """conversation.md 1, 5.1: a sign is echoed in one short sentence, and told in a few words."""
    for key in words.entries:
        if key.startswith("sign."):
            assert words_in(plain(words.pieces(key, "say", tags_of(Session())))) <= 8, key
            assert words_in(plain(words.pieces(key, "tell", tags_of(Session())))) <= 7, key


def test_every_line_names_its_sources(words: Catalogue) -> None:
    """design.md rule 8: each line rests on something, and says who has signed it."""
    for key, entry in words.entries.items():
        assert entry.sources, key


@pytest.mark.parametrize("name", [*LOCALES, *(f"{BASE}/{subject}" for subject in SUBJECTS)])
def test_no_key_stands_twice(name: str) -> None:
    """Of two texts under one key the first would never be heard, nor signed."""
    file = resources.files("skill.responses").joinpath(f"{name}.yaml")
    nodes = [yaml.compose(file.read_text("utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            assert len(keys) == len(set(keys)), f"{node.start_mark}: {keys}"
            nodes += [value for _, value in node.value]


def test_a_line_keeps_its_sign_to_its_turn() -> None:
    """A line with a sign is a value of the turn; nothing else can carry it."""
    assert Line("calling.number").sign is None

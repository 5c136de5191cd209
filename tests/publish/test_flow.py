"""The page of the conversation says what the coach does, all of it, in words.

The coach is tried in every situation that a conversation can reach, once for all tests. That takes
a minute; that the page knows every question and answer is looked at in test_labels.py.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from skill.coach.conversation import respond
from skill.coach.events import Cramp, Event, Said
from skill.coach.place import Aim, Ask, Check, Part, Place, Session, Status
from skill.coach.signs import Level, Sign
from skill.coach.tables import QUESTIONS
from skill.publish import flow, labels, rows
from skill.publish.conditions import OTHERWISE, facts
from skill.publish.hears import AS_ABOVE, AS_GIVEN, ENDS, LEVELS, NOTED, Hears, title
from skill.publish.reached import Situation
from skill.publish.rows import (
    GROUPS,
    Row,
    everything,
    heard_first,
    inherited,
    own_rows,
    rest_rows,
    situations,
)
from skill.speech.catalogue import catalogue
from skill.speech.words import plain, speak

pytestmark = pytest.mark.whole

COMMITTED = Path(__file__).parents[2] / "docs" / "flow.md"


@cache
def page() -> str:
    """The page as the tables have it today."""
    return flow.page()


def section(heading: str) -> str:
    """What stands under a heading, to the next one."""
    return re.split(r"\n##+ ", page().split(f" {heading}\n", 1)[1])[0]


def heard(session: Session, event: Event, *, late: bool = False) -> str:
    """What the coach says, with numbers in digits as the page has them."""
    spoken = speak(respond(session, event, late=late), catalogue("en-US"))
    return plain(spoken.speech).replace("nine one one", "911")


def test_the_committed_page_is_what_the_tables_say() -> None:
    """docs/flow.md is written anew: python -m skill.publish.flow docs/flow.md"""
    assert COMMITTED.read_text("utf-8") == page()


def test_every_question_has_its_section() -> None:
    """Each stands in one group, under a heading of its own, and is linked from the top."""
    placed = [ask for group in GROUPS for ask in group.asks]
    assert Counter(placed) == Counter(QUESTIONS.keys())
    headings = re.findall(r"^### (.*)$", page(), re.MULTILINE)
    assert headings == [title(ask) for ask in placed]
    assert all(f"](#{flow._anchor(heading)})" in page() for heading in headings)


@pytest.mark.parametrize("ask", QUESTIONS)
def test_nothing_that_she_may_say_is_hidden(ask: Ask) -> None:
    """Every answer stands in the question's own table, or as it is in a table that it shares."""
    shown = {label for row in own_rows(ask) for label in row.labels}
    listed = " · ".join(shown)
    for answer in everything():
        if heard_first(answer) or inherited(ask, answer.event) is not None:
            continue
        assert _all_but(shown) or answer.label in listed or labels.ANY_DENIAL in listed, (
            answer.label
        )


@pytest.mark.parametrize("ask", QUESTIONS)
def test_anything_else_is_all_but_what_it_names(ask: Ask) -> None:
    """Where "anything else" tells what a table above answers, it tells all of that, and no more."""
    shown = {label for row in own_rows(ask) for label in row.labels}
    if but := _all_but(shown):
        kept = {
            answer.label
            for answer in everything()
            if not heard_first(answer) and inherited(ask, answer.event) is not None
        }
        assert set(but) - {""} == kept


def _all_but(shown: set[str]) -> list[str]:
    """What "anything else" is not, where it tells that; one empty word where it is all."""
    for label in shown:
        found = re.fullmatch(
            r"anything else(?:, but for what a table above answers \((.*)\))?", label
        )
        if found:
            return (found[1] or "").split(" · ")
    return []


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.title)
def test_anything_else_is_told_once_for_a_group(group: rows.Group) -> None:
    """Where a question has "anything else" as above, the group's table says what she hears."""
    pointing = [
        ask
        for ask in group.asks
        if any(rule.hears.asks == AS_ABOVE for row in own_rows(ask) for rule in row.rules)
    ]
    for row in rest_rows(group):
        for now in situations(pointing)[::23]:
            _assert_told(row, Said.NOT_UNDERSTOOD, now)
    assert not pointing or rest_rows(group)


def test_violence_is_answered_alike_in_every_place() -> None:
    """One line and the end, and in no question's "anything else"."""
    shown = [line for line in page().splitlines() if labels.SAID[Said.VIOLENCE] in line]
    assert len(shown) == 1
    assert shown[0].endswith(f"For help at any time, call 911. {ENDS} | — |")


@pytest.mark.parametrize("ask", QUESTIONS)
def test_the_rows_are_what_the_coach_answers(ask: Ask) -> None:
    """In a sample of situations, the rule that fits says what `respond` says, at its level."""
    by_label = {answer.label: answer.event for answer in everything()}
    sample = situations([ask])[::23]
    for row in own_rows(ask):
        for label in (label for label in row.labels if label in by_label):
            for now in sample:
                _assert_told(row, by_label[label], now)


def _assert_told(row: Row, event: Event, now: Situation) -> None:
    holding = {fact.words for fact in facts() if fact.holds(now)} | {OTHERWISE}
    hears = next(rule.hears for rule in row.rules if holding >= set(rule.facts))
    turn = respond(now.session, event, late=now.late)
    said = heard(Session(now.session.place, Status(), now.session.manner), event, late=now.late)
    assert _fits(hears, turn.level), (row, now)
    if hears.level == LEVELS[turn.level] and now.session.status == Status():
        assert all(line in said for line in hears.says if not line.startswith("_")), (row, now)
        assert hears.asks.startswith("_") or said.endswith(hears.asks), (row, now)
    assert (hears.asks == ENDS) <= (not turn.open)


def _fits(hears: Hears, level: Level | None) -> bool:
    """Whether a row's level is that of a turn; what follows a clear no has a table of its own."""
    either = {AS_GIVEN, *NOTED.values()}
    clear = hears.asks.startswith("_what follows")
    return clear or hears.level == LEVELS[level] or (level is not None and hears.level in either)


SAMPLES: dict[str, tuple[str, Session, Event]] = {
    "a calf": ("Her first words", Session(), Cramp(Part.HIP)),
    "gone": ("Has it let go?", Session(Place(Ask.LET_GO, aim=Aim.STRETCH)), Said.EASED),
    "unsure": (
        "The safety questions: breath, chest and back",
        Session(Place(Ask.BREATHING, aim=Aim.COMFORT)),
        Said.UNSURE,
    ),
    "a chest": (
        "And any pain in your chest?",
        Session(Place(Ask.CHEST_ONLY, aim=Aim.COMFORT)),
        Said.YES,
    ),
    "by touch": (
        "The safety questions: the leg",
        Session(Place(Ask.HEAT_ONLY, aim=Aim.COMFORT, checked=Check.SWELLING)),
        Said.CANT_SEE,
    ),
}
"""Where a row stands, and what leads to it."""


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_has_the_words_of_the_coach(name: str) -> None:
    """What is heard stands in the section, cut only at the end of a sentence."""
    where, session, event = SAMPLES[name]
    group = "First words, and by day" if where == "Her first words" else where
    sentences = re.split(r"(?<=[.?!]) ", heard(session, event))
    first, last = sentences[0], sentences[-1]
    assert f"{first} " in section(group) or f"**{first}**" in section(group)
    assert f"**{last}**" in section(group)


RESTS_ON = r"( \([CG]\d+[\da-z-]*(, [CG]\d+[\da-z-]*)*\))?"
"""Rows of clinical.md, in brackets."""


@pytest.mark.parametrize("sign", Sign)
def test_every_sign_stands_in_its_family_at_its_level(sign: Sign) -> None:
    """With its name, echo and rows, its level, and a star where breathing noted makes it worse."""
    name = sign.value.replace("_", " ")
    echo = plain(catalogue("en-US").pieces(f"sign.{sign.value}", "say", frozenset()))
    shown = [
        row for row in section("Warning signs").splitlines() if labels.FAMILIES[sign.family] in row
    ]
    (row,) = (
        row
        for row in shown
        if re.search(rf"(\| |· )_{name}_: {re.escape(echo)}{RESTS_ON}( †)? (·|\|)", row)
    )
    worse = sign.level_for(breathing_noted=True) < sign.level
    assert row.endswith(f"| {LEVELS[sign.level]}{' ' + chr(92) + '*' if worse else ''} |")


def test_the_page_is_words() -> None:
    """No name of the code, and nothing longer than a reader can take in."""
    text = re.sub(r"`[^`]*`", "", page())
    assert not re.search(r"\b(None|Said|Named|Ask|Sign|True|False)\b\.?[A-Z_]*\(?\b[A-Z]{2}", text)
    assert not re.search(r"[a-z]_[a-z]|\{|\bNone\b", text)
    # what each question decides alone: what most of a group answer alike is folded
    assert len(page().splitlines()) <= 28 * len(QUESTIONS)

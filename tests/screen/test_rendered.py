"""What is shown, as Amazon's own validator and renderer see it: `make browser`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from skill.coach.place import Speaker, Stage, Status
from skill.coach.turn import Turn
from skill.screen.document import document
from skill.screen.drawing import names
from skill.screen.shown import shown, view
from skill.speech.catalogue import LOCALES, Catalogue, catalogue
from tests.screen.renderer import VIEWPORTS, Screen, Viewport, screen, validated
from tests.screen.scenes import CONVERSATIONS, questions, scenes, stretches, turn_after

pytestmark = pytest.mark.browser

SMALLEST = {"round": 18.0}
"""The smallest text in dp, where it is not that of all other screens."""

READABLE = 24.0
US = catalogue("en-US")
EVERYBODY = [Status(speaker, stage) for speaker, stage in product(Speaker, Stage)]


@pytest.fixture(scope="module")
def on() -> Iterator[Screen]:
    """A page with Amazon's renderer, which met no error by the end."""
    with screen() as page:
        yield page
        assert page.errors == []


def test_each_document_is_valid() -> None:
    """Amazon's validator has nothing to say of the document, with any drawing or none."""
    assert validated([document(name) for name in (None, *names())]) == [[]] * (len(names()) + 1)


def test_the_validator_validates() -> None:
    """It finds what APL has not."""
    (found,) = validated([document(None).replace(b'"grow"', b'"no"').replace(b'"spacing"', b'"x"')])
    assert found


def inside(box: list[float], room: list[float]) -> bool:
    """Whether a box lies in another, to a pixel."""
    return (
        box[0] >= room[0] - 1
        and box[1] >= room[1] - 1
        and box[2] <= room[2] + 1
        and box[3] <= room[3] + 1
    )


def in_sight(box: list[float], viewport: Viewport) -> bool:
    """Whether a box is on the screen; on a round one, all its corners are."""
    if not inside(box, [0, 0, viewport.width, viewport.height]):
        return False
    radius = viewport.width / 2
    corners = product((box[0], box[2]), (box[1], box[3]))
    return not viewport.round or all(
        (x - radius) ** 2 + (y - radius) ** 2 <= (radius + 1) ** 2 for x, y in corners
    )


def too_big(texts: list[dict[str, Any]], viewport: Viewport) -> list[str]:
    """The texts that do not fit, or are too small."""
    smallest = SMALLEST.get(viewport.name, READABLE)
    return [
        f"{viewport.name}: {it['text']} ({it['size']:.0f})"
        for it in texts
        if it["size"] < smallest
        or not all(inside(box, it["room"]) and in_sight(box, viewport) for box in it["boxes"])
    ]


Turns = Iterable[tuple[Turn, Catalogue]]


def fit(on: Screen, turns: Turns) -> list[str]:
    """What does not fit of some turns, on each screen."""
    found: list[str] = []
    for viewport, (turn, words) in product(VIEWPORTS, turns):
        on.show(turn, words, viewport)
        texts = on.texts()
        assert texts
        found += too_big(texts, viewport)
    return found


def test_each_kind_of_screen_fits(on: Screen) -> None:
    """The words of a first answer, a hold, a check, an urgent line and the rest are in sight."""
    assert fit(on, [(turn, US) for turn in scenes().values()]) == []


def test_every_stretch_and_question_fits(on: Screen) -> None:
    """Each stretch and each question is in sight on each screen, in the United States."""
    turns = [*stretches().values(), *questions().values()]
    assert fit(on, [(turn, US) for turn in turns]) == []


def test_the_longest_of_any_locale_fits(on: Screen) -> None:
    """Of each form of screen, the longest text that anybody in any locale is shown is in sight."""
    longest: dict[object, tuple[int, Turn, Catalogue]] = {}
    turns = [*scenes().values(), *stretches().values(), *questions().values()]
    for turn, words, status in product(turns, map(catalogue, LOCALES), EVERYBODY):
        told = replace(turn, session=replace(turn.session, status=status))
        what = shown(view(told), words)
        form = what.urgent, bool(what.drawing), len(what.buttons), bool(what.also)
        length = len(what.text) + len(what.also)
        if form not in longest or length > longest[form][0]:
            longest[form] = length, told, words
    assert fit(on, [(turn, words) for _, turn, words in longest.values()]) == []


@pytest.mark.parametrize("viewport", VIEWPORTS, ids=lambda viewport: viewport.name)
def test_a_touch_is_sent_as_the_skill_knows_it(on: Screen, viewport: Viewport) -> None:
    """Each button sends its one word, and nothing else."""
    turn = turn_after(CONVERSATIONS["hold"])
    on.open()
    on.show(turn, US, viewport)
    buttons = shown(view(turn), US).buttons
    for button in buttons:
        on.touch(button.label)
    assert on.sent() == [[button.touch.value] for button in buttons]

"""Conversations as a midwife could read them: tests/conversations/*.yaml."""

from __future__ import annotations

import pytest

from tests.plays import Play, Stage, plays

pytestmark = pytest.mark.fitting

PLAYS = list(plays())


@pytest.mark.parametrize("play", PLAYS, ids=[f"{play.file.stem}: {play.name}" for play in PLAYS])
def test_play(play: Play) -> None:
    """She says, she hears, the microphone is open or closed, to the letter of the play."""
    stage = Stage(play.locale, play.screen)
    for turn in play.turns:
        expected = {name: turn[name] for name in turn if name not in ("after", "she")}
        assert {"she": turn["she"], **stage.play(turn)} == {"she": turn["she"], **expected}


def test_plays_have_names_of_their_own() -> None:
    """Two plays never share a name."""
    names = [(play.file.stem, play.name) for play in PLAYS]
    assert len(set(names)) == len(names)

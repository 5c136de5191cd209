"""What the simulator understands of words that nobody wrote as samples; a floor, not an aim."""

from __future__ import annotations

from pathlib import Path

import pytest

from skill.simulator.understand import FALLBACK
from tests.simulator.scores import (
    PARAPHRASES,
    UNSEEN,
    Result,
    Score,
    of_denials,
    of_signs,
    scores,
    share,
)

LEAST_RIGHT, MOST_WRONG = 0.855, 0.025
LEAST_SIGNS_HEARD = 0.94


def said(found: list[Score]) -> list[tuple[str, str]]:
    """What was said, and what it was taken for."""
    return [(score.paraphrase.say, score.understood.intent) for score in found]


def test_right_share() -> None:
    """The share that is understood right does not fall."""
    assert share(Result.RIGHT, scores()) >= LEAST_RIGHT


def test_wrong_share() -> None:
    """The share that is understood wrong does not rise."""
    assert share(Result.WRONG, scores()) <= MOST_WRONG


def test_signs_reach_the_coach() -> None:
    """Of the warning signs the coach hears nearly all as a warning sign."""
    heard = [score.heard_as_a_sign for score in of_signs()]
    assert sum(heard) / len(heard) >= LEAST_SIGNS_HEARD


@pytest.mark.parametrize("file", [PARAPHRASES, UNSEEN], ids=lambda file: file.stem)
def test_no_sign_is_taken_for_something_else(file: Path) -> None:
    """A warning sign is a warning sign or not understood, and nothing else."""
    missed = [
        it for it in of_signs(file) if not it.heard_as_a_sign and it.result is not Result.RIGHT
    ]
    assert said([it for it in missed if it.understood.intent != FALLBACK]) == []


@pytest.mark.parametrize("file", [PARAPHRASES, UNSEEN], ids=lambda file: file.stem)
def test_no_denial_fires(file: Path) -> None:
    """What denies a sign is never heard as one."""
    assert said([score for score in of_denials(file) if score.heard_as_a_sign]) == []

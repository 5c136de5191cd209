"""Turns as they are heard in a locale, each put into words once for all that is asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from skill.coach.turn import Turn
from skill.speech.catalogue import Catalogue, Piece, Tags
from skill.speech.words import plain, speak, tags_of


@dataclass
class Heard:
    """A turn in the default manner, and what is heard of it, as pieces and as plain words."""

    turn: Turn
    speech: tuple[Piece, ...]
    reprompt: tuple[Piece, ...]

    @cached_property
    def tags(self) -> Tags:
        """The tags that chose its words."""
        return tags_of(self.turn.session, self.turn.level)

    @cached_property
    def said(self) -> str:
        """What is said, in plain words."""
        return _plain(self.speech)

    @cached_property
    def said_again(self) -> str:
        """What follows silence, in plain words."""
        return _plain(self.reprompt)


_plain = cache(plain)  # many turns are heard alike


def heard(turns: Iterable[Turn], words: Catalogue) -> list[Heard]:
    """All turns, in the words of a locale; MissingLine where a line is not there."""
    return [_heard(turn, words) for turn in turns]


def _heard(turn: Turn, words: Catalogue) -> Heard:
    spoken = speak(turn, words)
    return Heard(turn, spoken.speech, spoken.reprompt)

"""A turn as it is spoken: SSML for Alexa, plain words for people, and its length in seconds.

Limits of the platform: alexa.md 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape  # as xml.sax's does, whose import costs 20 ms

from skill.coach.place import URGENT_PLACES, Manner, Session, Volume
from skill.coach.signs import Level
from skill.coach.turn import Line, Turn
from skill.speech.catalogue import Catalogue, Digits, Pause, Piece, Tags, Words

BETWEEN_LINES = Pause(0.5)
LONGEST_BREAK = 10.0
WORDS_A_SECOND = 2.5
SLOWER_SPEED = 0.8
_DIGITS = "zero one two three four five six seven eight nine".split()


@dataclass(frozen=True)
class Spoken:
    """What is said and what follows silence, as pieces; `reprompt` is empty when closed."""

    speech: tuple[Piece, ...]
    reprompt: tuple[Piece, ...]
    manner: Manner


def speak(turn: Turn, catalogue: Catalogue) -> Spoken:
    """The words of a turn in a locale. Urgent lines are never whispered (conversation.md 5)."""
    tags = tags_of(turn.session, turn.level)
    return Spoken(
        speech=tuple(_joined(_said(turn), tags, catalogue)),
        reprompt=tuple(_joined(turn.reprompt, tags, catalogue)),
        manner=_manner(turn),
    )


def speak_ssml(turn: Turn, catalogue: Catalogue) -> tuple[str, str]:
    """The words of a turn and of its reprompt as SSML: `speak` and `ssml`, remembered."""
    tags, manner = tags_of(turn.session, turn.level), _manner(turn)
    key = (manner.slower, manner.volume)
    return (
        _ssml(_said(turn), tags, catalogue, *key),
        _ssml(turn.reprompt, tags, catalogue, *key),
    )


@lru_cache(maxsize=4096)
def _ssml(
    said: tuple[Line, ...], tags: Tags, catalogue: Catalogue, slower: bool, volume: Volume
) -> str:
    return ssml(_joined(said, tags, catalogue), Manner(slower=slower, volume=volume))


def _said(turn: Turn) -> tuple[Line, ...]:
    return turn.lines if turn.question is None else (*turn.lines, turn.question)


def _manner(turn: Turn) -> Manner:
    """How a turn is spoken: an urgent one is not whispered."""
    manner = turn.session.manner
    if manner.volume is Volume.QUIET and (turn.level or turn.session.place.ask in URGENT_PLACES):
        return Manner(part=manner.part, way=manner.way, slower=manner.slower)
    return manner


def tags_of(session: Session, level: Level | None = None) -> Tags:
    """The tags that choose a variant: who speaks, her stage, and the level that was given."""
    given = level or session.place.given or Level.EMERGENCY
    return frozenset({session.status.speaker.value, session.status.stage.value, given.name.lower()})


def _joined(lines: Iterable[Line], tags: Tags, catalogue: Catalogue) -> Iterable[Piece]:
    for index, line in enumerate(lines):
        if index:
            yield BETWEEN_LINES
        yield from catalogue.pieces(line.key, line.form, tags, line.sign and line.sign.value)


def ssml(pieces: Iterable[Piece], manner: Manner) -> str:
    """Pieces as SSML, escaped: the SDK does not escape (alexa.md 3)."""
    body = "".join(_markup(piece) for piece in pieces)
    if manner.slower:
        body = f'<prosody rate="{SLOWER_SPEED:.0%}">{body}</prosody>'
    if manner.volume is Volume.QUIET:
        body = f'<amazon:effect name="whispered">{body}</amazon:effect>'
    if manner.volume is Volume.LOUD:
        body = f'<prosody volume="x-loud">{body}</prosody>'
    return f"<speak>{body}</speak>"


def plain(pieces: Iterable[Piece]) -> str:
    """Pieces as plain words: no pauses, and phone digits as words."""
    texts = (_plain(piece) for piece in pieces)
    return " ".join("".join(texts).split())


def in_digits(pieces: Iterable[Piece]) -> str:
    """Pieces to be read: no pauses, and phone numbers as they are dialled."""
    text = "".join(
        piece.text if isinstance(piece, Words) else piece.digits
        for piece in pieces
        if isinstance(piece, Words | Digits)
    )
    return re.sub(" {2,}", " ", text)


def speed_of(manner: Manner) -> float:
    """How quick words are in a manner; 1 is as usual."""
    return SLOWER_SPEED if manner.slower else 1.0


def seconds(pieces: Iterable[Piece]) -> float:
    """How long pieces take to say: words ÷ 2.5, plus breaks (conversation.md 1)."""
    pieces = tuple(pieces)
    breaks = sum(piece.seconds for piece in pieces if isinstance(piece, Pause))
    return len(plain(pieces).split()) / WORDS_A_SECOND + breaks


def _markup(piece: Piece) -> str:
    match piece:
        case Words(text):
            return escape(text, quote=False)
        case Digits(digits):
            return f'<say-as interpret-as="digits">{digits}</say-as>'
        case Pause(length):
            return "".join(f'<break time="{part}ms"/>' for part in _breaks(length))


def _breaks(length: float) -> Iterable[int]:
    """A pause as breaks that are no longer than Alexa allows."""
    while length > 0:
        yield round(min(length, LONGEST_BREAK) * 1000)
        length -= LONGEST_BREAK


def _plain(piece: Piece) -> str:
    match piece:
        case Words(text):
            return text
        case Digits(digits):
            return " ".join(_DIGITS[int(digit)] for digit in digits)
        case Pause():
            return " "

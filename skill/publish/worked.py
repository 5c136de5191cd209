"""Three conversations as they go, for a reviewer: the coach's own turns, word for word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skill.coach.conversation import respond
from skill.coach.events import Cramp, Event, Said
from skill.coach.place import Part, Session
from skill.speech.catalogue import Catalogue, Pause, Piece, Words, catalogue
from skill.speech.words import plain, speak

SHORT_PAUSE = 2.0  # seconds; what is shorter is heard as a comma is


def written(pieces: Iterable[Piece]) -> str:
    """Pieces for reading: plain words, and the pauses that she will notice."""
    return plain(_noticed(piece) for piece in pieces)


def _noticed(piece: Piece) -> Piece:
    if isinstance(piece, Pause) and piece.seconds >= SHORT_PAUSE:
        return Words(f" [{piece.seconds:.0f} seconds] ")
    return piece


@dataclass(frozen=True)
class Exchange:
    """What she says and what she hears; `silence` is what follows when she says nothing."""

    heard: str
    speech: str
    silence: str
    level: int | None


_CRAMP: tuple[str, Event] = ("My calf is cramping.", Cramp(Part.CALF))
_EASED: tuple[str, Event] = ("It's gone.", Said.EASED)
_HURTS: tuple[str, Event] = ("No, it still hurts.", Said.STILL_HURTS)
_YES: tuple[str, Event] = ("Yes.", Said.YES)
_NO: tuple[str, Event] = ("No.", Said.NO)

CONVERSATIONS: dict[str, tuple[tuple[str, Event], ...]] = {
    "It lets go, and every check is clear": (_CRAMP, _EASED, _NO, _NO, _NO, _YES),
    "It lets go, and one leg is swollen": (
        _CRAMP,
        _EASED,
        _NO,
        _YES,
        ("Yes, that's right.", Said.YES),
        ("Nobody answers.", Said.NOBODY_ANSWERS),
        ("Stop.", Said.STOP),
    ),
    "It does not let go": (_CRAMP, _HURTS, _NO, _HURTS, _NO, _NO, _HURTS, _NO),
}
"""What she says in each conversation, and what the coach understands by it."""


def worked_conversations(
    locales: Sequence[str],
) -> list[tuple[str, list[tuple[tuple[str, ...], list[Exchange]]]]]:
    """Each conversation by name; locales in which it goes alike share one."""
    worked = []
    for name, said in CONVERSATIONS.items():
        versions: list[tuple[tuple[str, ...], list[Exchange]]] = []
        for locale in locales:
            spoken = _spoken(said, catalogue(locale))
            alike = [index for index, (_, other) in enumerate(versions) if other == spoken]
            if alike:
                versions[alike[0]] = ((*versions[alike[0]][0], locale), spoken)
            else:
                versions.append(((locale,), spoken))
        worked.append((name, versions))
    return worked


def _spoken(said: Sequence[tuple[str, Event]], words: Catalogue) -> list[Exchange]:
    session, exchanges = Session(), []
    for heard, event in said:
        turn = respond(session, event)
        spoken = speak(turn, words)
        level = int(turn.level) if turn.level else None
        exchanges.append(Exchange(heard, written(spoken.speech), written(spoken.reprompt), level))
        session = turn.session
    return exchanges

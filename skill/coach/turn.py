"""What a turn is: lines to say, one question or none, and where she is next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from skill.coach.place import Again, Ask, Place, Session
from skill.coach.signs import Level, Sign


@dataclass(frozen=True)
class Line:
    """A line of `responses/`, by its key; `form` names which of its texts is spoken.

    `sign` is the sign that the line echoes. It lives in this turn only.
    """

    key: str
    form: str = "say"
    sign: Sign | None = None


@dataclass(frozen=True)
class Turn:
    """One answer of the coach, complete before anything is written.

    lines: what is said. question: what is asked last, or None where the session ends.
    reprompt: what she hears after eight seconds of silence; empty exactly where nothing is asked.
    session: where she is afterwards. level: the level of the urgent line that this turn gives.
    """

    lines: tuple[Line, ...]
    question: Line | None
    reprompt: tuple[Line, ...]
    session: Session
    level: Level | None = None

    def __post_init__(self) -> None:
        if (self.question is None) != (not self.reprompt):
            raise ValueError("a question has a reprompt, and only a question has one")

    @property
    def open(self) -> bool:
        """Whether the microphone opens: exactly when a question is asked (design.md rule 2)."""
        return self.question is not None


_SHARED = {
    Ask.CAN_YOU_CALL_AFTER_YES: Ask.CAN_YOU_CALL,
    Ask.IS_THAT_RIGHT_LEG: Ask.IS_THAT_RIGHT,
}


def question_key(question: Ask) -> str:
    """The key of the line that asks a question; two questions may share their words."""
    return f"ask.{_SHARED.get(question, question).value}"


@cache
def lines(*keys: str | Line) -> tuple[Line, ...]:
    """Lines from their keys; a `Line` passes as it is. The tables name few: each is made once."""
    return tuple(key if isinstance(key, Line) else Line(key) for key in keys)


def ask(session: Session, place: Place, *say: str | Line, shortly: bool = False) -> Turn:
    """A turn that says lines and then asks the question of `place`, `shortly` if that is wanted.

    After an urgent line was given, its number stands in every reprompt (conversation.md 5).
    """
    again = shortly or place.again is not Again.FIRST_TIME
    return Turn(
        lines=lines(*say),
        question=_question(place.ask, "again" if again else "say"),
        reprompt=_reprompt(place.ask, after_urgent_line=place.given is not None),
        session=session.at(place),
    )


@cache
def _question(question: Ask, form: str) -> Line:
    return Line(question_key(question), form)


@cache
def _reprompt(question: Ask, *, after_urgent_line: bool) -> tuple[Line, ...]:
    reprompt = _question(question, "reprompt")
    return (reprompt, Line("recheck.number")) if after_urgent_line else (reprompt,)


def ask_again(session: Session, *say: str | Line) -> Turn:
    """A turn that says lines and then asks the question that is open."""
    return ask(session, session.place, *say)


def end(session: Session, *say: str | Line) -> Turn:
    """A turn that says lines and ends the session; nothing of it remains."""
    return Turn(
        lines=lines(*say),
        question=None,
        reprompt=(),
        session=session.at(Place(Ask.NOTHING)),
    )

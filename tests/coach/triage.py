"""How many women without any sign end at the phone (`make triage`): computed, not sampled.

The plain case: a calf cramp that lets go, and then three answers in ten that are unclear. Every
way through the conversation is followed, with its probability. "Okay" is counted twice over: as the
acknowledgement that it is, and as the yes that Alexa may hear in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from skill.coach.conversation import respond
from skill.coach.events import Cramp, Event, Said, SignHeard
from skill.coach.place import Ask, Part, Session
from skill.coach.signs import HEARD, Sign
from skill.coach.tables.checks import CHECKS

PLAIN: dict[Event, float] = {
    Said.NO: 0.70,
    Said.SOFT_NO: 0.08,
    Said.NORMAL: 0.03,
    Said.AS_USUAL: 0.03,
    Said.OKAY: 0.06,
    Said.FINE: 0.04,
    Said.CANT_SEE: 0.03,
    Said.NOT_UNDERSTOOD: 0.03,
}
"""How she answers a check when there is nothing."""

OKAY_IS_YES: dict[Event, float] = {
    Said.YES if said is Said.OKAY else said: part for said, part in PLAIN.items()
}
"""The same, where Alexa hears a yes in "okay"."""

NOT_SURE: dict[Event, float] = {**PLAIN, Said.NO: PLAIN[Said.NO] - 0.05, Said.UNSURE: 0.05}
"""The same, with one answer in twenty "not sure"."""

ELSEWHERE: dict[Ask, Event] = {
    Ask.LET_GO: Said.EASED,
    Ask.PAIN_GONE: Said.YES,
    Ask.ONE_MORE: Said.NO,
    Ask.IS_THAT_RIGHT: Said.NO,
    Ask.IS_THAT_RIGHT_LEG: Said.NO,
}
"""What she says where no check is open."""

AT_MOST = 0.04
LEAST_LIKELY = 1e-9
"""What is less probable is not followed any further."""


def ends(answers: Mapping[Event, float]) -> tuple[float, float]:
    """The shares of women who end at the phone, and of those who are closed kindly."""
    phone = closed = 0.0
    now = {respond(Session(), Cramp(Part.CALF)).session: 1.0}
    while now:
        following: dict[Session, float] = defaultdict(float)
        for session, share in now.items():
            for event, part in _said(session, answers):
                turn = respond(session, event)
                if turn.session.place.ask in (Ask.CAN_YOU_CALL, Ask.CAN_YOU_CALL_AFTER_YES):
                    phone += share * part
                elif not turn.open:
                    closed += share * part
                elif share * part > LEAST_LIKELY:
                    following[turn.session] += share * part
        now = following
    return phone, closed


def _said(session: Session, answers: Mapping[Event, float]) -> Iterator[tuple[Event, float]]:
    if session.place.ask in CHECKS:
        yield from answers.items()
    else:
        yield ELSEWHERE[session.place.ask], 1.0


def reached(sign: Sign) -> float:
    """The share of places of the plain case in which a sign, said there, reaches its level."""
    sessions, queue = set(), [respond(Session(), Cramp(Part.CALF)).session]
    while queue:
        session = queue.pop()
        if session in sessions or session.place.ask in (Ask.CAN_YOU_CALL,):
            continue
        sessions.add(session)
        turns = [respond(session, event) for event, _ in _said(session, PLAIN)]
        queue += [turn.session for turn in turns if turn.open]
    right = [_at_its_level(session, sign) for session in sessions]
    return sum(right) / len(right)


def _at_its_level(session: Session, sign: Sign) -> bool:
    level = sign.level_for(breathing_noted=session.status.breathing_noted)
    return respond(session, SignHeard(sign)).level == level


def main() -> int:
    """Prints the shares; returns 1 where too many are sent to the phone, or a sign is missed."""
    for name, answers in (
        ("three in ten unclear", PLAIN),
        ('the same, "okay" heard as a yes', OKAY_IS_YES),
        ("one in twenty not sure besides", NOT_SURE),
    ):
        phone, closed = ends(answers)
        print(f"{name:32} at the phone {phone:6.2%}, closed {closed:6.2%}")
    missed = [sign for sign in HEARD if reached(sign) < 1]
    print(f"a true sign reaches its level: {len(HEARD) - len(missed)} of {len(HEARD)} signs")
    too_many = max(ends(PLAIN)[0], ends(OKAY_IS_YES)[0]) > AT_MOST
    return int(bool(missed) or too_many)


if __name__ == "__main__":
    raise SystemExit(main())

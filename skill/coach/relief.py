"""The stretches: a round, whether it has let go, and what follows the checks.

Decided in conversation.md 3; the stretch for each part is in clinical.md B.
"""

from __future__ import annotations

from dataclasses import replace

from skill.coach import urgent
from skill.coach.place import (
    Aim,
    Ask,
    Check,
    Part,
    Place,
    Session,
    Speaker,
    Way,
)
from skill.coach.signs import Sign
from skill.coach.tables.checks import NEXT_CHECK
from skill.coach.turn import Line, Turn, ask, ask_again, end

CHECKS_FIRST = frozenset({Part.HIP, Part.GROIN, Part.WHOLE_LEG})
"""Parts that are not stretched before the checks (clinical.md B5)."""

_ANY_WAY = frozenset({Way.BED, Way.WALL, Way.TOWEL, Way.STANDING, Way.HELPER})
_NO_WALL = _ANY_WAY - {Way.WALL}
_ONE_WAY = frozenset({Way.BED, Way.HELPER})

# The ways that each part has a line for; where it has none, the in-bed way is said.
_WAYS: dict[Part, frozenset[Way]] = {
    Part.CALF: _ANY_WAY,
    Part.FOOT: _ANY_WAY,
    Part.TOES: _ANY_WAY,
    Part.TOES_UP: _ONE_WAY,
    Part.THIGH: _ONE_WAY,
    Part.THIGH_FRONT: _NO_WALL,
    Part.THIGH_BACK: _NO_WALL,
    Part.SHIN: _ONE_WAY,
    Part.INNER_THIGH: _ONE_WAY,
    Part.LEG: _ANY_WAY,
    Part.BOTH_LEGS: _ANY_WAY,
}


def pain_is_on(place: Place) -> bool:
    """Whether the cramp, as far as the aim knows, has not let go."""
    return place.aim in (Aim.STRETCH, Aim.CALL)


def launch(session: Session, *say: str) -> Turn:
    """The part is not known: something to do at once, then which part (conversation.md 3.1)."""
    place = session.place.to(Ask.WHICH_PART, aim=Aim.STRETCH, checked=Check.NONE)
    fresh = replace(session, manner=replace(session.manner, part=Part.LEG))
    return ask(fresh, place, "relief.launch", "relief.watch", *say)


def start(session: Session, part: Part, way: Way = Way.BED) -> Turn:
    """Round one for a part; the clock of the cramp stays as it is."""
    if session.place.given is not None:
        return _after_an_urgent_line(session, part)
    if session.place.aim is Aim.CALL:
        return ask_again(session, "relief.leg_still")  # no more stretching once it got worse
    if part in CHECKS_FIRST:
        told = replace(session, manner=replace(session.manner, part=part))
        return sore(told, Aim.SORE, "relief.leg_still")
    told = replace(session, manner=replace(session.manner, part=part, way=way))
    if part is Part.THIGH:
        place = _fresh(session.place, Ask.WHICH_THIGH)
        return ask(told, place, "relief.which_thigh", "relief.watch")
    if part is Part.LEG:
        return launch(told)
    return first_round(told)


def first_round(session: Session, *net: str) -> Turn:
    """The stretch, what to watch for, the hold, and whether it has let go.

    net: comes first, and says what to watch for.
    """
    if session.place.given is not None:
        return _after_an_urgent_line(session, session.manner.part)
    if session.manner.way is Way.WALL:  # it belongs to round two, and nobody asked for it
        session = replace(session, manner=replace(session.manner, way=Way.BED))
    place = _fresh(session.place, Ask.LET_GO)
    watch = () if net else ("relief.watch",)
    return ask(session, place, *net, *_stretch_lines(session), *watch, "relief.hold")


def same_leg_again(session: Session) -> Turn:
    """Back in time: round one, and what was clear stays clear (conversation.md 3.2)."""
    place = session.place.to(Ask.LET_GO, aim=Aim.STRETCH)
    return ask(session, place, *_stretch_lines(session), "relief.watch", "relief.hold")


def next_round(session: Session, *say: str) -> Turn:
    """Another round, another way; the third is repeated for as long as she asks for it."""
    place = session.place
    told = replace(session, manner=replace(session.manner, way=_next_way(session)))
    after = place.to(Ask.LET_GO, aim=_kept(place, Aim.STRETCH))
    return ask(told, after, *say, *_next_lines(session, told), "relief.hold")


def stretch_another_way(before: Session, session: Session) -> Turn:
    """The stretch that is on, in the way she asked for; before: as it was until then."""
    if session.place.ask is not Ask.LET_GO:
        return ask_again(session, "anywhere.noted")
    return ask_again(session, *_next_lines(before, session), "relief.hold")


def stretch_again(session: Session) -> Turn:
    """The stretch that is on, without the hold that she has heard."""
    return ask_again(session, *_stretch_lines(session), "relief.watch")


def sore(session: Session, aim: Aim, *say: str) -> Turn:
    """Pain that is no cramp, or a part that is not stretched: these lines, then the checks."""
    place = session.place
    if session.status.no_rub:
        return urgent.urge(session, Sign.LASTING_PAIN)
    after = place.to(Ask.BREATHING, aim=_kept(place, aim), checked=Check.NONE)
    return ask(session, after, *say)


def in_bed(session: Session, question: Ask) -> Turn:
    """The in-bed stretch, and this question now."""
    told = replace(session, manner=replace(session.manner, way=Way.BED))
    return ask(told, _fresh(session.place, question), *_stretch_lines(told))


def eased(session: Session) -> Turn:
    """It has let go: the checks that are left, then comfort. Never lowers a stricter aim."""
    place = session.place
    aim = Aim.COMFORT if place.aim in (Aim.STRETCH, Aim.COMFORT, Aim.TALK) else place.aim
    told = session.at(replace(place, aim=aim))
    if place.checked is Check.NONE:
        return next_check(told, "relief.good")
    if place.checked is not Check.ALL:
        return next_check(told, "relief.good_so_far")
    if place.given is not None:
        return end(told, "close.net", "close.disclaimer")
    return _all_clear(told)


def not_eased(session: Session, *, late: bool) -> Turn:
    """It still hurts: the next check, the next round, or whom to call."""
    place = session.place
    told = session.at(replace(place, aim=_kept(place, Aim.STRETCH)))
    if place.checked is Check.NONE:
        return next_check(told, "relief.keep_holding")
    if sign := _pain_goes_on(told, late=late):
        return urgent.urge(told, sign)
    if place.checked is not Check.ALL:
        return next_check(told, "relief.keep_holding")
    return ask(told, place.to(Ask.ONE_MORE), "relief.keep_the_stretch")


def worse(session: Session, say: str = "relief.got_worse") -> Turn:
    """It got worse: no stretching any more, the checks, then the call."""
    place = session.place
    told = session.at(replace(place, aim=_kept(place, Aim.CALL)))
    if place.checked is Check.ALL:
        return urgent.urge(told, Sign.PAIN_GOT_WORSE)
    return next_check(told, say)


def next_check(session: Session, *say: str | Line) -> Turn:
    """The first check that is not a clear no yet."""
    place = session.place
    return ask(session, place.to(NEXT_CHECK[place.checked]), *say)


def after_check(session: Session, *say: str, late: bool) -> Turn:
    """A check was a clear no; its place says what comes next (conversation.md 3.2)."""
    place = session.place
    if pain_is_on(place) and place.checked >= Check.BREATHING:
        if sign := _pain_goes_on(session, late=late):
            return urgent.urge(session, sign)
        if place.aim is Aim.STRETCH and place.checked is Check.BREATHING:
            return next_round(session, *say)
    if place.checked is Check.ALL:
        return _all_clear(session, *say)
    return next_check(session, *say)


def comfort(session: Session, *say: str) -> Turn:
    """What to do, what to watch for and what she may ask, in one turn (conversation.md 3.4)."""
    place = session.place
    if place.ask is not Ask.PAIN_GONE:
        place = place.to(Ask.PAIN_GONE)
    no_rub = session.status.must_not_rub
    offer = "comfort.offer_no_rub" if no_rub else "comfort.offer"
    return ask(session, place, *say, "comfort.start", "comfort.net", offer)


def strong_pain_stays(session: Session, *, late: bool) -> Turn:
    """After comfort the strong pain is still there: another way of stretching, or the call."""
    told = session.at(replace(session.place, aim=Aim.STRETCH))
    if sign := _pain_goes_on(told, late=late):
        return urgent.urge(told, sign)
    return next_round(told)


def _all_clear(session: Session, *say: str) -> Turn:
    match session.place.aim:
        case Aim.COMFORT:
            return comfort(session, *say)
        case Aim.STRETCH:
            return next_round(session, *say)
        case Aim.CALL:
            return urgent.urge(session, Sign.PAIN_GOT_WORSE)
        case Aim.SORE:
            return ask(session, session.place.to(Ask.STRONG_OR_LASTING), *say)
        case Aim.EASIER:
            return ask(session, session.place.to(Ask.GETTING_EASIER), *say)
        case Aim.MENTION:
            return end(session, *say, "close.mention", "close.disclaimer")
        case Aim.SCIATICA:
            return end(session, *say, "close.sciatica", "close.disclaimer")
        case Aim.TALK:
            return end(session, *say, "close.checked", "close.disclaimer")
        case Aim.RECHECK:
            return _rechecked(session, *say, "recheck.if_it_cramps")


def _rechecked(session: Session, *say: str) -> Turn:
    """After a mishearing: the in-bed stretch and the net, and nothing of comfort."""
    after = session.place.to(Ask.LET_GO)
    return ask(session, after, *say, *_stretch_lines(session), "relief.hold", "comfort.net")


def _after_an_urgent_line(session: Session, part: Part) -> Turn:
    told = replace(session, manner=replace(session.manner, part=part))
    if session.place.checked is Check.ALL:
        return _rechecked(told)
    return next_check(told, "questions.ask_first")


def _fresh(place: Place, to: Ask) -> Place:
    return place.to(to, aim=Aim.STRETCH, checked=Check.NONE)


def _kept(place: Place, aim: Aim) -> Aim:
    """The aim wanted, unless an urgent line, or a worse aim, holds."""
    if place.given is not None:
        return Aim.RECHECK
    return Aim.CALL if place.aim is Aim.CALL else aim


def _pain_goes_on(session: Session, *, late: bool) -> Sign | None:
    """Why pain that goes on is a reason to call now (clinical.md C3-9 and C3-17)."""
    return Sign.LASTING_PAIN if late or session.status.no_rub else None


def _next_way(session: Session) -> Way:
    """The way of a round: as she asked, or the next way in bed that the part has a line for."""
    way, ways = session.manner.way, _WAYS[_stretched(session.manner.part)]
    if way is Way.GETTING_UP:
        return Way.STANDING
    if way in (Way.STANDING, Way.HELPER):
        return way
    in_bed = [each for each in (Way.WALL, Way.TOWEL, Way.BED) if each in ways]
    second = session.place.checked is Check.BREATHING
    return in_bed[0] if second or len(in_bed) == 1 else in_bed[1]


def _next_lines(before: Session, session: Session) -> tuple[Line, ...]:
    """The stretch after another one: the same is said in short, and never word for word.

    In short it is whole all the same: who is told may have come later, and not heard it before.
    """
    lines = _stretch_lines(session)
    if lines != _stretch_lines(before):
        return lines
    *getting_up, stretch = lines
    return (*getting_up, Line("relief.again"), Line(stretch.key, "short"))


def _stretched(part: Part) -> Part:
    """The part whose stretch is said: a hip, groin or whole leg has none of its own."""
    return Part.LEG if part in CHECKS_FIRST else part


def _stretch_lines(session: Session) -> tuple[Line, ...]:
    """The stretch for the part; a helper's words from the start when a helper speaks."""
    manner = session.manner
    part = _stretched(manner.part)
    way = manner.way if session.place.given is None else Way.BED  # in bed and nothing else
    if session.status.speaker is Speaker.HELPER:
        way = Way.HELPER
    getting_up = way is Way.GETTING_UP
    if getting_up:
        way = Way.STANDING
    if way not in _WAYS[part]:
        return (Line(f"stretch.{part.value}.{Way.BED.value}"),)
    stretch = Line(f"stretch.{part.value}.{way.value}")
    return (Line("relief.getting_up"), stretch) if getting_up else (stretch,)

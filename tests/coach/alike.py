"""Who and what is alike: sessions and events for which the coach does the same, in other words.

A helper is led through the same places as she is, and somebody who is not pregnant through the
same as a pregnant woman. So the walk goes through each place for her, pregnant or after a birth
(which shuts the rub), and that stands for all. Questions that the tables have by one name, and
signs of one family and level, lead to the same place too: one of each is walked. `test_alike.py`
shows that it may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product, zip_longest

from skill.coach.events import Event, HelperSpeaks, Question, Said, SignHeard, TellsStage, name_of
from skill.coach.place import Ask, Session, Speaker, Stage, Status, Way
from skill.coach.turn import Line, Turn

STARTS = {Ask.NOTHING, Ask.LOST}
"""Where a conversation begins: each start is walked as it is, and stands for itself alone."""

ALIKE = [{Stage.PREGNANT, Stage.NEITHER}, {Stage.AFTER_BIRTH}]
"""Stages that differ in words only; the first named in `Stage` stands for the others."""

FIRST_ROUND = {"relief.watch", "anywhere.whom_to_call", "comfort.net"}
"""What is said with a stretch that she may not have heard before."""

_ALIKE: dict[Stage, list[Stage]] = {
    stage: [other for other in Stage if other in group] for group in ALIKE for stage in group
}
_STANDS_FOR = {
    Status(speaker, stage, noted, no_rub): Status(Speaker.SHE, _ALIKE[stage][0], noted, no_rub)
    for speaker, stage, noted, no_rub in product(Speaker, Stage, (False, True), (False, True))
}


def folded(session: Session) -> Session:
    """The session that stands for this one, in the default manner."""
    return Session(session.place, _STANDS_FOR[session.status])


def unfolded(session: Session) -> Iterator[Session]:
    """All sessions that a session stands for, itself first."""
    if session.place.ask in STARTS:
        yield session
        return
    noted, no_rub = session.status.breathing_noted, session.status.no_rub
    for speaker, stage in product(Speaker, _ALIKE[session.status.stage]):
        yield Session(session.place, Status(speaker, stage, noted, no_rub))


def tells_speaker(event: Event) -> bool:
    """Whether an event itself tells who speaks."""
    return isinstance(event, HelperSpeaks) or event is Said.SHE_SPEAKS


def tells_stage(event: Event) -> bool:
    """Whether an event itself tells her stage."""
    return isinstance(event, TellsStage) or event in (Said.LOSS, Said.AFTERPAINS)


def kind_of(event: Event) -> object:
    """What is the same for events that lead to the same turn, but for the topic or sign in it."""
    match event:
        case Question():
            return name_of(event)
        case SignHeard(sign):
            return sign.family, sign.level, sign.level_for(breathing_noted=True)
    return event


def about(lines: tuple[Line, ...], event: Event, other: Event) -> tuple[Line, ...]:
    """Lines said to an event, as they are said to another of its kind."""
    match event, other:
        case Question(topic), Question(another):
            key, instead = f"questions.{topic.value}", f"questions.{another.value}"
            return tuple(replace(each, key=instead) if each.key == key else each for each in lines)
        case SignHeard(sign), SignHeard(another):
            return tuple(
                replace(each, sign=another) if each.sign is sign else each for each in lines
            )
    return lines


def alike(status: Status, speaker_told: bool, stage_told: bool) -> Iterator[Status]:
    """To whom a turn is spoken, for all whom its session stands for."""
    speakers = (status.speaker,) if speaker_told else tuple(Speaker)
    stages = (status.stage,) if stage_told else _ALIKE[status.stage]
    for speaker, stage in product(speakers, stages):
        yield replace(status, speaker=speaker, stage=stage)


def spoken_to(lines: tuple[Line, ...], before: Speaker, speaker: Speaker) -> tuple[Line, ...]:
    """Lines said to one speaker, as they are said to another who is alike."""
    if before is speaker:
        return lines
    assert speaker is Speaker.HELPER, "she stands for her helper, and not the other way round"
    return tuple(_to_a_helper(lines))


def _to_a_helper(lines: Iterable[Line]) -> Iterator[Line]:
    """A helper bends the leg: whatever way she would have stretched, the helper has one.

    And so nobody gets up for a stretch, and after the first round it is the same again, in short.
    """
    lines = list(lines)
    keys = {line.key for line in lines}
    again = "relief.hold" in keys and keys.isdisjoint(FIRST_ROUND)
    for line, following in zip_longest(lines, lines[1:]):
        if line.key.startswith("stretch."):
            part = line.key.split(".")[1]
            if again and line.form == "say":
                yield Line("relief.again")
            yield Line(f"stretch.{part}.{Way.HELPER.value}", "short" if again else line.form)
        elif line.key != "relief.getting_up" or not _is_stretch(following):
            yield line


def _is_stretch(line: Line | None) -> bool:
    return line is not None and line.key.startswith("stretch.")


def as_for(turn: Turn, event: Event, status: Status, other: Event) -> Turn:
    """A turn that stands for another, as that has to be: in that status, to that event."""
    after = turn.session.status
    speaker = after.speaker if tells_speaker(event) else status.speaker
    stage = after.stage if tells_stage(event) else status.stage
    # made anew and not by `replace`, which takes longer than all else here
    told = Status(speaker, stage, after.breathing_noted, after.no_rub)
    return Turn(
        lines=about(spoken_to(turn.lines, after.speaker, speaker), event, other),
        question=turn.question,
        reprompt=about(turn.reprompt, event, other),
        session=Session(turn.session.place, told, turn.session.manner),
        level=turn.level,
    )

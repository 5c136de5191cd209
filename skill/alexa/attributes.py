"""Session attributes ↔ where she is: read strictly, written last.

Only place, status, manner, the start of this cramp and a version travel (conversation.md 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

from skill.coach.place import (
    LATE,
    OUTSIDE_RELIEF,
    Again,
    Aim,
    Ask,
    Check,
    Manner,
    Part,
    Place,
    Session,
    Speaker,
    Stage,
    Status,
    Volume,
    Way,
)
from skill.coach.reachable import is_reachable
from skill.coach.signs import Level

VERSION = 2
CLOCK_SKEW = timedelta(seconds=150)
"""How far a request's time may lie before the start that an earlier request set."""

_E = TypeVar("_E", bound=Enum)


@dataclass(frozen=True)
class Carried:
    """What travels: where she is, and when this cramp began (None outside a conversation)."""

    session: Session
    since: datetime | None = None

    def late(self, now: datetime) -> bool:
        """Whether ten minutes have passed since the start of this cramp."""
        return self.since is not None and now - self.since >= LATE


def write(carried: Carried) -> dict[str, Any]:
    """The session attributes for what travels."""
    return {
        "version": VERSION,
        "place": _raw_place(carried.session.place),
        "status": _raw_status(carried.session.status),
        "manner": _raw_manner(carried.session.manner),
        "since": carried.since.isoformat() if carried.since else None,
    }


def _raw_place(place: Place) -> dict[str, Any]:
    return {
        "ask": place.ask.value,
        "aim": place.aim.value,
        "checked": int(place.checked),
        "again": int(place.again),
        "step": place.step,
        "given": None if place.given is None else int(place.given),
    }


def _raw_status(status: Status) -> dict[str, Any]:
    return {
        "speaker": status.speaker.value,
        "stage": status.stage.value,
        "breathing_noted": status.breathing_noted,
        "no_rub": status.no_rub,
    }


def _raw_manner(manner: Manner) -> dict[str, Any]:
    return {
        "part": manner.part.value,
        "way": manner.way.value,
        "slower": manner.slower,
        "volume": manner.volume.value,
    }


def read(attributes: Mapping[str, Any], now: datetime) -> Carried | None:
    """What travelled, or None where it is missing, old, altered, or where nothing leads to it."""
    try:
        return _read(attributes, now)
    except (KeyError, TypeError, ValueError):
        return None


def _read(attributes: Mapping[str, Any], now: datetime) -> Carried:
    if attributes["version"] != VERSION or isinstance(attributes["version"], bool):
        raise ValueError("another version")
    session = Session(
        place=_place(attributes["place"]),
        status=_status(attributes["status"]),
        manner=_manner(attributes["manner"]),
    )
    since = _since(attributes["since"], now)
    if not is_reachable(session) or (since is None) != (session.place.ask in OUTSIDE_RELIEF):
        raise ValueError("no conversation leads there")
    return Carried(session, since)


def _place(raw: Mapping[str, Any]) -> Place:
    return Place(
        ask=_member(Ask, raw["ask"]),
        aim=_member(Aim, raw["aim"]),
        checked=Check(_number(raw["checked"])),
        again=Again(_number(raw["again"])),
        step=_number(raw["step"]),
        given=None if raw["given"] is None else Level(_number(raw["given"])),
    )


def _status(raw: Mapping[str, Any]) -> Status:
    return Status(
        speaker=_member(Speaker, raw["speaker"]),
        stage=_member(Stage, raw["stage"]),
        breathing_noted=_flag(raw["breathing_noted"]),
        no_rub=_flag(raw["no_rub"]),
    )


def _manner(raw: Mapping[str, Any]) -> Manner:
    return Manner(
        part=_member(Part, raw["part"]),
        way=_member(Way, raw["way"]),
        slower=_flag(raw["slower"]),
        volume=_member(Volume, raw["volume"]),
    )


def _since(raw: object, now: datetime) -> datetime | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise TypeError("no time")
    since = datetime.fromisoformat(raw)
    if since.tzinfo is None or since > now + CLOCK_SKEW:
        raise ValueError("no time that was")
    return since


def _member(kind: type[_E], raw: object) -> _E:
    if not isinstance(raw, str):
        raise TypeError("no word")
    return kind(raw)


def _number(raw: object) -> int:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)  # JSON does not tell 1 from 1.0
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise TypeError("no number")
    return raw


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError("no flag")
    return raw

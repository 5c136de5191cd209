"""Two versions in one conversation, as while hosts are replaced: nothing urgent is lost by it.

    python -m tests.alexa.test_upgrade   # records what this version writes, once for each `VERSION`

`recorded/` has session attributes as a version wrote them at each place of the plays. They are
never written anew: open sessions have them, and processes of that version still answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from skill.alexa import attributes
from skill.alexa.attributes import VERSION, Carried
from skill.coach.conversation import LOST, respond
from skill.coach.place import OUTSIDE_RELIEF, Aim, Session
from skill.coach.signs import Level
from skill.coach.turn import Turn
from tests.chains import raw_request
from tests.replay import replay
from tests.test_web import Alexa

FOLDER = Path(__file__).parent / "recorded"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

Raw = dict[str, Any]


def written() -> list[Raw]:
    """What this version writes at each place that the plays come to, once for each."""
    found: dict[str, Raw] = {}
    for scene in replay().scenes:
        if scene.turn.open:
            since = None if scene.turn.session.place.ask in OUTSIDE_RELIEF else NOW
            raw = attributes.write(Carried(scene.turn.session, since))
            found.setdefault(json.dumps(raw["place"]), raw)
    return list(found.values())


def recorded(version: int) -> list[Raw]:
    """What a version wrote."""
    lines = (FOLDER / f"version_{version}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read(raw: Raw) -> Session:
    """Where she is by these attributes, as the skill has it."""
    carried = attributes.read(raw, NOW)
    return carried.session if carried else LOST


# --- what was written before is read now


def test_the_version_that_is_out_is_recorded() -> None:
    """What this version writes is recorded, so that the next one is held to it."""
    assert len(recorded(VERSION)) > 100


def test_open_sessions_go_on() -> None:
    """Attributes of this version are read as they were meant, and written the same again.

    Where that changes, `VERSION` has to go up, and what is written then is recorded.
    """
    for raw in recorded(VERSION):
        carried = attributes.read(raw, NOW)
        assert carried is not None, raw
        assert attributes.write(carried) == raw


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.jsonl")), ids=lambda file: file.stem)
def test_nothing_urgent_is_lost(file: Path) -> None:
    """Of every version: a level that was given is given still, or a worse one."""
    for raw in map(json.loads, file.read_text("utf-8").splitlines()):
        if raw["place"]["given"] is not None:
            given = read(raw).place.given
            assert given is not None
            assert given <= raw["place"]["given"]


# --- a version that writes more


def more_fields(raw: Raw) -> None:
    """Fields that this version does not know, everywhere."""
    for part in (raw, raw["place"], raw["status"], raw["manner"]):
        part["of_tomorrow"] = {"a": ["b"]}


def of_tomorrow(part: str, name: str) -> Callable[[Raw], None]:
    """A word that this version does not know."""

    def change(raw: Raw) -> None:
        raw[part][name] = "of_tomorrow"

    return change


def next_version(raw: Raw) -> None:
    """The same by another version."""
    raw["version"] = VERSION + 1


UNREADABLE = [
    next_version,
    of_tomorrow("place", "ask"),
    of_tomorrow("place", "aim"),
    of_tomorrow("status", "stage"),
    of_tomorrow("manner", "part"),
]


def test_more_fields_change_nothing() -> None:
    """A version that writes further fields meets this one, and the conversation goes on."""
    for raw in recorded(VERSION):
        more = deepcopy(raw)
        more_fields(more)
        assert attributes.read(more, NOW) == attributes.read(raw, NOW)


@pytest.mark.parametrize("change", UNREADABLE)
def test_what_cannot_be_read_shuts_comfort(change: Callable[[Raw], None]) -> None:
    """Where this version cannot read another's words, she is lost, which is the strictest place."""
    for raw in recorded(VERSION):
        other = deepcopy(raw)
        change(other)
        assert read(other) == LOST
    assert LOST.place.given == Level.EMERGENCY
    assert LOST.place.aim is Aim.RECHECK


WHOM_TO_CALL = {"recheck.lost", "stop.checks_open", "violence.at_any_time"}
"""Lines that say whom to call, to somebody whose place is lost."""


def says_whom_to_call(turn: Turn) -> bool:
    """Whether a turn gives a level, or says whom to call without one."""
    return turn.level is not None or any(line.key in WHOM_TO_CALL for line in turn.lines)


def test_a_turn_at_another_version() -> None:
    """Every turn of every play, by a version that lost her place: whom to call, or her level.

    A sign gets the level that it would have had, or a worse one. What else she says is answered
    with whom to call, and all checks begin again, with comfort shut.
    """
    for scene in replay().scenes:
        turn = respond(LOST, scene.event)
        assert says_whom_to_call(turn), scene.event
        if turn.level is not None and scene.turn.level is not None:
            assert turn.level <= scene.turn.level
        if turn.open:
            assert turn.session.place.given is not None
            assert turn.session.place.given <= (turn.level or Level.EMERGENCY)


# --- a conversation over both


def test_a_conversation_over_two_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn by turn by another version, a swollen leg is urgent, and nobody is comforted."""
    alexa = Alexa()
    raw = raw_request()
    said: list[str] = []
    for number, intent in enumerate(("CrampIntent", "AMAZON.YesIntent", "SwollenLegSignIntent")):
        raw["request"]["intent"] = {"name": intent, "slots": {}}
        monkeypatch.setattr(attributes, "VERSION", VERSION + number % 2)
        answer = alexa.post(raw).get_json()
        said.append(answer["response"]["outputSpeech"]["ssml"])
        raw["session"] |= {"new": False, "attributes": answer["sessionAttributes"]}
    assert "I lost my place" in said[1]
    assert "A swollen leg needs checking now" in said[2]
    assert answer["sessionAttributes"]["place"]["given"] is not None


if __name__ == "__main__":
    lines = [json.dumps(raw) + "\n" for raw in written()]
    with (FOLDER / f"version_{VERSION}.jsonl").open("x", encoding="utf-8") as file:
        file.writelines(lines)

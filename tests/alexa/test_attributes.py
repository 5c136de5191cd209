"""Session attributes: read strictly, and safe where they cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.alexa import attributes
from skill.alexa.attributes import Carried
from skill.coach.place import LATE, Aim, Ask, Check, Place, Session

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
GOOD = attributes.write(Carried(Session(Place(Ask.LET_GO, Aim.STRETCH)), NOW))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def changed(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Good attributes with one value replaced."""
    copy: dict[str, Any] = json.loads(json.dumps(GOOD))
    node = copy
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 0),
        (("version",), 1),
        (("version",), True),
        (("version",), "1"),
        (("place",), None),
        (("place", "ask"), "nothing"),
        (("place", "ask"), "lost"),
        (("place", "ask"), "urgent"),
        (("place", "ask"), "somewhere"),
        (("place", "ask"), 3),
        (("place", "aim"), ["stretch"]),
        (("place", "checked"), Check.ALL + 1),
        (("place", "checked"), -1),
        (("place", "checked"), True),
        (("place", "checked"), 1.5),
        (("place", "again"), "1"),
        (("place", "given"), 3),
        (("place", "step"), 1),
        (("place", "step"), -1),
        (("place", "ask"), "swelling"),  # breathing was not asked before it
        (("place", "aim"), "call"),  # nothing is stretched any more
        (("place", "aim"), "recheck"),  # no urgent line was given
        (("place", "given"), 2),  # and here one was
        (("place", "again"), 5),
        (("status", "speaker"), "nobody"),
        (("status", "no_rub"), 1),
        (("status", "breathing_noted"), "false"),
        (("manner", "part"), "tummy"),
        (("manner", "volume"), {}),
        (("since",), None),  # and so it would never be late
        (("since",), "yesterday"),
        (("since",), 12),
        (("since",), "2026-11-23T03:00:00"),
        (("since",), (NOW + timedelta(hours=1)).isoformat()),
    ],
)
def test_what_was_altered_is_not_read(path: tuple[str, ...], value: Any) -> None:
    """One impossible value, and nothing of the attributes is believed."""
    assert attributes.read(changed(path, value), NOW) is None


@pytest.mark.parametrize("name", GOOD)
def test_what_is_missing_is_not_read(name: str) -> None:
    """One missing part, and nothing of the attributes is believed."""
    assert attributes.read({k: v for k, v in GOOD.items() if k != name}, NOW) is None


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*GOOD, "other"]), JSON))
def test_any_attributes_are_read_or_refused(raw: dict[str, Any]) -> None:
    """Attributes of any shape are read or refused, and never an error."""
    read = attributes.read(raw, NOW)
    assert read is None or attributes.read(attributes.write(read), NOW) == read


def test_unknown_names_change_nothing() -> None:
    """What is not read is not kept: another name beside ours is ignored."""
    read = attributes.read({**GOOD, "answers": "my leg is swollen"}, NOW)
    assert read is not None
    assert "answers" not in attributes.write(read)


def test_numbers_may_come_back_as_decimals() -> None:
    """JSON does not tell 1 from 1.0, and neither does the place."""
    assert attributes.read(changed(("place", "checked"), 1.0), NOW) is not None


def test_late_is_ten_minutes_from_the_start() -> None:
    """Late begins ten minutes after the start of this cramp, and never without one."""
    carried = Carried(Session(), NOW)
    assert not carried.late(NOW + LATE - timedelta(seconds=1))
    assert carried.late(NOW + LATE)
    assert not Carried(Session()).late(NOW + LATE)

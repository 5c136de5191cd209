"""skill.simulator.commands: the lines that `cramp-coach talk` reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from skill.simulator.commands import LONGEST_WAIT, obey
from skill.simulator.device import Device, DeviceError
from skill.simulator.understand import listener
from tests.simulator.test_device import Webhook


@pytest.fixture
def webhook() -> Webhook:
    """A webhook that leaves the microphone open."""
    return Webhook()


@pytest.fixture
def device(webhook: Webhook) -> Device:
    """A device that talks to it."""
    return Device("en-US", listener("en-US"), webhook)


def intent_of(envelope: dict[str, Any]) -> str:
    """The name of the intent that was sent."""
    return str(envelope["request"]["intent"]["name"])


def test_a_sentence_is_said(device: Device, webhook: Webhook) -> None:
    """A line that is no command is what she says."""
    turn = obey(device, "my calf is cramping")
    assert turn is not None
    assert turn.heard == "my calf is cramping"
    assert intent_of(webhook.last) == "CrampIntent"


@pytest.mark.parametrize("line", ["/launch", "open cramp coach"])
def test_launch(device: Device, webhook: Webhook, line: str) -> None:
    """Opening the skill is a launch, by command or in words."""
    turn = obey(device, line)
    assert turn is not None
    assert (turn.heard, turn.intent, turn.how) == (line, "LaunchRequest", "launch")
    assert webhook.last["request"]["type"] == "LaunchRequest"


def test_new(device: Device, webhook: Webhook) -> None:
    """/new says nothing to the webhook; what comes next is a new session."""
    obey(device, "/launch")
    assert obey(device, "/new") is None
    assert len(webhook.envelopes) == 1
    obey(device, "help")
    assert webhook.last["session"]["new"]


def test_silence(device: Device) -> None:
    """/silence is a turn in which the reprompt is spoken."""
    obey(device, "/launch")
    turn = obey(device, "/silence")
    assert turn is not None
    assert (turn.how, turn.speech) == ("silence", "Still there?")


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("/wait 10m", timedelta(minutes=10)),
        ("/wait 30s", timedelta(seconds=30)),
        ("/wait 1.5h", timedelta(hours=1.5)),
        ("/wait 2 min", timedelta(minutes=2)),
        ("/wait 45 sec", timedelta(seconds=45)),
    ],
)
def test_wait(device: Device, line: str, time: timedelta) -> None:
    """/wait moves the device's clock on, and is no turn."""
    before = device.now()
    assert obey(device, line) is None
    assert timedelta() <= device.now() - before - time < timedelta(minutes=1)


def test_what_is_told(device: Device) -> None:
    """/wait says how much time has passed, and /help what each command does; /new says nothing."""
    told: list[str] = []
    for line in ("/wait 10m", "/wait 1.5h", "/new", "/help"):
        assert obey(device, line, told.append) is None
    *waited, listed = told
    assert waited == ["     [0:10:00 later]", "     [1:30:00 later]"]
    assert [line.split()[0] for line in listed.splitlines()] == [
        *("/launch", "/new", "/silence", "/wait", "/intent", "/help")
    ]


@pytest.mark.parametrize("line", ["/wait a while", "/wait 10", "/wait -5m", "/wait 8000h"])
def test_no_time(device: Device, line: str) -> None:
    """A time that is none, or longer than a week, is refused."""
    before = device.now()
    with pytest.raises(DeviceError, match="/wait"):
        obey(device, line)
    assert device.now() - before < LONGEST_WAIT


def test_intent(device: Device, webhook: Webhook) -> None:
    """/intent forces an intent, its slots resolved as those that are said."""
    turn = obey(device, "/intent CrampIntent part=calf")
    assert turn is not None
    assert (turn.intent, turn.how, turn.slots["part"].id) == ("CrampIntent", "forced", "calf")
    assert intent_of(webhook.last) == "CrampIntent"


def test_intent_with_spaces(device: Device) -> None:
    """A value of several words stands in quotes."""
    turn = obey(device, '/intent CrampIntent part="front of my thigh"')
    assert turn is not None
    assert turn.slots["part"].id == "thigh_front"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/intent", "cannot obey"),
        ("/intent CrampIntnt", "did you mean 'CrampIntent'"),
        ("/intent CrampIntent prt=calf", "did you mean 'part'"),
        ("/intent CrampIntent calf", "is not slot=value"),
        ("/intent CrampIntent part=", "is not slot=value"),
        ('/intent CrampIntent part="calf', "No closing quotation"),
        ("/lunch", "did you mean /launch"),
        ("/new now", "cannot obey"),
        ("/", "cannot obey"),
    ],
)
def test_refused(device: Device, webhook: Webhook, line: str, reason: str) -> None:
    """A line that cannot be obeyed says why, and sends nothing."""
    with pytest.raises(DeviceError, match=reason):
        obey(device, line)
    assert webhook.envelopes == []


def test_silence_when_closed(device: Device, webhook: Webhook) -> None:
    """There is no silence where no session is open."""
    with pytest.raises(DeviceError, match="no session is open"):
        obey(device, "/silence")
    assert webhook.envelopes == []

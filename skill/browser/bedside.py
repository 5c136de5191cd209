"""A device by the bed, and the webhook that answers it: all that the page shows of a turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson

from skill.alexa import attributes
from skill.browser import answers
from skill.browser.explained import Explained, explained
from skill.browser.sounds import sounds
from skill.coach.place import Session
from skill.simulator.commands import obey
from skill.simulator.device import ENDED, Answered, Device
from skill.simulator.local_server import local_server, post
from skill.simulator.play import SILENCE, Play, duration, follows, touched, touching
from skill.simulator.screen import SCREENS
from skill.simulator.text import read
from skill.simulator.understand import LAUNCH, listener
from skill.speech.catalogue import catalogue

MOST_SPEECH_LETTERS = 8_000
MOST_RESPONSE_BYTES = 120_000
"""What Amazon takes, markup counted (alexa.md 3)."""

OTHER_READINGS = 2


@dataclass
class Exchange:
    """A request and what was answered: both as sent, and how long the answer took."""

    request: dict[str, Any]
    response: dict[str, Any]
    milliseconds: float


@dataclass
class Bedside:
    """One device, in a locale, with a webhook of its own. `close` ends the webhook."""

    locale: str
    turns: list[dict[str, Any]] = field(default_factory=list)
    close: Callable[[], None] = lambda: None
    _exchanges: list[Exchange] = field(default_factory=list)
    _before: Explained | None = None
    _kept_until: timedelta = timedelta()
    _screen: str = ""
    _touched_on: str = ""

    def __post_init__(self) -> None:
        """Starts the webhook. The listener goes on learning while the page is read."""
        self.ear = listener(self.locale)
        self.device = Device(self.locale, self.ear, self._send)
        with ExitStack() as stack:
            self._url, self._sign = stack.enter_context(local_server(self.device.now))
            self.close = stack.pop_all().close
        self.ear.prepare()

    def _send(self, envelope: dict[str, Any]) -> Mapping[str, Any]:
        started = time.perf_counter()
        answer = post(self._url, self._sign, envelope)
        took = round((time.perf_counter() - started) * 1000, 1)
        request = orjson.loads(orjson.dumps(envelope))  # as it was: the device changes it later
        self._exchanges.append(Exchange(request, dict(answer), took))
        return answer

    # what she and the page can do

    def say(self, line: str) -> dict[str, Any]:
        """A line of hers or of a play, or a command (`skill/simulator/commands.py`)."""
        if button := touched(line):
            return self.touch(button)
        command = "/silence" if line == SILENCE else line
        return self._turn(obey(self.device, command), line)

    def choose(self, intent: str, ids: Mapping[str, str], label: str) -> dict[str, Any]:
        """An answer chosen from the table: its intent is sent, as if heard beyond doubt."""
        line = " ".join(["/intent", intent, *(f"{slot}={it}" for slot, it in ids.items())])
        if intent == LAUNCH:
            return self._turn(self.device.launch(label), "/launch")
        return self._turn(self.device.force(intent, ids, label), line)

    def touch(self, button: str) -> dict[str, Any]:
        """A button on the screen, named by what it sends."""
        said = self.device.touch(button)
        self._touched_on = self._screen
        return self._turn(said, touching(button))

    def wait(self, after: str) -> None:
        """Lets time pass, as "10 min"."""
        self.device.wait(duration(after))

    def set_up(self, screen: str, speaker: str, stage: str) -> None:
        """What device it is, and what each line of hers tells in the same breath."""
        self._screen, self.device.screen = screen, SCREENS.get(screen)
        told = {"helper": "helper" if speaker == "helper" else "", "stage": stage}
        self.device.told = {slot: ident for slot, ident in told.items() if ident}

    def play(self, name: str) -> Play:
        """The conversation so far, as a play."""
        return Play(name, self.locale, self.turns, self._touched_on)

    # what the page shows

    def here(self) -> dict[str, Any]:
        """Where she is, what can be answered there, and where it leads."""
        session, late = self._session()
        words = catalogue(self.locale)
        return {
            "open": self.device.open,
            "place": attributes.write(attributes.Carried(session)),
            "late": late,
            "waited_seconds": round(self.device.waited.total_seconds()),
            "answers": [row.as_json(words) for row in answers.rows(session, late=late)],
        }

    def _session(self) -> tuple[Session, bool]:
        """Where she is, and whether ten minutes have passed."""
        now = self.device.now()
        raw = self._exchanges[-1].response.get("sessionAttributes") if self._exchanges else None
        carried = attributes.read(raw, now) if raw and self.device.open else None
        return (carried.session, carried.late(now)) if carried else (Session(), False)

    def _turn(self, said: Answered | None, line: str) -> dict[str, Any]:
        """A turn as the page reads it; of a command that is no turn, nothing."""
        if said is None:
            return {}
        exchange = self._exchanges[-1]
        found = None if said.intent == ENDED else explained(exchange.request)
        lines = found.lines if found else self._before.reprompt if self._before else []
        level = int(found.turn.level) if found and found.turn.level else None
        self._keep(follows(said, exchange.response, level), line)
        self._before = found
        return {
            **said.as_json(),
            "sounds": sounds(said.ssml),
            "reprompt_sounds": sounds(_reprompt_ssml(exchange)),
            "readings": self._readings(said),
            "follows": follows(said, exchange.response, level),
            "level": level,
            "lines": [each.as_json() for each in lines],
            "reprompt_lines": [each.as_json() for each in found.reprompt] if found else [],
            "as_explained": found is None or found.is_what_was_answered(said.ssml),
            **_measured(exchange, found),
        }

    def _keep(self, after: dict[str, Any], line: str) -> None:
        seconds = round((self.device.waited - self._kept_until).total_seconds())
        waited = {"after": f"{seconds} s" if seconds % 60 else f"{seconds // 60} min"}
        self.turns.append({**(waited if seconds else {}), "she": line, **after})
        self._kept_until = self.device.waited

    def _readings(self, said: Answered) -> list[dict[str, Any]]:
        """What a line that was not heard word for word may have meant, the likeliest first."""
        if said.how not in ("learned", "fallback"):
            return []
        most = OTHER_READINGS + 1
        found = self.ear.readings(read(said.heard), most)
        return [{"intent": intent, "probability": share} for intent, share in found]


def _measured(exchange: Exchange, found: Explained | None) -> dict[str, Any]:
    """Both envelopes, and how large and how long they are."""
    response = exchange.response.get("response") or {}
    speech = (response.get("outputSpeech") or {}).get("ssml", "")
    return {
        "request": exchange.request,
        "response": exchange.response,
        "reprompt_ssml": _reprompt_ssml(exchange),
        "milliseconds": exchange.milliseconds,
        "seconds": found.seconds if found else 0.0,
        "bytes": {"is": len(orjson.dumps(exchange.response)), "most": MOST_RESPONSE_BYTES},
        "letters": {"is": len(speech), "most": MOST_SPEECH_LETTERS},
    }


def _reprompt_ssml(exchange: Exchange) -> str:
    response = exchange.response.get("response") or {}
    return str(((response.get("reprompt") or {}).get("outputSpeech") or {}).get("ssml", ""))

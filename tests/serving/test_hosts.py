"""Any number of hosts: each turn of a conversation may be answered by another process."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench import echo_show, servers
from skill.simulator.play import SILENCE, duration
from skill.web import create_app
from tests.chains import SKILL_ID, raw_request, raw_slot
from tests.plays import Play, plays
from tests.serving.nginx import Nginx, free_ports, needs_nginx, nginx

HOSTS = 3
ONE_IN = 15
"""Of so many plays one is played in `make processes`; `make walk` has them all."""
LEFT_OUT_SECONDS = 1.2
"""A process that failed is asked again after `fail_timeout` of deploy/nginx.conf."""


class Hosts:
    """Webhooks on ports of loopback, with one clock, that trust the same throw-away Alexa."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.alexa = echo_show.Alexa()
        self.alexa.save(folder, [])
        (folder / "certificates").write_text("well")
        self.wait(timedelta())
        self.ports = free_ports(HOSTS)
        self._open = ExitStack()
        self._pool = self._open.enter_context(ThreadPoolExecutor(HOSTS))

    def __enter__(self) -> Hosts:
        running = [self.start(port) for port in self.ports]
        self.running = [each.result() for each in running]
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def start(self, port: int) -> Future[servers.Running]:
        """Starts a webhook; it is ready when the result is there."""
        command = [sys.executable, "-m", "bench.stacks.serve_soak", str(self._folder), str(port)]
        context = servers.running(servers.Server(command), self._folder, pinned=False)
        return self._pool.submit(self._open.enter_context, context)

    def kill(self, number: int) -> None:
        """Ends a webhook and its workers without a warning, as a host that breaks down."""
        host = self.running[number]
        for pid in [host.process.pid, *host.workers()]:
            with suppress(ProcessLookupError):  # a worker that saw its master go
                os.kill(pid, signal.SIGKILL)

    def wait(self, skew: timedelta) -> None:
        """By how much the clocks of all are ahead from now on."""
        (self._folder / "skew.new").write_text(str(skew.total_seconds()))
        (self._folder / "skew.new").replace(self._folder / "skew")


class Talk:
    """Conversations through nginx, each turn held against what one webhook alone answers."""

    def __init__(self, hosts: Hosts, front: Nginx) -> None:
        self._hosts = hosts
        self._now = datetime.now(UTC)
        self._http = front.connect()
        self._alone = create_app(
            skill_ids=[SKILL_ID],
            roots=hosts.alexa.root_pem,
            now=lambda: self._now,
            fetch=hosts.alexa.fetch,
        ).test_client()
        self.by: Counter[str] = Counter()
        self.twice = 0
        self._last = ""

    def close(self) -> None:
        """Ends the connection."""
        self._http.close()

    def play(self, play: Play) -> None:
        """Holds a play; fails where a turn is not what one webhook alone answers to it."""
        attributes: dict[str, Any] | None = None
        skew = timedelta()
        for number, turn in enumerate(play.turns):
            if "after" in turn:
                skew += duration(turn["after"])
            self._hosts.wait(skew)
            self._now = datetime.now(UTC) + skew
            body = json.dumps(asked(turn, play.locale, attributes, self._now)).encode()
            answer = self._answer(body, f"{play.name}, turn {number}")
            attributes = json.loads(answer).get("sessionAttributes") or None

    def _answer(self, body: bytes, where: str) -> bytes:
        headers = self._hosts.alexa.sign_bytes(body).headers
        self._http.request("POST", "/alexa", body, headers)
        response = self._http.getresponse()
        answer = response.read()
        assert response.status == 200, where
        assert answer == self._alone.post("/alexa", data=body, headers=headers).data, where
        by = (response.headers["Answered-By"] or "").rsplit(", ", 1)[-1]
        self.by[by] += 1
        self.twice += by == self._last
        self._last = by
        return answer


def asked(
    turn: Mapping[str, Any], locale: str, attributes: dict[str, Any] | None, now: datetime
) -> dict[str, Any]:
    """The request that a turn of a play is, as it was understood."""
    intent, *slots = turn.get("understood", "SessionEndedRequest").split()
    silent = turn["she"] == SILENCE
    kind = intent if silent or intent == "LaunchRequest" else "IntentRequest"
    raw = raw_request(kind, timestamp=now)
    raw["request"]["locale"] = locale
    raw["session"] |= {"new": attributes is None, "attributes": attributes or {}}
    if kind == "IntentRequest":
        pairs = (slot.split("=") for slot in slots)
        ids = {name: [] if value == "?" else [value] for name, value in pairs}
        raw["request"]["intent"] = {
            "name": intent,
            "slots": {name: raw_slot(name, "words", *each) for name, each in ids.items()},
        }
    return raw


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    """Three webhooks."""
    with Hosts(tmp_path) as it:
        yield it


def hold(hosts: Hosts, folder: Path, several: Sequence[Play]) -> None:
    """Holds plays over three hosts, of which one dies and is replaced; fails where one is lost."""
    third = len(several) // 3
    with nginx(folder / "nginx", hosts.ports) as front, closing(Talk(hosts, front)) as talk:
        for play in several[:third]:
            talk.play(play)
        assert len(talk.by) == HOSTS
        assert talk.twice == 0  # no turn was answered by the host of the turn before
        hosts.kill(1)
        replaced = hosts.start(hosts.ports[1])
        for play in several[third : 2 * third]:
            talk.play(play)
        replaced.result()
        time.sleep(LEFT_OUT_SECONDS)
        talk.by.clear()
        for play in several[2 * third :]:
            talk.play(play)
        assert len(talk.by) == HOSTS


@needs_nginx
@pytest.mark.slow
@pytest.mark.processes
def test_any_number_of_hosts(hosts: Hosts, tmp_path: Path) -> None:
    """Each turn by another host, one of which is killed and replaced: she hears the same."""
    hold(hosts, tmp_path, list(plays())[::ONE_IN])


@needs_nginx
@pytest.mark.whole
@pytest.mark.processes
def test_every_play_over_any_number_of_hosts(hosts: Hosts, tmp_path: Path) -> None:
    """The same, with every turn of every play."""
    hold(hosts, tmp_path, list(plays()))

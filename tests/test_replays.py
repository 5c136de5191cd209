"""Replays: a request that is sent again while it is fresh is harmless."""

from __future__ import annotations

import builtins
import json
import socket
import subprocess
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from skill import web
from skill.alexa import chains
from tests.chains import GOOD, NOW, SKILL_ID, raw_request
from tests.test_concurrency import SCRIPTS, hold
from tests.test_web import Alexa


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


def client(clock: Clock) -> Any:
    app = web.create_app(skill_ids=[SKILL_ID], roots=GOOD.root_pem, now=clock, fetch=GOOD.fetch)
    return app.test_client()


def test_whole_conversation_replayed_in_any_order() -> None:
    """Every turn of a conversation, sent again in another order, gets the answer that it got."""
    alexa = Alexa()
    turns = list(hold(lambda raw: alexa.post(raw).data, SCRIPTS[0]))
    for raw, answer in [*reversed(turns), *turns, *turns[::2]]:
        assert alexa.post(raw).data == answer
    assert alexa.errors() == alexa.refusals() == {}


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (149, 200), (150, 200), (151, 400)])
def test_how_long_a_replay_is_answered(seconds: int, status: int) -> None:
    """The same bytes are answered alike for 150 s, and refused afterwards."""
    clock = Clock()
    http = client(clock)
    body = json.dumps(raw_request()).encode()
    send = {"data": body, "headers": GOOD.sign(body), "content_type": "application/json"}
    first = http.post("/alexa", **send)
    clock.time += timedelta(seconds=seconds)
    again = http.post("/alexa", **send)
    assert again.status_code == status
    assert (again.data == first.data) == (status == 200)


def test_replay_has_no_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A warm request opens no file or connection and starts no thread or process: it answers."""
    alexa = Alexa()
    first = alexa.post(raw_request()).data
    monkeypatch.setattr(builtins, "open", pytest.fail)
    monkeypatch.setattr(socket, "socket", pytest.fail)
    monkeypatch.setattr(subprocess, "Popen", pytest.fail)
    monkeypatch.setattr(threading.Thread, "start", pytest.fail)
    assert alexa.post(raw_request()).data == first


def test_warm_request_checks_no_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once its chain is known, a request costs neither a fetch nor the checking of a chain."""
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return GOOD.chain_pem

    app = web.create_app(skill_ids=[SKILL_ID], roots=GOOD.root_pem, now=lambda: NOW, fetch=fetch)
    alexa = Alexa()
    alexa.http = app.test_client()
    alexa.post(raw_request())
    monkeypatch.setattr(chains, "check_chain", pytest.fail)
    for _ in range(5):
        assert alexa.post(raw_request()).status_code == 200
    assert len(fetched) == 1

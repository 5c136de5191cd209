"""skill.serving.log: lines that are written when somebody reads them, and that nobody waits for."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import select
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from skill.log import Line
from skill.serving import log
from skill.serving.log import MOST_LINES, Log
from tests.serving.served import LAUNCH, Served, serving_process
from tests.serving.test_worker import until


class Stalled:
    """A pipe that is full, until it is read."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.writing, False)
        with contextlib.suppress(BlockingIOError):
            while os.write(self.writing, b"\n" * 512):
                pass
        os.set_blocking(self.writing, True)

    def lines(self, *, until_closed: bool = False) -> Iterator[dict[str, Any]]:
        """What comes when it is read again, without what it was filled with."""
        if until_closed:
            os.close(self.writing)
        with os.fdopen(self.reading) as file:
            yield from (json.loads(line) for line in file if line.strip())


@pytest.fixture
def stalled() -> Stalled:
    return Stalled()


def say(handler: Log, message: object, *, name: str = "skill.web", fault: Any = None) -> None:
    """Has the handler take in a line, as loggers do."""
    info = (type(fault), fault, fault.__traceback__) if fault else None
    handler.handle(logging.LogRecord(name, logging.INFO, "", 0, message, None, info))


def test_nobody_waits(stalled: Stalled) -> None:
    """With a log that nobody reads, lines wait; what does not fit is counted, and told."""
    handler = Log(stalled.writing)
    for number in range(MOST_LINES + 100):
        say(handler, Line(number=number))
    numbers: list[int] = []
    dropped = 0
    for line in stalled.lines():
        if "number" in line:
            numbers.append(line["number"])
        dropped += line.get("dropped", 0)
        if len(numbers) + dropped == MOST_LINES + 100:
            break
    # The thread takes the first line when it comes to it: before the rest, between them, or after.
    assert dropped in (99, 100)
    assert numbers[:MOST_LINES] == list(range(MOST_LINES))


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written is counted, and said once the disk takes lines again."""
    reading, writing = os.pipe()
    handler = Log(writing)
    with monkeypatch.context() as full:

        def fail(*_: object) -> int:
            raise OSError(errno.ENOSPC, "no space")

        full.setattr(os, "write", fail)
        say(handler, Line(number=1))
        say(handler, Line(number=2))
        handler.flush()
    say(handler, Line(number=3))
    handler.flush()
    first, second = map(json.loads, os.read(reading, 4096).splitlines())
    assert (first["dropped"], second["number"]) == (2, 3)


def test_lines_gather(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line is written at once; those that come while the thread rests, together after it."""
    reading, writing = os.pipe()
    resting, rested = threading.Event(), threading.Event()

    def rest(_seconds: float) -> None:
        resting.set()
        assert rested.wait(10)

    monkeypatch.setattr(log, "time", SimpleNamespace(sleep=rest))
    handler = Log(writing)
    say(handler, Line(number=1))
    assert json.loads(os.read(reading, 4096))["number"] == 1
    assert resting.wait(10)
    for number in (2, 3):
        say(handler, Line(number=number))
    assert not select.select([reading], [], [], 0)[0]
    rested.set()
    handler.flush()
    assert [json.loads(line)["number"] for line in os.read(reading, 4096).splitlines()] == [2, 3]


def test_one_form() -> None:
    """Every line has time, level and process, gunicorn's too; what others say is not written."""
    reading, writing = os.pipe()
    handler = Log(writing)
    say(handler, Line(request="LaunchRequest"))
    say(handler, "Booting worker\nmy calf", name="gunicorn.error")
    say(handler, "my calf", name="urllib3")
    handler.flush()
    lines = [json.loads(line) for line in os.read(reading, 4096).splitlines()]
    for line in lines:
        assert list(line)[:3] == ["time", "level", "process"]
        assert line["time"].endswith("+00:00")
        assert line["process"] == os.getpid()
    own = [{key: line[key] for key in list(line)[3:]} for line in lines]
    assert own == [
        {"request": "LaunchRequest"},
        {"server": "Booting worker"},
        {"logger": "urllib3"},
    ]


def test_an_error_of_the_server() -> None:
    """Of an error that gunicorn logs there is its type, never its text."""
    reading, writing = os.pipe()
    handler = Log(writing)
    say(handler, "Exception", name="gunicorn.error", fault=KeyError("my calf"))
    handler.flush()
    line = json.loads(os.read(reading, 4096))
    assert (line["cause"], line["at"]) == ("KeyError", None)
    assert "calf" not in str(line)


def test_a_fork_begins_anew(stalled: Stalled) -> None:
    """A fork has a thread of its own, and does not write what its parent will."""
    reading, writing = os.pipe()
    handler = Log(stalled.writing)
    say(handler, Line(number=1))
    child = os.fork()
    if not child:
        handler._file = writing
        say(handler, Line(number=2))
        handler.flush()
        os._exit(0)
    os.waitpid(child, 0)
    line = json.loads(os.read(reading, 4096))
    assert (line["number"], line["process"]) == (2, child)
    assert next(stalled.lines())["number"] == 1


# --- the server


@pytest.fixture
def unread(stalled: Stalled) -> Iterator[Served]:
    """A server whose log nobody reads, and is full."""
    with serving_process(log=stalled.writing) as served:
        yield served


@pytest.mark.processes
def test_answers_do_not_wait(unread: Served, stalled: Stalled) -> None:
    """Where nobody reads the log, all are answered; the loss is told to who reads at last."""
    assert unread.post_often(MOST_LINES + 200) == {200}
    threading.Timer(1, unread.process.terminate).start()
    lines = list(stalled.lines(until_closed=True))
    assert sum(line.get("dropped", 0) for line in lines) > 100
    assert {line["request"] for line in lines if "request" in line} == {"LaunchRequest"}


@pytest.mark.processes
def test_workers_are_replaced(unread: Served) -> None:
    """Where nobody reads the log, a worker that dies is replaced, and a reload is obeyed."""
    (first,) = unread.workers()
    os.kill(first, signal.SIGKILL)
    until(lambda: unread.workers() not in ([], [first]))
    (second,) = unread.workers()
    assert unread.post() == 200
    unread.process.send_signal(signal.SIGHUP)
    until(lambda: second not in unread.workers())
    assert unread.post() == 200
    assert unread.process.poll() is None


@pytest.mark.processes
def test_it_stops(unread: Served) -> None:
    """Where nobody reads the log, the server stops when it is told to."""
    unread.process.terminate()
    assert unread.process.wait(timeout=15) == 0


@pytest.mark.processes
def test_starts_and_stops_are_logged(tmp_path: Path) -> None:
    """The log has when the server and its workers start, die, are replaced and stop."""
    log = tmp_path / "log"
    with log.open("w") as file, serving_process(log=file.fileno()) as served:
        (worker,) = served.workers()
        assert served.post(LAUNCH) == 200
        until(lambda: "answered" in log.read_text())
        os.kill(worker, signal.SIGKILL)
        until(lambda: served.workers() not in ([], [worker]))
        until(lambda: log.read_text().count("Booting worker") == 2)
        served.stop()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    said = " ".join(str(line.get("server", "")) for line in lines)
    for word in ("Starting gunicorn", "Listening at", "Booting worker", "SIGKILL", "Shutting down"):
        assert word in said
    assert [line["outcome"] for line in lines if "request" in line] == ["answered"]

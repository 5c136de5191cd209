"""The log of a server: lines of JSON on standard error, for which no answer ever waits.

A reader that stalls, a full disk or a socket that nobody empties cost lines. How many they cost is
said once somebody reads again.
"""

import logging
import os
import select
import sys
import threading
import time
from datetime import UTC, datetime
from queue import SimpleQueue

import orjson
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from skill.log import Line, fault

MOST_LINES = 1000
"""Lines that may wait to be written; what comes then is counted and lost."""

FLUSH_SECONDS = 1
REST_SECONDS = 0.02
"""Of the thread, once all is written: to be woken for each line would cost a tenth of an answer."""

MOST_LETTERS = 200  # of a message of gunicorn's

_log = logging.getLogger(__name__)


def begin() -> "Log":
    """Has all that is logged, and all that goes wrong beside it, written as lines of the log."""
    logging.raiseExceptions = False
    handler = Log()
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    for name in ("waitress", "waitress.queue"):  # a stranger chooses how much they say
        logging.getLogger(name).disabled = True
    threading.excepthook = lambda it: _say_fault(it.exc_value)
    sys.unraisablehook = lambda it: _say_fault(it.exc_value)
    return handler


def _say_fault(error: BaseException | None) -> None:
    if error is not None:
        _log.error(Line(fault(error)))


class Log(logging.Handler):
    """Hands each line to a thread that writes it, and counts those for which there is no room.

    A fork begins anew: what waited before it is written by the process that said it.
    """

    def __init__(self, file: int = 2) -> None:
        super().__init__()
        self.setFormatter(_AsJson())
        self._file = file
        self._process = 0
        self._lost = _Count()
        self._newly_lost = _Count()

    def emit(self, record: logging.LogRecord) -> None:
        """Leaves a line to be written. It never waits, and never raises."""
        try:
            if self._process != os.getpid():
                self._begin()
            if self._waiting.qsize() < MOST_LINES:
                self._waiting.put(self._bytes(record))
            else:
                self._lose()
        except Exception:  # noqa: BLE001 a line is lost, and never an answer
            self._lose()

    def flush(self) -> None:
        """Waits, a second at most, until what was said is written."""
        if self._process == os.getpid():
            written = threading.Event()
            self._waiting.put(written)
            written.wait(FLUSH_SECONDS)

    def newly_lost(self) -> int:
        """How many lines of this process were lost since this was last asked."""
        return self._newly_lost.take() if self._process == os.getpid() else 0

    def _lose(self) -> None:
        self._lost.add()
        self._newly_lost.add()

    def _begin(self) -> None:
        self._waiting: SimpleQueue[bytes | threading.Event] = SimpleQueue()
        self._lost = _Count()
        self._newly_lost = _Count()
        threading.Thread(target=self._write_all, daemon=True).start()
        self._process = os.getpid()

    def _bytes(self, record: logging.LogRecord) -> bytes:
        return self.format(record).encode() + b"\n"

    def _write_all(self) -> None:
        while True:
            next_one = self._waiting.get()
            if isinstance(next_one, threading.Event):
                next_one.set()
            else:
                self._write(next_one)
            if self._waiting.empty():
                time.sleep(REST_SECONDS)

    def _write(self, line: bytes) -> None:
        """Writes a line and, if it could be written, how many could not before it."""
        lost = self._lost.take()
        try:
            if lost:
                self._write_whole(self._bytes(_record(Line(dropped=lost))))
                lost = 0
            self._write_whole(line)
        except OSError:
            self._lost.add(lost)
            self._lose()

    def _write_whole(self, line: bytes) -> None:
        while line:
            try:
                line = line[os.write(self._file, line) :]
            except BlockingIOError:  # somebody who shares the descriptor wants it so
                select.select([], [self._file], [])


class _Count:
    """A number that threads add to. The handler's own lock is held while it is flushed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0

    def add(self, more: int = 1) -> None:
        with self._lock:
            self._number += more

    def take(self) -> int:
        """The number, which is zero again."""
        with self._lock:
            number, self._number = self._number, 0
        return number


def _record(line: Line) -> logging.LogRecord:
    return logging.LogRecord(__name__, logging.WARNING, "", 0, line, None, None)


class _AsJson(logging.Formatter):
    """Time (UTC), level, process, then the fields of a `Line`.

    Of gunicorn's messages there is the first line; of all others' only whose they are, as they may
    quote a request; of an error its type and place.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": record.process,
        }
        if isinstance(record.msg, Line):
            line |= record.msg
        elif record.name.startswith("gunicorn"):
            line["server"] = record.getMessage().partition("\n")[0][:MOST_LETTERS]
        else:
            line["logger"] = record.name
        if record.exc_info and record.exc_info[1]:
            line |= fault(record.exc_info[1])
        return orjson.dumps(line).decode()


class GunicornsLog(Logger):  # type: ignore[misc]
    """Gunicorn's lines in the same log; it has no handler of its own, which would wait."""

    def setup(self, cfg: object) -> None:
        """Takes in gunicorn's settings, whose `errorlog` is None."""
        super().setup(cfg)
        self.error_log.propagate = True

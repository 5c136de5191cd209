"""What is counted while the webhook serves, of all workers together, for Prometheus.

Fixed words, numbers and seconds: never an intent, a sign, a locale, or an id.
"""

import fcntl
import os
from collections.abc import Iterable
from itertools import count, product
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, make_wsgi_app, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MultiProcessValue

from skill.alexa.refusal import Cause
from skill.web import FETCHES, KINDS, OUTCOMES

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where Prometheus's library looks for the folder that the workers share."""

PREFIX = "cramp_coach"
FILE_BYTES = 64 * 1024
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8)
"""Bounds of the histogram. Alexa waits for about 8 s (alexa.md 3)."""


class Metrics:
    """The counts of a worker, in files that it has to itself while it lives.

    The worker that takes its place goes on in the same files, so that there are never more of them
    than workers, and no count is lost or goes back. Until `begin()` nothing is counted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._counts: _Counts | None = None

    def begin(self) -> None:
        """In a worker: counts from now on. OSError where there is no room for its files.

        They have all their bytes at once: where memory is full, a write to a page that it has not
        got yet would end the process.
        """
        place = _free_place(self._folder)
        for kind in ("counter", "histogram"):
            _make(self._folder / f"{kind}_{place}.db")
        os.environ |= {FOLDER: str(self._folder)}
        values.ValueClass = MultiProcessValue(lambda: place)  # type: ignore[no-untyped-call]
        self._counts = _Counts()

    def answered(self, kind: str, outcome: str, seconds: float) -> None:
        """As `Meter` has it."""
        if self._counts:
            self._counts.requests[kind, outcome].inc()
            self._counts.seconds.observe(seconds)

    def refused(self, cause: Cause) -> None:
        """As `Meter` has it."""
        if self._counts:
            self._counts.refusals[cause,].inc()

    def fetched(self, outcome: str) -> None:
        """As `Meter` has it."""
        if self._counts:
            self._counts.fetches[outcome,].inc()

    def dropped(self, lines: int) -> None:
        """So many lines of the log were lost."""
        if self._counts and lines:
            self._counts.dropped.inc(lines)

    def page(self) -> "WSGIApplication":
        """What answers with the counts of all workers, added up."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]
        page: WSGIApplication = make_wsgi_app(registry)
        return page


class _Counts:
    """All that is counted, at zero from the start: a rise from nothing would not be seen."""

    def __init__(self) -> None:
        self.requests = _each("requests", "Requests of Alexa's.", kind=KINDS, outcome=OUTCOMES)
        self.refusals = _each("refusals", "Requests that were refused.", cause=tuple(Cause))
        self.fetches = _each("chain_fetches", "Fetches of certificate chains.", outcome=FETCHES)
        self.dropped = _each("log_lines_dropped", "Lines of the log that were lost.")[()]
        self.seconds = Histogram(
            f"{PREFIX}_answer_seconds",
            "Seconds that an answer of ours took.",
            buckets=SECONDS,
            registry=None,
        )


def _each(name: str, what: str, **labels: Iterable[str]) -> dict[tuple[str, ...], Counter]:
    """A counter for each combination of the labels' words, by these."""
    counter = Counter(f"{PREFIX}_{name}", what, tuple(labels), registry=None)
    if not labels:
        return {(): counter}
    return {words: counter.labels(*words) for words in product(*labels.values())}


def _free_place(folder: Path) -> int:
    """The lowest number that no other process holds; this one holds it until it ends."""
    for place in count():
        lock = os.open(folder / f"{place}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return place
    raise AssertionError("numbers do not end")


def _make(file: Path) -> None:
    """Makes the file, if it is not there, with all its bytes; it is never seen with fewer."""
    if file.exists():
        return
    new = file.with_suffix(".new")
    try:
        new.write_bytes(bytes(FILE_BYTES))
    except OSError:
        new.unlink(missing_ok=True)
        raise
    new.replace(file)

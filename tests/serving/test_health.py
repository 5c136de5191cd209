"""skill.serving.health and metrics: what a server says of itself on a port of its own."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import certifi
import pytest
from prometheus_client import values
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client

from skill.alexa.refusal import Cause
from skill.serving import metrics as counting
from skill.serving import worker as workers
from skill.serving.health import Ailment, Health
from skill.serving.log import MOST_LINES
from skill.serving.metrics import FOLDER, Metrics
from skill.serving.rehearsal import RehearsalError
from skill.serving.serve import MEMORY
from skill.web import FETCHES, KINDS, OUTCOMES
from tests.chains import SKILL_ID, raw_request
from tests.serving.served import Served, running, said_until_ready, serving_process, start
from tests.serving.test_log import Stalled
from tests.serving.test_worker import until
from tests.test_web import Alexa

Samples = dict[tuple[str, str], float]
"""What was counted, by the name and the words of the labels."""


def samples(page: str) -> Samples:
    """What a page of metrics says."""
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def asked(served: Served, path: str) -> tuple[int, str]:
    """The status and the text that a server gives for a path of its own port."""
    said = next(line for line in served.said if line.startswith("health: "))
    with closing(HTTPConnection(said.split("/")[2], timeout=10)) as http:
        http.request("GET", path)
        response = http.getresponse()
        return response.status, response.read().decode()


def counted(served: Served) -> Samples:
    """What a server has counted."""
    status, page = asked(served, "/metrics")
    assert status == 200
    return samples(page)


@pytest.fixture
def _health_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers have a port for their health."""
    monkeypatch.setenv("CRAMP_COACH_HEALTH_PORT", "0")


with_health_port = pytest.mark.usefixtures("_health_port")


# --- health


def nothing(_environ: Any, start_response: Any) -> list[bytes]:
    """A page of metrics without any."""
    start_response("200 OK", [])
    return [b""]


def test_well() -> None:
    """A worker that rehearsed, and can read its trusted roots, is well."""
    answer = Client(Health(nothing, rehearsed=True)).get("/health")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_worker_that_could_not_rehearse_is_unwell() -> None:
    """A worker that failed its rehearsal serves, and says what it lacks."""
    answer = Client(Health(nothing, rehearsed=False)).get("/health")
    assert (answer.status_code, answer.text) == (503, "rehearsal\n")


@pytest.mark.parametrize("error", [FileNotFoundError, UnicodeDecodeError("utf-8", b"", 0, 1, "")])
def test_roots_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception] | Exception
) -> None:
    """Where the trusted roots cannot be read any more, it is unwell until they can."""

    def fail() -> str:
        raise error

    health = Client(Health(nothing, rehearsed=True))
    with monkeypatch.context() as gone:
        gone.setattr(certifi, "contents", fail)
        answer = health.get("/health")
        assert (answer.status_code, answer.text) == (503, "roots\n")
        gone.setattr(certifi, "contents", lambda: "no certificate")
        assert health.get("/health").status_code == 503
    assert health.get("/health").status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/health"), ("GET", "/alexa")])
def test_nothing_else_is_there(method: str, path: str) -> None:
    """The port has two pages, to be read, and no other."""
    assert Client(Health(nothing, rehearsed=True)).open(path, method=method).status_code == 404


def test_a_failed_rehearsal_is_told() -> None:
    """The worker knows whether its rehearsal was good."""

    class App:
        class rehearsal:  # noqa: N801
            @staticmethod
            def play(_: list[str]) -> None:
                raise RehearsalError("a launch was not answered in en-US")

    worker = workers.Worker.__new__(workers.Worker)
    worker.app = App
    assert not worker._rehearse()


# --- metrics, in one process


@pytest.fixture
def metrics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Metrics]:
    """Counts of a worker."""
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    monkeypatch.setenv(FOLDER, "")
    counts = Metrics(tmp_path)
    counts.begin()
    yield counts
    assert counts._counts
    counts._counts.dropped._value._file.close()
    counts._counts.seconds._sum._file.close()


def page(counts: Metrics) -> Samples:
    """What is counted by now."""
    return samples(Client(counts.page()).get("/").text)


FIXED: dict[str, set[str]] = {
    "cramp_coach_requests_total": {f"{kind} {it}" for kind in KINDS for it in OUTCOMES},
    "cramp_coach_refusals_total": set(Cause),
    "cramp_coach_chain_fetches_total": set(FETCHES),
    "cramp_coach_log_lines_dropped_total": {""},
    "cramp_coach_answer_seconds_count": {""},
    "cramp_coach_answer_seconds_sum": {""},
    "cramp_coach_answer_seconds_bucket": {str(float(it)) for it in counting.SECONDS} | {"+Inf"},
}
"""All that may ever stand on the page, beside numbers."""


def test_the_words_are_fixed(metrics: Metrics) -> None:
    """All that can be counted is there from the start, at zero, and is made of fixed words."""
    found: dict[str, set[str]] = {}
    for name, words in page(metrics):
        found.setdefault(name, set()).add(words)
    assert found == FIXED
    assert set(page(metrics).values()) == {0}


def test_the_files_never_grow(metrics: Metrics, tmp_path: Path) -> None:
    """All that can be counted fits into the bytes that its files have from the start."""
    assert {file.stat().st_size for file in tmp_path.glob("*.db")} == {counting.FILE_BYTES}


def test_a_webhook_counts(metrics: Metrics, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers, refusals and fetches are counted, and the rise is nothing of hers."""
    alexa = Alexa(meter=metrics)
    alexa.post(raw_request())
    alexa.post(raw_request("AMonday.Event"))
    alexa.post(b"{}", {"Signature-256": ""})
    counts = {key: value for key, value in page(metrics).items() if value and "_s" not in key[0]}
    assert counts == {
        ("cramp_coach_requests_total", "IntentRequest answered"): 1,
        ("cramp_coach_requests_total", "other answered"): 1,
        ("cramp_coach_refusals_total", "no-signature"): 1,
        ("cramp_coach_chain_fetches_total", "fetched"): 1,
    }
    assert page(metrics)["cramp_coach_answer_seconds_count", ""] == 2


def test_a_fetch_that_fails_is_counted(metrics: Metrics) -> None:
    """Where the chain cannot be fetched, that is counted beside the refusal."""

    def fail(_url: str) -> bytes:
        raise OSError

    alexa = Alexa(meter=metrics, fetch=fail)
    assert alexa.post(raw_request()).status_code == 400
    assert page(metrics)["cramp_coach_chain_fetches_total", "failed"] == 1
    assert page(metrics)["cramp_coach_refusals_total", "fetch"] == 1


def test_full_memory_costs_the_counts_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that finds no room for its counts answers without, and leaves no half of a file."""

    def fail(self: Path, data: bytes) -> int:
        self.touch()
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(Path, "write_bytes", fail)
    counts = Metrics(tmp_path)
    with pytest.raises(OSError, match="no space"):
        counts.begin()
    assert {file.suffix for file in tmp_path.iterdir()} == {".lock"}
    assert Alexa(meter=counts).post(raw_request()).status_code == 200


# --- the server


@pytest.fixture
def served(_health_port: None) -> Iterator[Served]:
    """A server with two workers, which verifies."""
    with serving_process(dev=False, skill_id=SKILL_ID, log=DEVNULL) as it:
        until(lambda: len(it.workers()) == 2)
        yield it


def folders(*servers: int) -> set[Path]:
    """The folders in memory of servers, by the number of their process."""
    return {it for server in servers for it in Path(MEMORY).glob(f"cramp-coach-{server}-*")}


def refused(served: Served) -> float:
    """How many requests were refused."""
    return counted(served)["cramp_coach_refusals_total", "no-chain-url"]


@pytest.mark.processes
def test_workers_are_added_up(served: Served) -> None:
    """Whichever worker is asked, it tells of all; a worker's death or end loses no count."""
    assert asked(served, "/health") == (200, "ok\n")
    for _ in range(20):
        assert served.post() == 400
    until(lambda: refused(served) == 20)
    before = set(served.workers())
    os.kill(before.pop(), signal.SIGKILL)
    served.process.send_signal(signal.SIGHUP)
    until(lambda: not before & set(served.workers()) and len(served.workers()) == 2)
    for _ in range(20):
        assert served.post() == 400
    until(lambda: refused(served) == 40)


@with_health_port
@pytest.mark.processes
def test_nothing_is_left_behind() -> None:
    """The folder of the counts has its owner alone, is bounded, and goes with the server."""
    with serving_process(log=DEVNULL) as served:
        (folder,) = folders(served.process.pid)
        assert folder.stat().st_mode & 0o777 == 0o700
        for _ in range(3):
            (worker,) = served.workers()
            served.process.send_signal(signal.SIGHUP)
            until(lambda old=worker: old not in served.workers())  # type: ignore[misc]
        assert len(list(folder.iterdir())) <= 9  # of three workers at a time
    assert not folder.exists()


@with_health_port
@pytest.mark.processes
def test_lost_lines_are_counted() -> None:
    """Lines of the log that nobody reads are counted, and the answers with them."""
    stalled = Stalled()
    with serving_process(log=stalled.writing) as served:
        assert served.post_often(MOST_LINES + 200) == {200}
        until(lambda: counted(served)["cramp_coach_log_lines_dropped_total", ""] >= 190)
        name, words = "cramp_coach_requests_total", "LaunchRequest answered"
        assert counted(served)[name, words] == MOST_LINES + 200


@pytest.mark.processes
@pytest.mark.parametrize("port", ["99999", "-1", "http", "taken"])
def test_a_port_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    """A port that is none, or in use, is a line on standard error; nothing is left behind."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        monkeypatch.setenv("CRAMP_COACH_HEALTH_PORT", str(number) if port == "taken" else port)
        process = start(dev=True)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    (line,) = err.splitlines()
    assert line.startswith("cramp-coach serve: CRAMP_COACH_HEALTH_PORT")
    assert not folders(process.pid)


def test_each_ailment_has_its_word() -> None:
    """What `/health` may say is as short as a word."""
    assert all(re.fullmatch(r"[a-z]+", it) for it in Ailment)


@pytest.mark.processes
def test_a_port_that_is_taken_later_costs_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can listen on the port any more, Alexa is answered all the same."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("CRAMP_COACH_HEALTH_PORT", str(port))
    process = start(port=port, dev=True, log=DEVNULL)  # it is the webhook's own
    assert Served(process).post_often(20) == {200}
    process.terminate()
    process.communicate(timeout=15)


@pytest.mark.processes
def test_the_port_goes_to_the_next_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the place of another, by SIGUSR2, has its port, and its own counts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("CRAMP_COACH_HEALTH_PORT", str(free.getsockname()[1]))
    with running() as process:
        served = Served(process)
        until(lambda: len(served.workers()) == 2)
        workers = set(served.workers())
        process.send_signal(signal.SIGUSR2)
        assert [line[:7] for line in said_until_ready(process)[-2:]] == ["health:", "ready: "]
        (second,) = set(served.workers()) - workers
        process.terminate()
        until(lambda: process.poll() == 0)
        assert asked(served, "/health") == (200, "ok\n")
        assert len(folders(process.pid)) + len(folders(second)) == 1
        os.kill(second, signal.SIGTERM)
        until(lambda: not folders(process.pid, second))

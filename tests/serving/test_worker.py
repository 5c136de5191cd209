"""skill.serving.worker: workers that are replaced, killed and stopped while they are asked."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from subprocess import DEVNULL

import pytest

from bench import echo_show, servers
from tests.chains import SKILL_ID
from tests.serving.served import KEPT, LAUNCH, Served, received, serving_process

pytestmark = pytest.mark.processes

JSON = {"Content-Type": "application/json"}
UNSIGNED = 400
"""How a server that verifies answers in these tests: all of it but the conversation was there."""


class Clients:
    """Clients that ask one request after another, each on a new connection or on one it keeps."""

    def __init__(self, served: Served, count: int = 4) -> None:
        self._served = served
        self._asking = True
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(count)]
        self.answers: list[int] = []
        self.failures: list[str] = []

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """No further request; those that are under way are waited for."""
        self._asking = False
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        """Until so many more requests were answered."""
        enough = len(self.answers) + more
        deadline = time.monotonic() + 20
        while len(self.answers) < enough:
            assert time.monotonic() < deadline, (self.answers[-3:], self.failures[-3:])
            time.sleep(0.01)

    def _ask(self, number: int) -> None:
        http = HTTPConnection("127.0.0.1", self._served.port, timeout=10)
        while self._asking:
            try:
                http.request("POST", "/alexa", LAUNCH, JSON)
                response = http.getresponse()
                response.read()
                self.answers.append(response.status)
            except (OSError, HTTPException) as error:
                self.failures.append(repr(error))
                http.close()
            if number % 2:
                http.close()
        http.close()


def until(true: Callable[[], bool]) -> None:
    """Returns once it is true, and fails where it does not come true."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_reload_under_load() -> None:
    """While workers are replaced one after another, no request fails."""
    with serving_process(dev=False, skill_id=SKILL_ID, log=DEVNULL) as served:
        before = set(served.workers())
        with Clients(served) as clients:
            clients.wait_for(100)
            served.process.send_signal(signal.SIGHUP)
            until(lambda: not before & set(served.workers()))
            clients.wait_for(100)
        assert clients.failures == []
        assert set(clients.answers) == {UNSIGNED}


def test_a_worker_dies() -> None:
    """A worker's death costs no more than what it held: others answer, and a new one comes."""
    with serving_process(dev=False, skill_id=SKILL_ID, log=DEVNULL) as served:
        time.sleep(0.5)  # by now each of its workers has started
        killed, *others = served.workers()
        with Clients(served) as clients:
            clients.wait_for(100)
            os.kill(killed, signal.SIGKILL)
            clients.wait_for(100)
        assert others
        assert len(clients.failures) <= 4  # one a client
        until(lambda: len(set(served.workers()) - {killed}) > len(others))


def test_a_new_worker_knows_the_chain(tmp_path: Path) -> None:
    """A worker that starts while the certificate host is down answers at once."""
    alexa = echo_show.Alexa()
    alexa.save(tmp_path, [])
    (tmp_path / "skew").write_text("0")
    (tmp_path / "certificates").write_text("well")
    command = [sys.executable, "-m", "bench.stacks.serve_soak", str(tmp_path)]
    with servers.running(servers.Server(command), tmp_path, pinned=False) as running:
        assert post(running.port, alexa.sign(echo_show.cramp())) == 200
        (tmp_path / "certificates").write_text("dead")
        before = set(running.workers())
        running.process.send_signal(signal.SIGHUP)
        until(lambda: not before & set(running.workers()))
        for _ in range(20):
            assert post(running.port, alexa.sign(echo_show.cramp())) == 200


@pytest.mark.parametrize("kept", [True, False])
def test_chains_outlive_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    """With a state folder, a server that starts while the certificate host is down answers.

    One that cannot be written costs what it would have kept, and not the start.
    """
    (tmp_path / "file").touch()
    monkeypatch.setenv("CRAMP_COACH_STATE_DIR", str(tmp_path / ("state" if kept else "file")))
    alexa = echo_show.Alexa()
    alexa.save(tmp_path, [])
    (tmp_path / "skew").write_text("0")
    command = [sys.executable, "-m", "bench.stacks.serve_soak", str(tmp_path)]
    for host, status in (("well", 200), ("dead", 200 if kept else 400)):
        (tmp_path / "certificates").write_text(host)
        with servers.running(servers.Server(command), tmp_path, pinned=False) as running:
            assert post(running.port, alexa.sign(echo_show.cramp())) == status
            if kept:
                until(lambda: bool((tmp_path / "state" / "chains.jsonl").stat().st_size))


def post(port: int, signed: echo_show.Signed) -> int:
    """The status of the answer to a signed request, on a new connection."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as http:
        http.request("POST", "/alexa", signed.body, signed.headers)
        return http.getresponse().status


def test_the_master_dies() -> None:
    """Workers do not outlive the process that would replace them."""
    with serving_process(log=DEVNULL) as served:
        assert served.post() == 200
        served.process.kill()
        served.process.wait()
        until(lambda: not is_listening(served))


def is_listening(served: Served) -> bool:
    try:
        served.connect().close()
    except (ConnectionRefusedError, ConnectionResetError):  # closed, or just closing
        return False
    return True


def test_stop_under_way() -> None:
    """When the server is told to stop, what is being sent is answered, and nothing new."""
    with serving_process(patience=5) as served, served.connect(KEPT[:100]) as sock:
        time.sleep(0.2)
        served.process.terminate()
        time.sleep(0.5)
        assert not is_listening(served)  # so that whoever asks can try elsewhere
        sock.sendall(KEPT[100:])
        answer = received(sock)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"\r\nConnection: close\r\n" in answer


def test_stop_with_an_idle_connection() -> None:
    """A connection that is kept but not used does not keep the server from stopping."""
    with serving_process(patience=30) as served, served.connect(KEPT) as sock:
        assert sock.recv(100).startswith(b"HTTP/1.1 200 ")
        served.process.terminate()
        served.process.wait(timeout=10)

"""How a server that runs is replaced by one with other words or code, as `docs/runbook.md` says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import DEVNULL, PIPE

import pytest

from tests.chains import SKILL_ID
from tests.serving.served import ROOT, WHOLE, Served, received, running, said_until_ready
from tests.serving.test_worker import UNSIGNED, Clients, until

pytestmark = pytest.mark.processes

ENVIRON = os.environ | {"CRAMP_COACH_SKILL_ID": SKILL_ID}
HANDED_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
from skill.serving.serve import serve
serve("127.0.0.1", 8080, False)
"""


@contextmanager
def handed_over(listener: socket.socket) -> Iterator[subprocess.Popen[str]]:
    """A server that is handed its socket, as by systemd, until the end of the block."""
    number = listener.fileno()
    process = subprocess.Popen(
        [sys.executable, "-c", HANDED_OVER, str(number)],
        pass_fds=[number], stdout=PIPE, stderr=DEVNULL, text=True, cwd=ROOT, env=ENVIRON,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=15)


def test_a_socket_that_systemd_holds() -> None:
    """Where systemd holds the socket, who asks while no server runs waits, and is answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with handed_over(listener) as process:
            assert Served(process).port == port
        with socket.create_connection(("127.0.0.1", port), timeout=60) as early:
            early.sendall(WHOLE)
            with handed_over(listener):
                assert received(early).startswith(b"HTTP/1.1 400 ")


def test_other_code_without_a_gap() -> None:
    """SIGUSR2 starts a second server on the same socket; the first can then go, and none fails."""
    with running() as process:
        served = Served(process)
        until(lambda: len(served.workers()) == 2)
        workers = set(served.workers())
        with Clients(served) as clients:
            process.send_signal(signal.SIGUSR2)
            assert said_until_ready(process)
            (second,) = set(served.workers()) - workers
            process.terminate()
            until(lambda: process.poll() == 0)
            clients.wait_for(100)
            clients.stop()
            os.kill(second, signal.SIGTERM)
    assert clients.failures == []
    assert set(clients.answers) == {UNSIGNED}

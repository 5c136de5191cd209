"""skill.serving.no_core: a crash writes nothing of hers to a disk."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from skill.serving import serve as serving
from skill.serving.no_core import leave_no_core
from tests.serving.served import serving_process

_PR_GET_DUMPABLE = 3

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")


def status_of(does: Callable[[], object]) -> int:
    """How a fork ends that does this, as `os.waitpid` has it; 0 where it returned."""
    child = os.fork()
    if not child:
        does()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def test_not_dumpable() -> None:
    """Afterwards the limit is 0, cannot be raised, and the kernel knows that it may not dump."""

    def ask() -> None:
        leave_no_core()
        limits = resource.getrlimit(resource.RLIMIT_CORE)
        os._exit(0 if limits == (0, 0) and not ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE) else 1)

    assert status_of(ask) == 0


def test_a_crash_leaves_no_core(tmp_path: Path) -> None:
    """A process that aborts, with as large dumps allowed as may be, leaves none."""

    def crash() -> None:
        os.chdir(tmp_path)
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
        leave_no_core()
        signal.signal(signal.SIGABRT, signal.SIG_DFL)  # pytest has its own answer to it
        os.kill(os.getpid(), signal.SIGABRT)

    status = status_of(crash)
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)
    assert list(tmp_path.iterdir()) == []


def test_before_all_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Serving begins with it, before there is an application to take a request."""

    class Called(Exception):
        pass

    def call() -> None:
        raise Called

    monkeypatch.setattr(serving, "leave_no_core", call)
    monkeypatch.setattr(serving, "create_app", pytest.fail)
    with pytest.raises(Called):
        serving.serve("127.0.0.1", 0, dev=True)


@pytest.mark.processes
def test_workers_leave_no_core() -> None:
    """A worker may write a core of no size at all."""
    with serving_process() as served:
        (worker,) = served.workers()
        limits = Path(f"/proc/{worker}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["0", "0"]

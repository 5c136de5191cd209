"""Amazon's own command, `ask smapi`, with the login that it keeps itself.

Nothing here sees a password or a token. Amazon names no rate; it answers 429 where one is exceeded,
and 409 where a simulation is still running, since it takes one at a time (alexa.md 8).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

BROUGHT = Path(__file__).parents[2] / "build" / "amazon" / "node_modules" / ".bin"
BETWEEN = 1.0  # seconds at least from the start of one call to the next
WAITS = (2, 4, 8, 16, 32, 64, 64)  # seconds before another try, where Amazon is busy
_LATER = re.compile(r"status code (?:409|429|5\d\d)|ECONN\w+|ETIMEDOUT|EAI_AGAIN|socket hang up")
_MESSAGE = re.compile(r'"message": "((?:[^"\\]|\\.)*)"')

Run = Callable[[Sequence[str]], tuple[int, str, str]]
"""Runs a command: exit code, standard output, standard error. OSError if there is none."""


class AskError(Exception):
    """What Amazon refused, or `ask` could not do."""


def run(words: Sequence[str]) -> tuple[int, str, str]:
    """Runs a command and waits for it: the one on the path, or what `make amazon` brought."""
    found = shutil.which(words[0]) or str(BROUGHT / words[0])
    done = subprocess.run(
        [found, *words[1:]], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


class Ask:
    """Calls `ask smapi`, not too often, and again where Amazon is busy."""

    def __init__(
        self,
        run: Run = run,
        *,
        sleep: Callable[[float], object] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._run, self._sleep, self._now = run, sleep, now
        self._next = 0.0

    def __call__(self, command: str, options: Mapping[str, str]) -> dict[str, Any]:
        """What Amazon answers to a command with its options, by long name. AskError."""
        words = [f"--{name}={value}" for name, value in options.items()]
        for wait in (*WAITS, None):
            code, out, err = self._called(["ask", "smapi", command, *words])
            if code == 0:
                answer: dict[str, Any] = json.loads(out)
                return answer
            if wait is None or not _LATER.search(err):
                break
            self._sleep(wait)
        found = _MESSAGE.search(err)
        raise AskError(found[1] if found else err.strip() or f"ask ended with {code}")

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        self._sleep(seconds)

    def _called(self, words: Sequence[str]) -> tuple[int, str, str]:
        if (early := self._next - self._now()) > 0:
            self._sleep(early)
        self._next = self._now() + BETWEEN
        try:
            return self._run(words)
        except OSError as error:
            raise AskError(f"ask cannot be run ({error}): `make amazon` brings it") from error

"""CPU of a cold start on Lambda: the function's import with its words, and its first answer.

    python -m bench.cold_start

Each start is a process of its own, as on Lambda; what the interpreter takes before is left out.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence

from bench import echo_show

STARTS = 9
BAR = 0.25

_START = """
import json, sys, time
event = json.load(sys.stdin)
before = time.process_time()
from skill.aws_lambda import handler
handler(event, None)
print(time.process_time() - before)
"""


def seconds(locale: str, starts: int = STARTS) -> Sequence[float]:
    """CPU seconds of each of so many cold starts with a first request in a locale."""
    event = echo_show.cramp()
    event["request"]["locale"] = locale
    environ = os.environ | {"CRAMP_COACH_SKILL_ID": echo_show.SKILL_ID}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a zip for Lambda has its bytecode too
    command, body = [sys.executable, "-W", "ignore", "-c", _START], json.dumps(event)
    started = [
        subprocess.run(command, input=body, env=environ, capture_output=True, text=True)
        for _ in range(starts + 1)
    ]
    if failed := [each for each in started if each.returncode]:
        raise SystemExit(failed[0].stderr)
    return [float(each.stdout) for each in started[1:]]  # the first one writes bytecode


def report() -> str:
    """What `make bench` prints of it."""
    figures = [*seconds("en-US"), *seconds("en-GB")]
    return (
        "CPU of a cold start on Lambda (import, catalogue, first answer): "
        f"{statistics.median(figures):.2f} s (best {min(figures):.2f}; bar {BAR})"
    )


if __name__ == "__main__":
    print(report())

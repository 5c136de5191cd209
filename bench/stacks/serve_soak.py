"""Serves Cramp Coach for a soak: its certificate host and its clock fail on demand.

    python -m bench.stacks.serve_soak FOLDER [PORT]

FOLDER/certificates says how the certificate host is: "well", "dead", "slow" or "wrong".
FOLDER/skew is by how many seconds the clock is wrong.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.echo_show import SKILL_ID
from skill.serving import serve
from skill.web import create_app

FOLDER = Path(sys.argv[1])


def fetch(_url: str) -> bytes:
    """The chain, as far as the certificate host is well."""
    match (FOLDER / "certificates").read_text():
        case "dead":
            raise OSError("the host is down")
        case "slow":
            time.sleep(6)
        case "wrong":
            return (FOLDER / "root.pem").read_bytes()
    return (FOLDER / "chain.pem").read_bytes()


def now() -> datetime:
    """The time by a clock that may be wrong."""
    return datetime.now(UTC) + timedelta(seconds=float((FOLDER / "skew").read_text()))


if __name__ == "__main__":
    os.environ["CRAMP_COACH_SKILL_ID"] = SKILL_ID
    os.environ.setdefault("CRAMP_COACH_STATE_DIR", str(FOLDER / "state"))
    roots = (FOLDER / "root.pem").read_bytes()
    serve.create_app = partial(create_app, roots=roots, fetch=fetch, now=now)  # type: ignore[attr-defined]
    serve.serve("127.0.0.1", int(next(iter(sys.argv[2:]), 0)), dev=False)

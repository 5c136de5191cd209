"""Serves Cramp Coach with `cramp-coach serve`'s own server, one worker, on a free port.

What is replaced, as for all: the trusted root and the fetched chain.
"""

import os
from typing import Any

from flask import Flask

from bench.echo_show import SKILL_ID
from bench.stacks import ours
from skill import serving


def create_app(*, roots: bytes | None = None, **others: Any) -> Flask:
    """The application of the comparison; any other root means the server's rehearsal."""
    return ours.app if roots is None else original(roots=roots, **others)


if __name__ == "__main__":
    os.environ["CRAMP_COACH_SKILL_ID"] = SKILL_ID
    serving.WORKERS = 1
    original, serving.create_app = serving.create_app, create_app
    serving.serve("127.0.0.1", 0, dev=False)

"""Serves Cramp Coach with `cramp-coach serve`'s own server, one worker, on a free port.

What is replaced, as for all: the trusted root and the fetched chain.
"""

import os

from bench.echo_show import SKILL_ID
from bench.stacks import ours
from skill.serving import serve

if __name__ == "__main__":
    os.environ["CRAMP_COACH_SKILL_ID"] = SKILL_ID
    serve.WORKERS = 1
    serve.create_app = lambda **_: ours.app  # type: ignore[attr-defined]
    serve.serve("127.0.0.1", 0, dev=False)

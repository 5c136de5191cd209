"""Serves Cramp Coach with granian, one worker: `python -m bench.stacks.serve_granian PORT`."""

import sys

from granian import Granian
from granian.constants import Interfaces

if __name__ == "__main__":
    server = Granian(
        "bench.stacks.ours:app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=int(sys.argv[2]) if len(sys.argv) > 2 else None,
        log_enabled=False,
    )
    server.serve()

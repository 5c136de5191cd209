"""Serves `app` of a file with gunicorn's gthread, one worker, on a free port of loopback.

python serve_gunicorn.py STACK
"""

import runpy
import sys
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]


def say_ready(worker: Any) -> None:
    print(f"ready: {worker.sockets[0].getsockname()[1]}", flush=True)


class Server(BaseApplication):  # type: ignore[misc]
    def load_config(self) -> None:
        options = {
            "bind": "127.0.0.1:0",
            "worker_class": "gthread",
            "threads": 16,
            "keepalive": 15,
            "loglevel": "error",
            "control_socket_disable": True,
            "post_worker_init": say_ready,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        return runpy.run_path(sys.argv[1])["app"]


if __name__ == "__main__":
    Server().run()

"""The simulator's page on a port of loopback: alone, or beside the conversation in the terminal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import BaseWSGIServer

from skill.browser.app import create_app
from skill.browser.loopback import run, served


@contextmanager
def page(port: int) -> Iterator[tuple[str, BaseWSGIServer]]:
    """The page's address and its server. SystemExit as `served`."""
    app = create_app()
    try:
        with served(app, port) as (address, server):
            yield address, server
    finally:
        app.extensions["bedsides"].close()


def serve(port: int, *, open_it: bool) -> None:
    """The page alone, until it is stopped; SystemExit as `page`."""
    with page(port) as (address, server):
        run("A local Alexa", address, server, open_it=open_it)


@contextmanager
def page_beside() -> Iterator[str]:
    """The page on a thread of its own, on a free port; gives its address."""
    with page(0) as (address, server):
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()

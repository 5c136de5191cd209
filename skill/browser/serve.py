"""The page on a port of loopback: alone, or beside the conversation in the terminal."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from skill.browser.app import LOOPBACK, create_app


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: what is said is not logged."""


@contextmanager
def page(port: int) -> Iterator[tuple[str, BaseWSGIServer]]:
    """The page's address and its server, on a port of loopback; 0 takes a free one.

    SystemExit where the port cannot be had, as werkzeug has it.
    """
    app = create_app()
    server = make_server(LOOPBACK, port, app, threaded=True, request_handler=_Quiet)
    try:
        yield f"http://{LOOPBACK}:{server.server_port}/", server
    finally:
        server.server_close()
        app.extensions["bedsides"].close()


def serve(port: int, *, open_it: bool) -> None:
    """The page alone, until it is stopped; SystemExit as `page`."""
    with page(port) as (address, server):
        print(f"A local Alexa: {address}\nCtrl-C ends.", flush=True)
        if open_it:
            webbrowser.open(address)
        server.serve_forever()


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

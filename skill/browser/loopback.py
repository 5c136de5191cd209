"""What serves a page on this machine, for this machine alone.

A page from elsewhere cannot use it: a request that names another host, or comes from another
origin, is refused, so a name that is bound anew to this machine leads nowhere; and what changes
something takes JSON alone, which other origins may not send unasked.
"""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

LOOPBACK = "127.0.0.1"
HOSTS = (LOOPBACK, "localhost")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


# --- what a page's app has


def guard(app: Flask, most_bytes: int, *allowed: str) -> None:
    """Refuses everybody else, and what is longer; a page loads nothing from elsewhere.

    allowed: what the policy of this app's pages says besides. An answer may have its own.
    """
    app.config["MAX_CONTENT_LENGTH"] = most_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]  # in the order in which it is read
    app.before_request(_refuse_others)
    policy = "; ".join([POLICY, *allowed])
    app.after_request(lambda response: _with_headers(response, policy))
    app.register_error_handler(HTTPException, _told)


def _refuse_others() -> None:
    """403 for whoever does not mean this machine, or comes from another page."""
    host = request.host.rsplit(":", 1)[0]
    port = request.environ.get("SERVER_PORT")
    origin = request.headers.get("Origin")
    own = {f"http://{name}:{port}" for name in HOSTS}
    site = request.headers.get("Sec-Fetch-Site", "none")
    if host not in HOSTS or (origin and origin not in own):
        abort(403, "this page is for this machine alone")
    if site not in ("none", "same-origin"):
        abort(403, "this page is for this machine alone")
    if request.method == "POST" and not request.is_json:
        abort(415, "JSON alone is read")


def _with_headers(response: Response, policy: str) -> Response:
    own = response.headers.get("Content-Security-Policy", policy)
    response.headers.update({**_HEADERS, "Content-Security-Policy": own})
    return response


def _told(error: HTTPException) -> tuple[Response, int]:
    return failed(error.description or error.name, error.code or 500)


def failed(reason: str, status: int) -> tuple[Response, int]:
    """What a page is told that cannot have what it asked for."""
    return jsonify(error=reason), int(status)


def sent() -> Mapping[str, Any]:
    """What a page sent; 400 where it is no object."""
    found = request.get_json()
    if not isinstance(found, dict):
        abort(400, "an object is needed")
    return found


# --- its server


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: what is said is not logged."""


@contextmanager
def served(app: Flask, port: int) -> Iterator[tuple[str, BaseWSGIServer]]:
    """The address of an app's page and its server, on a port of loopback; 0 takes a free one.

    SystemExit where the port cannot be had, as werkzeug has it.
    """
    server = make_server(LOOPBACK, port, app, threaded=True, request_handler=_Quiet)
    try:
        yield f"http://{LOOPBACK}:{server.server_port}/", server
    finally:
        server.server_close()


@contextmanager
def beside(app: Flask) -> Iterator[str]:
    """The page on a thread of its own, on a free port; gives its address."""
    with served(app, 0) as (address, server):
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()


def run(what: str, address: str, server: BaseWSGIServer, *, open_it: bool) -> None:
    """Says where a page is, and serves it until it is stopped."""
    print(f"{what}: {address}\nCtrl-C ends.", flush=True)
    if open_it:
        webbrowser.open(address)
    server.serve_forever()

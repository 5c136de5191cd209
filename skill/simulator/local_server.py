"""The webhook on loopback with verification on, and how the local Alexa reaches a webhook."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from werkzeug.serving import WSGIRequestHandler, make_server

from skill.alexa.authority import Authority
from skill.simulator.device import SKILL_ID, Device
from skill.simulator.understand import listener
from skill.web import create_app

PATIENCE_SECONDS = 8
"""How long Alexa waits for an answer."""

Sign = Callable[[bytes], Mapping[str, str]]


class WebhookError(Exception):
    """A webhook that cannot be reached, or that does not answer as one."""


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: what is said is not logged."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Alexa follows no redirects."""


@contextmanager
def local_server(now: Callable[[], datetime]) -> Iterator[tuple[str, Sign]]:
    """Runs the webhook on a free port of loopback; gives its URL and what signs requests for it.

    It trusts a throw-away authority and nobody else, and goes by the clock `now`.
    """
    authority = Authority(now=now())
    app = create_app(skill_ids=[SKILL_ID], roots=authority.root_pem, now=now, fetch=authority.fetch)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/alexa", authority.sign
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def post(url: str, sign: Sign | None, envelope: Mapping[str, Any]) -> Mapping[str, Any]:
    """Posts a request envelope, signed if `sign` is given, and returns the response.

    WebhookError if there is no answer, one other than 200, or one that is no response.
    """
    body = json.dumps(envelope).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", **(sign(body) if sign else {})}
    handlers = [_NoRedirect(), *([ProxyHandler({})] if sign else [])]
    try:
        request = Request(url, body, headers, method="POST")
        with build_opener(*handlers).open(request, timeout=PATIENCE_SECONDS) as answer:
            status, text = answer.status, answer.read()
    except HTTPError as error:
        raise WebhookError(f"{url} answered {error.code}: {_first_line(error.read())}") from error
    except (URLError, OSError, ValueError) as error:
        raise WebhookError(f"{url} cannot be reached: {getattr(error, 'reason', error)}") from error
    if status != 200:
        raise WebhookError(f"{url} answered {status}")
    return _response(url, text)


def _response(url: str, text: bytes) -> Mapping[str, Any]:
    try:
        response = json.loads(text)
    except ValueError as error:
        raise WebhookError(f"{url} answered 200, but not with JSON") from error
    if not isinstance(response, dict):
        raise WebhookError(f"{url} answered 200, but not with a response")
    return response


def _first_line(text: bytes) -> str:
    return (text.decode("utf-8", "replace").splitlines() or [""])[0][:200]


@contextmanager
def connected_device(locale: str, url: str | None = None) -> Iterator[Device]:
    """A device that talks, unsigned, to the webhook at `url`, or else to a local one, signed.

    It goes on learning to understand while the first words are read or typed.
    """
    route: tuple[str, Sign | None] = (url or "", None)
    ear = listener(locale)
    device = Device(locale, ear, lambda envelope: post(*route, envelope))
    with ExitStack() as stack:
        if not url:
            route = stack.enter_context(local_server(device.now))
        ear.prepare()
        yield device

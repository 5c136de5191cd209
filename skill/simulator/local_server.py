"""The webhook on loopback with verification on, and how the local Alexa reaches a webhook."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from werkzeug.serving import WSGIRequestHandler, make_server

from skill.alexa.authority import Authority
from skill.simulator.device import SKILL_ID, Device
from skill.simulator.understand import listener
from skill.web import create_app

PATIENCE_SECONDS = 8
"""How long Alexa waits for an answer."""

POLL_SECONDS = 0.05
"""How often the webhook looks whether it is to stop, which the end of a conversation waits for."""

MOST_BYTES = 1024 * 1024
"""Far more than Alexa takes."""

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
    thread = threading.Thread(target=server.serve_forever, args=[POLL_SECONDS], daemon=True)
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
    handlers = [_NoRedirect(), *([ProxyHandler({})] if sign else [])]
    try:
        body = json.dumps(envelope).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        request = Request(url, body, headers | dict(sign(body) if sign else {}), method="POST")
        with build_opener(*handlers).open(request, timeout=PATIENCE_SECONDS) as answer:
            status, text = answer.status, answer.read(MOST_BYTES + 1)
    except HTTPError as error:
        raise WebhookError(f"{url} answered {error.code}: {_first_line(error)}") from error
    except (HTTPException, OSError, RecursionError, ValueError) as error:
        raise WebhookError(f"{url} cannot be reached: {getattr(error, 'reason', error)}") from error
    if status != 200:
        raise WebhookError(f"{url} answered {status}")
    if len(text) > MOST_BYTES:
        raise WebhookError(f"{url} answered 200, with more than {MOST_BYTES} bytes")
    return _response(url, text)


def _response(url: str, text: bytes) -> Mapping[str, Any]:
    try:
        response = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WebhookError(f"{url} answered 200, but not with JSON that can be read") from error
    if not _is_response(response):
        raise WebhookError(f"{url} answered 200, but not with a response")
    return dict(response)


def _is_response(answer: object) -> bool:
    """Whether all that a device looks at has the shape that it looks for, if it is there."""
    if not isinstance(answer, dict):
        return False
    inner = answer.get("response") or {}
    if not isinstance(inner, dict):
        return False
    reprompt = inner.get("reprompt") or {}
    if not isinstance(reprompt, dict):
        return False
    looked_at = (
        answer.get("sessionAttributes"),
        inner.get("outputSpeech"),
        reprompt.get("outputSpeech"),
    )
    return all(it is None or isinstance(it, dict) for it in looked_at)


def _first_line(answer: HTTPError) -> str:
    with suppress(HTTPException, OSError):
        return (answer.read(1000).decode("utf-8", "replace").splitlines() or [""])[0][:200]
    return ""


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

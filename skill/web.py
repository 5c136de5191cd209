"""The webhook: `create_app()` makes the Flask app that answers `POST /alexa`."""

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import orjson
from flask import Flask, Response, request
from werkzeug.datastructures import EnvironHeaders
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_content_length, get_input_stream

from skill.alexa.chains import MOST_WAITING, ChainStore, Fetch
from skill.alexa.envelope import Envelope
from skill.alexa.handlers import ANSWERED, Skill
from skill.alexa.refusal import Cause, Refusal
from skill.alexa.reply import apology
from skill.alexa.trust import SKILL_EVENTS, Anyone, Clock, Trust

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/alexa"
MOST_BODY_BYTES = 64 * 1024

_STATUS = {Cause.PATH: 404, Cause.METHOD: 405, Cause.SIZE: 413, Cause.MEDIA_TYPE: 415}
_CAUSE = {404: Cause.PATH, 405: Cause.METHOD}
_LOGGED_KINDS = ANSWERED | {"SessionEndedRequest"} | SKILL_EVENTS
_HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
_NOTHING_TO_SAY = b'{"version":"1.0","response":{}}'

_log = logging.getLogger(__name__)


def create_app(
    *,
    skill_ids: Sequence[str],
    verify: bool = True,
    roots: bytes | None = None,
    now: Clock | None = None,
    fetch: Fetch | None = None,
    most_waiting: int = MOST_WAITING,
    shelf: ChainStore | None = None,
) -> Flask:
    """The webhook for the skills with these ids. ValueError if there is none and `verify` is on.

    `roots`, `now`, `fetch`, `most_waiting` and `shelf` are as `Trust` takes them.
    Without `verify` (development only) anyone is answered, and a refusal names its cause.
    `app.extensions["webhook"]` is its `Webhook`, which counts refusals and errors.
    """
    if not verify:
        return _app(Webhook(Anyone()))
    ids = [skill_id.strip() for skill_id in skill_ids if skill_id.strip()]
    if not ids:
        raise ValueError("no skill id: set CRAMP_COACH_SKILL_ID to the id of the skill")
    trust = Trust(
        skill_ids=ids, roots=roots, now=now, fetch=fetch, most_waiting=most_waiting, shelf=shelf
    )
    return _app(Webhook(trust))


def _app(webhook: "Webhook") -> Flask:
    """Flask with the webhook as its one view; of other requests it finds path or method wrong."""
    app = Flask("skill", static_folder=None)
    app.extensions["webhook"] = webhook
    app.add_url_rule(
        PATH,
        view_func=lambda: webhook.answer(request.environ).as_flasks(),
        endpoint="alexa",
        methods=["POST"],
        provide_automatic_options=False,
    )
    app.register_error_handler(HTTPException, webhook.answer_unrouted)
    app.wsgi_app = _Shortcut(webhook, app.wsgi_app)  # type: ignore[method-assign]
    return app


class _Shortcut:
    """Brings requests for the webhook past Flask's routing, contexts and sessions.

    A warm request takes 0.16 ms of CPU without them and 0.28 with, and the webhook uses none.
    """

    def __init__(self, webhook: "Webhook", flask: "WSGIApplication") -> None:
        self._webhook = webhook
        self._flask = flask

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO") == PATH:
            answer = self._webhook.answer(environ)
            start_response(answer.status, answer.headers())
            return [answer.body]
        return self._flask(environ, start_response)


class Answer(NamedTuple):
    """What is answered: a status line, a body and its media type."""

    status: str
    body: bytes
    media_type: str

    def headers(self) -> list[tuple[str, str]]:
        """All headers, as WSGI has them."""
        length = str(len(self.body))
        return [("Content-Type", self.media_type), ("Content-Length", length), *_HEADERS]

    def as_flasks(self) -> Response:
        """The same as Flask has it."""
        return Response(self.body, self.status, headers=self.headers())


class Tally:
    """Counts words; any thread may add."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, word: str) -> None:
        with self._lock:
            self._counts[word] += 1

    def counts(self) -> dict[str, int]:
        """How often each word was added."""
        with self._lock:
            return dict(self._counts)


class Webhook:
    """From a request's bytes to a response's: what trust admits, the skill answers.

    `refusals` counts by cause, `errors` counts what was unforeseen, by type.
    """

    def __init__(self, trust: Trust | Anyone) -> None:
        self.trust = trust
        self._skill = Skill()
        self._last_resort = apology("")  # made now, so that it cannot fail at night
        self.refusals = Tally()
        self.errors = Tally()

    def answer(self, environ: "WSGIEnvironment") -> Answer:
        """The answer to a request."""
        started = time.perf_counter()
        try:
            envelope = self.trust.admit(EnvironHeaders(environ), _body(environ))
        except Exception as error:  # noqa: BLE001 what goes wrong before trust is a refusal
            return self._refused(error, started)
        try:
            reply, error_name = self._skill.answer(envelope), None
        except Exception as error:  # noqa: BLE001 what goes wrong after it is answered
            error_name = type(error).__name__
            self.errors.add(error_name)
            reply = self._calm(envelope)
        _log_request(envelope.kind, "apologised" if error_name else "answered", error_name, started)
        return Answer("200 OK", reply, "application/json;charset=UTF-8")

    def refuse(self, cause: Cause) -> Answer:
        """The refusal of what the server before this one could not read, or would not."""
        return self._refused(Refusal(cause), time.perf_counter())

    def answer_unrouted(self, error: HTTPException) -> Response:
        """The refusal of a request that Flask found no view for."""
        cause = _CAUSE.get(error.code or 0, Cause.UNFORESEEN)
        response = self.refuse(cause).as_flasks()
        if cause is Cause.METHOD:
            response.headers["Allow"] = "POST"
        return response

    def _calm(self, envelope: Envelope) -> bytes:
        if envelope.kind not in ANSWERED:
            return _NOTHING_TO_SAY
        try:
            return apology(envelope.locale)
        except Exception as error:  # noqa: BLE001 she is answered all the same
            self.errors.add(type(error).__name__)
            return self._last_resort

    def _refused(self, error: Exception, started: float) -> Answer:
        if isinstance(error, Refusal):
            cause, word = error.cause, str(error.cause)
        else:
            cause, word = Cause.UNFORESEEN, type(error).__name__
            self.errors.add(word)
        self.refusals.add(cause)
        _log_request("other", "refused", word, started)
        body = f"refused: {cause}" if isinstance(self.trust, Anyone) else "refused"
        status = HTTPStatus(_STATUS.get(cause, 400))
        return Answer(f"{status.value} {status.phrase}", body.encode(), "text/plain; charset=utf-8")


def is_json(content_type: str) -> bool:
    """Whether a body of this type is read."""
    media_type, _, _ = content_type.partition(";")
    return media_type.strip().lower() == "application/json"


def _body(environ: "WSGIEnvironment") -> bytes:
    """The raw bytes of a JSON request of a fair size; refused, where possible, unread."""
    if (get_content_length(environ) or 0) > MOST_BODY_BYTES:
        raise Refusal(Cause.SIZE)
    if not is_json(environ.get("CONTENT_TYPE", "")):
        raise Refusal(Cause.MEDIA_TYPE)
    try:  # of a body that comes without its length one byte more is read, so that it shows
        body = get_input_stream(environ, max_content_length=MOST_BODY_BYTES + 1).read()
    except (HTTPException, OSError):  # the client went away
        raise Refusal(Cause.BODY) from None
    if len(body) > MOST_BODY_BYTES:
        raise Refusal(Cause.SIZE)
    return body


def _log_request(kind: str, outcome: str, cause: str | None, started: float) -> None:
    if _log.isEnabledFor(logging.INFO):
        line = {
            "request": kind if kind in _LOGGED_KINDS else "other",
            "outcome": outcome,
            "cause": cause,
            "ms": round((time.perf_counter() - started) * 1000, 1),
            "worker": os.getpid(),
        }
        _log.info(orjson.dumps(line).decode())

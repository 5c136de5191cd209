"""The webhook: `create_app()` makes the Flask app that answers `POST /alexa`."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, Protocol

from flask import Flask, Response, request
from werkzeug.datastructures import EnvironHeaders
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wsgi import get_content_length, get_input_stream

from skill.alexa.anyone import Anyone
from skill.alexa.chains import MOST_WAITING, ChainStore, Fetch, fetch_chain
from skill.alexa.handlers import ANSWERED, Skill
from skill.alexa.refusal import Cause, Refusal
from skill.alexa.trust import SKILL_EVENTS, Clock, Headers, Trust
from skill.log import Line, fault
from skill.pages import PAGES, html, operator
from skill.speech.catalogue import DEFAULT_LOCALE, LOCALES

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/alexa"
PATHS = frozenset({PATH, f"{PATH}/"})
MOST_BODY_BYTES = 64 * 1024
TELLING_SECONDS = 60

_STATUS = {Cause.PATH: 404, Cause.METHOD: 405, Cause.SIZE: 413, Cause.MEDIA_TYPE: 415}
_CAUSE = {404: Cause.PATH, 405: Cause.METHOD}
_KNOWN_KINDS = ANSWERED | {"SessionEndedRequest"} | SKILL_EVENTS
_HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
_PAGE_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    ("Referrer-Policy", "no-referrer"),
)
MARKS_HEADER = "Cramp-Coach-Skill"

_log = logging.getLogger(__name__)

KINDS = frozenset({*_KNOWN_KINDS, "other"})
"""What the log and a meter call the types of requests."""

OUTCOMES = ("answered", "apologised")
"""What becomes of a request that is Alexa's."""

FETCHES = ("fetched", "failed")
"""What becomes of a fetch of a certificate chain."""


class Meter(Protocol):
    """Counts, for whoever runs the webhook. It is told fixed words and seconds, and never waits."""

    def answered(self, kind: str, outcome: str, seconds: float) -> None:
        """A request of one of `KINDS` had one of `OUTCOMES`, after so many seconds."""

    def refused(self, cause: Cause) -> None:
        """A request was refused."""

    def fetched(self, outcome: str) -> None:
        """A chain was fetched, with one of `FETCHES`."""


def create_app(
    *,
    skill_ids: Sequence[str],
    verify: bool = True,
    roots: bytes | None = None,
    now: Clock | None = None,
    fetch: Fetch | None = None,
    most_waiting: int = MOST_WAITING,
    shelf: ChainStore | None = None,
    meter: Meter | None = None,
) -> Flask:
    """The webhook for the skills with these ids. ValueError if there is none and `verify` is on.

    `roots`, `now`, `fetch`, `most_waiting` and `shelf` are as `Trust` takes them; `meter` counts.
    Without `verify` (development) anyone on this machine is answered, and told why he is not.
    `app.extensions["webhook"]` is its `Webhook`, which counts refusals and errors.
    """
    if not verify:
        return _app(Webhook(Anyone(), meter), [])
    ids, fetch = _plain(skill_ids), _metered(fetch or fetch_chain, meter)
    trust = Trust(
        skill_ids=ids, roots=roots, now=now, fetch=fetch, most_waiting=most_waiting, shelf=shelf
    )
    return _app(Webhook(trust, meter), ids)


def _plain(skill_ids: Sequence[str]) -> list[str]:
    ids = [skill_id.strip() for skill_id in skill_ids if skill_id.strip()]
    if not ids:
        raise ValueError("no skill id: set CRAMP_COACH_SKILL_ID to the id of the skill")
    return ids


def _metered(fetch: Fetch, meter: Meter | None) -> Fetch:
    """The same way to fetch a chain, and each fetch is counted."""
    if meter is None:
        return fetch

    def metered(url: str) -> bytes:
        try:
            pem = fetch(url)
        except BaseException:
            meter.fetched("failed")
            raise
        meter.fetched("fetched")
        return pem

    return metered


def _app(webhook: "Webhook", skill_ids: Sequence[str]) -> Flask:
    """Flask with the webhook and the pages; of other requests it finds path or method wrong."""
    app = Flask("skill", static_folder=None)
    app.url_map.merge_slashes = False  # nobody is sent elsewhere
    app.extensions["webhook"] = webhook
    for path in PATHS:
        app.add_url_rule(
            path,
            view_func=lambda: webhook.answer(request.environ).as_flasks(),
            endpoint=path,
            methods=["POST"],
            provide_automatic_options=False,
        )
    _add_pages(app, skill_ids)
    app.register_error_handler(HTTPException, webhook.answer_unrouted)
    app.wsgi_app = _Shortcut(webhook, app.wsgi_app)  # type: ignore[method-assign]
    return app


def _add_pages(app: Flask, skill_ids: Sequence[str]) -> None:
    """The privacy policy and the terms: /privacy, /terms/en-GB ..., for whoever asks.

    They carry marks of the skill's ids, so that whoever sets up the skill sees whether the webhook
    has the right one; the ids cannot be told from them.
    """
    who = operator()
    headers = [*_HEADERS, *_PAGE_HEADERS, (MARKS_HEADER, ", ".join(map(mark, skill_ids)))]

    def view(page: str, locale: str = DEFAULT_LOCALE) -> Response:
        return Response(html(page, locale, who), headers=headers, mimetype="text/html")

    locales = ",".join(f'"{locale}"' for locale in LOCALES)
    for rule in ("/<any({}):page>", "/<any({}):page>/<any({}):locale>"):
        app.add_url_rule(
            rule.format(",".join(PAGES), locales),
            view_func=view,
            endpoint=rule,
            methods=["GET"],
            provide_automatic_options=False,
        )


def mark(skill_id: str) -> str:
    """What a webhook shows of a skill's id, which cannot be told from it."""
    return sha256(f"cramp-coach {skill_id}".encode()).hexdigest()[:16]


class _Shortcut:
    """Brings requests for the webhook past Flask's routing, contexts and sessions.

    A warm request takes 0.13 ms of CPU without them and 0.23 with, and the webhook uses none.
    """

    def __init__(self, webhook: "Webhook", flask: "WSGIApplication") -> None:
        self._webhook = webhook
        self._flask = flask

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO") in PATHS:
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

    def take(self) -> dict[str, int]:
        """The same, and every count is zero again."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return dict(counts)


class Webhook:
    """From a request's bytes to a response's: what trust admits, the skill answers.

    `refusals` counts by cause, `errors` counts what was unforeseen, by type.
    """

    def __init__(self, trust: Trust | Anyone, meter: Meter | None = None) -> None:
        self.trust = trust
        self._meter = meter
        self._skill = Skill()
        self.refusals = Tally()
        self.errors = Tally()
        self._untold = Tally()
        self._next_telling = 0.0

    def answer(self, environ: "WSGIEnvironment") -> Answer:
        """The answer to a request, as WSGI brings it."""
        try:
            body = _body(environ)
        except Exception as error:  # noqa: BLE001 nothing of it is trusted yet
            return self._refused(error)
        return self.answer_read(EnvironHeaders(environ), body)

    def answer_read(self, headers: Headers, body: bytes) -> Answer:
        """The answer to a JSON request that was read whole, of MOST_BODY_BYTES at most."""
        started = time.perf_counter()
        try:
            envelope = self.trust.admit(headers, body)
        except Exception as error:  # noqa: BLE001 what goes wrong before trust is a refusal
            return self._refused(error)
        reply, wrong = self._skill.answer(envelope)
        for each in wrong:
            self.errors.add(type(each).__name__)
        self._tell_answered(envelope.kind, wrong, time.perf_counter() - started)
        return Answer("200 OK", reply, "application/json;charset=UTF-8")

    def refuse(self, cause: Cause) -> Answer:
        """The refusal of what the server before this one could not read, or would not."""
        return self._refused(Refusal(cause))

    def answer_unrouted(self, error: HTTPException) -> Response:
        """The refusal of a request that Flask found no view for."""
        cause = _CAUSE.get(error.code or 0, Cause.UNFORESEEN)
        response = self.refuse(cause).as_flasks()
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response

    def _tell_answered(self, kind: str, wrong: list[Exception], seconds: float) -> None:
        kind = kind if kind in _KNOWN_KINDS else "other"
        outcome = "apologised" if wrong else "answered"
        if self._meter:
            self._meter.answered(kind, outcome, seconds)
        if _log.isEnabledFor(logging.INFO):
            line = Line(request=kind, outcome=outcome, ms=round(seconds * 1000, 1))
            _log.info(Line(line | (fault(wrong[0]) if wrong else {})))
        for each in wrong[1:]:
            _log.error(Line(fault(each)))

    def tell_refusals(self, *, at_once: bool = False) -> None:
        """Logs how many were refused since that was last logged: once a minute, in one line.

        So the size of the log is not a stranger's to choose. Who serves calls it now and then, and
        `at_once` at the end.
        """
        moment = time.monotonic()
        if (at_once or moment >= self._next_telling) and (counts := self._untold.take()):
            self._next_telling = moment + TELLING_SECONDS
            _log.info(Line(refused=counts))

    def _refused(self, error: Exception) -> Answer:
        cause = error.cause if isinstance(error, Refusal) else Cause.UNFORESEEN
        self.refusals.add(cause)
        if not isinstance(error, Refusal):
            self.errors.add(type(error).__name__)
            self._untold.add("{cause} at {at}".format(**fault(error)))
        self._untold.add(cause.value)
        if self._meter:
            self._meter.refused(cause)
        self.tell_refusals()
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

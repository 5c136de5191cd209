"""How a chain is learned: from Amazon's one address, seldom, in a short time, and remembered."""

import http.client
import re
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from posixpath import normpath
from typing import Any, Protocol

import certifi
from ask_sdk_webservice_support.verifier_constants import CERT_CHAIN_URL_HOSTNAME
from cryptography.x509.verification import Store

from skill.alexa.certificates import MOST_CHAIN_BYTES, Chain, check_chain
from skill.alexa.refusal import Cause, Refusal

FETCH_SECONDS = 2.0
FETCHES_A_MINUTE = 20
FAILURE_SECONDS = 5.0
MOST_FAILURES = 64
MOST_WAITING = 8  # so few that other threads stay free for requests whose chain is known
MOST_CHAINS = 8

_ORIGIN = f"https://{CERT_CHAIN_URL_HOSTNAME}"
# Amazon's addresses are plain: no user info, query, escape or other port can get through here.
_CHAIN_URL = re.compile(
    rf"(?i:https://{re.escape(CERT_CHAIN_URL_HOSTNAME)})(?::443)?(/[\w./-]{{1,200}})(?:#.*)?",
    re.ASCII,
)

Fetch = Callable[[str], bytes]


class ChainStore(Protocol):
    """Where learned chains are left for others; OSError or ValueError where that fails."""

    def put(self, url: str, pem: bytes) -> None: ...

    def chains(self) -> Mapping[str, bytes]: ...


def chain_url(url: str) -> str:
    """`url` in its one plain form, or a refusal if a chain may not come from there."""
    match = _CHAIN_URL.fullmatch(url)
    if match is None:
        raise Refusal(Cause.CHAIN_URL)
    path = normpath(re.sub("/+", "/", match[1]))
    if not path.startswith("/echo.api/"):
        raise Refusal(Cause.CHAIN_URL)
    return _ORIGIN + path


class _Flight(Future[Chain]):
    """One fetch under way; all requests that need its address wait for it together."""

    def __init__(self, deadline: float) -> None:
        super().__init__()
        self.deadline = deadline


class Chains:
    """The few chains that are known, and the bounded ways to learn another.

    A known chain costs a look and a date check. Learning runs on a thread of its own, so that
    the limit holds for name resolution too, and so that a late success is kept.
    """

    def __init__(
        self,
        store: Store,
        fetch: Fetch,
        most_waiting: int,
        shelf: ChainStore | None,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._fetch = fetch
        self._shelf = shelf
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Chain] = {}
        self._flights: dict[str, _Flight] = {}
        self._failed: dict[str, tuple[float, Cause]] = {}
        self._starts: deque[float] = deque(maxlen=FETCHES_A_MINUTE)
        self._seats = threading.BoundedSemaphore(most_waiting)

    def chain(self, url: str, now: datetime) -> Chain:
        """The chain at `url` (in the form of `chain_url`), if it holds at `now`; else a refusal."""
        with self._lock:
            known = self._known.pop(url, None)
            if known is not None and known.holds(now):
                self._known[url] = known  # the latest used stands last
                return known
            flight = self._flights.get(url) or self._start(url, now)
        return self._wait(flight)

    def knows(self, url: str, now: datetime) -> bool:
        """Whether the chain at `url` is known and holds at `now`."""
        known = self._known.get(url)
        return known is not None and known.holds(now)

    def recall(self, now: datetime) -> None:
        """Knows what is on the shelf, as far as it is good now."""
        if self._shelf is None:
            return
        with suppress(OSError, ValueError):  # then they are fetched
            for url, pem in self._shelf.chains().items():
                with suppress(Refusal):
                    self._known[url] = check_chain(pem, self._store, now)
        _keep_latest(self._known, MOST_CHAINS)

    def _start(self, url: str, now: datetime) -> _Flight:
        moment = self._clock()
        until, cause = self._failed.get(url, (moment, Cause.FETCH))
        if moment < until:
            raise Refusal(cause)
        if len(self._starts) == FETCHES_A_MINUTE and moment - self._starts[0] < 60:
            raise Refusal(Cause.FETCH_LIMIT)
        flight = _Flight(moment + FETCH_SECONDS)
        threading.Thread(target=self._learn, args=(url, now, flight), daemon=True).start()
        self._starts.append(moment)
        self._flights[url] = flight  # the thread ends it under this lock, so later than this
        return flight

    def _wait(self, flight: _Flight) -> Chain:
        if not self._seats.acquire(blocking=False):
            raise Refusal(Cause.FETCH_LIMIT)
        try:
            return flight.result(max(0.0, flight.deadline - self._clock()))
        except TimeoutError:
            raise Refusal(Cause.FETCH) from None
        finally:
            self._seats.release()

    def _learn(self, url: str, now: datetime, flight: _Flight) -> None:
        try:
            pem = self._fetched(url)
            chain = check_chain(pem, self._store, now)
        except Exception as error:  # noqa: BLE001 raised again in the requests that wait
            self._end(url, error.cause if isinstance(error, Refusal) else Cause.UNFORESEEN)
            flight.set_exception(error)
        else:
            self._end(url, chain)
            flight.set_result(chain)
            if self._shelf is not None:
                with suppress(OSError, ValueError):  # a full disk costs no answer
                    self._shelf.put(url, pem)

    def _fetched(self, url: str) -> bytes:
        try:
            return self._fetch(url)
        except OSError:
            raise Refusal(Cause.FETCH) from None

    def _end(self, url: str, outcome: Chain | Cause) -> None:
        with self._lock:
            del self._flights[url]
            self._failed.pop(url, None)
            if isinstance(outcome, Chain):
                self._known[url] = outcome
                _keep_latest(self._known, MOST_CHAINS)
            else:
                self._failed[url] = (self._clock() + FAILURE_SECONDS, outcome)
                _keep_latest(self._failed, MOST_FAILURES)


def _keep_latest(entries: dict[str, Any], most: int) -> None:
    while len(entries) > most:
        del entries[next(iter(entries))]


def fetch_chain(url: str) -> bytes:
    """The bytes at `url`, a result of `chain_url`; OSError if they do not come in time and whole.

    http.client follows no redirect and asks no proxy.
    """
    deadline = time.monotonic() + FETCH_SECONDS
    connection = _connection()
    try:
        connection.request("GET", url.removeprefix(_ORIGIN))
        socket = connection.sock  # getresponse() may take it from the connection
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            raise OSError("the chain's address did not answer 200")
        pem = bytearray()
        while len(pem) <= MOST_CHAIN_BYTES:
            socket.settimeout(max(0.001, deadline - time.monotonic()))
            piece = response.read1(MOST_CHAIN_BYTES)
            if not piece:
                return bytes(pem)
            pem += piece
        raise OSError("the chain is too long")
    except http.client.HTTPException:
        raise OSError("the chain's address did not answer in HTTP") from None
    finally:
        connection.close()


def _connection() -> http.client.HTTPConnection:
    context = ssl.create_default_context(cafile=certifi.where())
    return http.client.HTTPSConnection(
        CERT_CHAIN_URL_HOSTNAME, timeout=FETCH_SECONDS, context=context
    )

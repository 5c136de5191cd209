"""How a chain is learned: from Amazon's one address, seldom, in a short time, and remembered."""

import http.client
import math
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
RENEWAL_SECONDS = 60.0
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
        self._renewable: dict[str, float] = {}
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

    def known(self, url: str, now: datetime) -> Chain | None:
        """The chain at `url` as far as it is known and holds at `now`."""
        with self._lock:
            return self._holding(url, now)

    def _holding(self, url: str, now: datetime) -> Chain | None:
        known = self._known.get(url)
        return known if known is not None and known.holds(now) else None

    def may_renew(self, url: str) -> bool:
        """Whether `renewed` would ask `url` again, or wait for somebody who does."""
        with self._lock:
            return url in self._flights or self._is_renewable(url)

    def _is_renewable(self, url: str) -> bool:
        return self._may_fetch() and self._clock() >= self._renewable.get(url, -math.inf)

    def renewed(self, url: str, chain: Chain, now: datetime) -> Chain | None:
        """What is at `url` by now in the place of `chain`, a known one that fits no longer.

        None where that is nothing good, or where it may not be fetched: once in RENEWAL_SECONDS.
        """
        with self._lock:
            known = self._holding(url, now)
            if known is not None and known is not chain:
                return known  # it was replaced meanwhile
            flight = self._flights.get(url) or self._start_renewal(url, now)
        if flight is None:
            return None
        with suppress(Refusal):
            return self._wait(flight)
        return None

    def _start_renewal(self, url: str, now: datetime) -> _Flight | None:
        if not self._is_renewable(url):
            return None
        self._renewable[url] = self._clock() + RENEWAL_SECONDS
        _keep_latest(self._renewable, MOST_CHAINS)
        return self._fly(url, now)

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
        if not self._may_fetch():
            raise Refusal(Cause.FETCH_LIMIT)
        return self._fly(url, now)

    def _may_fetch(self) -> bool:
        return len(self._starts) < FETCHES_A_MINUTE or self._clock() - self._starts[0] >= 60

    def _fly(self, url: str, now: datetime) -> _Flight:
        moment = self._clock()
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

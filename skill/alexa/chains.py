"""How a chain is learned: from Amazon's one address, seldom, in a short time, and remembered."""

import http.client
import math
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import datetime
from posixpath import normpath
from typing import Protocol

import certifi
from ask_sdk_webservice_support.verifier_constants import CERT_CHAIN_URL_HOSTNAME
from cryptography.x509.verification import Store

from skill.alexa.budget import Budget, keep_latest
from skill.alexa.certificates import MOST_CHAIN_BYTES, Chain, check_chain
from skill.alexa.refusal import Cause, Refusal

FETCH_SECONDS = 2.0
FAILURE_SECONDS = 5.0
RENEWAL_SECONDS = 60.0
MOST_FAILURES = 64
MOST_WAITING = 8  # so few that other threads stay free for requests whose chain is known
MOST_CHAINS = 8  # that fitted a signature, and as many that were only named

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
    the limit holds for name resolution too, and so that a late success is kept. What fitted a
    signature is proved; what a stranger only named can push out nothing but its like.
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
        self._proved: dict[str, Chain] = {}
        self._named: dict[str, Chain] = {}
        self._shelved: dict[str, bytes] = {}
        self._flights: dict[str, _Flight] = {}
        self._failed: dict[str, tuple[float, Cause]] = {}
        self._renewable: dict[str, float] = {}
        self._budget = Budget(clock)
        self._seats = threading.BoundedSemaphore(most_waiting)

    def known(self, url: str, now: datetime) -> Chain | None:
        """The chain at `url` (in the form of `chain_url`), if it is known and holds at `now`.

        One that does not hold stays: it may be the clock that is wrong.
        """
        with self._lock:
            return self._holding(url, now)

    def shelved(self, url: str, now: datetime) -> Chain | None:
        """The chain at `url` from the shelf, if it is there and good: known from now on."""
        with suppress(KeyError, Refusal):
            return self._taken(url, self._on_shelf()[url], now)
        return None

    def learn(self, url: str, now: datetime) -> Chain:
        """A chain that is not known, from its address; else a refusal."""
        proved = url in self._proved or url in self._on_shelf()
        with self._seat():
            with self._lock:
                known = self._holding(url, now)
                if known is not None:
                    return known  # it was learned meanwhile
                flight = self._flights.get(url) or self._start(url, now, proved)
            return self._wait(flight)

    def prove(self, url: str, chain: Chain) -> None:
        """A signature fitted this chain: it is kept, and left for others."""
        with self._lock:
            if self._at(url) not in (None, chain):
                return  # it was replaced meanwhile
            self._named.pop(url, None)
            self._proved.pop(url, None)
            self._proved[url] = chain  # the latest used stands last
            keep_latest(self._proved, MOST_CHAINS)
            if self._shelf is None or self._shelved.get(url) == chain.pem:
                return
            self._shelved[url] = chain.pem
            keep_latest(self._shelved, MOST_CHAINS)
        with suppress(RuntimeError):  # no thread to be had: no answer waits for a disk
            threading.Thread(target=self._leave, args=(url, chain.pem), daemon=True).start()

    def recall(self, now: datetime) -> None:
        """Knows what is on the shelf, as far as it is good now."""
        for url, pem in self._on_shelf().items():
            with suppress(Refusal):
                self._taken(url, pem, now)

    def may_renew(self, url: str) -> bool:
        """Whether `renewed` would ask `url` again, or wait for somebody who does."""
        with self._lock:
            return url in self._flights or self._is_renewable(url)

    def renewed(self, url: str, chain: Chain, now: datetime) -> Chain | None:
        """What is at `url` by now in the place of `chain`, a known one that fits no longer.

        None where that is nothing good, or where it may not be fetched: once in RENEWAL_SECONDS.
        """
        with suppress(Refusal), self._seat():
            with self._lock:
                known = self._holding(url, now)
                if known is not None and known is not chain:
                    return known  # it was replaced meanwhile
                flight = self._flights.get(url) or self._start_renewal(url, now)
            return self._wait(flight) if flight else None
        return None

    def _at(self, url: str) -> Chain | None:
        return self._proved.get(url) or self._named.get(url)

    def _holding(self, url: str, now: datetime) -> Chain | None:
        known = self._at(url)
        return known if known is not None and known.holds(now) else None

    @contextmanager
    def _seat(self) -> Iterator[None]:
        """A place among the few that wait; a refusal where there is none."""
        if not self._seats.acquire(blocking=False):
            raise Refusal(Cause.FETCH_LIMIT)
        try:
            yield
        finally:
            self._seats.release()

    def _on_shelf(self) -> Mapping[str, bytes]:
        if self._shelf is not None:
            with suppress(OSError, ValueError):  # then they are fetched
                return self._shelf.chains()
        return {}

    def _taken(self, url: str, pem: bytes, now: datetime) -> Chain:
        """A chain from the shelf, where only what was proved is left; a refusal if it is bad."""
        chain = check_chain(pem, self._store, now)
        with self._lock:
            known = self._holding(url, now)
            if known is not None:
                return known  # it was learned meanwhile
            self._named.pop(url, None)
            self._proved[url] = chain
            self._shelved[url] = pem
            keep_latest(self._proved, MOST_CHAINS)
            keep_latest(self._shelved, MOST_CHAINS)
        return chain

    def _leave(self, url: str, pem: bytes) -> None:
        if self._shelf is not None:
            with suppress(OSError, ValueError):  # a full disk costs no answer
                self._shelf.put(url, pem)

    def _start(self, url: str, now: datetime, proved: bool) -> _Flight:
        moment = self._clock()
        until, cause = self._failed.get(url, (moment, Cause.FETCH))
        if moment < until:
            raise Refusal(cause)
        if not self._budget.spend(url, proved=proved):
            raise Refusal(Cause.FETCH_LIMIT)
        return self._fly(url, now)

    def _is_renewable(self, url: str) -> bool:
        due = self._clock() >= self._renewable.get(url, -math.inf)
        return due and self._budget.allows(url, proved=url in self._proved)

    def _start_renewal(self, url: str, now: datetime) -> _Flight | None:
        if not self._is_renewable(url) or not self._budget.spend(url, proved=url in self._proved):
            return None
        self._renewable[url] = self._clock() + RENEWAL_SECONDS
        keep_latest(self._renewable, 2 * MOST_CHAINS)
        return self._fly(url, now)

    def _fly(self, url: str, now: datetime) -> _Flight:
        flight = _Flight(self._clock() + FETCH_SECONDS)
        threading.Thread(target=self._learn, args=(url, now, flight), daemon=True).start()
        self._flights[url] = flight  # the thread ends it under this lock, so later than this
        return flight

    def _wait(self, flight: _Flight) -> Chain:
        try:
            return flight.result(max(0.0, flight.deadline - self._clock()))
        except TimeoutError:
            raise Refusal(Cause.FETCH) from None

    def _learn(self, url: str, now: datetime, flight: _Flight) -> None:
        try:
            chain = check_chain(self._fetched(url), self._store, now)
        except Exception as error:  # noqa: BLE001 raised again in the requests that wait
            self._end(url, error.cause if isinstance(error, Refusal) else Cause.UNFORESEEN)
            flight.set_exception(error)
        else:
            self._end(url, chain)
            flight.set_result(chain)

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
                (self._proved if url in self._proved else self._named)[url] = outcome
                keep_latest(self._named, MOST_CHAINS)
            else:
                self._failed[url] = (self._clock() + FAILURE_SECONDS, outcome)
                keep_latest(self._failed, MOST_FAILURES)


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

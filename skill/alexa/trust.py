"""Is this request Alexa's? Headers, bytes and raw JSON go in; a `Refusal` comes out, or nothing.

The rules are those of alexa.md 4. The names and limits are Amazon's own, from
`ask_sdk_webservice_support`. Its `AbstractVerifier` is not used: it is handed a body that was
already decoded and parsed, and its module does not import where OpenSSL's patch number has
two digits (alexa.md 4).
"""

import base64
import http.client
import re
import ssl
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from posixpath import normpath
from typing import Any, Protocol

import certifi
from ask_sdk_webservice_support.verifier_constants import (
    ALEXA_SKILL_EVENT_LIST,
    CERT_CHAIN_DOMAIN,
    CERT_CHAIN_URL_HOSTNAME,
    MAX_NORMAL_REQUEST_TOLERANCE_IN_MILLIS,
    MAX_SKILL_EVENT_TOLERANCE_IN_MILLIS,
    SIGNATURE_CERT_CHAIN_URL_HEADER,
    SIGNATURE_HEADER,
)
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

CHAIN_URL_HEADER: str = SIGNATURE_CERT_CHAIN_URL_HEADER
SIGNATURE_256_HEADER: str = SIGNATURE_HEADER
SKILL_EVENTS = frozenset(ALEXA_SKILL_EVENT_LIST)

TOLERANCE = timedelta(milliseconds=MAX_NORMAL_REQUEST_TOLERANCE_IN_MILLIS)
EVENT_TOLERANCE = timedelta(milliseconds=MAX_SKILL_EVENT_TOLERANCE_IN_MILLIS)

FETCH_SECONDS = 2.0
FETCHES_A_MINUTE = 20
FAILURE_SECONDS = 5.0
MOST_FAILURES = 64
MOST_WAITING = 8  # so few that other threads stay free for requests whose chain is known
MOST_CHAINS = 8
MOST_CHAIN_BYTES = 64 * 1024
MOST_CERTIFICATES = 10
LEAST_KEY_BITS = 2048

_ORIGIN = f"https://{CERT_CHAIN_URL_HOSTNAME}"
# Amazon's addresses are plain: no user info, query, escape or other port can get through here.
_CHAIN_URL = re.compile(
    rf"(?i:https://{re.escape(CERT_CHAIN_URL_HOSTNAME)})(?::443)?(/[\w./-]{{1,200}})(?:#.*)?",
    re.ASCII,
)
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)

_UNREADABLE = (
    VerificationError,
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What the library raises for certificates that it cannot read, or does not trust."""

Clock = Callable[[], datetime]
Fetch = Callable[[str], bytes]


class Cause(StrEnum):
    """Why a request was refused: the only words about it that are counted and logged."""

    HTTP = "http"
    PATH = "path"
    METHOD = "method"
    SIZE = "size"
    MEDIA_TYPE = "media-type"
    BODY = "body"
    NO_CHAIN_URL = "no-chain-url"
    CHAIN_URL = "chain-url"
    NO_SIGNATURE = "no-signature"
    SIGNATURE = "signature"
    FETCH = "fetch"
    FETCH_LIMIT = "fetch-limit"
    CHAIN = "chain"
    NAME = "name"
    KEY = "key"
    JSON = "json"
    SHAPE = "shape"
    TIMESTAMP = "timestamp"
    SKILL_ID = "skill-id"
    UNFORESEEN = "unforeseen"


class Refusal(Exception):
    """The request is refused. Carries a `Cause` and nothing of the request."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


class Headers(Protocol):
    """A request's headers, found by name in any case, as Flask's are."""

    def get(self, name: str, /) -> str | None: ...


class ChainStore(Protocol):
    """Where learned chains are left for others; OSError or ValueError where that fails."""

    def put(self, url: str, pem: bytes) -> None: ...

    def chains(self) -> Mapping[str, bytes]: ...


class Trust:
    """Decides whether requests are Alexa's and meant for one of `skill_ids`.

    `roots` are trusted certificates as PEM (default: certifi's), `now` gives an aware datetime,
    `fetch` gives the PEM bytes at a chain's address or raises OSError, `most_waiting` is how many
    requests may wait for chains at once, each on a thread, `shelf` keeps learned chains for those
    that start later, and `clock` is the monotonic one that the limits on fetching go by.
    """

    def __init__(
        self,
        *,
        skill_ids: Iterable[str],
        roots: bytes | None = None,
        now: Clock | None = None,
        fetch: Fetch | None = None,
        most_waiting: int = MOST_WAITING,
        shelf: ChainStore | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._skill_ids = frozenset(skill_ids)
        self._now = now or _utc_now
        store = root_store(certifi.contents().encode() if roots is None else roots)
        self._chains = Chains(store, fetch or fetch_chain, most_waiting, shelf, clock)

    def check_signature(self, headers: Headers, body: bytes) -> None:
        """Refuse `body` unless Alexa signed these very bytes (alexa.md 4.1 to 4.5)."""
        url = headers.get(CHAIN_URL_HEADER)
        if not url:
            raise Refusal(Cause.NO_CHAIN_URL)
        signature = _signature(headers.get(SIGNATURE_256_HEADER))
        key = self._chains.chain(chain_url(url), self._now()).key
        try:
            key.verify(signature, body, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise Refusal(Cause.SIGNATURE) from None

    def knows(self, url: str) -> bool:
        """Whether `check_signature` need not wait for the chain at this address, as it was sent."""
        return self._chains.knows(url, self._now())

    def recall(self) -> None:
        """Takes the chains from the shelf that hold now, so that nobody has to wait for them."""
        self._chains.recall(self._now())

    def check_time(self, kind: str, timestamp: datetime) -> None:
        """Refuse a request of this type whose time is too far from now (alexa.md 4.6)."""
        tolerance = EVENT_TOLERANCE if kind in SKILL_EVENTS else TOLERANCE
        if abs(self._now() - timestamp) > tolerance:
            raise Refusal(Cause.TIMESTAMP)

    def check_skill_id(self, raw: Mapping[str, Any]) -> None:
        """Refuse raw JSON that is meant for another skill (alexa.md 4.7).

        Only the exact key is read, so that "application_id" beside it changes nothing.
        """
        value: Any = raw
        for key in ("context", "System", "application", "applicationId"):
            value = value.get(key) if isinstance(value, dict) else None
        if not isinstance(value, str) or value not in self._skill_ids:
            raise Refusal(Cause.SKILL_ID)


def chain_url(url: str) -> str:
    """`url` in its one plain form, or a refusal if a chain may not come from there."""
    match = _CHAIN_URL.fullmatch(url)
    if match is None:
        raise Refusal(Cause.CHAIN_URL)
    path = normpath(re.sub("/+", "/", match[1]))
    if not path.startswith("/echo.api/"):
        raise Refusal(Cause.CHAIN_URL)
    return _ORIGIN + path


def _signature(header: str | None) -> bytes:
    if not header:
        raise Refusal(Cause.NO_SIGNATURE)
    try:
        return base64.b64decode(header, validate=True)
    except ValueError:
        raise Refusal(Cause.SIGNATURE) from None


def _utc_now() -> datetime:
    return datetime.now(UTC)


# --- what a chain is worth


@dataclass(frozen=True)
class Chain:
    """A chain that was good when it was learned: Alexa's key, and when the whole path holds."""

    key: RSAPublicKey
    not_before: datetime
    not_after: datetime

    def holds(self, now: datetime) -> bool:
        return self.not_before <= now <= self.not_after


def root_store(pem: bytes) -> Store:
    """A store of the certificates in `pem`; ValueError if there is none that can be read."""
    roots = []
    with warnings.catch_warnings():  # some old roots are read, but not for ever
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        for block in _CERTIFICATE.findall(pem):
            try:  # one by one: a root that cannot be read must not empty the store (alexa.md 4)
                roots.append(x509.load_pem_x509_certificate(block))
            except _UNREADABLE:
                continue
    if not roots:
        raise ValueError("no trusted root certificate could be read")
    return Store(roots)


def check_chain(pem: bytes, store: Store, now: datetime) -> Chain:
    """The chain in `pem`, leaf first, if it is Alexa's at `now`; else a refusal."""
    if len(pem) > MOST_CHAIN_BYTES:
        raise Refusal(Cause.CHAIN)
    try:
        served = x509.load_pem_x509_certificates(pem)
        if len(served) > MOST_CERTIFICATES:
            raise Refusal(Cause.CHAIN)
        path = _path(served, store, now)
        key = _leaf_key(served[0])
    except _UNREADABLE:
        raise Refusal(Cause.CHAIN) from None
    return Chain(
        key,
        max(certificate.not_valid_before_utc for certificate in path),
        min(certificate.not_valid_after_utc for certificate in path),
    )


def _path(served: list[x509.Certificate], store: Store, now: datetime) -> list[x509.Certificate]:
    """From the served leaf to a root in `store`, all good at `now`; else one of `_UNREADABLE`.

    The path is built, not taken as served: Amazon's served chain ends in a cross-sign to a root
    that is no longer in certifi (alexa.md 4.4).
    """
    leaf, *others = served
    name = x509.DNSName(CERT_CHAIN_DOMAIN)
    verifier = PolicyBuilder().store(store).time(now).build_server_verifier(name)
    return verifier.verify(leaf, others)


def _leaf_key(leaf: x509.Certificate) -> RSAPublicKey:
    """The leaf's key, after what the library's verifier lets through (alexa.md 4)."""
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    if CERT_CHAIN_DOMAIN not in names.get_values_for_type(x509.DNSName):
        raise Refusal(Cause.NAME)
    key = leaf.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_KEY_BITS:
        raise Refusal(Cause.KEY)
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise Refusal(Cause.KEY) from None
    if not usage.digital_signature:
        raise Refusal(Cause.KEY)
    return key


# --- how a chain is learned


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

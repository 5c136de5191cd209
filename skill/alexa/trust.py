"""Is this request Alexa's? Headers and bytes go in; an `Envelope` comes out, or a `Refusal`.

The rules are those of alexa.md 4. The names and limits are Amazon's own, from
`ask_sdk_webservice_support`. Its `AbstractVerifier` is not used: it is handed a body that was
already decoded and parsed, and its module does not import where OpenSSL's patch number has
two digits (alexa.md 4).
"""

import base64
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import certifi
from ask_sdk_webservice_support.verifier_constants import (
    ALEXA_SKILL_EVENT_LIST,
    MAX_NORMAL_REQUEST_TOLERANCE_IN_MILLIS,
    MAX_SKILL_EVENT_TOLERANCE_IN_MILLIS,
    SIGNATURE_CERT_CHAIN_URL_HEADER,
    SIGNATURE_HEADER,
)
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from skill.alexa.certificates import root_store
from skill.alexa.chains import MOST_WAITING, Chains, ChainStore, Fetch, chain_url, fetch_chain
from skill.alexa.envelope import Envelope, read_envelope, read_json, skill_id_of
from skill.alexa.refusal import Cause, Refusal

CHAIN_URL_HEADER: str = SIGNATURE_CERT_CHAIN_URL_HEADER
SIGNATURE_256_HEADER: str = SIGNATURE_HEADER
SKILL_EVENTS = frozenset(ALEXA_SKILL_EVENT_LIST)

TOLERANCE = timedelta(milliseconds=MAX_NORMAL_REQUEST_TOLERANCE_IN_MILLIS)
EVENT_TOLERANCE = timedelta(milliseconds=MAX_SKILL_EVENT_TOLERANCE_IN_MILLIS)

Clock = Callable[[], datetime]


class Headers(Protocol):
    """A request's headers, found by name in any case, as Flask's are."""

    def get(self, name: str, /) -> str | None: ...


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

    def admit(self, headers: Headers, body: bytes) -> Envelope:
        """What Alexa sent, for us and just now; else a refusal. Nothing unsigned is parsed."""
        self.check_signature(headers, body)
        raw = read_json(body)
        envelope = read_envelope(raw)
        self.check_time(envelope.kind, envelope.timestamp)
        self.check_skill_id(raw)
        return envelope

    def must_wait(self, chain_url: str | None) -> bool:
        """Whether `admit` has to wait for the chain that a request names, as it was sent.

        Every other request is a matter of less than a millisecond.
        """
        return bool(chain_url and not self._chains.knows(chain_url, self._now()))

    def recall(self) -> None:
        """Takes the chains from the shelf that hold now, so that nobody has to wait for them."""
        self._chains.recall(self._now())

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

    def check_time(self, kind: str, timestamp: datetime) -> None:
        """Refuse a request of this type whose time is too far from now (alexa.md 4.6)."""
        tolerance = EVENT_TOLERANCE if kind in SKILL_EVENTS else TOLERANCE
        if abs(self._now() - timestamp) > tolerance:
            raise Refusal(Cause.TIMESTAMP)

    def check_skill_id(self, raw: Mapping[str, Any]) -> None:
        """Refuse raw JSON that is meant for another skill, or for none (alexa.md 4.7)."""
        if skill_id_of(raw) not in self._skill_ids:
            raise Refusal(Cause.SKILL_ID)


class Anyone:
    """Takes every request for Alexa's, of any time and for any skill: in development alone."""

    def admit(self, _headers: Headers, body: bytes) -> Envelope:
        """What somebody sent; a refusal where it cannot be read."""
        return read_envelope(read_json(body))

    def must_wait(self, _chain_url: str | None) -> bool:
        """Never: no chain is looked at."""
        return False

    def recall(self) -> None:
        """Nothing."""


def _signature(header: str | None) -> bytes:
    if not header:
        raise Refusal(Cause.NO_SIGNATURE)
    try:
        return base64.b64decode(header, validate=True)
    except ValueError:
        raise Refusal(Cause.SIGNATURE) from None


def _utc_now() -> datetime:
    return datetime.now(UTC)

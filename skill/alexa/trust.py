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
from hashlib import sha256
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
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from skill.alexa.certificates import Chain, root_store
from skill.alexa.chains import MOST_WAITING, Chains, ChainStore, Fetch, chain_url, fetch_chain
from skill.alexa.envelope import Envelope, read_envelope, read_json, skill_id_of
from skill.alexa.refusal import Cause, Refusal

CHAIN_URL_HEADER: str = SIGNATURE_CERT_CHAIN_URL_HEADER
SIGNATURE_256_HEADER: str = SIGNATURE_HEADER
SKILL_EVENTS = frozenset(ALEXA_SKILL_EVENT_LIST)

TOLERANCE = timedelta(milliseconds=MAX_NORMAL_REQUEST_TOLERANCE_IN_MILLIS)
EVENT_TOLERANCE = timedelta(milliseconds=MAX_SKILL_EVENT_TOLERANCE_IN_MILLIS)

SIGNATURE_BYTES = frozenset({256, 384, 512})  # of RSA keys of 2048 bits, 3072 and 4096

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
        self._skill_id_bytes = [skill_id.encode() for skill_id in self._skill_ids]
        self._now = now or _utc_now
        store = root_store(certifi.contents().encode() if roots is None else roots)
        self._chains = Chains(store, fetch or fetch_chain, most_waiting, shelf, clock)
        self._fitted: tuple[Chain, bytes, bytes] | None = None

    def admit(self, headers: Headers, body: bytes) -> Envelope:
        """What Alexa sent, for us and just now; else a refusal. Nothing unsigned is parsed."""
        self.check_signature(headers, body)
        raw = read_json(body)
        envelope = read_envelope(raw)
        self.check_time(envelope.kind, envelope.timestamp)
        self.check_skill_id(raw)
        return envelope

    def must_wait(self, url: str | None, signature_header: str | None, body: bytes) -> bool:
        """Whether `admit` has to wait for a chain, for a request with these headers and this body.

        Every other request is a matter of less than a millisecond.
        """
        try:
            plain_url, signature = _named(url, signature_header)
        except Refusal:
            return False
        chain = self._chains.known(plain_url, self._now())
        if chain is not None and self._fits(chain, signature, body):
            return False
        worth_it = self._flaw(signature, body) is None
        return worth_it and (chain is None or self._chains.may_renew(plain_url))

    def recall(self) -> None:
        """Takes the chains from the shelf that hold now, so that nobody has to wait for them."""
        self._chains.recall(self._now())

    def check_signature(self, headers: Headers, body: bytes) -> None:
        """Refuse `body` unless Alexa signed these very bytes (alexa.md 4.1 to 4.5)."""
        url, signature = _named(headers.get(CHAIN_URL_HEADER), headers.get(SIGNATURE_256_HEADER))
        chain = self._chains.known(url, self._now())
        if chain is None or not self._fits(chain, signature, body):
            chain = self._fetched(url, chain, signature, body)
        self._chains.prove(url, chain)

    def _fetched(self, url: str, known: Chain | None, signature: bytes, body: bytes) -> Chain:
        """The chain at `url` that fits, where `known` does not; else a refusal.

        That an address always has the same chain is nowhere promised (alexa.md 4).
        """
        flaw = self._flaw(signature, body)
        if flaw is not None:
            raise Refusal(flaw if known is None else Cause.SIGNATURE)
        now = self._now()
        known = known or self._chains.shelved(url, now)
        if known is None:
            chain: Chain | None = self._chains.learn(url, now)
        elif self._fits(known, signature, body):
            return known
        else:
            chain = self._chains.renewed(url, known, now)
        if chain is None or not self._fits(chain, signature, body):
            raise Refusal(Cause.SIGNATURE)
        return chain

    def _flaw(self, signature: bytes, body: bytes) -> Cause | None:
        """Why a request cannot be Alexa's to us, whatever its chain is; None: it is worth a fetch.

        The body is not parsed: it only has to hold our id's bytes somewhere.
        """
        if len(signature) not in SIGNATURE_BYTES:
            return Cause.SIGNATURE
        if not any(skill_id in body for skill_id in self._skill_id_bytes):
            return Cause.SKILL_ID
        return None

    def _fits(self, chain: Chain, signature: bytes, body: bytes) -> bool:
        """Whether the chain's key made this signature of these bytes.

        The last that did is remembered, by its hash: `must_wait` and `admit` ask one after another,
        and to look at a signature is a sixth of what a request costs.
        """
        digest = sha256(body).digest()
        if self._fitted == (chain, signature, digest):
            return True
        try:
            chain.key.verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
        except InvalidSignature:
            return False
        self._fitted = (chain, signature, digest)
        return True

    def check_time(self, kind: str, timestamp: datetime) -> None:
        """Refuse a request of this type whose time is too far from now (alexa.md 4.6)."""
        tolerance = EVENT_TOLERANCE if kind in SKILL_EVENTS else TOLERANCE
        if abs(self._now() - timestamp) > tolerance:
            raise Refusal(Cause.TIMESTAMP)

    def check_skill_id(self, raw: Mapping[str, Any]) -> None:
        """Refuse raw JSON that is meant for another skill, or for none (alexa.md 4.7)."""
        if skill_id_of(raw) not in self._skill_ids:
            raise Refusal(Cause.SKILL_ID)


def _named(url: str | None, signature: str | None) -> tuple[str, bytes]:
    """The chain's plain address and the signature that the two headers name; else a refusal."""
    if not url:
        raise Refusal(Cause.NO_CHAIN_URL)
    if not signature:
        raise Refusal(Cause.NO_SIGNATURE)
    try:
        return chain_url(url), base64.b64decode(signature, validate=True)
    except ValueError:
        raise Refusal(Cause.SIGNATURE) from None


def _utc_now() -> datetime:
    return datetime.now(UTC)

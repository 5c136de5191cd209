"""skill.alexa.chains: how a chain is learned, and remembered."""

import contextlib
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from skill.alexa import chains
from skill.alexa.authority import CHAIN_URL, new_rsa_key
from skill.alexa.budget import FETCHES_A_MINUTE
from skill.alexa.chains import chain_url
from skill.alexa.refusal import Cause, Refusal
from tests.alexa.trusting import BODY, Clock, Host, address, alexa, must_wait, refused
from tests.chains import BAD_CHAINS, GOOD, NOW, SlowHost, issuer, signer

NEWER = signer(key=new_rsa_key())
"""Another who could be Alexa; a stranger where the host serves the good chain."""

# --- the address


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com:443/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/../echo.api/echo-api-cert.pem",
        "HTTPS://S3.AmazonAWS.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com//echo.api/./echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem#anchor",
    ],
)
def test_good_address(url: str) -> None:
    """Amazon's valid addresses, however written, are one address in its plain form."""
    assert chain_url(url) == "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"


BAD_URLS = [
    "http://s3.amazonaws.com/echo.api/echo-api-cert.pem",
    "https://notamazon.com/echo.api/echo-api-cert.pem",
    "https://s3.amazonaws.com/EcHo.aPi/echo-api-cert.pem",
    "https://s3.amazonaws.com/invalid.path/echo-api-cert.pem",
    "https://s3.amazonaws.com:563/echo.api/echo-api-cert.pem",
    "https://s3.amazonaws.com:99999999/echo.api/echo-api-cert.pem",
    "https://s3.amazonaws.com:port/echo.api/echo-api-cert.pem",
    "https://s3.amazonaws.com/echo.api/../other/echo-api-cert.pem",
    "https://s3.amazonaws.com/echo.api/%2e%2e/other/cert.pem",
    "https://s3.amazonaws.com/echo.api/..\\other/cert.pem",
    "https://s3.amazonaws.com/other/..%2fecho.api/cert.pem",
    "https://s3.amazonaws.com/echo.api",
    "https://s3.amazonaws.com/echo.api/",
    "https://s3.amazonaws.com/echo.apis/cert.pem",
    "https://s3.amazonaws.com/echo.api/cert.pem?list-type=2",
    "https://user@s3.amazonaws.com/echo.api/cert.pem",
    "https://s3.amazonaws.com@notamazon.com/echo.api/cert.pem",
    "https://s3.amazonaws.com.notamazon.com/echo.api/cert.pem",
    "https://notamazon.com/https://s3.amazonaws.com/echo.api/cert.pem",
    "https://\u017f3.amazonaws.com/echo.api/cert.pem",
    "https://s3.amazonaws.com\n/echo.api/cert.pem",
    " https://s3.amazonaws.com/echo.api/cert.pem",
    "https://s3.amazonaws.com/echo.api/cert.pem\n",
    "https://s3.amazonaws.com/echo.api/" + "a" * 300,
    "//s3.amazonaws.com/echo.api/cert.pem",
    "file:///echo.api/cert.pem",
    "https://[::1/echo.api/cert.pem",
    "nonsense",
]


@pytest.mark.parametrize("url", BAD_URLS)
def test_bad_address(url: str) -> None:
    """An address that is not plainly Amazon's is refused, and nothing is fetched."""
    host = Host()
    with refused(Cause.CHAIN_URL):
        alexa(host).check_signature(GOOD.sign(BODY, url), BODY)
    assert host.asked == []


def test_plain_address_is_fetched() -> None:
    """What is fetched is the plain form of the address, never what the request wrote."""
    host = Host()
    url = "https://s3.amazonaws.com:443/echo.api/x/../../echo.api/a.pem"
    alexa(host).check_signature(GOOD.sign(BODY, url), BODY)
    assert host.asked == ["https://s3.amazonaws.com/echo.api/a.pem"]


# --- learning a chain, and knowing it


def test_known_chain_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A warm request fetches no chain and validates none."""
    host = Host()
    alexa_trust = alexa(host)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    monkeypatch.setattr(chains, "check_chain", pytest.fail)
    monkeypatch.setattr("skill.alexa.chains.threading.Thread", pytest.fail)
    for _ in range(3):
        alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert len(host.asked) == 1


def test_known_chain_that_ends() -> None:
    """A known chain's dates count at each use: once over, it is fetched again, and refused."""
    host, times = Host(), [NOW]
    alexa_trust = alexa(host, now=lambda: times[-1])
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    times.append(NOW + timedelta(days=31))
    with refused(Cause.CHAIN):
        alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert len(host.asked) == 2


def test_known_chain_that_is_renewed() -> None:
    """Where the address serves a new chain by the time the known one ends, that one counts."""
    host, times = Host(signer(days=(-1, 1)).chain_pem), [NOW]
    alexa_trust = alexa(host, now=lambda: times[-1])
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    times.append(NOW + timedelta(days=2))
    host.pem = GOOD.chain_pem
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)


def test_issuer_that_ends_first() -> None:
    """A known chain ends with the first certificate of its path, not with the leaf."""
    short = signer(by=issuer(days=(-1, 1)))
    times = [NOW]
    alexa_trust = alexa(Host(short.chain_pem), now=lambda: times[-1])
    alexa_trust.check_signature(short.sign(BODY), BODY)
    times.append(NOW + timedelta(days=2))
    with refused(Cause.CHAIN):
        alexa_trust.check_signature(short.sign(BODY), BODY)


@pytest.mark.parametrize(("pem", "cause"), [(b"", Cause.FETCH), (b"junk", Cause.CHAIN)])
def test_failure_is_remembered_for_seconds(pem: bytes, cause: Cause) -> None:
    """A failed fetch or a bad chain is refused unfetched for some seconds, and then tried again."""
    host, clock = Host(pem), Clock()
    alexa_trust = alexa(host, clock=clock)
    for _ in range(3):
        with refused(cause):
            alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert len(host.asked) == 1
    host.pem = GOOD.chain_pem
    clock.time += chains.FAILURE_SECONDS
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert len(host.asked) == 2


def test_too_many_addresses() -> None:
    """Fetches a minute are bounded over all addresses; a known chain does not notice."""
    host, clock = Host(), Clock()
    alexa_trust = alexa(host, clock=clock)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    host.pem = b""
    for number in range(200):
        for url in (address(number), address(number), strange(number)):
            with refused(Cause.FETCH, Cause.FETCH_LIMIT):
                alexa_trust.check_signature(GOOD.sign(BODY, url), BODY)
    assert len(host.asked) <= sum(FETCHES_A_MINUTE.values()) == 20
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    host.pem = GOOD.chain_pem
    clock.time += 60
    alexa_trust.check_signature(GOOD.sign(BODY, address(1000)), BODY)


def strange(number: int) -> str:
    """A good address of a form that Amazon has not used."""
    return f"https://s3.amazonaws.com/echo.api/cert-{number}.pem"


def strangers(body: bytes = BODY) -> dict[str, str]:
    """The headers of somebody who has no key that counts."""
    return NEWER.sign(body)


@pytest.mark.parametrize(
    ("signature", "body", "cause"),
    [
        (b"x" * 256, b'{"for": "another skill"}', Cause.SKILL_ID),
        (b"x" * 255, BODY, Cause.SIGNATURE),
        (b"x" * 128, BODY, Cause.SIGNATURE),
        (b"x" * 257, BODY, Cause.SIGNATURE),
        (b"x" * 8192, BODY, Cause.SIGNATURE),
    ],
)
def test_what_is_not_worth_a_fetch(signature: bytes, body: bytes, cause: Cause) -> None:
    """Without our skill's id in the body, or a signature of a right length, nothing is fetched."""
    host = Host()
    alexa_trust = alexa(host)
    encoded = b64encode(signature).decode()
    headers = {"SignatureCertChainUrl": CHAIN_URL, "Signature-256": encoded}
    assert not alexa_trust.must_wait(CHAIN_URL, encoded, body)
    with refused(cause):
        alexa_trust.check_signature(headers, body)
    assert host.asked == []
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    with refused(Cause.SIGNATURE):
        alexa_trust.check_signature(headers, body)
    assert host.asked == [CHAIN_URL]


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_keys_that_amazon_may_use(bits: int) -> None:
    """Signatures of keys of 2,048 bits, 3,072 and 4,096 are accepted."""
    by = signer(key=new_rsa_key(bits))
    alexa(Host(by.chain_pem)).check_signature(by.sign(BODY), BODY)


class AmazonsHost(Host):
    """Serves the good chain at one address, and nothing at those that somebody made up."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if url != self._url:
            raise OSError
        return self.pem


@pytest.mark.parametrize("made_up", [strange, address])
def test_made_up_addresses(made_up: Callable[[int], str]) -> None:
    """At ten made-up addresses a second Amazon's next one is answered the second time, at once.

    Whoever makes them up knows our skill's id, and the form that Amazon uses.
    """
    url, clock, seconds = address(10**6), Clock(), 0
    alexa_trust = alexa(AmazonsHost(url), clock=clock)
    causes: list[Cause | None] = []
    while None not in causes and seconds < 60:
        for number in range(seconds * 10, seconds * 10 + 10):
            with refused(Cause.FETCH, Cause.FETCH_LIMIT):
                alexa_trust.check_signature(strangers() | named(made_up(number)), BODY)
        causes += together(1, lambda: alexa_trust.check_signature(GOOD.sign(BODY, url), BODY))
        clock.time += 1
        seconds += 1
    assert len(causes) <= (1 if made_up is strange else 2)


def named(url: str) -> dict[str, str]:
    return {"SignatureCertChainUrl": url}


def test_address_that_verified_once_is_always_asked() -> None:
    """A chain that fitted and ended is fetched again, however many made-up addresses there are."""
    host, clock, times = Host(signer(days=(-1, 1)).chain_pem), Clock(), [NOW]
    alexa_trust = alexa(host, clock=clock, now=lambda: times[-1])
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    host.pem = b""
    for number in range(100):
        for url in (address(number), address(number), strange(number)):
            with refused(Cause.FETCH, Cause.FETCH_LIMIT):
                alexa_trust.check_signature(strangers() | named(url), BODY)
    times.append(NOW + timedelta(days=2))
    host.pem = GOOD.chain_pem
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)


def test_address_on_the_shelf_is_always_asked() -> None:
    """So is one that verified before a restart."""
    shelf, clock, host = Chest(), Clock(), Host(b"")
    shelf.kept = {CHAIN_URL: signer(days=(-30, -1)).chain_pem}
    alexa_trust = alexa(host, clock=clock, shelf=shelf)
    for number in range(100):
        for url in (address(number), address(number), strange(number)):
            with refused(Cause.FETCH, Cause.FETCH_LIMIT):
                alexa_trust.check_signature(strangers() | named(url), BODY)
    host.pem = GOOD.chain_pem
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)


def test_other_good_chains_do_not_push_out_the_one_in_use() -> None:
    """Good chains that nobody could sign with push out nothing that a signature has proved."""
    host, clock = Host(), Clock()
    alexa_trust = alexa(host, clock=clock)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    for number in range(3 * chains.MOST_CHAINS):
        clock.time += 60
        with refused(Cause.SIGNATURE):
            alexa_trust.check_signature(strangers() | named(address(number)), BODY)
    asked = len(host.asked)
    assert asked == 1 + 3 * chains.MOST_CHAINS
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert len(host.asked) == asked


def test_what_is_only_named_is_not_left_on_the_shelf() -> None:
    """A good chain is left for others once a signature fitted it, and not before."""
    shelf = Chest()
    alexa_trust = alexa(shelf=shelf)
    with refused(Cause.SIGNATURE):
        alexa_trust.check_signature(strangers() | named(address(1)), BODY)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    wait_until(lambda: shelf.kept)
    assert list(shelf.kept) == [CHAIN_URL]


def test_a_clock_that_is_wrong_once() -> None:
    """A request for which the clock is years off is refused, and costs the known chain nothing."""
    host, times = Host(), [NOW]
    alexa_trust = alexa(host, now=lambda: times[-1])
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    for years in (10, -10):
        times.append(NOW + timedelta(days=365 * years))
        with refused(Cause.CHAIN):
            alexa_trust.check_signature(GOOD.sign(BODY), BODY)
        times.append(NOW)
        asked = len(host.asked)
        alexa_trust.check_signature(GOOD.sign(BODY), BODY)
        assert len(host.asked) == asked


def test_the_shelf_is_looked_at_before_anything_is_fetched() -> None:
    """What another learned meanwhile is found on the shelf, though the host is down by now."""
    shelf, host = Chest(), Host(b"")
    alexa_trust = alexa(host, shelf=shelf)
    alexa_trust.recall()
    shelf.kept = {CHAIN_URL: GOOD.chain_pem}
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert host.asked == []


def test_a_chain_that_changed_while_nobody_served() -> None:
    """Where the chain on the shelf fits no longer, its address is asked, and she is answered."""
    shelf, host = Chest(), Host(NEWER.chain_pem)
    shelf.kept = {CHAIN_URL: GOOD.chain_pem}
    alexa(host, shelf=shelf).check_signature(NEWER.sign(BODY), BODY)
    wait_until(lambda: shelf.kept[CHAIN_URL] == NEWER.chain_pem)


def test_few_chains_are_kept() -> None:
    """Of many good chains only the latest used are kept."""
    host, clock = Host(), Clock()
    alexa_trust = alexa(host, clock=clock)
    for number in range(chains.MOST_CHAINS + 1):
        clock.time += 60
        alexa_trust.check_signature(GOOD.sign(BODY, address(number)), BODY)
        alexa_trust.check_signature(GOOD.sign(BODY, address(0)), BODY)
    asked = len(host.asked)
    assert asked == chains.MOST_CHAINS + 1
    alexa_trust.check_signature(GOOD.sign(BODY, address(0)), BODY)
    assert len(host.asked) == asked
    clock.time += 60
    alexa_trust.check_signature(GOOD.sign(BODY, address(1)), BODY)
    assert len(host.asked) == asked + 1


def test_few_failures_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory for failures is bounded too: the oldest is forgotten, and tried again."""
    monkeypatch.setattr(chains, "MOST_FAILURES", 2)
    host = Host(b"")
    alexa_trust = alexa(host)
    for number in (0, 1, 2, 2, 1, 0):
        with refused(Cause.FETCH):
            alexa_trust.check_signature(GOOD.sign(BODY, address(number)), BODY)
    assert host.asked == [address(0), address(1), address(2), address(0)]


def together(count: int, call: Callable[[], None]) -> list[Cause | None]:
    """The causes with which `count` calls at once are refused."""
    causes: list[Cause | None] = []

    def one() -> None:
        try:
            call()
        except Refusal as refusal:
            causes.append(refusal.cause)
        else:
            causes.append(None)

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return causes


def test_one_fetch_for_many_requests() -> None:
    """Requests that need the same chain at once wait for one fetch together."""
    asked: list[str] = []

    def slow(url: str) -> bytes:
        asked.append(url)
        time.sleep(0.1)
        return GOOD.chain_pem

    alexa_trust = alexa(fetch=slow)
    headers = GOOD.sign(BODY)
    causes = together(chains.MOST_WAITING, lambda: alexa_trust.check_signature(headers, BODY))
    assert causes == [None] * chains.MOST_WAITING
    assert len(asked) == 1


def test_known_chain() -> None:
    """A chain is known once it was learned, for as long as it holds, by its own address alone."""
    times = [NOW]
    alexa_trust = alexa(now=lambda: times[-1])
    assert must_wait(alexa_trust, CHAIN_URL)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert not must_wait(alexa_trust, CHAIN_URL)
    assert must_wait(alexa_trust, address(1))
    times.append(NOW + timedelta(days=31))
    assert must_wait(alexa_trust, CHAIN_URL)


@pytest.mark.parametrize("most", [1, 3])
def test_few_wait(most: int) -> None:
    """No more requests wait for chains than there are threads for."""
    hang = threading.Event()

    def slow(_url: str) -> bytes:
        hang.wait(10)
        return GOOD.chain_pem

    alexa_trust = alexa(fetch=slow, most_waiting=most)
    headers = GOOD.sign(BODY)
    timer = threading.Timer(0.3, hang.set)
    timer.start()
    causes = together(most + 2, lambda: alexa_trust.check_signature(headers, BODY))
    timer.join()
    assert sorted(map(str, causes)) == ["None"] * most + ["fetch-limit"] * 2


# --- a chain that changes under its address


def test_chain_that_changes() -> None:
    """Where a known address has another chain by now, what that one signs is accepted at once."""
    host = Host()
    alexa_trust = alexa(host)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    host.pem = NEWER.chain_pem
    assert must_wait(alexa_trust, CHAIN_URL, NEWER)
    for _ in range(2):
        alexa_trust.check_signature(NEWER.sign(BODY), BODY)
    assert not must_wait(alexa_trust, CHAIN_URL, NEWER)
    assert len(host.asked) == 2


def test_bad_signatures_are_worth_one_fetch_a_minute() -> None:
    """Bad signatures have a known chain fetched once a minute, and never cost the known one."""
    host, clock = Host(), Clock()
    alexa_trust = alexa(host, clock=clock)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    host.pem = b""
    for minute in range(1, 4):
        for _ in range(3):
            with refused(Cause.SIGNATURE):
                alexa_trust.check_signature(NEWER.sign(BODY), BODY)
            alexa_trust.check_signature(GOOD.sign(BODY), BODY)
            assert not must_wait(alexa_trust, CHAIN_URL, NEWER)
        assert len(host.asked) == 1 + minute
        clock.time += chains.RENEWAL_SECONDS


def test_chain_that_changes_just_after_it_was_fetched_again() -> None:
    """A chain that changes after a stranger had it fetched is learned a minute later."""
    host, clock = Host(), Clock()
    alexa_trust = alexa(host, clock=clock)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    with refused(Cause.SIGNATURE):
        alexa_trust.check_signature(NEWER.sign(BODY), BODY)
    host.pem = NEWER.chain_pem
    clock.time += chains.RENEWAL_SECONDS
    alexa_trust.check_signature(NEWER.sign(BODY), BODY)


def test_bad_signature_under_a_chain_just_learned() -> None:
    """A bad signature under an address that nobody knew is worth one fetch, not two."""
    host = Host()
    with refused(Cause.SIGNATURE):
        alexa(host).check_signature(NEWER.sign(BODY), BODY)
    assert host.asked == [CHAIN_URL]


@pytest.mark.parametrize("kind", BAD_CHAINS)
def test_known_chain_is_not_replaced_by_a_bad_one(kind: str) -> None:
    """What is fetched in the place of a known chain is checked like any other."""
    host, bad = Host(), BAD_CHAINS[kind]()
    alexa_trust = alexa(host)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    host.pem = bad.chain_pem
    with refused(Cause.SIGNATURE):
        alexa_trust.check_signature(NEWER.sign(BODY), BODY)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)


def test_chain_that_changes_is_replaced_on_the_shelf() -> None:
    """Who starts after a chain changed takes the new one from the shelf."""
    shelf, host = Chest(), Host()
    alexa_trust = alexa(host, shelf=shelf)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    host.pem = NEWER.chain_pem
    alexa_trust.check_signature(NEWER.sign(BODY), BODY)
    wait_until(lambda: shelf.kept.get(CHAIN_URL) == NEWER.chain_pem)
    later = alexa(Host(b""), shelf=shelf)
    later.recall()
    later.check_signature(NEWER.sign(BODY), BODY)


class Chest:
    """A shelf: a dict, or one that fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.kept: dict[str, bytes] = {}
        self._error = error

    def put(self, url: str, pem: bytes) -> None:
        if self._error:
            raise self._error
        self.kept[url] = pem

    def chains(self) -> dict[str, bytes]:
        if self._error:
            raise self._error
        return self.kept


def wait_until(true: Callable[[], object]) -> None:
    """Returns once it is true: what a thread does after it answered takes its time."""
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_one_learned_another_recalls() -> None:
    """A good chain is left for those that start later: they know it without a fetch."""
    shelf, host = Chest(), Host()
    alexa(shelf=shelf).check_signature(GOOD.sign(BODY), BODY)
    wait_until(lambda: shelf.kept)
    later = alexa(host, shelf=shelf)
    assert must_wait(later, CHAIN_URL)
    later.recall()
    assert not must_wait(later, CHAIN_URL)
    later.check_signature(GOOD.sign(BODY), BODY)
    assert host.asked == []


def test_only_good_chains_are_left() -> None:
    """A chain that is not Alexa's is not left for others."""
    shelf = Chest()
    bad = BAD_CHAINS["self-signed"]()
    alexa_trust = alexa(Host(bad.chain_pem), shelf=shelf)
    with refused(Cause.CHAIN):
        alexa_trust.check_signature(bad.sign(BODY), BODY)
    alexa(shelf=shelf).check_signature(GOOD.sign(BODY, address(1)), BODY)
    wait_until(lambda: shelf.kept)
    assert list(shelf.kept) == [address(1)]


@pytest.mark.parametrize("kind", BAD_CHAINS)
def test_what_is_left_is_checked(kind: str) -> None:
    """A chain from the shelf is worth no more than one that was fetched."""
    shelf, bad = Chest(), BAD_CHAINS[kind]()
    shelf.kept = {CHAIN_URL: bad.chain_pem, address(1): GOOD.chain_pem}
    alexa_trust = alexa(shelf=shelf, roots=bad.root_pem)
    alexa_trust.recall()
    assert must_wait(alexa_trust, CHAIN_URL)
    assert must_wait(alexa_trust, address(1)) == (bad.root_pem != GOOD.root_pem)


def test_what_is_left_grows_old() -> None:
    """A chain from the shelf that no longer holds is not known."""
    shelf = Chest()
    shelf.kept = {CHAIN_URL: GOOD.chain_pem}
    alexa_trust = alexa(shelf=shelf, now=lambda: NOW + timedelta(days=31))
    alexa_trust.recall()
    assert must_wait(alexa_trust, CHAIN_URL)


@pytest.mark.parametrize("error", [OSError(), ValueError()])
def test_no_shelf(error: Exception) -> None:
    """A shelf that fails costs nothing: the chain is fetched, and the request answered."""
    host = Host()
    alexa_trust = alexa(host, shelf=Chest(error))
    alexa_trust.recall()
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert host.asked == [CHAIN_URL]


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """The block takes less than this."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def test_slow_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that hangs costs those who need it its limit at most, and others nothing."""
    monkeypatch.setattr(chains, "FETCH_SECONDS", 0.3)
    host = SlowHost()
    alexa_trust = alexa(fetch=host.fetch)
    ask_known = partial(alexa_trust.check_signature, GOOD.sign(BODY), BODY)
    ask_hanging = partial(alexa_trust.check_signature, GOOD.sign(BODY, address(1)), BODY)
    ask_known()
    causes: list[Cause | None] = []
    crowd = threading.Thread(target=lambda: causes.extend(together(30, ask_hanging)))
    with within(2):
        with within(0.25):
            crowd.start()
            time.sleep(0.05)
            ask_known()
        crowd.join()
    assert sorted(map(str, causes)) == ["fetch"] * 8 + ["fetch-limit"] * 22
    with within(0.2), refused(Cause.FETCH):  # its limit is over: nobody waits for it any more
        ask_hanging()
    host.here.set()
    time.sleep(0.1)
    ask_hanging()  # what came late is kept
    assert len(host.asked) == 2


def test_fetch_that_breaks_its_promise() -> None:
    """A fetch that raises what it should not leaves nothing behind that waits for ever."""
    broken = [True]

    def fetch(_url: str) -> bytes:
        if broken:
            raise KeyError
        return GOOD.chain_pem

    clock = Clock()
    alexa_trust = alexa(fetch=fetch, clock=clock)
    with pytest.raises(KeyError):
        alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    with refused(Cause.UNFORESEEN):
        alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    broken.clear()
    clock.time += chains.FAILURE_SECONDS
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)


# --- the default way to fetch


class Pages(BaseHTTPRequestHandler):
    """A host that answers each path in its own way."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        match self.path.rsplit("/", 1)[-1]:
            case "good.pem":
                self.say(200, GOOD.chain_pem)
            case "moved.pem":
                self.send_response(302)
                self.send_header("Location", "/echo.api/good.pem")
                self.end_headers()
            case "missing.pem":
                self.say(404, GOOD.chain_pem)
            case "large.pem":
                self.say(200, b"x" * (64 * 1024 + 1))
            case "drip.pem":
                self.drip()
            case "garbage.pem":
                self.wfile.write(b"hello\r\n\r\n")

    def say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(40):
                self.wfile.write(b"x")
                time.sleep(0.05)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Pages]]:
    """A local host in the place of Amazon's."""
    Pages.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        connect = partial(HTTPConnection, "127.0.0.1", server.server_port, timeout=0.3)
        monkeypatch.setattr(chains, "_connection", connect)
        yield Pages
        server.shutdown()


def page(name: str) -> str:
    return f"https://s3.amazonaws.com/echo.api/{name}"


def test_fetch(pages: type[Pages], monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain is fetched by its path from the one host, whatever proxies are set."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert chains.fetch_chain(page("good.pem")) == GOOD.chain_pem
    assert pages.seen == ["/echo.api/good.pem"]


@pytest.mark.parametrize(
    ("name", "why"),
    [("moved.pem", "200"), ("missing.pem", "200"), ("large.pem", "long"), ("garbage.pem", "HTTP")],
)
def test_fetch_fails(pages: type[Pages], name: str, why: str) -> None:
    """A redirect, a status other than 200, more than 64 kB and what is not HTTP are failures."""
    with pytest.raises(OSError, match=why):
        chains.fetch_chain(page(name))
    assert pages.seen == [f"/echo.api/{name}"]


@pytest.mark.usefixtures("pages")
def test_fetch_has_a_limit_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that sends a byte now and then is left when the limit for the whole is reached."""
    monkeypatch.setattr(chains, "FETCH_SECONDS", 0.3)
    with within(1), pytest.raises(TimeoutError):
        chains.fetch_chain(page("drip.pem"))


def test_fetch_goes_to_amazon_alone() -> None:
    """The connection is to Amazon's host, on its TLS port, with certificates checked."""
    connection = chains._connection()
    assert (connection.host, connection.port) == ("s3.amazonaws.com", 443)
    assert connection.timeout == chains.FETCH_SECONDS
    context = connection._context  # type: ignore[attr-defined]
    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"

"""skill.alexa.trust: is this request Alexa's?"""

import base64
import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import certifi
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1

from skill.alexa import trust
from skill.alexa.trust import Cause, Refusal, Trust, chain_url
from skill.simulator.authority import CHAIN_URL, Authority
from tests.chains import (
    BAD_CHAINS,
    GOOD,
    NOW,
    SKILL_ID,
    SlowHost,
    cross_signed,
    issuer,
    raw_request,
    signer,
)

BODY = b'{"some": "bytes"}'


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


class Host:
    """A certificate host that counts how often it is asked, and for what."""

    def __init__(self, pem: bytes = GOOD.chain_pem) -> None:
        self.pem = pem
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if not self.pem:
            raise OSError
        return self.pem


def alexa(host: Host | None = None, **options: object) -> Trust:
    """Trust in the test root, at the tests' own time."""
    settings: dict[str, object] = {"skill_ids": [SKILL_ID], "roots": GOOD.root_pem}
    settings |= {"now": lambda: NOW, "fetch": host or Host()}
    return Trust(**(settings | options))  # type: ignore[arg-type]


def address(number: int) -> str:
    return f"https://s3.amazonaws.com/echo.api/cert-{number}.pem"


@contextlib.contextmanager
def refused(*causes: Cause) -> Iterator[None]:
    with pytest.raises(Refusal) as refusal:
        yield
    assert refusal.value.cause in causes
    assert str(refusal.value) == refusal.value.cause.value


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


# --- the signature


def test_signed_by_alexa() -> None:
    """Bytes that Alexa signed are accepted."""
    alexa().check_signature(GOOD.sign(BODY), BODY)


def test_authority_is_trusted_where_its_root_is() -> None:
    """A throw-away authority is Alexa to whoever is given its root, and to no one else."""
    authority = Authority()
    now: dict[str, Any] = {"now": None, "fetch": authority.fetch}
    alexa(roots=authority.root_pem, **now).check_signature(authority.sign(BODY), BODY)
    with refused(Cause.CHAIN):
        alexa(**now).check_signature(authority.sign(BODY), BODY)


@pytest.mark.parametrize("body", [BODY + b" ", BODY[:-1], b"", BODY.replace(b" ", b"")])
def test_other_bytes(body: bytes) -> None:
    """One byte more, less or other than was signed is refused, even where the JSON is the same."""
    with refused(Cause.SIGNATURE):
        alexa().check_signature(GOOD.sign(BODY), body)


def test_signed_by_another_key() -> None:
    """A good chain beside a signature of another key is refused."""
    with refused(Cause.SIGNATURE):
        alexa().check_signature(Authority().sign(BODY), BODY)


@pytest.mark.parametrize(
    "signature",
    ["!", "AAAA", "AAA", "A" * 344, "sign\u00e9", "\ufeff", base64.b64encode(b"x" * 256).decode()],
)
def test_bad_signature(signature: str) -> None:
    """What is not a signature at all is refused like a wrong one."""
    with refused(Cause.SIGNATURE):
        alexa().check_signature(GOOD.sign(BODY) | {"Signature-256": signature}, BODY)


@pytest.mark.parametrize("white", [" ", "\n", "\t"])
def test_signature_is_read_strictly(white: str) -> None:
    """A signature with anything but base64 in it is refused."""
    headers = GOOD.sign(BODY)
    with refused(Cause.SIGNATURE):
        alexa().check_signature(headers | {"Signature-256": white + headers["Signature-256"]}, BODY)


def test_sha1_is_refused() -> None:
    """A signature in the old header, or over SHA-1, is refused."""
    assert isinstance(GOOD.key, RSAPrivateKey)
    old = base64.b64encode(GOOD.key.sign(BODY, PKCS1v15(), SHA1())).decode()
    with refused(Cause.SIGNATURE):
        alexa().check_signature(GOOD.sign(BODY) | {"Signature-256": old}, BODY)
    with refused(Cause.NO_SIGNATURE):
        alexa().check_signature({"SignatureCertChainUrl": CHAIN_URL, "Signature": old}, BODY)


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize(
    ("header", "cause"),
    [
        ("SignatureCertChainUrl", Cause.NO_CHAIN_URL),
        ("Signature-256", Cause.NO_SIGNATURE),
    ],
)
def test_missing_header(header: str, cause: Cause, value: str | None) -> None:
    """A missing or empty header is refused, and nothing is fetched."""
    host = Host()
    headers = GOOD.sign(BODY)
    del headers[header]
    if value is not None:
        headers[header] = value
    with refused(cause):
        alexa(host).check_signature(headers, BODY)
    assert host.asked == []


# --- the chain


@pytest.mark.parametrize("kind", BAD_CHAINS)
def test_bad_chain(kind: str) -> None:
    """Each faulty chain is refused, though the signature fits it."""
    bad = BAD_CHAINS[kind]()
    with refused(Cause.CHAIN, Cause.NAME, Cause.KEY, Cause.FETCH):
        alexa(Host(bad.chain_pem), roots=bad.root_pem).check_signature(bad.sign(BODY), BODY)


def test_cross_signed_chain() -> None:
    """A path is built to a trusted root, even where the served chain ends at a forgotten one."""
    served = cross_signed()
    alexa(Host(served.chain_pem)).check_signature(served.sign(BODY), BODY)


def test_default_roots_are_certifis() -> None:
    """Without roots of its own, trust is in certifi's, and not in the tests'."""
    with refused(Cause.CHAIN):
        alexa(roots=None).check_signature(GOOD.sign(BODY), BODY)


def test_one_bad_root_among_many() -> None:
    """A root that cannot be read leaves the others trusted."""
    bad = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    bad += BAD_CHAINS["version of tomorrow"]().chain_pem
    roots = bad + certifi.contents().encode() + bad + GOOD.root_pem
    alexa(roots=roots).check_signature(GOOD.sign(BODY), BODY)


@pytest.mark.parametrize(
    "roots", [b"", b"junk", b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"]
)
def test_no_root_at_all(roots: bytes) -> None:
    """Without a readable root nothing can be trusted, so there is nothing to start."""
    with pytest.raises(ValueError, match="root"):
        alexa(roots=roots)


# --- learning a chain, and knowing it


def test_known_chain_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A warm request fetches no chain and validates none."""
    host = Host()
    alexa_trust = alexa(host)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    monkeypatch.setattr(trust, "check_chain", pytest.fail)
    monkeypatch.setattr("threading.Thread", pytest.fail)
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
    clock.time += trust.FAILURE_SECONDS
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert len(host.asked) == 2


def test_too_many_addresses() -> None:
    """Fetches a minute are bounded over all addresses; a known chain does not notice."""
    host, clock = Host(), Clock()
    alexa_trust = alexa(host, clock=clock)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    host.pem = b""
    for number in range(200):
        with refused(Cause.FETCH, Cause.FETCH_LIMIT):
            alexa_trust.check_signature(GOOD.sign(BODY, address(number)), BODY)
    assert len(host.asked) == trust.FETCHES_A_MINUTE
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    host.pem = GOOD.chain_pem
    clock.time += 60
    alexa_trust.check_signature(GOOD.sign(BODY, address(1000)), BODY)


def test_few_chains_are_kept() -> None:
    """Of many good chains only the latest used are kept."""
    host, clock = Host(), Clock()
    alexa_trust = alexa(host, clock=clock)
    for number in range(trust.MOST_CHAINS + 1):
        alexa_trust.check_signature(GOOD.sign(BODY, address(number)), BODY)
        alexa_trust.check_signature(GOOD.sign(BODY, address(0)), BODY)
    asked = len(host.asked)
    assert asked == trust.MOST_CHAINS + 1
    alexa_trust.check_signature(GOOD.sign(BODY, address(0)), BODY)
    assert len(host.asked) == asked
    alexa_trust.check_signature(GOOD.sign(BODY, address(1)), BODY)
    assert len(host.asked) == asked + 1


def test_few_failures_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory for failures is bounded too: the oldest is forgotten, and tried again."""
    monkeypatch.setattr(trust, "MOST_FAILURES", 2)
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
    causes = together(trust.MOST_WAITING, lambda: alexa_trust.check_signature(headers, BODY))
    assert causes == [None] * trust.MOST_WAITING
    assert len(asked) == 1


def test_known_chain() -> None:
    """A chain is known once it was learned, for as long as it holds, by its own address alone."""
    times = [NOW]
    alexa_trust = alexa(now=lambda: times[-1])
    assert not alexa_trust.knows(CHAIN_URL)
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    assert alexa_trust.knows(CHAIN_URL)
    assert not alexa_trust.knows(address(1))
    times.append(NOW + timedelta(days=31))
    assert not alexa_trust.knows(CHAIN_URL)


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
    assert not later.knows(CHAIN_URL)
    later.recall()
    assert later.knows(CHAIN_URL)
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
    assert not alexa_trust.knows(CHAIN_URL)
    assert alexa_trust.knows(address(1)) == (bad.root_pem == GOOD.root_pem)


def test_what_is_left_grows_old() -> None:
    """A chain from the shelf that no longer holds is not known."""
    shelf = Chest()
    shelf.kept = {CHAIN_URL: GOOD.chain_pem}
    alexa_trust = alexa(shelf=shelf, now=lambda: NOW + timedelta(days=31))
    alexa_trust.recall()
    assert not alexa_trust.knows(CHAIN_URL)


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
    monkeypatch.setattr(trust, "FETCH_SECONDS", 0.3)
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
    clock.time += trust.FAILURE_SECONDS
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
        monkeypatch.setattr(trust, "_connection", connect)
        yield Pages
        server.shutdown()


def page(name: str) -> str:
    return f"https://s3.amazonaws.com/echo.api/{name}"


def test_fetch(pages: type[Pages], monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain is fetched by its path from the one host, whatever proxies are set."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert trust.fetch_chain(page("good.pem")) == GOOD.chain_pem
    assert pages.seen == ["/echo.api/good.pem"]


@pytest.mark.parametrize(
    ("name", "why"),
    [("moved.pem", "200"), ("missing.pem", "200"), ("large.pem", "long"), ("garbage.pem", "HTTP")],
)
def test_fetch_fails(pages: type[Pages], name: str, why: str) -> None:
    """A redirect, a status other than 200, more than 64 kB and what is not HTTP are failures."""
    with pytest.raises(OSError, match=why):
        trust.fetch_chain(page(name))
    assert pages.seen == [f"/echo.api/{name}"]


@pytest.mark.usefixtures("pages")
def test_fetch_has_a_limit_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that sends a byte now and then is left when the limit for the whole is reached."""
    monkeypatch.setattr(trust, "FETCH_SECONDS", 0.3)
    with within(1), pytest.raises(TimeoutError):
        trust.fetch_chain(page("drip.pem"))


def test_fetch_goes_to_amazon_alone() -> None:
    """The connection is to Amazon's host, on its TLS port, with certificates checked."""
    connection = trust._connection()
    assert (connection.host, connection.port) == ("s3.amazonaws.com", 443)
    assert connection.timeout == trust.FETCH_SECONDS
    context = connection._context  # type: ignore[attr-defined]
    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"


# --- the time


@pytest.mark.parametrize("seconds", [0, 150, -150, 149.9])
def test_time_is_near(seconds: float) -> None:
    """A request within 150 seconds of now, before or after, is accepted."""
    alexa().check_time("IntentRequest", NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [150.001, -150.001, 3600, -3600, 10**9, -(10**9)])
def test_time_is_far(seconds: float) -> None:
    """A request that is older or newer than that is refused."""
    with refused(Cause.TIMESTAMP):
        alexa().check_time("IntentRequest", NOW + timedelta(seconds=seconds))


def test_extreme_times() -> None:
    """The first and the last time that can be written are refused like any other."""
    for extreme in (datetime.min, datetime.max):
        with refused(Cause.TIMESTAMP):
            alexa().check_time("IntentRequest", extreme.replace(tzinfo=UTC))


@pytest.mark.parametrize("event", sorted(trust.SKILL_EVENTS))
def test_skill_events_have_an_hour(event: str) -> None:
    """The five skill events may be an hour old."""
    assert len(trust.SKILL_EVENTS) == 5
    alexa().check_time(event, NOW - timedelta(hours=1))
    with refused(Cause.TIMESTAMP):
        alexa().check_time(event, NOW - timedelta(hours=1, seconds=1))


# --- the skill id


def test_our_skill() -> None:
    """A request for one of our skills is accepted."""
    ours = alexa(skill_ids=["another", SKILL_ID])
    ours.check_skill_id(raw_request())
    ours.check_skill_id(raw_request(skill_id="another"))


@pytest.mark.parametrize("value", ["", "amzn1.ask.skill.other", None, 1, True, [SKILL_ID], {}])
def test_not_our_skill(value: object) -> None:
    """A request for another skill, or for none, is refused."""
    raw = raw_request()
    raw["context"]["System"]["application"]["applicationId"] = value
    with refused(Cause.SKILL_ID):
        alexa().check_skill_id(raw)


@pytest.mark.parametrize("path", [[], ["context"], ["context", "System"]])
@pytest.mark.parametrize("value", [None, [], "text", 1, {}])
def test_no_skill_id(path: list[str], value: object) -> None:
    """Where the way to the id is missing or of another shape, the request is refused."""
    raw = {"context": raw_request()["context"]}
    inner = raw
    for key in path:
        inner = inner[key]
    inner[{0: "context", 1: "System", 2: "application"}[len(path)]] = value
    with refused(Cause.SKILL_ID):
        alexa().check_skill_id(raw)


def test_shadow_keys() -> None:
    """A key that only looks like the id, or the id in the session, does not count."""
    raw = raw_request(skill_id="other")
    raw["context"]["System"]["application"]["application_id"] = SKILL_ID
    raw["context"]["System"]["application"]["ApplicationId"] = SKILL_ID
    raw["session"]["application"]["applicationId"] = SKILL_ID
    with refused(Cause.SKILL_ID):
        alexa().check_skill_id(raw)


# --- what is loaded


@pytest.mark.processes
def test_amazons_verifier_is_not_loaded() -> None:
    """Trust loads neither certvalidator nor oscrypto, which cannot read OpenSSL 3.0.19."""
    code = (
        "import sys, skill.alexa.trust, skill.alexa.envelope\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('certvalidator', 'oscrypto')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"

"""skill.doctor.there: a webhook seen from outside, a test for each finding."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from werkzeug.serving import WSGIRequestHandler, make_server

from skill.alexa.authority import (
    authority_extensions,
    certify,
    leaf_extensions,
    new_ec_key,
)
from skill.doctor import asking, there
from skill.doctor.asking import Reply
from skill.doctor.finding import Finding, State
from skill.web import MARKS_HEADER, create_app, mark
from tests.chains import SKILL_ID

URL = "https://coach.example/alexa"
Patch = pytest.MonkeyPatch


def as_it_should_be(url: str, method: str = "GET", body: bytes | None = None, *_: Any) -> Reply:
    """What a webhook that is well answers."""
    now = datetime.now(UTC)
    headers = {"date": format_datetime(now, usegmt=True)}
    if url.endswith("/privacy"):
        headers |= {"content-type": "text/html", MARKS_HEADER.lower(): mark(SKILL_ID)}
        return Reply(200, headers, b"<!doctype html>", 0.1)
    status = 405 if method == "GET" else 413 if len(body or b"") > 65536 else 400
    return Reply(status, headers, b"refused", 0.1, now + timedelta(days=60, hours=1))


Answers = Callable[..., list[Finding]]


@pytest.fixture
def found(monkeypatch: Patch) -> Answers:
    """What is found of a webhook that is well but for what is changed in some of its replies."""
    monkeypatch.setenv("CRAMP_COACH_SKILL_ID", SKILL_ID)

    def findings(of: str = "", url: str = URL, **changed: Any) -> list[Finding]:
        def ask(url: str, method: str = "GET", body: bytes | None = None, *rest: Any) -> Reply:
            kind = "page" if "/privacy" in url else f"{method} {len(body or b'')}"
            if kind == of and "error" in changed:
                raise changed["error"]
            reply = as_it_should_be(url, method, body, *rest)
            return reply._replace(**changed) if kind == of else reply

        monkeypatch.setattr(asking, "ask", ask)
        listed = list(there.findings(url))
        assert all((each.state is State.GOOD) != bool(each.fix) for each in listed)
        return listed

    return findings


def wrong(listed: list[Finding]) -> list[tuple[State, str]]:
    """All that is not good."""
    return [(each.state, each.what) for each in listed if each.state is not State.GOOD]


def test_all_is_well(found: Answers) -> None:
    """Of a webhook that is well nothing is said but that; a slash at the end is no fault."""
    for url in (URL, f"{URL}/"):
        assert wrong(found(url=url)) == []
    assert [each.what for each in found()] == [
        *("certificate", "unsigned request", "time to answer", "server's clock"),
        *("other methods", "size limit", "privacy page", "skill of the webhook"),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://coach.example/alexa",
        "coach.example/alexa",
        "https:///alexa",
        "https://a host/alexa",
        "https://[::1/alexa",
        "https://coach.example:8443/alexa",
        "https://coach.example:x/alexa",
        "https://coach.example/",
        "https://coach.example/ALEXA",
    ],
)
def test_address(url: str, found: Answers) -> None:
    """An address that Amazon would not take, or where there is no webhook, is not asked."""
    assert wrong(found(url=url)) == [(State.BAD, "address")]


FIRST = "POST 2"


def test_unreached(found: Answers) -> None:
    """What cannot be reached, and a certificate that is not trusted, are told apart."""
    assert wrong(found(FIRST, error=OSError("refused"))) == [(State.BAD, "address")]
    untrusted = ssl.SSLCertVerificationError(1, "x")
    untrusted.verify_message = "self-signed certificate"
    (only,) = found(FIRST, error=untrusted)
    assert (only.state, only.what) == (State.BAD, "certificate")
    assert "self-signed certificate" in only.how_it_is


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        (socket.gaierror(-2, "Name or service not known"), "name right"),
        (TimeoutError("timed out"), "firewall"),
        (ssl.SSLError(1, "wrong version number"), "does not speak TLS"),
        (ConnectionRefusedError(111, "Connection refused"), "Start it"),
    ],
)
def test_why_it_is_not_reached(error: OSError, fix: str, found: Answers) -> None:
    """A wrong name, a closed door, no TLS and nobody there have a fix each."""
    (only,) = found(FIRST, error=error)
    assert (only.state, only.what) == (State.BAD, "address")
    assert fix in only.fix


def test_a_name_that_is_too_long() -> None:
    """What cannot be the name of a host is not reached, like any that is not there."""
    (only,) = there.findings(f"https://{'a' * 64}.example/alexa")
    assert (only.state, only.what) == (State.BAD, "address")


def test_certificate_ends(found: Answers) -> None:
    """A certificate that ends soon, or whose end is not told, is a note."""
    soon = datetime.now(UTC) + timedelta(days=5, hours=1)
    listed = found(FIRST, expires=soon)
    assert wrong(listed) == [(State.NOTE, "certificate")]
    assert "5 days" in listed[0].how_it_is
    assert wrong(found(FIRST, expires=None)) == [(State.NOTE, "certificate")]


@pytest.mark.parametrize(
    ("changed", "fix"),
    [
        ({"status": 301, "headers": {"location": "https://www.example/"}}, "last address"),
        ({"status": 200}, "--dev"),
        ({"status": 404}, "path is /alexa"),
        ({"status": 405}, "path is /alexa"),
        ({"status": 502}, "does not reach it"),
        ({"status": 401}, "else listens"),
        ({"body": b"Bad Request"}, "else listens"),
        ({"body": b"refused: shape"}, "without --dev"),
    ],
)
def test_unsigned_request(changed: dict[str, Any], fix: str, found: Answers) -> None:
    """An unsigned request that is not refused by the webhook says what is wrong there."""
    listed = found(FIRST, **changed)
    (it,) = (each for each in listed if each.what == "unsigned request")
    assert it.state is State.BAD
    assert fix in it.fix


@pytest.mark.parametrize(("seconds", "state"), [(1.5, State.NOTE), (9.0, State.BAD)])
def test_time(seconds: float, state: State, found: Answers) -> None:
    """An answer that takes long is a note, and one that Alexa does not wait for is bad."""
    assert wrong(found(FIRST, seconds=seconds)) == [(state, "time to answer")]


@pytest.mark.parametrize(("ahead", "how"), [(600, "ahead of"), (-600, "behind")])
def test_servers_clock(ahead: float, how: str, found: Answers) -> None:
    """A server whose clock is wrong refuses everybody."""
    told = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    listed = found(FIRST, headers={"date": told})
    assert wrong(listed) == [(State.BAD, "server's clock")]
    assert how in listed[3].how_it_is


def test_limits(found: Answers) -> None:
    """A method or a size that is let through, or not answered, is a note."""
    assert wrong(found("GET 0", status=200)) == [(State.NOTE, "other methods")]
    assert wrong(found("GET 0", error=OSError("x"))) == [(State.NOTE, "other methods")]
    long = f"POST {64 * 1024 + 1}"
    assert wrong(found(long, status=400)) == [(State.NOTE, "size limit")]
    assert wrong(found(long, error=OSError("broken pipe"))) == []


def test_privacy_page(found: Answers) -> None:
    """A privacy page that does not open is a note."""
    refused: list[dict[str, Any]] = [{"status": 404}, {"headers": {}}, {"error": OSError("x")}]
    for changed in refused:
        assert wrong(found("page", **changed)) == [(State.NOTE, "privacy page")]


def test_another_skill(found: Answers, monkeypatch: Patch) -> None:
    """A webhook that works is told from one that has another skill's id, and from one that has
    none."""
    html = {"content-type": "text/html"}
    other = html | {MARKS_HEADER.lower(): f"{mark('a')}, {mark('b')}"}
    listed = found("page", headers=other)
    assert wrong(listed) == [(State.BAD, "skill of the webhook")]
    assert SKILL_ID in listed[-1].how_it_is
    assert "--dev" in found("page", headers=html)[-1].fix
    monkeypatch.delenv("CRAMP_COACH_SKILL_ID")
    assert wrong(found()) == [(State.NOTE, "skill of the webhook")]


# --- over TLS, on loopback


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, str]]:
    """The webhook over TLS: its address, and the file of the root that it is certified by."""
    now = datetime.now(UTC)
    root = certify("Test root", new_ec_key(), None, authority_extensions(), now)
    leaf = certify("localhost", new_ec_key(), root, leaf_extensions(["localhost"]), now)
    key = leaf.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "leaf.pem").write_bytes(leaf.pem + key)
    (folder / "root.pem").write_bytes(root.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem")
    app = create_app(skill_ids=[SKILL_ID])
    server = make_server(
        "localhost", 0, app, threaded=True, request_handler=_Quiet, ssl_context=context
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}/alexa", str(folder / "root.pem")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_over_tls(tmp_path: Path, monkeypatch: Patch) -> None:
    """The webhook itself is well, once its certificate is trusted."""
    monkeypatch.setenv("CRAMP_COACH_SKILL_ID", SKILL_ID)
    with serving(tmp_path) as (url, root):
        assert wrong(list(there.findings(url))) == [(State.BAD, "certificate")]
        monkeypatch.setattr(certifi, "where", lambda: root)
        listed = list(there.findings(url))
        assert wrong(listed) == []
        assert "for 29 more days" in listed[0].how_it_is
    assert wrong(list(there.findings(url))) == [(State.BAD, "address")]

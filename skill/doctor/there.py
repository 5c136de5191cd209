"""What the doctor looks at from outside: a webhook at its address, as Alexa would come to it."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from skill.doctor import asking
from skill.doctor.asking import Reply
from skill.doctor.finding import Finding, bad, good, note
from skill.doctor.here import clock, skill_ids
from skill.web import MARKS_HEADER, MOST_BODY_BYTES, PATHS, mark

SOON = timedelta(days=14)
SLOW_SECONDS = 1.0
TOO_SLOW_SECONDS = 8.0  # alexa.md 3

_JSON = {"Content-Type": "application/json"}
_REFUSED = b"refused"
_FORM = "Amazon takes https://HOST/alexa"
_WHY = {
    200: ("it answers anybody", "Start it without --dev"),
    403: ("something before the webhook forbids it", "Let POST through, from anywhere"),
    404: ("nothing is there", "The path is /alexa"),
    405: ("POST is not taken there", "The path is /alexa"),
    415: ("JSON is not taken there", "Let Content-Type through as it is"),
}


def findings(url: str) -> Iterator[Finding]:
    """What the webhook at `url` is like; where it cannot be reached at all, that alone."""
    if wrong := _address(url):
        yield wrong
        return
    try:
        reply = asking.ask(url, "POST", b"{}", _JSON)
    except OSError as error:
        yield _unreached(error)
        return
    yield _certificate(reply)
    yield _unsigned(reply)
    yield _time(reply)
    yield clock("server's clock", "this machine's", _ahead(reply))
    yield from _limits(url)
    yield from _pages(url)


def _address(url: str) -> Finding | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return bad("address", f"{url!r} is none ({error})", _FORM)
    if parts.scheme != "https":
        return bad("address", f"{url!r} is not https", _FORM)
    if not re.fullmatch(r"[\w.:-]+", parts.hostname or ""):
        return bad("address", f"{url!r} names no host", _FORM)
    if port not in (None, 443) and parts.hostname not in ("localhost", "127.0.0.1"):
        return bad("address", f"port {port}", "Amazon reaches port 443 alone")
    if parts.path not in PATHS:
        return bad("address", f"the path is {parts.path or '/'!r}", "The path is /alexa")
    return None


def _unreached(error: OSError) -> Finding:
    if isinstance(error, ssl.SSLCertVerificationError):
        fix = (
            "Have one from a public authority, in date, for this very name, with all that is "
            "between it and a root"
        )
        return bad("certificate", f"not trusted ({error.verify_message.rstrip('.')})", fix)
    return bad("address", f"cannot be reached ({error})", _way_there(error))


def _way_there(error: OSError) -> str:
    """What to do where no connection, or none by TLS, comes about."""
    if isinstance(error, socket.gaierror):
        return "Is the host's name right, and does the DNS know it?"
    if isinstance(error, TimeoutError):
        return "It does not answer: let port 443 in, where a firewall stands"
    if isinstance(error, ssl.SSLError):
        return "What listens there does not speak TLS: put a proxy that ends TLS before the webhook"
    return "Start it, and what ends TLS before it, on port 443"


def _certificate(reply: Reply) -> Finding:
    if reply.expires is None:
        return note("certificate", "trusted; its end is not told", "Look at it by hand")
    left = reply.expires - datetime.now(UTC)
    if left < SOON:
        return note("certificate", f"ends in {left.days} days", "Have it renewed by itself")
    return good("certificate", f"trusted, for {left.days} more days")


def _unsigned(reply: Reply) -> Finding:
    what = "unsigned request"
    if 300 <= reply.status < 400:
        to = reply.headers.get("location", "elsewhere")
        return bad(what, f"redirected to {to}", "Alexa follows none: give her the last address")
    if reply.status == 400 and reply.body == _REFUSED:
        return good(what, "refused with 400")
    if reply.status >= 500:
        return bad(what, f"{reply.status}", "Something before the webhook does not reach it")
    if reply.status == 400 and reply.body.startswith(_REFUSED):
        return bad(what, "refused, and told why: it verifies nothing", "Start it without --dev")
    if reply.status == 400:
        return bad(what, "refused, but not by this webhook", "What else listens there?")
    how, fix = _WHY.get(reply.status, ("not as the webhook answers", "What else listens there?"))
    return bad(what, f"{reply.status}: {how}", fix)


def _time(reply: Reply) -> Finding:
    how = f"{reply.seconds:.1f} s, with the connection"
    if reply.seconds > TOO_SLOW_SECONDS:
        return bad("time to answer", how, "Alexa waits 8 s: what is between, and how far is it?")
    if reply.seconds > SLOW_SECONDS:
        return note("time to answer", how, "She waits: serve it nearer to Amazon's region")
    return good("time to answer", how)


def _ahead(reply: Reply) -> float | None:
    """By how much this machine's clock is ahead of the server's."""
    ahead = reply.clock_ahead(datetime.now(UTC))
    return None if ahead is None else -ahead


def _limits(url: str) -> Iterator[Finding]:
    """Other methods, and more than the webhook reads, are refused."""
    too_long = b" " * (MOST_BODY_BYTES + 1)
    for what, method, body, status in (
        ("other methods", "GET", None, 405),
        ("size limit", "POST", too_long, 413),
    ):
        try:
            got = asking.ask(url, method, body, _JSON).status
        except OSError as error:
            if status == 413:  # it may be hung up on before all of it is sent
                yield good(what, "cut off")
            else:
                yield note(what, f"no answer ({error})", f"{status} is right")
            continue
        if got == status:
            yield good(what, f"refused with {status}")
        else:
            yield note(what, f"answered with {got}", f"{status} is right: what stands before it?")


def _pages(url: str) -> Iterator[Finding]:
    """The privacy policy opens; and by its mark, whose skill the webhook answers."""
    page = f"{url.rstrip('/').removesuffix('/alexa')}/privacy"
    try:
        reply = asking.ask(page)
    except OSError as error:
        yield note("privacy page", f"no answer ({error})", "Let GET /privacy through")
        return
    if reply.status != 200 or not reply.headers.get("content-type", "").startswith("text/html"):
        yield note("privacy page", f"{page} gives {reply.status}", "Let GET /privacy through")
        return
    yield good("privacy page", page)
    yield _whose(reply.headers.get(MARKS_HEADER.lower(), "").split(", "))


def _whose(marks: list[str]) -> Finding:
    what = "skill of the webhook"
    ours = skill_ids()
    if not ours:
        return note(what, "not compared", "Set CRAMP_COACH_SKILL_ID here as well")
    missing = [each for each in ours if mark(each) not in marks]
    if missing and marks != [""]:
        fix = "Set CRAMP_COACH_SKILL_ID there to the id in the developer console, and restart it"
        return bad(what, f"it does not answer for {missing[0]}", fix)
    if missing:
        return bad(what, "it verifies nothing, or tells of none", "Start it without --dev")
    return good(what, "the one that is set here")

"""What the doctor looks at on this machine: what serving needs, and what a release needs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec

import certifi
from ask_sdk_webservice_support.verifier_constants import CERT_CHAIN_URL_HOSTNAME

from skill.alexa.certificates import root_store
from skill.alexa.trust import TOLERANCE
from skill.doctor import asking
from skill.doctor.finding import Finding, bad, good, note
from skill.pages import is_address, operator
from skill.serving.health import port_of
from skill.speech import signed
from skill.speech.catalogue import LOCALES

_SKILL_ID = re.compile(r"amzn1\.ask\.skill\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIND_ID = "It stands below the skill's name in the list of the developer console"
_ROOT = "Amazon Root CA 1"
_CHAIN = f"https://{CERT_CHAIN_URL_HOSTNAME}/echo.api/echo-api-cert.pem"


def findings() -> Iterator[Finding]:
    """Everything on this machine, what is quick first."""
    looks: tuple[Callable[[], Finding], ...] = (python, skill_id, health_port, run_by, roots)
    for look in looks:
        yield look()
    yield from network()
    yield signatures()
    yield models()


def python() -> Finding:
    """The interpreter is one that is tested."""
    version = sys.version_info[:2]
    said = f"{version[0]}.{version[1]}"
    if (3, 11) <= version <= (3, 13):
        return good("Python", said)
    return note("Python", f"{said} is not tested", "Use 3.11, 3.12 or 3.13")


def skill_ids() -> list[str]:
    """The ids that the settings name."""
    listed = os.environ.get("CRAMP_COACH_SKILL_ID", "").split(",")
    return [each.strip() for each in listed if each.strip()]


def skill_id() -> Finding:
    """There is a skill's id, and each looks like one."""
    listed = skill_ids()
    odd = [each for each in listed if not _SKILL_ID.fullmatch(each)]
    if not listed:
        return bad("skill id", "CRAMP_COACH_SKILL_ID is not set", f"{_FIND_ID}; set it to that")
    if odd:
        return bad("skill id", f"{odd[0]!r} is none (amzn1.ask.skill. and a UUID)", _FIND_ID)
    return good("skill id", ", ".join(listed))


def health_port() -> Finding:
    """The port for `/health` is one, where any is set: else the server does not start."""
    try:
        port = port_of(os.environ)
    except ValueError as error:
        return bad("health port", str(error), "Set it to one of these, or not at all")
    return good("health port", "none is set" if port is None else str(port))


def run_by() -> Finding:
    """Who runs it, and where to write to, can be read on the pages."""
    who = operator()
    missing = [
        name for name, value in (("OPERATOR", who.name), ("CONTACT", who.contact)) if not value
    ]
    if missing:
        names = " and ".join(f"CRAMP_COACH_{name}" for name in missing)
        return note("operator", f"{names} not set", "The privacy policy must name who runs it")
    if not is_address(who.contact):
        fix = "Set it to an address of mail, or of the web with https://"
        return note("operator", f"CRAMP_COACH_CONTACT is {who.contact!r}", fix)
    return good("operator", f"{who.name}, {who.contact}")


def roots() -> Finding:
    """The trusted roots can be read, and Alexa's certificate can lead to one of them."""
    fix = "Install a newer certifi: pip install --upgrade certifi"
    try:
        pem = certifi.contents()
        root_store(pem.encode())
    except (OSError, ValueError) as error:
        return bad("roots", f"certifi's cannot be read ({error})", fix)
    if _ROOT not in pem:
        return bad("roots", f"{_ROOT} is not among certifi's", fix)
    return good("roots", f"certifi {certifi.__version__}")


def network() -> Iterator[Finding]:
    """The host of Alexa's certificate chains can be reached, and its clock goes like this one."""
    try:
        reply = asking.ask(_CHAIN, "HEAD")
    except OSError as error:
        fix = f"Let https to {CERT_CHAIN_URL_HOSTNAME} out: each certificate comes from there"
        yield bad("chain's host", f"cannot be reached ({error})", fix)
        yield note("clock", "not compared", "It is compared with the chain's host")
        return
    yield good("chain's host", f"answers after {reply.seconds:.1f} s")
    yield clock("clock", "the chain's host", reply.clock_ahead(datetime.now(UTC)))


def clock(what: str, other: str, ahead: float | None) -> Finding:
    """Two clocks go alike, within what Alexa's requests are allowed (alexa.md 4.6)."""
    if ahead is None:
        return note(what, f"{other} tells no time", "Compare it by hand")
    how = f"{abs(ahead):.0f} s {'behind' if ahead > 0 else 'ahead of'} {other}"
    if abs(ahead) > TOLERANCE.total_seconds():
        return bad(what, f"{how}: each request would be refused as too old or too new", "Set it")
    if abs(ahead) > TOLERANCE.total_seconds() / 5:
        return note(what, how, "Have it set by the network (NTP)")
    return good(what, f"within {abs(ahead):.0f} s of {other}")


def signatures() -> Finding:
    """All that happens has the signatures that were asked for, or the server starts without."""
    try:
        signed.at_start(os.environ)
        count, of = signed.tally()
    except ValueError as error:
        return bad("signatures", f"the server does not start: {error}", "Correct that first")
    if count < of:
        fix = "It is for testing until clinicians have signed it: cramp-coach review"
        return note("signatures", f"{count} of {of} signed", fix)
    return good("signatures", f"all {of} signed")


def models() -> Finding:
    """The interaction models are what their sources say, where those can be built here."""
    if not find_spec("hassil"):
        fix = "pip install 'cramp-coach[publish]'"
        return note("models", "not compared with their sources", fix)
    from skill.publish.models import build
    from skill.publish.source import ModelError

    try:
        drifting = build(check=True)
    except ModelError as error:
        return bad("models", f"cannot be built ({error})", "Correct interaction_model/")
    if drifting:
        names = ", ".join(path.stem for path in drifting)
        return bad("models", f"{names} not what the sources say", "Run cramp-coach build")
    return good("models", ", ".join(LOCALES))

"""skill.alexa.trust: is this request Alexa's?"""

import base64
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1

from skill.alexa import trust
from skill.alexa.authority import CHAIN_URL, Authority
from skill.alexa.refusal import Cause
from tests.alexa.trusting import BODY, Host, alexa, refused
from tests.chains import GOOD, NOW, SKILL_ID, raw_request

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
    alexa_trust = alexa()
    alexa_trust.check_signature(GOOD.sign(BODY), BODY)
    with refused(Cause.SIGNATURE):
        alexa_trust.check_signature(GOOD.sign(BODY), body)


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

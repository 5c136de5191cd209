"""Chains of every kind, good and bad, who serves them, and the requests signed with them."""

import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from skill.alexa.authority import (
    ALEXA_NAME,
    CHAIN_URL,
    Certified,
    Extension,
    Key,
    authority_extensions,
    certify,
    key_usage,
    leaf_extensions,
    new_ec_key,
    new_rsa_key,
    signed_headers,
)

NOW = datetime(2030, 6, 1, 3, 0, tzinfo=UTC)
SKILL_ID = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"

_LEAF_KEY = new_rsa_key()  # made once: an RSA key takes a tenth of a second
_ROOT = certify("Test root", new_ec_key(), None, authority_extensions(), NOW)


@dataclass(frozen=True)
class Signer:
    """Whoever signs a request: the root to trust, the chain that is served, the leaf's key."""

    chain_pem: bytes
    root_pem: bytes = _ROOT.pem
    key: Key = _LEAF_KEY

    def sign(self, body: bytes, url: str = CHAIN_URL) -> dict[str, str]:
        """Alexa's two headers; a key that cannot sign as Alexa does signs with another."""
        key = self.key if isinstance(self.key, rsa.RSAPrivateKey) else _LEAF_KEY
        return signed_headers(key, body, url)

    def fetch(self, _url: str) -> bytes:
        """The chain, from any address."""
        return self.chain_pem


def issuer(
    extensions: Sequence[Extension] | None = None, days: tuple[float, float] = (-1, 30)
) -> Certified:
    """A certificate authority below the test root."""
    extensions = authority_extensions() if extensions is None else extensions
    return certify("Test issuer", new_ec_key(), _ROOT, extensions, NOW, days=days)


def signer(
    extensions: Sequence[Extension] | None = None,
    *,
    key: Key = _LEAF_KEY,
    by: Certified | None = None,
    days: tuple[float, float] = (-1, 30),
) -> Signer:
    """A signer whose leaf has these extensions, key, issuer and dates (default: good ones)."""
    by = by or issuer()
    extensions = leaf_extensions() if extensions is None else extensions
    leaf = certify(ALEXA_NAME, key, by, extensions, NOW, days=days)
    return Signer(leaf.pem + by.pem, key=key)


GOOD = signer()


class SlowHost:
    """Serves the good chain at its own address at once; at any other, once `here` is set."""

    def __init__(self) -> None:
        self.here = threading.Event()
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes:
        """The chain; fails a test that leaves it waiting."""
        self.asked.append(url)
        assert url == CHAIN_URL or self.here.wait(10)
        return GOOD.chain_pem


def without(kind: type[x509.ExtensionType]) -> list[Extension]:
    """A leaf's extensions, all but one."""
    return [each for each in leaf_extensions() if not isinstance(each[0], kind)]


def _critical_names() -> list[Extension]:
    return [
        (extension, critical or isinstance(extension, x509.SubjectAlternativeName))
        for extension, critical in leaf_extensions()
    ]


def _no_signing() -> list[Extension]:
    return [*without(x509.KeyUsage), (key_usage(), True)]


def _client_only() -> list[Extension]:
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    return [*without(x509.ExtendedKeyUsage), (usage, False)]


def _name_as_address() -> list[Extension]:
    names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"https://{ALEXA_NAME}")])
    return [*without(x509.SubjectAlternativeName), (names, False)]


def _leaf_as_authority() -> list[Extension]:
    return [*without(x509.BasicConstraints), (x509.BasicConstraints(True, None), True)]


def _not_an_authority() -> Certified:
    return issuer(
        [(x509.BasicConstraints(False, None), True), (key_usage(key_cert_sign=True), True)]
    )


def _constrained_elsewhere() -> Certified:
    elsewhere = x509.NameConstraints([x509.DNSName("example.com")], None)
    return issuer([*authority_extensions(), (elsewhere, True)])


def _self_signed() -> Signer:
    leaf = certify(ALEXA_NAME, _LEAF_KEY, None, leaf_extensions(), NOW)
    return Signer(leaf.pem)


def _other_root() -> Signer:
    root = certify("Test root", new_ec_key(), None, authority_extensions(), NOW)
    return replace(GOOD, root_pem=root.pem)


def _issuer_missing() -> Signer:
    leaf, _ = certificates(GOOD.chain_pem)
    return Signer(leaf)


def _issuer_first() -> Signer:
    leaf, by = certificates(GOOD.chain_pem)
    return Signer(by + leaf)


def certificates(pem: bytes) -> list[bytes]:
    """The certificates of a chain, one by one."""
    end = b"-----END CERTIFICATE-----\n"
    return [each + end for each in pem.split(end) if each]


def _version_of_tomorrow() -> Signer:
    leaf, by = (x509.load_pem_x509_certificate(each) for each in certificates(GOOD.chain_pem))
    der = leaf.public_bytes(Encoding.DER)
    third, fourth = b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x03"
    assert third in der
    pem = ssl.DER_cert_to_PEM_cert(der.replace(third, fourth, 1)).encode()
    return Signer(pem + by.public_bytes(Encoding.PEM))


def _forged_by_a_leaf() -> Signer:
    middle = certify("someone.example.com", new_ec_key(), _ROOT, leaf_extensions(), NOW)
    return signer(by=middle)


def cross_signed() -> Signer:
    """A good chain, served as Amazon serves its own: with a cross-sign to a root long forgotten."""
    forgotten = certify("Forgotten root", new_ec_key(), None, authority_extensions(), NOW)
    cross = certify("Test root", _ROOT.key, forgotten, authority_extensions(), NOW)
    return replace(GOOD, chain_pem=GOOD.chain_pem + cross.pem)


BAD_CHAINS: dict[str, Callable[[], Signer]] = {
    "leaf expired": lambda: signer(days=(-30, -1)),
    "leaf not yet valid": lambda: signer(days=(1, 30)),
    "issuer expired": lambda: signer(by=issuer(days=(-30, -1))),
    "issuer not yet valid": lambda: signer(by=issuer(days=(1, 30))),
    "other name": lambda: signer(leaf_extensions(["echo-api.example.com"])),
    "wildcard name": lambda: signer(leaf_extensions(["*.amazon.com"])),
    "longer name": lambda: signer(leaf_extensions([f"{ALEXA_NAME}.example.com"])),
    "name as an address": lambda: signer(_name_as_address()),
    "no names": lambda: signer(without(x509.SubjectAlternativeName)),
    "critical names": lambda: signer(_critical_names()),
    "EC key": lambda: signer(key=ec.generate_private_key(ec.SECP256R1())),
    "RSA key of 1024 bits": lambda: signer(key=new_rsa_key(1024)),
    "no key usage": lambda: signer(without(x509.KeyUsage)),
    "key not for signatures": lambda: signer(_no_signing()),
    "key for clients only": lambda: signer(_client_only()),
    "leaf is an authority": lambda: signer(_leaf_as_authority()),
    "self-signed": _self_signed,
    "other root": _other_root,
    "issuer missing": _issuer_missing,
    "issuer before leaf": _issuer_first,
    "issuer is no authority": lambda: signer(by=_not_an_authority()),
    "issuer without key usage": lambda: signer(by=issuer(authority_extensions()[:1])),
    "issuer constrained to other names": lambda: signer(by=_constrained_elsewhere()),
    "signed by a mere leaf": _forged_by_a_leaf,
    "no PEM": lambda: Signer(b"not a certificate"),
    "empty": lambda: Signer(b""),
    "broken PEM": lambda: Signer(GOOD.chain_pem[:300]),
    "damaged certificate": lambda: Signer(GOOD.chain_pem.replace(b"MII", b"MIJ", 1)),
    "version of tomorrow": _version_of_tomorrow,
    "too many certificates": lambda: Signer(GOOD.chain_pem + GOOD.chain_pem * 5),
    "too long": lambda: Signer(GOOD.chain_pem + b"\n" * 65536),
}


def raw_request(
    kind: str = "IntentRequest", *, timestamp: datetime = NOW, skill_id: str = SKILL_ID
) -> dict[str, Any]:
    """A request as Alexa sends it, with much that the skill does not read."""
    person = {"userId": "amzn1.ask.account.WHO", "accessToken": "SECRET"}
    request: dict[str, Any] = {
        "type": kind,
        "requestId": "amzn1.echo-api.request.ONE",
        "timestamp": timestamp.isoformat().replace("+00:00", "Z"),
        "locale": "en-GB",
    }
    if kind == "IntentRequest":
        request["intent"] = {
            "name": "CrampIntent",
            "confirmationStatus": "NONE",
            "slots": {"part": raw_slot("part", "my calf", "calf")},
        }
    return {
        "version": "1.0",
        "session": _raw_session(skill_id, person),
        "context": _raw_context(skill_id, person),
        "request": request,
    }


def _raw_session(skill_id: str, person: dict[str, str]) -> dict[str, Any]:
    return {
        "new": True,
        "sessionId": "amzn1.echo-api.session.ONE",
        "application": {"applicationId": skill_id},
        "attributes": {"place": "HOLD", "version": 1},
        "user": person,
    }


def _raw_context(skill_id: str, person: dict[str, str]) -> dict[str, Any]:
    return {
        "System": {
            "application": {"applicationId": skill_id},
            "user": person,
            "device": {"deviceId": "amzn1.ask.device.WHERE", "supportedInterfaces": {}},
            "apiAccessToken": "SECRET",
        },
        "Viewport": {"mode": "A_MODE_OF_TOMORROW"},
    }


def raw_slot(name: str, value: str | None, *ids: str) -> dict[str, Any]:
    """A slot as Alexa sends it: with ids a match, else none."""
    code = "ER_SUCCESS_MATCH" if ids else "ER_SUCCESS_NO_MATCH"
    values = [{"value": {"name": each, "id": each}} for each in ids]
    authority = {"authority": "amzn1.er-authority.X", "status": {"code": code}, "values": values}
    slot: dict[str, Any] = {"name": name, "confirmationStatus": "NONE", "source": "USER"}
    return slot | {"value": value, "resolutions": {"resolutionsPerAuthority": [authority]}}

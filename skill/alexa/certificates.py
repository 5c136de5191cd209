"""What a chain of certificates is worth: bytes go in, and Alexa's key comes out, or a refusal."""

import re
import warnings
from dataclasses import dataclass
from datetime import datetime

from ask_sdk_webservice_support.verifier_constants import CERT_CHAIN_DOMAIN
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from skill.alexa.refusal import Cause, Refusal

MOST_CHAIN_BYTES = 64 * 1024
MOST_CERTIFICATES = 10
LEAST_KEY_BITS = 2048

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


@dataclass(frozen=True)
class Chain:
    """A chain that was good when it was learned: Alexa's key, and when the whole path holds.

    `pem` is what was served, so that others can be given it.
    """

    pem: bytes
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
        pem,
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

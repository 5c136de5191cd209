"""What a chain of certificates is worth: bytes go in, and Alexa's key comes out, or a refusal."""

import re
import warnings
from contextlib import suppress
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
    with warnings.catch_warnings():  # some old roots are read, but not for ever
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        roots = _readable(_CERTIFICATE.findall(pem))
    if not roots:
        raise ValueError("no trusted root certificate could be read")
    return Store(roots)


def _readable(blocks: list[bytes]) -> list[x509.Certificate]:
    """The certificates of those that can be read: one that cannot must not lose the others."""
    certificates = []
    for block in blocks:
        with suppress(*_UNREADABLE):
            certificates.append(x509.load_pem_x509_certificate(block))
    return certificates


def check_chain(pem: bytes, store: Store, now: datetime) -> Chain:
    """The chain in `pem`, leaf first, if it is Alexa's at `now`; else a refusal."""
    if len(pem) > MOST_CHAIN_BYTES:
        raise Refusal(Cause.CHAIN)
    blocks = _CERTIFICATE.findall(pem)
    if not 0 < len(blocks) <= MOST_CERTIFICATES:
        raise Refusal(Cause.CHAIN)
    try:
        leaf = x509.load_pem_x509_certificate(blocks[0])
        path = _path(leaf, _readable(blocks[1:]), store, now)
        key = _leaf_key(leaf)
    except _UNREADABLE:
        raise Refusal(Cause.CHAIN) from None
    return Chain(
        pem,
        key,
        max(certificate.not_valid_before_utc for certificate in path),
        min(certificate.not_valid_after_utc for certificate in path),
    )


def _path(
    leaf: x509.Certificate, others: list[x509.Certificate], store: Store, now: datetime
) -> list[x509.Certificate]:
    """From the served leaf to a root in `store`, all good at `now`; else one of `_UNREADABLE`.

    The path is built, not taken as served: Amazon's served chain ends in a cross-sign to a root
    that is no longer in certifi (alexa.md 4.4).
    """
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

"""A throw-away certificate authority that signs requests as Alexa does.

A webhook that is given `root_pem` as its only root and `fetch` as its way to fetch chains trusts
this authority and no other. Certificates have what `cryptography`'s verifier demands of them:
AuthorityKeyIdentifier, KeyUsage, critical BasicConstraints (alexa.md 4).
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CHAIN_URL = "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"
ALEXA_NAME = "echo-api.amazon.com"

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Extension = tuple[x509.ExtensionType, bool]


@dataclass(frozen=True)
class Certified:
    """A certificate and the key that belongs to it."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(Encoding.PEM)


class Authority:
    """Alexa's side of a signed request: a root, a chain, and the leaf's key.

    `now` is the time around which the certificates are valid (default: the present), `url` the
    address that signed requests name.
    """

    def __init__(self, *, now: datetime | None = None, url: str = CHAIN_URL) -> None:
        now = now or datetime.now(UTC)
        self.root = certify("Throw-away root", new_ec_key(), None, authority_extensions(), now)
        self.issuer = certify(
            "Throw-away issuer", new_ec_key(), self.root, authority_extensions(), now
        )
        self._leaf_key = new_rsa_key()
        self.leaf = certify(ALEXA_NAME, self._leaf_key, self.issuer, leaf_extensions(), now)
        self.root_pem = self.root.pem
        self.chain_pem = self.leaf.pem + self.issuer.pem
        self.url = url

    def sign(self, body: bytes) -> dict[str, str]:
        """The two headers with which Alexa would send these very bytes."""
        return signed_headers(self._leaf_key, body, self.url)

    def fetch(self, url: str) -> bytes:
        """The chain, as the address `url` would serve it; OSError for any other address."""
        if url != self.url:
            raise OSError("this authority serves one chain only")
        return self.chain_pem


def signed_headers(key: rsa.RSAPrivateKey, body: bytes, url: str = CHAIN_URL) -> dict[str, str]:
    """Alexa's two headers for `body`, signed with `key`, naming the chain at `url`."""
    signature = key.sign(body, PKCS1v15(), SHA256())
    return {
        "SignatureCertChainUrl": url,
        "Signature-256": base64.b64encode(signature).decode("ascii"),
    }


def new_rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A fresh RSA key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def new_ec_key() -> ec.EllipticCurvePrivateKey:
    """A fresh key on P-256: quicker to make than RSA, and good enough for who signs a leaf."""
    return ec.generate_private_key(ec.SECP256R1())


def certify(
    name: str,
    key: Key,
    issuer: Certified | None,
    extensions: Sequence[Extension],
    now: datetime,
    *,
    days: tuple[float, float] = (-1, 30),
) -> Certified:
    """A certificate for `name` and `key`, signed by `issuer` (None: by itself).

    It is valid from `now` + days[0] to `now` + days[1].
    """
    subject = _name(name)
    builder = x509.CertificateBuilder(
        issuer_name=issuer.certificate.subject if issuer else subject,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now + timedelta(days=days[0]),
        not_valid_after=now + timedelta(days=days[1]),
    )
    for extension, critical in [*_issued_by(issuer), *extensions, _identifier(key)]:
        builder = builder.add_extension(extension, critical=critical)
    return Certified(builder.sign(issuer.key if issuer else key, SHA256()), key)


def _issued_by(issuer: Certified | None) -> list[Extension]:
    """What names the issuer's key; nothing for a certificate that signs itself."""
    if issuer is None:
        return []
    public = issuer.key.public_key()
    return [(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False)]


def _identifier(key: Key) -> Extension:
    """What names the certificate's own key."""
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False


def authority_extensions() -> list[Extension]:
    """What a certificate needs that may sign others."""
    return [
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (key_usage(key_cert_sign=True), True),
    ]


def leaf_extensions(names: Sequence[str] = (ALEXA_NAME,)) -> list[Extension]:
    """What Alexa's own certificate has, for the given names."""
    return [
        (x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (key_usage(digital_signature=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    ]


def key_usage(*, digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    """A KeyUsage with these two alone."""
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=not (digital_signature or key_cert_sign),
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=key_cert_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])

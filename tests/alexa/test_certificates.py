"""skill.alexa.certificates: what a chain is worth."""

import certifi
import pytest

from skill.alexa.certificates import check_chain, root_store
from skill.alexa.refusal import Cause
from tests.alexa.trusting import BODY, Host, alexa, refused
from tests.chains import BAD_CHAINS, GOOD, NOW, cross_signed

CAUSES = {"RSA key of 1024 bits": (Cause.SIGNATURE,)}  # too short for a chain to be fetched


def test_short_key() -> None:
    """A chain whose leaf has a key of less than 2,048 bits is refused, whatever is signed."""
    with refused(Cause.KEY):
        check_chain(BAD_CHAINS["RSA key of 1024 bits"]().chain_pem, root_store(GOOD.root_pem), NOW)


@pytest.mark.parametrize("kind", BAD_CHAINS)
def test_bad_chain(kind: str) -> None:
    """Each faulty chain is refused, though the signature fits it."""
    bad = BAD_CHAINS[kind]()
    with refused(*CAUSES.get(kind, (Cause.CHAIN, Cause.NAME, Cause.KEY, Cause.FETCH))):
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

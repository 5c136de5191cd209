"""skill.alexa.certificates: what a chain is worth."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest

from skill.alexa.certificates import check_chain, root_store
from skill.alexa.refusal import Cause
from skill.alexa.trust import SIGNATURE_BYTES
from tests.alexa.trusting import BODY, Host, alexa, refused
from tests.chains import BAD_CHAINS, GOOD, NOW, certificates, cross_signed

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


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("kind", ["not a certificate", "version of tomorrow"])
def test_one_bad_certificate_in_a_chain(kind: str, at: int) -> None:
    """A certificate behind the leaf that cannot be read does not lose the others."""
    parts = certificates(GOOD.chain_pem)
    junk = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    tomorrow = certificates(BAD_CHAINS["version of tomorrow"]().chain_pem)[0]
    parts.insert(at, junk if kind == "not a certificate" else tomorrow)
    alexa(Host(b"".join(parts))).check_signature(GOOD.sign(BODY), BODY)
    with refused(Cause.CHAIN):
        alexa(Host(junk + GOOD.chain_pem)).check_signature(GOOD.sign(BODY), BODY)


AMAZON = Path(__file__).parent / "amazon"
"""Chains as Amazon served them, with where each was found: its README."""

DATES = {
    "2019": (datetime(2019, 5, 22, tzinfo=UTC), datetime(2020, 5, 15, 12, tzinfo=UTC)),
    "2023": (datetime(2023, 3, 16, tzinfo=UTC), datetime(2023, 12, 23, 23, 59, 59, tzinfo=UTC)),
    "2026": (datetime(2026, 7, 28, tzinfo=UTC), datetime(2027, 2, 10, 23, 59, 59, tzinfo=UTC)),
}


@pytest.mark.parametrize("year", DATES)
def test_amazons_chains(year: str) -> None:
    """Amazon's real chains are good from their first second to their last, and at no other time."""
    pem = (AMAZON / f"{year}.pem").read_bytes()
    store = root_store(certifi.contents().encode())
    start, end = DATES[year]
    for good in (start, start + (end - start) / 2, end):
        chain = check_chain(pem, store, good)
        assert (chain.not_before, chain.not_after) == (start, end)
        assert chain.key.key_size // 8 in SIGNATURE_BYTES
    for bad in (start - timedelta(seconds=1), end + timedelta(seconds=1)):
        with refused(Cause.CHAIN):
            check_chain(pem, store, bad)


def test_every_chain_of_amazons_says_where_it_was_found() -> None:
    """Each file of Amazon's chains has its line, and its dates here."""
    names = {file.name for file in AMAZON.glob("*.pem")}
    assert names == {f"{year}.pem" for year in DATES}
    readme = (AMAZON / "README.md").read_text("utf-8")
    assert all(f"| {name} |" in readme for name in names)


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

"""Trust in the test root, at the tests' own time, and what stands for the world around it."""

import contextlib
from collections.abc import Iterator

import pytest

from skill.alexa.refusal import Cause, Refusal
from skill.alexa.trust import Trust
from tests.chains import GOOD, NOW, SKILL_ID, Signer

BODY = f'{{"some": "bytes", "for": "{SKILL_ID}"}}'.encode()


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


class Host:
    """A certificate host that counts how often it is asked, and for what."""

    def __init__(self, pem: bytes = GOOD.chain_pem) -> None:
        self.pem = pem
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if not self.pem:
            raise OSError
        return self.pem


def alexa(host: Host | None = None, **options: object) -> Trust:
    """Trust in the test root, at the tests' own time."""
    settings: dict[str, object] = {"skill_ids": [SKILL_ID], "roots": GOOD.root_pem}
    settings |= {"now": lambda: NOW, "fetch": host or Host()}
    return Trust(**(settings | options))  # type: ignore[arg-type]


def address(number: int) -> str:
    """An address of the form that Amazon uses."""
    return f"https://s3.amazonaws.com/echo.api/echo-api-cert-{number}.pem"


def must_wait(trust: Trust, url: str, by: Signer = GOOD) -> bool:
    """Whether a request that this signer signed, naming this chain, has to wait."""
    headers = by.sign(BODY, url)
    return trust.must_wait(headers["SignatureCertChainUrl"], headers["Signature-256"], BODY)


@contextlib.contextmanager
def refused(*causes: Cause) -> Iterator[None]:
    with pytest.raises(Refusal) as refusal:
        yield
    assert refusal.value.cause in causes
    assert str(refusal.value) == refusal.value.cause.value

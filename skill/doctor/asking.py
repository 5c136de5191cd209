"""One HTTPS request, as Alexa makes it: verified, without a proxy, and no redirect is followed."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import certifi

PATIENCE_SECONDS = 10
MOST_BYTES = 64 * 1024

_NONE: Mapping[str, str] = {}


class Reply(NamedTuple):
    """What came back; header names are in small letters. `expires` is the certificate's end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    expires: datetime | None = None

    def clock_ahead(self, now: datetime) -> float | None:
        """By how many seconds the other's clock is ahead of `now`; None where it tells no time."""
        try:
            told = parsedate_to_datetime(self.headers["date"])
        except (KeyError, ValueError):
            return None
        return (told - now).total_seconds()


def ask(
    url: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] = _NONE
) -> Reply:
    """The reply to one request; the time includes the connection, as for her first words.

    OSError where there is none: among them ssl.SSLCertVerificationError.
    """
    began = time.monotonic()
    connection = _connection(url)
    try:
        connection.request(method, urlsplit(url).path or "/", body, dict(headers))
        expires = _expires(connection.sock)
        response = connection.getresponse()
        got = response.read(MOST_BYTES)
        named = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, named, got, time.monotonic() - began, expires)
    except http.client.HTTPException as error:
        raise OSError(f"no answer in HTTP ({type(error).__name__})") from None
    except UnicodeError:
        raise OSError("this is no name of a host") from None
    finally:
        connection.close()


def _connection(url: str) -> http.client.HTTPSConnection:
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=certifi.where())
    return http.client.HTTPSConnection(
        parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS, context=context
    )


def _expires(socket: object) -> datetime | None:
    certificate = socket.getpeercert() if isinstance(socket, ssl.SSLSocket) else None
    end = str((certificate or {}).get("notAfter", ""))
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) if end else None

"""Trust in development: anyone is answered who asks from this machine, for this machine."""

import ipaddress
import re

from skill.alexa.envelope import Envelope, read_envelope, read_json
from skill.alexa.refusal import Cause, Refusal
from skill.alexa.trust import Headers

_HOST = re.compile(r"(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?")
_FORWARDED = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Original-Host",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
)
"""What proxies and tunnels add."""


class Anyone:
    """Takes every request for Alexa's, of any time and for any skill: in development alone.

    But for those that come from elsewhere: a proxy or tunnel on this machine is not a stranger's
    way in, and a web page is not either that has its own name point here.
    """

    def admit(self, headers: Headers, body: bytes) -> Envelope:
        """What somebody sent; a refusal where it cannot be read, or comes from elsewhere."""
        if any(headers.get(name) is not None for name in _FORWARDED):
            raise Refusal(Cause.FORWARDED)
        host = _HOST.fullmatch(headers.get("Host") or "")
        if host is None or not is_loopback(host[1] or host[2]):
            raise Refusal(Cause.HOST)
        return read_envelope(read_json(body))

    def must_wait(self, _url: str | None, _signature: str | None, _body: bytes) -> bool:
        """Never: no chain is looked at."""
        return False

    def recall(self) -> None:
        """Nothing."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"

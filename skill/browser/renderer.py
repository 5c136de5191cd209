"""Amazon's renderer of screens in a frame of the page, where `make browser` has installed it.

Its engine is made with embind, which writes functions as text: it needs 'unsafe-eval', and the
page's own policy has none. So it stands in a frame that has no origin, from which nothing of the
page or of its server can be reached: all of it is in one answer, and only messages go in and out.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from secrets import token_urlsafe

from flask import Response, abort, make_response, render_template

ENGINE = Path(__file__).parents[2] / "tools" / "node_modules" / "apl-viewhost-web" / "index.js"
"""In a checkout alone: the package does not have it."""

_FONT = re.compile(r"url\('https://[^']*'\)")
_LOCAL = "local('DejaVu Sans')"
"""Amazon's font is not here. This one is wider: what fits with it fits with theirs."""

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'nonce-{nonce}' 'unsafe-eval'",
        "style-src 'unsafe-inline'",
        "connect-src data:",  # its WebAssembly, which it has in itself
        "frame-ancestors 'self'",
        "sandbox allow-scripts",
    )
)


def installed() -> bool:
    """Whether there is Amazon's renderer."""
    return ENGINE.is_file()


@cache
def _engine(_changed: float) -> str:
    """The renderer as it may stand in a page, asking for no font from anywhere."""
    return _FONT.sub(_LOCAL, ENGINE.read_text("utf-8")).replace("</script", r"<\/script")


def frame() -> Response:
    """The frame; 404 where there is no renderer."""
    if not installed():
        abort(404, "Amazon's renderer is not installed: make browser")
    nonce, engine = token_urlsafe(16), _engine(ENGINE.stat().st_mtime)
    answer = make_response(render_template("screen.html", nonce=nonce, engine=engine))
    answer.headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce)
    return answer

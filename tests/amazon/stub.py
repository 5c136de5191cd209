"""Amazon's skill management, as far as `ask` asks for it, on loopback and in this process.

It gives out tokens, takes a package, has one skill, and answers the profiler and the simulator with
what a test lays ready. Paths, fields and codes are those of `spec.json` (alexa.md 5).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

SKILL_ID = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"
VENDOR_ID = "M000000000"

Reply = tuple[int, dict[str, Any], dict[str, str]]
"""Status, body, headers."""


@dataclass
class Amazon:
    """What Amazon was sent, and how it understands.

    `understand` takes a locale and an utterance, `answer` a locale and what is said to the skill;
    `refuse` is how many of the next requests are too many.
    """

    understand: Callable[[str, str], dict[str, Any]] = lambda _, __: {}
    answer: Callable[[str, str, bool], dict[str, Any]] = lambda _, __, ___: {}
    package: dict[str, bytes] = field(default_factory=dict)
    enabled: bool = False
    refuse: int = 0
    asked: list[str] = field(default_factory=list)
    simulations: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""

    def reply(self, method: str, path: str, body: bytes) -> Reply:
        """What Amazon answers to a request."""
        self.asked.append(f"{method} {path}")
        if self.refuse and path.startswith(("/v1/skills/amzn1", "/v2/")):
            self.refuse -= 1
            return 429, {"message": "Too many requests received."}, {}
        for (verb, pattern), handle in ROUTES.items():
            match = re.fullmatch(pattern, path)
            if verb == method and match:
                return handle(self, body, *match.groups())
        return 404, {"message": f"no {method} {path}"}, {}

    # --- a package ---

    def _token(self, _: bytes) -> Reply:
        token = {"access_token": "a", "refresh_token": "r", "token_type": "bearer"}
        return 200, {**token, "expires_in": 3600}, {}

    def _upload(self, _: bytes) -> Reply:
        expires = "2099-01-01T00:00:00.000Z"
        return 201, {"uploadUrl": f"{self.address}/bucket", "expiresAt": expires}, {}

    def _put(self, body: bytes) -> Reply:
        with ZipFile(io.BytesIO(body)) as archive:
            self.package = {
                name: archive.read(name) for name in archive.namelist() if name[-1] != "/"
            }
        return 200, {}, {}

    def _import(self, _: bytes, *__: str) -> Reply:
        return 202, {}, {"Location": "/v1/skills/imports/i1"}

    def _imported(self, _: bytes) -> Reply:
        return 200, {"status": "SUCCEEDED", "skill": {"skillId": SKILL_ID, "resources": []}}, {}

    def _is_enabled(self, _: bytes) -> Reply:
        return (204, {}, {}) if self.enabled else (404, {"message": "not enabled"}, {})

    def _enable(self, _: bytes) -> Reply:
        self.enabled = True
        return 204, {}, {}

    # --- the profiler and the simulator ---

    def _profile(self, body: bytes, locale: str) -> Reply:
        return 200, self.understand(locale, json.loads(body)["utterance"]), {}

    def _simulate(self, body: bytes) -> Reply:
        asked = json.loads(body)
        new = asked.get("session", {}).get("mode") == "FORCE_NEW_SESSION"
        result = self.answer(asked["device"]["locale"], asked["input"]["content"], new)
        self.simulations.append(result)
        return 200, {"id": str(len(self.simulations) - 1), "status": "IN_PROGRESS"}, {}

    def _simulated(self, _: bytes, number: str) -> Reply:
        return 200, {"id": number, **self.simulations[int(number)]}, {}


_ONE = r"/v1/skills/amzn1\.[\w.-]+"
_SIMULATIONS = r"/v2/skills/amzn1\.[\w.-]+/stages/development/simulations"
ROUTES: dict[tuple[str, str], Callable[..., Reply]] = {
    ("POST", "/auth/o2/token"): Amazon._token,
    ("POST", "/v1/skills/uploads"): Amazon._upload,
    ("PUT", "/bucket"): Amazon._put,
    ("POST", "/v1/skills/imports"): Amazon._import,
    ("POST", rf"{_ONE}/imports"): Amazon._import,
    ("GET", "/v1/skills/imports/i1"): Amazon._imported,
    ("GET", rf"{_ONE}/stages/development/enablement"): Amazon._is_enabled,
    ("PUT", rf"{_ONE}/stages/development/enablement"): Amazon._enable,
    (
        "POST",
        rf"{_ONE}/stages/development/interactionModel/locales/([\w-]+)/profileNlu",
    ): Amazon._profile,
    ("POST", _SIMULATIONS): Amazon._simulate,
    ("GET", rf"{_SIMULATIONS}/(\d+)"): Amazon._simulated,
}


class _Server(ThreadingHTTPServer):
    """A server with Amazon behind it."""

    def __init__(self, amazon: Amazon) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.amazon = amazon


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        status, content, headers = self.server.amazon.reply(self.command, path, body)
        text = b"" if status == 204 else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 http.server's names

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@contextmanager
def listening(amazon: Amazon) -> Iterator[str]:
    """Its address on loopback, while it listens."""
    with _Server(amazon) as server:
        amazon.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield amazon.address
        finally:
            server.shutdown()
            thread.join()

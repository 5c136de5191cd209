"""nginx with `deploy/nginx.conf`, on a free port of loopback, before webhooks on other ports."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from skill.alexa.authority import authority_extensions, certify, leaf_extensions, new_ec_key
from tests.serving.test_worker import until

ROOT = Path(__file__).parents[2]
PATH = os.environ.get("PATH", "") + ":/usr/sbin"  # where Debian has it, and users do not look
PROGRAM = shutil.which("nginx", path=PATH)

needs_nginx = pytest.mark.skipif(not PROGRAM, reason="there is no nginx: apt-get install nginx")

_AROUND = """
daemon off;
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/log warn;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    add_header Answered-By $upstream_addr always;
    include {folder}/site.conf;
}}
"""


class Nginx:
    """An nginx that is ready."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self._folder = folder

    def connect(self) -> http.client.HTTPSConnection:
        """A connection by TLS, whose certificate is checked."""
        context = ssl.create_default_context(cafile=str(self._folder / "root.pem"))
        return http.client.HTTPSConnection("localhost", self.port, timeout=10, context=context)

    def log(self) -> str:
        """What it logged, from warnings on."""
        return (self._folder / "log").read_text()


def free_ports(count: int) -> list[int]:
    """Ports that nobody has at this moment."""
    with ExitStack() as free:
        socks = [free.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [sock.getsockname()[1] for sock in socks]


@contextmanager
def nginx(folder: Path, webhooks: Sequence[int]) -> Iterator[Nginx]:
    """Runs nginx before the webhooks on these ports, until the end of the block."""
    folder.mkdir()
    (port,) = free_ports(1)
    _certify(folder)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "site.conf").write_text(_site(folder, port, webhooks))
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user))
    process = subprocess.Popen(
        [str(PROGRAM), "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")]
    )
    try:
        until(lambda: (folder / "pid").exists() and (folder / "pid").read_text() != "")
        yield Nginx(port, folder)
    finally:
        process.terminate()
        process.wait(timeout=15)


def _site(folder: Path, port: int, webhooks: Sequence[int]) -> str:
    """`deploy/nginx.conf` with what a host puts in: its name, its processes, its certificate."""
    site = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    (line,) = re.findall(r"^ *server 127\.0\.0\.1:8080.*\n", site, re.M)
    processes = "".join(line.replace("8080", str(webhook)) for webhook in webhooks)
    for theirs, ours in {
        line: processes,
        "listen 443": f"listen 127.0.0.1:{port}",
        "    listen [::]:443 ssl;\n": "",
        "/etc/letsencrypt/live/HOST": str(folder),
        "server_name HOST": "server_name localhost",
        "error_log /var/log/nginx/cramp-coach.log alert": f"error_log {folder}/log warn",
    }.items():
        assert theirs in site
        site = site.replace(theirs, ours)
    return site


def _certify(folder: Path) -> None:
    """A certificate for localhost, as a host of the internet has one for its name."""
    now = datetime.now(UTC)
    root = certify("Root", new_ec_key(), None, authority_extensions(), now)
    leaf = certify("localhost", new_ec_key(), root, leaf_extensions(["localhost"]), now)
    (folder / "root.pem").write_bytes(root.pem)
    (folder / "fullchain.pem").write_bytes(leaf.pem)
    key = leaf.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "privkey.pem").write_bytes(key)

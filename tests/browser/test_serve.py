"""skill.browser.serve: the page on a port of loopback."""

from __future__ import annotations

import re
import subprocess
import sys
import webbrowser
from urllib.request import ProxyHandler, build_opener

import pytest
from werkzeug.serving import BaseWSGIServer

from skill.browser.serve import page, serve


def test_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The address is printed, and opened where that is asked for."""
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(BaseWSGIServer, "serve_forever", lambda _: None)
    serve(0, open_it=False)
    assert opened == []
    serve(0, open_it=True)
    assert opened[0] in capsys.readouterr().out
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", opened[0])


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that another program has is a sentence, and the end."""
    with page(0) as (_, server), pytest.raises(SystemExit) as end:
        serve(server.server_port, open_it=False)
    assert end.value.code == 1
    assert "in use" in capsys.readouterr().err


@pytest.mark.processes
def test_as_a_command() -> None:
    """`cramp-coach simulate` serves the page, and logs nothing of what is asked of it."""
    code = "from skill.cli import main; main(['simulate', '--port', '0'])"
    assert b"a local Alexa" in page_of_a_process(code)


def page_of_a_process(code: str) -> bytes:
    """The page that a process of this code says it serves; it writes no log."""
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    address = next(line for line in process.stdout if "http://" in line).split()[-1]
    with build_opener(ProxyHandler({})).open(address, timeout=30) as answer:
        found: bytes = answer.read()
    process.terminate()
    _, log = process.communicate(timeout=30)
    assert log == ""
    return found

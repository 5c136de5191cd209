"""`cramp-coach talk`: a conversation from standard input, through the real webhook."""

from __future__ import annotations

import io
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from skill import cli
from skill.simulator import terminal


class Keyboard(io.StringIO):
    """Standard input at which somebody sits."""

    def isatty(self) -> bool:
        return True


FIELDS = ["heard", "intent", "slots", "how", "speech", "ssml", "reprompt", "open"]


class Terminal:
    """A terminal into which lines are typed before `talk` begins."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.code = 0
        self.out = ""
        self.err = ""

    def talk(self, *lines: str, options: tuple[str, ...] = ("--json",)) -> list[dict[str, Any]]:
        """Runs `talk` on these lines; returns its JSON lines, if that is what it prints."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
        self.code = cli.main(["talk", *options])
        self.out, self.err = self._capsys.readouterr()
        return [json.loads(line) for line in self.out.splitlines()] if "--json" in options else []


@pytest.fixture
def term(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal."""
    return Terminal(monkeypatch, capsys)


@contextmanager
def other_webhook(answer: Response) -> Iterator[tuple[str, list[Request]]]:
    """The URL of something that gives this answer to every request, and the requests."""
    requests: list[Request] = []

    @Request.application
    def app(request: Request) -> Response:
        request.get_data(cache=True)
        requests.append(request)
        return answer

    server = make_server("127.0.0.1", 0, app)
    server.log = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/alexa", requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def json_response(value: Any) -> Response:
    """A response with this value as JSON."""
    return Response(json.dumps(value), mimetype="application/json")


# ------------------------------------------------------------------ --json, to the letter


def test_one_object_a_turn(term: Terminal) -> None:
    """Standard output has one object a turn, in order, with these fields, and nothing else."""
    turns = term.talk("my calf is cramping", "yes", "no")
    assert [list(turn) for turn in turns] == [FIELDS] * 3
    assert [turn["heard"] for turn in turns] == ["my calf is cramping", "yes", "no"]
    assert (term.code, term.err) == (0, "")


def test_values(term: Terminal) -> None:
    """A turn tells the intent, the slots with their ids, how it was heard, and what is said."""
    (turn,) = term.talk("i've got a bad cramp in my calf")
    assert (turn["intent"], turn["how"], turn["open"]) == ("CrampIntent", "exact", True)
    assert turn["slots"] == {"part": {"value": "calf", "id": "calf"}}
    assert turn["ssml"].startswith("<speak>")
    assert "<" not in turn["speech"] + turn["reprompt"]
    assert turn["speech"]


def test_session_goes_on(term: Terminal) -> None:
    """A line after the first is heard in the same session."""
    first, second = term.talk("my calf is cramping", "yes it's gone")
    assert first["open"]
    assert first["speech"] != second["speech"]


def test_launch_and_a_wish(term: Terminal) -> None:
    """Opening the skill is a LaunchRequest, in words or by command."""
    turns = term.talk("open cramp coach", "/new", "/launch")
    assert [(turn["intent"], turn["how"]) for turn in turns] == [("LaunchRequest", "launch")] * 2
    assert turns[0]["speech"] == turns[1]["speech"]


def test_new_prints_nothing(term: Terminal) -> None:
    """/new and /wait print nothing; a line after the end begins a new one-shot."""
    turns = term.talk(
        "my calf is cramping", "/new", "/wait 10m", "my calf is cramping", "stop", "help"
    )
    assert [turn["heard"] for turn in turns] == ["my calf is cramping"] * 2 + ["stop", "help"]
    assert turns[0]["speech"] == turns[1]["speech"]
    assert not turns[2]["open"]
    assert turns[2]["reprompt"] is None


def test_silence(term: Terminal) -> None:
    """In silence the reprompt is what is spoken, and the microphone is closed."""
    first, second = term.talk("my calf is cramping", "/silence")
    assert (second["intent"], second["how"]) == ("SessionEndedRequest", "silence")
    assert second["speech"] == first["reprompt"]
    assert (second["open"], second["reprompt"], second["slots"]) == (False, None, {})


def test_wait_makes_it_late(term: Terminal) -> None:
    """What is waited moves the clock that the webhook goes by."""
    soon = term.talk("my calf is cramping", "it still hurts", "no", "it still hurts")
    late = term.talk("my calf is cramping", "it still hurts", "no", "/wait 15m", "it still hurts")
    assert soon[-1]["speech"] != late[-1]["speech"]


def test_forced_intent(term: Terminal) -> None:
    """/intent forces an intent, with its slots."""
    (turn,) = term.talk("/intent CrampIntent part=toes")
    assert (turn["intent"], turn["how"]) == ("CrampIntent", "forced")
    assert turn["slots"] == {"part": {"value": "toes", "id": "toes"}}


def test_fallback(term: Terminal) -> None:
    """What is not understood is a Fallback, and is answered."""
    (turn,) = term.talk("the kitchen drawer is stuck")
    assert (turn["intent"], turn["how"]) == ("AMAZON.FallbackIntent", "fallback")
    assert turn["speech"]


def test_a_sign_is_urgent(term: Terminal) -> None:
    """A warning sign is answered with the number of the locale, in words."""
    (american,) = term.talk("i can't breathe")
    (british,) = term.talk("i can't breathe", options=("--json", "--locale", "en-GB"))
    assert "nine one one" in american["speech"]
    assert "nine nine nine" in british["speech"]


def test_empty_lines(term: Terminal) -> None:
    """Empty lines are no turns, and no input is no conversation."""
    assert term.talk("", "   ") == []
    assert (term.code, term.err) == (0, "")


# ------------------------------------------------------------------ errors


def test_refused_line(term: Terminal) -> None:
    """A line that cannot be obeyed is named on standard error; the conversation goes on."""
    turns = term.talk("/lunch", "my calf is cramping")
    assert [turn["heard"] for turn in turns] == ["my calf is cramping"]
    assert "/lunch" in term.err
    assert term.code == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Response("no such skill", status=400), "answered 400: no such skill"),
        (Response(status=500), "answered 500"),
        (Response(status=204), "answered 204"),
        (Response(status=302, headers={"Location": "http://127.0.0.1:9/"}), "answered 302"),
        (Response("hello"), "not with JSON"),
        (Response("[" * 100_000), "not with JSON that can be read"),
        (Response(b" " * (1024 * 1024 + 1)), "more than 1048576 bytes"),
        (Response("\x1b]0;mine\x07\x9b2J", status=400), r"\u001b]0;mine\u0007\u009b2J"),
        (json_response({"response": ["x"]}), "not with a response"),
        (json_response({"response": {"outputSpeech": "x"}}), "not with a response"),
        (json_response({"response": {"reprompt": "x"}}), "not with a response"),
        (json_response({"sessionAttributes": "x"}), "not with a response"),
        (
            json_response({"response": {"outputSpeech": {"ssml": "<s>" * 9999 + "</s>" * 9999}}}),
            "cannot speak this markup",
        ),
        (json_response([]), "not with a response"),
        (
            json_response({"response": {"outputSpeech": {"type": "SSML", "ssml": "<speak>"}}}),
            "cannot speak this markup",
        ),
    ],
)
def test_other_answers(term: Terminal, answer: Response, reason: str) -> None:
    """An answer other than a response is one line on standard error, and exit code 1."""
    with other_webhook(answer) as (url, requests):
        assert term.talk("help", "help", options=("--json", "--url", url)) == []
    assert reason in term.err
    assert term.err.removesuffix("\n").isprintable()
    assert len(term.err.splitlines()) == 1
    assert term.code == 1
    assert len(requests) == 1


@pytest.mark.parametrize("options", [("--json",), ()])
def test_what_a_webhook_says_does_not_command_the_terminal(
    term: Terminal, options: tuple[str, ...]
) -> None:
    """Escape sequences in an answer are written out, not obeyed."""
    speech = {"type": "PlainText", "text": "a\x1b[2J\x9b31m\x7f\u202eb\U000e0041 caf\u00e9"}
    with other_webhook(json_response({"response": {"outputSpeech": speech}})) as (url, _):
        turns = term.talk("help", options=(*options, "--url", url))
    assert r"a\u001b[2J\u009b31m\u007f\u202eb\udb40\udc41 café" in term.out
    assert all(line.isprintable() for line in term.out.splitlines())
    assert [turn["speech"] for turn in turns] == [speech["text"]] * len(options)


def test_what_is_no_http(term: Terminal) -> None:
    """Something that does not speak HTTP is one line on standard error, and exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with listener.accept()[0] as sock:
                sock.recv(65536)
                sock.sendall(b"\x1b[2J hello\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/alexa"
        assert term.talk("help", options=("--json", "--url", url)) == []
    assert "cannot be reached" in term.err
    assert term.err.removesuffix("\n").isprintable()
    assert term.code == 1


def test_no_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With standard input closed, `talk` says so in one line, and exit code 1."""
    monkeypatch.setattr("sys.stdin", None)
    assert cli.main(["talk"]) == 1
    assert "standard input is closed" in capsys.readouterr().err


def test_nobody_there(term: Terminal) -> None:
    """An address where nobody listens cannot be reached."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/alexa"
        assert term.talk("help", options=("--json", "--url", url)) == []
    assert "cannot be reached" in term.err
    assert term.code == 1


def test_no_address(term: Terminal) -> None:
    """What is no address cannot be reached either."""
    assert term.talk("help", options=("--json", "--url", "nowhere")) == []
    assert "cannot be reached" in term.err
    assert term.code == 1


def test_the_page_beside_it(term: Terminal) -> None:
    """With --page the address of the page is told, and the conversation goes on as without."""
    (turn,) = term.talk("help", options=("--json", "--page"))
    assert turn["open"]
    assert term.err.startswith("The same in a browser: http://127.0.0.1:")
    assert term.code == 0


def test_other_webhook_is_asked_unsigned(term: Terminal) -> None:
    """A webhook of one's own is asked without a signature, in the locale that was named."""
    answer = json_response({"response": {"outputSpeech": {"type": "PlainText", "text": "Hi."}}})
    with other_webhook(answer) as (url, requests):
        (turn,) = term.talk("help", options=("--json", "--url", url, "--locale", "en-GB"))
    assert turn["speech"] == "Hi."
    assert "Signature-256" not in requests[0].headers
    assert requests[0].get_json()["request"]["locale"] == "en-GB"


def test_unknown_locale(term: Terminal) -> None:
    """A locale that the skill does not speak is exit code 2, and no conversation."""
    assert term.talk("help", options=("--json", "--locale", "de-DE")) == []
    assert term.code == 2
    assert "de-DE" in term.err


# ------------------------------------------------------------------ for people


def test_without_json(term: Terminal) -> None:
    """Without --json each turn is what she says, what she hears, and the microphone."""
    term.talk("cramp calf", "stop", options=())
    lines = term.out.splitlines()
    assert lines[0] == "you> cramp calf"
    assert lines[1].startswith("coach> ")
    assert lines[2].strip() == "[microphone open]"
    assert lines[-1].strip() == "[microphone closed]"


def test_learned_and_fallback_are_shown(term: Terminal) -> None:
    """What was not heard word for word is shown with what it was taken for."""
    term.talk("um so my calf is cramping", "hmph", options=())
    assert "(CrampIntent, learned)" in term.out
    assert "(AMAZON.FallbackIntent, fallback)" in term.out


def test_by_hand(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """At a keyboard there is a hint and a prompt, and a refused line is no failure."""
    monkeypatch.setattr("sys.stdin", Keyboard("/lunch\nmy calf is cramping\n"))
    assert cli.main(["talk"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(terminal.HINT)
    assert "you> " in out
    assert "coach> " in out
    assert "/lunch" in err

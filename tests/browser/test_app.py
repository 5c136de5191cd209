"""skill.browser.app: the page's own server, for this machine alone."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from skill.browser import app as browser
from skill.browser import renderer
from skill.browser.serve import page_beside
from skill.coach.place import Ask
from skill.simulator.device import SKILL_ID
from skill.simulator.play import read_plays
from skill.speech import signed
from skill.speech.catalogue import LOCALES
from skill.web import create_app as create_webhook

HERE = "http://127.0.0.1:8321"
SETTINGS = {"locale": "en-US", "screen": "", "speaker": "she", "stage": ""}

Do = Callable[..., dict[str, Any]]


@pytest.fixture
def app() -> Iterator[Flask]:
    """The page's app; its webhooks end with the test."""
    made = browser.create_app()
    yield made
    made.extensions["bedsides"].close()


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    """Whoever sends requests to it."""
    return app.test_client()


def begin(http: FlaskClient, **settings: str) -> Do:
    """What does something in a new conversation, and gives what the page gets."""
    begun = http.post("/api/conversations", json=SETTINGS | settings, base_url=HERE)
    assert begun.status_code == 200, begun.text

    def do(action: str, **body: Any) -> dict[str, Any]:
        path = f"/api/conversations/{begun.get_json()['id']}/{action}"
        answer = http.post(path, json=body, base_url=HERE)
        found: dict[str, Any] = answer.get_json() | {"status": answer.status_code}
        return found

    return do


def test_what_is_signed_is_told(http: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says that it is not for patients for as long as something is not signed."""
    monkeypatch.setattr(signed, "tally", lambda: (3, 9))
    assert "3 of 9 things" in http.get("/", base_url=HERE).text
    monkeypatch.setattr(signed, "tally", lambda: (9, 9))
    assert "not for use by patients" not in http.get("/", base_url=HERE).text


# --- for this machine alone


@pytest.mark.parametrize("path", ["/", "/static/simulate.js"])
@pytest.mark.parametrize(
    ("base", "headers"),
    [
        ("http://rebound.example:8321", {}),
        ("http://127.0.0.1.rebound.example:8321", {}),
        ("http://192.168.0.7:8321", {}),
        (HERE, {"Origin": "http://rebound.example:8321"}),
        (HERE, {"Origin": "http://127.0.0.1:9000"}),
        (HERE, {"Origin": "null"}),
        (HERE, {"Sec-Fetch-Site": "cross-site"}),
        (HERE, {"Sec-Fetch-Site": "same-site"}),
    ],
)
def test_nobody_else(http: FlaskClient, path: str, base: str, headers: Mapping[str, str]) -> None:
    """Who names another host, or comes from another page, is refused."""
    assert http.get(path, base_url=base, headers=headers).status_code == 403
    posted = http.post("/api/conversations", json=SETTINGS, base_url=base, headers=headers)
    assert posted.status_code == 403


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine(http: FlaskClient, name: str) -> None:
    """The page is given by each name of this machine."""
    own = {"Origin": f"http://{name}:8321", "Sec-Fetch-Site": "same-origin"}
    assert http.get("/", base_url=f"http://{name}:8321", headers=own).status_code == 200


def test_a_form_from_elsewhere_does_nothing(http: FlaskClient) -> None:
    """What other pages may send unasked is no JSON, and is not read."""
    sent = http.post(
        "/api/conversations", data='{"locale":"en-US"}', content_type="text/plain", base_url=HERE
    )
    assert sent.status_code == 415


@pytest.mark.parametrize("path", ["/", "/static/night.css", "/nowhere"])
def test_strict_policy(http: FlaskClient, path: str) -> None:
    """Every answer lets the page load and ask what is its own alone, and lets nobody frame it."""
    with http.get(path, base_url=HERE) as answer:  # a file would stay open
        pass
    policy = dict(
        each.split(" ", 1) for each in answer.headers["Content-Security-Policy"].split("; ")
    )
    assert policy.pop("default-src") == "'none'"
    assert policy.pop("require-trusted-types-for") == "'script'"
    assert set(policy.values()) == {"'self'", "'none'"}
    assert policy["frame-ancestors"] == "'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_stands_in_line(http: FlaskClient) -> None:
    """The page has no script or style of its own that the policy would forbid."""
    page = http.get("/", base_url=HERE).text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/') == 1
    assert "http" not in page.replace("http-equiv", "")


def test_the_webhook_knows_nothing_of_it(app: Flask) -> None:
    """No way leads from the public webhook to the page, nor from the page's app to a webhook."""
    webhook = create_webhook(skill_ids=[SKILL_ID])
    page, locales = "/<any(privacy,terms):page>", ",".join(f'"{locale}"' for locale in LOCALES)
    public = {"/alexa", "/alexa/", page, f"{page}/<any({locales}):locale>"}
    assert {rule.rule for rule in webhook.url_map.iter_rules()} == public
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<path:filename>", "simulate.js").replace("<name>", "x")
        assert webhook.test_client().get(path.replace("<action>", "say")).status_code == 404
    assert app.test_client().post("/alexa", json={}, base_url=HERE).status_code == 404


def test_loopback_alone() -> None:
    """The page listens where this machine alone can reach it."""
    with page_beside() as address:
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        assert host == "127.0.0.1"
        with socket.create_connection((host, int(port)), timeout=2):
            pass
        with socket.socket() as other:  # another address of this machine, on the same port
            other.settimeout(2)
            assert other.connect_ex(("127.0.0.2", int(port))) != 0


# --- a conversation


def test_a_turn(http: FlaskClient) -> None:
    """A turn tells how it was heard, what is said and by which lines, and both envelopes."""
    do = begin(http)
    turn = do("say", line="my calf is cramping")["turn"]
    assert (turn["intent"], turn["how"], turn["readings"]) == ("CrampIntent", "exact", [])
    assert turn["slots"] == {"part": {"value": "calf", "id": "calf"}}
    assert [line["key"] for line in turn["lines"]][::3] == ["stretch.calf.bed", "ask.let_go"]
    assert all(line["sources"] and line["review"] == "not signed" for line in turn["lines"])
    assert turn["as_explained"]
    assert turn["request"]["request"]["intent"]["name"] == "CrampIntent"
    assert turn["response"]["response"]["outputSpeech"]["ssml"] == turn["ssml"]
    assert turn["bytes"]["is"] > turn["letters"]["is"] > 0
    assert turn["seconds"] > 30


def test_the_webhook_verifies(http: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines go to a webhook that refuses what is not signed."""
    monkeypatch.setattr("skill.alexa.authority.Authority.sign", lambda *_: {})
    refused = begin(http)("say", line="help")
    assert refused["status"] == 409
    assert "answered 400" in refused["error"]


def test_what_was_learned_tells_its_readings(http: FlaskClient) -> None:
    """A line that is no sample has its probability, and the next two readings."""
    turn = begin(http)("say", line="um so my calf is sort of cramping")["turn"]
    assert turn["how"] == "learned"
    shares = [each["probability"] for each in turn["readings"]]
    assert turn["readings"][0]["intent"] == turn["intent"]
    assert len(shares) == 3
    assert shares == sorted(shares, reverse=True)


def test_where_she_is(http: FlaskClient) -> None:
    """After each turn the page knows the open question, and what can be answered to it."""
    do = begin(http)
    here = do("say", line="my calf is cramping")["here"]
    assert (here["open"], here["place"]["place"]["ask"]) == (True, Ask.LET_GO.value)
    ends = do("say", line="stop")["here"]
    assert (ends["open"], ends["place"]["place"]["ask"]) == (False, Ask.NOTHING.value)


def test_ten_minutes_later(http: FlaskClient) -> None:
    """What is waited makes it late, and stands in the play."""
    do = begin(http)
    do("say", line="my calf is cramping")
    here = do("wait", after="10 min")["here"]
    assert (here["late"], here["waited_seconds"]) == (True, 600)
    do("say", line="it still hurts")
    assert "after: 10 min\n" in do("play", name="late")["text"]


def test_a_chosen_answer(http: FlaskClient) -> None:
    """An answer of the table is sent as its intent, whatever the listener would make of it."""
    do = begin(http)
    turn = do("choose", intent="CrampIntent", ids={"part": "toes"}, label="my toes cramp")["turn"]
    assert (turn["how"], turn["heard"]) == ("forced", "my toes cramp")
    assert turn["slots"]["part"]["id"] == "toes"
    opened = do("choose", intent="LaunchRequest", ids={}, label="open Cramp Coach")["turn"]
    assert opened["intent"] == "LaunchRequest"


def test_silence(http: FlaskClient) -> None:
    """After silence the reprompt was the last, with its lines; the session is over."""
    do = begin(http)
    asked = do("say", line="my calf is cramping")["turn"]
    over = do("say", line="(silence)")
    assert over["turn"]["speech"] == asked["reprompt"]
    assert over["turn"]["lines"] == asked["reprompt_lines"]
    assert not over["here"]["open"]


def test_who_speaks(http: FlaskClient) -> None:
    """Who speaks, and her stage, is told with each line, though the line does not say so."""
    turn = begin(http, speaker="helper", stage="after_birth")("say", line="my calf is cramping")
    slots = turn["turn"]["request"]["request"]["intent"]["slots"]
    assert (slots["helper"]["value"], slots["stage"]["value"]) == ("she", "i've just had a baby")
    status = turn["here"]["place"]["status"]
    assert (status["speaker"], status["stage"]) == ("helper", "after_birth")


def test_a_screen(http: FlaskClient) -> None:
    """A device with a screen says so in its requests, and one without does not."""
    do = begin(http, screen="round")
    context = do("say", line="help")["turn"]["request"]["context"]
    assert "Alexa.Presentation.APL" in context["System"]["device"]["supportedInterfaces"]
    assert context["Viewport"]["shape"] == "ROUND"
    do("device", **SETTINGS)
    context = do("say", line="help")["turn"]["request"]["context"]
    assert context["System"]["device"]["supportedInterfaces"] == {}
    assert "Viewport" not in context


def test_a_touch(http: FlaskClient) -> None:
    """A touch is sent as a touch, and told with what stands on the button and what it means."""
    do = begin(http, screen="small")
    do("say", line="my calf is cramping")
    turn = do("touch", button="let_go")["turn"]
    assert turn["request"]["request"]["arguments"] == ["let_go"]
    assert (turn["heard"], turn["intent"], turn["how"]) == ("It's let go", "EasedIntent", "touched")
    assert turn["as_explained"]
    assert turn["follows"]["place"] == Ask.BREATHING.value


@pytest.mark.parametrize("screen", ["", "small"])
def test_no_touch_where_nothing_is_shown(http: FlaskClient, screen: str) -> None:
    """Without a screen, and after an end, there is nothing to touch."""
    do = begin(http, screen=screen)
    do("say", line="my calf is cramping")
    do("say", line="stop")
    refused = do("touch", button="again")
    assert (refused["status"], "there is nothing" in refused["error"]) == (409, True)


def test_the_frame_of_amazons_renderer(
    http: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no origin, may load nothing, and asks for no font from anywhere."""
    engine = tmp_path / "index.js"
    engine.write_text("a = \"src: url('https://fonts.example/a.ttf')</script>\";")
    monkeypatch.setattr(renderer, "ENGINE", engine)
    answer = http.get("/screen", base_url=HERE)
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox allow-scripts", "connect-src data:"} <= set(policy)
    assert "https" not in answer.text
    assert answer.text.count("</script>") == answer.text.count("<script nonce=") == 3
    assert 'data-renderer="' in http.get("/", base_url=HERE).text


def test_no_frame_without_the_renderer(http: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed there is no frame, and the page says how it draws."""
    monkeypatch.setattr(renderer, "ENGINE", Path("nowhere"))
    assert http.get("/screen", base_url=HERE).status_code == 404
    assert "not installed" in (page := http.get("/", base_url=HERE).text)
    assert 'data-renderer="' not in page


@pytest.mark.parametrize("locale", LOCALES)
def test_locales(http: FlaskClient, locale: str) -> None:
    """A conversation is held in its locale."""
    turn = begin(http, locale=locale)("say", line="my calf is cramping")["turn"]
    assert turn["request"]["request"]["locale"] == locale
    assert turn["as_explained"]


# --- plays


def test_a_play(http: FlaskClient) -> None:
    """A saved conversation can be read again, line by line, with what followed."""
    do = begin(http, locale="en-GB")
    for line in ("my calf is cramping", "it's gone", "(silence)"):
        do("say", line=line)
    text = do("play", name="it goes")["text"]
    (play,) = http.post("/api/plays", json={"text": text}, base_url=HERE).get_json()["plays"]
    assert (play["name"], play["locale"]) == ("it goes", "en-GB")
    assert [turn["she"] for turn in play["turns"]] == [
        "my calf is cramping",
        "it's gone",
        "(silence)",
    ]
    assert [turn["place"] for turn in play["turns"]] == ["let_go", "breathing", "end"]


def test_a_play_with_a_touch(http: FlaskClient) -> None:
    """A saved touch has its line and its screen, and the line is a touch again."""
    do = begin(http, screen="round")
    do("say", line="my calf is cramping")
    first = do("touch", button="next")["turn"]
    do("device", **SETTINGS)  # what she touched was round, whatever comes later
    (play,) = read_plays(do("play", name="it is touched")["text"])
    assert (play.screen, play.turns[1]["she"]) == ("round", "(touch next)")
    do = begin(http, screen=play.screen)
    for turn in play.turns:
        again = do("say", line=turn["she"])["turn"]
    assert (again["how"], again["speech"]) == ("touched", first["speech"])


# --- what cannot be done


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("say", {}, 400),
        ("say", {"line": ""}, 400),
        ("say", {"line": "a" * 501}, 400),
        ("say", {"line": 7}, 400),
        ("say", {"line": "(silence)"}, 409),
        ("say", {"line": "/dance"}, 409),
        ("wait", {"after": "a while"}, 409),
        ("choose", {"intent": "DanceIntent", "ids": {}, "label": "dance"}, 409),
        ("choose", {"intent": "CrampIntent", "ids": [], "label": "ow"}, 400),
        ("device", SETTINGS | {"screen": "huge"}, 400),
        ("touch", {}, 400),
        ("touch", {"button": "again"}, 409),
        ("dance", {}, 404),
    ],
)
def test_refused(http: FlaskClient, action: str, body: dict[str, Any], status: int) -> None:
    """What cannot be done is refused with a sentence."""
    refused = begin(http)(action, **body)
    assert refused["status"] == status
    assert refused["error"]


@pytest.mark.parametrize("sent", [[], "en-US", {}, SETTINGS | {"locale": "fr-FR"}])
def test_no_such_device(http: FlaskClient, sent: Any) -> None:
    """A device that there is not begins nothing."""
    assert http.post("/api/conversations", json=sent, base_url=HERE).status_code == 400


def test_the_oldest_page_goes(http: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many devices are kept, and the one that was silent longest is gone."""
    monkeypatch.setattr(browser, "MOST_BEDSIDES", 2)
    first, second, third = (begin(http) for _ in range(3))
    assert first("say", line="help")["status"] == 404
    assert second("say", line="help")["status"] == third("say", line="help")["status"] == 200

"""skill.browser.signing: the page on which a clinician signs, and what it writes."""

from __future__ import annotations

import re
import shutil
import webbrowser
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from werkzeug.serving import BaseWSGIServer

from skill.browser.loopback import POLICY
from skill.browser.signing import create_app, serve
from skill.cli import main
from skill.publish import reading, signatures
from skill.publish.signatures import Verdict, open_questions, sign
from skill.screen import drawing
from skill.speech import signed
from skill.speech.catalogue import SPOKEN
from tests.browser.test_serve import page_of_a_process

HERE = "http://127.0.0.1:8322"
TODAY = date.today().isoformat()
ADA = {"by": "Ada Example", "role": "midwife, community", "date": TODAY}
GRACE = {"by": "Grace Sample", "role": "obstetrician", "date": TODAY}
KEY, OTHER = "line relief.watch", "line ask.let_go"

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def http(tmp_path: Path) -> FlaskClient:
    """Whoever sends requests to the page, whose signatures lie in a scratch folder."""
    return create_app(tmp_path).test_client()


@pytest.fixture
def ask(http: FlaskClient) -> Ask:
    """Asks the page's server for something; what it answers, with the status."""

    def asked(path: str, **body: Any) -> dict[str, Any]:
        answer = http.post(f"/api/{path}", json=body, base_url=HERE)
        found: dict[str, Any] = answer.get_json() | {"status": answer.status_code}
        return found

    return asked


def said(name: str, verdict: str = "as it is", comment: str = "") -> dict[str, str]:
    """What the page sends of a thing as it is now."""
    hash_now = signatures.all_things()[name].hash
    return {"id": name, "hash": hash_now, "verdict": verdict, "comment": comment}


# --- for this machine alone


@pytest.mark.parametrize(
    ("base", "headers"),
    [
        ("http://rebound.example:8322", {}),
        (HERE, {"Origin": "http://rebound.example:8322"}),
        (HERE, {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_nobody_else(http: FlaskClient, base: str, headers: Mapping[str, str]) -> None:
    """Who names another host, or comes from another page, is refused."""
    assert http.get("/", base_url=base, headers=headers).status_code == 403
    for path in ("script", "begin", "now", "sign"):
        posted = http.post(f"/api/{path}", json={}, base_url=base, headers=headers)
        assert posted.status_code == 403


def test_nothing_from_elsewhere(http: FlaskClient) -> None:
    """The page may load nothing from elsewhere, and is shown in no other."""
    page = http.get("/", base_url=HERE)
    assert page.headers["Content-Security-Policy"] == POLICY
    assert not re.search(r"https?://", page.text)


# --- what is shown


def test_everything_is_shown(ask: Ask) -> None:
    """Each thing is in one item, with all that its hash covers; the words are those of paper."""
    script = ask("script")
    names = [thing["id"] for item in script["items"] for thing in item["things"]]
    assert sorted(names) == sorted(signatures.all_things())
    for item in script["items"]:
        whole = {name: each["means"] for each in item["whole"] for name in each["ids"]}
        for thing in item["things"]:
            means = signatures.all_things()[thing["id"]].means
            assert whole[thing["id"]] == [list(pair) for pair in means.items()]
    assert script["words"] == reading.count(SPOKEN, open_questions())
    parts = [*script["items"], *script["chapters"], *script["questions"]]
    assert sum(part["words"] for part in parts) == script["words"] + script["only_read"]


def test_every_text_of_a_line_is_shown_whole(ask: Ask) -> None:
    """Where paper has "…", or "her", the page has the text, with what is the same marked."""
    (watch,) = (item for item in ask("script")["items"] if item["title"] == "watch")
    rows = {head: " ".join(text for text, _ in parts) for head, parts in watch["rows"]}
    assert rows["helper, say"].startswith("If her breath is suddenly short")
    assert any(same for _, parts in watch["rows"] for _, same in parts)
    lines = [item for item in ask("script")["items"] if item["kind"] == "line"]
    assert not any("…" in text for item in lines for _, parts in item["rows"] for text, _ in parts)


def test_sources_have_their_text(ask: Ask) -> None:
    """A row of the facts is there word for word; a source has its grade and address."""
    sources = ask("script")["sources"]
    assert all(each["fact"] for each in sources.values() if each["kind"] == "row")
    assert "On a phone, call {EMERGENCY}" in str(sources["C6"]["fact"])
    assert sources["NHS-LEG"]["grade"] == "A"
    assert sources["NHS-LEG"]["url"].startswith("https://")


def test_how_it_sounds(ask: Ask) -> None:
    """A line is heard in the words of en-US, with its pauses; what is read is not heard."""
    items = {item["things"][0]["id"]: item for item in ask("script")["items"]}
    (first, *_) = items[OTHER]["aloud"]
    assert first["who"] == "say"
    assert [sound.get("say") for sound in first["sounds"]] == ["Has it let go?"]
    (silence,) = (each for each in items[OTHER]["aloud"] if each["who"] == "reprompt")
    assert {"pause": 0.7} in silence["sounds"]
    assert "911" in str(silence["sounds"])
    assert items["line card.emergency"]["aloud"] == []


def test_a_drawing(http: FlaskClient) -> None:
    """A drawing is given as it is; a name that is none leads nowhere."""
    found = http.get("/drawings/calf_bed.svg", base_url=HERE)
    assert (found.text, found.mimetype) == (drawing.svg("calf_bed"), "image/svg+xml")
    assert http.get("/drawings/..%2Fcalf_bed.svg", base_url=HERE).status_code == 404
    assert http.get("/drawings/none.svg", base_url=HERE).status_code == 404


# --- who signs


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"by": ""}, "not a person's name: write who it is"),
        ({"by": "NAME"}, "not a person's name: write who it is"),
        ({"role": "ROLE"}, "not a role, such as midwife: write who it is"),
        ({"date": "yesterday"}, "'yesterday' is not a date: write it as 2026-01-31"),
        ({"date": (date.today() + timedelta(2)).isoformat()}, "has not come yet"),
    ],
)
def test_nobody_is_no_reviewer(ask: Ask, wrong: dict[str, str], says: str, tmp_path: Path) -> None:
    """A name, role or date that is none is refused with a sentence, and nothing is written."""
    for path in ("begin", "sign"):
        refused = ask(path, **ADA | wrong, verdicts=[said(KEY)])
        assert refused["status"] == 409
        assert says in refused["error"]
    assert list(tmp_path.iterdir()) == []


def test_a_name_keeps_its_role(ask: Ask) -> None:
    """Who signed as a midwife is no obstetrician the day after."""
    ask("sign", **ADA, verdicts=[said(KEY)])
    refused = ask("begin", **ADA | {"role": "obstetrician"})
    assert "is of Ada Example, midwife, community: sign by that name and role" in refused["error"]


def test_to_begin_writes_nothing(ask: Ask, tmp_path: Path) -> None:
    """The page says where the file will be, and whether the role counts."""
    begun = ask("begin", **ADA)
    assert begun["who"]["file"] == str(tmp_path / "ada-example.yaml")
    assert begun["counts"]
    assert not ask("begin", **ADA | {"role": "physiotherapist"})["counts"]
    assert list(tmp_path.iterdir()) == []


# --- signing


def test_what_is_said_is_kept(ask: Ask, tmp_path: Path) -> None:
    """What was said of things and questions stands in the reviewer's file, and nowhere else."""
    asked = open_questions(tmp_path)[0].id
    verdicts = [said(KEY, "change", "say who picks up"), said(OTHER, comment="good")]
    ask("sign", **ADA, verdicts=verdicts, answers={asked: "Yes, for everyone."})
    ask("sign", **GRACE, verdicts=[said(KEY)])
    now = ask("now")
    entries = now["states"][KEY]["entries"]
    assert [(each["by"], each["verdict"]) for each in entries] == [
        ("Ada Example", "change"),
        ("Grace Sample", "as it is"),
    ]
    assert entries[0]["comment"] == "say who picks up"
    assert now["states"][KEY]["name"] == "to be changed"
    assert now["states"][OTHER]["lacking"] == ["obstetrician"]
    assert now["answers"][asked][0]["answer"] == "Yes, for everyone."
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ada-example.yaml",
        "grace-sample.yaml",
    ]


def test_both_roles_sign(ask: Ask) -> None:
    """What one of each role has said yes to is signed, and counted."""
    for who in (ADA, GRACE):
        now = ask("sign", **who, verdicts=[said(KEY)])
    assert (now["signed"], now["of"]) == (1, len(signatures.all_things()))


def test_it_can_be_taken_back(ask: Ask, tmp_path: Path) -> None:
    """What was pressed by mistake, or answered too soon, is said no more."""
    asked = open_questions(tmp_path)[0].id
    ask("sign", **ADA, verdicts=[said(KEY), said(OTHER)], answers={asked: "Yes."})
    now = ask("sign", **ADA, withdrawn=[KEY, asked])
    assert set(now["states"]) == {OTHER}
    assert now["answers"][asked] == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"verdicts": [said(KEY, "change")]}, "say in a comment what is to be changed"),
        ({"verdicts": [said(KEY, "maybe")]}, "'maybe' is not one of as it is, change"),
        ({"verdicts": [said(KEY) | {"hash": "h0"}]}, "has changed since it was shown"),
        ({"verdicts": [said(KEY) | {"id": "line gone"}]}, "nothing called 'line gone'"),
        ({"answers": {"question 1": " "}}, "question 1: write the answer first"),
        ({"answers": {"question 99": "Yes."}}, "no open question question 99"),
    ],
)
def test_what_cannot_be_said(ask: Ask, body: dict[str, Any], says: str, tmp_path: Path) -> None:
    """It is refused with a sentence, and nothing of that request is written."""
    whole = {"verdicts": [said(OTHER)]} | body
    refused = ask("sign", **ADA, **whole)
    assert refused["status"] == 409
    assert says in refused["error"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "body",
    [
        {"verdicts": "all"},
        {"verdicts": [{"id": KEY}]},
        {"verdicts": [said(KEY, comment="a" * 5001)]},
        {"answers": ["Yes."]},
        {"known": {KEY: 7}},
        {"by": 7},
    ],
)
def test_what_no_page_sends(ask: Ask, body: dict[str, Any]) -> None:
    """It is refused as no such request."""
    assert ask("sign", **ADA | body)["status"] == 400


def test_two_windows_of_one_person(ask: Ask) -> None:
    """Neither loses what the other wrote; of the same thing, what stands is shown first."""
    ask("sign", **ADA, verdicts=[said(KEY, "change", "first")], known={KEY: ""})
    ask("sign", **ADA, verdicts=[said(OTHER)], known={OTHER: ""})
    refused = ask("sign", **ADA, verdicts=[said(KEY)], known={KEY: ""})
    assert "you said something else of it in another window" in refused["error"]
    (entry,) = ask("now")["states"][KEY]["entries"]
    assert entry["comment"] == "first"
    now = ask("sign", **ADA, verdicts=[said(KEY)], known={KEY: entry["mark"]})
    assert set(now["states"]) == {KEY, OTHER}
    assert now["states"][KEY]["entries"][0]["verdict"] == "as it is"


def test_a_question_that_is_asked_anew(ask: Ask, tmp_path: Path) -> None:
    """An answer to other words is shown no more, and does not stand in the way of a new one."""
    (asked, *_) = open_questions(tmp_path)
    ask("sign", **ADA, answers={asked.id: "Yes."}, known={asked.id: ""})
    path = tmp_path / "ada-example.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["answers"][asked.id]["asked"] = "Is it right?"
    path.write_text(yaml.safe_dump(content), "utf-8")
    assert ask("now")["answers"][asked.id] == []
    now = ask("sign", **ADA, answers={asked.id: "No."}, known={asked.id: ""})
    assert [each["answer"] for each in now["answers"][asked.id]] == ["No."]


def test_many_at_once(tmp_path: Path) -> None:
    """Whoever writes at the same time, by one name or several, loses nothing."""
    things = list(signatures.all_things().values())[:24]

    def write(at: int) -> None:
        verdict = Verdict(things[at].id, things[at].hash, signed.AS_IT_IS)
        for by in ("Ada Example", "Grace Sample"):
            sign(by, "midwife", [verdict], folder=tmp_path)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(len(things))))
    ids = {thing.id for thing in things}
    assert [set(each.entries) for each in signed.people(tmp_path)] == [ids, ids]


def test_what_changed_since(ask: Ask, tmp_path: Path) -> None:
    """What was signed stands beside what is."""
    ask("sign", **ADA, verdicts=[said(KEY)])
    signed_before(tmp_path / "ada-example.yaml", KEY, "say", "Mind your breath.")
    state = ask("now")["states"][KEY]
    assert state["name"] == "changed"
    (entry,) = state["entries"]
    assert not entry["current"]
    is_now = signatures.all_things()[KEY].means["say"]
    assert entry["differs"] == [["say", "Mind your breath.", is_now]]


def signed_before(path: Path, name: str, part: str, was: str) -> None:
    """Makes what a file holds of a thing a signature of other words."""
    content = yaml.safe_load(path.read_text("utf-8"))
    entry = content["entries"][name]
    entry["hash"], entry["words"][part] = "hbefore", was
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


# --- what goes wrong around it


def test_a_slip_in_a_file(ask: Ask, tmp_path: Path) -> None:
    """A file that was edited by hand is named, with the line and the fix."""
    (tmp_path / "ada-example.yaml").write_text("by: Ada Example\nrole: midwife, b: c\n")
    for path in ("script", "begin", "now"):
        refused = ask(path, **GRACE)
        assert "responses/signed/ada-example.yaml, line 2" in refused["error"]


def test_a_folder_that_is_gone(ask: Ask, tmp_path: Path) -> None:
    """Where nothing can be written, the folder is named."""
    shutil.rmtree(tmp_path)
    refused = ask("sign", **ADA, verdicts=[said(KEY)])
    assert refused["status"] == 409
    assert f"{tmp_path} cannot be read or written" in refused["error"]


# --- the command


def test_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The address and the folder are printed, and the page opened where that is asked for."""
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(BaseWSGIServer, "serve_forever", lambda _: None)
    serve(0, open_it=False)
    assert opened == []
    assert main(["sign", "--port", "0", "--open"]) == 0
    out = capsys.readouterr().out
    assert opened[0] in out
    assert str(signatures.home()) in out


@pytest.mark.processes
def test_as_a_process() -> None:
    """`cramp-coach sign` serves the page without the simulator's packages, and logs nothing."""
    code = (
        "import sys; sys.modules['sklearn'] = None; "
        "from skill.cli import main; main(['sign', '--port', '0'])"
    )
    assert b"to be signed" in page_of_a_process(code)

"""The simulator's page: a Flask app that nothing of the webhook knows, for this machine alone."""

from __future__ import annotations

from collections import OrderedDict
from http import HTTPStatus
from threading import RLock
from typing import Any
from uuid import uuid4

from flask import Flask, abort, render_template

from skill.browser import renderer
from skill.browser.bedside import Bedside
from skill.browser.loopback import failed, guard, sent
from skill.browser.places import places
from skill.coach.place import Stage
from skill.simulator.device import DeviceError, UnspeakableError
from skill.simulator.local_server import WebhookError
from skill.simulator.play import MOST_LETTERS, Play, read_plays, written
from skill.simulator.screen import SCREENS
from skill.speech import signed
from skill.speech.catalogue import DEFAULT_LOCALE, LOCALES
from skill.speech.edited import SlipError

MOST_BYTES = 1_000_000
MOST_BEDSIDES = 8
"""Pages that are kept; the one that was silent longest goes."""


class Bedsides:
    """The devices of the pages that are open, by their names."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Bedside] = OrderedDict()
        self.lock = RLock()

    def add(self, bedside: Bedside) -> str:
        """Keeps a device; returns its name."""
        name = uuid4().hex
        self._kept[name] = bedside
        while len(self._kept) > MOST_BEDSIDES:
            self._kept.popitem(last=False)[1].close()
        return name

    def get(self, name: str) -> Bedside:
        """The device of this name; 404 where it is gone."""
        if name not in self._kept:
            abort(404, "this conversation is gone: reload the page")
        self._kept.move_to_end(name)
        return self._kept[name]

    def close(self) -> None:
        """Ends them all."""
        while self._kept:
            self._kept.popitem()[1].close()


def create_app() -> Flask:
    """The app; `app.extensions["bedsides"]` are its devices, to be closed at the end."""
    app = Flask(__name__)
    guard(app, MOST_BYTES, "frame-src 'self'")  # Amazon's renderer stands in a frame
    bedsides = app.extensions["bedsides"] = Bedsides()
    for error in (DeviceError, SlipError, UnspeakableError, WebhookError):
        app.register_error_handler(error, lambda it: failed(str(it), HTTPStatus.CONFLICT))
    app.add_url_rule("/", view_func=_page)
    app.add_url_rule("/screen", view_func=renderer.frame)
    _add_conversations(app, bedsides)
    app.add_url_rule("/api/plays", view_func=_plays, methods=["POST"])
    return app


def _page() -> str:
    count, of = signed.tally()
    return render_template(
        "simulate.html",
        signed=count,
        of=of,
        groups=places(),
        locales=LOCALES,
        usual=DEFAULT_LOCALE,
        screens=SCREENS,
        renderer=renderer.installed(),
        most_letters=MOST_LETTERS,
    )


# --- conversations


def _add_conversations(app: Flask, bedsides: Bedsides) -> None:
    """What the page asks for. One thing at a time: a device does not speak over itself."""

    @app.post("/api/conversations")
    def begin() -> dict[str, Any]:
        with bedsides.lock:
            bedside = Bedside(_one_of("locale", LOCALES))
            _set_up(bedside)
            return {"id": bedsides.add(bedside), "here": bedside.here()}

    @app.post("/api/conversations/<name>/<action>")
    def act(name: str, action: str) -> dict[str, Any]:
        with bedsides.lock:
            bedside = bedsides.get(name)
            return {"turn": _acted(bedside, action), "here": bedside.here()}

    @app.post("/api/conversations/<name>/play")
    def play(name: str) -> dict[str, Any]:
        with bedsides.lock:
            return {"text": written(bedsides.get(name).play(_text("name")))}


def _acted(bedside: Bedside, action: str) -> dict[str, Any]:
    """Does what a button of the page stands for; the turn, if it was one."""
    match action:
        case "say":
            return bedside.say(_text("line").strip())
        case "choose":
            return bedside.choose(_text("intent"), _ids(), _text("label"))
        case "touch":
            return bedside.touch(_text("button"))
        case "wait":
            bedside.wait(_text("after"))
        case "forget":
            bedside.device.forget()
        case "device":
            _set_up(bedside)
        case _:
            abort(404, "there is nothing like that")
    return {}


def _set_up(bedside: Bedside) -> None:
    stages = ("", *(stage.value for stage in Stage))
    bedside.set_up(
        _one_of("screen", ("", *SCREENS)),
        _one_of("speaker", ("she", "helper")),
        _one_of("stage", stages),
    )


def _plays() -> dict[str, Any]:
    """The plays of a file that the page was given."""
    return {"plays": [_raw(play) for play in read_plays(_text("text", MOST_BYTES))]}


def _raw(play: Play) -> dict[str, Any]:
    return vars(play)


# --- what was sent


def _text(name: str, most: int = MOST_LETTERS) -> str:
    value = sent().get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        abort(400, f"{name}: a text of at most {most} letters is needed")
    return value


def _one_of(name: str, known: tuple[str, ...]) -> str:
    value = sent().get(name)
    if value not in known:
        abort(400, f"{name}: one of {', '.join(filter(None, known))} is needed")
    return str(value)


def _ids() -> dict[str, str]:
    ids = sent().get("ids")
    if not isinstance(ids, dict) or not all(isinstance(it, str) for it in ids.values()):
        abort(400, "ids: an object of texts is needed")
    return ids

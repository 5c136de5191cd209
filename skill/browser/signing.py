"""The page on which a clinician signs: everything that is signed, one thing at a time.

It writes into the file of whoever signs and nowhere else, through `skill/publish/signatures.py`.
What a page shows may be old: another window of the same person, or a change of the skill, may have
come between. So each request tells what the page took for what was said before, and is refused
where the file holds something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, render_template

from skill.browser.laid_out import script
from skill.browser.loopback import failed, guard, run, sent, served
from skill.publish import signatures
from skill.publish.signatures import State, Verdict
from skill.screen import drawing
from skill.speech import signed
from skill.speech.signed import Answered, Entry, Person

MOST_BYTES = 1_000_000
MOST_LETTERS = 5_000
"""Of a comment or an answer."""


def create_app(folder: Path | None = None) -> Flask:
    """The app; `folder` is where signatures lie, by default that of the responses."""
    app = Flask(__name__)
    app.config["SIGNATURES"] = folder or signatures.home()
    guard(app, MOST_BYTES)
    for error in (ValueError, OSError):
        app.register_error_handler(error, lambda it: failed(_sentence(it), HTTPStatus.CONFLICT))
    app.add_url_rule("/", view_func=_page)
    app.add_url_rule("/drawings/<name>.svg", view_func=_drawing)
    for path, view in (("script", _script), ("begin", _begin), ("now", _now), ("sign", _sign)):
        app.add_url_rule(f"/api/{path}", view_func=view, methods=["POST"])
    return app


def serve(port: int, *, open_it: bool) -> None:
    """The page, until it is stopped; SystemExit where the port cannot be had."""
    app = create_app()
    with served(app, port) as (address, server):
        print(f"What is signed is written into {app.config['SIGNATURES']}", flush=True)
        run("To be signed", address, server, open_it=open_it)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be read or written: {error.strerror}"
    return str(error)


def _folder() -> Path:
    return Path(current_app.config["SIGNATURES"])


# --- what the page asks for


def _page() -> str:
    return render_template(
        "sign.html",
        today=date.today().isoformat(),
        most_letters=MOST_LETTERS,
    )


def _drawing(name: str) -> Response:
    if name not in drawing.names():
        abort(404, "there is no such drawing")
    return Response(drawing.svg(name), mimetype="image/svg+xml")


def _script() -> dict[str, Any]:
    """Everything that is to be signed, as it is now, and who has signed before."""
    before = [{"by": each.by, "role": each.role} for each in signed.people(_folder())]
    return {**script(), "people": before}


def _begin() -> dict[str, Any]:
    """Whether this person may sign, on this day; nothing is written. ValueError as `sign`."""
    day_of = signed.day(_text("date"))
    by = signed.named(_text("by"), "your name")
    path, who = signatures.reviewer(by, _text("role"), _folder())
    needed = signed.roles_needed()
    counts = signed.kind_of(who.role) in {signed.kind_of(role) for role in needed}
    about = {"by": who.by, "role": who.role, "date": day_of, "file": str(path)}
    return {"who": about, "counts": counts, "roles": needed, **_now()}


def _now() -> dict[str, Any]:
    """What everybody has said of each thing and each question."""
    states = signatures.states(_folder())
    return {
        "signed": sum(state.holds for state in states),
        "of": len(states),
        "states": {state.thing.id: _state(state) for state in states if state.entries},
        "answers": {
            asked.id: [_answered(each) for each in asked.answers]
            for asked in signatures.open_questions(_folder())
        },
        "strays": signatures.strays(_folder()),
    }


def _state(state: State) -> dict[str, Any]:
    said = [
        {**_said(entry), "verdict": entry.verdict, "comment": entry.comment}
        | {"current": entry.hash == state.thing.hash}
        | {"differs": list(signatures.beside(entry, state.thing))}
        for entry in state.entries
    ]
    return {"name": state.name, "lacking": state.lacking, "entries": said}


def _answered(given: Answered) -> dict[str, Any]:
    return {**_said(given), "answer": given.answer}


def _said(said: Entry | Answered) -> dict[str, Any]:
    return {"by": said.by, "role": said.role, "date": said.date, "mark": _mark(said)}


def _mark(said: Entry | Answered | None) -> str:
    """By which what was said is known again; "" for nothing."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12] if said else ""


# --- signing


def _sign() -> dict[str, Any]:
    """Writes what was said of things and questions, or takes it back; what everybody says now."""
    known = _texts("known")
    asked = {each.id: each.asks for each in signatures.open_questions(_folder())}

    def as_shown(held: Person) -> None:
        fresh = {name: each for name, each in held.answers.items() if each.asked == asked.get(name)}
        for name, mark in known.items():
            if _mark(held.entries.get(name) or fresh.get(name)) != mark:
                raise ValueError(
                    f"{name}: you said something else of it in another window meanwhile, which "
                    "stands here now: look at it, and say it again if it should be replaced"
                )

    signatures.sign(
        _text("by"),
        _text("role"),
        [_verdict(each) for each in _listed("verdicts")],
        _texts("answers"),
        withdrawn=[str(each) for each in _listed("withdrawn")],
        on=_text("date"),
        folder=_folder(),
        first=as_shown,
    )
    return _now()


def _verdict(said: Any) -> Verdict:
    fields = ("id", "hash", "verdict", "comment")
    if not isinstance(said, Mapping) or not all(_fits(said.get(name)) for name in fields):
        abort(400, f"a verdict has {', '.join(fields)}, of at most {MOST_LETTERS} letters")
    return Verdict(*(said[name] for name in fields))


def _listed(name: str) -> list[Any]:
    found = sent().get(name, [])
    if not isinstance(found, list):
        abort(400, f"{name}: a list is needed")
    return found


def _texts(name: str) -> dict[str, str]:
    found = sent().get(name, {})
    if not isinstance(found, dict) or not all(_fits(each) for each in found.values()):
        abort(400, f"{name}: texts of at most {MOST_LETTERS} letters are needed")
    return found


def _text(name: str) -> str:
    found = sent().get(name, "")
    if not _fits(found):
        abort(400, f"{name}: a text of at most {MOST_LETTERS} letters is needed")
    return str(found)


def _fits(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= MOST_LETTERS

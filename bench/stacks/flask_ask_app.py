"""flask-ask as published, saying one sentence. It checks dates, names and SHA-1, but no chain.

Replaced, as for all: how a chain is fetched. Added: what Python has since taken away.
"""

import inspect
import io
import os
from pathlib import Path
from typing import Any

inspect.getargspec = inspect.getfullargspec  # type: ignore[attr-defined] # gone since 3.11

import flask_ask.verifier as verifier  # noqa: E402
from flask import Flask  # noqa: E402
from flask_ask import Ask, question  # noqa: E402

CHAIN = (Path(os.environ["BENCH_FOLDER"]) / "chain.pem").read_bytes()
verifier.urlopen = lambda _url: io.BytesIO(CHAIN)

app = Flask("flask_ask_app")
app.config["ASK_APPLICATION_ID"] = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
ask = Ask(app, "/alexa")


@ask.intent("CrampIntent")  # type: ignore[untyped-decorator]
def cramp() -> Any:
    return question("Pull your toes up towards you.").reprompt("Has it let go?")

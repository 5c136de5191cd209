"""Many conversations at once, over threads and over processes: none hears of another."""

from __future__ import annotations

import json
import multiprocessing
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
from flask.testing import FlaskClient

from skill.speech.catalogue import LOCALES
from skill.web import create_app
from tests.chains import raw_request, raw_slot
from tests.test_web import Alexa

THREADS = 16
PROCESSES = 3

Said = tuple[str, str | None]
"""An intent, and the part of the leg that it names."""

SCRIPTS: list[tuple[str, list[Said]]] = [
    (locale, [(first, part), *rest])
    for locale in LOCALES
    for first, part in [
        ("CrampIntent", "calf"),
        ("CrampIntent", "toes"),
        ("SoreIntent", "shin"),
        ("CrampIntent", None),
        ("SwollenLegSignIntent", None),
        ("CrampIntent", "chest"),
    ]
    for rest in [
        (("AMAZON.NoIntent", None), ("AMAZON.YesIntent", None), ("AMAZON.NoIntent", None)),
        (("AMAZON.RepeatIntent", None), ("InBedIntent", "foot"), ("AMAZON.HelpIntent", None)),
        (("AMAZON.YesIntent", None), ("SwollenLegSignIntent", None), ("AMAZON.NoIntent", None)),
    ]
]
"""Conversations: a locale, and what is said in each turn."""

Sent = tuple[dict[str, Any], bytes]
Post = Callable[[dict[str, Any]], bytes]


def hold(post: Post, script: tuple[str, Sequence[Said]]) -> Iterator[Sent]:
    """Holds a conversation; gives each request and its answer, until the session is closed."""
    locale, turns = script
    attributes: dict[str, Any] | None = None
    for intent, part in turns:
        raw = raw_request()
        slots = {"part": raw_slot("part", f"my {part}", part)} if part else {}
        raw["request"] |= {"locale": locale, "intent": {"name": intent, "slots": slots}}
        raw["session"] |= {"new": attributes is None, "attributes": attributes or {}}
        answer = post(raw)
        yield raw, answer
        attributes = json.loads(answer).get("sessionAttributes")
        if not attributes:
            return


def alone() -> list[list[Sent]]:
    """What each conversation is when it is the only one."""
    alexa = Alexa()
    return [list(hold(lambda raw: alexa.post(raw).data, script)) for script in SCRIPTS]


def test_conversations_differ() -> None:
    """The conversations that are interleaved here are many, and hardly any two are the same."""
    answers = [tuple(answer for _, answer in turns) for turns in alone()]
    assert len(set(answers)) >= len(SCRIPTS) * 0.9
    assert any(len(turns) == 4 for turns in answers)


@pytest.mark.slow
def test_threads() -> None:
    """Hundreds of conversations over 16 threads each hear what they would hear alone."""
    expected = alone()
    alexa = Alexa()
    alexa.post(raw_request())  # the chain is known: no thread waits for it by the clock

    def conversation(number: int) -> None:
        http = alexa.app.test_client()
        script = number % len(SCRIPTS)

        def post(raw: dict[str, Any]) -> bytes:
            body = json.dumps(raw).encode()
            signed = alexa.signer.sign(body)
            return http.post(
                "/alexa", data=body, headers=signed, content_type="application/json"
            ).get_data()

        assert list(hold(post, SCRIPTS[script])) == expected[script]

    with ThreadPoolExecutor(THREADS) as pool:
        held = [pool.submit(conversation, number) for number in range(400)]
    assert [each.result() for each in held] == [None] * 400
    assert alexa.errors() == alexa.refusals() == {}


@pytest.mark.processes
def test_processes() -> None:
    """Turns of many conversations, in any order and each by any process, are what they are alone.

    The signature is checked elsewhere: each process makes an authority of its own.
    """
    turns = [turn for turns in alone() for turn in turns]
    random.Random(1).shuffle(turns)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn) as pool:
        bodies = [json.dumps(raw).encode() for raw, _ in turns]
        answers = list(pool.map(answered_elsewhere, bodies, chunksize=8))
    assert answers == [answer for _, answer in turns]


def answered_elsewhere(body: bytes) -> bytes:
    """The answer of the process that this runs in."""
    return _client().post("/alexa", data=body, content_type="application/json").get_data()


@cache
def _client() -> FlaskClient:
    return create_app(skill_ids=[], verify=False).test_client()

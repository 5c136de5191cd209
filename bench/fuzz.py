"""`make fuzz`: requests that are near to good ones, by the hundred thousand.

Each starts from one of Alexa's and is changed in a few places: values, types, sizes, names, depth,
repeated keys, letters of every script; then its bytes: cut, doubled, spliced, re-encoded. Most are
signed as they are, so that they get past trust; the others are changed after, or have their
headers changed, so that they must not. Whatever comes, the answer is 200 or a refusal of 400, 405,
413 or 415, in time, and memory does not grow.

A seed makes a run again; a failure prints its own.
"""

import argparse
import gc
import json
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import echo_show, in_process
from skill.alexa.intents import INTENTS
from skill.web import create_app

FAIR = frozenset({200, 400, 405, 413, 415})
HANG_SECONDS = 1.0
MOST_GROWTH_MEGABYTES = 16.0
SETTLED = 0.3
"""The part of a run after which memory should have settled: caches are full, code is compiled."""

_WORDS = [
    *sorted(INTENTS),
    *"LaunchRequest IntentRequest SessionEndedRequest AlexaSkillEvent.SkillEnabled".split(),
    *"en-US en-GB en-IN de-DE xx x-x calf toes chest tummy version place ask path since".split(),
    *"__class__ __dict__ __proto__ object_type application_id ER_SUCCESS_MATCH null".split(),
    "",
    "\x00",
    "\u202e\u0641",
    "\U0001f9b5" * 3,
    "e\u0301" * 9,
    "\ufeff",
    "\ud800",
    "../../etc",
    "{breath}",
    "<speak>&",
    "9" * 400,
    "x" * 3000,
]
_NUMBERS = [0, -1, 1, 2**31, 2**63, 2**70, -(2**70), 0.1, -0.0, 1e308, 5e-324, 10**300]
_CHAIN_URLS = [
    "",
    "http://s3.amazonaws.com/echo.api/x.pem",
    "https://s3.amazonaws.com/echo.api/../../x.pem",
    "https://s3.amazonaws.com:443/echo.api/%2e%2e/x.pem",
    "https://s3.amazonaws.com@example.com/echo.api/x.pem",
    "https://\u0455\u0033.amazonaws.com/echo.api/x.pem",
    "https://s3.amazonaws.com/echo.api/" + "a/" * 2000,
]


@dataclass(frozen=True)
class Mutant:
    """A request as it is sent, and whether Alexa's signature fits its bytes."""

    body: bytes
    headers: dict[str, str]
    signed: bool
    method: str = "POST"


class Mutator:
    """Makes mutants from Alexa's requests; the same seed makes the same ones."""

    def __init__(self, alexa: echo_show.Alexa, seed: int) -> None:
        self._alexa = alexa
        self._random = random.Random(seed)
        self._attributes: list[dict[str, Any]] = [{}]

    def learn(self, attributes: dict[str, Any]) -> None:
        """Attributes that the skill wrote: later mutants start from them."""
        self._attributes.append(attributes)
        del self._attributes[1:-50]

    def mutant(self) -> Mutant:
        """The next one."""
        body = self._bytes(self._envelope())
        signed = self._alexa.sign_bytes(body)
        if self._random.random() < 0.85:
            return Mutant(body, signed.headers, signed=True)
        return self._untrusted(body, dict(signed.headers))

    def _envelope(self) -> dict[str, Any]:
        pick = self._random.choice
        intent = {"name": pick(_WORDS[:-20]), "confirmationStatus": "NONE", "slots": {}}
        base: dict[str, Any] = pick(
            [
                echo_show.cramp(part=pick(["calf", "toes", "leg"])),
                echo_show.envelope(None),
                echo_show.envelope(intent, attributes=pick(self._attributes)),
                echo_show.envelope(intent, attributes=pick(self._attributes), locale="en-GB"),
            ]
        )
        base = json.loads(json.dumps(base))  # its parts are shared
        for _ in range(self._random.choice([0, 1, 1, 2, 4])):
            self._change(base)
        return base

    def _change(self, base: dict[str, Any]) -> None:
        read = [base["request"], base["session"], base] if self._random.random() < 0.8 else [base]
        root = self._random.choice([each for each in read if isinstance(each, dict)] or [base])
        places = list(_places(root))
        if not places:
            return
        inside, key = self._random.choice(places)
        match self._random.randrange(6):
            case 0 | 1:
                inside[key] = self._value()
            case 2:
                del inside[key]
            case 3:
                inside[key] = self._nested(inside[key])
            case 4 if isinstance(inside, dict):
                inside[self._random.choice(_WORDS)] = inside.pop(key)
            case _:
                inside[key] = self._near(inside[key])
        for name in ("request", "session"):
            base.setdefault(name, {})

    def _value(self) -> Any:
        pick = self._random.choice
        return pick([None, True, False, pick(_NUMBERS), pick(_WORDS), [], {}, [{}], {"a": []}])

    def _nested(self, value: Any) -> Any:
        for _ in range(self._random.choice([1, 2, 9, 200])):
            value = self._random.choice([[value], {"a": value}])
        return value

    def _near(self, value: Any) -> Any:
        if isinstance(value, str) and value:
            at = self._random.randrange(len(value))
            return value[:at] + self._random.choice(_WORDS) + value[at + 1 :]
        if isinstance(value, bool) or value is None:
            return str(value).lower()
        if isinstance(value, int | float):
            return value + self._random.choice([1, -1, 0.5, 2**40])
        return [value, value]

    def _bytes(self, envelope: dict[str, Any]) -> bytes:
        body = json.dumps(envelope, ensure_ascii=self._random.random() < 0.5)
        raw = body.encode("utf-8", "surrogatepass")
        at = self._random.randrange(len(raw) + 1)
        match self._random.randrange(24):
            case 0:
                return raw[:at]
            case 1:
                return raw + raw
            case 2:
                return raw[:at] + self._random.randbytes(self._random.randrange(9)) + raw[at:]
            case 3:
                return body.encode(self._random.choice(["utf-16", "utf-7", "cp037"]), "replace")
            case 4:
                return b'{"request":{"type":"LaunchRequest"},' + raw[1:]  # a repeated key
            case 5:
                return re.sub(rb"\d+", b"1" * self._random.choice([1, 30, 5000]), raw, count=3)
            case 6:
                return raw[:-1] + b" " * self._random.choice([1, 61_000, 70_000]) + b"}"
            case _:
                return raw

    def _untrusted(self, body: bytes, headers: dict[str, str]) -> Mutant:
        pick = self._random.choice
        at = self._random.randrange(len(body) + 1)
        signature = headers["Signature-256"]
        match self._random.randrange(7):
            case 0:
                body = body[:at] + b" " + body[at:]
            case 1:
                headers["SignatureCertChainUrl"] = pick(_CHAIN_URLS)
            case 2:
                headers["Signature-256"] = pick([signature[:-4], signature[::-1], "", "\xe9", "="])
            case 3:
                del headers[pick(sorted(headers))]
            case 4:
                headers["Content-Type"] = pick(["text/plain", "application/jsonp", "\xff", ";", ""])
            case 5:
                headers["Content-Length"] = pick(["-1", "1e9", "70000", "0", "x", ""])
            case _:
                return Mutant(body, headers, signed=False, method=pick(["GET", "PUT", "BREW"]))
        return Mutant(body, headers, signed=False)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in `value`."""
    found = [value]
    while found:
        inside = found.pop()
        for key in list(inside) if isinstance(inside, dict) else range(len(inside)):
            yield inside, key
            if isinstance(inside[key], dict | list):
                found.append(inside[key])


class Fuzz:
    """A run: sends mutants to an application and watches what comes back."""

    def __init__(self, seed: int) -> None:
        alexa = echo_show.Alexa()
        self.app = create_app(
            skill_ids=[echo_show.SKILL_ID], roots=alexa.root_pem, fetch=alexa.fetch
        )
        self.mutator = Mutator(alexa, seed)
        self.statuses: Counter[int] = Counter()
        self.slowest = 0.0

    def send(self) -> None:
        """Sends one mutant; AssertionError for an answer that is not fair."""
        mutant = self.mutator.mutant()
        environ = in_process.environ_of(mutant.body, mutant.headers, mutant.method)
        started = time.perf_counter()
        line, text = in_process.call(self.app, environ, mutant.body)
        took = time.perf_counter() - started
        status = int(line.split()[0])
        self.statuses[status] += 1
        self.slowest = max(self.slowest, took)
        assert status in FAIR, (line, mutant)
        assert took < HANG_SECONDS, (took, mutant)
        if status == 200:
            self._check_answer(mutant, json.loads(text))
        else:
            assert text == b"refused", (text, mutant)

    def _check_answer(self, mutant: Mutant, answer: dict[str, Any]) -> None:
        assert mutant.signed or _fits(self.mutator, mutant), ("answered, but not Alexa's", mutant)
        assert set(answer) <= {"version", "sessionAttributes", "response", "userAgent"}, answer
        if answer.get("sessionAttributes"):
            self.mutator.learn(answer["sessionAttributes"])


def _fits(mutator: Mutator, mutant: Mutant) -> bool:
    """Whether a mutant that was changed is in truth as it was signed."""
    signed = mutator._alexa.sign_bytes(mutant.body)
    return signed.headers["Signature-256"] == mutant.headers.get("Signature-256")


def main() -> int:
    """Runs, and prints what came back; 1 where an error was met."""
    options = _options()
    fuzz = Fuzz(options.seed)
    end = time.monotonic() + options.seconds
    settled = 0.0
    sent = 0
    while sent < options.requests and time.monotonic() < end:
        fuzz.send()
        sent += 1
        if sent == int(options.requests * SETTLED):
            settled = _megabytes()
    gc.collect()
    growth = _megabytes() - settled if settled else 0.0
    return _report(fuzz, options, sent, growth)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=600, help="at most (default: 600)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    return parser.parse_args()


def _report(fuzz: Fuzz, options: argparse.Namespace, sent: int, growth: float) -> int:
    errors = fuzz.app.extensions["webhook"].errors.counts()
    print(f"{sent:,} mutated requests, seed {options.seed}")
    print("  answers: " + ", ".join(f"{s}: {n:,}" for s, n in sorted(fuzz.statuses.items())))
    causes = sorted(fuzz.app.extensions["webhook"].refusals.counts().items())
    print("  refusals: " + ", ".join(f"{cause}: {n:,}" for cause, n in causes))
    print(f"  slowest {fuzz.slowest * 1000:.0f} ms; memory grew by {growth:.1f} MB once settled")
    print(f"  unforeseen errors that were answered calmly: {errors or 'none'}")
    short = sent < options.requests
    if short:
        print(f"  stopped after {options.seconds:.0f} s, before all were sent")
    return int(bool(errors) or growth > MOST_GROWTH_MEGABYTES)


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    sys.exit(main())

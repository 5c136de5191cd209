"""A conversation in the terminal, or from lines on standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from skill.simulator.commands import obey
from skill.simulator.device import Answered, Device, DeviceError, UnspeakableError
from skill.simulator.local_server import WebhookError

HINT = (
    'Type what you would say: "my calf is cramping", "why do I get cramps?", "help".\n'
    "/silence says nothing, /wait 10m lets time pass, /new starts again; /help; Ctrl-D ends."
)


def converse(device: Device, *, as_json: bool) -> int:
    """Holds a conversation line by line; returns the exit code.

    A line that cannot be obeyed is named on standard error, sends nothing, and makes the code 1
    at the end. A webhook that does not answer with 200 ends the conversation, with code 1.
    """
    code = 0
    by_hand = sys.stdin.isatty() and not as_json
    tell = _nothing if as_json else print
    if by_hand:
        print(HINT, flush=True)
    for line in _lines(by_hand):
        try:
            turn = obey(device, line, tell)
        except DeviceError as error:
            print(_printable(str(error)), file=sys.stderr)
            code = 0 if by_hand else 1
        except (WebhookError, UnspeakableError) as error:
            print(_printable(str(error)), file=sys.stderr)
            return 1
        else:
            if turn is not None:
                _show(turn, as_json=as_json, by_hand=by_hand)
    return code


def _nothing(_: object) -> None:
    """JSON has one object a turn, and nothing else."""


def _lines(by_hand: bool) -> Iterator[str]:
    """The lines that are not empty, until the end of input."""
    if by_hand:
        import readline  # noqa: F401 gives the prompt its history and line editing
    while True:
        try:
            line = input("\nyou> " if by_hand else "")
        except EOFError:
            if by_hand:
                print()
            return
        if line.strip():
            yield line.strip()


def _show(turn: Answered, *, as_json: bool, by_hand: bool) -> None:
    if as_json:
        print(_printable(json.dumps(turn.as_json(), ensure_ascii=False)), flush=True)
        return
    if not by_hand:
        print(f"you> {turn.heard}")
    if turn.how in ("learned", "fallback"):
        print(f"     ({turn.intent}, {turn.how})")
    print(f"coach> {_printable(turn.speech)}")
    print(f"     [microphone {'open' if turn.open else 'closed'}]", flush=True)


def _printable(text: str) -> str:
    """A text without what would command the terminal: escapes are written out, as JSON has them.

    A webhook may send what it likes.
    """
    return "".join(each if each.isprintable() else _written_out(each) for each in text)


def _written_out(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

"""What a line of the log holds: fixed words and numbers, and of an error never its text."""

from pathlib import Path

import orjson

_HOME = str(Path(__file__).parent)


class Line(dict[str, object]):
    """The fields of a line. As text it is JSON, so that every handler can write it."""

    def __str__(self) -> str:
        return orjson.dumps(self).decode()


def fault(error: BaseException) -> dict[str, object]:
    """An error's type, and the file and line of `skill/` where it came up, None if nowhere there.

    Its text is left out: it may quote what she said.
    """
    place, trace = None, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(_HOME):
            place = f"skill{file.removeprefix(_HOME)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return {"cause": type(error).__name__, "at": place}

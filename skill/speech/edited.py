"""Files that people edit by hand, and what is said where one has a slip.

Every fault names the file, the line, what is wrong and the fix, whoever reads it: `serve`, `talk`,
`review`, `build` or a test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NoReturn

import yaml

RESPONSES = "responses"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as quick, where it is


class SlipError(ValueError):
    """A slip in a file that people edit: names the file, the line, what is wrong and the fix."""


def folder(package: str) -> Traversable:
    """Where the files of `responses` or `interaction_model` lie."""
    return resources.files(f"skill.{package}")


def read(path: str, package: str = RESPONSES) -> dict[str, Any]:
    """The mapping that stands in a file. SlipError where it is no YAML, or no mapping."""
    return parsed(text(path, package), f"{package}/{path}")


def parsed(text: str, shown: str) -> dict[str, Any]:
    """The mapping that a text holds, which people see as the file `shown`. SlipError as `read`."""
    content = loaded(text, shown)
    if not isinstance(content, dict):
        raise SlipError(f"{shown}, line 1: names are missing: write `name: value` on each line")
    return content


def loaded(text: str, shown: str) -> Any:
    """What a text holds, whatever it is. SlipError where it is no YAML."""
    try:
        return yaml.load(text, LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        raise SlipError(
            f"{shown}, line {line}: {problem}. Put a text with a "
            "colon, a comma or a brace into quotes, and indent as the lines beside it"
        ) from error


def slip(path: str, keys: Sequence[str], wrong: str, package: str = RESPONSES) -> NoReturn:
    """Raises SlipError for what stands under these keys in a file: what is wrong, and the fix."""
    line = line_of(text(path, package), keys)
    raise SlipError(f"{package}/{path}, line {line}: {'.'.join(keys)}: {wrong}")


def text(path: str, package: str) -> str:
    """A file of `responses` or `interaction_model`."""
    return folder(package).joinpath(path).read_text("utf-8")


def line_of(text: str, keys: Sequence[str | int]) -> int:
    """The line on which the last of these keys, or places in a list, stands; or the last there."""
    node, line = yaml.compose(text, LOADER), 1
    for key in keys:
        found = _under(node, key)
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def _under(node: Any, key: str | int) -> tuple[Any, Any] | None:
    """Where a key stands in a node, and what stands under it."""
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        return (node.value[key], node.value[key]) if key < len(node.value) else None
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next(((name, value) for name, value in pairs if name.value == key), None)


def holds(tree: Any, keys: Sequence[str]) -> bool:
    """Whether something stands under these keys."""
    for key in keys:
        if not isinstance(tree, Mapping) or key not in tree:
            return False
        tree = tree[key]
    return True

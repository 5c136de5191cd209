"""The YAML files of the tests and of the skill, as they stand."""

from __future__ import annotations

from typing import Any, Protocol

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as quick, where it is


class Readable(Protocol):
    """A file of a folder or of a package."""

    def read_text(self, encoding: str) -> str:
        """What stands in it."""


def read_yaml(file: Readable) -> Any:
    """What a YAML file holds."""
    return yaml.load(file.read_text("utf-8"), _LOADER)

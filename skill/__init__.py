"""Cramp Coach, an Alexa skill.

`responses/` and `interaction_model/` are packages of it in folders beside it. Where a checkout runs
in an environment that was installed from another, Python would take them from the other.
"""

from importlib.util import find_spec
from pathlib import Path

_HOME = Path(__file__).resolve().parent

for _name in ("interaction_model", "responses"):
    _spec = find_spec(f"skill.{_name}")
    _there = Path(_spec.origin).resolve().parent if _spec and _spec.origin else None
    if _there not in (_HOME / _name, _HOME.parent / _name):  # in a wheel; in a checkout
        raise ImportError(
            f"{_HOME} is run in an environment that has {_there or 'no ' + _name}: it was not "
            "installed from this checkout. `make .venv/.ready` sets one up that is."
        )

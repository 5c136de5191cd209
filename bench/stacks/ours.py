"""Cramp Coach as `cramp-coach serve` makes it, but for the trusted root and the fetched chain."""

import os
from pathlib import Path

from flask import Flask

from bench.echo_show import SKILL_ID
from skill.web import create_app

FOLDER = Path(os.environ["BENCH_FOLDER"])


def make() -> Flask:
    """The application, with what the comparison replaces for all."""
    return create_app(
        skill_ids=[SKILL_ID],
        roots=(FOLDER / "root.pem").read_bytes(),
        fetch=lambda _url: (FOLDER / "chain.pem").read_bytes(),
    )


app = make()

"""The simulator's page on a port of loopback: alone, or beside the conversation in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import BaseWSGIServer

from skill.browser.app import create_app
from skill.browser.loopback import beside, run, served


@contextmanager
def _app() -> Iterator[Flask]:
    """The app; its devices end with it."""
    app = create_app()
    try:
        yield app
    finally:
        app.extensions["bedsides"].close()


@contextmanager
def page(port: int) -> Iterator[tuple[str, BaseWSGIServer]]:
    """The page's address and its server. SystemExit as `served`."""
    with _app() as app, served(app, port) as at:
        yield at


def serve(port: int, *, open_it: bool) -> None:
    """The page alone, until it is stopped; SystemExit as `page`."""
    with page(port) as (address, server):
        run("A local Alexa", address, server, open_it=open_it)


@contextmanager
def page_beside() -> Iterator[str]:
    """The page on a thread of its own, on a free port; gives its address."""
    with _app() as app, beside(app) as address:
        yield address

"""What `skill/serving/http.py` leans on in waitress that waitress does not promise to keep.

Another minor version of waitress is tried here first: what is missing or called otherwise is named.
"""

from __future__ import annotations

import ast
import inspect
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import BadRequest, RequestEntityTooLarge

from skill.serving import http

TRIED = "3.0."

INSIDE: dict[type, str] = {
    HTTPRequestParser: """
        body_rcv chunked command completed content_length empty error expect_continue
        get_body_stream(self) header_plus headers headers_finished parse_header(self,header_plus)
        path received(self,data) version
    """,
    ChunkedReceiver: "__len__(self) completed error getbuf(self) received(self,s)",
    HTTPChannel: """
        connected error_task_class handle_close(self) handle_expt(self) parser_class
        received(self,data) request requests server service(self) socket task_class will_close
        write_soon(self,data)
    """,
    WSGITask: """
        build_response_header(self) channel execute(self) request response_headers
        set_close_on_finish(self) start(self) status wrote_header
    """,
    ErrorTask: """
        build_response_header(self) channel execute(self) request response_headers
        set_close_on_finish(self) status version wrote_header
    """,
    TcpWSGIServer: """
        _map accept_connections(self) active_channels add_task(self,task) adj channel_class
        close(self) handle_accept(self) maintenance(self,now) pull_trigger(self) task_dispatcher
        trigger
    """,
    Adjustments: """
        backlog clear_untrusted_proxy_headers connection_limit ident max_request_body_size
        max_request_header_size threads
    """,
}
"""What is read, set, called or overridden, by class; of methods with what they take."""

REST = {
    wasyncore.loop: "timeout use_poll map count",
    wasyncore.close_all: "map",
    wasyncore.dispatcher.close: "self",
    HTTPChannel.__init__: "server sock addr adj map",
    TcpWSGIServer.__init__: "application map _start _sock bind_socket sockinfo adj",
}
"""What is called with these, and may take more."""


@pytest.fixture
def waitresses() -> Iterator[dict[type, Any]]:
    """One of each: waitress's own, with a request that is being read and one that is answered."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        ours, _theirs = (stack.enter_context(each) for each in socket.socketpair())
        where = (listener.family, listener.type, 0, listener.getsockname())
        server = TcpWSGIServer(
            None, map={}, _start=False, _sock=listener, bind_socket=False, sockinfo=where,
            adj=Adjustments(threads=1, clear_untrusted_proxy_headers=False),
        )  # fmt: skip
        stack.callback(wasyncore.close_all, server._map)
        stack.callback(server.task_dispatcher.shutdown)
        channel = HTTPChannel(server, ours, ("", 0), server.adj, map={})
        parser = HTTPRequestParser(server.adj)
        parser.received(b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")
        parser.error = BadRequest("")
        chunks = ChunkedReceiver(OverflowableBuffer(1))
        tasks = [WSGITask(channel, parser), ErrorTask(channel, parser)]
        yield {type(each): each for each in (parser, chunks, channel, *tasks, server, server.adj)}


def test_waitress_has_what_is_leaned_on(waitresses: dict[type, Any]) -> None:
    """The installed waitress is a version that was tried, and has all that is leaned on."""
    assert version("waitress").startswith(TRIED), "read its changes, then say so in pyproject.toml"
    for kind, names in INSIDE.items():
        for name in names.split():
            name, _, takes = name.partition("(")
            assert hasattr(waitresses[kind], name), f"{kind.__name__} has no {name}"
            if takes:
                found = list(inspect.signature(getattr(kind, name)).parameters)
                assert ",".join(found) == takes.rstrip(")"), f"{kind.__name__}.{name} takes {found}"
    for function, takes in REST.items():
        assert set(takes.split()) <= set(inspect.signature(function).parameters), function
    assert hasattr(waitresses[TcpWSGIServer].task_dispatcher, "shutdown")
    assert hasattr(waitresses[TcpWSGIServer].trigger, "pull_trigger")
    assert issubclass(RequestEntityTooLarge, BadRequest)
    assert issubclass(ParsingError, Exception)
    assert {"waitress", "waitress.queue"} <= logging.root.manager.loggerDict.keys()


def test_nothing_else_is_leaned_on(waitresses: dict[type, Any]) -> None:
    """Whatever of waitress's `skill/serving/http.py` names, or overrides, is on the list."""
    tree = ast.parse(Path(http.__file__).read_text("utf-8"))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    named |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    theirs = {name for each in waitresses.values() for name in dir(each)}
    theirs -= set(dir(socket.socket))
    listed = {name.partition("(")[0] for names in INSIDE.values() for name in names.split()}
    assert named & theirs - listed == set()

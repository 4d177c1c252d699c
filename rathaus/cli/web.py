"""`rathaus web`: one web process on the listening socket of `rathaus server`."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import time
from types import FrameType

from rathaus.cli.preloading import preload
from rathaus.cli.supervisor import end_with_parent, supervised
from rathaus.config.environment import number

# Requests under way when the process is told to stop get this long; the supervisor waits a little longer.
FINISH_SECONDS = 10.0


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `web`."""
    web = commands.add_parser("web", help="one web process on a listening socket (started by `server`)")
    web.add_argument("--socket", type=int, required=True, metavar="FD", help="file descriptor of the socket")
    web.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve requests from the given listening socket until SIGTERM, then finish those under way."""
    from django.conf import settings
    from waitress import wasyncore
    from waitress.server import create_server

    from rathaus.config.wsgi import application

    if supervised():
        end_with_parent()
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        if server is not None:
            server.pull_trigger()  # wakes the loop

    server = None
    signal.signal(signal.SIGTERM, stop)
    # Ctrl-C reaches the whole group; the supervisor decides when its children end.
    signal.signal(signal.SIGINT, signal.SIG_IGN if supervised() else stop)
    # Visitors wait in the socket's queue until everything is loaded, instead of each of the first ones loading it.
    preload(views=True)
    proxy = os.environ.get("TRUSTED_PROXY", "")
    channels: dict[int, wasyncore.dispatcher] = {}
    server = create_server(
        application,
        map=channels,
        sockets=[socket.socket(fileno=arguments.socket)],
        threads=number("WEB_THREADS", 4, lowest=1, highest=64),
        ident=None,
        url_scheme="https" if settings.TLS else "http",
        # Only the named proxy is believed who asks; headers of others stay, so that /metrics sees a forwarded request.
        **({"trusted_proxy": proxy, "trusted_proxy_headers": "x-forwarded-for"} if proxy else {}),
        clear_untrusted_proxy_headers=False,
        # Forms are small; files have limits of their own and are read in pieces.
        max_request_body_size=600_000_000,
        channel_timeout=60,
    )
    while not stopping:
        wasyncore.loop(timeout=1.0, map=channels, count=1)
    server.accepting = False
    deadline = time.monotonic() + FINISH_SECONDS
    while _under_way(channels) and time.monotonic() < deadline:
        wasyncore.loop(timeout=0.1, map=channels, count=1)
    server.task_dispatcher.shutdown(timeout=1)
    return 0


def _under_way(channels: dict[int, object]) -> bool:
    """Whether a request is being read or worked on, or an answer is not yet sent."""
    return any(
        getattr(channel, "requests", None)
        or getattr(channel, "request", None)
        or getattr(channel, "total_outbufs_len", 0)
        for channel in channels.values()
    )

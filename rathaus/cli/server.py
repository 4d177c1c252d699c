"""`rathaus server`: database in step, demo towns on first start, web and worker processes until told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from rathaus.cli.supervisor import Child, Supervisor, end_with_parent, supervised

READY_TIMEOUT_SECONDS = 60.0


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `server` and the web process it starts."""
    server = commands.add_parser("server", help="start web server and worker, and keep them running")
    server.set_defaults(run=run_server)
    web = commands.add_parser("web", help="one web process on a listening socket (started by `server`)")
    web.add_argument("--socket", type=int, required=True, metavar="FD", help="file descriptor of the socket")
    web.set_defaults(run=run_web)


def _number(name: str, default: int, *, lowest: int, highest: int) -> int:
    text = os.environ.get(name, "") or str(default)
    if not text.isdigit() or not lowest <= int(text) <= highest:
        raise SystemExit(f"{name} must be a number from {lowest} to {highest}, not {text!r}")
    return int(text)


def run_server(arguments: argparse.Namespace) -> int:
    """Everything a town hall needs on one machine; returns when it was told to stop and nothing is left running."""
    from django.conf import settings
    from django.core.management import call_command

    from rathaus.cli.seed import demo_logins, seed_demo

    host = os.environ.get("HOST", "") or "127.0.0.1"
    port = _number("PORT", 8000, lowest=0, highest=65535)
    web_processes = _number("WEB_WORKERS", 1, lowest=1, highest=64)
    worker_processes = _number("WORKERS", 1, lowest=1, highest=64)
    data_dir: Path = settings.DATA_DIR

    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise SystemExit(f"cannot listen on {host}:{port}: {error.strerror}. Choose another PORT.") from error
    listener.listen(1024)
    address = f"http://{host}:{listener.getsockname()[1]}"

    call_command("migrate", verbosity=0, interactive=False)
    if settings.DEMO:
        seed_demo()

    os.environ["RATHAUS_SUPERVISED"] = "1"
    measurements = data_dir / "metrics"
    measurements.mkdir(exist_ok=True)
    for stale in measurements.glob("*.db"):
        stale.unlink()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(measurements)
    logs = data_dir / "log"
    logs.mkdir(exist_ok=True)

    web = Child("web", ("web", "--socket", str(listener.fileno())), (listener.fileno(),))
    children = [Child(f"web-{n}", web.arguments, web.file_descriptors) for n in range(web_processes)]
    children += [Child(f"worker-{n}", ("worker",)) for n in range(worker_processes)]
    supervisor = Supervisor(children, logs / "server.log")
    supervisor.start()
    if not _wait_until_ready(address, supervisor):
        supervisor.end_all()
        print(f"The server did not answer; see {supervisor.log_file}", file=sys.stderr)
        return 1
    print(f"Ready: {address}")
    if settings.DEMO:
        for line in demo_logins():
            print(line)
    sys.stdout.flush()
    supervisor.keep_alive()
    return 0


def _wait_until_ready(address: str, supervisor: Supervisor) -> bool:
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 - our own loopback address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def run_web(arguments: argparse.Namespace) -> int:
    """Serve requests from the given listening socket until SIGTERM, then finish those under way."""
    from waitress.server import create_server

    from rathaus.config.wsgi import application

    if supervised():
        end_with_parent()
    listener = socket.socket(fileno=arguments.socket)
    server = create_server(
        application,
        sockets=[listener],
        threads=_number("WEB_THREADS", 4, lowest=1, highest=64),
        ident=None,
        # Forms are small; files have limits of their own and are read in pieces.
        max_request_body_size=600_000_000,
        channel_timeout=60,
    )

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    # Ctrl-C reaches the whole group; the supervisor decides when its children end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        server.run()
    except SystemExit:
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=10)
    return 0

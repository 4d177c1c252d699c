"""`rathaus server`: database in step, demo towns on first start, web and worker processes until told to stop."""

from __future__ import annotations

import argparse
import http.client
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from rathaus.cli.supervisor import Child, Supervisor
from rathaus.config.environment import number

READY_TIMEOUT_SECONDS = 60.0


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `server`."""
    server = commands.add_parser("server", help="start web server and worker, and keep them running")
    server.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Everything a town hall needs on one machine; returns when it was told to stop and nothing is left running."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from rathaus.cli.seed import demo_logins, seed_demo

    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, _leave)
    web_processes = number("WEB_WORKERS", 1, lowest=1, highest=64)
    worker_processes = number("WORKERS", 1, lowest=1, highest=64)
    number("WEB_THREADS", 4, lowest=1, highest=64)  # read by the web processes; a mistake is told here
    data_dir: Path = settings.DATA_DIR
    host = os.environ.get("HOST", "") or "127.0.0.1"
    listener = _listen(host, number("PORT", 8000, lowest=0, highest=65535))
    place = f"{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"

    call_command("migrate", verbosity=0, interactive=False)
    if settings.DEMO:
        seed_demo()

    connection.close()

    measurements = data_dir / "metrics"
    measurements.mkdir(exist_ok=True)
    for stale in measurements.glob("*.db"):
        stale.unlink()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(measurements)
    logs = data_dir / "log"
    logs.mkdir(exist_ok=True)

    socket_number = listener.fileno()
    children = [
        Child(f"web-{n}", ("web", "--socket", str(socket_number)), (socket_number,))
        for n in range(web_processes)
    ]
    children += [Child(f"worker-{n}", ("worker",)) for n in range(worker_processes)]
    supervisor = Supervisor(children, logs / "server.log")
    supervisor.start()
    if _answers(listener.getsockname(), supervisor):
        print(f"Ready: http://{place}")
        if settings.DEMO:
            for line in demo_logins():
                print(line)
        sys.stdout.flush()
        supervisor.keep_alive()
    supervisor.end_all()
    if not supervisor.stopping:
        print(f"The server did not answer; see {supervisor.log_file}", file=sys.stderr)
        return 1
    return 0


def _leave(number: int, frame: FrameType | None) -> None:
    """Told to stop before there is anything to stop: what was begun is rolled back with its transaction."""
    raise SystemExit(0)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise SystemExit(
            f"rathaus server: cannot listen on {host}:{port}: {error.strerror}. Choose another PORT or HOST."
        ) from error
    listener.listen(1024)
    return listener


def _answers(place: tuple[str, int], supervisor: Supervisor) -> bool:
    """Wait until a web process answers; False if told to stop or none does in time.

    The socket listens already, so one question waits in its queue until a web process has loaded everything.
    """
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping:
        question = http.client.HTTPConnection(place[0], place[1], timeout=READY_TIMEOUT_SECONDS)
        try:
            question.request("GET", "/healthz")
            while not select.select([question.sock], [], [], 0.1)[0]:
                supervisor.revive()
                if supervisor.stopping or time.monotonic() > deadline:
                    return False
            if question.getresponse().status == http.HTTPStatus.OK:
                return True
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)  # the process that took the question fell
        finally:
            question.close()
    return False

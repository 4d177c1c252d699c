"""`rathaus worker`: does what was promised, until told to stop."""

from __future__ import annotations

import argparse
import os
import signal
from types import FrameType

from rathaus.cli.preloading import preload
from rathaus.cli.supervisor import Child, Supervisor, end_with_parent, supervised
from rathaus.config.environment import number


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `worker`."""
    parser = commands.add_parser("worker", help="do the work that was promised: processes, letters, e-mails")
    parser.add_argument(
        "--processes", type=_positive, default=1, metavar="N", help="how many at once (default 1)"
    )
    parser.add_argument(
        "--once", action="store_true", help="do what is due now, look for what was lost, and end"
    )
    parser.set_defaults(run=run)


def _positive(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("must be a number from 1 to 64")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Work in this process, or in several that this one keeps alive. SIGTERM and Ctrl-C end it cleanly."""
    if arguments.once:
        return _once()
    if arguments.processes > 1:
        return _several(arguments.processes)

    from rathaus.delivery.service import Worker

    if supervised():
        end_with_parent()
    # Whoever waits for a page comes first; a letter may be a second later.
    os.nice(number("WORKER_NICE", 5, lowest=0, highest=19))
    preload(views=False)
    worker = Worker()

    def stop(number: int, frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    # Under a supervisor Ctrl-C reaches the whole group; the supervisor decides when its children end.
    signal.signal(signal.SIGINT, signal.SIG_IGN if supervised() else stop)
    worker.run()
    return 0


def _once() -> int:
    from rathaus.delivery.service import Worker, backlog, sweep

    worker = Worker()
    worker.drain()
    sweep()
    worker.drain()
    return 1 if backlog().failing else 0


def _several(processes: int) -> int:
    from django.conf import settings

    logs = settings.DATA_DIR / "log"
    logs.mkdir(exist_ok=True)
    supervisor = Supervisor(
        [Child(f"worker-{number}", ("worker",)) for number in range(processes)], logs / "worker.log"
    )
    supervisor.start()
    supervisor.keep_alive()
    supervisor.end_all()
    return 0

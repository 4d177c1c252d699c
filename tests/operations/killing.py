"""The kill test: applications are sent while processes are killed at random, and every promise is checked.

python -m tests.operations.killing --submissions 500 --clients 8 --kills 10 --database postgresql
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.operations.answers import green_application
from tests.operations.installation import Installation, PostgresServer, installation, postgres_server

SERVICE = "gewerbeanmeldung"
# A client gives up on one application only after this long; then something is broken for good.
PATIENCE_SECONDS = 180.0
SETTLE_SECONDS = 240.0


@dataclass
class Report:
    """What the clients saw and what was in the installation afterwards."""

    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)  # idempotency key → receipt
    attempts: int = 0
    server_errors: int = 0
    broken_connections: int = 0
    kills: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def line(self) -> str:
        return (
            f"{len(self.accepted)} accepted with {self.attempts} attempts ({self.server_errors} answers 5xx, "
            f"{self.broken_connections} broken connections), {len(self.kills)} kills, {len(self.faults)} faults, "
            f"{self.seconds:.0f} s"
        )


class Client(threading.Thread):
    """Sends its share of applications, each with a key of its own, and repeats until the answer is 200 or 201."""

    def __init__(self, port: int, bodies: list[dict[str, Any]], report: Report, lock: threading.Lock) -> None:
        super().__init__(daemon=True)
        self.port, self.bodies, self.report, self.lock = port, bodies, report, lock

    def run(self) -> None:
        for body in self.bodies:
            self._send(str(uuid.uuid4()), json.dumps(body).encode())

    def _send(self, key: str, body: bytes) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                status, answer = self._post(key, body)
            except (OSError, http.client.HTTPException):
                self._count("broken_connections")
                time.sleep(0.2)
                continue
            if status in {200, 201}:
                with self.lock:
                    self.report.accepted[key] = json.loads(answer)
                return
            if status < 500:
                self._fault(f"{key}: unexpected answer {status}: {answer[:300]!r}")
                return
            self._count("server_errors")
            time.sleep(0.2)
        self._fault(f"{key}: no acceptance within {PATIENCE_SECONDS:.0f} s")

    def _post(self, key: str, body: bytes) -> tuple[int, bytes]:
        self._count("attempts")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Content-Type": "application/json", "Idempotency-Key": key}
            connection.request("POST", f"/api/v1/services/{SERVICE}/applications", body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _count(self, name: str) -> None:
        with self.lock:
            setattr(self.report, name, getattr(self.report, name) + 1)

    def _fault(self, text: str) -> None:
        with self.lock:
            self.report.faults.append(text)


def _victims(running: Installation, database: PostgresServer | None) -> list[tuple[str, Callable[[], None]]]:
    found: list[tuple[str, Callable[[], None]]] = []
    for kind in ("web", "worker"):
        found += [(kind, partial(os.kill, pid, signal.SIGKILL)) for pid in running.processes(kind)]
    if database is not None:

        def kill_database() -> None:
            database.kill()
            time.sleep(0.5)
            database.start()

        found.append(("database", kill_database))
    return found


def kill_test(
    folder: Path,
    *,
    database: str,
    submissions: int,
    clients: int,
    kills: int,
    seed: int,
    web_processes: int = 2,
) -> Report:
    """Run the whole test in `folder`; `Report.faults` is empty when every promise was kept."""
    chance = random.Random(seed)
    report = Report()
    started = time.monotonic()
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server()) if database == "postgresql" else None
        running = stack.enter_context(
            installation(
                folder / "data",
                server.url if server else "",
                WEB_WORKERS=str(web_processes),
                WORKERS="2",
            )
        )
        lock = threading.Lock()
        bodies = [{"answers": green_application(number)} for number in range(submissions)]
        threads = [Client(running.port, bodies[share::clients], report, lock) for share in range(clients)]
        for thread in threads:
            thread.start()
        _kill_at_random(running, server, threads, report, kills, submissions, chance)
        for thread in threads:
            thread.join()
        _check_everything_arrived(running, report)
    report.seconds = time.monotonic() - started
    return report


def _kill_at_random(
    running: Installation,
    server: PostgresServer | None,
    threads: list[Client],
    report: Report,
    kills: int,
    submissions: int,
    chance: random.Random,
) -> None:
    """Spread the kills over the submissions; those left over hit the worker while it finishes."""
    while len(report.kills) < kills:
        # The next kill comes when its share of the applications is through, or at once when all are.
        threshold = submissions * (len(report.kills) + chance.random()) / (kills + 1)
        while len(report.accepted) < threshold and any(thread.is_alive() for thread in threads):
            time.sleep(0.02)
        victims = _victims(running, server)
        if victims:
            kinds = sorted({kind for kind, _ in victims})
            # Each kind is hit in turn, then by chance.
            wanted = kinds[len(report.kills)] if len(report.kills) < len(kinds) else chance.choice(kinds)
            name, kill = chance.choice([victim for victim in victims if victim[0] == wanted])
            with suppress(ProcessLookupError):
                kill()
                report.kills.append(name)
        time.sleep(0.3)


def _check_everything_arrived(running: Installation, report: Report) -> None:
    references = [receipt["reference"] for receipt in report.accepted.values()]
    if len(set(references)) != len(references):
        report.faults.append("two keys were given the same reference")
    deadline = time.monotonic() + SETTLE_SECONDS
    waiting = dict(report.accepted)
    while waiting and time.monotonic() < deadline:
        for key, receipt in list(waiting.items()):
            with suppress(OSError, http.client.HTTPException):
                if _is_finished(running.port, receipt):
                    del waiting[key]
        if waiting:
            time.sleep(0.5)
    report.faults += [f"{receipt['reference']}: not at its end" for receipt in waiting.values()]
    counted = json.loads(running.command("reconcile", "--json", check=False).stdout)
    accepted = sum(balance["accepted"] for balance in counted["balances"])
    if accepted != len(references):
        report.faults.append(f"{len(references)} receipts, but {accepted} applications in the database")
    if not counted["complete"]:
        report.faults.append(f"reconcile found {counted['hanging']}")


def _is_finished(port: int, receipt: dict[str, Any]) -> bool:
    """Decided, and the sealed letter is there exactly once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {receipt['access_code']}"}
        connection.request("GET", f"/api/v1/applications/{receipt['reference']}", headers=headers)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != 200:
        return False
    state = json.loads(body)
    received = [event for event in state["timeline"] if event["kind"] == "received"]
    return state["status"] == "decided" and len(state["documents"]) >= 1 and len(received) == 1


def main() -> int:
    """Command line; exit code 1 if a promise was broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    broken = False
    for database in ["sqlite", "postgresql"] if options.database == "both" else [options.database]:
        with tempfile.TemporaryDirectory() as folder:
            report = kill_test(
                Path(folder),
                database=database,
                submissions=options.submissions,
                clients=options.clients,
                kills=options.kills,
                seed=options.seed,
            )
        print(f"{database}: {report.line()}", flush=True)
        for fault in report.faults[:20]:
            print(f"  {fault}")
        broken |= bool(report.faults)
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""`script/bench`: what the town hall carries on this machine, as a table and as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import journeys, queries
from bench.load import closed_loop
from bench.measure import (
    CaseCounter,
    cpu_seconds,
    median,
    percentile,
    raw_commits_per_second,
    resident_megabytes,
)
from tests.operations.answers import green_application, plain_application
from tests.operations.installation import PROJECT_ROOT, Installation, installation

SCENARIOS = {
    "plain form, HTML": journeys.through_pages("plain", plain_application),
    "GewA 1, HTML": journeys.through_pages("gewerbeanmeldung", green_application),
    "GewA 1, API": journeys.through_api("gewerbeanmeldung", green_application),
}
DRAIN_SECONDS = 600.0


@contextmanager
def _database(kind: str, server: str) -> Iterator[str]:
    """The address of an empty database; PostgreSQL ones are made on the given server and dropped afterwards."""
    if kind == "sqlite":
        yield ""
        return
    import psycopg

    name = f"rathaus_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _wait_until_decided(counter: CaseCounter) -> float:
    """Seconds until the worker has decided everything and written the letters."""
    started = time.monotonic()
    while time.monotonic() - started < DRAIN_SECONDS:
        if counter.decided() >= counter.accepted():
            break
        time.sleep(0.1)
    return time.monotonic() - started


def measure_scenario(
    running: Installation, counter: CaseCounter, name: str, clients: int, seconds: float
) -> dict[str, Any]:
    """One row of the table."""
    _wait_until_decided(counter)
    web, worker = running.processes("web"), running.processes("worker")
    database = counter.database_processes()
    before_decided = counter.decided()
    cpu_before = {
        "web": cpu_seconds(web),
        "worker": cpu_seconds(worker),
        "database": cpu_seconds(database),
    }
    started = time.monotonic()
    outcome = closed_loop(SCENARIOS[name], running.port, clients=clients, seconds=seconds)
    web_cpu = cpu_seconds(web) - cpu_before["web"]
    _wait_until_decided(counter)
    until_decided = time.monotonic() - started
    worker_cpu = cpu_seconds(worker) - cpu_before["worker"]
    # Connections may have been added on the way; their processes began at nothing.
    database_cpu = cpu_seconds({*database, *counter.database_processes()}) - cpu_before["database"]
    decided = counter.decided() - before_decided
    done = max(outcome.journeys, 1)
    return {
        "scenario": name,
        "clients": clients,
        "accepted": outcome.journeys,
        "accepted_per_second": round(outcome.per_second, 1),
        "decided_per_second": round(decided / until_decided, 1),
        "web_cpu_ms_per_journey": round(1000 * web_cpu / done, 1),
        "worker_cpu_ms_per_case": round(1000 * worker_cpu / max(decided, 1), 1),
        # They share the processors with the town hall, so they are part of what a journey takes.
        "database_cpu_ms_per_case": round(1000 * database_cpu / max(decided, 1), 1),
        "client_cpu_ms_per_journey": round(1000 * outcome.cpu_seconds / done, 1),
        "milliseconds": {
            label: {"p50": round(1000 * median(values), 1), "p95": round(1000 * percentile(values, 0.95), 1)}
            for label, values in sorted(outcome.timings.items())
        },
        "megabytes": {
            "web": [round(resident_megabytes(pid)) for pid in running.processes("web")],
            "worker": [round(resident_megabytes(pid)) for pid in running.processes("worker")],
        },
        "errors": outcome.errors[:5],
    }


def measure_database(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    """All scenarios on one kind of database."""
    with tempfile.TemporaryDirectory() as name, _database(kind, options.postgres) as url:
        folder = Path(name)
        commits = raw_commits_per_second(url, folder, min(3.0, options.seconds))
        variables = {"WEB_WORKERS": str(options.web), "WORKERS": str(options.workers)}
        with installation(folder / "data", url, **variables) as running:
            running.command(
                "service", "publish", str(PROJECT_ROOT / "tests/packages/plain"), "--town", "hannover"
            )
            time.sleep(6)  # until every process has noticed the new service
            trivial = closed_loop(
                journeys.trivial, running.port, clients=4, seconds=min(3.0, options.seconds)
            )
            counter = CaseCounter(url, folder / "data/rathaus.sqlite3")
            rows = []
            for scenario in SCENARIOS:
                for clients in options.clients:
                    row = measure_scenario(running, counter, scenario, clients, options.seconds)
                    row["ratio_to_trivial_view"] = round(row["accepted_per_second"] / trivial.per_second, 4)
                    row["ratio_to_raw_commit"] = round(row["accepted_per_second"] / commits, 4)
                    rows.append(row)
                    _print_row(kind, row)
        return {
            "database": kind,
            "trivial_view_per_second": round(trivial.per_second, 1),
            "raw_commits_per_second": round(commits, 1),
            "rows": rows,
        }


def _print_head() -> None:
    print(
        f"{'database':<11}{'scenario':<18}{'clients':>7}{'accepted/s':>11}{'decided/s':>10}{'page p50':>9}{'p95':>7}"
        f"{'submit p50':>11}{'p95':>7}{'web ms':>8}{'worker ms':>10}"
        f"{'db ms':>7}{'client ms':>10}  MB web / worker"
    )


def _print_row(kind: str, row: dict[str, Any]) -> None:
    page = row["milliseconds"].get("page", {"p50": "–", "p95": "–"})
    submit = row["milliseconds"].get("submit", {"p50": "–", "p95": "–"})
    memory = " / ".join("+".join(map(str, row["megabytes"][role])) for role in ("web", "worker"))
    print(
        f"{kind:<11}{row['scenario']:<18}{row['clients']:>7}{row['accepted_per_second']:>11}"
        f"{row['decided_per_second']:>10}{page['p50']:>9}{page['p95']:>7}{submit['p50']:>11}{submit['p95']:>7}"
        f"{row['web_cpu_ms_per_journey']:>8}{row['worker_cpu_ms_per_case']:>10}"
        f"{row['database_cpu_ms_per_case']:>7}{row['client_cpu_ms_per_journey']:>10}  {memory}"
        + (f"  ERRORS {row['errors'][0][:200]}" if row["errors"] else ""),
        flush=True,
    )


def main() -> int:
    """Run the benchmark; exit code 1 if a journey failed."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each measurement (default 10)")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 16], metavar="N")
    parser.add_argument(
        "--databases", nargs="+", choices=["sqlite", "postgresql"], default=["postgresql", "sqlite"]
    )
    parser.add_argument(
        "--postgres", default="postgres://postgres@127.0.0.1:5432/postgres", help="server to use"
    )
    parser.add_argument("--web", type=int, default=2, help="web processes (default 2)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes (default 2)")
    parser.add_argument("--output", type=Path, default=PROJECT_ROOT / "var/bench.json")
    options = parser.parse_args()

    print(
        "Visitors and database share the processors with the town hall. The last four columns in ms are CPU time."
    )
    _print_head()
    results = [measure_database(kind, options) for kind in options.databases]
    report = {
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        },
        "seconds": options.seconds,
        "web_processes": options.web,
        "worker_processes": options.workers,
        "queries": queries.count(),
        "results": results,
    }
    for result in results:
        print(
            f"{result['database']}: trivial view {result['trivial_view_per_second']}/s, "
            f"raw one-row commit {result['raw_commits_per_second']}/s"
        )
    for label, number in report["queries"].items():
        print(f"queries, {label}: {number}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    print(f"written to {options.output}")
    return 1 if any(row["errors"] for result in results for row in result["rows"]) else 0


if __name__ == "__main__":
    raise SystemExit(main())

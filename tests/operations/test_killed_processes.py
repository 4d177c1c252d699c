"""What was acknowledged reaches its end, whatever is killed or deleted meanwhile. The long form is script/kill-test."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pysqlite3.dbapi2
import pytest

from tests.operations.answers import green_application
from tests.operations.installation import POSTGRES_PROGRAMS, installation
from tests.operations.killing import kill_test

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_every_accepted_application_is_there_once_and_decided_though_processes_are_killed(
    tmp_path: Path, database: str
) -> None:
    if database == "postgresql" and not list(POSTGRES_PROGRAMS.glob("*/bin/postgres")):
        pytest.skip("PostgreSQL's server programs are not installed (Debian: postgresql)")
    report = kill_test(
        tmp_path, database=database, submissions=40, clients=4, kills=4, seed=7, web_processes=1
    )
    assert report.faults == []
    assert len(report.accepted) == 40
    assert set(report.kills) == {"web", "worker", *(["database"] if database == "postgresql" else [])}


def test_queue_rows_deleted_by_hand_are_made_again_and_the_cases_finish(tmp_path: Path) -> None:
    with installation(tmp_path) as running:
        (worker,) = running.processes("worker")
        os.kill(worker, signal.SIGSTOP)
        receipts = [running.apply(f"key-{number}", green_application(number))[1] for number in range(3)]
        with pysqlite3.dbapi2.connect(tmp_path / "rathaus.sqlite3") as database:
            deleted = database.execute("DELETE FROM delivery_handover").rowcount
        database.close()
        assert deleted >= len(receipts)
        os.kill(worker, signal.SIGCONT)
        for receipt in receipts:
            assert len(running.wait_until_decided(receipt)["documents"]) == 1
        assert running.command("reconcile").returncode == 0

"""`rathaus server`: starts, keeps its data, keeps its processes alive, and ends without leaving anything behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from rathaus.config import environment
from tests.operations.answers import green_application
from tests.operations.installation import (
    PROJECT_ROOT,
    RATHAUS,
    Installation,
    children_of,
    free_port,
    installation,
)

# Processor time, because wall-clock time says nothing while other tests share the machine.
SECOND_START_SECONDS = 10.0


def _wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline, "processes were left running"
        time.sleep(0.05)


def _processor_seconds(running: Installation) -> float:
    """What the installation's processes used up so far."""
    ticks = 0
    for pid in [running.process.pid, *children_of(running.process.pid)]:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += sum(int(field) for field in fields[11:15])  # user, system, and those of ended children
    return ticks / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
def test_it_starts_keeps_everything_over_restarts_and_leaves_nothing_behind(tmp_path: Path) -> None:
    port = str(free_port())
    with installation(tmp_path, PORT=port) as running:
        said = running.console.read_text()
        assert f"Ready: http://127.0.0.1:{running.port}\n" in said
        assert "paula@hannover.example" in said
        assert running.get("/")[0] == 200
        status, receipt = running.apply("first-start", green_application(1))
        assert status == 201
        pids = [running.process.pid, *children_of(running.process.pid)]
        assert running.end(signal.SIGTERM) == 0
        _wait_until_gone(pids)

    with installation(tmp_path, PORT=port) as running:
        assert _processor_seconds(running) < SECOND_START_SECONDS
        assert running.apply("first-start", green_application(1)) == (200, receipt)
        assert running.wait_until_decided(receipt)["documents"]

        for kind in ("web", "worker"):
            (fallen,) = running.processes(kind)
            os.kill(fallen, signal.SIGKILL)
            deadline = time.monotonic() + 30
            while running.processes(kind) in ([], [fallen]):
                assert time.monotonic() < deadline
                time.sleep(0.05)
        assert running.get("/healthz")[0] == 200

        pids = list(children_of(running.process.pid))
        assert running.end(signal.SIGINT) == 0
        _wait_until_gone(pids)

    with installation(tmp_path) as running:
        pids = list(children_of(running.process.pid))
        running.process.kill()
        _wait_until_gone(pids)


@pytest.mark.slow
def test_without_demo_there_are_no_towns_and_an_unknown_host_gets_404(tmp_path: Path) -> None:
    with installation(tmp_path, DEMO="0", HOST="127.0.0.2") as running:
        assert running.console.read_text() == f"Ready: http://127.0.0.2:{running.port}\n"
        assert running.address == f"http://127.0.0.2:{running.port}"
        for path in ("/", "/leistungen/gewerbeanmeldung/", "/amt/anmelden/"):
            status, headers, text = running.get(path)
            assert (status, headers.get_content_type()) == (404, "text/html")
            assert "Diese Seite gibt es nicht" in text
        assert running.get("/api/v1/services")[1].get_content_type() == "application/problem+json"
        assert running.get("/readyz")[0] == 200
        assert running.command("service", "list", "--json").stdout.strip() == "[]"


@pytest.mark.slow
def test_a_request_under_way_is_answered_when_the_server_is_told_to_stop(tmp_path: Path) -> None:
    with installation(tmp_path) as running:
        answers: list[int] = []

        def visit() -> None:
            # From some request on nobody listens any more; none may be cut off in its middle.
            with suppress(ConnectionRefusedError, OSError):
                while True:
                    answers.append(running.get("/leistungen/gewerbeanmeldung/")[0])

        # A request whose body is still on its way: it has begun, so it gets its answer.
        with socket.create_connection(("127.0.0.1", running.port)) as slow:
            slow.sendall(b"POST /suche/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab")
            visitor = threading.Thread(target=visit)
            visitor.start()
            time.sleep(1)
            running.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            slow.sendall(b"cd")
            assert slow.recv(100).startswith(b"HTTP/1.1 4")
        assert running.process.wait(30) == 0
        visitor.join()
        assert set(answers) == {200}


def _refused(**variables: str) -> str:
    """What the command says that cannot start; exactly one line."""
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DATA_DIR"}}
    ended = subprocess.run(
        [*RATHAUS, "server"],
        env={**kept, "SECRET_KEY": "only-for-tests", **variables},
        cwd=PROJECT_ROOT,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    return line


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = _refused(DATA_DIR=str(tmp_path), PORT=port)
    assert f"127.0.0.1:{port}" in line
    assert "Address already in use" in line


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("PORT", "abc", "PORT must be a number from 0 to 65535, not 'abc'"),
        ("DEMO", "2", "DEMO must be 0 or 1, not '2'"),
        ("DATABASE_URL", "mysql://root:geheim@localhost/x", "DATABASE_URL must begin with postgres://"),
        ("DATABASE_URL", "sqlite:////nowhere/rathaus.sqlite3", "unable to open database file"),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_one_line(
    tmp_path: Path, variable: str, value: str, told: str
) -> None:
    line = _refused(**{"DATA_DIR": str(tmp_path), "PORT": str(free_port()), variable: value})
    assert told in line
    assert "geheim" not in line


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgres://localhost", "name"),
        ("postgres://user:geheim@localhost:x/rathaus", "Port"),
        ("sqlite:///", "file"),
        ("nonsense", "begin with"),
    ],
)
def test_a_database_address_that_cannot_be_is_refused_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(environment.BadEnvironmentError, match=told) as refused:
        environment.database()
    assert "geheim" not in str(refused.value)


def test_a_database_address_may_hold_encoded_letters_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://us%40er:p%2Fw@db.example:6432/rathaus?sslmode=require")
    made = environment.database()
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == (
        "us@er",
        "p/w",
        "db.example",
        "6432",
        "rathaus",
    )
    assert made["OPTIONS"]["sslmode"] == "require"


def test_a_data_folder_that_is_a_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(environment.BadEnvironmentError, match="DATA_DIR"):
        environment.data_dir()

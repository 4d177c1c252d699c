"""A whole installation in processes of its own: server, worker, and a database that may be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parents[2]
RATHAUS = (sys.executable, "-m", "rathaus.cli")
START_SECONDS = 90.0


def free_port() -> int:
    """A loopback port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def children_of(pid: int) -> dict[int, str]:
    """Direct children of a process: pid → command line."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError, IndexError, ValueError):
            stat = (entry / "stat").read_text()
            if int(stat.rsplit(")", 1)[1].split()[1]) == pid:
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


@dataclass
class Installation:
    """A running `rathaus server`."""

    process: subprocess.Popen[bytes]
    port: int
    environment: dict[str, str]
    console: Path

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{self.environment.get('HOST', '127.0.0.1')}:{self.port}"

    @property
    def log(self) -> Path:
        """What its web and worker processes logged."""
        return Path(self.environment["DATA_DIR"]) / "log/server.log"

    def get(
        self, path: str, *, body: bytes | None = None, method: str | None = None, **headers: str
    ) -> tuple[int, Message, str]:
        """Status, headers and text of one answer; `Content_Type="…"` sets the header Content-Type."""
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.address + path,
            body,
            {name.replace("_", "-"): value for name, value in headers.items()},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def apply(self, key: str, answers: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send an application for the Gewerbeanmeldung through the API: status and answer."""
        status, _, text = self.get(
            "/api/v1/services/gewerbeanmeldung/applications",
            body=json.dumps({"answers": answers}).encode(),
            Content_Type="application/json",
            Idempotency_Key=key,
        )
        return status, json.loads(text)

    def application(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """What the API says of an application."""
        status, _, text = self.get(
            f"/api/v1/applications/{receipt['reference']}", Authorization=f"Bearer {receipt['access_code']}"
        )
        assert status == 200, text
        state: dict[str, Any] = json.loads(text)
        return state

    def wait_until_decided(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """The application once it is decided and its letter is there."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            state = self.application(receipt)
            if state["status"] == "decided" and state["documents"]:
                return state
            time.sleep(0.2)
        raise TimeoutError(f"{receipt['reference']} was not decided in time")

    def end(self, number: signal.Signals) -> int:
        """Send a signal to the whole group, as a terminal does, and return the exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(30)

    def processes(self, kind: str) -> list[int]:
        """Process ids of the `web` or `worker` processes."""
        return [
            pid for pid, command in children_of(self.process.pid).items() if f"rathaus.cli {kind}" in command
        ]

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the operators' command against this installation."""
        return subprocess.run(
            [*RATHAUS, *arguments],
            env=self.environment,
            cwd=PROJECT_ROOT,
            text=True,
            capture_output=True,
            check=check,
        )

    def wait_until_ready(self) -> None:
        """Wait for the line that says so."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if b"Ready: " in self.console.read_bytes():
                return
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.console.read_text()}")
            time.sleep(0.05)
        raise TimeoutError("the server did not answer in time")


@contextmanager
def installation(data_dir: Path, database_url: str = "", **variables: str) -> Iterator[Installation]:
    """Start `rathaus server` with demo towns on a port of its own; end it, and all its processes, afterwards."""
    port = int(variables.get("PORT") or free_port())
    environment = {
        **{
            key: value
            for key, value in os.environ.items()
            if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "HOST"}
        },
        "PORT": str(port),
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": "only-for-tests",
        **({"DATABASE_URL": database_url} if database_url else {}),
        **variables,
    }
    data_dir.mkdir(parents=True, exist_ok=True)
    console_file = data_dir / "console.log"
    with console_file.open("wb") as console:
        process = subprocess.Popen(
            [*RATHAUS, "server"],
            env=environment,
            cwd=PROJECT_ROOT,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        running = Installation(process, port, environment, console_file)
        try:
            running.wait_until_ready()
            yield running
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


POSTGRES_PROGRAMS = Path("/usr/lib/postgresql")


@dataclass
class PostgresServer:
    """A PostgreSQL server of our own, so that killing it hurts nobody else."""

    folder: Path
    port: int
    programs: Path

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def create(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run(
            "initdb", "-D", str(self.folder), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"
        )

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60"
        self._run(
            "pg_ctl",
            "-D",
            str(self.folder),
            "-o",
            options,
            "-w",
            "-t",
            "60",
            "-l",
            str(self.folder / "log"),
            "start",
        )

    def pid(self) -> int:
        return int((self.folder / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """SIGKILL for the postmaster; its children notice and end themselves."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it at once, as `pg_ctl stop -m immediate` does; nothing happens if it is not running."""
        with suppress(FileNotFoundError, ProcessLookupError):
            self._end(signal.SIGQUIT)

    def _end(self, number: signal.Signals) -> None:
        pid = self.pid()
        ending = {pid, *children_of(pid)}
        os.kill(pid, number)
        deadline = time.monotonic() + 20
        while any(Path(f"/proc/{one}").exists() for one in ending):
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL did not end")
            time.sleep(0.05)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A fresh PostgreSQL server on a loopback port; gone afterwards."""
    versions = sorted(POSTGRES_PROGRAMS.glob("*/bin"), key=lambda path: int(path.parent.name))
    if not versions:
        raise FileNotFoundError("PostgreSQL's server programs are not installed (Debian: postgresql)")
    # Not in a folder of pytest's: those are closed to the account PostgreSQL runs under.
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder), free_port(), versions[-1])
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()

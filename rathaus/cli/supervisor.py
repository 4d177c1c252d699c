"""Keeps the installation's processes alive: starts them, starts a fallen one again, ends them all together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

# A child gets this long to finish what it is doing before it is ended for good.
GRACE_SECONDS = 15.0
# A child that falls at once is started again ever more slowly, up to this pause.
LONGEST_PAUSE_SECONDS = 5.0
_PR_SET_PDEATHSIG = 1
# Tells a child the process id of its supervisor.
_SUPERVISOR = "RATHAUS_SUPERVISOR"
# glibc would give each thread a heap of its own, half empty most of the time: one for all saves a web process 10 MB.
_MALLOC = {"MALLOC_ARENA_MAX": "1"}


def supervised() -> bool:
    """Whether this process was started by a supervisor."""
    return _SUPERVISOR in os.environ


def end_with_parent() -> None:
    """Called in a child: the kernel ends it when the supervisor dies, however it dies (Linux)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # It may have died while this process was loading; then nobody would send the signal any more.
    if os.environ[_SUPERVISOR] != str(os.getppid()):
        raise SystemExit(1)


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    arguments: Sequence[str]  # of the `rathaus` command
    file_descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0

    def start(self, log: IO[bytes]) -> None:
        """Start the process with its standard error going to the log."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rathaus.cli", *self.arguments],
            pass_fds=self.file_descriptors,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**_MALLOC, **os.environ, _SUPERVISOR: str(os.getpid())},
        )

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Runs the children until SIGTERM or Ctrl-C."""

    children: list[Child]
    log_file: Path
    _stopping: bool = field(default=False, init=False)

    def start(self) -> None:
        """Start every child and take over the stop signals."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._log = self.log_file.open("ab")
        for child in self.children:
            child.start(self._log)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    @property
    def stopping(self) -> bool:
        return self._stopping

    def keep_alive(self) -> None:
        """Watch the children until told to stop."""
        while not self._stopping:
            self.revive()
            time.sleep(0.1)

    def revive(self) -> None:
        """Start every child again that fell."""
        for child in self.children:
            if not child.running:
                self._restart(child)

    def _restart(self, child: Child) -> None:
        lived = time.monotonic() - child.started_at
        # Killed after a useful life: at once. Falling again and again: slowly.
        child.pause = 0.0 if lived > 10 else min(LONGEST_PAUSE_SECONDS, max(0.1, child.pause * 2))
        if lived >= child.pause:
            child.start(self._log)

    def end_all(self) -> None:
        """End every child, at first politely."""
        for child in self.children:
            if child.running and child.process:
                child.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self._log.close()

"""Names of worker processes, and how to tell that the owner of a lease has died."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def own_name() -> str:
    """`host:namespace:pid:start` of this process, at most 80 characters.

    A process id is only meaningful within its namespace, and may be used again; the start time tells them apart.
    """
    return f"{_place()}:{os.getpid()}:{_started(os.getpid())}"


def _place() -> str:
    try:
        namespace = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        namespace = ""
    return f"{socket.gethostname()[:32]}:{namespace}"


def _started(pid: int) -> str:
    """Start time of a process in clock ticks since boot; empty if it does not run (or there is no /proc)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()  # the name in parentheses may hold spaces; field 3 follows it
    return "" if fields[0] == "Z" else fields[19]


def has_died(name: str) -> bool:
    """True if `name` was a process of this machine that runs no more. Of other machines we cannot know."""
    place, _, process = name.rpartition(":")[0].rpartition(":")
    start = name.rpartition(":")[2]
    if place != _place() or not start or not process.isdigit():
        return False
    return _started(int(process)) != start

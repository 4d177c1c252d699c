"""Who does which kind of hand-over, who knows which ones ought to exist, and what is to be done now and then."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

from django.utils.module_loading import autodiscover_modules

F = TypeVar("F", bound=Callable[..., Any])


class HandOverError(Exception):
    """A hand-over failed for a reason worth reading. The message is shown to staff: no personal data in it."""


class UnknownKindError(HandOverError):
    """No handler is registered for this kind, for example while an older worker still runs."""


@dataclass(frozen=True)
class Backoff:
    """How long to wait after a failure: doubling from `first` up to `longest`, each time ±25 % by chance.

    The chance keeps many rows that failed together (a mail server away) from coming back together.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=10)

    def delay(self, attempts: int) -> timedelta:
        """Time to wait after the given number of attempts; none before the first."""
        if attempts < 1:
            return timedelta()
        doubled = self.first * 2 ** min(attempts - 1, 30) if attempts < 30 else self.longest
        jitter = random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, protects nothing
        return min(doubled, self.longest) * jitter


@dataclass(frozen=True)
class Handler:
    """How one kind of hand-over is done. With `commit`, `run` works outside any transaction."""

    kind: str
    run: Callable[[str], Any]
    commit: Callable[[Any], None] | None
    lease: timedelta
    retry: Backoff


@dataclass(frozen=True)
class Chore:
    """Something done for every town at intervals, whose work can be found again at any time."""

    run: Callable[[], Any]
    every: timedelta


Provider = Callable[[], Iterable[object]]

_handlers: dict[str, Handler] = {}
_providers: dict[str, list[Provider]] = {}
_chores: dict[str, Chore] = {}


def handler(
    kind: str,
    *,
    commit: Callable[[Any], None] | None = None,
    lease: timedelta = timedelta(minutes=5),
    retry: Backoff | None = None,
) -> Callable[[F], F]:
    """Register the decorated function `run(subject)` as the one that does hand-overs of `kind`.

    Alone, it runs in the transaction that also closes the hand-over. With `commit`, it is the heavy part: it runs
    without a transaction, and `commit(result)` runs in the closing one. Either may run more than once for the same
    subject, also at the same time in two processes; of the transactions only one is kept.

    `lease` is how long a worker on another machine waits before it takes over; `subject` is always a string.
    """

    def register(function: F) -> F:
        if kind in _handlers and _handlers[kind].run is not function:
            raise ValueError(f"Two handlers for hand-overs of kind {kind!r}")
        _handlers[kind] = Handler(kind, function, commit, lease, retry or Backoff())
        return function

    return register


def should_exist(kind: str) -> Callable[[F], F]:
    """Register a function that yields, for the active town, every subject that needs an open hand-over of `kind`.

    The sweeper asks it every few seconds and promises what is missing. It reads domain state only, never hand-overs,
    so that deleting those loses nothing; timers that have run out are found the same way.
    """

    def register(function: F) -> F:
        _providers.setdefault(kind, []).append(function)
        return function

    return register


def chore(name: str, *, every: timedelta) -> Callable[[F], F]:
    """Register a function the worker calls for every town at intervals, for example to delete what has expired."""

    def register(function: F) -> F:
        _chores[name] = Chore(function, every)
        return function

    return register


@cache
def discover() -> None:
    """Import each app's door (`service.py`), or `handovers.py` beside it: that is when handlers register."""
    autodiscover_modules("service", "handovers")


def handler_of(kind: str) -> Handler:
    """The handler of `kind`; raises `UnknownKindError`."""
    discover()
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKindError(f"No handler is registered for hand-overs of kind {kind!r}") from None


def providers() -> dict[str, list[Provider]]:
    """Kind → the functions that say which subjects need one."""
    discover()
    return _providers


def chores() -> dict[str, Chore]:
    """Name → chore."""
    discover()
    return _chores

"""The sweeper: promises again what has no hand-over although it should, and does the chores."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

from django.db import Error, transaction
from django.utils import timezone

from rathaus.delivery.models import HandOver
from rathaus.delivery.promises import promise_each
from rathaus.delivery.queue import describe_error
from rathaus.delivery.registry import chore, chores, providers
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town

logger = logging.getLogger("rathaus.delivery")

# Done rows are kept this long for those who look into what happened.
KEEP_DONE = timedelta(days=14)
# The sweeper takes as many at a time as one statement can carry well; the rest follows a few seconds later.
_SUBJECTS_AT_ONCE = 200


def sweep() -> int:
    """Ask every app what should be on its way in every town, promise what is not; returns how many were missing."""
    missing = 0
    for town in Town.objects.all():
        with acting_for(town):
            missing += sum(len(subjects) for subjects in sweep_town().values())
    return missing


def sweep_town() -> dict[str, list[str]]:
    """`sweep` for the active town; returns the subjects that were missing by kind.

    A provider that fails is logged and does not hold up the others.
    """
    missing: dict[str, list[str]] = {}
    for kind, functions in providers().items():
        for provide in functions:
            try:
                if subjects := _promise_missing(kind, provide()):
                    missing.setdefault(kind, []).extend(subjects)
                    logger.warning("sweep.promised_again", extra={"kind": kind, "count": len(subjects)})
            except Error:
                raise
            except Exception as error:
                logger.exception("sweep.failed", extra={"kind": kind, "error": describe_error(error)})
    return missing


def _promise_missing(kind: str, subjects: Iterable[object]) -> list[str]:
    wanted = iter(subjects)
    promised: list[str] = []
    while some := [str(subject) for subject in islice(wanted, _SUBJECTS_AT_ONCE)]:
        on_their_way = set(
            HandOver.objects.filter(kind=kind, subject__in=some, done_at=None).values_list(
                "subject", flat=True
            )
        )
        missing = [subject for subject in dict.fromkeys(some) if subject not in on_their_way]
        if missing:
            with transaction.atomic():
                promise_each((kind, subject) for subject in missing)
        promised += missing
    return promised


@chore("delivery.prune", every=timedelta(hours=1))
def prune_done() -> int:
    """Delete the active town's hand-overs that were done long ago."""
    deleted, _ = HandOver.objects.filter(done_at__lt=timezone.now() - KEEP_DONE).delete()
    return deleted


class Sweeper:
    """When to sweep, and which chores are due in this process."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._next_sweep = time.monotonic()
        self._next_chore: dict[str, float] = {}

    def is_time(self) -> bool:
        """Whether enough seconds have passed since the last sweep."""
        return time.monotonic() >= self._next_sweep

    def sweep(self) -> None:
        """Sweep, and do the chores that are due."""
        sweep()
        now = time.monotonic()
        for name, known in chores().items():
            # A worker that has just started has more urgent things to do.
            due = self._next_chore.setdefault(name, now + min(60.0, known.every.total_seconds()))
            if now >= due:
                do_chore(name)
                self._next_chore[name] = now + known.every.total_seconds()
        self._next_sweep = time.monotonic() + self._every


def do_chore(name: str) -> None:
    """Do one chore for every town. A chore that fails is logged and tried again at its next turn."""
    for town in Town.objects.all():
        with acting_for(town):
            try:
                chores()[name].run()
            except Error:
                raise
            except Exception as error:
                logger.exception("chore.failed", extra={"chore": name, "error": describe_error(error)})

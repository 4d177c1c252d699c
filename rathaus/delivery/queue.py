"""The rows of hand-overs as a queue: claim, close, put back."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from rathaus.delivery.models import HandOver
from rathaus.delivery.promises import Running
from rathaus.delivery.registry import Backoff, Handler, HandOverError, UnknownKindError, handler_of
from rathaus.delivery.workers import has_died

PROJECT_ROOT = Path(__file__).resolve().parents[2]
# A kind nobody knows here waits for a newer worker.
_UNKNOWN_KIND = Handler(
    "", lambda _: None, None, timedelta(minutes=1), Backoff(timedelta(seconds=10), timedelta(minutes=10))
)


class NoLongerOpenError(Exception):
    """Somebody else closed the hand-over, or deleted its row, while it was being done: our work is rolled back."""


def claim(worker: str, batch: int) -> list[HandOver]:
    """Lease up to `batch` rows that are due, oldest first, to `worker`."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    due: QuerySet[HandOver] = HandOver.across_towns.filter(free, done_at=None, due_at__lte=now)
    if not due.exists():  # SQLite would otherwise take its one write lock five times a second for nothing
        return []
    with transaction.atomic():
        locked = due.order_by("due_at").select_for_update(skip_locked=True, of=("self",))
        rows = list(locked.select_related("town")[:batch])
        leased_until = now + max((_settings(row).lease for row in rows), default=timedelta())
        HandOver.across_towns.filter(pk__in=[row.pk for row in rows]).update(
            leased_until=leased_until, leased_by=worker, attempts=F("attempts") + 1
        )
    for row in rows:
        row.leased_until, row.leased_by = leased_until, worker
        row.attempts += 1
    return rows


def close(row: HandOver, current: Running) -> None:
    """Mark `row` done, in the transaction that holds its work; raises `NoLongerOpenError` to undo that work.

    Promised again while it was being done, the row stays open and is done once more: its work may have started
    from what was true before.
    """
    mine = HandOver.across_towns.filter(pk=row.pk, done_at=None)
    settled = {"leased_until": None, "leased_by": "", "last_error": ""}
    if current.again_at is None:
        closed = mine.filter(promises=row.promises).update(done_at=timezone.now(), **settled)
    else:
        closed = mine.filter(promises=row.promises).update(due_at=current.again_at, attempts=0, **settled)
    if not closed and not mine.update(due_at=timezone.now(), attempts=0, **settled):
        raise NoLongerOpenError


def put_back_failed(row: HandOver, error: Exception) -> None:
    """Record why `row` failed, and make it due again after its backoff."""
    HandOver.across_towns.filter(pk=row.pk, done_at=None, leased_by=row.leased_by).update(
        leased_until=None,
        leased_by="",
        due_at=timezone.now() + _settings(row).retry.delay(row.attempts),
        last_error=describe_error(error),
    )


def put_back_untouched(rows: list[HandOver]) -> None:
    """Give back rows that were claimed but not begun."""
    HandOver.across_towns.filter(
        pk__in=[row.pk for row in rows], done_at=None, leased_by=rows[0].leased_by
    ).update(leased_until=None, leased_by="", attempts=F("attempts") - 1)


def free_leases_of(worker: str) -> None:
    """Make everything leased to `worker` due; a row that has taken down several workers waits longer each time."""
    for row in HandOver.across_towns.filter(done_at=None, leased_by=worker):
        HandOver.across_towns.filter(pk=row.pk, done_at=None, leased_by=worker).update(
            leased_until=None,
            leased_by="",
            due_at=timezone.now() + _settings(row).retry.delay(row.attempts - 1),
        )


def free_leases_of_the_dead() -> None:
    """Free what workers of this machine held when they died."""
    names = (
        HandOver.across_towns.filter(done_at=None).exclude(leased_by="").values_list("leased_by", flat=True)
    )
    for name in names.distinct():
        if has_died(name):
            free_leases_of(name)


def _settings(row: HandOver) -> Handler:
    try:
        return handler_of(row.kind)
    except UnknownKindError:
        return _UNKNOWN_KIND


def describe_error(error: Exception) -> str:
    """What may be stored and shown of an error: its type and place, its message only if it is known to be harmless.

    Messages of foreign exceptions quote values, which may be personal data.
    """
    name = type(error).__qualname__
    if isinstance(error, HandOverError):
        return f"{name}: {error}"
    frames = list(traceback.extract_tb(error.__traceback__))
    if not frames:
        return name
    ours = [frame for frame in frames if frame.filename.startswith(str(PROJECT_ROOT / "rathaus"))]
    place = (ours or frames)[-1]
    file = Path(place.filename)
    shown = file.relative_to(PROJECT_ROOT) if file.is_relative_to(PROJECT_ROOT) else file.name
    return f"{name} at {shown}:{place.lineno} in {place.name}"


@dataclass(frozen=True)
class Backlog:
    """What is not done yet, over all towns."""

    open: int
    due: int
    failing: int  # failed at least once
    oldest_due_seconds: float  # how long the oldest due row has been waiting


def backlog() -> Backlog:
    """The state of the queue in one statement, for measurements and readiness."""
    now = timezone.now()
    found = HandOver.across_towns.filter(done_at=None).aggregate(
        open=Count("pk"),
        due=Count("pk", filter=Q(due_at__lte=now)),
        failing=Count("pk", filter=~Q(last_error="")),
        oldest=Min("due_at"),
    )
    oldest = found.pop("oldest") or now
    return Backlog(**found, oldest_due_seconds=max(0.0, (now - oldest).total_seconds()))


def failing() -> QuerySet[HandOver]:
    """The active town's open hand-overs that failed before, latest error first: for the workplace."""
    rows: QuerySet[HandOver] = (
        HandOver.objects.filter(done_at=None).exclude(last_error="").order_by("-due_at")
    )
    return rows

"""Promising work inside the transaction that causes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from rathaus.delivery.models import HandOver
from rathaus.towns.context import current_town


@dataclass
class Running:
    """The hand-over this thread is doing right now, and whether it asked to be done once more later."""

    town_id: int
    kind: str
    subject: str
    again_at: datetime | None = None


_running: ContextVar[Running | None] = ContextVar("running_hand_over", default=None)


@contextmanager
def running(row: HandOver) -> Iterator[Running]:
    """Mark `row` as being done, so that its handler can promise itself for later (a timer)."""
    current = Running(row.town.pk, row.kind, row.subject)
    token = _running.set(current)
    try:
        yield current
    finally:
        _running.reset(token)


def promise(kind: str, subject: object, due_at: datetime | None = None) -> None:
    """Promise that `kind` is done for `subject`, not before `due_at`. Call it inside the causing transaction.

    Promising what is already promised adds no second row. It counts, though: if the open one is being done at this
    moment, it is done once more afterwards, so that nothing the caller just changed goes unseen.
    """
    promise_each([(kind, subject)], due_at)


def promise_each(promised: Iterable[tuple[str, object]], due_at: datetime | None = None) -> None:
    """`promise` for several pairs (kind, subject) in one statement."""
    now = timezone.now()
    due = due_at or now
    town_id = current_town().pk
    rows = []
    current = _running.get()
    for kind, subject in dict.fromkeys((kind, str(subject)) for kind, subject in promised):
        if current and (current.town_id, current.kind, current.subject) == (town_id, kind, subject):
            current.again_at = min(current.again_at or due, due)
        else:
            rows.append((town_id, kind, subject))
    if rows:
        _insert(rows, now, due)


def _insert(rows: list[tuple[int, str, str]], now: datetime, due: datetime) -> None:
    # Locking the open row (DO UPDATE, not DO NOTHING) is what makes a concurrent worker see that it was promised
    # again. Handlers and requests both touch their own rows first and the hand-over last, so they cannot deadlock.
    table = connection.ops.quote_name(HandOver._meta.db_table)
    created = connection.ops.adapt_datetimefield_value(now)
    first_due = connection.ops.adapt_datetimefield_value(due)
    values = ", ".join(["(%s, %s, %s, %s, %s, 0, '', '', 1)"] * len(rows))
    parameters = [value for row in rows for value in (*row, created, first_due)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (town_id, kind, subject, created_at, due_at, attempts, leased_by, last_error,"  # noqa: S608
            f" promises) VALUES {values}"
            " ON CONFLICT (town_id, kind, subject) WHERE done_at IS NULL DO UPDATE SET"
            f" promises = {table}.promises + 1,"
            f" due_at = CASE WHEN excluded.due_at < {table}.due_at THEN excluded.due_at ELSE {table}.due_at END",
            parameters,
        )

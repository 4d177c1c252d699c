"""The worker: takes hand-overs that are due, does them, and tries again later what failed."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from django.db import Error, connection, transaction
from django.utils import timezone

from rathaus.delivery import queue
from rathaus.delivery.models import HandOver
from rathaus.delivery.promises import running
from rathaus.delivery.registry import Backoff, handler_of
from rathaus.delivery.sweeper import Sweeper
from rathaus.delivery.workers import own_name
from rathaus.towns.context import acting_for

logger = logging.getLogger("rathaus.delivery")

OUTAGE = Backoff(first=timedelta(milliseconds=200), longest=timedelta(seconds=5))


class Worker:
    """One worker process. Any number may run on any number of machines against one database."""

    def __init__(
        self, *, batch: int = 10, idle: float = 0.2, sweep_every: float = 5.0, name: str | None = None
    ) -> None:
        """`batch` rows are claimed at once; `idle` and `sweep_every` are seconds."""
        self.name = name or own_name()
        self._batch = batch
        self._idle = idle
        self._sweeper = Sweeper(sweep_every)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Finish the hand-over at hand, give the others back, and return from `run`. Safe in a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Work until `stop`. A database that is away is waited for."""
        failures = 0
        logger.info("worker.started", extra={"worker": self.name})
        while not self._stopping.is_set():
            try:
                if failures:
                    queue.free_leases_of(self.name)
                self._turn()
                failures = 0
            except (Error, OSError) as error:
                failures += 1
                logger.warning(
                    "worker.database_away", extra={"error": type(error).__name__, "tries": failures}
                )
                connection.close()
                self._stopping.wait(OUTAGE.delay(failures).total_seconds())
        logger.info("worker.stopped", extra={"worker": self.name})

    def drain(self) -> int:
        """Do everything that is due now, and what follows from it at once; returns how many were closed."""
        closed = 0
        while rows := queue.claim(self.name, self._batch):
            closed += sum(self._deliver(row) for row in rows)
        return closed

    def _turn(self) -> None:
        if self._sweeper.is_time():
            queue.free_leases_of_the_dead()
            self._sweeper.sweep()
        rows = queue.claim(self.name, self._batch)
        for position, row in enumerate(rows):
            if self._stopping.is_set():
                queue.put_back_untouched(rows[position:])
                return
            self._deliver(row)
        if not rows:
            self._stopping.wait(self._idle)

    def _deliver(self, row: HandOver) -> bool:
        """Do one hand-over; False if it failed (then it is due again later) or was not ours any more."""
        if row.leased_until is None or row.leased_until <= timezone.now():
            return False  # the rows before it took so long that another worker may have begun
        started = time.monotonic()
        about = {"kind": row.kind, "hand_over": row.pk, "attempt": row.attempts}
        try:
            with acting_for(row.town), running(row) as current:
                handler = handler_of(row.kind)
                prepared = handler.run(row.subject) if handler.commit else None
                with transaction.atomic():
                    if handler.commit:
                        handler.commit(prepared)
                    else:
                        handler.run(row.subject)
                    queue.close(row, current)
        except queue.NoLongerOpenError:
            logger.info("hand_over.done_by_another", extra=about)
            return False
        except Exception as error:
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            queue.put_back_failed(row, error)
            logger.warning("hand_over.failed", extra={**about, "error": queue.describe_error(error)})
            return False
        milliseconds = round((time.monotonic() - started) * 1000)
        logger.info("hand_over.done", extra={**about, "milliseconds": milliseconds})
        return True

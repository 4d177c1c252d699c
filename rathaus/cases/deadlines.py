"""Legal deadlines of a case, reckoned with the town's holidays and retraceable step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from rathaus.cases.models import Case
from rathaus.catalogue.info import DeadlineRule
from rathaus.catalogue.service import package_of
from rathaus.law.deadlines import Deadline, Unit, deadline
from rathaus.towns.service import holiday_calendar

_UNITS = {"calendar": Unit.DAYS, "working": Unit.WORKING_DAYS}


@dataclass(frozen=True, slots=True)
class CaseDeadline:
    """A deadline of the office: its id in the package, its norm, its last day and how that was reckoned."""

    id: str
    legal_basis: str
    deadline: Deadline

    @property
    def due(self) -> date:
        """The last day."""
        return self.deadline.due


def deadline_steps(case: Case) -> list[CaseDeadline]:
    """Every deadline that already runs, the nearest first, each with its steps and their §."""
    info = package_of(case.application.service).service
    return deadlines_from(info.deadlines, {"received": timezone.localdate(case.application.received_at)})


def deadlines_from(rules: Sequence[DeadlineRule], starts: dict[str, date]) -> list[CaseDeadline]:
    """The deadlines of these rules whose starting event has happened (`starts`: event → day)."""
    calendar = holiday_calendar()
    running = [
        CaseDeadline(
            rule.id,
            rule.legal_basis,
            deadline(starts[rule.start], rule.amount, _UNITS[rule.kind], calendar, rule.legal_basis),
        )
        for rule in rules
        if rule.start in starts
    ]
    return sorted(running, key=lambda item: item.due)


def compute_due(case: Case) -> date | None:
    """The nearest deadline of the case, None if the law sets none. Store it on `case.due_on`."""
    running = deadline_steps(case)
    return running[0].due if running else None

"""Periods and deadlines of administrative procedure, reckoned as the statutes say, each result with its steps.

Sources (as of 2026-08-19): §§ 187 to 193 BGB; § 31 VwVfG (the Länder have the same wording); §§ 57, 58, 70, 74 VwGO;
§§ 64, 66, 84, 87 SGG. The day a decision counts as notified is in `rathaus.law.notices`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rathaus.law.holidays import HolidayCalendar
from rathaus.law.steps import Step

_ROLL = "§ 31 Abs. 3 VwVfG, § 193 BGB"


class Unit(StrEnum):
    """What a period is counted in. Working days are Monday to Friday without public holidays."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Court(StrEnum):
    """The code of procedure that decides about remedies."""

    ADMINISTRATIVE = "VwGO"
    SOCIAL = "SGG"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period; it ends when this day ends (§ 188 BGB)."""

    due: date
    steps: tuple[Step, ...]

    def is_over(self, today: date) -> bool:
        """Whether the period has ended."""
        return today > self.due


def deadline(
    received: date,
    amount: int,
    unit: Unit | str,
    calendar: HolidayCalendar,
    basis: str = "",
) -> Deadline:
    """The deadline of a period that begins with an event, such as the receipt of an application.

    The day of the event does not count (§ 187 Abs. 1 BGB). Days end with the last of them (§ 188 Abs. 1); weeks,
    months and years with the day of the same name or number, or the last of its month (§ 188 Abs. 2 and 3). An end
    on a Saturday, Sunday or public holiday moves to the next working day (§ 31 Abs. 3 VwVfG, § 193 BGB).
    `basis` is the norm that sets the period; it is cited in the first step. Raises `ValueError` for a negative
    amount, an unknown unit, or days beyond the calendar.
    """
    unit = Unit(unit)
    if amount < 0:
        raise ValueError("a period cannot be negative")
    steps = [Step("event", f"{basis}; § 187 Abs. 1 BGB" if basis else "§ 187 Abs. 1 BGB", received)]
    end = _end(received, amount, unit, calendar, steps)
    due = calendar.roll_to_working_day(end)
    if due != end:
        steps.append(Step("rolled", _ROLL, due))
    return Deadline(due, tuple(steps))


def remedy_period(
    notified: date,
    calendar: HolidayCalendar,
    *,
    instructed: bool = True,
    court: Court | str = Court.ADMINISTRATIVE,
) -> Deadline:
    """Until when an objection (Widerspruch) or an action (Klage) is possible: one month from notification.

    VwGO: § 70 Abs. 1, § 74 Abs. 1; SGG: § 84 Abs. 1, § 87 Abs. 1. Without a correct notice of remedies
    (`instructed=False`) one year: § 58 Abs. 2 VwGO, § 66 Abs. 2 SGG.
    """
    month, year = _REMEDIES[Court(court)]
    amount, unit, basis = (1, Unit.MONTHS, month) if instructed else (1, Unit.YEARS, year)
    period = deadline(notified, amount, unit, calendar, basis)
    if instructed:
        return period
    return Deadline(period.due, (Step("no_instruction", year, notified), *period.steps))


_REMEDIES = {
    Court.ADMINISTRATIVE: ("§ 70 Abs. 1, § 74 Abs. 1 VwGO", "§ 58 Abs. 2 VwGO"),
    Court.SOCIAL: ("§ 84 Abs. 1, § 87 Abs. 1 SGG", "§ 66 Abs. 2 SGG"),
}


def _end(start: date, amount: int, unit: Unit, calendar: HolidayCalendar, steps: list[Step]) -> date:
    if unit in (Unit.MONTHS, Unit.YEARS):
        return _end_by_number(start, amount, unit, steps)
    if unit is Unit.WORKING_DAYS:
        end, basis = calendar.after_working_days(start, amount), "§ 188 Abs. 1 BGB"
    elif unit is Unit.WEEKS:
        end, basis = start + timedelta(weeks=amount), "§ 188 Abs. 2 BGB"
    else:
        end, basis = start + timedelta(days=amount), "§ 188 Abs. 1 BGB"
    steps.append(Step(f"end_{unit}", basis, end, {"amount": amount}))
    return end


def _end_by_number(start: date, amount: int, unit: Unit, steps: list[Step]) -> date:
    months = start.year * 12 + start.month - 1 + amount * (12 if unit is Unit.YEARS else 1)
    year, month = months // 12, months % 12 + 1
    end = date(year, month, min(start.day, monthrange(year, month)[1]))
    if end.day == start.day:
        steps.append(Step(f"end_{unit}", "§ 188 Abs. 2 BGB", end, {"amount": amount}))
    else:
        steps.append(Step(f"month_end_{unit}", "§ 188 Abs. 2 und 3 BGB", end, {"amount": amount}))
    return end

"""When a timer of a process is due: ISO 8601 dates and durations, counted on the calendar of the town hall.

A duration such as `P1M` is counted in local time, so that "14 days" ends at the same time of day also when the
clocks change in between. Intervals that repeat are not accepted: two timers say the same and can be read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T.+)?")
LONGEST_YEARS = 100


class TimerError(ValueError):
    """The text is neither an ISO 8601 date nor a duration."""


def is_literal(text: str) -> bool:
    """Whether the text is meant as a date or duration itself, not as an expression that gives one."""
    return bool(_DURATION.fullmatch(text) or _DATE.fullmatch(text))


def due_at(value: object, start: datetime, zone: tzinfo) -> datetime:
    """The moment a timer set at `start` is due.

    `value` is a duration (`P14D`, `PT2H`), a date (due when it begins in `zone`), or a date with time.
    Raises `TimerError`.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if not isinstance(value, str):
        raise TimerError(f"a timer needs a date or a duration, not {type(value).__name__}")
    if duration := _DURATION.fullmatch(value):
        parts = {unit: int(count or 0) for unit, count in duration.groupdict().items()}
        return _later(start.astimezone(zone), parts)
    try:
        if len(value) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(value), time(), zone)
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise TimerError(f"{value!r} is neither an ISO 8601 date nor a duration such as P14D") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _later(start: datetime, parts: dict[str, int]) -> datetime:
    months = start.month - 1 + parts["months"] + 12 * parts["years"]
    days = parts["days"] + 7 * parts["weeks"]
    seconds = parts["seconds"] + 60 * parts["minutes"] + 3600 * parts["hours"]
    if months > 12 * LONGEST_YEARS or days > 366 * LONGEST_YEARS or seconds > 366 * LONGEST_YEARS * 86400:
        raise TimerError(f"a timer may last at most {LONGEST_YEARS} years")
    year, month = start.year + months // 12, months % 12 + 1
    local = start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
    # Days are added on the local calendar, hours on the absolute clock.
    moved = local + timedelta(days=days)
    return (moved.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(UTC)

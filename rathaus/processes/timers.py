"""When a timer of a process is due: ISO 8601 dates and durations, counted as §§ 187 and 188 BGB count periods.

A period in days, weeks, months or years (`P14D`) does not count the day it begins and ends when its last day is
over; so does a date (`2026-03-14`: the whole day still counts). A duration with a time part (`PT2H`, `P1DT2H`) and a
date with a time are exact moments. Weekends and holidays are not considered here: that is the business of legal
deadlines (`rathaus.law.deadlines`). Repeating intervals are not accepted: two timers say the same and can be read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?P<exact>T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T.+)?")
LONGEST_YEARS = 100


class TimerError(ValueError):
    """The text is neither an ISO 8601 date nor a duration."""


def is_literal(text: str) -> bool:
    """Whether the text is meant as a date or duration itself, not as an expression that gives one."""
    return bool(_DURATION.fullmatch(text) or _DATE.fullmatch(text))


def due_at(value: object, start: datetime, zone: tzinfo) -> datetime:
    """The moment a timer set at `start` is due, in UTC. Raises `TimerError`."""
    if isinstance(value, datetime):
        return _moment(value, zone)
    if not isinstance(value, str):
        raise TimerError(f"a timer needs a date or a duration, not {type(value).__name__}")
    if duration := _DURATION.fullmatch(value):
        parts = {unit: int(duration[unit] or 0) for unit in duration.groupdict() if unit != "exact"}
        return _after(start.astimezone(zone), parts, exact=bool(duration["exact"]))
    try:
        if len(value) == len("2026-01-31"):
            return _end_of(date.fromisoformat(value), zone)
        return _moment(datetime.fromisoformat(value), zone)
    except ValueError:
        raise TimerError(f"{value!r} is neither an ISO 8601 date nor a duration such as P14D") from None


def _moment(value: datetime, zone: tzinfo) -> datetime:
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _after(start: datetime, parts: dict[str, int], *, exact: bool) -> datetime:
    months = start.month - 1 + parts["months"] + 12 * parts["years"]
    days = parts["days"] + 7 * parts["weeks"]
    seconds = parts["seconds"] + 60 * parts["minutes"] + 3600 * parts["hours"]
    if max(months / 12, days / 365, seconds / 31_536_000) > LONGEST_YEARS:
        raise TimerError(f"a timer may last at most {LONGEST_YEARS} years")
    year, month = start.year + months // 12, months % 12 + 1
    day = start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
    # Days are added on the local calendar, hours on the absolute clock.
    moved = day + timedelta(days=days)
    if not exact:
        return _end_of(moved.date(), start.tzinfo or UTC)
    return moved.astimezone(UTC) + timedelta(seconds=seconds)

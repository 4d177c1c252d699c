"""Dates and times as people type and read them.

A date is read from one text – `3.4.1990`, `03.04.90`, `3. April 1990`, `1990-04-03`, `03/04/1990` (day first),
`03041990` – or from three boxes. A year of two digits is this century if that is no more than ten years ahead of
today, else the last one; people born a century ago type four digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T00:00(?::00(?:\.0+)?)?Z?)?")
_TYPED = re.compile(r"(\d{1,2})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{1,4})")
_NAMED = re.compile(r"(\d{1,2})\s*\.?\s*([A-Za-zÄÖÜäöü]{3,9})\.?\s*(\d{1,4})")
_RUN_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4})")
_TIME = re.compile(r"(\d{1,2})(?:\s*[:.]\s*(\d{2})(?::\d{2})?)?\s*(?:uhr|h)?", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januar", "jänner", "jan", "january"),
            ("februar", "feb", "february"),
            ("märz", "maerz", "mär", "mrz", "march", "mar"),
            ("april", "apr"),
            ("mai", "may"),
            ("juni", "jun", "june"),
            ("juli", "jul", "july"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("oktober", "okt", "october", "oct"),
            ("november", "nov"),
            ("dezember", "dez", "december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH_NAMES_EN = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
PARTS = ("tag", "monat", "jahr")
"""The three boxes of a date, in the order in which people in Germany write them; also the keys of a partial date."""


class DateError(Exception):
    """The text is no date. `key` names the message, `params` its parameters."""

    def __init__(self, key: str, **params: str) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


def read_date(text: str, today: date) -> date:
    """The date in one typed text. Raises `DateError`."""
    cleaned = " ".join(text.split())
    if found := _ISO.fullmatch(cleaned):
        return calendar_day(int(found[3]), int(found[2]), int(found[1]))
    if found := (_TYPED.fullmatch(cleaned) or _RUN_TOGETHER.fullmatch(cleaned)):
        return calendar_day(int(found[1]), int(found[2]), full_year(found[3], today))
    if found := _NAMED.fullmatch(cleaned):
        month = _MONTHS.get(found[2].lower())
        if month:
            return calendar_day(int(found[1]), month, full_year(found[3], today))
    raise DateError("date")


def read_boxes(boxes: Mapping[str, str], today: date) -> date | None:
    """The date in three boxes (keys `tag`, `monat`, `jahr`), None if all are empty. Raises `DateError`."""
    typed = {part: boxes.get(part, "").strip().strip(".") for part in PARTS}
    if not any(typed.values()):
        return None
    for part, text in typed.items():
        if not text:
            raise DateError("date.incomplete", missing=part)
    month = read_month(typed["monat"])
    if month is None or not _digits(typed["tag"]) or not _digits(typed["jahr"]):
        raise DateError("date")
    return calendar_day(int(typed["tag"]), month, full_year(typed["jahr"], today))


def read_month(text: str) -> int | None:
    """A month typed as number or name."""
    if _digits(text):
        return int(text)
    return _MONTHS.get(text.lower().strip(". "))


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4


def full_year(text: str, today: date) -> int:
    """A typed year with its century. Raises `DateError` for one or three digits."""
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        raise DateError("date.year")
    year = today.year - today.year % 100 + int(text)
    return year if year <= today.year + 10 else year - 100


def calendar_day(day: int, month: int, year: int) -> date:
    """The day in the calendar. Raises `DateError` saying what does not exist."""
    if not 1 <= month <= 12:
        raise DateError("date.month")
    if not 1 <= year <= 9999:
        raise DateError("date.year")
    try:
        return date(year, month, day)
    except ValueError:
        raise DateError("date.impossible") from None


def read_time(text: str) -> str:
    """`HH:MM` from `14:30`, `14.30 Uhr`, `9 Uhr`, `1430`. Raises `DateError`."""
    cleaned = text.strip()
    if len(cleaned) == 4 and cleaned.isascii() and cleaned.isdecimal():
        cleaned = f"{cleaned[:2]}:{cleaned[2:]}"
    found = _TIME.fullmatch(cleaned)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise DateError("time")
    return f"{int(found[1]):02}:{int(found[2] or 0):02}"


def read_datetime(text: str, today: date) -> str:
    """`YYYY-MM-DDTHH:MM` from a date and a time, or from ISO 8601 (an offset is kept). Raises `DateError`."""
    cleaned = " ".join(text.split())
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", cleaned):
        try:
            return datetime.fromisoformat(cleaned).isoformat(timespec="minutes")
        except ValueError:
            raise DateError("datetime") from None
    parts = re.fullmatch(r"(.+?)(?:,? um |, | )(\d{1,2}(?:[:.]\d{2}| ?uhr| ?h).*)", cleaned, re.IGNORECASE)
    if parts is None:
        raise DateError("datetime")
    return f"{read_date(parts[1], today).isoformat()}T{read_time(parts[2])}"


def show_date(iso: str, language: str) -> str:
    """A canonical date as people read it: `03.04.1990` (DIN 5008), in English `3 April 1990`."""
    day = date.fromisoformat(iso)
    if language == "en":
        return f"{day.day} {_MONTH_NAMES_EN[day.month - 1]} {day.year}"
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def show_partial_date(parts: Mapping[str, int], language: str) -> str:
    """A date of which only the month and year, or the year, are known: `04.1990`, `1990`."""
    day, month, year = (parts.get(part) for part in PARTS)
    if language == "en":
        name = _MONTH_NAMES_EN[month - 1] if month and 1 <= month <= 12 else month
        return " ".join(str(part) for part in (day, name, year) if part)
    return ".".join(f"{part:02}" for part in (day, month, year) if part)


def show_time(canonical: str, language: str) -> str:
    """A canonical time as people read it: `14:30 Uhr`."""
    return canonical if language == "en" else f"{canonical} Uhr"


def show_datetime(iso: str, language: str) -> str:
    """A canonical moment as people read it: `03.04.2026, 14:30 Uhr`."""
    moment = datetime.fromisoformat(iso)
    clock = time(moment.hour, moment.minute).isoformat(timespec="minutes")
    return f"{show_date(moment.date().isoformat(), language)}, {show_time(clock, language)}"

"""Public holidays of a Land, and which days therefore are working days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

LAENDER = (*("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"),)
"""The sixteen Länder by their ISO 3166-2 codes without `DE-`."""

FIRST_YEAR, LAST_YEAR = 1991, 2100
_SATURDAY = 5


class HolidayCalendar:
    """The public holidays of one Land, and further ones that apply only in one town.

    Towns name days of their own in `extra`: Mariä Himmelfahrt in mostly Catholic municipalities of Bavaria,
    Fronleichnam in some of Saxony and Thuringia, the Augsburg peace festival.
    """

    def __init__(self, land: str, extra: Iterable[date] = ()) -> None:
        """`land`: ISO 3166-2 code without `DE-`. Raises `ValueError` for any other."""
        if land not in LAENDER:
            raise ValueError(f"{land!r} is not a German Land; known are {', '.join(LAENDER)}")
        self.land = land
        self.extra = frozenset(extra)

    def holiday_name(self, day: date) -> str | None:
        """The German name of the holiday, None if the day is not one. Raises `ValueError` outside 1991 to 2100."""
        return _holidays(self.land, day.year).get(day) or (
            "Örtlicher Feiertag" if day in self.extra else None
        )

    def is_working_day(self, day: date) -> bool:
        """Neither Saturday nor Sunday nor public holiday (§ 31 Abs. 3 VwVfG, § 193 BGB)."""
        return day.weekday() < _SATURDAY and self.holiday_name(day) is None

    def roll_to_working_day(self, day: date) -> date:
        """The day itself, or the next working day after it (§ 31 Abs. 3 S. 1 VwVfG, § 193 BGB)."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def after_working_days(self, day: date, amount: int) -> date:
        """The working day that is the `amount`-th (from 1) after this day."""
        for _ in range(amount):
            day = self.roll_to_working_day(day + timedelta(days=1))
        return day


@cache
def _holidays(land: str, year: int) -> dict[date, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"public holidays are known from {FIRST_YEAR} to {LAST_YEAR}, not for {year}")
    # Imported when first needed: the package is large, and most processes never ask for a holiday.
    from holidays.countries.germany import Germany

    return dict(Germany(subdiv=land, years=year, expand=False, language="de").items())

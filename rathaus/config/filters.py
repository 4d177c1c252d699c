"""How dates, times, amounts and sizes are written for people, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rathaus.catalogue.texts import markdown

# English pages of a German office keep the European order of day and month.
_DAY_FORMATS = {"de": "j. F Y", "en": "j F Y"}


def day(value: date | str) -> str:
    """A day in words: 3. April 1990. Takes a date, a moment (its local day) or an ISO day."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return date_format(value, _DAY_FORMATS.get(get_language() or "de", "j. F Y"))


def moment(value: datetime) -> str:
    """A moment in local time: 3. April 1990, 14:05 Uhr."""
    return _("%(day)s, %(time)s Uhr") % {
        "day": day(value),
        "time": timezone.localtime(value).strftime("%H:%M"),
    }


def weekday(number: int) -> str:
    """The name of a weekday, 0 being Monday."""
    return str(WEEKDAYS[number])


def euro(cents: int) -> str:
    """An amount of money given in cents: 30,00 €."""
    amount = number_format(f"{cents // 100}.{cents % 100:02d}", decimal_pos=2, force_grouping=True)
    return f"{amount} €"


def file_size(size: int) -> str:
    """A size given in bytes, in the unit people know: 2,4 MB."""
    if size < 1_000_000:
        return _("%(number)s kB") % {"number": number_format(max(1, round(size / 1000)))}
    return _("%(number)s MB") % {"number": number_format(round(size / 1_000_000, 1), decimal_pos=1)}


# The texts of forms are few and come again with every page.
_markdown = lru_cache(maxsize=2000)(markdown)

FILTERS = {
    "markdown": _markdown,
    "day": day,
    "moment": moment,
    "weekday": weekday,
    "euro": euro,
    "file_size": file_size,
}

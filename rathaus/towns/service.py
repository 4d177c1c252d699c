"""The door of towns: which town a host belongs to, and what the active town has decided."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models.signals import post_delete, post_save

from rathaus.law.holidays import HolidayCalendar
from rathaus.towns.context import acting_for, current_town
from rathaus.towns.models import Setting, Town, TownHost

# Towns and settings are read with every page and change a few times a year. A process may serve what was true
# this many seconds ago; a change made by the same process counts at once.
CACHE_SECONDS = 5.0


@dataclass
class _Cache:
    hosts: dict[str, Town] = field(default_factory=dict)
    default: Town | None = None
    hosts_read_at: float = float("-inf")
    settings: dict[int, tuple[float, list[Setting]]] = field(default_factory=dict)

    def clear(self, **_: object) -> None:
        self.hosts_read_at = float("-inf")
        self.settings.clear()


_cache = _Cache()
for _model in (Town, TownHost, Setting):
    for _signal in (post_save, post_delete):
        _signal.connect(_cache.clear, sender=_model, weak=False)


def forget() -> None:
    """Drop what this process remembers about towns (tests that roll back need it)."""
    _cache.clear()


def _read_hosts() -> None:
    if time.monotonic() - _cache.hosts_read_at < CACHE_SECONDS:
        return
    rows = TownHost.objects.select_related("town").order_by("pk")
    _cache.hosts = {row.host: row.town for row in rows}
    _cache.default = next((town for town in _cache.hosts.values() if town.is_default), None)
    _cache.hosts_read_at = time.monotonic()


def town_for_host(host: str) -> Town | None:
    """The town that answers under `host` (with or without port), or None."""
    _read_hosts()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return _cache.hosts.get(name.lower().rstrip("."))


def default_town() -> Town | None:
    """The town that answers under unknown hosts in demo mode."""
    _read_hosts()
    return _cache.default


def main_host() -> str | None:
    """The host name under which the active town was first made to answer, or None if it has none."""
    _read_hosts()
    here = current_town().pk
    return next((host for host, town in _cache.hosts.items() if town.pk == here), None)


def remembered_town(host: str) -> Town | None:
    """What this process last knew about `host`, without asking the database: for pages shown while it is away."""
    return _cache.hosts.get(host.rsplit(":", 1)[0].lower()) or _cache.default


def all_towns() -> list[Town]:
    """Every town of the installation, for work that visits each in turn."""
    return list(Town.objects.order_by("pk"))


def _valid_rows(day: date) -> list[Setting]:
    town = current_town()
    read_at, rows = _cache.settings.get(town.pk, (float("-inf"), []))
    if time.monotonic() - read_at >= CACHE_SECONDS:
        rows = list(Setting.objects.order_by("key", "valid_from"))
        _cache.settings[town.pk] = (time.monotonic(), rows)
    return [row for row in rows if row.valid_from <= day]


def settings_on(day: date) -> dict[str, Any]:
    """The active town's settings in force on `day`: key → value."""
    return {row.key: row.value for row in _valid_rows(day)}


def setting_on(key: str, day: date) -> Setting | None:
    """One setting in force on `day`, with its source and first day, or None if the town never decided it."""
    rows: list[Setting] = [row for row in _valid_rows(day) if row.key == key]
    return rows[-1] if rows else None


def decide_setting(key: str, value: Any, *, valid_from: date, source: str) -> Setting:
    """Record what the active town decided from a day on; an earlier value stays on record."""
    row: Setting = Setting.objects.update_or_create(
        key=key, valid_from=valid_from, defaults={"value": value, "source": source}
    )[0]
    return row


def holiday_calendar() -> HolidayCalendar:
    """Public holidays of the active town's Land and its own extra ones."""
    town = current_town()
    return HolidayCalendar(town.land, extra=[date.fromisoformat(day) for day in town.extra_holidays])


def rule_context(day: date) -> Mapping[str, Any]:
    """The variables `town` and `today` that rules of services may use."""
    town = current_town()
    return {
        "town": {
            "slug": town.slug,
            "ags": town.ags,
            "name": town.name,
            "land": town.land,
            "postal_codes": town.postal_codes,
            "settings": settings_on(day),
        },
        "today": day,
    }


def acting_for_slug(slug: str) -> Any:
    """`acting_for` by a town's slug, for commands; raises `Town.DoesNotExist`."""
    return acting_for(Town.objects.get(slug=slug))

"""Towns: who runs this town hall, how it looks, where its offices are, and what its dated settings say."""

from __future__ import annotations

from django.db import models

from rathaus.towns.owned import TownOwned
from rathaus.towns.town import Land, Town, TownHost

__all__ = ["Land", "Office", "Setting", "Town", "TownHost"]


class Office(TownOwned):
    """An organisational unit that does work (*Fachbereich*, *Sachgebiet*)."""

    key = models.SlugField()
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=60)
    address = models.JSONField(default=dict)  # street, postal_code, city
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    opening_hours = models.JSONField(default=list)  # [{"day": 0–6, "from": "08:00", "until": "12:00"}]

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "key"], name="office_key_per_town")]

    def __str__(self) -> str:
        return self.name


class Setting(TownOwned):
    """What a town decided, from a day on: fees, waived deliveries, permissions to automate.

    Law and council decisions change on dates, so a value is never overwritten: the row whose `valid_from` is the
    latest on or before the day in question counts.
    """

    key = models.CharField(max_length=120)  # for example `gewerbeanmeldung.gebuehr`
    value = models.JSONField()
    valid_from = models.DateField()
    source = (
        models.TextField()
    )  # the paragraph, by-law or resolution, or the reason why it is only an example

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "key", "valid_from"], name="setting_once_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.valid_from})"

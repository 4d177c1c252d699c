"""The base of every row: it belongs to a town, and is only found while that town is active."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, TypeVar

from django.db import models

from rathaus.towns.context import current_town, current_town_or_none
from rathaus.towns.town import Town

M = TypeVar("M", bound=models.Model)


def current_town_id() -> int | None:
    """Default of every `town` column. Without an active town it stays empty, and the database refuses the row."""
    town = current_town_or_none()
    return town.pk if town else None


@lru_cache(maxsize=512)
def _rows_of(model: type[M], town_id: int) -> models.QuerySet[M]:
    """The town's rows of a model, to be copied by `all()`: a tenth of the time it takes to build the condition anew.

    Nothing may be asked of it but copies; it would remember the rows it found.
    """
    rows: models.QuerySet[M] = models.QuerySet(model).filter(town_id=town_id)
    return rows


class TownManager(models.Manager[M]):
    """Finds rows of the active town only; raises `NoTownActiveError` without one."""

    def get_queryset(self) -> models.QuerySet[M]:
        town = current_town().pk
        if self._db is None and not self._hints:  # type: ignore[attr-defined]
            return _rows_of(self.model, town).all()
        return super().get_queryset().filter(town_id=town)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[M]:
        # Inserting needs no filter; the column's default names the town.
        return super().get_queryset().bulk_create(objs, *args, **kwargs)


class TownOwned(models.Model):
    """A row of one town.

    `objects` sees the active town's rows only. `across_towns` is for the few jobs that look after all towns
    (the worker, the sweeper, `reconcile`), each of which then acts for the row's own town.
    """

    town = models.ForeignKey(
        Town, on_delete=models.PROTECT, default=current_town_id, editable=False, related_name="+"
    )

    objects: ClassVar[TownManager[Any]] = TownManager()
    across_towns: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

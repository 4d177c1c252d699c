"""The situations in life and business that lead people to services (*Lebens- und Geschäftslagen*)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class LifeSituation:
    """A situation as `service.toml` names it, in the words of the people who are in it."""

    key: str
    title: Promise
    summary: Promise


_SITUATIONS = (
    LifeSituation(
        "gruenden",
        _("Ein Unternehmen gründen"),
        _("Laden, Handwerk, Online-Handel oder Beratung: So fangen Sie richtig an."),
    ),
    LifeSituation(
        "familie",
        _("Ein Kind bekommen"),
        _("Geld und Zeit für die ersten Monate mit Ihrem Kind."),
    ),
    LifeSituation(
        "wohnen",
        _("Wohnen und Miete"),
        _("Unterstützung, wenn die Wohnung mehr kostet, als Sie tragen können."),
    ),
    LifeSituation(
        "bauen",
        _("Bauen und umbauen"),
        _("Vom Carport bis zum Mehrfamilienhaus: Was Sie vor dem ersten Stein brauchen."),
    ),
)


def situations_with_services(keys: Iterable[str]) -> list[LifeSituation]:
    """The known situations among `keys`, in the order in which the portal shows them."""
    wanted = set(keys)
    return [situation for situation in _SITUATIONS if situation.key in wanted]


def life_situation(key: str) -> LifeSituation | None:
    """The situation with this key, or None."""
    return next((situation for situation in _SITUATIONS if situation.key == key), None)

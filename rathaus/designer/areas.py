"""What a design can be looked at by: the ways on its left-hand side, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Area:
    """One way: a page of the designer that needs nothing but the design (its primary key)."""

    name: str  # of the address, without `designer:`; templates say `{% set area = "…" %}`
    label: StrOrPromise


AREAS: tuple[Area, ...] = (
    Area("overview", _("Übersicht")),
    Area("pages", _("Seiten und Fragen")),
    Area("conditions", _("Bedingungen")),
    Area("code_lists", _("Auswahllisten")),
    Area("decisions", _("Entscheidungen")),
    Area("fee", _("Gebühr")),
    Area("service_texts", _("Texte der Leistung")),
    Area("details", _("Angaben")),
    Area("trial", _("Ausprobieren")),
    Area("history", _("Verlauf")),
    Area("differences", _("Unterschiede zu live")),
    Area("publishing", _("Veröffentlichen")),
)

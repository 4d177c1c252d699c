"""What a design can be looked at by: the ways on its left-hand side, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Area:
    """One way: a page of the designer that needs nothing but the design (its primary key)."""

    name: str  # of the address, without `designer:`; templates say `{% set area = "…" %}`
    label: StrOrPromise
    group: StrOrPromise = ""  # the heading it stands under; areas of a group follow each other


_FORM = _("Formular")
_SERVICE = _("Leistung")
_PROCESS = _("Vorgang")
_TRYING = _("Erproben")
_STATE = _("Stand")

AREAS: tuple[Area, ...] = (
    Area("overview", _("Übersicht")),
    Area("pages", _("Seiten und Fragen"), _FORM),
    Area("conditions", _("Bedingungen"), _FORM),
    Area("rules", _("Regeln"), _FORM),
    Area("code_lists", _("Auswahllisten"), _FORM),
    Area("service_texts", _("Texte der Leistung"), _SERVICE),
    Area("details", _("Angaben"), _SERVICE),
    Area("fee", _("Gebühr"), _SERVICE),
    Area("flow", _("Ablauf"), _PROCESS),
    Area("decisions", _("Entscheidungen"), _PROCESS),
    Area("letters", _("Schreiben"), _PROCESS),
    Area("trial", _("Ausprobieren"), _TRYING),
    Area("examples", _("Beispiele"), _TRYING),
    Area("replay", _("Frühere Anträge"), _TRYING),
    Area("findings", _("Befunde"), _STATE),
    Area("fim", _("Neue FIM-Fassung"), _STATE),
    Area("history", _("Verlauf"), _STATE),
    Area("differences", _("Unterschiede zu live"), _STATE),
    Area("publishing", _("Veröffentlichen"), _STATE),
)

GROUPS: tuple[tuple[StrOrPromise, tuple[Area, ...]], ...] = tuple(
    (heading, tuple(areas)) for heading, areas in groupby(AREAS, key=lambda area: area.group)
)

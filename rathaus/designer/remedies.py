"""What may be done against decisions of a service in the town's Land (§ 37 Abs. 6 VwVfG), as designers state it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rathaus.designer.changing import Refused
from rathaus.editing import Edit, SetServiceValue
from rathaus.letters.remedy import PERIODS, TOWN

_TEXTS = ("kind", "period", "legal_basis", "court_setting")
_LETTERS = "letters"

KINDS = (("klage", gettext_lazy("Klage")), ("widerspruch", gettext_lazy("Widerspruch")))
_PERIOD_NAMES = {"2 weeks": gettext_lazy("zwei Wochen"), "1 month": gettext_lazy("ein Monat")}


@dataclass(frozen=True, slots=True)
class RemedyForm:
    """The remedy of a service in a Land as a form shows it; `of_town`: the town's setting says it until then."""

    land: str
    given: Mapping[str, str]
    letters: Sequence[str]
    of_town: str

    @classmethod
    def of(cls, remedy: Mapping[str, Any], land: str) -> RemedyForm:
        """As service.toml (its table `remedy`) has it."""
        own, town = remedy.get(land, {}), remedy.get(TOWN, {})
        return cls(
            land,
            {key: str(own.get(key, "")) for key in _TEXTS},
            tuple(own.get(_LETTERS, town.get(_LETTERS, ()))),
            "" if own else str(town.get("setting", "")),
        )

    def typed(self, post: QueryDict) -> RemedyForm:
        """As somebody typed it; as it is where the form does not speak of it."""
        given = {key: post.get(f"remedy.{key}", text).strip() for key, text in self.given.items()}
        letters = [one for one in post.getlist(f"remedy.{_LETTERS}") if one]
        return RemedyForm(
            self.land, given, letters if f"remedy.{_LETTERS}" in post else self.letters, self.of_town
        )

    @property
    def periods(self) -> list[tuple[str, Any]]:
        """The periods that letters can state."""
        return [(period, _PERIOD_NAMES.get(period, period)) for period in PERIODS]

    def edits(self, before: RemedyForm) -> list[Edit] | Refused:
        """What makes it of what was there before, or what is missing."""
        if (dict(self.given), list(self.letters)) == (dict(before.given), list(before.letters)):
            return []
        if not self.given["kind"]:
            return [SetServiceValue(f"remedy.{self.land}", None)] if before.given["kind"] else []
        if missing := self._missing():
            return Refused(missing)
        edits: list[Edit] = [
            SetServiceValue(f"remedy.{self.land}.{key}", text or None)
            for key, text in self.given.items()
            if text != before.given[key]
        ]
        if before.of_town or list(self.letters) != list(before.letters):
            edits.append(SetServiceValue(f"remedy.{self.land}.{_LETTERS}", list(self.letters)))
        return edits

    def _missing(self) -> str:
        if self.given["period"] not in PERIODS:
            return _("Wählen Sie die Frist des Rechtsbehelfs.")
        if not self.given["legal_basis"]:
            return _("Nennen Sie die Rechtsgrundlage des Rechtsbehelfs, zum Beispiel § 74 VwGO.")
        if self.given["kind"] == "klage" and not self.given["court_setting"]:
            return _("Nennen Sie die Einstellung der Stadt, in der das zuständige Gericht steht.")
        if not self.letters:
            return _("Wählen Sie die Schreiben, gegen die der Rechtsbehelf möglich ist.")
        return ""

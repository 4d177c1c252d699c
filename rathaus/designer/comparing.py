"""What becomes of applications in plain words: one outcome beside another, each place with its page of the designer."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext as _

from rathaus.catalogue.package import Package
from rathaus.editing.form import FormFiles
from rathaus.editing.naming import field_label
from rathaus.office.wording import named
from rathaus.processes.definition import Definition, DefinitionError, read_definition
from rathaus.processes.replaying import Outcome
from rathaus.rules.cells import spoken
from rathaus.rules.expressions import STRING


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that came out; `address`: where it is designed, empty if there is no page for it."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One aspect of two outcomes. A side that says nothing of it is empty."""

    label: str
    before: tuple[Said, ...]
    after: tuple[Said, ...]


class Teller:
    """Says outcomes in the words of one package; with the primary key of a design, it leads to its pages."""

    def __init__(self, package: Package, design: int | None = None) -> None:
        self._package = package
        self._design = design
        self._form = FormFiles(package.files)

    def tell(self, aspect: str, outcome: Outcome) -> tuple[Said, ...]:
        """What an outcome says of one aspect; nothing if it does not mention it."""
        value = outcome.get(aspect)
        match aspect:
            case "valid" if value:
                return (Said(_("Das Formular nimmt die Angaben an")),)
            case "valid":
                return tuple(self._problem(one) for one in outcome.get("errors", ()))
            case "notices":
                return tuple(self._problem(one) for one in value or ())
            case "fault":
                return (
                    (Said(_("Der Vorgang bleibt stehen bei „%(step)s“") % {"step": self._step(value)}),)
                    if value
                    else ()
                )
            case "route":
                return (self._route(value),) if value else ()
            case "reasons":
                return tuple(self._reason(row) for row in value or ())
            case "fee":
                return (self._fee(value),)
            case "decision":
                return (Said(str(value) if value else _("noch keine")),)
            case "letters":
                return tuple(Said(self._letter(template)) for template in value or ())
            case _:
                return tuple(Said(self._step(step)) for step in value or ())

    def _address(self, name: str, *args: str) -> str:
        return reverse(f"designer:{name}", args=[self._design, *args]) if self._design is not None else ""

    def _problem(self, stated: Mapping[str, str]) -> Said:
        path, rule = stated.get("path", ""), stated.get("rule", "")
        label = field_label(self._form, path)
        address = self._address("question", path) if path in self._package.tree.nodes else ""
        if rule in self._messages:
            return Said(f"„{label}“: {self._messages[rule]}" if path else self._messages[rule], address)
        if rule.startswith("required"):
            return Said(_("„%(question)s“ fehlt") % {"question": label}, address)
        return Said(_("„%(question)s“ wird so nicht angenommen") % {"question": label}, address)

    @cached_property
    def _messages(self) -> Mapping[str, str]:
        """What the form's own checks say, by their id."""
        given = tomllib.loads(self._package.files["form.toml"].decode())
        return {str(check.get("id")): str(check.get("message", "")) for check in given.get("check", [])}

    @staticmethod
    def _route(route: str) -> Said:
        return Said(_("Grün: Niemand muss etwas tun") if route == "gruen" else _("Eine Person entscheidet"))

    def _reason(self, row: str) -> Said:
        table = str(self._package.service.automation.get("reasons", ""))
        address = self._address("decision", table) if table in self._package.decisions else ""
        return Said(self._reasons.get(row, row), address)

    @cached_property
    def _reasons(self) -> Mapping[str, str]:
        """Why a person looks, by the name of the table's row, in the language of the page where it is written."""
        table = self._package.decisions.get(self._package.service.automation.get("reasons", ""))
        if table is None:
            return {}
        names = [output.name for output in table.outputs]
        rows = (
            dict(
                zip(
                    names,
                    (spoken(cell.source, STRING, condition=False) for cell in rule.results),
                    strict=True,
                )
            )
            for rule in table.rules
        )
        other = f"grund_{get_language() or 'de'}"
        return {
            row["regel"]: row.get(other) or row["grund"]
            for row in rows
            if row.get("regel") and row.get("grund")
        }

    def _fee(self, fee: Mapping[str, int] | str | None) -> Said:
        address = self._address("fee")
        if isinstance(fee, Mapping):
            return Said(_euro(fee["amount_cents"]), address)
        return Said(_("nach der Einstellung „%(key)s“") % {"key": fee} if fee else _("keine"), address)

    def _letter(self, template: str) -> str:
        elements = self._definition.elements.values() if self._definition else ()
        given = next((one.parameters for one in elements if one.parameters.get("template") == template), {})
        return given.get(f"title_{get_language()}") or given.get("title") or template

    def _step(self, element: str) -> str:
        found = self._definition.elements.get(element) if self._definition else None
        return named(found.names) if found and found.names else element

    @cached_property
    def _definition(self) -> Definition | None:
        try:
            return read_definition(self._package.process_xml)
        except DefinitionError:
            return None


def _euro(cents: int) -> str:
    return f"{number_format(Decimal(cents) / 100, decimal_pos=2, force_grouping=True)} €"


# What the aspects of an outcome are called.
_LABELS = {
    "valid": gettext_noop("Angaben"),
    "notices": gettext_noop("Hinweise beim Ausfüllen"),
    "fault": gettext_noop("Ablauf"),
    "route": gettext_noop("Weg"),
    "reasons": gettext_noop("Gründe, dass jemand hinsieht"),
    "fee": gettext_noop("Gebühr"),
    "decision": gettext_noop("Entscheidung"),
    "letters": gettext_noop("Schreiben"),
    "waiting": gettext_noop("Nächster Schritt"),
}


def aspect_name(aspect: str) -> str:
    """What an aspect of an outcome is called."""
    return gettext(_LABELS[aspect])


def lines(
    aspects: Iterable[str], before: Teller, was: Outcome, after: Teller, is_now: Outcome
) -> tuple[Line, ...]:
    """Two outcomes side by side, each in the words of its own package."""
    return tuple(
        Line(aspect_name(aspect), before.tell(aspect, was), after.tell(aspect, is_now)) for aspect in aspects
    )

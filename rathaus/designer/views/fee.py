"""The fee: the rule that says what a service costs, and the amounts the town has decided from which day on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.audit import service as audit
from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save
from rathaus.designer.opened import Opened
from rathaus.designer.processing import fault_in_process
from rathaus.designer.shell import design_page
from rathaus.designer.tables import askable, tables_of
from rathaus.editing import AddFeeRule
from rathaus.editing.fees import has_rule, settings_of
from rathaus.office.access import person
from rathaus.processes.definition import APPLICANT_LANE, MACHINE_TASKS, Definition
from rathaus.towns.models import Office
from rathaus.towns.service import decide_setting, setting_on

_MOST_QUESTIONS = 3
_KEY = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)*")
_MOST = Decimal(1_000_000)


@require_http_methods(["GET", "POST"])
@of_design
def fee(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`gebuehr/`: what the service costs; a rule can be added, and an amount decided from a day on."""
    refused = None
    if request.method == "POST":
        outcome = (
            _decide_amount(request, opened) if "betrag_fuer" in request.POST else _add_rule(request, opened)
        )
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    tables = tables_of(opened)
    given: Mapping[str, Any] = tomllib.loads(opened.files["service.toml"].decode())
    rule = given.get("fee", {})
    today = timezone.localdate()
    return design_page(
        request,
        opened,
        "designer/fee.html",
        {
            "has_rule": has_rule(opened.files),
            "table": rule.get("decision", ""),
            "amounts": [(key, setting_on(key, today)) for key in settings_of(opened.files)],
            "setting": rule.get("setting") or f"{opened.design.key}.gebuehr",
            "legal_basis": rule.get("legal_basis", ""),
            "questions": askable(tables.package) if tables.package else [],
            "places": range(_MOST_QUESTIONS),
            "steps": steps_before(tables.definition),
            "usual": usual_step(tables.definition),
            "lane_choices": _lane_choices(given),
            "today": today.isoformat(),
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _lane_choices(service: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The lanes of the process with the office that works in each."""
    names = dict(Office.objects.values_list("key", "name"))
    return [
        (lane, names.get(office, lane))
        for lane, office in service.get("lanes", {}).items()
        if lane != APPLICANT_LANE
    ]


def steps_before(definition: Definition | None) -> list[tuple[str, str]]:
    """The steps after which something can be put in: those of the machine that exactly one step follows."""
    if definition is None:
        return []
    return [
        (element.id, element.names.get("de") or element.id)
        for element in definition.of_kind(*MACHINE_TASKS)
        if sum(flow.source == element.id for flow in definition.flows) == 1
    ]


def usual_step(definition: Definition | None) -> str:
    """Where a fee is decided if nobody says otherwise: right after the first decision of the case."""
    if definition is None:
        return ""
    deciding = [element.id for element in definition.of_kind(*MACHINE_TASKS) if element.operation == "decide"]
    return deciding[0] if deciding else ""


def _add_rule(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    tables = tables_of(seen)
    setting, legal_basis = (request.POST.get(name, "").strip() for name in ("einstellung", "rechtsgrundlage"))
    if not _KEY.fullmatch(setting):
        return Refused(
            _(
                "Nennen Sie die Einstellung mit kleinen Buchstaben und Punkt, zum Beispiel „angelschein.gebuehr“."
            )
        )
    if not legal_basis:
        return Refused(_("Nennen Sie die Rechtsgrundlage der Gebühr: Sie steht im Bescheid."))
    amount: tuple[int, date, str] | None = None
    if request.POST.get("betrag", "").strip() or setting_on(setting, timezone.localdate()) is None:
        given = _amount(request)
        if isinstance(given, Refused):
            return given
        amount = given
    questions = dict(askable(tables.package)) if tables.package else {}
    chosen = dict.fromkeys(request.POST.get(f"frage.{place}", "") for place in range(_MOST_QUESTIONS))
    edit = AddFeeRule(
        setting,
        legal_basis,
        request.POST.get("nach") or usual_step(tables.definition),
        request.POST.get("stelle", ""),
        tuple((questions[source], source) for source in chosen if source in questions),
    )
    if fault := fault_in_process(seen, edit):
        return fault
    outcome = save(request, opened, [edit], back=reverse("designer:fee", args=[opened.design.pk]))
    if not isinstance(outcome, Refused) and outcome.status_code == 302 and amount:
        _record(request, setting, *amount)
    return outcome


def _decide_amount(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    key = request.POST["betrag_fuer"].strip()
    if not _KEY.fullmatch(key):
        return Refused(
            _(
                "Nennen Sie die Einstellung mit kleinen Buchstaben und Punkt, zum Beispiel „angelschein.gebuehr“."
            )
        )
    given = _amount(request)
    if isinstance(given, Refused):
        return given
    _record(request, key, *given)
    messages.success(
        request, _("Der Betrag für „%(key)s“ gilt ab %(day)s.") % {"key": key, "day": f"{given[1]:%d.%m.%Y}"}
    )
    return HttpResponseRedirect(reverse("designer:fee", args=[opened.design.pk]))


def _amount(request: HttpRequest) -> tuple[int, date, str] | Refused:
    """Cents, first day and source as typed in."""
    typed = request.POST.get("betrag", "").strip().removesuffix("€").strip()
    try:
        euros = Decimal(typed.replace(".", "").replace(",", ".") if "," in typed else typed)
    except InvalidOperation:
        euros = Decimal(-1)
    cents = euros * 100
    if not 0 <= euros < _MOST or cents != cents.to_integral_value():
        return Refused(_("Geben Sie den Betrag in Euro an, zum Beispiel 30,00."))
    try:
        day = date.fromisoformat(request.POST.get("ab", ""))
    except ValueError:
        return Refused(_("Geben Sie den Tag an, ab dem der Betrag gilt."))
    source = request.POST.get("quelle", "").strip()
    if not source:
        return Refused(_("Nennen Sie die Quelle des Betrags, zum Beispiel die Satzung mit ihrer Nummer."))
    return int(cents), day, source


def _record(request: HttpRequest, key: str, cents: int, day: date, source: str) -> None:
    decide_setting(key, {"amount_cents": cents}, valid_from=day, source=source)
    audit.write(
        "setting.decided",
        "setting",
        key,
        actor=person(request),
        detail={"amount_cents": cents, "valid_from": day.isoformat(), "source": source},
    )


urls = [path("entwurf/<int:design>/gebuehr/", fee, name="fee")]

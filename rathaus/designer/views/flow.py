"""The way through the town hall: the process as a list of steps, each of which can be changed in a form."""

from __future__ import annotations

import re
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rathaus.designer.access import of_design
from rathaus.designer.changing import ORIGIN, Refused, as_seen, save, together
from rathaus.designer.flow import UNITS, Course, Step
from rathaus.designer.opened import Opened
from rathaus.designer.processing import fault_in_process
from rathaus.designer.shell import design_page
from rathaus.designer.tables import identifier
from rathaus.designer.wording import words_text
from rathaus.editing import (
    AddLane,
    AddStep,
    Edit,
    EditError,
    Files,
    RemoveStep,
    SetOutcomeLabel,
    SetServiceValue,
    SetStepDeadline,
    SetStepLane,
    SetStepName,
    SetStepTimer,
    SetWayCondition,
)
from rathaus.editing.diagram import PROCESS
from rathaus.editing.process import (
    NewKind,
    Period,
    Unit,
    drawn,
    ends_of,
    period_in,
    step_name,
    way_name,
    with_period,
)
from rathaus.editing.redrawing import redraw
from rathaus.processes.definition import APPLICANT_LANE, Element
from rathaus.towns.models import Office

FORMULA = "formel"
_MADE_UP = re.compile(r"\b(?:Activity|Gateway|Event|Flow|StartEvent)_[0-9a-z]{7}\b")
_NEW_KINDS = ("person", "decision", "letter")
_LONGEST = 1000  # of a period, in its unit
# What the drawing board says; keys that bpmn-js itself asks for are its own words.
_WORDS = {
    "label": gettext_lazy("Zeichnung des Ablaufs"),
    "unreadable": gettext_lazy("Der Ablauf lässt sich nicht zeichnen:"),
    "person": gettext_lazy("Schritt einer Person"),
    "choice": gettext_lazy("Verzweigung: genau ein Weg"),
    "together": gettext_lazy("Alle Wege zugleich"),
    "timer": gettext_lazy("Frist: an einen Schritt hängen oder als Warten zwischen zwei"),
    "end": gettext_lazy("Ende"),
    "connect": gettext_lazy("Weg zu einem anderen Schritt"),
    "space": gettext_lazy("Platz schaffen oder wegnehmen"),
    "lasso": gettext_lazy("Mehrere auswählen"),
    "remove": gettext_lazy("Entfernen"),
    "Search in diagram": gettext_lazy("Im Ablauf suchen"),
}


def _offices() -> dict[str, str]:
    return dict(Office.objects.order_by("name").values_list("key", "name"))


@require_http_methods(["GET", "POST"])
@of_design
def flow(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`ablauf/`: every step in order, who does it and what follows; and which office works in which lane."""
    offices = _offices()
    refused = None
    if request.method == "POST":
        outcome = _save_lanes(request, opened, offices)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    course = Course(opened, offices)
    steps = course.steps()
    return design_page(
        request,
        opened,
        "designer/flow.html",
        {
            "steps": steps,
            "numbers": {step.id: step.number for step in steps},
            "faults": course.faults(),
            "lanes": [
                (lane, request.POST.get(f"bahn.{lane}", course.lanes.get(lane, "")))
                for lane in course.drawn_lanes
            ],
            "offices": list(offices.items()),
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _save_lanes(request: HttpRequest, opened: Opened, offices: dict[str, str]) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    course = Course(seen, offices)
    edits: list[Edit] = []
    for lane in course.drawn_lanes:
        chosen = request.POST.get(f"bahn.{lane}", course.lanes.get(lane, ""))
        if chosen != course.lanes.get(lane, ""):
            if chosen not in offices:
                return Refused(_("Wählen Sie eine Stelle Ihrer Stadt."))
            edits.append(SetServiceValue(f"lanes.{lane}", chosen))
    if name := request.POST.get("neu.name", "").strip():
        office = request.POST.get("neu.stelle", "")
        if office not in offices:
            return Refused(_("Wählen Sie, welche Stelle in der neuen Bahn arbeitet."))
        edits.append(AddLane(identifier(name, course.drawn_lanes), office))
    if edits and (fault := fault_in_process(seen, together(edits))):
        return fault
    return save(request, opened, edits, back=reverse("designer:flow", args=[opened.design.pk]))


@require_http_methods(["GET", "POST"])
@of_design
def flow_step(request: HttpRequest, opened: Opened, step: str) -> HttpResponse:
    """`ablauf/<step>/`: one step with its names, who does it, deadlines, results and ways; new steps behind it."""
    offices = _offices()
    course = Course(opened, offices)
    shown = course.step(step)
    if shown is None:
        raise Http404
    refused = None
    if request.method == "POST":
        outcome = _change(request, opened, step, offices)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    element = course.elements[step]
    period = period_in(element.timer)
    typed = request.POST
    return design_page(
        request,
        opened,
        "designer/flow_step.html",
        {
            "step": shown,
            "element": element,
            "names": {
                language: typed.get(f"name.{language}", _own_name(element, language))
                for language in ("de", "en")
            },
            "lane_choices": course.lane_choices() if _is_persons(element) else [],
            "lane": typed.get("bahn", element.lane),
            "is_asked": _is_asked(element),
            "days": typed.get("frist", element.parameters.get("deadline_days", "")),
            "period": period,
            "amount": typed.get("dauer", period.amount if period else ""),
            "unit": typed.get("einheit", period.unit if period else ""),
            "units": list(UNITS.items()),
            "timer": typed.get("zeit", element.timer),
            "outcomes": [
                (one.value, language, typed.get(f"ergebnis.{one.value}.{language}", label))
                for one in element.outcomes
                for language, label in (("de", one.labels["de"]), ("en", one.labels.get("en", "")))
            ],
            "ways": [_condition(request, course, way.id, way.rule, way.target_name) for way in shown.ways],
            "conditions": course.known_conditions,
            "tables": [(name, course.tables.table(name).name) for name in course.tables.names()],
            "letters": sorted(course.tables.package.letters) if course.tables.package else [],
            "new_lanes": course.lane_choices(),
            "numbers": {one.id: one.number for one in course.steps()},
            "refused": refused.text if refused else "",
            "typed": typed,
        },
        status=422 if refused else 200,
    )


def _own_name(element: Element, language: str) -> str:
    name = element.names.get(language, "")
    return "" if name == element.id and language == "de" else name


def _is_persons(element: Element) -> bool:
    return element.kind == "userTask" and element.lane != APPLICANT_LANE


def _is_asked(element: Element) -> bool:
    return element.kind == "userTask" and element.lane == APPLICANT_LANE


def _condition(request: HttpRequest, course: Course, way: str, rule: str, target: str) -> dict[str, object]:
    known = [source for source, _text in course.known_conditions]
    return {
        "id": way,
        "rule": rule,
        "target": target,
        "chosen": request.POST.get(f"wenn.{way}", rule if rule in known else FORMULA),
        "formula": request.POST.get(f"formel.{way}", rule),
    }


def _change(
    request: HttpRequest, opened: Opened, step: str, offices: dict[str, str]
) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    course = Course(seen, offices)
    element = course.elements.get(step)
    back = reverse("designer:flow_step", args=[opened.design.pk, step])
    if element is None:
        return Refused(_("Diesen Schritt gab es noch nicht, als Sie die Seite öffneten. Öffnen Sie sie neu."))
    act = request.POST.get("was", "")
    edits: list[Edit] | Refused
    if act == "entfernen":
        edits, back = [RemoveStep(step)], reverse("designer:flow", args=[opened.design.pk])
    elif act == "einfuegen":
        edits = _new_step(request, seen)
    else:
        edits = [*_texts(request, element), *_lane(request, element)]
        for found in (_times(request, element), _ways(request, course, step)):
            if isinstance(found, Refused):
                return found
            edits += found
    if isinstance(edits, Refused):
        return edits
    if edits and (fault := fault_in_process(seen, together(edits))):
        return fault
    return save(request, opened, edits, back=back)


def _texts(request: HttpRequest, element: Element) -> list[Edit]:
    edits: list[Edit] = []
    for language in ("de", "en"):
        name = request.POST.get(f"name.{language}")
        if name is not None and name.strip() != _own_name(element, language):
            edits.append(SetStepName(element.id, language, name.strip()))
    for outcome in element.outcomes:
        for language in ("de", "en"):
            label = request.POST.get(f"ergebnis.{outcome.value}.{language}")
            if label is not None and label.strip() != outcome.labels.get(language, ""):
                edits.append(SetOutcomeLabel(element.id, outcome.value, language, label.strip()))
    return edits


def _lane(request: HttpRequest, element: Element) -> list[Edit]:
    lane = request.POST.get("bahn", element.lane)
    return [SetStepLane(element.id, lane)] if lane != element.lane else []


def _times(request: HttpRequest, element: Element) -> list[Edit] | Refused:
    edits: list[Edit] = []
    days = request.POST.get("frist", "").strip()
    if _is_asked(element) and days != element.parameters.get("deadline_days", ""):
        if not _is_count(days):
            return Refused(_("Geben Sie die Frist als Zahl von Tagen an, mindestens 1."))
        edits.append(SetStepDeadline(element.id, int(days)))
    if not element.timer:
        return edits
    if period_in(element.timer) is None:
        timer = request.POST.get("zeit", element.timer).strip()
    else:
        amount, unit = request.POST.get("dauer", "").strip(), request.POST.get("einheit", "")
        if not _is_count(amount) or unit not in UNITS:
            return Refused(_("Sagen Sie, wie lange gewartet wird: eine Zahl ab 1, zum Beispiel 14 Tage."))
        timer = with_period(element.timer, Period(int(amount), cast(Unit, unit)))
    if timer != element.timer:
        edits.append(SetStepTimer(element.id, timer))
    return edits


def _is_count(text: str) -> bool:
    return text.isdecimal() and len(text) < 5 and 1 <= int(text) <= _LONGEST


def _ways(request: HttpRequest, course: Course, step: str) -> list[Edit] | Refused:
    edits: list[Edit] = []
    shown: Step | None = course.step(step)
    for way in shown.ways if shown else ():
        if not way.rule:
            continue
        chosen = request.POST.get(f"wenn.{way.id}", way.rule)
        rule = (request.POST.get(f"formel.{way.id}", way.rule) if chosen == FORMULA else chosen).strip()
        if rule != way.rule:
            edits.append(SetWayCondition(way.id, rule))
    return edits


def _new_step(request: HttpRequest, seen: Opened) -> list[Edit] | Refused:
    kind = request.POST.get("art", "")
    name, english = (request.POST.get(key, "").strip() for key in ("titel", "titel_en"))
    if kind not in _NEW_KINDS:
        return Refused(_("Wählen Sie, was in dem neuen Schritt geschieht."))
    if not name or not english:
        return Refused(_("Geben Sie dem Schritt einen Namen auf Deutsch und auf Englisch."))
    taken = [*drawn(seen.files).by_id, *(f"{key}_weiter" for key in drawn(seen.files).by_id)]
    what = request.POST.get("tabelle" if kind == "decision" else "brief", "")
    return [
        AddStep(
            request.POST.get("weg", ""),
            identifier(name, taken),
            cast(NewKind, kind),
            name,
            english,
            request.POST.get("bahn_neu", "") if kind == "person" else "",
            what if kind != "person" else "",
        )
    ]


@require_http_methods(["GET", "POST"])
@of_design
def flow_diagram(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`diagramm/`: the process drawn; what is posted is stored only if it can run, and shown again if not."""
    refused = None
    if request.method == "POST":
        outcome = _save_drawn(request, opened)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    drawn_now = opened.files.get(PROCESS, b"").decode("utf-8", "replace")
    return design_page(
        request,
        opened,
        "designer/flow_diagram.html",
        {
            "bpmn": request.POST.get("bpmn", drawn_now),
            "words": {key: str(text) for key, text in _WORDS.items()},
            "conditions": Course(opened, {}).known_conditions,
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _save_drawn(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    seen = as_seen(request, opened)
    try:
        # After a conflict its author has seen both sides.
        edit = redraw(seen.files, request.POST.get("bpmn", ""), over=ORIGIN in request.POST)
    except EditError as error:
        return Refused(words_text(error.words))
    if edit is not None and (fault := fault_in_process(seen, edit)):
        return Refused(_with_names(fault.text, edit.apply(seen.files)))
    back = reverse("designer:flow_diagram", args=[opened.design.pk])
    return save(request, opened, [edit] if edit else [], back=back)


def _with_names(text: str, files: Files) -> str:
    """A sentence about steps that has their names in place of the ids a drawing program made up."""

    def name(found: re.Match[str]) -> str:
        named = way_name(files, found[0]) if ends_of(files, found[0]) else step_name(files, found[0])
        return f"„{named}“" if named != found[0] else found[0]

    return _MADE_UP.sub(name, text)


urls = [
    path("entwurf/<int:design>/diagramm/", flow_diagram, name="flow_diagram"),
    path("entwurf/<int:design>/ablauf/", flow, name="flow"),
    path("entwurf/<int:design>/ablauf/<str:step>/", flow_step, name="flow_step"),
]

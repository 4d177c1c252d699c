"""Decision tables: what each decides, its rows in plain words, and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused, as_seen, save, together
from rathaus.designer.opened import Opened
from rathaus.designer.shell import design_page
from rathaus.designer.tables import CellFault, Column, Tables, askable, identifier, policy_words, tables_of
from rathaus.designer.trying import tried_examples, tried_values
from rathaus.designer.wording import words_text
from rathaus.editing import (
    AddDecisionRow,
    AddDecisionTable,
    Edit,
    EditError,
    MoveDecisionRow,
    RemoveDecisionRow,
    SetDecisionCell,
)
from rathaus.editing.decisions import ANNOTATION, new_row_id
from rathaus.rules.cells import ANYTHING, quoted
from rathaus.rules.decisions import DecisionTable, TableRule

_MOST_QUESTIONS = 4
NEW = "neu"  # the row that is not there yet


@require_http_methods(["GET", "POST"])
@of_design
def decisions(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`entscheidungen/`: every table, what it decides and where the process asks it; and a way to a new one."""
    refused = None
    if request.method == "POST":
        outcome = _add_table(request, opened)
        if not isinstance(outcome, Refused):
            return outcome
        refused = outcome
    tables = tables_of(opened)
    shown: list[dict[str, object]] = []
    for name in tables.names():
        try:
            table = tables.table(name)
        except EditError as error:
            shown.append({"name": name, "title": name, "fault": words_text(error.words)})
            continue
        columns = tables.columns(table)
        shown.append(
            {
                "name": name,
                "title": table.name,
                "description": table.description,
                "asks": [column.label for column in columns if column.is_condition],
                "says": [column.label for column in columns if not column.is_condition],
                "rows": len(table.rules),
                "uses": tables.uses(name),
                "faults": len(tables.faults(name)),
            }
        )
    return design_page(
        request,
        opened,
        "designer/decisions.html",
        {
            "tables": shown,
            "questions": askable(tables.package) if tables.package else [],
            "places": range(_MOST_QUESTIONS),
            "refused": refused.text if refused else "",
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _add_table(request: HttpRequest, opened: Opened) -> HttpResponse | Refused:
    title, says = (request.POST.get(name, "").strip() for name in ("titel", "sagt"))
    tables = tables_of(opened)
    questions = dict(askable(tables.package)) if tables.package else {}
    chosen = [request.POST.get(f"frage.{place}", "") for place in range(_MOST_QUESTIONS)]
    asked = [(questions[source], source) for source in dict.fromkeys(chosen) if source in questions]
    otherwise = request.POST.get("sonst", "").strip()
    if not title:
        return Refused(_("Geben Sie der Tabelle einen Namen, zum Beispiel „Ermäßigung“."))
    if not asked:
        return Refused(_("Wählen Sie mindestens eine Frage, nach der sich die Entscheidung richtet."))
    if not says or not otherwise:
        return Refused(
            _("Schreiben Sie, was die Tabelle bestimmt und was gilt, wenn keine andere Zeile passt.")
        )
    name = identifier(title, tables.names())
    output = identifier(says)
    edit = AddDecisionTable(
        name, title, tuple(asked), output, says, quoted(otherwise), request.POST.get("wozu", "").strip()
    )
    return save(request, opened, [edit], back=reverse("designer:decision", args=[opened.design.pk, name]))


@require_http_methods(["GET", "POST"])
@of_design
def decision(request: HttpRequest, opened: Opened, table: str) -> HttpResponse:
    """`entscheidungen/<table>/`: the rows, to be changed as one; with `probe` in the address: what comes out."""
    tables = tables_of(opened)
    if table not in tables.names():
        raise Http404
    try:
        read = tables.table(table)
    except EditError as error:
        return design_page(
            request, opened, "designer/decision_fault.html", {"fault": words_text(error.words)}
        )
    refused: Sequence[CellFault] = ()
    if request.method == "POST":
        outcome = _change(request, opened, table)
        if isinstance(outcome, HttpResponse):
            return outcome
        refused = outcome
    columns = tables.columns(read)
    faults = refused or tables.faults(table)
    hits = tried_values(tables, table, request.GET) if request.GET.get("probe") == "werte" else None
    examples = tried_examples(tables, table) if request.GET.get("probe") == "beispiele" else None
    return design_page(
        request,
        opened,
        "designer/decision.html",
        {
            "name": table,
            "title": read.name,
            "table": read,
            "policy": policy_words(read.hit_policy),
            "columns": columns,
            "rows": _rows(request, tables, read, columns, faults),
            "new": _new_row(request, columns, faults),
            "before": request.POST.get("neu.vor", _catch_all(read)),
            "uses": tables.uses(table),
            "refused": refused,
            "faults": {(fault.row, fault.column): fault.message for fault in faults},
            "hits": hits,
            "examples": examples,
            "tried": request.GET,
            "typed": request.POST,
        },
        status=422 if refused else 200,
    )


def _rows(
    request: HttpRequest,
    tables: Tables,
    table: DecisionTable,
    columns: list[Column],
    faults: Sequence[CellFault],
) -> list[dict[str, object]]:
    wrong = {(fault.row, fault.column): fault.message for fault in faults}
    never = tables.never_asked(table)
    return [
        {
            "id": rule.id,
            "cells": [
                _cell(request, rule.id, column, text, wrong)
                for column, text in zip(columns, _spoken(rule, columns), strict=True)
            ],
            "annotation": request.POST.get(f"{rule.id}:{ANNOTATION}", rule.annotation),
            "never": never.get(rule.id, 0),
        }
        for rule in table.rules
    ]


def _new_row(request: HttpRequest, columns: list[Column], faults: Sequence[CellFault]) -> dict[str, object]:
    wrong = {(fault.row, fault.column): fault.message for fault in faults}
    return {
        "id": NEW,
        "cells": [_cell(request, NEW, column, "", wrong) for column in columns],
        "annotation": request.POST.get(f"{NEW}:{ANNOTATION}", ""),
    }


def _cell(
    request: HttpRequest, row: str, column: Column, text: str, wrong: dict[tuple[str, str], str]
) -> dict[str, object]:
    shown = request.POST.get(f"{row}:{column.key}", text)
    return {
        "column": column,
        "text": shown,
        "lines": min(max(shown.count("\n") + 1, len(shown) // 14 + 1), 10),
        "fault": wrong.get((row, column.key), ""),
    }


def _spoken(rule: TableRule, columns: list[Column]) -> list[str]:
    return [
        column.spoken(cell.source)
        for column, cell in zip(columns, (*rule.conditions, *rule.results), strict=True)
    ]


def _catch_all(table: DecisionTable) -> str:
    """The last row if it matches everything: a new row is put in before it, or it would never be asked."""
    last = table.rules[-1]
    return last.id if all(cell.source in ("", ANYTHING) for cell in last.conditions) else ""


def _change(request: HttpRequest, opened: Opened, name: str) -> HttpResponse | Sequence[CellFault]:
    seen = as_seen(request, opened)
    tables = tables_of(seen)
    here = reverse("designer:decision", args=[opened.design.pk, name])
    try:
        table = tables.table(name)
        columns = tables.columns(table)
        now = tables_of(opened).table(name)
        edits = [*_changed_cells(request, name, table, columns), *_added(request, name, table, now, columns)]
        act, _colon, row = request.POST.get("was", "").partition(":")
        edits += _arranged(name, table, act, row)
        after = Tables(together(edits).apply(seen.files)) if edits else tables
        faults = _new_faults(tables, after, name)
    except EditError as error:
        return [CellFault("", "", "", words_text(error.words))]
    if faults:
        return faults
    outcome = save(request, opened, edits, back=here)
    return [CellFault("", "", "", outcome.text)] if isinstance(outcome, Refused) else outcome


def _changed_cells(
    request: HttpRequest, name: str, table: DecisionTable, columns: list[Column]
) -> list[Edit]:
    edits: list[Edit] = []
    for rule in table.rules:
        for column, shown in zip(columns, _spoken(rule, columns), strict=True):
            typed = _typed(request, rule.id, column.key)
            if typed is not None and typed != shown.strip():
                edits.append(SetDecisionCell(name, rule.id, column.key, column.written(typed)))
        said = _typed(request, rule.id, ANNOTATION)
        if said is not None and said != rule.annotation:
            edits.append(SetDecisionCell(name, rule.id, ANNOTATION, said))
    return edits


def _added(
    request: HttpRequest, name: str, table: DecisionTable, now: DecisionTable, columns: list[Column]
) -> list[Edit]:
    """The new row, if something was typed into it."""
    typed = [_typed(request, NEW, column.key) or "" for column in columns]
    said = _typed(request, NEW, ANNOTATION) or ""
    if not any(typed) and not said:
        return []
    cells = [column.written(text) for column, text in zip(columns, typed, strict=True)]
    asked = len(table.inputs)
    return [
        AddDecisionRow(
            name,
            new_row_id(table, now),
            tuple(cells[:asked]),
            tuple(cells[asked:]),
            said,
            request.POST.get("neu.vor", _catch_all(table)),
        )
    ]


def _arranged(name: str, table: DecisionTable, act: str, row: str) -> list[Edit]:
    order = [rule.id for rule in table.rules]
    if act not in ("hoch", "runter", "weg") or row not in order:
        return []
    position = order.index(row)
    if act == "weg":
        return [RemoveDecisionRow(name, row)]
    if act == "hoch":
        return [MoveDecisionRow(name, row, order[position - 1])] if position else []
    behind = order[position + 2 : position + 3]
    return [MoveDecisionRow(name, row, behind[0] if behind else "")] if position + 1 < len(order) else []


def _typed(request: HttpRequest, row: str, column: str) -> str | None:
    text = request.POST.get(f"{row}:{column}")
    return None if text is None else text.replace("\r\n", "\n").strip()


def _new_faults(before: Tables, after: Tables, name: str) -> list[CellFault]:
    """What is wrong after the edits and was not before; a fault of the new row is one of the row typed in."""
    rows = {rule.id for rule in before.table(name).rules}
    known = {(fault.row, fault.column, fault.message) for fault in before.faults(name)}
    return [
        fault
        if fault.row in rows or not fault.row
        else CellFault(NEW, fault.column, fault.message, fault.text)
        for fault in after.faults(name)
        if (fault.row, fault.column, fault.message) not in known
    ]


urls = [
    path("entwurf/<int:design>/entscheidungen/", decisions, name="decisions"),
    path("entwurf/<int:design>/entscheidungen/<str:table>/", decision, name="decision"),
]

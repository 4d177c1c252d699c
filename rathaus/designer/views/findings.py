"""What was found about a design: what to mend, what to look at, and what to tell the editors of its FIM schema."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from rathaus.designer.access import of_design
from rathaus.designer.opened import Opened
from rathaus.designer.report import GRADES, Report
from rathaus.designer.shell import design_page


@require_GET
@of_design
def findings(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`befunde/`: everything that was found, each with the page where it can be mended."""
    report = Report(opened)
    by_grade = [
        (GRADES[grade], list(rows)) for grade, rows in groupby(report.for_fim, key=lambda row: row.grade)
    ]
    return design_page(request, opened, "designer/findings.html", {"report": report, "by_grade": by_grade})


@require_GET
@of_design
def findings_csv(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`befunde/fim.csv`: what concerns the editors of the schema, as a table."""
    file = io.StringIO()
    table = csv.writer(file, delimiter=";", lineterminator="\r\n")
    with translation.override("de"):  # whoever edits FIM schemata reads German
        table.writerow(
            [
                _("Grad"),
                _("Code"),
                _("Element"),
                _("Zeile"),
                _("Befund"),
                _("Stellen"),
                _("Beim Einlesen behoben"),
            ]
        )
        for row in Report(opened).for_fim:
            cells = [row.grade_name, row.code, row.place, row.line or "", row.text, row.places]
            table.writerow([*map(_as_text, cells), _("ja") if row.mended else _("nein")])
    # Spreadsheets take the file for Latin-1 without the mark.
    return _download(opened, "\ufeff" + file.getvalue(), "csv", "text/csv")


@require_GET
@of_design
def findings_text(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`befunde/fim.txt`: the same as a letter that can be sent as an e-mail."""
    with translation.override("de"):
        return _download(opened, "\n".join(_letter(opened)), "txt", "text/plain")


def _letter(opened: Opened) -> Iterator[str]:
    report = Report(opened)
    schema = opened.form.tree.root
    yield _("Befunde zum Datenschema %(schema)s „%(name)s“") % {
        "schema": f"{schema.id}V{schema.version}" if schema.version else schema.id,
        "name": schema.label,
    }
    if report.schema:
        yield _("Datei %(file)s, eingelesen am %(day)s") % {
            "file": report.schema.file,
            "day": f"{timezone.localtime(report.schema.at):%d.%m.%Y}",
        }
    yield ""
    yield _(
        "Geprüft sind die Qualitätsregeln von FIM (Codeliste urn:xoev-de:fim-datenfelder:codeliste:xdfm, Version 1.8), "
        "soweit sie sich an der Datei allein prüfen lassen. Was ohne Code genannt ist, musste beim Einlesen behoben "
        "werden."
    )
    for grade, rows in groupby(report.for_fim, key=lambda row: row.grade):
        yield ""
        yield str(GRADES[grade])
        for row in rows:
            about = [row.place]
            if row.line:
                about.append(_("Zeile %(line)s") % {"line": row.line})
            if row.places > 1:
                about.append(ngettext("%(num)s Stelle", "%(num)s Stellen", row.places) % {"num": row.places})
            if row.code:
                about.append(f"FIM {row.code}")
            yield f"- {', '.join(about)}: {row.text}"
    yield ""


def _as_text(cell: object) -> str:
    """A cell that a spreadsheet does not take for a formula, whatever the schema says."""
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _download(opened: Opened, text: str, kind: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="befunde-{opened.design.key}.{kind}"'
    return response


urls = [
    path("entwurf/<int:design>/befunde/", findings, name="findings"),
    path("entwurf/<int:design>/befunde/fim.csv", findings_csv, name="findings_csv"),
    path("entwurf/<int:design>/befunde/fim.txt", findings_text, name="findings_text"),
]

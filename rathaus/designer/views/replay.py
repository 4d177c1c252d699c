"""What the design would make of the town's past applications, before it is published."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.audit import service as audit
from rathaus.catalogue.package import PackageError
from rathaus.design.service import (
    Alike,
    NothingToReplayError,
    Replay,
    differences_of,
    is_stale,
    last_replay,
    numbers_of,
    replayed_packages,
    start_replay,
)
from rathaus.designer.access import of_design
from rathaus.designer.changing import Refused
from rathaus.designer.comparing import Teller, aspect_name, lines
from rathaus.designer.opened import Opened
from rathaus.designer.shell import design_page
from rathaus.office.access import person
from rathaus.people.models import User
from rathaus.people.service import may_see
from rathaus.processes.replaying import ASPECTS

_PERIODS = {"30": 30, "365": 365, "alle": None}
_NUMBERS = (100, 500, 1000)


@require_http_methods(["GET", "POST"])
@of_design
def replay(request: HttpRequest, opened: Opened) -> HttpResponse:
    """`wiedergabe/`: asks for a comparison, shows how far it is, and what differs."""
    refused = None
    if request.method == "POST":
        refused = _start(request, opened)
        if refused is None:
            return HttpResponseRedirect(reverse("designer:replay", args=[opened.design.pk]))
    found = last_replay(opened.design)
    context: dict[str, object] = {
        "periods": [("30", _("30 Tage")), ("365", _("12 Monate")), ("alle", _("die ganze Zeit"))],
        "numbers": [(str(number), number) for number in _NUMBERS],
        "typed": request.POST,
        "refused": refused.text if refused else "",
        "replay": found,
    }
    if found is not None:
        context |= {"stale": is_stale(found), "summary": summary_of(found)}
    if found is not None and found.finished_at is not None:
        alike = differences_of(found)
        context["groups"] = _groups(opened, found, alike, person(request))
        context["rest"] = numbers_of(found).get("all", 0) - sum(one.count for one in alike)
    return design_page(request, opened, "designer/replay.html", context, status=422 if refused else 200)


def _start(request: HttpRequest, opened: Opened) -> Refused | None:
    days = _PERIODS.get(request.POST.get("zeitraum", ""))
    number = request.POST.get("anzahl", "")
    most = int(number) if number in map(str, _NUMBERS) else _NUMBERS[0]
    since = timezone.localdate() - timedelta(days=days) if days else None
    try:
        start_replay(opened.design, by=person(request), since=since, most=most)
    except PackageError:
        return Refused(
            _(
                "Der Entwurf kann noch keinen Antrag annehmen. Beheben Sie zuerst die Fehler, die die Übersicht nennt."
            )
        )
    except NothingToReplayError:
        return Refused(_("In dieser Zeit gab es keinen Antrag. Wählen Sie einen längeren Zeitraum."))
    return None


def summary_of(found: Replay) -> dict[str, object]:
    """The numbers of a replay: how many were run, differ and stay the same, and how many differ in which aspect."""
    numbers = numbers_of(found)
    return {
        "done": found.done,
        "different": numbers.get("all", 0),
        "same": found.done - numbers.get("all", 0),
        "aspects": [(aspect_name(aspect), numbers[aspect]) for aspect in ASPECTS if aspect in numbers],
    }


def _groups(opened: Opened, found: Replay, alike: list[Alike], reader: User) -> list[dict[str, object]]:
    """What differs, in words. References are only for those who may open the case; that they saw them is logged."""
    if not alike:
        return []
    live, design = replayed_packages(found)
    before, after = Teller(live), Teller(design, opened.design.pk)
    groups: list[dict[str, object]] = []
    seen: list[str] = []
    for one in alike:
        references = [case.application.reference for case in one.cases if may_see(reader, case)]
        seen += references
        groups.append(
            {
                "title": ", ".join(map(aspect_name, one.aspects)),
                "count": one.count,
                "lines": lines(one.aspects, before, one.before, after, one.after),
                "references": references,
                "hidden": one.count - len(references),
            }
        )
    if seen:
        audit.write(
            "design.replay_viewed", "design", found.design_id, actor=reader, detail={"references": seen}
        )
    return groups


urls = [path("entwurf/<int:design>/wiedergabe/", replay, name="replay")]

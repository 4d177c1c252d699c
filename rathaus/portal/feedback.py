"""The statement on accessibility, and the way to report a barrier (BITV 2.0 § 7, BGG § 12b)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from rathaus.applications.limits import Limit, client_of, limiter
from rathaus.delivery.service import promise_mail
from rathaus.portal.errors import too_many_requests
from rathaus.portal.problems import TypedProblem
from rathaus.portal.requests import PortalRequest

REPORT_CHARACTERS = 5000
CONTACT_CHARACTERS = 500
# Everybody may write to us; nobody may fill our mailbox.
REPORTS = Limit(burst=5, seconds=60.0)


def accessibility(request: PortalRequest) -> HttpResponse:
    """`/barrierefreiheit/`: the statement, and its feedback form."""
    typed = {"meldung": "", "kontakt": ""}
    problems: list[TypedProblem] = []
    sent = False
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in typed}
        problems = _problems(typed)
        if not problems:
            if wait := limiter.wait("portal.feedback", client_of(request), REPORTS):
                return too_many_requests(request, wait)
            limiter.count("portal.feedback", client_of(request), REPORTS)
            _pass_on(request, typed)
            sent = True
    context = {
        "typed": typed,
        "problems": problems,
        "sent": sent,
        "answer_by": one_month_after(timezone.localdate()),
    }
    return render(request, "portal/accessibility.html", context, status=422 if problems else 200)


def one_month_after(day: date) -> date:
    """The last day for an answer (BGG § 12b Abs. 4): the same day of the next month, or its last day.

    Source: § 188 Abs. 2 and 3 BGB.
    """
    first = day.replace(day=1) + timedelta(days=32)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def _problems(typed: dict[str, str]) -> list[TypedProblem]:
    problems = []
    if not typed["meldung"]:
        problems.append(TypedProblem("meldung", _("Schreiben Sie, was nicht funktioniert hat.")))
    for name, most in (("meldung", REPORT_CHARACTERS), ("kontakt", CONTACT_CHARACTERS)):
        if len(typed[name]) > most:
            message = _("Kürzen Sie den Text auf höchstens %(maximum)s Zeichen. Es sind %(count)s.")
            problems.append(TypedProblem(name, message % {"maximum": most, "count": len(typed[name])}))
    return problems


@transaction.atomic
def _pass_on(request: PortalRequest, typed: dict[str, str]) -> None:
    """Promise the report as a mail to the town: it leaves even if the mail server is away now."""
    body = "\n\n".join(
        (
            f"Meldung einer Barriere auf {request.get_host()}, {timezone.localdate():%d.%m.%Y}.",
            f"Zu beantworten bis {one_month_after(timezone.localdate()):%d.%m.%Y} (§ 12b Abs. 4 BGG).",
            typed["meldung"],
            f"Kontakt: {typed['kontakt'] or 'nicht angegeben'}",
        )
    )
    promise_mail(request.town.contact["email"], "Barriere gemeldet", body)

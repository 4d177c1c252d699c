"""The worklist, what ran by itself, the people of the town, and the audit log."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rathaus.audit import service as audit
from rathaus.cases.models import Case
from rathaus.design.service import may_design
from rathaus.office import wording
from rathaus.office.access import person
from rathaus.office.forms import PersonForm, RolesForm
from rathaus.office.listing import Wish, listing
from rathaus.people.models import Role, User
from rathaus.people.service import (
    CASE_ROLES,
    LastAdministratorError,
    add_person,
    administrator_required,
    everybody,
    has_role,
    offices_of,
    role_required,
    roles_of,
    sensitive,
    set_active,
    set_roles,
)
from rathaus.towns.models import Office

ENTRIES_ON_A_PAGE = 50
AUTOMATIC_SHOWN = 100


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """`/amt/`: the cases that need somebody. Who works on no case comes to the people or the services they manage."""
    user = person(request)
    if not offices_of(user):
        if has_role(user, Role.ADMINISTRATOR):
            return HttpResponseRedirect(reverse("office:people"))
        if may_design(user):
            return HttpResponseRedirect(reverse("designer:services"))
        return render(request, "office/no_role.html")
    shown = listing(user, Wish.of(request.GET), request.GET.get("seite", "1"))
    return render(
        request,
        "office/worklist.html",
        {
            "listing": shown,
            "day_of": wording.short_day,
            "page_address": lambda number: shown.wish.address(seite=number),
        },
    )


@require_GET
@role_required(*CASE_ROLES)
def automatic(request: HttpRequest) -> HttpResponse:
    """`/amt/von-selbst/`: what was decided without a person, today and this week."""
    today = timezone.localdate()
    day = timezone.make_aware(datetime.combine(today, time()))
    week = timezone.make_aware(datetime.combine(today - timedelta(days=today.weekday()), time()))
    decided = Case.objects.filter(office__in=offices_of(person(request)), decided_at__gte=week)
    figures = decided.aggregate(
        today=Count("pk", filter=Q(decided_at__gte=day, automatic=True)),
        week=Count("pk", filter=Q(automatic=True)),
        by_person=Count("pk", filter=Q(automatic=False)),
    )
    cases = (
        decided.filter(automatic=True)
        .select_related("application__service", "office")
        .defer("application__service__package", "application__answers", "facts")
        .order_by("-decided_at")[:AUTOMATIC_SHOWN]
    )
    rows = [(case, wording.named(case.application.service.title)) for case in cases]
    return render(
        request,
        "office/automatic.html",
        {"figures": figures, "rows": rows, "today": today, "shown": AUTOMATIC_SHOWN},
    )


@require_GET
@administrator_required
def people(request: HttpRequest) -> HttpResponse:
    """`/amt/personen/`: everybody, with their roles."""
    return render(request, "office/people.html", {"people": everybody(), "role_text": wording.role_text})


@require_http_methods(["GET", "POST"])
@administrator_required
@sensitive
def new_person(request: HttpRequest) -> HttpResponse:
    """`/amt/personen/neu/`: add somebody and give them roles."""
    offices = list(Office.objects.order_by("short_name"))
    bound = request.POST if request.method == "POST" else None
    form, roles = PersonForm(bound), RolesForm(bound, offices=offices)
    if request.method == "POST" and form.is_valid() and roles.is_valid():
        by_id = {office.pk: office for office in offices}
        try:
            with transaction.atomic():
                added = add_person(
                    **form.cleaned_data,
                    roles=[(by_id[office], role) for office, role in roles.pairs()],
                    by=person(request),
                )
        except IntegrityError:  # two administrators add the same person at the same moment
            form.add_error("email", _("Zu dieser Adresse gibt es schon ein Konto."))
        else:
            messages.success(
                request,
                _("%(name)s ist hinzugefügt. Das Passwort wählt die Person über „Passwort vergessen“.")
                % {"name": added},
            )
            return HttpResponseRedirect(reverse("office:people"))
    return render(
        request,
        "office/new_person.html",
        {"form": form, "roles": roles, "offices": offices, "role_text": wording.role_text},
    )


@require_http_methods(["GET", "POST"])
@administrator_required
@sensitive
def edit_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """`/amt/personen/<id>/`: change somebody's roles."""
    found = get_object_or_404(User.objects, pk=person_id)
    offices = list(Office.objects.order_by("short_name"))
    held = [f"{office}:{role.value}" for office, role in roles_of(found)]
    form = RolesForm(
        request.POST if request.method == "POST" else None, offices=offices, initial={"roles": held}
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                set_roles(found, form.pairs(), by=person(request))
        except LastAdministratorError:
            form.add_error("roles", _("Mindestens eine Person muss die Installation verwalten."))
        else:
            messages.success(request, _("Die Rollen von %(name)s sind gespeichert.") % {"name": found})
            return HttpResponseRedirect(reverse("office:people"))
    return render(
        request,
        "office/edit_person.html",
        {"found": found, "form": form, "offices": offices, "role_text": wording.role_text},
    )


@require_POST
@administrator_required
@sensitive
def switch_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """`/amt/personen/<id>/zugang/`: keep somebody out, or let them in again."""
    found = get_object_or_404(User.objects, pk=person_id)
    active = request.POST.get("zugang") == "offen"
    try:
        with transaction.atomic():
            set_active(found, active, by=person(request))
    except LastAdministratorError:
        messages.error(request, _("Mindestens eine Person muss die Installation verwalten."))
    else:
        text = _("%(name)s kann sich anmelden.") if active else _("%(name)s kann sich nicht mehr anmelden.")
        messages.success(request, text % {"name": found})
    return HttpResponseRedirect(reverse("office:people"))


@require_GET
@administrator_required
def journal(request: HttpRequest) -> HttpResponse:
    """`/amt/protokoll/`: the audit log, to read only."""
    who = request.GET.get("person", "")
    subject = request.GET.get("gegenstand", "").strip()[:64]
    action = request.GET.get("vorgang", "")
    found = audit.entries(
        subject=subject or None,
        actor_id=int(who) if who.isdecimal() and len(who) < 18 else None,
        action=action if action in wording.ACTS else "",
    )
    page = Paginator(found, ENTRIES_ON_A_PAGE).get_page(request.GET.get("seite"))
    staff = list(everybody())
    given = {"person": who, "gegenstand": subject, "vorgang": action}
    return render(
        request,
        "office/journal.html",
        {
            "page": page,
            "page_address": lambda number: "?" + urlencode({**given, "seite": number}),
            "people": staff,
            "names": {str(one.pk): str(one) for one in staff},
            "acts": sorted((wording.act_text(key), key) for key in wording.ACTS),
            "act_text": wording.act_text,
            "who": who,
            "subject": subject,
            "action": action,
        },
    )

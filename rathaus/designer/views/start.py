"""The services of the town: those people work on, those that are live, and how to begin another."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rathaus.catalogue.packing import PackingError
from rathaus.catalogue.service import live, live_services, not_offered, retirement_of
from rathaus.design.models import Design
from rathaus.design.service import (
    open_designs,
    start_empty,
    start_from_fim,
    start_from_package,
    start_from_service,
)
from rathaus.designer.access import designer_required
from rathaus.designer.finding import found_in_file
from rathaus.designer.forms import EmptyForm, FromFileForm, FromFimForm, FromServiceForm
from rathaus.designer.updating import waiting_update
from rathaus.designer.wording import words_text
from rathaus.drafting import DraftError
from rathaus.editing import EditError
from rathaus.office.access import person
from rathaus.sharing.service import ParcelError, held, receive
from rathaus.standards.xdatenfelder.reader import XdfError
from rathaus.towns.models import Office


@require_GET
@designer_required
def services(request: HttpRequest) -> HttpResponse:
    """`/amt/leistungen/`: what is being worked on, and what is live."""
    designs = open_designs()
    worked_on: dict[str, list[Design]] = {}
    for one in designs:
        worked_on.setdefault(one.design.key, []).append(one.design)
    versions = [version for service in live_services() if (version := live(service.key))]
    adopted = held([one.design for one in designs], versions)
    rows = [
        (service, version, drafts, waiting_update(adopted.versions.get(version.pk), drafts, adopted))
        for service in live_services()
        if (version := live(service.key))
        for drafts in [worked_on.get(service.key, [])]
    ]
    resting = [(version, retirement_of(version.key)) for version in not_offered()]
    return render(
        request,
        "designer/services.html",
        {"designs": designs, "held": adopted.designs, "live": rows, "resting": resting},
    )


@require_GET
@designer_required
def start(request: HttpRequest) -> HttpResponse:
    """`/amt/leistungen/neu/`: what to begin with."""
    return render(request, "designer/start.html")


@require_http_methods(["GET", "POST"])
@designer_required
def start_service(request: HttpRequest) -> HttpResponse:
    """`/amt/leistungen/neu/leistung/`: begin with a service of the town."""
    offered = [(service.key, service.title_in("de")) for service in live_services()]
    chosen = {"service": request.GET.get("leistung", "")}
    form = FromServiceForm(
        request.POST if request.method == "POST" else None, services=offered, initial=chosen
    )
    if request.method == "POST" and form.is_valid():
        version = live(form.cleaned_data["service"])
        if version is not None:
            return _opened(
                start_from_service(version, by=person(request), reason=form.cleaned_data["reason"])
            )
        form.add_error("service", form.fields["service"].error_messages["invalid_choice"])
    return render(request, "designer/start_service.html", {"form": form})


@require_http_methods(["GET", "POST"])
@designer_required
def start_package(request: HttpRequest) -> HttpResponse:
    """`/amt/leistungen/neu/paket/`: begin with a package that another town packed or signed."""
    form = FromFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        data, name = given["file"].read(), given["file"].name
        who_why = {"key": given["key"], "by": person(request), "reason": given["reason"]}
        try:
            if name.endswith(".rathaus"):
                address = reverse("designer:adopt_received", args=[receive(data, by=person(request)).pk])
                asked = {"schluessel": given["key"], "grund": given["reason"]}
                return HttpResponseRedirect(f"{address}?{urlencode(asked)}")
            return _opened(start_from_package(data, name=name, **who_why))
        except ParcelError as error:
            form.add_error("file", words_text(error.words))
        except PackingError:
            form.add_error(
                "file",
                _(
                    "Diese Datei ist kein Paket einer Leistung. Wählen Sie die ZIP-Datei, die eine Stadt gepackt hat."
                ),
            )
        except EditError as error:
            form.add_error("key", words_text(error.words))
    return render(request, "designer/start_package.html", {"form": form})


@require_http_methods(["GET", "POST"])
@designer_required
def start_fim(request: HttpRequest) -> HttpResponse:
    """`/amt/leistungen/neu/fim/`: begin with a data schema of FIM."""
    offices = list(Office.objects.order_by("name").values_list("key", "name"))
    form = FromFimForm(request.POST or None, request.FILES or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            return _opened(
                start_from_fim(
                    given["file"].read(),
                    today=timezone.localdate(),
                    name=given["file"].name,
                    key=given["key"],
                    office=given["office"],
                    by=person(request),
                    reason=given["reason"],
                    code_lists=given["code_lists"],
                    translated_rules=given["translated_rules"],
                    translations=given["translations"],
                    confirm_rules=given["confirm_rules"],
                )
            )
        except XdfError as error:
            form.add_error(
                "file",
                _("Aus dieser Datei lässt sich keine Leistung machen. %(found)s.")
                % {"found": found_in_file(error.message, error.line)},
            )
        except DraftError:
            form.add_error("file", _("Dieses Datenschema stellt keine Fragen. Wählen Sie ein anderes."))
        except EditError as error:
            form.add_error("key", words_text(error.words))
    return render(request, "designer/start_fim.html", {"form": form})


@require_http_methods(["GET", "POST"])
@designer_required
def start_nothing(request: HttpRequest) -> HttpResponse:
    """`/amt/leistungen/neu/leer/`: begin with a name and an office."""
    offices = list(Office.objects.order_by("name").values_list("key", "name"))
    form = EmptyForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            return _opened(
                start_empty(
                    given["title"],
                    today=timezone.localdate(),
                    office=given["office"],
                    key=given["key"],
                    by=person(request),
                    reason=given["reason"],
                )
            )
        except EditError as error:
            form.add_error("key", words_text(error.words))
    return render(request, "designer/start_empty.html", {"form": form})


def _opened(design: Design) -> HttpResponse:
    return HttpResponseRedirect(reverse("designer:overview", args=[design.pk]))


urls = [
    path("", services, name="services"),
    path("neu/", start, name="start"),
    path("neu/leistung/", start_service, name="start_service"),
    path("neu/fim/", start_fim, name="start_fim"),
    path("neu/leer/", start_nothing, name="start_empty"),
    path("neu/paket/", start_package, name="start_package"),
]

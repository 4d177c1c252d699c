"""The portal's open pages: start, search, services, what the law wants to stand there, and the town's look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext

from rathaus.catalogue import service as catalogue
from rathaus.catalogue.info import DeadlineRule, translated
from rathaus.portal.filling import own_drafts
from rathaus.portal.languages import remember_language
from rathaus.portal.life_situations import life_situation, situations_with_services
from rathaus.portal.requests import PortalRequest
from rathaus.towns.models import Office
from rathaus.towns.service import setting_on

SEARCH_EXAMPLES = 4
LOOK_CACHE = "public, max-age=3600"


def start(request: PortalRequest) -> HttpResponse:
    """`/`: what do you want to get done?"""
    services = catalogue.live_services()
    return render(
        request,
        "portal/start.html",
        {
            "services": services,
            "situations": situations_with_services(
                key for service in services for key in service.life_situations
            ),
            "examples": _search_examples(services, request.content_language),
        },
    )


def _search_examples(services: list[catalogue.ServiceSummary], language: str) -> list[str]:
    """The first own words of some services: they show that everyday language finds something."""
    examples = []
    for summary in services[:SEARCH_EXAMPLES]:
        version = catalogue.live(summary.key)
        keywords = catalogue.package_of(version).service.keywords if version else {}
        examples += list(keywords.get(language) or keywords.get("de", ()))[:2]
    return examples[:SEARCH_EXAMPLES]


def search(request: PortalRequest) -> HttpResponse:
    """`/suche/?q=`: services that fit the visitor's own words."""
    query = request.GET.get("q", "").strip()[:200]
    services = catalogue.search(query, request.content_language) if query else []
    return render(request, "portal/search.html", {"query": query, "services": services})


def services(request: PortalRequest) -> HttpResponse:
    """`/leistungen/`: all services, or those of one situation in life."""
    found = catalogue.live_services()
    situation = None
    if key := request.GET.get("lage", ""):
        situation = life_situation(key)
        if situation is None:
            raise Http404
        found = [service for service in found if key in service.life_situations]
    return render(request, "portal/services.html", {"services": found, "situation": situation})


def service(request: PortalRequest, key: str) -> HttpResponse:
    """`/leistungen/<key>/`: what it is, who may, what is needed, what it costs, how long, where, which law."""
    version = catalogue.live(key)
    if version is None:
        return retired(request, key)
    package = catalogue.package_of(version)
    info = package.service
    language = request.content_language
    today = timezone.localdate()
    fee = setting_on(info.fee["setting"], today) if info.fee.get("setting") else None
    context: dict[str, Any] = {
        "service": {
            "key": key,
            "title": translated(info.title, language),
            "summary": translated(info.summary, language),
        },
        "text": package.text(language),
        "text_lang": "de-simple" if language == "de-simple" and language in package.texts else "",
        "office": Office.objects.filter(key=info.office).first(),
        "fee": fee
        and {
            "amount_cents": fee.value["amount_cents"],
            "valid_from": fee.valid_from,
            "source": fee.source,
        },
        "deadlines": [
            {"text": _deadline_in_words(rule), "legal_basis": rule.legal_basis} for rule in info.deadlines
        ],
        "legal_basis": info.legal_basis,
    }
    return render(request, "portal/service.html", context)


def retired(request: PortalRequest, key: str) -> HttpResponse:
    """What stands in place of a service that the town offers no longer: where people go instead, and what they began.

    410, so that search engines forget it; 404 if there never was such a service.
    """
    retirement = catalogue.retirement_of(key)
    title = catalogue.title_of(key)
    if retirement is None or title is None:
        raise Http404
    language = request.content_language
    context = {
        "title": translated(title, language),
        "text": translated(retirement.text, language),
        "text_lang": "de-simple" if language == "de-simple" and language in retirement.text else "",
        "address": retirement.address,
        "since": retirement.at,
        "drafts": own_drafts(request, key),
    }
    return render(request, "portal/retired.html", context, status=410)


def _deadline_in_words(rule: DeadlineRule) -> str:
    if rule.kind == "working":
        return ngettext("höchstens %(num)s Arbeitstag", "höchstens %(num)s Arbeitstage", rule.amount) % {
            "num": rule.amount
        }
    return ngettext("höchstens %(num)s Tag", "höchstens %(num)s Tage", rule.amount) % {"num": rule.amount}


def imprint(request: HttpRequest) -> HttpResponse:
    """`/impressum/`"""
    return render(request, "portal/imprint.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """`/datenschutz/`"""
    return render(request, "portal/privacy.html")


def simple_language(request: HttpRequest) -> HttpResponse:
    """`/leichte-sprache/`: what this site is and how it works, in Leichte Sprache (BITV 2.0, § 4)."""
    return render(request, "portal/simple_language.html")


def sign_language(request: HttpRequest) -> HttpResponse:
    """`/gebaerdensprache/`: the place of the sign language videos (BITV 2.0, § 4)."""
    return render(request, "portal/sign_language.html")


def choose_language(request: HttpRequest) -> HttpResponse:
    """`/sprache/`: remember the chosen language and go back to where the visitor was."""
    target = request.GET.get("weiter", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("portal:start")
    response = HttpResponseRedirect(target)
    remember_language(response, request.GET.get("sprache", ""), secure=request.is_secure())
    return response


def town_style(request: PortalRequest) -> HttpResponse:
    """`/stadt.css`: the town's colours. A style sheet of its own, because the pages allow no inline styles."""
    town = request.town
    css = (
        f":root{{--brand:{town.brand_colour};--on-brand:{town.brand_text_colour}}}\n"
        f':root[data-kern-theme="light"]{{--kern-color-action-default:{town.brand_colour};'
        f"--kern-color-action-on-default:{town.brand_text_colour}}}\n"
    )
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": LOOK_CACHE})


def town_arms(request: PortalRequest) -> HttpResponse:
    """`/wappen.svg`: the town's arms, as an image that may run nothing."""
    if not request.town.arms_svg:
        raise Http404
    return HttpResponse(
        request.town.arms_svg,
        content_type="image/svg+xml",
        headers={
            "Cache-Control": LOOK_CACHE,
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        },
    )


def security_txt(request: PortalRequest) -> HttpResponse:
    """`/.well-known/security.txt` (RFC 9116)."""
    contact = request.town.contact
    address = (
        f"mailto:{contact['email']}" if contact.get("email") else request.build_absolute_uri("/impressum/")
    )
    expires = timezone.now() + timedelta(days=180)
    lines = [
        f"Contact: {address}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: de, en",
        f"Canonical: {request.build_absolute_uri()}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

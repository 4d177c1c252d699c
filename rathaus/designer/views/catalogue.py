"""The catalogue: what other towns of this installation offer, what this town adopted, and what it offers itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.designer.access import designer_required
from rathaus.office.access import person
from rathaus.sharing.service import NotLiveError, adopted, offer, offers, own_services, received, withdraw

_OFFER, _WITHDRAW = "anbieten", "zuruecknehmen"


@require_http_methods(["GET", "POST"])
@designer_required
def catalogue(request: HttpRequest) -> HttpResponse:
    """`katalog/`: all three lists; a service of the town is offered and withdrawn here."""
    if request.method == "POST":
        return _switch(request)
    available = offers()
    waiting = received()
    mine = adopted()
    return render(
        request,
        "designer/catalogue.html",
        {
            "offers": [
                (one, [own for own in mine if (own.last.origin, own.last.origin_key) == (one.town, one.key)])
                for one in available
            ],
            "received": waiting,
            "adopted": mine,
            "own": own_services(),
        },
    )


def _switch(request: HttpRequest) -> HttpResponse:
    back = reverse("designer:catalogue") + "#angebot"
    if key := request.POST.get(_OFFER):
        try:
            offer(key, by=person(request))
        except NotLiveError:
            raise Http404 from None
        messages.success(request, _("Andere Städte können die Leistung jetzt übernehmen."))
    elif key := request.POST.get(_WITHDRAW):
        withdraw(key, by=person(request))
        messages.success(
            request,
            _(
                "Andere Städte können die Leistung nicht mehr übernehmen. Wer sie übernommen hat, behält seinen Stand."
            ),
        )
    return HttpResponseRedirect(back)


urls = [path("katalog/", catalogue, name="catalogue")]

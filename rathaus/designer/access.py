"""Who comes in: designers of the town, and only to designs that are there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from rathaus.design.service import DESIGN_ROLES, design_with
from rathaus.designer.opened import Opened
from rathaus.people.service import role_required

P = ParamSpec("P")

# Decorate a view: only people who may design get in.
designer_required = role_required(*DESIGN_ROLES)


def of_design(
    view: Callable[Concatenate[HttpRequest, Opened, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Decorate a view below `entwurf/<int:design>/`: it gets the design opened instead of its primary key.

    404 if the town has no such design; one that was put away can be looked at but not changed.
    """

    @designer_required
    @functools.wraps(view)
    def with_design(request: HttpRequest, design: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        found = design_with(design)
        if found is None:
            raise Http404
        opened = Opened.of(found)
        if request.method == "POST" and opened.is_closed:
            messages.error(
                request,
                _("Dieser Entwurf ist abgelegt. Beginnen Sie einen neuen, wenn Sie etwas ändern möchten."),
            )
            return HttpResponseRedirect(reverse("designer:overview", args=[found.pk]))
        return view(request, opened, *args, **kwargs)

    return with_design

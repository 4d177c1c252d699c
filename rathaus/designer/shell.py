"""Drawing a page of one design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rathaus.designer.areas import GROUPS
from rathaus.designer.opened import Opened


def design_page(
    request: HttpRequest,
    opened: Opened,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page that extends `designer/base.html`."""
    return render(
        request,
        template,
        {"opened": opened, "design": opened.design, "area_groups": GROUPS, **(context or {})},
        status=status,
    )

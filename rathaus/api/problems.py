"""Errors of the API: RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

View = Callable[..., HttpResponse]


class ProblemError(Exception):
    """Ends a request with a problem document."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        *,
        errors: Sequence[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def response(self) -> HttpResponse:
        """The document as `application/problem+json`."""
        body: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if self.errors is not None:
            body["errors"] = list(self.errors)
        return JsonResponse(
            body,
            status=self.status,
            content_type="application/problem+json",
            headers=self.headers,
            json_dumps_params={"ensure_ascii": False},
        )


def not_found() -> ProblemError:
    """The one answer to everything that does not exist or is not for this client: never a hint which."""
    return ProblemError(404, _("Das gibt es hier nicht."))


def too_many(seconds: int) -> ProblemError:
    """Too many tries; `seconds` until the next one."""
    return ProblemError(
        429,
        _("Zu viele Versuche."),
        _("Warten Sie %(seconds)s Sekunden.") % {"seconds": seconds},
        headers={"Retry-After": str(seconds)},
    )


def answering_problems(view: View) -> View:
    """Turn `ProblemError` into its document."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ProblemError as problem:
            return problem.response()

    return answered

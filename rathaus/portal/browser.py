"""What a browser may see: signed cookies instead of a session, so that the portal stores nothing about visitors.

`entwuerfe` names the drafts begun or resumed in this browser with their resume codes, for 30 days (§ 8a Abs. 3 OZG).
`vorgaenge` names the cases sent or opened in it, until it is closed. Both are signed, bound to the town, and
unreadable to scripts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse

from rathaus.towns.context import current_town

DRAFTS_COOKIE = "entwuerfe"
CASES_COOKIE = "vorgaenge"
DRAFTS_KEPT_FOR = timedelta(days=30)
# Older ones fall out: a cookie has 4 kB. Their resume codes still open them.
DRAFTS_REMEMBERED = 20
CASES_REMEMBERED = 20


def drafts_of(request: HttpRequest) -> dict[UUID, str]:
    """The drafts of this browser, oldest first: id → resume code."""
    stored = _read(request, DRAFTS_COOKIE, DRAFTS_KEPT_FOR)
    return {UUID(hex=key): code for key, code in stored.items()}


def remember_draft(request: HttpRequest, response: HttpResponse, draft: UUID, code: str) -> None:
    """Let this browser go on with the draft, for another 30 days."""
    drafts = {**drafts_of(request)}
    drafts.pop(draft, None)
    drafts[draft] = code
    _write_drafts(request, response, drafts)


def forget_draft(request: HttpRequest, response: HttpResponse, draft: UUID) -> None:
    """This browser has nothing to do with the draft any more."""
    _write_drafts(request, response, {key: code for key, code in drafts_of(request).items() if key != draft})


def may_see_case(request: HttpRequest, reference: str) -> bool:
    """Whether the case was sent from this browser, or opened in it with its access code."""
    return reference in _read(request, CASES_COOKIE, None)


def remember_case(request: HttpRequest, response: HttpResponse, reference: str) -> None:
    """Let this browser see the case until it is closed."""
    cases = {**_read(request, CASES_COOKIE, None), reference: ""}
    _write(request, response, CASES_COOKIE, dict(list(cases.items())[-CASES_REMEMBERED:]), None)


def forget_cases(response: HttpResponse) -> None:
    """Close all cases in this browser: for shared computers."""
    response.delete_cookie(CASES_COOKIE, samesite="Lax")


def _write_drafts(request: HttpRequest, response: HttpResponse, drafts: dict[UUID, str]) -> None:
    kept = dict(list(drafts.items())[-DRAFTS_REMEMBERED:])
    _write(request, response, DRAFTS_COOKIE, {key.hex: code for key, code in kept.items()}, DRAFTS_KEPT_FOR)


def _salt(name: str) -> str:
    return f"rathaus.portal.{name}.{current_town().slug}"


def _read(request: HttpRequest, name: str, max_age: timedelta | None) -> dict[str, str]:
    try:
        stored: Any = signing.loads(request.COOKIES.get(name, ""), salt=_salt(name), max_age=max_age)
    except signing.BadSignature:
        return {}
    return dict(stored)


def _write(
    request: HttpRequest, response: HttpResponse, name: str, value: dict[str, str], max_age: timedelta | None
) -> None:
    response.set_cookie(
        name,
        signing.dumps(value, salt=_salt(name), compress=True),
        max_age=max_age,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )

"""The JSON API, version 1: the same services as the portal, for machines. No session, no cookie, no CSRF token."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import sha256
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from rathaus.api.openapi import document
from rathaus.api.problems import ProblemError, View, answering_problems, not_found, too_many
from rathaus.api.requests import bearer_code, content_length, idempotency_key, json_body, language_of
from rathaus.applications.limits import (
    DOWNLOADS,
    SUBMISSIONS,
    UPLOADS,
    WRONG_CODES,
    Limit,
    client_of,
    limiter,
)
from rathaus.applications.service import (
    FileLimits,
    FileRefusedError,
    add_file,
    application_by_access,
    body_hash,
    file_answer,
)
from rathaus.cases.intake import IdempotencyClashError, InvalidAnswersError, accept
from rathaus.cases.service import status_view
from rathaus.catalogue.info import translated
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import live, live_services, package_of, retirement_of
from rathaus.sharing.service import LICENCE, offered_versions, own_fingerprint, pack
from rathaus.towns.context import current_town

LARGEST_UPLOAD = 50_000_000
# Services change a few times a year; a client may show a list that is a minute old.
_CACHE = "public, max-age=60"
_INDEX = re.compile(r"\[\d+\]")


def endpoint(**by_method: View) -> Callable[..., HttpResponseBase]:
    """One address: the view for each method, a problem document for everything else."""
    views = dict(by_method)
    if "GET" in views:
        views["HEAD"] = views["GET"]
    allowed = ", ".join(sorted(views))

    @csrf_exempt
    @answering_problems
    def dispatch(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = views.get(request.method or "")
        if view is None:
            raise ProblemError(
                405,
                _("Diese Adresse kennt nur: %(methods)s.") % {"methods": allowed},
                headers={"Allow": allowed},
            )
        return view(request, *args, **kwargs)

    return cast(Callable[..., HttpResponseBase], dispatch)


def _json(request: HttpRequest, value: Any, *, status: int = 200) -> HttpResponse:
    return JsonResponse(value, status=status, safe=False, json_dumps_params={"ensure_ascii": False})


def _public(view: View) -> View:
    """Let the answer be cached and asked for again by its hash."""

    @wraps(view)
    def cached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        tag = f'"{sha256(response.content).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == tag:
            response = HttpResponse(status=304)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = _CACHE
        return response

    return cached


def _service(key: str) -> ServiceVersion:
    version = live(key)
    if version is None:
        if (retirement := retirement_of(key)) is not None:
            text = translated(retirement.text, get_language() or "de")
            raise ProblemError(410, _("Diese Leistung gibt es hier nicht mehr."), text)
        raise not_found()
    return version


def _limited(request: HttpRequest, purpose: str, limit: Limit) -> None:
    if seconds := limiter.wait(purpose, client_of(request), limit):
        raise too_many(seconds)


@_public
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of this API."""
    keys = [service.key for service in live_services()]
    return _json(request, document(keys, [version.key for version in offered_versions()]))


@_public
def services(request: HttpRequest) -> HttpResponse:
    """What the town offers."""
    language = language_of(request)
    return _json(
        request,
        {
            "services": [
                {
                    "key": service.key,
                    "title": service.title_in(language),
                    "summary": service.summary_in(language),
                    "audience": list(service.audience),
                    "url": f"/api/v1/services/{service.key}",
                }
                for service in live_services()
            ]
        },
    )


@_public
def service(request: HttpRequest, key: str) -> HttpResponse:
    """One service."""
    version = _service(key)
    language = language_of(request)
    info = package_of(version).service
    address = f"/api/v1/services/{info.key}"
    return _json(
        request,
        {
            "key": info.key,
            "version": version.number,
            "title": translated(info.title, language),
            "summary": translated(info.summary, language),
            "leika_key": info.leika_key,
            "legal_basis": list(info.legal_basis),
            "audience": list(info.audience),
            "login_level": info.login_level,
            "url": address,
            "page_url": f"/leistungen/{info.key}/",
            "schema_url": f"{address}/schema",
            "applications_url": f"{address}/applications",
            "uploads_url": f"{address}/uploads",
        },
    )


@_public
def schema(request: HttpRequest, key: str) -> HttpResponse:
    """JSON Schema of the answers."""
    version = _service(key)
    text = _schema_text(version.content_hash, language_of(request), version)
    return HttpResponse(text, content_type="application/schema+json")


@lru_cache(maxsize=100)
def _schema_text(content_hash: str, language: str, version: ServiceVersion) -> bytes:
    return json.dumps(package_of(version).form.json_schema(language), ensure_ascii=False).encode()


def apply(request: HttpRequest, key: str) -> HttpResponse:
    """Accept an application."""
    version = _service(key)
    _limited(request, "submit", SUBMISSIONS)
    limiter.count("submit", client_of(request), SUBMISSIONS)
    if package_of(version).service.login_level != "none":
        raise ProblemError(403, _("Für diese Leistung müssen Sie sich im Portal anmelden."))
    idempotency = idempotency_key(request)
    answers = _answers(json_body(request))
    try:
        receipt = accept(
            version=version,
            answers=answers,
            language=language_of(request),
            channel="api",
            idempotency_key=f"api:{idempotency}",
            body_hash=body_hash(key, answers),
            identification={"method": "none", "level": "none"},
        )
    except IdempotencyClashError as error:
        raise ProblemError(
            409,
            _("Mit diesem „Idempotency-Key“ haben Sie schon einen anderen Antrag gesendet."),
            _("Nehmen Sie für einen neuen Antrag einen neuen Wert."),
        ) from error
    except InvalidAnswersError as error:
        raise _invalid(
            [
                {"pointer": f"/answers{problem.pointer}", "message": problem.message, "code": problem.code}
                for problem in error.problems
            ]
        ) from error
    status_url = request.build_absolute_uri(receipt.status_url)
    response = _json(
        request,
        {
            "reference": receipt.reference,
            "access_code": receipt.access_code,
            "status_url": status_url,
            "received_at": receipt.received_at.isoformat(),
        },
        status=201 if receipt.created else 200,
    )
    response.headers["Location"] = f"/api/v1/applications/{receipt.reference}"
    return response


def _answers(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise _invalid([_error("", _("Senden Sie ein Objekt mit „answers“."), "type")])
    errors = [
        _error(f"/{name}", _("Diese Angabe kennt die Schnittstelle nicht. Lassen Sie sie weg."), "unknown")
        for name in body
        if name != "answers"
    ]
    answers = body.get("answers")
    if not isinstance(answers, dict):
        errors.append(_error("/answers", _("Hier muss ein Objekt mit den Antworten stehen."), "type"))
    if errors:
        raise _invalid(errors)
    return cast(dict[str, Any], answers)


def _error(pointer: str, message: str, code: str) -> dict[str, str]:
    return {"pointer": pointer.replace("~", "~0"), "message": message, "code": code}


def _invalid(errors: list[dict[str, str]]) -> ProblemError:
    return ProblemError(422, _("Einige Angaben stimmen nicht oder fehlen."), errors=errors)


def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Take one file for a later application; the answer is what to put into `answers` at its question."""
    version = _service(key)
    _limited(request, "upload", UPLOADS)
    path, name = request.GET.get("path", ""), request.GET.get("name", "")
    question = package_of(version).tree.field(_INDEX.sub("", path))
    if question is None or not question.is_file:
        raise _invalid([_error("/path", _("An dieser Stelle fragt die Leistung nach keiner Datei."), "path")])
    if not name:
        raise _invalid([_error("/name", _("Nennen Sie den Namen der Datei mit ihrer Endung."), "required")])
    limits = FileLimits(question.max_size, question.media_types)
    size = content_length(request, min(limits.max_size or LARGEST_UPLOAD, LARGEST_UPLOAD))
    limiter.count("upload", client_of(request), UPLOADS)
    try:
        attachment = add_file(None, path, name, request.content_type or "", size, request, limits)
    except FileRefusedError as error:
        raise ProblemError(
            422, _("Die Datei kann nicht angenommen werden."), str(error), errors=[]
        ) from error
    return _json(request, file_answer(attachment), status=201)


def application(request: HttpRequest, reference: str) -> HttpResponse:
    """Where an application stands, for whoever has its access code."""
    code = bearer_code(request)
    _limited(request, "access", WRONG_CODES)
    found = application_by_access(reference, code)
    if found is None:
        limiter.count("access", client_of(request), WRONG_CODES)
        raise not_found()
    view = status_view(found, language_of(request))
    return _json(
        request,
        {
            "reference": view.reference,
            "service": view.service_key,
            "status": view.status,
            "status_text": view.status_text,
            "received_at": view.received_at.isoformat(),
            "due_on": view.due_on.isoformat() if view.due_on else None,
            "timeline": [
                {"at": event.at.isoformat(), "kind": event.kind, "text": event.text, "actor": event.actor}
                for event in view.timeline
            ],
            "documents": [
                {
                    "id": letter.id,
                    "title": letter.title,
                    "provided_at": letter.provided_at.isoformat(),
                    "verification_code": letter.verification_code,
                }
                for letter in view.documents
            ],
        },
    )


@_public
def catalogue(request: HttpRequest) -> HttpResponse:
    """What other towns may adopt from this one."""
    language = language_of(request)
    fingerprint = own_fingerprint()
    return _json(
        request,
        {
            "town": current_town().slug,
            "town_name": current_town().official_name,
            "services": [
                {
                    "key": version.key,
                    "version": version.number,
                    "title": translated(info.title, language),
                    "summary": translated(info.summary, language),
                    "date": version.live_from.isoformat(),
                    "licence": LICENCE,
                    "fingerprint": fingerprint or None,
                    "file_url": f"/api/v1/catalogue/{version.key}" if fingerprint else None,
                }
                for version in offered_versions()
                for info in [package_of(version).service]
            ],
        },
    )


def catalogue_file(request: HttpRequest, key: str) -> HttpResponse:
    """An offered service as the file that the town signs."""
    version = next((one for one in offered_versions() if one.key == key), None)
    fingerprint = own_fingerprint()
    if version is None or not fingerprint:
        raise not_found()
    # Every signature is another: the tag names what was signed, and by whom.
    tag = f'"{version.content_hash[:32]}-{version.number}-{fingerprint[:16]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        _limited(request, "download", DOWNLOADS)
        limiter.count("download", client_of(request), DOWNLOADS)
        response = HttpResponse(pack(version), content_type="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{key}-v{version.number}.rathaus"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = _CACHE
    return response


def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Everything else under `/api/v1/`."""
    raise not_found()

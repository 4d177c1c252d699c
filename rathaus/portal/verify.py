"""Is this document genuine? Anybody may ask, by the code printed on it or with the file itself."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from rathaus.letters import service as letters
from rathaus.portal.access import count_wrong_code, pause_after_wrong_codes
from rathaus.portal.problems import TypedProblem
from rathaus.portal.requests import PortalRequest

_TRIES = "portal.verify"
LARGEST_DOCUMENT = 20_000_000


def verify(request: PortalRequest) -> HttpResponse:
    """`/pruefen/`: enter the code of a document, or upload it. `?code=` is the address in the documents' QR code."""
    if request.method != "POST" and "code" not in request.GET:
        return _form(request, [], "")
    if pause := pause_after_wrong_codes(request, _TRIES):
        return pause
    if request.method != "POST":
        return _verify_code(request, request.GET["code"][:100].strip())
    if request.POST.get("art") == "datei":
        file = request.FILES.get("datei")
        return _verify_file(request, file if isinstance(file, UploadedFile) else None)
    code = request.POST.get("code", "")[:100].strip()
    return HttpResponseRedirect(f"{reverse('portal:verify')}?{urlencode({'code': code})}")


def _verify_code(request: PortalRequest, code: str) -> HttpResponse:
    if not code:
        message = _("Geben Sie den Code ein, der auf dem Dokument steht.")
        return _form(request, [TypedProblem("code", message)], "")
    found = letters.verify(code)
    if found is None:
        count_wrong_code(request, _TRIES)
        message = _(
            "Zu diesem Code haben wir kein Dokument ausgestellt. Vergleichen Sie ihn Zeichen für Zeichen."
        )
        return _form(request, [TypedProblem("code", message)], code)
    return render(
        request, "portal/verified.html", {"letter": found, "genuine": found.unchanged, "seal": found.seal}
    )


def _verify_file(request: PortalRequest, file: UploadedFile[Any] | None) -> HttpResponse:
    if file is None or not file.size:
        return _form(
            request, [TypedProblem("datei", _("Wählen Sie die PDF-Datei aus, die Sie prüfen möchten."))], ""
        )
    if file.size > LARGEST_DOCUMENT:
        message = _("Die Datei ist größer als 20 MB. Unsere Dokumente sind kleiner.")
        return _form(request, [TypedProblem("datei", message)], "")
    content = file.read()
    if not content.startswith(b"%PDF-"):
        return _form(
            request, [TypedProblem("datei", _("Das ist keine PDF-Datei. Wählen Sie eine andere aus."))], ""
        )
    result = letters.verify_upload(content)
    if not result.genuine:
        count_wrong_code(request, _TRIES)
    context = {"letter": result.letter, "genuine": result.genuine, "seal": result.seal}
    return render(request, "portal/verified.html", context)


def _form(request: PortalRequest, problems: list[TypedProblem], code: str) -> HttpResponse:
    context = {"problems": problems, "code": code}
    return render(request, "portal/verify.html", context, status=422 if problems else 200)

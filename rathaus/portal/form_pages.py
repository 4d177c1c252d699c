"""The pages of an application: one topic a page, saved with every step, safe against back button and second tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from rathaus.applications.models import Draft
from rathaus.applications.service import (
    DraftGoneError,
    FileLimits,
    FileRefusedError,
    add_file,
    attachment_of,
    file_answer,
    remove_attachment,
    set_language,
)
from rathaus.forms.engine import PageResult
from rathaus.forms.journey import Journey
from rathaus.forms.keys import Answers, get, html_name, path_from_html_name, template_of
from rathaus.forms.problems import Problem
from rathaus.forms.questions import control_id
from rathaus.forms.tree import FieldNode
from rathaus.portal.browser import remember_draft
from rathaus.portal.filling import Files, Filling, Posted, asked_names, filling_of, without_entry
from rathaus.portal.languages import CONTENT_LANGUAGES, remember_language
from rathaus.portal.requests import PortalRequest

# Names of buttons and hidden fields of the page itself; names of questions always come from the schema.
ASKED = "gefragt"
BACK_TO_REVIEW = "zurueck"
LANGUAGE = "sprache"
ADD, REMOVE = "add", "remove"


def enter(request: PortalRequest, key: str, draft_id: UUID) -> HttpResponse:
    """`/leistungen/<key>/antrag/<draft>/`: to the first page that is not done, or to the review."""
    filling = filling_of(request, key, draft_id)
    if filling is None:
        return HttpResponseRedirect(reverse("portal:resume"))
    page = None if filling.draft.submitted_at else filling.journey().first_open
    return HttpResponseRedirect(page_address(filling.draft, page))


def page_address(draft: Draft, page: str | None, **query: str) -> str:
    """The address of a page of a draft; None: the review."""
    key = draft.service.key
    address = (
        reverse("portal:form_page", args=[key, draft.pk, page])
        if page
        else reverse("portal:review", args=[key, draft.pk])
    )
    return f"{address}?{urlencode(query)}" if query else address


def form_page(request: PortalRequest, key: str, draft_id: UUID, page: str) -> HttpResponse:
    """`/leistungen/<key>/antrag/<draft>/<page>/`: show a page, or take what was typed on it."""
    filling = filling_of(request, key, draft_id)
    if filling is None:
        return HttpResponseRedirect(reverse("portal:resume"))
    if filling.draft.submitted_at:
        return HttpResponseRedirect(page_address(filling.draft, None))
    if request.method != "POST":
        return _show(request, filling, page)
    try:
        return _take(request, filling, page)
    except DraftGoneError:
        return HttpResponseRedirect(page_address(filling.draft, None))
    except KeyError as error:
        raise Http404 from error


def _show(request: PortalRequest, filling: Filling, page: str) -> HttpResponse:
    draft = filling.draft
    typed: Posted = draft.typed.get(page, {})
    problems: Sequence[Problem] = ()
    journey = filling.journey()
    if journey.page(page) is None:
        # A page that other answers made disappear: an old address, or the back button.
        return HttpResponseRedirect(page_address(draft, journey.first_open))
    if request.GET.get("zeige") == "fehler":
        # Asked for from the review: show at once what has to be mended.
        found = filling.submit(page, draft.answers, typed, {}).problems if typed else ()
        problems = found or journey.pages[[state.key for state in journey.pages].index(page)].problems
    response = _render(request, filling, page, journey, typed, problems)
    remember_draft(request, response, draft.pk, filling.code)
    return response


def _render(
    request: PortalRequest,
    filling: Filling,
    page: str,
    journey: Journey,
    typed: Posted,
    problems: Sequence[Problem],
) -> HttpResponse:
    view = filling.view(page, journey, typed, problems)
    before = request.GET.get("hinweis", "")
    sections = list(dict.fromkeys(state.section for state in journey.pages))
    context = {
        "title": filling.title,
        "service_key": filling.draft.service.key,
        "draft": filling.draft,
        "resume_code": filling.code,
        "view": view,
        "asked": " ".join(asked_names(view.blocks)),
        "sections": sections,
        "section_number": sections.index(view.section) + 1,
        "more_questions": request.GET.get("mehr") == "1" and not problems,
        "notices": [notice for notice in journey.notices if before and notice.page == before],
        "back_to_review": BACK_TO_REVIEW in request.GET or BACK_TO_REVIEW in request.POST,
        "previous": page_address(filling.draft, view.previous)
        if view.previous
        else reverse("portal:apply", args=[filling.draft.service.key]),
        "error_count": len(view.summary),
    }
    return render(
        request,
        "portal/form_page.html",
        context,
        status=422 if problems and request.method == "POST" else 200,
    )


def _take(request: PortalRequest, filling: Filling, page: str) -> HttpResponse:
    posted: Posted = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    files, refused = _received_files(request, filling, page)
    if add := request.POST.get(ADD):
        return _add(filling, page, posted, files, add)
    if remove := request.POST.get(REMOVE):
        return _remove(filling, page, posted, files, remove)
    result = filling.save(page, posted, files)
    if (language := request.POST.get(LANGUAGE)) in CONTENT_LANGUAGES:
        set_language(filling.draft, language)
        response = HttpResponseRedirect(page_address(filling.draft, page))
        remember_language(response, language, secure=request.is_secure())
        return response
    if _has_new_questions(result.journey, page, request.POST.get(ASKED)):
        return HttpResponseRedirect(page_address(filling.draft, page, mehr="1"))
    problems = (
        *refused,
        *(problem for problem in result.problems if problem.path not in {it.path for it in refused}),
    )
    if problems:
        return _render(request, filling, page, result.journey, result.typed, problems)
    return HttpResponseRedirect(
        _onwards(filling, page, result, back_to_review=BACK_TO_REVIEW in request.POST)
    )


def _onwards(filling: Filling, page: str, result: PageResult, *, back_to_review: bool) -> str:
    journey = result.journey
    following = journey.first_open if back_to_review else result.next_page
    told = {"hinweis": page} if any(notice.page == page for notice in journey.notices) else {}
    if back_to_review and following:
        told[BACK_TO_REVIEW] = "pruefen"
    return page_address(filling.draft, following, **told)


def _has_new_questions(journey: Journey, page: str, asked: str | None) -> bool:
    """Whether the answers brought questions to the page that it did not show when it was sent."""
    visit = journey.visit(page)
    if visit is None or asked is None:
        return False
    known = set(asked.split())
    return any(
        html_name(scope.path_of(ask.node)) not in known
        for scope, ask in visit.asks
        if not (isinstance(ask.node, FieldNode) and (ask.node.is_label or ask.node.is_fixed))
    )


def _add(filling: Filling, page: str, posted: Posted, files: Files, name: str) -> HttpResponse:
    added: list[int] = []

    def then(result: PageResult) -> tuple[Answers, Posted]:
        answers, index = filling.form.add_entry(result.answers, name)
        added.append(index)
        return answers, result.typed

    filling.save(page, posted, files, then)
    entry_pages = filling.journey().entry_pages(page, added[-1])
    if entry_pages:
        return HttpResponseRedirect(page_address(filling.draft, entry_pages[0].key))
    return HttpResponseRedirect(f"{page_address(filling.draft, page)}#{control_id(name)}-{added[-1]}")


def _remove(filling: Filling, page: str, posted: Posted, files: Files, name: str) -> HttpResponse:
    removed: list[object] = []

    def then(result: PageResult) -> tuple[Answers, Posted]:
        removed.append(get(result.answers, path_from_html_name(name)))
        return filling.form.remove_entry(result.answers, name), without_entry(result.typed, name)

    filling.save(page, posted, files, then)
    _remove_files(filling.draft, removed[-1])
    return HttpResponseRedirect(page_address(filling.draft, page))


def _remove_files(draft: Draft, value: object) -> None:
    """Delete the files that a removed answer named."""
    if isinstance(value, list):
        for item in value:
            _remove_files(draft, item)
    elif isinstance(value, dict):
        if {"id", "sha256"} <= value.keys():
            attachment = attachment_of(draft, value["id"])
            if attachment is not None:
                remove_attachment(attachment)
        else:
            _remove_files(draft, list(value.values()))


def _received_files(request: PortalRequest, filling: Filling, page: str) -> tuple[Files, list[Problem]]:
    """Store the files that came with the page; refused ones become problems at their question."""
    stored: dict[str, list[dict[str, str | int]]] = {}
    problems: list[Problem] = []
    for name in request.FILES:
        node = filling.package.tree.nodes.get(".".join(template_of(path_from_html_name(name))))
        if not isinstance(node, FieldNode) or not node.is_file:
            continue
        for file in request.FILES.getlist(name):
            try:
                stored.setdefault(name, []).append(_store(filling.draft, name, node, file))
            except FileRefusedError as error:
                problems.append(
                    Problem(path_from_html_name(name), "file.refused", str(error), {}, "error", page)
                )
    return stored, problems


def _store(draft: Draft, name: str, node: FieldNode, file: UploadedFile[Any]) -> dict[str, str | int]:
    limits = FileLimits(node.max_size, node.media_types)
    attachment = add_file(draft, name, file.name or "", file.content_type or "", file.size or 0, file, limits)
    return file_answer(attachment)

"""The pages of an application: one topic a page, saved with every step, safe against back button and second tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from rathaus.applications.service import DraftGoneError, FileRefusedError, move_to_live, news_of
from rathaus.forms.engine import PageResult
from rathaus.forms.journey import Journey
from rathaus.forms.keys import Answers, get, html_name, path_from_html_name, template_of
from rathaus.forms.problems import Problem
from rathaus.forms.questions import control_id
from rathaus.forms.tree import FieldNode
from rathaus.portal.browser import remember_draft
from rathaus.portal.filling import (
    Files,
    Filling,
    Posted,
    asked_names,
    comes_back,
    draft_address,
    filling_in,
    filling_of,
    own_draft,
    without_entry,
)
from rathaus.portal.languages import CONTENT_LANGUAGES
from rathaus.portal.requests import PortalRequest

# Names of buttons and hidden fields of the page itself; names of questions always come from the schema.
ASKED = "gefragt"
BACK_TO_REVIEW = "zurueck"
LANGUAGE = "sprache"
ADD, REMOVE = "add", "remove"


def enter(request: PortalRequest, key: str, draft_id: UUID) -> HttpResponse:
    """`/leistungen/<key>/antrag/<draft>/`: to the first page that is not done, or to the review.

    An applicant who comes back goes on in the version that is live; if that changed something, this says what.
    """
    own = own_draft(request, key, draft_id)
    if own is None:
        return HttpResponseRedirect(reverse("portal:resume"))
    draft, code = own
    language = request.content_language
    filling = filling_in(move_to_live(draft, language), code, language)
    page = None if draft.submitted_at else filling.journey().first_open
    news = news_of(draft, language)
    if news is None or not news.is_fresh or draft.submitted_at:
        return HttpResponseRedirect(filling.address(page))
    context = {**filling.page_context, "title": filling.title, "news": news, "onwards": filling.address(page)}
    response = render(request, "portal/moved.html", context)
    remember_draft(request, response, draft.pk, code)
    return response


def form_page(request: PortalRequest, key: str, draft_id: UUID, page: str) -> HttpResponse:
    """`/leistungen/<key>/antrag/<draft>/<page>/`: show a page, or take what was typed on it."""
    filling = filling_of(request, key, draft_id)
    if filling is None:
        return HttpResponseRedirect(reverse("portal:resume"))
    if filling.draft.submitted_at:
        return HttpResponseRedirect(filling.address(None))
    if request.method != "POST":
        if comes_back(filling.draft):
            return HttpResponseRedirect(draft_address(filling.draft))
        response = show_page(request, filling, page)
        remember_draft(request, response, filling.draft.pk, filling.code)
        return response
    try:
        return take_page(request, filling, page)
    except DraftGoneError:
        return HttpResponseRedirect(filling.address(None))
    except KeyError as error:
        if filling.draft.moved:  # sent from a tab that still shows the former version
            return HttpResponseRedirect(draft_address(filling.draft))
        raise Http404 from error


def show_page(request: PortalRequest, filling: Filling, page: str) -> HttpResponse:
    """A page of a form as it is kept."""
    kept = filling.kept
    typed: Posted = kept.typed.get(page, {})
    problems: Sequence[Problem] = ()
    journey = filling.journey()
    if journey.page(page) is None:
        # A page that other answers made disappear: an old address, or the back button.
        return HttpResponseRedirect(filling.address(journey.first_open))
    if request.GET.get("zeige") == "fehler":
        # Asked for from the review: show at once what has to be mended.
        found = filling.submit(page, kept.answers, typed, {}).problems if typed else ()
        problems = found or journey.pages[[state.key for state in journey.pages].index(page)].problems
    return _render(request, filling, page, journey, typed, problems)


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
        **filling.page_context,
        "title": filling.title,
        "view": view,
        "page_address": filling.address,
        "asked": " ".join(asked_names(view.blocks)),
        "sections": sections,
        "section_number": sections.index(view.section) + 1,
        "more_questions": request.GET.get("mehr") == "1" and not problems,
        "notices": [notice for notice in journey.notices if before and notice.page == before],
        "back_to_review": BACK_TO_REVIEW in request.GET or BACK_TO_REVIEW in request.POST,
        "previous": filling.address(view.previous) if view.previous else filling.before,
        "error_count": len(view.summary),
    }
    return render(
        request,
        filling.page_template,
        context,
        status=422 if problems and request.method == "POST" else 200,
    )


def take_page(request: PortalRequest, filling: Filling, page: str) -> HttpResponse:
    """Save what was sent from a page and go on, or show the page again with what has to be mended.

    Raises `KeyError` if the form has no such page.
    """
    posted: Posted = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    files, refused = _received_files(request, filling, page)
    if add := request.POST.get(ADD):
        return _add(filling, page, posted, files, add)
    if remove := request.POST.get(REMOVE):
        return _remove(filling, page, posted, files, remove)
    result = filling.save(page, posted, files)
    if (language := request.POST.get(LANGUAGE)) in CONTENT_LANGUAGES:
        return filling.switch_language(request, language, page)
    if _has_new_questions(result.journey, page, request.POST.get(ASKED)):
        return HttpResponseRedirect(filling.address(page, mehr="1"))
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
    return filling.address(following, **told)


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
        return HttpResponseRedirect(filling.address(entry_pages[0].key))
    return HttpResponseRedirect(f"{filling.address(page)}#{control_id(name)}-{added[-1]}")


def _remove(filling: Filling, page: str, posted: Posted, files: Files, name: str) -> HttpResponse:
    removed: list[object] = []

    def then(result: PageResult) -> tuple[Answers, Posted]:
        removed.append(get(result.answers, path_from_html_name(name)))
        return filling.form.remove_entry(result.answers, name), without_entry(result.typed, name)

    filling.save(page, posted, files, then)
    _drop_files(filling, removed[-1])
    return HttpResponseRedirect(filling.address(page))


def _drop_files(filling: Filling, value: object) -> None:
    """Forget the files that a removed answer named."""
    if isinstance(value, list):
        for item in value:
            _drop_files(filling, item)
    elif isinstance(value, dict):
        if {"id", "sha256"} <= value.keys():
            filling.drop(value["id"])
        else:
            _drop_files(filling, list(value.values()))


def _received_files(request: PortalRequest, filling: Filling, page: str) -> tuple[Files, list[Problem]]:
    """Store the files that came with the page; refused ones become problems at their question."""
    stored: dict[str, list[Mapping[str, str | int]]] = {}
    problems: list[Problem] = []
    for name in request.FILES:
        node = filling.package.tree.nodes.get(".".join(template_of(path_from_html_name(name))))
        if not isinstance(node, FieldNode) or not node.is_file:
            continue
        for file in request.FILES.getlist(name):
            try:
                stored.setdefault(name, []).append(filling.store(name, node, file))
            except FileRefusedError as error:
                problems.append(
                    Problem(path_from_html_name(name), "file.refused", str(error), {}, "error", page)
                )
    return stored, problems

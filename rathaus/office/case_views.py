"""The page of a case, and everything that can be done on it.

Whatever goes wrong (somebody else was faster, a reason is missing), the page comes back with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rathaus.cases import service as cases
from rathaus.cases.models import Actor, Case, Step
from rathaus.office.access import case_to_work_on, leave_trace, person, visible_case
from rathaus.office.dossier import Dossier, Task, dossier, paths_on
from rathaus.office.forms import AskForm, AssignForm, MessageForm, NoteForm, RevisionForm, StepForm
from rathaus.office.wording import act_text
from rathaus.people.service import colleagues, may_assign
from rathaus.processes import service as processes


class _Refused(Exception):  # noqa: N818 - not an error of ours: the case is not as the person thought
    """The act is not possible now; the message says why and what to do."""


@require_GET
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    """`/amt/vorgang/<reference>/`."""
    case = visible_case(request, reference)
    leave_trace(request, "case.viewed", case)
    return _page(request, case)


@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the case."""
    case = case_to_work_on(request, reference)
    return _act(
        request,
        case,
        RevisionForm(request.POST),
        lambda given: cases.take(case, person(request), revision=given["revision"]),
        _("Sie bearbeiten jetzt diesen Vorgang."),
    )


@require_POST
def hand_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the case back to the office."""
    case = case_to_work_on(request, reference)
    return _act(
        request,
        case,
        RevisionForm(request.POST),
        lambda given: cases.hand_back(case, person(request), revision=given["revision"]),
        _("Der Vorgang liegt wieder bei allen."),
    )


@require_POST
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the case to a colleague (team leads)."""
    case = case_to_work_on(request, reference)
    if not may_assign(person(request), case):
        return HttpResponse(status=403)
    form = AssignForm(request.POST, people=colleagues(case.office_id))
    return _act(
        request,
        case,
        form,
        lambda given: cases.assign(case, given["person"], by=person(request), revision=given["revision"]),
        _("Der Vorgang ist zugewiesen."),
        assign_form=form,
    )


@require_POST
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a note for colleagues."""
    case = case_to_work_on(request, reference)
    form = NoteForm(request.POST, prefix="notiz")
    return _act(
        request,
        case,
        form,
        lambda given: cases.add_note(case, given["text"], person(request)),
        _("Die Notiz ist gespeichert."),
        place="notizen",
        note_form=form,
    )


@require_POST
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the applicant."""
    case = case_to_work_on(request, reference)
    form = MessageForm(request.POST, prefix="nachricht")
    return _act(
        request,
        case,
        form,
        lambda given: cases.send_message(case, given["text"], person(request)),
        _("Die Nachricht ist abgeschickt."),
        place="nachrichten",
        message_form=form,
    )


@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the applicant for something with a deadline, beside the drawn process."""
    case = case_to_work_on(request, reference)
    form = AskForm(request.POST, prefix="anfrage", pages=dossier(case, person(request)).pages)

    def request_it(given: dict[str, Any]) -> object:
        _check_revision(case, given["revision"])
        pages = given["pages"]
        return cases.request_information(
            case, given["text"], given["until"], person(request), pages=pages, paths=paths_on(case, pages)
        )

    return _act(
        request, case, form, request_it, _("Die Anfrage ist abgeschickt."), place="nachrichten", ask_form=form
    )


@require_POST
def complete(request: HttpRequest, reference: str, step_id: int) -> HttpResponse:
    """End a task with one of its outcomes."""
    case = case_to_work_on(request, reference)
    step = get_object_or_404(Step.objects, pk=step_id, case=case, actor=Actor.PERSON)
    shown = dossier(case, person(request))
    task = next((task for task in shown.tasks if task.step.pk == step.pk), None)
    if task is None:
        return _page(request, case, conflict=_("Diese Aufgabe ist schon erledigt."))
    form = step_form(task, shown, request)

    def end_it(given: dict[str, Any]) -> object:
        _check_revision(case, given["revision"])
        result = form.result()
        if result.get("pages"):
            result["paths"] = paths_on(case, result["pages"])
        return processes.complete_step(step, given.get("outcome", ""), result, user=person(request))

    return _act(request, case, form, end_it, _("Das Ergebnis ist gespeichert."), step_forms={step.pk: form})


@require_POST
def retry(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the machine try a failed step again now instead of later."""
    case = case_to_work_on(request, reference)
    with transaction.atomic():
        processes.start(case)
        leave_trace(request, "case.retried", case)
    messages.success(request, _("Das System versucht es jetzt noch einmal."))
    return _back(case)


def step_form(task: Task, shown: Dossier, request: HttpRequest | None = None) -> StepForm:
    """The form of a task, bound if there is a request."""
    return StepForm(
        request.POST if request else None,
        prefix=f"schritt-{task.step.pk}",
        choices=task.choices,
        pages=shown.pages,
        initial={"revision": shown.case.revision},
    )


def _check_revision(case: Case, revision: int) -> None:
    row = cases.locked(case)
    if row.revision != revision:
        raise cases.CaseChangedError(row)


def _act(
    request: HttpRequest,
    case: Case,
    form: Any,
    act: Callable[[dict[str, Any]], object],
    done: str,
    *,
    place: str = "",
    **forms: Any,
) -> HttpResponse:
    """Check what was typed, do it, go back to the page; or show the page again with what was typed."""
    if not form.is_valid():
        return _page(request, case, status=422, **forms)
    try:
        with transaction.atomic():
            act(form.cleaned_data)
    except _REFUSALS as error:
        return _page(
            request,
            visible_case(request, case.application.reference),
            conflict=_why(error),
            status=409,
            **forms,
        )
    messages.success(request, done)
    return _back(case, place)


_REFUSALS = (
    cases.CaseChangedError,
    cases.CaseClosedError,
    cases.CaseTakenError,
    processes.FourEyesError,
    processes.StepClosedError,
)


def _why(error: Exception) -> str:
    if isinstance(error, cases.CaseTakenError):
        return _("%(name)s bearbeitet diesen Vorgang. Sprechen Sie sich ab.") % {"name": error.holder}
    if isinstance(error, cases.CaseClosedError):
        return _("Der Vorgang ist inzwischen abgeschlossen.")
    if isinstance(error, processes.FourEyesError):
        return _("Sie haben schon den ersten Blick getan. Diese Aufgabe muss eine zweite Person erledigen.")
    if isinstance(error, processes.StepClosedError):
        return _("Diese Aufgabe ist inzwischen erledigt.")
    return _(
        "Der Vorgang hat sich geändert, während Sie daran gearbeitet haben. "
        "Sehen Sie ihn noch einmal an; was Sie geschrieben haben, steht noch da."
    )


def _back(case: Case, place: str = "") -> HttpResponseRedirect:
    address = reverse("office:case", args=[case.application.reference])
    return HttpResponseRedirect(f"{address}#{place}" if place else address)


def _page(
    request: HttpRequest, case: Case, *, conflict: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    shown = dossier(case, person(request))
    revision = {"revision": case.revision}
    step_forms = {task.step.pk: step_form(task, shown) for task in shown.tasks} | forms.pop("step_forms", {})
    # After a conflict the forms carry the state that is shown now, so that sending again is a decision about it.
    for form in (*step_forms.values(), *forms.values()):
        _renew_revision(form, case.revision)
    given = {
        "note_form": NoteForm(prefix="notiz", initial=revision),
        "message_form": MessageForm(prefix="nachricht", initial=revision),
        "ask_form": AskForm(prefix="anfrage", initial=revision, pages=shown.pages),
        "assign_form": AssignForm(initial=revision, people=colleagues(case.office_id)),
        **forms,
    }
    wrong = [form for form in (*step_forms.values(), *given.values()) if form.errors]
    return render(
        request,
        "office/case.html",
        {
            "shown": shown,
            "conflict": conflict,
            "step_forms": step_forms,
            "wrong": wrong,
            "act_text": act_text,
            **given,
        },
        status=status,
    )


def _renew_revision(form: Any, revision: int) -> None:
    if form.is_bound:
        form.data = form.data.copy()
        form.data[form.add_prefix("revision")] = str(revision)

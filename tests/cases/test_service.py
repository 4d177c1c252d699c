"""Cases in the hands of people: worklist, assignment, conversation, deadlines, and the applicant's view."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from rathaus.audit.models import AuditEntry
from rathaus.cases.identity import describe
from rathaus.cases.models import Actor, Case, CaseStatus, Message, Step
from rathaus.cases.service import (
    AnswerNotAskedForError,
    CaseChangedError,
    CaseClosedError,
    CaseTakenError,
    Filters,
    NoOpenRequestError,
    add_note,
    answer_information,
    assign,
    compute_due,
    current_answers,
    deadline_steps,
    hand_back,
    open_request,
    request_information,
    send_message,
    status_view,
    take,
    urgency,
    worklist,
)
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import package_of
from rathaus.delivery.models import HandOver, Mail
from rathaus.delivery.service import Worker, sweep
from rathaus.people.models import User
from rathaus.towns.context import acting_for
from rathaus.towns.models import Office, Town
from tests.processes.conftest import OpenCase, Publish

Hire = Callable[[str], User]
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def version(publish_process: Publish) -> ServiceVersion:
    return publish_process()


@pytest.fixture
def case(version: ServiceVersion, open_case: OpenCase) -> Case:
    return waiting_for_a_person(open_case(version))


def waiting_for_a_person(case: Case) -> Case:
    """As the process leaves a case that stops at a person."""
    describe(case, package_of(case.application.service).service)
    case.acts_next, case.status, case.due_on = Actor.PERSON, CaseStatus.IN_WORK, compute_due(case)
    case.save()
    Step.objects.create(
        case=case,
        task_id=uuid.uuid4(),
        element="pruefen",
        name={"de": "Prüfen"},
        actor=Actor.PERSON,
        office=case.office,
        ready_at=timezone.now(),
    )
    return case


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_taking_a_case_starts_the_clock_of_its_step(case: Case, staff: Hire) -> None:
    anna = staff("anna")
    taken = take(case, anna, revision=case.revision)
    assert taken.assigned_to == anna
    step = case.steps.get()
    assert step.taken_by == anna
    assert step.taken_at is not None
    assert AuditEntry.objects.filter(action="case.taken", actor=anna).count() == 1
    assert take(taken, anna).revision == taken.revision


def test_a_taken_case_says_who_has_it(case: Case, staff: Hire) -> None:
    anna, bert = staff("anna"), staff("bert")
    take(case, anna)
    with pytest.raises(CaseTakenError, match="Anna Amt"):
        take(case, bert)
    with pytest.raises(CaseTakenError):
        hand_back(case, bert)


def test_a_case_that_changed_meanwhile_is_not_taken(case: Case, staff: Hire) -> None:
    anna = staff("anna")
    shown = case.revision
    take(case, anna, revision=shown)
    hand_back(case, anna)
    with pytest.raises(CaseChangedError) as caught:
        take(case, anna, revision=shown)
    assert caught.value.case.revision == shown + 2


def test_a_case_can_be_given_to_somebody_and_back_to_the_office(case: Case, staff: Hire) -> None:
    anna, lead = staff("anna"), staff("lead")
    assert assign(case, anna, by=lead).assigned_to == anna
    assert hand_back(case, anna).assigned_to is None
    assert case.steps.get().taken_at is None


def test_a_closed_case_cannot_be_taken(case: Case, staff: Hire) -> None:
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    with pytest.raises(CaseClosedError):
        take(case, staff("anna"))


def references(user: User, **filters: object) -> list[str]:
    return [case.application.reference for case in worklist(user, Filters(**filters))]  # type: ignore[arg-type]


def test_the_worklist_shows_the_office_and_nothing_else(
    case: Case, staff: Hire, town: Town, version: ServiceVersion, open_case: OpenCase
) -> None:
    other = open_case(version)
    other.office = Office.objects.create(key="bau", name="Bauamt", short_name="Bau")
    other.save()
    assert references(staff("anna")) == [case.application.reference]
    assert references(User.objects.create(username="fremd")) == []


def test_the_worklist_filters(case: Case, staff: Hire, version: ServiceVersion, open_case: OpenCase) -> None:
    anna = staff("anna")
    late = waiting_for_a_person(open_case(version))
    late.due_on = timezone.localdate() - timedelta(days=1)
    late.save()
    asked = waiting_for_a_person(open_case(version))
    request_information(asked, "Was?", timezone.localdate() + timedelta(days=9), anna)
    take(case, anna)
    one, two, three = (item.application.reference for item in (case, late, asked))
    assert references(anna)[0] == two
    assert references(anna, mine=True) == [one]
    assert references(anna, unassigned=True) == [two]
    assert references(anna, overdue=True) == [two]
    assert references(anna, waiting=True) == [three]
    assert references(anna, query="somm mira") == [two, one, three]
    assert references(anna, query=one[-6:].lower()) == [one]
    assert references(anna, query="winter") == []
    assert references(anna, service="wohngeld") == []
    assert references(anna, closed=True) == []
    assert references(anna, failed=True) == []


def test_the_worklist_is_one_query_however_long(
    case: Case,
    staff: Hire,
    version: ServiceVersion,
    open_case: OpenCase,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    anna = staff("anna")
    for _number in range(5):
        waiting_for_a_person(open_case(version))
    with django_assert_max_num_queries(1):
        shown = [
            (
                row.application.reference,
                row.application.service.title,
                row.office.name,
                row.assigned_to,
                row.due_on,
            )
            for row in worklist(anna)
        ]
    assert len(shown) == 6


def test_colours_follow_the_deadline(case: Case) -> None:
    assert case.due_on is not None
    assert urgency(case, case.due_on + timedelta(days=1)) == "overdue"
    assert urgency(case, case.due_on) == "today"
    assert urgency(case, case.due_on - timedelta(days=2)) == "soon"
    assert urgency(case, case.due_on - timedelta(days=9)) == "later"
    case.status = CaseStatus.DECIDED
    assert urgency(case, case.due_on) == ""


def test_three_days_of_section_15_skip_the_weekend_and_holidays(case: Case) -> None:
    # Tuesday, 31 March 2026; three days later is Good Friday, then Easter.
    case.application.received_at = datetime(2026, 3, 31, 23, 30, tzinfo=BERLIN)
    assert compute_due(case) == date(2026, 4, 7)
    [deadline] = deadline_steps(case)
    assert deadline.legal_basis == "§ 15 Abs. 1 GewO"
    assert [step.key for step in deadline.deadline.steps] == ["event", "end_days", "rolled"]


def test_notes_stay_inside_and_messages_go_out(case: Case, staff: Hire) -> None:
    anna = staff("anna")
    add_note(case, "Bitte genau prüfen", anna)
    send_message(case, "Guten Tag", anna)
    send_message(case, "Danke")
    view = status_view(case.application)
    assert [message.text for message in view.messages] == ["Guten Tag", "Danke"]
    assert [entry.kind for entry in view.timeline] == ["message.sent", "message.received"]
    mail = Mail.objects.get()
    assert case.application.reference in mail.subject
    assert "Guten Tag," in mail.body
    assert "Textilien" not in mail.body


def test_a_request_waits_for_the_applicant_and_their_answer_comes_back(case: Case, staff: Hire) -> None:
    until = timezone.localdate() + timedelta(days=14)
    request_information(
        case, "Welche Ware?", until, staff("anna"), pages=["taetigkeit"], paths=["taetigkeit"]
    )
    assert (case.status, case.acts_next) == (CaseStatus.WAITING, Actor.APPLICANT)
    view = status_view(case.application)
    assert view.request is not None
    assert (view.request.text, view.request.answer_until) == ("Welche Ware?", until)
    answer = answer_information(case, "Kleider", (), {"taetigkeit": {"beschreibung": "Kleider"}})
    assert answer.from_applicant
    assert (case.status, case.acts_next) == (CaseStatus.IN_WORK, Actor.PERSON)
    assert current_answers(case)["taetigkeit"]["beschreibung"] == "Kleider"
    assert current_answers(case)["taetigkeit"]["art"] == ["handel"]
    assert HandOver.objects.filter(kind="process.advance", subject=str(case.pk), done_at=None).exists()
    with pytest.raises(NoOpenRequestError):
        answer_information(case, "Noch etwas")


def test_only_what_was_asked_for_can_be_changed(case: Case, staff: Hire) -> None:
    request_information(
        case, "?", timezone.localdate() + timedelta(days=9), staff("anna"), paths=["taetigkeit.beschreibung"]
    )
    with pytest.raises(AnswerNotAskedForError) as caught:
        answer_information(case, "", (), {"taetigkeit": {"art": ["handwerk"]}, "inhaber": {"vornamen": "X"}})
    assert caught.value.paths == ["inhaber.vornamen", "taetigkeit.art"]
    assert open_request(case) is not None


def test_the_applicant_is_reminded_once_and_then_the_case_goes_on(
    case: Case, staff: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, worker = timezone.now(), Worker()
    request_information(case, "?", timezone.localdate() + timedelta(days=14), staff("anna"))
    for days in (5, 12, 13, 16):
        at(monkeypatch, start + timedelta(days=days))
        HandOver.objects.filter(kind="case.request_deadline").delete()
        sweep()
        HandOver.objects.exclude(kind="case.request_deadline").delete()
        worker.drain()
    told = case.events.filter(actor=Actor.MACHINE, kind__startswith="information.").order_by("pk")
    assert [event.kind for event in told] == ["information.reminded", "information.expired"]
    assert case.steps.get(actor=Actor.APPLICANT).outcome == "expired"


def test_the_status_page_speaks_the_applicants_language(case: Case, staff: Hire) -> None:
    request_information(case, "?", date(2030, 1, 2), staff("anna"))
    with override("de"):
        view = status_view(case.application)
    assert view.service_title == "Gewerbe anmelden"
    assert view.status_text == "Wartet auf Ihre Angaben"
    assert "02.01.2030" in view.timeline[-1].text


def test_nothing_of_another_town_is_seen(case: Case, ahrensfurt: Town, staff: Hire) -> None:
    anna = staff("anna")
    with acting_for(ahrensfurt):
        assert list(worklist(anna)) == []
        assert Message.objects.count() == 0
        with pytest.raises(Case.DoesNotExist):
            take(case, anna)

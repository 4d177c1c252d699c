"""Cases go through their process: once, whatever fails or dies in between."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from rathaus.cases.models import Actor, Case, CaseStatus, Step
from rathaus.cases.service import CaseTakenError, answer_information, open_request, take
from rathaus.delivery.models import HandOver
from rathaus.delivery.service import Worker, sweep
from rathaus.letters.models import Letter
from rathaus.people.models import User
from rathaus.processes import operations
from rathaus.processes.models import ProcessInstance, Transmission
from rathaus.processes.operations import registry
from rathaus.processes.service import (
    FourEyesError,
    ReasonMissingError,
    StepClosedError,
    UnknownOutcomeError,
    advance,
    complete_step,
    history,
    open_steps,
    outcomes_of,
)
from rathaus.towns.service import decide_setting
from tests.processes.conftest import OpenCase, Publish
from tests.processes.drawing import drawn, flow, gateway, lane, machine, path, person, timer

Hire = Callable[[str], User]

AUTOMATIC = drawn(
    machine("fakten", "facts"),
    machine("taetigkeit", "decision", "businessRuleTask", table="taetigkeit"),
    machine(
        "bescheinigung",
        "letter",
        template="empfangsbescheinigung",
        title="Empfangsbescheinigung",
        seal="true",
    ),
    machine("uebermittlung", "transmit", only="ihk finanzamt"),
    machine("entscheidung", "decide", outcome="bescheinigt"),
    machine("abschluss", "close"),
    path(
        "start", "fakten", "taetigkeit", "bescheinigung", "uebermittlung", "entscheidung", "abschluss", "end"
    ),
)
CHECKED = drawn(
    person("pruefen", "ja", "nein!"),
    person("freigeben", "frei", extra='<rathaus:four-eyes after="pruefen"/>'),
    gateway("exclusive", "ergebnis", default="ergebnis_ja"),
    machine("gut", "decide", outcome="bescheinigt"),
    machine("schlecht", "decide", outcome="zurueckgewiesen"),
    path("start", "pruefen", "ergebnis"),
    flow("ergebnis", "gut", flow_id="ergebnis_ja"),
    flow("ergebnis", "freigeben", "facts.pruefen.outcome == 'nein'"),
    path("freigeben", "schlecht", "end"),
    path("gut", "end"),
    lanes=lane("sachbearbeitung", "pruefen", "freigeben"),
)
ASKED = drawn(
    person("pruefen", "fragen!", "ja"),
    gateway("exclusive", "wahl", default="wahl_ja"),
    person("ergaenzen", "ergaenzt"),
    timer("frist", "has(facts.pruefen.deadline) ? string(facts.pruefen.deadline) : 'P14D'", on="ergaenzen"),
    machine("gut", "decide", outcome="bescheinigt"),
    path("start", "pruefen", "wahl"),
    flow("wahl", "gut", flow_id="wahl_ja"),
    flow("wahl", "ergaenzen", "facts.pruefen.outcome == 'fragen'"),
    path("ergaenzen", "pruefen"),
    path("frist", "pruefen"),
    path("gut", "end"),
    lanes=lane("sachbearbeitung", "pruefen") + lane("antragsteller", "ergaenzen"),
)


def fresh(case: Case) -> Case:
    found: Case = Case.objects.get(pk=case.pk)
    return found


def the_step(case: Case, element: str) -> Step:
    found: Step = case.steps.filter(element=element, ended_at=None).get()
    return found


def in_order(step: Step) -> bool:
    """Whether the step could start, was taken and ended, in this order."""
    moments = [step.ready_at, step.taken_at, step.ended_at]
    return None not in moments and moments == sorted(moment for moment in moments if moment)


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("at", "pk").values_list("kind", flat=True))


def test_a_green_case_is_decided_by_machines_alone(publish_process: Publish, open_case: OpenCase) -> None:
    case = open_case(publish_process(AUTOMATIC))
    Worker().drain()
    done = fresh(case)
    assert (done.status, done.outcome, done.automatic) == (CaseStatus.DECIDED, "bescheinigt", True)
    assert done.closed_at is not None
    assert done.acts_next == ""
    assert Letter.objects.get(case=case).template == "empfangsbescheinigung"
    assert set(case.transmissions.values_list("recipient", flat=True)) == {"ihk", "finanzamt"}
    assert kinds(case).count("decided") == 1
    steps = list(case.steps.order_by("ended_at"))
    assert [step.element for step in steps] == [
        *("fakten", "taetigkeit", "bescheinigung", "uebermittlung", "entscheidung", "abschluss")
    ]
    assert all(in_order(step) and step.actor == Actor.MACHINE for step in steps)
    assert ProcessInstance.objects.get(case=case).ended_at is not None
    assert len(history(case)) == len(steps) + case.events.count()


def test_a_green_case_needs_few_statements(
    publish_process: Publish, open_case: OpenCase, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    version = publish_process(AUTOMATIC)
    advance(str(open_case(version).pk))  # compiles the package
    case = open_case(version)
    with django_assert_max_num_queries(25):
        advance(str(case.pk))
    assert fresh(case).status == CaseStatus.DECIDED


def test_advancing_again_changes_nothing(publish_process: Publish, open_case: OpenCase) -> None:
    case = open_case(publish_process(AUTOMATIC))
    for _time in range(3):
        advance(str(case.pk))
    assert Letter.objects.filter(case=case).count() == 1
    assert kinds(case).count("decided") == 1
    assert case.transmissions.count() == 2


@pytest.mark.parametrize("broken", ["facts", "decision", "letter", "transmit", "decide", "close"])
def test_a_failure_after_any_operation_leaves_all_or_nothing_and_is_made_good(
    broken: str, publish_process: Publish, open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(publish_process(AUTOMATIC))
    original = operations.operation_named(broken)
    assert original is not None

    def act_and_die(work: Any, element: Any) -> None:
        original.act(work, element)
        raise RuntimeError("killed")

    broken_one = registry.Operation(broken, act_and_die, original.parameters, original.check)
    with monkeypatch.context() as patch:
        patch.setitem(registry._operations, broken, broken_one)
        advance(str(case.pk))
        failed = case.steps.exclude(error="").get()
        assert failed.ended_at is None
        assert failed.attempts == 1
        assert "RuntimeError" in failed.error
        assert fresh(case).status != CaseStatus.DECIDED or broken == "close"
        advance(str(case.pk))
        assert case.steps.exclude(error="").get().attempts == 2
    again = HandOver.objects.get(kind="process.advance", subject=str(case.pk), done_at=None)
    assert again.due_at <= timezone.now() + timedelta(minutes=1)
    advance(str(case.pk))
    assert fresh(case).status == CaseStatus.DECIDED
    assert not case.steps.exclude(error="").exists()
    assert case.steps.filter(element=failed.element).get().attempts == 3
    assert Letter.objects.filter(case=case).count() == 1
    assert case.transmissions.count() == 2
    assert kinds(case).count("decided") == 1


def test_a_condition_that_fails_is_shown_at_its_gateway(
    publish_process: Publish, open_case: OpenCase
) -> None:
    process = drawn(
        gateway("exclusive", "wahl", default="sonst"),
        machine("gut", "decide", outcome="gut"),
        path("start", "wahl"),
        flow("wahl", "gut", "facts.fehlt.wert == 1"),
        flow("wahl", "gut", flow_id="sonst"),
        path("gut", "end"),
    )
    case = open_case(publish_process(process))
    advance(str(case.pk))
    step = open_steps(case).get()
    assert step.element == "wahl"
    assert step.error
    advance(str(case.pk))
    assert open_steps(case).get().attempts == 2


def test_the_sweeper_finds_cases_whose_hand_over_was_deleted(
    publish_process: Publish, open_case: OpenCase
) -> None:
    case = open_case(publish_process(AUTOMATIC))
    HandOver.objects.all().delete()
    sweep()
    Worker().drain()
    assert fresh(case).status == CaseStatus.DECIDED


def test_a_person_decides_and_the_case_goes_on_at_once(
    publish_process: Publish, open_case: OpenCase, staff: Hire
) -> None:
    case = open_case(publish_process(CHECKED))
    advance(str(case.pk))
    waiting = fresh(case)
    assert (waiting.status, waiting.acts_next) == (CaseStatus.IN_WORK, Actor.PERSON)
    step = the_step(case, "pruefen")
    assert [outcome.value for outcome in outcomes_of(step)] == ["ja", "nein"]
    done = complete_step(step, "ja", user=staff("anna"))
    assert (done.status, done.automatic, done.outcome) == (CaseStatus.DECIDED, False, "bescheinigt")
    ended = case.steps.get(element="pruefen")
    assert in_order(ended)
    assert str(ended.taken_by) == "Anna Amt"


def test_a_step_cannot_be_ended_wrongly(publish_process: Publish, open_case: OpenCase, staff: Hire) -> None:
    case = open_case(publish_process(CHECKED))
    advance(str(case.pk))
    step, anna = the_step(case, "pruefen"), staff("anna")
    with pytest.raises(UnknownOutcomeError):
        complete_step(step, "vielleicht", user=anna)
    with pytest.raises(ReasonMissingError):
        complete_step(step, "nein", {"reason": "  "}, user=anna)
    take(case, anna)
    with pytest.raises(CaseTakenError) as caught:
        complete_step(step, "ja", user=staff("bert"))
    assert caught.value.holder == anna
    complete_step(step, "ja", user=anna)
    with pytest.raises(StepClosedError):
        complete_step(step, "ja", user=anna)


def test_four_eyes_need_a_second_person(publish_process: Publish, open_case: OpenCase, staff: Hire) -> None:
    case = open_case(publish_process(CHECKED))
    advance(str(case.pk))
    anna, bert = staff("anna"), staff("bert")
    after = complete_step(the_step(case, "pruefen"), "nein", {"reason": "kein Gewerbe"}, user=anna)
    assert after.assigned_to is None
    with pytest.raises(FourEyesError):
        complete_step(the_step(case, "freigeben"), "frei", user=anna)
    done = complete_step(the_step(case, "freigeben"), "frei", user=bert)
    assert done.outcome == "zurueckgewiesen"


def test_a_failing_machine_does_not_undo_what_a_person_decided(
    publish_process: Publish, open_case: OpenCase, staff: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(publish_process(CHECKED))
    advance(str(case.pk))

    def die(work: Any, element: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setitem(registry._operations, "decide", registry.Operation("decide", die, (), None))
        complete_step(the_step(case, "pruefen"), "ja", user=staff("anna"))
    assert case.steps.get(element="pruefen").ended_at is not None
    assert open_steps(case).get().error
    advance(str(case.pk))
    assert fresh(case).outcome == "bescheinigt"
    assert kinds(case).count("step.completed") == 1


def ask(case: Case, anna: User, **result: Any) -> None:
    advance(str(case.pk))
    complete_step(the_step(case, "pruefen"), "fragen", {"reason": "Bitte Ausweis", **result}, user=anna)


def test_the_applicant_is_asked_and_the_case_returns_with_the_answer(
    publish_process: Publish, open_case: OpenCase, staff: Hire
) -> None:
    case, anna = open_case(publish_process(ASKED)), staff("anna")
    until = timezone.localdate() + timedelta(days=5)
    ask(case, anna, deadline=until.isoformat(), pages=["taetigkeit"], paths=["taetigkeit.beschreibung"])
    waiting = fresh(case)
    assert (waiting.status, waiting.acts_next) == (CaseStatus.WAITING, Actor.APPLICANT)
    request = open_request(waiting)
    assert request is not None
    assert (request.text, request.answer_until) == ("Bitte Ausweis", until)
    answer_information(waiting, "Anbei.", (), {"taetigkeit": {"beschreibung": "Blumenladen"}})
    Worker().drain()
    back = fresh(case)
    assert (back.status, back.acts_next) == (CaseStatus.IN_WORK, Actor.PERSON)
    assert back.facts["ergaenzen"]["outcome"] == "ergaenzt"
    assert back.application.answers["taetigkeit"]["beschreibung"] != "Blumenladen"
    assert the_step(case, "pruefen").taken_by == anna
    assert complete_step(the_step(case, "pruefen"), "ja", user=anna).status == CaseStatus.DECIDED


def test_a_request_that_is_not_answered_comes_back_after_its_deadline(
    publish_process: Publish, open_case: OpenCase, staff: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, anna = open_case(publish_process(ASKED)), staff("anna")
    ask(case, anna)
    process = ProcessInstance.objects.get(case=case)
    assert process.wakes_at is not None
    assert timezone.localdate(process.wakes_at) == timezone.localdate() + timedelta(days=15)
    later = process.wakes_at + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    HandOver.objects.all().delete()
    sweep()
    Worker().drain()
    assert case.steps.get(element="ergaenzen").outcome == "overtaken"
    assert fresh(case).acts_next == Actor.PERSON


def test_a_case_keeps_the_process_it_was_started_with(
    publish_process: Publish, open_case: OpenCase, staff: Hire
) -> None:
    case = open_case(publish_process(CHECKED))
    advance(str(case.pk))
    publish_process(AUTOMATIC)
    assert complete_step(the_step(case, "pruefen"), "ja", user=staff("anna")).outcome == "bescheinigt"


def test_equal_applications_are_found(publish_process: Publish, open_case: OpenCase) -> None:
    version = publish_process(AUTOMATIC)
    first = open_case(version)
    other_answers = copy.deepcopy(first.application.answers)
    other_answers["taetigkeit"]["beschreibung"] = "Blumenladen"
    same_answers = copy.deepcopy(first.application.answers)
    same_answers["inhaber"]["familienname"] = " SOMMER"
    cases = [first, open_case(version, other_answers), open_case(version, same_answers)]
    for case in cases:
        advance(str(case.pk))
    found = [fresh(case).facts["fakten"]["duplicates"] for case in cases]
    assert found == [[], [], [first.application.reference]]


def test_each_recipient_gets_only_its_fields(publish_process: Publish, open_case: OpenCase) -> None:
    case = open_case(publish_process(AUTOMATIC))
    advance(str(case.pk))
    payloads = {row.recipient: row.payload["answers"] for row in Transmission.objects.filter(case=case)}
    assert "geschlecht" in payloads["ihk"]["inhaber"]
    assert "geschlecht" not in payloads["finanzamt"]["inhaber"]  # § 3 Abs. 1 GewAnzV: without number 6
    assert "bekanntgabe" not in payloads["ihk"]


def test_a_recipient_that_waived_gets_nothing(publish_process: Publish, open_case: OpenCase) -> None:
    decide_setting(
        "gewerbeanmeldung.verzicht", ["ihk", "finanzamt"], valid_from=date(2020, 1, 1), source="Test"
    )
    case = open_case(publish_process(AUTOMATIC))
    advance(str(case.pk))
    # The tax office cannot waive.
    assert list(case.transmissions.values_list("recipient", flat=True)) == ["finanzamt"]

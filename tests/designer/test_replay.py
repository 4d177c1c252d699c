"""Comparing a draft with past applications: started, waited for, read; references only for those who may see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from rathaus.audit.models import AuditEntry
from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.service import Worker
from rathaus.design.models import Design, Replay, ReplayedApplication
from rathaus.design.service import change, close, newest
from rathaus.editing import SetFieldRule, SetPageText
from rathaus.people.models import Membership, Role, User
from tests.designer.conftest import Browse, address
from tests.office.staging import GREEN, PERSON, case_of

HERE = "wiedergabe/"


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    settings.SEAL_P12 = settings.SEAL_P12_PASSPHRASE = ""


@pytest.fixture
def cases(published: ServiceVersion) -> list[Case]:
    return [case_of(published, GREEN), case_of(published, PERSON)]


@pytest.fixture
def stricter(design: Design, dora: User, cases: list[Case]) -> Design:
    """The design demands an answer that nobody was asked for."""
    edit = SetFieldRule("inhaber.geburtsname", "require", "true")
    change(design, edit, base_revision=1, by=dora, reason="Versuch")
    return design


def page_of(desk: Client, design: Design, rest: str = HERE) -> str:
    answer = desk.get(address(design, rest))
    assert answer.status_code == 200
    return answer.content.decode()


def begin(desk: Client, design: Design, **given: str) -> Any:
    return desk.post(address(design, HERE), {"zeitraum": "alle", "anzahl": "100", **given})


def test_a_comparison_is_asked_for_waited_for_and_read(stricter: Design, desk: Client) -> None:
    assert "Vergleich beginnen" in page_of(desk, stricter)
    assert begin(desk, stricter).headers["Location"] == address(stricter, HERE)
    waiting = page_of(desk, stricter)
    assert "0 von 2 Anträgen sind verglichen" in waiting
    assert "Stand neu laden" in waiting
    Worker().drain()
    shown = page_of(desk, stricter)
    assert "Das Formular nimmt die Angaben an" in shown
    assert "“ fehlt" in shown
    assert address(stricter, "frage/inhaber.geburtsname/") in shown
    assert "Angaben: 2 Anträge" in shown


def test_designers_without_cases_of_their_own_see_numbers_only(
    stricter: Design, desk: Client, cases: list[Case]
) -> None:
    begin(desk, stricter)
    Worker().drain()
    shown = page_of(desk, stricter)
    for case in cases:
        assert case.application.reference not in shown
    assert "sehen nur die Leute, die sie bearbeiten" in shown
    assert not AuditEntry.objects.filter(action="design.replay_viewed").exists()


def test_whoever_may_open_the_cases_sees_which_they_are_and_leaves_a_trace(
    stricter: Design, dora: User, browse: Browse, cases: list[Case]
) -> None:
    for case in cases:
        Membership.objects.get_or_create(user=dora, office=case.office, role=Role.CASE_WORKER)
    desk = browse(dora)
    begin(desk, stricter)
    Worker().drain()
    shown = page_of(desk, stricter)
    references = [case.application.reference for case in reversed(cases)]
    for reference in references:
        assert f'href="/amt/vorgang/{reference}/"' in shown
    trace = AuditEntry.objects.get(action="design.replay_viewed")
    assert trace.detail["references"] == references


def test_where_nothing_differs_that_is_said(design: Design, desk: Client, cases: list[Case]) -> None:
    begin(desk, design)
    Worker().drain()
    assert "Aus keinem Antrag würde etwas anderes" in page_of(desk, design)


def test_without_applications_there_is_nothing_to_compare(design: Design, desk: Client) -> None:
    refused = begin(desk, design, zeitraum="30")
    assert refused.status_code == 422
    assert "gab es keinen Antrag" in refused.content.decode()
    assert 'value="30" selected' in refused.content.decode()
    assert not Replay.objects.exists()


def test_publishing_shows_the_last_comparison_and_whether_it_still_holds(
    stricter: Design, desk: Client, dora: User
) -> None:
    publishing = "veroeffentlichen/"
    assert "Noch nicht verglichen" in page_of(desk, stricter, publishing)
    begin(desk, stricter)
    assert "0 von 2 Anträgen sind verglichen" in page_of(desk, stricter, publishing)
    Worker().drain()
    shown = page_of(desk, stricter, publishing)
    assert "Ein anderes Ergebnis" in shown
    assert "Veraltet" not in shown
    edit = SetPageText("beginn", "de", "title", "Wann?")
    change(stricter, edit, base_revision=newest(stricter).number, by=dora, reason="klarer")
    assert "Veraltet" in page_of(desk, stricter, publishing)
    assert "Veraltet" in page_of(desk, stricter)


def test_a_design_that_was_put_away_is_not_compared(stricter: Design, desk: Client, dora: User) -> None:
    close(stricter, by=dora, reason="fertig")
    assert "Vergleich beginnen" not in page_of(desk, stricter)
    begin(desk, stricter)
    assert not Replay.objects.exists()


def test_the_page_costs_the_same_for_many_differences(
    stricter: Design, desk: Client, published: ServiceVersion
) -> None:
    begin(desk, stricter)
    Worker().drain()

    def queries() -> list[str]:
        page_of(desk, stricter)
        with CaptureQueriesContext(connection) as seen:
            page_of(desk, stricter)
        return [query["sql"] for query in seen.captured_queries]

    before = queries()
    replay = Replay.objects.get()
    for number in range(6):
        ReplayedApplication.objects.create(
            replay=replay,
            application=case_of(published, PERSON).application,
            aspects=["decision"],
            before={"valid": True, "decision": ""},
            after={"valid": True, "decision": f"anders-{number}"},
            likeness=str(number),
        )
    assert len(queries()) == len(before)
    assert len(before) <= 12
    shown = page_of(desk, stricter)
    assert "anders-5" in shown
    assert "noch keine" in shown

"""Drafts go on in the version that is live when their applicant comes back, and nothing anybody answered is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rathaus.applications.models import Application, Draft
from rathaus.applications.moving import outlook
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import Package, load_package
from rathaus.catalogue.service import publish
from rathaus.design.service import retire
from rathaus.people.models import Role
from rathaus.standards.xdatenfelder.reader import read_schema
from rathaus.standards.xdatenfelder.writer import write_schema
from tests.conftest import PROJECT_ROOT, package_in
from tests.office.staging import hire
from tests.portal.conftest import CONCERN, PERSON, Applicant
from tests.updating.releases import a_text, changed, element, followed_by, gone, released

NEW = {"person.beruf": "Gärtnerin"}


def next_version() -> Package:
    """The plain service as it is changed: a field renamed, one gone, one that must be answered now."""
    files: Mapping[str, bytes] = package_in(PROJECT_ROOT / "tests/packages/plain").files
    schema = read_schema(files["schema.xdf.xml"])
    schema = changed(schema, "anliegen.titel", element(name="Überschrift"))
    schema = changed(schema, "person.kinder", gone)
    schema = changed(schema, "person.name", followed_by(a_text("Beruf", "F99000000777", needed=True)))
    return load_package({**files, "schema.xdf.xml": write_schema(released(schema))})


@pytest.fixture
def begun(applicant: Applicant) -> Applicant:
    """Somebody who answered everything, but did not send it, before the new version was live."""
    applicant.send("person", PERSON)
    applicant.send("anliegen", CONCERN)
    return applicant


@pytest.fixture
def newest(begun: Applicant) -> ServiceVersion:
    return publish(next_version())


def test_who_comes_back_reads_what_changed_and_goes_on_in_the_new_version(
    begun: Applicant, newest: ServiceVersion
) -> None:
    page = begun.see().content.decode()
    assert "Das Formular hat sich geändert" in page
    assert "Antworten haben wir übernommen." in page
    assert "<li>Beruf</li>" in page
    assert "Eine Antwort passt nicht mehr" in page
    assert "Danach wird nicht mehr gefragt." in page
    assert "<dd>2</dd>" in page
    draft = begun.draft
    assert draft.service_id == newest.pk
    assert draft.answers["anliegen"]["ueberschrift"] == CONCERN["anliegen.titel"]
    assert "kinder" not in draft.answers["person"]


def test_what_changed_is_told_until_something_is_saved_and_what_fits_no_more_until_it_is_sent(
    begun: Applicant, newest: ServiceVersion
) -> None:
    begun.see()
    assert "Das Formular hat sich geändert" in begun.see().content.decode()
    person = {name: value for name, value in PERSON.items() if name != "person.kinder"}
    begun.send("person", {**person, **NEW})
    answer = begun.see()
    assert answer.status_code == 302
    review = begun.review().content.decode()
    assert "Eine Antwort passt nicht mehr" in review
    sent = begun.confirm()
    assert sent.status_code == 302, sent.content.decode()
    application = Application.objects.get()
    assert application.service_id == newest.pk
    assert application.answers["person"]["beruf"] == "Gärtnerin"
    assert begun.draft.moved == {}


def test_who_is_filling_in_is_not_interrupted_and_can_send_what_they_see(
    begun: Applicant, newest: ServiceVersion
) -> None:
    assert begun.see("person/").status_code == 200
    assert begun.review().status_code == 200
    assert begun.confirm().status_code == 302
    assert Application.objects.get().service_id != newest.pk


def test_a_page_opened_again_after_a_break_leads_to_what_changed(
    begun: Applicant, newest: ServiceVersion
) -> None:
    Draft.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    for page in ("person/", "pruefen/"):
        answer = begun.see(page)
        assert (answer.status_code, answer.headers["Location"]) == (302, begun.base)


def test_a_draft_moves_once_with_one_statement(begun: Applicant, newest: ServiceVersion) -> None:
    begun.see()
    with CaptureQueriesContext(connection) as again:
        begun.see()
    assert not [query for query in again.captured_queries if query["sql"].startswith("UPDATE")]
    Draft.objects.update(service=ServiceVersion.objects.order_by("number")[0], moved={})
    with CaptureQueriesContext(connection) as once:
        begun.see()
    assert len([query for query in once.captured_queries if query["sql"].startswith("UPDATE")]) == 1


def test_what_was_typed_and_did_not_pass_is_not_lost(applicant: Applicant) -> None:
    applicant.send("person", {**PERSON, "person.kinder": "viele", "person.email": "keine"})
    publish(next_version())
    page = applicant.see().content.decode()
    assert "viele" in page
    assert applicant.draft.typed["person"]["person.email"] == ["keine"]
    assert "keine" in applicant.see("person/").content.decode()


def test_a_version_with_the_same_form_says_nothing(begun: Applicant) -> None:
    files = {**package_in(PROJECT_ROOT / "tests/packages/plain").files}
    files["texts/de.md"] += b"\n"
    version = publish(load_package(files))
    assert begun.see().status_code == 302
    assert begun.draft.service_id == version.pk
    assert begun.draft.moved == {}


def test_a_draft_of_a_retired_service_stays_as_it_is(begun: Applicant, newest: ServiceVersion) -> None:
    retire("plain", "Woanders.", by=hire("Dora", Role.DESIGNER), reason="Zuständig")
    assert begun.see().status_code == 302
    assert begun.draft.service_id != newest.pk


def test_another_tab_that_shows_the_former_version_is_led_to_what_changed(
    begun: Applicant, newest: ServiceVersion
) -> None:
    begun.see()
    answer = begun.send("gibt_es_nicht_mehr", {})
    assert (answer.status_code, answer.headers["Location"]) == (302, begun.base)


def test_the_outlook_counts_and_names_nobody(begun: Applicant, plain: ServiceVersion) -> None:
    same, changed_ = (
        outlook("plain", package_in(PROJECT_ROOT / "tests/packages/plain")),
        outlook("plain", next_version()),
    )
    assert (same.drafts, same.quiet, same.with_aside, same.with_new) == (1, 1, 0, 0)
    assert (changed_.drafts, changed_.quiet, changed_.with_aside, changed_.with_new) == (1, 0, 1, 1)

"""Drafts: nothing typed is lost, two tabs are safe, and what nobody touches is deleted."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from rathaus.applications.attachments import stored_file
from rathaus.applications.models import Attachment, Draft
from rathaus.applications.service import (
    DraftGoneError,
    UnknownServiceError,
    add_file,
    discard,
    discard_expired,
    draft_for,
    renew_resume_code,
    resume,
    save_page,
    set_language,
    start_draft,
)
from rathaus.catalogue.models import ServiceVersion
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.applications import files


def answering(**values: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A page that sets these answers and leaves all others alone."""
    return lambda answers: {**answers, **values}


def fresh(draft: Draft) -> Draft:
    found = draft_for(draft.pk)
    assert found is not None
    return found


def test_a_draft_is_found_again_by_its_code_however_it_is_typed(plain: ServiceVersion) -> None:
    draft, code = start_draft("plain", "en")
    assert draft.language == "en"
    assert resume(code.lower().replace("-", " ")) == draft
    assert resume("0000-0000-0000-0000") is None
    assert resume("") is None
    assert code not in str(Draft.objects.values().get())


def test_a_new_code_replaces_the_old_one(plain: ServiceVersion) -> None:
    draft, old = start_draft("plain", "de")
    new = renew_resume_code(draft)
    assert resume(old) is None
    assert resume(new) == draft


def test_a_service_nobody_offers_cannot_be_started(plain: ServiceVersion) -> None:
    with pytest.raises(UnknownServiceError):
        start_draft("mondreise", "de")


def test_a_page_keeps_what_passed_and_what_did_not(plain: ServiceVersion) -> None:
    draft, _code = start_draft("plain", "de")
    save_page(draft, "person", answering(name="Mira"), typed={"person.kinder": ["zwei"]})
    kept = fresh(draft)
    assert kept.answers == {"name": "Mira"}
    assert kept.typed == {"person": {"person.kinder": ["zwei"]}}
    assert kept.visited == ["person"]
    save_page(kept, "person", answering(kinder=2))
    assert fresh(draft).typed == {}
    assert fresh(draft).answers == {"name": "Mira", "kinder": 2}


def test_two_tabs_on_different_pages_both_keep_their_answers(plain: ServiceVersion) -> None:
    first, _code = start_draft("plain", "de")
    second = fresh(first)
    save_page(first, "person", answering(name="Mira"), typed={"person.kinder": ["zwei"]})
    save_page(second, "anliegen", answering(titel="Probe"), typed={"anliegen.menge": ["viele"]})
    kept = fresh(first)
    assert kept.answers == {"name": "Mira", "titel": "Probe"}
    assert kept.typed == {"person": {"person.kinder": ["zwei"]}, "anliegen": {"anliegen.menge": ["viele"]}}
    assert kept.visited == ["person", "anliegen"]
    assert kept.revision == second.revision == 2


def test_answers_outside_a_page_can_be_changed_too(plain: ServiceVersion) -> None:
    draft, _code = start_draft("plain", "de")
    save_page(draft, None, answering(partner=[{}, {}]))
    assert fresh(draft).answers == {"partner": [{}, {}]}
    assert fresh(draft).visited == []


def test_saving_a_page_is_one_statement(
    plain: ServiceVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft, _code = start_draft("plain", "de")
    with django_assert_num_queries(1):
        save_page(draft, "person", answering(name="Mira"))
    with django_assert_num_queries(1):
        assert fresh(draft).service.key == "plain"


def test_a_draft_that_was_sent_or_discarded_cannot_be_changed(plain: ServiceVersion) -> None:
    draft, code = start_draft("plain", "de")
    open_elsewhere = fresh(draft)
    Draft.objects.update(submitted_at=timezone.now())
    for seen in (open_elsewhere, fresh(draft)):
        with pytest.raises(DraftGoneError):
            save_page(seen, "person", answering(name="Mira"))
    with pytest.raises(DraftGoneError):
        set_language(draft, "en")
    assert resume(code) is None
    Draft.objects.all().delete()
    with pytest.raises(DraftGoneError):
        save_page(open_elsewhere, "person", answering(name="Mira"))


def test_the_language_changes_and_the_answers_stay(plain: ServiceVersion) -> None:
    draft, _code = start_draft("plain", "de")
    save_page(draft, "person", answering(name="Mira"))
    set_language(draft, "en")
    assert (fresh(draft).language, fresh(draft).answers) == ("en", {"name": "Mira"})


def test_drafts_are_not_found_from_another_town(plain: ServiceVersion, ahrensfurt: Town) -> None:
    draft, code = start_draft("plain", "de")
    with acting_for(ahrensfurt):
        assert resume(code) is None
        assert draft_for(draft.pk) is None


class TestDeleting:
    @pytest.fixture(autouse=True)
    def _own_directory(self, settings: Settings, tmp_path: Path) -> None:
        settings.DATA_DIR = tmp_path

    def with_file(self) -> tuple[Draft, Path]:
        draft, _code = start_draft("plain", "de")
        attachment = add_file(
            draft, "nachweis", "scan.pdf", "application/pdf", len(files.PDF), io.BytesIO(files.PDF)
        )
        return draft, stored_file(attachment)

    def test_a_discarded_draft_takes_its_files_with_it(
        self, plain: ServiceVersion, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        draft, file = self.with_file()
        with django_capture_on_commit_callbacks(execute=True):
            discard(draft)
        assert not file.exists()
        assert not Draft.objects.exists()
        assert not Attachment.objects.exists()

    def test_drafts_are_deleted_thirty_days_after_the_last_edit(
        self, plain: ServiceVersion, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        _draft, file = self.with_file()
        Draft.objects.update(updated_at=timezone.now() - timedelta(days=29, hours=23))
        assert discard_expired() == 0
        Draft.objects.update(updated_at=timezone.now() - timedelta(days=30, hours=1))
        with django_capture_on_commit_callbacks(execute=True):
            assert discard_expired() == 1
        assert not file.exists()

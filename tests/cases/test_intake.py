"""Acceptance: all or nothing, once, and never on trust."""

from __future__ import annotations

import copy
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from rathaus.applications.models import Application, Attachment, Draft
from rathaus.applications.service import (
    FileLimits,
    access_code_of,
    add_attachment,
    add_file,
    application_by_access,
    draft_for,
    file_answer,
    open_attachment,
    remove_attachment,
    save_page,
    start_draft,
)
from rathaus.cases import intake
from rathaus.cases.intake import (
    DraftChangedError,
    IdempotencyClashError,
    InvalidAnswersError,
    accept_draft,
)
from rathaus.cases.models import Actor, Case, CaseStatus, Event
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import package_of
from rathaus.delivery.models import HandOver
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town
from tests.applications import files
from tests.cases.intake_data import plain_answers, send


def filled_draft(version: ServiceVersion) -> Draft:
    draft, _code = start_draft(version.key, "de")
    return save_page(draft, "person", lambda _: plain_answers())


def test_an_accepted_application_has_its_case_its_event_and_its_next_step(plain: ServiceVersion) -> None:
    receipt = send(plain)
    application = Application.objects.get()
    case = Case.objects.get()
    assert receipt.created
    assert receipt.reference == application.reference
    assert receipt.reference.startswith("HAN-")
    assert receipt.status_url == f"/vorgang/{receipt.reference}/"
    assert application.service == plain
    assert application.answers["person"]["name"] == "Mira Sommer"
    assert application.contact_email == "mira.sommer@example.org"
    assert case.application == application
    assert (case.status, case.acts_next, case.office.key) == (CaseStatus.RECEIVED, Actor.MACHINE, "gewerbe")
    assert [(event.kind, event.public) for event in Event.objects.all()] == [("received", True)]
    assert HandOver.objects.filter(kind="process.advance", subject=str(case.pk), done_at=None).exists()


def test_the_same_request_again_gives_the_same_receipt_and_no_second_case(plain: ServiceVersion) -> None:
    first = send(plain)
    again = send(plain)
    assert not again.created
    assert (again.reference, again.access_code, again.received_at) == (
        first.reference,
        first.access_code,
        first.received_at,
    )
    assert Case.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(plain: ServiceVersion) -> None:
    send(plain)
    with pytest.raises(IdempotencyClashError):
        send(plain, plain_answers(name="Jana Winter"))
    assert Case.objects.count() == 1


def test_a_key_of_another_town_is_another_key(plain: ServiceVersion, ahrensfurt: Town) -> None:
    send(plain)
    with acting_for(ahrensfurt):
        assert not Application.objects.exists()


def test_wrong_answers_leave_nothing_behind_and_every_problem_is_named(plain: ServiceVersion) -> None:
    answers = plain_answers(email="nonsense", kinder=-1)
    del answers["anliegen"]["menge"]
    with pytest.raises(InvalidAnswersError) as refused:
        send(plain, answers)
    assert {problem.location for problem in refused.value.problems} >= {"person.email", "anliegen.menge"}
    for model in (Application, Case, Event, HandOver):
        assert not model.objects.exists()


@pytest.mark.parametrize("broken", ["open_case", "move_to_application"])
def test_a_fault_in_the_middle_leaves_nothing_behind(
    plain: ServiceVersion, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    draft = filled_draft(plain)
    with monkeypatch.context() as patch:
        patch.setattr(intake, broken, fail)
        with pytest.raises(RuntimeError):
            accept_draft(draft, revision=draft.revision, language="de")
    assert not Application.objects.exists()
    assert not HandOver.objects.exists()
    kept = Draft.objects.get()
    assert kept.submitted_at is None
    assert kept.answers["person"]["name"] == "Mira Sommer"
    assert accept_draft(kept, revision=kept.revision, language="de").created


def test_a_reference_that_is_taken_is_drawn_again(
    plain: ServiceVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = iter(["HAN-26-0000-0000", "HAN-26-0000-0000", "HAN-26-1111-1111"])
    monkeypatch.setattr(intake, "new_reference", lambda *_: next(references))
    assert send(plain, key="one").reference == "HAN-26-0000-0000"
    assert send(plain, key="two").reference == "HAN-26-1111-1111"


def test_the_access_code_opens_the_application_and_only_its_hash_is_stored(plain: ServiceVersion) -> None:
    receipt = send(plain)
    application = Application.objects.get()
    assert receipt.access_code not in str(Application.objects.values().get())
    assert application_by_access(receipt.reference.lower(), receipt.access_code.lower()) == application
    assert application_by_access(receipt.reference, "0000-0000-0000-0000") is None
    assert application_by_access("HAN-26-0000-0000", receipt.access_code) is None
    assert application_by_access("", "") is None


def test_an_access_code_opens_nothing_in_another_town(plain: ServiceVersion, ahrensfurt: Town) -> None:
    receipt = send(plain)
    with acting_for(ahrensfurt):
        assert application_by_access(receipt.reference, receipt.access_code) is None


def test_a_repeated_request_works_after_the_secret_key_changed(
    plain: ServiceVersion, settings: Settings
) -> None:
    first = send(plain)
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "a new one"
    with pytest.raises(LookupError):
        access_code_of(Application.objects.get())
    settings.SECRET_KEY_FALLBACKS = [former]
    assert send(plain).access_code == first.access_code


def test_a_draft_is_sent_once_and_then_holds_no_answers(plain: ServiceVersion) -> None:
    draft = filled_draft(plain)
    receipt = accept_draft(draft, revision=draft.revision, language="de")
    kept = draft_for(draft.pk)
    assert kept is not None
    assert kept.answers == {}
    again = accept_draft(kept, revision=draft.revision, language="de")
    assert (again.reference, again.access_code, again.created) == (
        receipt.reference,
        receipt.access_code,
        False,
    )


def test_two_tabs_that_send_at_the_same_time_get_one_receipt(plain: ServiceVersion) -> None:
    draft = filled_draft(plain)
    other_tab = draft_for(draft.pk)
    assert other_tab is not None
    first = accept_draft(draft, revision=draft.revision, language="de")
    second = accept_draft(other_tab, revision=draft.revision, language="de")
    assert second.reference == first.reference


def test_a_draft_changed_after_its_review_has_to_be_reviewed_again(plain: ServiceVersion) -> None:
    draft = filled_draft(plain)
    reviewed = draft.revision
    other_tab = draft_for(draft.pk)
    assert other_tab is not None
    save_page(other_tab, "person", lambda _: plain_answers(name="Jana Winter"))
    for seen in (draft, other_tab):
        with pytest.raises(DraftChangedError):
            accept_draft(seen, revision=reviewed, language="de")
    assert not Application.objects.exists()


def test_the_day_of_receipt_counts_for_the_deadline(
    published: ServiceVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = next(one for one in package_of(published).examples if one.file.startswith("examples/01"))
    answers = dict(example.data["answers"])
    answers["taetigkeit"] = {**answers["taetigkeit"], "beginn": timezone.localdate().isoformat()}
    send(published, answers)
    due = Case.objects.get().due_on
    assert due is not None
    assert due >= timezone.localdate() + timedelta(days=3)  # § 15 Abs. 1 GewO, later over a holiday


def test_acceptance_costs_few_statements(
    plain: ServiceVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    send(plain, key="warm up")
    draft = filled_draft(plain)
    with django_assert_max_num_queries(10):
        accept_draft(draft, revision=draft.revision, language="de")
    with django_assert_max_num_queries(9):
        send(plain, key="by API")


class TestFiles:
    """Example 9: a company brings an extract of its register."""

    @pytest.fixture(autouse=True)
    def _own_directory(self, settings: Settings, tmp_path: Path) -> None:
        settings.DATA_DIR = tmp_path

    def answers(self, published: ServiceVersion, file: object) -> dict[str, Any]:
        example = next(one for one in package_of(published).examples if one.file.startswith("examples/09"))
        answers = copy.deepcopy(dict(example.data["answers"]))
        answers["taetigkeit"]["beginn"] = timezone.localdate().isoformat()
        answers["firma"]["registerauszug"] = file
        return answers

    def uploaded(self, draft: Draft | None = None, path: str = "firma.registerauszug") -> Attachment:
        return add_file(
            draft, path, "auszug.pdf", "application/pdf", len(files.PDF), io.BytesIO(files.PDF), FileLimits()
        )

    def test_an_uploaded_file_belongs_to_the_application_from_then_on(
        self, published: ServiceVersion
    ) -> None:
        attachment = self.uploaded()
        send(published, self.answers(published, file_answer(attachment)))
        application = Application.objects.get()
        assert application.attachments.get() == attachment
        assert application.answers["firma"]["registerauszug"] == file_answer(attachment)
        remove_attachment(attachment)
        assert open_attachment(application.attachments.get()).read() == files.PDF

    def test_files_of_a_draft_move_with_it(self, published: ServiceVersion) -> None:
        draft, _code = start_draft("gewerbeanmeldung", "de")
        answer = file_answer(self.uploaded(draft))
        save_page(draft, "firma", lambda _: self.answers(published, answer))
        accept_draft(draft, revision=draft.revision, language="de")
        moved = Application.objects.get().attachments.get()
        assert moved.draft is None

    def test_what_the_answer_claims_about_a_file_is_replaced_by_what_we_know(
        self, published: ServiceVersion
    ) -> None:
        attachment = self.uploaded()
        lie = {**file_answer(attachment), "name": "anderes.pdf", "size": 1, "sha256": "0" * 64}
        send(published, self.answers(published, lie))
        assert Application.objects.get().answers["firma"]["registerauszug"] == file_answer(attachment)

    @pytest.mark.parametrize("file_id", ["00000000-0000-4000-8000-000000000001", "nonsense", "../../secret"])
    def test_a_file_that_was_never_uploaded_is_refused(self, published: ServiceVersion, file_id: str) -> None:
        invented = {
            "id": file_id,
            "name": "a.pdf",
            "size": 1,
            "media_type": "application/pdf",
            "sha256": "0" * 64,
        }
        with pytest.raises(InvalidAnswersError) as refused:
            send(published, self.answers(published, invented))
        assert [problem.location for problem in refused.value.problems] == ["firma.registerauszug"]

    def test_files_of_others_of_other_questions_and_incomplete_ones_are_refused(
        self, published: ServiceVersion, ahrensfurt: Town
    ) -> None:
        draft, _code = start_draft("gewerbeanmeldung", "de")
        incomplete = add_attachment(None, "firma.registerauszug", "a.pdf", "application/pdf", 100)
        with acting_for(ahrensfurt):
            of_another_town = self.uploaded()
        for foreign in (
            self.uploaded(draft),
            self.uploaded(path="inhaber.ermaechtigung"),
            incomplete,
            of_another_town,
        ):
            with pytest.raises(InvalidAnswersError):
                send(published, self.answers(published, file_answer(foreign)))

    def test_a_file_that_was_sent_cannot_be_sent_again(self, published: ServiceVersion) -> None:
        answer = file_answer(self.uploaded())
        send(published, self.answers(published, answer), key="one")
        with pytest.raises(InvalidAnswersError):
            send(published, self.answers(published, answer), key="two")

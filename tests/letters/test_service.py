"""From the promise of a letter to its retrieval and verification."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from rathaus.cases.models import Case, Event
from rathaus.catalogue.service import package_of
from rathaus.delivery.models import HandOver, Mail
from rathaus.delivery.service import Worker, do_chore, sweep
from rathaus.delivery.service import promise as promise_again
from rathaus.letters.models import Letter
from rathaus.letters.service import (
    LetterError,
    RemedyError,
    SealError,
    check_letters,
    copy_of_application,
    posted,
    preview,
    promise_letter,
    retrieved,
    validate_seal,
    verify,
    verify_upload,
)
from rathaus.towns.context import acting_for
from rathaus.towns.models import Setting, Town
from tests.letters.conftest import MakeCase
from tests.letters.test_typesetting import text_of


def promise(
    case: Case, template: str = "empfangsbescheinigung", *, seal: bool = True, language: str = "de"
) -> Letter:
    titles = {"empfangsbescheinigung": "Empfangsbescheinigung", "gebuehrenbescheid": "Gebührenbescheid"}
    return promise_letter(case, template, title=titles.get(template, template), seal=seal, language=language)


def produced(case: Case, template: str = "empfangsbescheinigung", *, seal: bool = True) -> Letter:
    letter = promise(case, template, seal=seal)
    Worker().drain()
    letter.refresh_from_db()
    assert letter.pdf is not None, HandOver.objects.exclude(last_error="").values_list(
        "last_error", flat=True
    )
    return letter


def file_of(letter: Letter) -> bytes:
    assert letter.pdf is not None
    return bytes(letter.pdf)


def test_a_promised_letter_is_typeset_sealed_and_provided(case: Case, tmp_path: Path) -> None:
    letter = produced(case)
    assert letter.provided_at is not None
    report = validate_seal(file_of(letter))
    assert report is not None
    assert (report.intact, report.trusted) == (True, True)
    text = text_of(file_of(letter), tmp_path)
    for expected in (
        "Mira Jule Sommer",
        "Lister Meile 12",
        "30161 Hannover",
        letter.verification_code,
        "HAN-26-TEST-0000",
    ):
        assert expected in text


def test_the_applicant_is_told_on_the_timeline_and_by_mail_without_content(case: Case) -> None:
    letter = produced(case)
    event = Event.objects.get(kind="letter.ready")
    assert (event.public, event.data["title"]) == (True, "Empfangsbescheinigung")
    mail = Mail.objects.get()
    assert mail.recipient == "mira@example.org"
    assert "Empfangsbescheinigung" not in mail.subject + mail.body
    assert letter.notice_sent_at is not None


def test_a_letter_says_what_was_true_when_it_was_promised(case: Case, tmp_path: Path) -> None:
    letter = promise(case, "gebuehrenbescheid")
    Setting.objects.filter(key="gewerbeanmeldung.gebuehr").update(value={"amount_cents": 9999})
    case.application.answers["inhaber"]["familienname"] = "Anders"
    case.application.save()
    Worker().drain()
    letter.refresh_from_db()
    text = text_of(file_of(letter), tmp_path)
    assert "60,00 €" in text
    assert "Sommer" in text
    assert "Anders" not in text


def test_a_decision_carries_the_remedy_of_the_land(case: Case, tmp_path: Path) -> None:
    text = " ".join(text_of(file_of(produced(case, "gebuehrenbescheid")), tmp_path).split())
    assert "Rechtsbehelfsbelehrung" in text
    assert "innerhalb eines Monats nach Bekanntgabe Klage" in text
    assert "Verwaltungsgericht Hannover, Leonhardtstraße 15, 30175 Hannover" in text


def test_a_receipt_is_no_decision_and_carries_none(case: Case, tmp_path: Path) -> None:
    assert "Rechtsbehelfsbelehrung" not in text_of(file_of(produced(case)), tmp_path)


def test_a_decision_whose_remedy_cannot_be_stated_is_not_promised(case: Case, town: Town) -> None:
    town.land = "BY"
    with pytest.raises(RemedyError):
        promise(case, "gebuehrenbescheid")
    assert not Letter.objects.exists()


def test_an_unknown_template_is_refused_at_the_promise(case: Case) -> None:
    with pytest.raises(LetterError, match="no such letter"):
        promise(case, "gibt-es-nicht")


def test_a_letter_whose_hand_over_was_deleted_is_found_by_the_sweeper(case: Case) -> None:
    letter = promise(case)
    HandOver.objects.all().delete()
    sweep()
    Worker().drain()
    letter.refresh_from_db()
    assert letter.pdf is not None


def test_a_letter_produced_twice_is_stored_and_told_once(case: Case) -> None:
    letter = produced(case)
    first = file_of(letter)
    promise_again("letter.produce", letter.pk)
    Worker().drain()
    letter.refresh_from_db()
    assert file_of(letter) == first
    assert Event.objects.filter(kind="letter.ready").count() == 1
    assert Mail.objects.count() == 1


def test_a_failing_seal_is_visible_and_tried_again(case: Case) -> None:
    letter = promise(case)
    with patch("rathaus.letters.service.seal", side_effect=SealError("no seal today")):
        Worker().drain()
    row = HandOver.objects.get(kind="letter.produce")
    assert "no seal today" in row.last_error
    assert row.done_at is None
    HandOver.objects.update(due_at=timezone.now())
    Worker().drain()
    letter.refresh_from_db()
    assert letter.pdf is not None


def test_a_letter_that_cannot_be_typeset_names_its_line_and_quotes_nobody(case: Case) -> None:
    letter = promise(case)
    Letter.objects.filter(pk=letter.pk).update(data={**letter.data, "recipient": {"name": "Mira"}})
    Worker().drain()
    error = HandOver.objects.get(kind="letter.produce").last_error
    assert "empfangsbescheinigung.typ, line" in error or "letter.typ, line" in error
    assert "Mira" not in error


def test_a_preview_is_marked_and_leaves_nothing_behind(case: Case, tmp_path: Path) -> None:
    pdf = preview(case, "gebuehrenbescheid", title="Gebührenbescheid", language="de")
    text = text_of(pdf, tmp_path)
    assert "Entwurf" in text
    assert "Ist dieses Schreiben echt?" not in text
    assert validate_seal(pdf) is None
    assert not Letter.objects.exists()
    assert not HandOver.objects.exists()


def test_the_copy_holds_what_was_sent_and_is_always_the_same(case: Case, tmp_path: Path) -> None:
    first = copy_of_application(case.application)
    case.facts = {"corrections": {"taetigkeit": {"beschreibung": "Berichtigt"}}}
    case.save()
    again = copy_of_application(case.application)
    assert again == first
    text = text_of(first, tmp_path)
    assert "Einzelhandel mit Textilien und Modeschmuck" in text
    assert "Berichtigt" not in text


def test_a_name_full_of_markup_stays_a_name(make_case: MakeCase, tmp_path: Path) -> None:
    case = make_case()
    name = 'Müller #import "x" $a$ *b*'
    case.application.answers = copy.deepcopy(case.application.answers)
    case.application.answers["inhaber"]["familienname"] = name
    case.application.save()
    assert name in " ".join(text_of(file_of(produced(case)), tmp_path).split())


def test_every_letter_of_the_package_can_be_typeset(case: Case) -> None:
    assert check_letters(package_of(case.application.service)) == []


class TestNotification:
    """§ 41 VwVfG, § 9 Abs. 1 OZG."""

    def test_a_decision_is_notified_the_day_after_retrieval(self, case: Case) -> None:
        letter = produced(case, "gebuehrenbescheid")
        assert letter.deemed_notified_on is None
        retrieved(letter)
        letter.refresh_from_db()
        assert letter.deemed_notified_on == timezone.localdate() + timedelta(days=1)

    def test_only_the_first_retrieval_counts(self, case: Case) -> None:
        letter = produced(case, "gebuehrenbescheid")
        retrieved(letter)
        first = Letter.objects.get(pk=letter.pk).retrieved_at
        retrieved(letter)
        assert Letter.objects.get(pk=letter.pk).retrieved_at == first
        assert Event.objects.filter(kind="letter.retrieved").count() == 1

    def test_a_letter_that_decides_nothing_has_no_day_of_notification(self, case: Case) -> None:
        letter = produced(case)
        retrieved(letter)
        letter.refresh_from_db()
        assert letter.retrieved_at is not None
        assert letter.deemed_notified_on is None

    def test_a_decision_unread_for_ten_days_goes_by_post(self, case: Case) -> None:
        letter = produced(case, "gebuehrenbescheid")
        for days, channel in ((10, "portal"), (11, "post")):
            Letter.objects.update(provided_at=timezone.now() - timedelta(days=days))
            do_chore("letters.unretrieved")
            assert Letter.objects.get(pk=letter.pk).delivery_channel == channel
        assert Event.objects.filter(kind="letter.to_post").count() == 1

    def test_a_posted_decision_is_notified_on_the_fourth_day(self, case: Case) -> None:
        letter = produced(case, "gebuehrenbescheid")
        posted(letter, date(2026, 12, 1))
        letter.refresh_from_db()
        assert letter.deemed_notified_on == date(2026, 12, 5)

    def test_who_gave_no_address_for_the_notice_gets_decisions_by_post(self, make_case: MakeCase) -> None:
        case = make_case(contact_email="", gebuehr={"setting": "gewerbeanmeldung.gebuehr"})
        assert promise(case, "gebuehrenbescheid").delivery_channel == "post"
        assert promise(case).delivery_channel == "portal"


class TestVerification:
    """`/pruefen/`: by code and by file."""

    def test_a_code_leads_to_the_letter_however_it_is_typed(self, case: Case) -> None:
        letter = produced(case)
        for typed in (letter.verification_code, letter.verification_code.lower().replace("-", " ")):
            found = verify(typed)
            assert found is not None
            assert (found.title, found.unchanged) == ("Empfangsbescheinigung", True)
            assert found.seal is not None
            assert found.seal.trusted

    def test_the_answer_names_nobody(self, case: Case) -> None:
        found = verify(produced(case).verification_code)
        assert "Sommer" not in repr(found)

    @pytest.mark.parametrize("typed", ["", "0000-0000-0000-0000", "ABC", "🙂" * 16, "x" * 10_000, "'; --"])
    def test_a_wrong_code_leads_nowhere(self, case: Case, typed: str) -> None:
        produced(case)
        assert verify(typed) is None

    def test_a_letter_without_its_file_is_not_there_yet(self, case: Case) -> None:
        assert verify(promise(case).verification_code) is None

    def test_another_town_does_not_know_the_code_or_the_file(self, case: Case, ahrensfurt: Town) -> None:
        letter = produced(case)
        with acting_for(ahrensfurt):
            assert verify(letter.verification_code) is None
            result = verify_upload(file_of(letter))
        assert result.letter is None
        assert not result.genuine

    def test_the_original_file_is_recognised(self, case: Case) -> None:
        result = verify_upload(file_of(produced(case)))
        assert result.genuine
        assert result.letter is not None
        assert result.seal is not None

    def test_an_unsealed_original_is_recognised_by_its_bytes(self, case: Case) -> None:
        result = verify_upload(file_of(produced(case, seal=False)))
        assert (result.genuine, result.seal) == (True, None)

    def test_a_changed_file_is_not_genuine(self, case: Case) -> None:
        pdf = file_of(produced(case))
        assert not verify_upload(pdf.replace(b"/Type", b"/Tipe", 1)).genuine
        assert not verify_upload(pdf + b" ").genuine

    def test_a_file_swapped_in_our_own_store_is_noticed(self, case: Case) -> None:
        letter = produced(case)
        Letter.objects.filter(pk=letter.pk).update(pdf=produced(case, seal=False).pdf)
        found = verify(letter.verification_code)
        assert found is not None
        assert not found.unchanged

    def test_codes_cannot_be_counted_up(self, case: Case) -> None:
        codes = {promise(case).verification_code for _ in range(20)}
        assert len(codes) == 20
        assert all(len(code) == 19 for code in codes)


def test_promising_and_producing_need_few_queries(
    case: Case, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    promise(case)
    Worker().drain()
    with django_assert_max_num_queries(8):
        promise(case)

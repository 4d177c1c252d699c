"""The way of a Gewerbeanmeldung through the town hall, as its process draws it, with its real letters."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from rathaus.applications.models import Application
from rathaus.cases.models import Case, CaseStatus, Step
from rathaus.cases.service import answer_information, hand_back, open_request
from rathaus.catalogue.models import ServiceVersion
from rathaus.delivery.service import Worker, sweep
from rathaus.letters.models import Letter
from rathaus.people.models import Membership, Role, User
from rathaus.processes.models import ProcessInstance
from rathaus.processes.service import FourEyesError, complete_step, start
from rathaus.towns.models import Office
from rathaus.towns.service import decide_setting

EXAMPLES = Path(__file__).resolve().parents[2] / "services/gewerbeanmeldung/examples"
AUTOMATIC_FEE = "gewerbeanmeldung.gebuehrenbescheid_automatisch"

Open = Callable[..., Case]


@pytest.fixture
def open_case(published: ServiceVersion) -> Open:
    """A case from one of the package's examples, moved as far as machines can."""

    def open_one(example: str, language: str = "de") -> Case:
        (file,) = EXAMPLES.glob(f"*-{example}.toml")
        now = timezone.now()
        application = Application.objects.create(
            reference=f"HAN-26-TEST-{Application.objects.count():04}",
            service=published,
            answers=_answers(file),
            language=language,
            channel="portal",
            received_at=now,
            access_code_hash="",
            idempotency_key=f"{example}-{Application.objects.count()}",
            body_hash="",
            contact_email="mira.sommer@example.org",
        )
        case: Case = Case.objects.create(
            application=application, office=Office.objects.get(key="gewerbe"), opened_at=now
        )
        start(case)
        Worker().drain()
        return fresh(case)

    return open_one


def _answers(file: Path) -> dict[str, Any]:
    answers: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))["answers"]
    today = timezone.localdate()
    answers["taetigkeit"]["beginn"] = (today + timedelta(days=7)).isoformat()
    return answers


@pytest.fixture
def anna(published: ServiceVersion) -> User:
    return _hire("anna")


@pytest.fixture
def bert(published: ServiceVersion) -> User:
    return _hire("bert")


def _hire(username: str) -> User:
    user: User = User.objects.create(username=username, first_name=username.title(), last_name="Amt")
    Membership.objects.create(user=user, office=Office.objects.get(key="gewerbe"), role=Role.CASE_WORKER)
    return user


def fresh(case: Case) -> Case:
    found: Case = Case.objects.get(pk=case.pk)
    return found


def waiting(case: Case) -> Step:
    """The one step that is open."""
    step: Step = case.steps.get(ended_at=None)
    return step


def letters(case: Case) -> list[str]:
    """Templates of the case's letters; all of them must have become files."""
    Worker().drain()
    found = list(Letter.objects.filter(case=case).order_by("created_at", "pk"))
    assert all(letter.pdf for letter in found)
    return [letter.template for letter in found]


def end(case: Case, outcome: str, user: User, **result: Any) -> Case:
    complete_step(waiting(case), outcome, result, user=user)
    Worker().drain()
    return fresh(case)


def test_the_green_case_is_confirmed_without_a_person_and_waits_for_the_fee(
    open_case: Open, anna: User
) -> None:
    case = open_case("einzelunternehmen-textilien")
    assert (case.status, case.outcome, case.automatic) == (CaseStatus.DECIDED, "bescheinigt", True)
    assert letters(case) == ["empfangsbescheinigung"]
    assert waiting(case).element == "gebuehrenbescheid_freigeben"
    assert set(case.transmissions.values_list("recipient", flat=True)) == {
        *(
            "ihk",
            "immissionsschutz",
            "arbeitsschutz",
            "eichwesen",
            "arbeitsagentur",
            "dguv",
            "minijobzentrale",
        ),
        *("finanzamt", "statistik"),
    }
    case = end(case, "freigeben", anna)
    assert letters(case) == ["empfangsbescheinigung", "gebuehrenbescheid"]
    assert case.closed_at is not None
    fee = Letter.objects.get(case=case, template="gebuehrenbescheid").data
    assert fee["fee"]["amount_cents"] == 3000
    assert "Verwaltungsgericht Hannover" in fee["remedy"]["text"]


def test_a_waived_fee_closes_the_case_without_a_notice(open_case: Open, anna: User) -> None:
    case = end(open_case("wie-wohnung"), "verzichten", anna, reason="Billigkeit")
    assert case.closed_at is not None
    assert letters(case) == ["empfangsbescheinigung"]


@pytest.mark.parametrize(
    ("basis", "by_itself"), [("§ 5 der Gebührensatzung", True), ("", False)], ids=["law", "no law"]
)
def test_the_fee_notice_goes_out_by_itself_only_with_a_legal_basis(
    open_case: Open, basis: str, by_itself: bool
) -> None:
    setting = {"allowed": True, "legal_basis": basis}
    decide_setting(AUTOMATIC_FEE, setting, valid_from=timezone.localdate(), source="Test")
    case = open_case("einzelunternehmen-textilien")
    assert ("gebuehrenbescheid" in letters(case)) is by_itself
    assert (case.closed_at is not None) is by_itself


def test_each_partner_pays_for_their_own_declaration(open_case: Open, anna: User) -> None:
    case = end(open_case("gbr-zwei-personen"), "bescheinigen", anna)
    case = end(case, "freigeben", anna)
    assert letters(case) == ["empfangsbescheinigung", "gebuehrenbescheid"]
    assert Letter.objects.get(case=case, template="gebuehrenbescheid").data["fee"]["amount_cents"] == 6000


def test_a_person_asks_gets_an_answer_and_confirms(open_case: Open, anna: User) -> None:
    case = open_case("drittstaat-handwerk-ohne-karte")
    assert waiting(case).element == "anzeige_pruefen"
    until = timezone.localdate() + timedelta(days=20)
    case = end(case, "nachfordern", anna, reason="Bitte Handwerkskarte.", deadline=until.isoformat())
    assert letters(case) == ["nachforderung"]
    request = open_request(case)
    assert request is not None
    assert (request.text, request.answer_until) == ("Bitte Handwerkskarte.", until)
    answer_information(case, "Anbei.")
    Worker().drain()
    assert waiting(case).element == "anzeige_pruefen"
    case = end(case, "bescheinigen", anna)
    assert (case.outcome, case.automatic) == ("bescheinigt", False)
    assert {"hwk", "auslaenderbehoerde"} <= set(case.transmissions.values_list("recipient", flat=True))


def test_an_unanswered_request_is_reminded_of_and_comes_back(
    open_case: Open, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = end(open_case("freier-beruf"), "nachfordern", anna, reason="Bitte genauer beschreiben.")
    kinds = []
    for _timer in range(2):
        wakes_at = ProcessInstance.objects.get(case=case).wakes_at
        assert wakes_at is not None
        later = wakes_at + timedelta(minutes=1)
        monkeypatch.setattr(timezone, "now", lambda moment=later: moment)
        sweep()
        Worker().drain()
        kinds.append((case.events.filter(kind="information.reminded").count(), waiting(case).element))
    assert kinds == [(1, "angaben_ergaenzen"), (1, "anzeige_pruefen")]


def test_a_rejection_needs_a_second_person_and_tells_reason_and_remedy(
    open_case: Open, anna: User, bert: User
) -> None:
    case = end(
        open_case("freier-beruf"), "zurueckweisen", anna, reason="Kein Gewerbe, sondern ein freier Beruf."
    )
    with pytest.raises(FourEyesError):
        complete_step(waiting(case), "freigeben", {}, user=anna)
    case = end(case, "zurueckgeben", bert, reason="Bitte noch einmal prüfen.")
    assert waiting(case).element == "anzeige_pruefen"
    hand_back(case, bert)
    case = end(case, "zurueckweisen", anna, reason="Kein Gewerbe, sondern ein freier Beruf.")
    case = end(case, "freigeben", bert)
    assert (case.outcome, letters(case)) == ("zurueckgewiesen", ["zurueckweisung"])
    data = Letter.objects.get(case=case).data
    assert data["facts"]["anzeige_pruefen"]["reason"] == "Kein Gewerbe, sondern ein freier Beruf."
    assert data["remedy"]["remedy"] == "Klage"
    assert not case.transmissions.exists()


@pytest.mark.parametrize("language", ["de", "en", "de-simple"])
@pytest.mark.parametrize("example", ["verlegung", "wie-wohnung", "nebenerwerb"])
def test_the_certificate_is_typeset_in_every_language(open_case: Open, example: str, language: str) -> None:
    assert letters(open_case(example, language)) == ["empfangsbescheinigung"]

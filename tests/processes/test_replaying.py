"""A case run again by its own version comes out as it did, whatever people and applicants did meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from rathaus.cases.conversation import answer_information
from rathaus.cases.models import Actor, Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import package_of
from rathaus.delivery.service import Worker
from rathaus.people.models import Role, User
from rathaus.processes.examples import Decided
from rathaus.processes.replaying import Past, differing, outcome_of, past_of
from rathaus.processes.service import complete_step, open_steps
from rathaus.towns.service import rule_context
from tests.office.staging import EXAMPLES, GREEN, PERSON, case_of, hire


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.SEAL_P12 = settings.SEAL_P12_PASSPHRASE = ""


def again(case: Case) -> dict[str, Any]:
    """What the case's own version makes of it now."""
    loaded = Case.objects.select_related("application").prefetch_related("steps").get(pk=case.pk)
    day = timezone.localdate(loaded.application.received_at)
    return outcome_of(package_of(loaded.application.service), past_of(loaded), rule_context(day))


def as_it_was(case: Case) -> dict[str, Any]:
    case.refresh_from_db()
    waiting = case.steps.filter(ended_at=None).exclude(actor=Actor.MACHINE)
    return {
        "decision": case.outcome,
        "route": "gruen" if case.automatic else "person",
        "waiting": sorted(waiting.values_list("element", flat=True)),
        "letters": list(case.letters.order_by("pk").values_list("template", flat=True)),
    }


TEXTS = {
    file.stem.partition("-")[2]: file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.glob("*.toml"))
}
# Files would have to be uploaded first.
ACCEPTED = [name for name, text in TEXTS.items() if "valid = true" in text and "media_type" not in text]


@pytest.mark.parametrize("name", ACCEPTED[::3])
def test_what_machines_did_is_done_again(published: ServiceVersion, name: str) -> None:
    case = case_of(published, name)
    came = again(case)
    assert {key: came[key] for key in as_it_was(case)} == as_it_was(case)


def end(case: Case, outcome: str, by: User, **result: Any) -> None:
    step = open_steps(case).filter(actor=Actor.PERSON).first()
    assert step is not None
    complete_step(step, outcome, result, user=by)
    Worker().drain()


@pytest.fixture
def clerk(published: ServiceVersion) -> Callable[[str], User]:
    return lambda name: hire(name, Role.CASE_WORKER)


def test_what_people_decided_is_decided_again(
    published: ServiceVersion, clerk: Callable[[str], User]
) -> None:
    case = case_of(published, PERSON)
    end(case, "zurueckweisen", clerk("Kim"), reason="Die Karte fehlt.")
    middle = again(case)
    assert {key: middle[key] for key in as_it_was(case)} == as_it_was(case)
    end(case, "freigeben", clerk("Lou"))
    came = again(case)
    assert came["decision"] == "zurueckgewiesen"
    assert {key: came[key] for key in as_it_was(case)} == as_it_was(case)


def test_a_request_and_its_answer_are_passed_again(
    published: ServiceVersion, clerk: Callable[[str], User]
) -> None:
    case = case_of(published, PERSON)
    kim = clerk("Kim")
    until = (timezone.localdate() + timedelta(days=14)).isoformat()
    end(case, "nachfordern", kim, reason="Es fehlt etwas.", text="Bitte ergänzen.", deadline=until, pages=[])
    asked = again(case)
    assert {key: asked[key] for key in as_it_was(case)} == as_it_was(case)
    answer_information(case, "Hier ist es.")
    Worker().drain()
    end(case, "bescheinigen", kim)
    came = again(case)
    assert came["decision"] == "bescheinigt"
    assert {key: came[key] for key in as_it_was(case)} == as_it_was(case)


def test_what_an_applicant_corrected_counts_from_then_on(published: ServiceVersion) -> None:
    package, context = package_of(published), rule_context(timezone.localdate())
    past = past_of(case_of(published, PERSON))
    asked = Decided("anzeige_pruefen", "nachfordern", {"reason": "Wer noch?"})
    two = {"rechtsform": "GBR", "vertreter": [{"familienname": "Eins"}, {"familienname": "Zwei"}]}
    sides = [
        outcome_of(
            package,
            Past(
                past.answers,
                "de",
                past.facts,
                (asked, Decided("angaben_ergaenzen", "ergaenzt", {}, correction)),
            ),
            context,
        )
        for correction in ({}, two)
    ]
    assert [side["fee"] for side in sides] == [{"amount_cents": 3000}, {"amount_cents": 6000}]


def test_a_decision_that_the_step_does_not_know_any_more_leaves_it_waiting(
    published: ServiceVersion,
) -> None:
    package = package_of(published)
    context = rule_context(timezone.localdate())
    past = past_of(case_of(published, PERSON))
    known = Past(past.answers, past.language, past.facts, (Decided("anzeige_pruefen", "bescheinigen"),))
    unknown = Past(past.answers, past.language, past.facts, (Decided("anzeige_pruefen", "vertagen"),))
    sides = [outcome_of(package, one, context) for one in (known, unknown)]
    assert sides[0]["decision"] == "bescheinigt"
    assert sides[1]["waiting"] == ["anzeige_pruefen"]
    assert set(differing(*sides)) >= {"decision", "waiting"}


def test_of_an_application_that_is_refused_only_that_differs(published: ServiceVersion) -> None:
    package = package_of(published)
    past = past_of(case_of(published, GREEN))
    context = rule_context(timezone.localdate())
    taken = outcome_of(package, past, context)
    nobody = Past({}, "de", past.facts, ())
    refused = outcome_of(package, nobody, context)
    assert differing(taken, refused) == ("valid",)
    assert differing(refused, refused) == ()
    assert differing(taken, taken) == ()

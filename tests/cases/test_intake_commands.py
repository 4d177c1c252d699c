"""`rathaus demo`, `worker` and `reconcile`: cases come in, get done, and are all still there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rathaus.applications.models import Application
from rathaus.cases.models import Case, Event
from rathaus.catalogue.models import ServiceVersion
from rathaus.cli import run
from rathaus.delivery.models import HandOver
from tests.cases.intake_data import send


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    code = run(["reconcile", "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert code == (0 if found["complete"] else 1)
    return found


def test_the_same_seed_gives_the_same_cases(
    published: ServiceVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--applications", "8", "--seed", "7"]) == 0
    assert "8 applications" in capsys.readouterr().out
    names = list(Application.objects.order_by("idempotency_key").values_list("answers", flat=True))
    assert run(["demo", "--applications", "8", "--seed", "7"]) == 0
    assert "0 applications" in capsys.readouterr().out
    Application.objects.count()
    assert names == list(Application.objects.order_by("idempotency_key").values_list("answers", flat=True))
    run(["demo", "--applications", "8", "--seed", "8"])
    assert Application.objects.count() == 16


def test_demo_without_a_town_or_a_service_says_what_to_do(town: object, db: None) -> None:
    with pytest.raises(SystemExit, match="no town 'nirgendwo'"):
        run(["demo", "--applications", "1", "--town", "nirgendwo"])
    with pytest.raises(SystemExit, match="published no such service"):
        run(["demo", "--applications", "1", "--service", "mondreise"])


def test_everything_accepted_is_accounted_for(
    plain: ServiceVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        send(plain, key=f"key {number}")
    found = report(capsys)
    assert found["complete"]
    assert found["hanging"] == {}
    (balance,) = found["balances"]
    assert (balance["accepted"], balance["in_work"], balance["missing"]) == (3, 3, 0)
    assert run(["worker", "--once"]) == 0
    (balance,) = report(capsys)["balances"]
    assert (balance["accepted"], balance["decided"], balance["missing"]) == (3, 3, 0)


def test_hand_overs_deleted_by_hand_are_found_repaired_and_reported_once(
    plain: ServiceVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    send(plain)
    HandOver.objects.all().delete()
    found = report(capsys)
    assert not found["complete"]
    assert list(found["hanging"]) == ["lost hand-over process.advance"]
    assert report(capsys)["complete"]
    run(["worker", "--once"])
    assert report(capsys)["complete"]


def test_an_application_without_a_case_gets_one(
    plain: ServiceVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = send(plain)
    HandOver.objects.all().delete()
    Event.objects.all().delete()
    Case.objects.all().delete()
    found = report(capsys)
    assert found["hanging"] == {"application without case": [receipt.reference]}
    assert Case.objects.get().application.reference == receipt.reference
    assert report(capsys)["complete"]


def test_the_report_for_people_names_what_is_wrong(
    plain: ServiceVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    send(plain)
    HandOver.objects.all().delete()
    assert run(["reconcile", "--town", "hannover"]) == 1
    shown = capsys.readouterr().out
    assert "repaired: lost hand-over process.advance" in shown
    assert "not complete" in shown
    with pytest.raises(SystemExit, match="no town"):
        run(["reconcile", "--town", "nirgendwo"])


@pytest.mark.parametrize(
    "arguments",
    [["demo", "--applications", "0"], ["demo"], ["worker", "--processes", "0"], ["nonsense"], []],
)
def test_wrong_arguments_end_with_an_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    assert ended.value.code == 2
    assert "error" in capsys.readouterr().err

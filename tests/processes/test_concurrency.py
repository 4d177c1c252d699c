"""Several workers and people at the same case, with committed transactions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from rathaus.cases.models import Case, CaseStatus
from rathaus.cases.service import CaseTakenError, take
from rathaus.letters.models import Letter
from rathaus.people.models import User
from rathaus.processes.service import StepClosedError, advance, complete_step
from rathaus.towns.context import acting_for
from rathaus.towns.demo import seed_towns
from rathaus.towns.models import Town
from tests.delivery.conftest import shared_database
from tests.processes.conftest import OpenCase, Publish
from tests.processes.test_service import AUTOMATIC, CHECKED, the_step

__all__ = ["shared_database"]


@pytest.fixture
def town(shared_database: None) -> Iterator[Town]:
    found = next(town for town in seed_towns() if town.slug == "hannover")
    with acting_for(found):
        yield found


def at_once(town: Town, *functions: Callable[[], object]) -> list[BaseException]:
    """Run all of these at the same moment, each on a connection of its own; returns what was raised."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(functions))

    def run(function: Callable[[], object]) -> None:
        try:
            with acting_for(town):
                barrier.wait(10)
                function()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def test_two_workers_advance_a_case_once(town: Town, publish_process: Publish, open_case: OpenCase) -> None:
    version = publish_process(AUTOMATIC)
    cases = [open_case(version) for _number in range(5)]
    for case in cases:
        assert at_once(town, *[lambda key=case.pk: advance(str(key))] * 3) == []
    for case in cases:
        done: Case = Case.objects.get(pk=case.pk)
        assert done.status == CaseStatus.DECIDED
        assert done.steps.count() == 6
        assert Letter.objects.filter(case=case).count() == 1
        assert done.events.filter(kind="decided").count() == 1


def test_two_people_cannot_take_or_end_the_same_step(
    town: Town, publish_process: Publish, open_case: OpenCase, staff: Callable[[str], User]
) -> None:
    case = open_case(publish_process(CHECKED))
    advance(str(case.pk))
    anna, bert = staff("anna"), staff("bert")
    [error] = at_once(town, lambda: take(case, anna), lambda: take(case, bert))
    assert isinstance(error, CaseTakenError)
    holder = Case.objects.get(pk=case.pk).assigned_to
    assert holder is not None
    step = the_step(case, "pruefen")
    end = lambda: complete_step(step, "ja", user=holder)  # noqa: E731
    [error] = at_once(town, end, end)
    assert isinstance(error, StepClosedError)
    assert case.events.filter(kind="decided").count() == 1

"""What is promised is done, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from rathaus.delivery.models import HandOver
from rathaus.delivery.queue import claim, put_back_untouched
from rathaus.delivery.registry import Backoff
from rathaus.delivery.service import HandOverError, Worker, backlog, failing, handler, promise, promise_each
from rathaus.delivery.workers import has_died, own_name
from rathaus.towns.context import acting_for, current_town
from rathaus.towns.models import Office, Town

NOW_AGAIN = Backoff(first=timedelta(0))


class PowerCut(BaseException):
    """Stands for `kill -9`: nothing in the worker may catch it."""


def only_row() -> HandOver:
    row: HandOver = HandOver.across_towns.get()
    return row


def test_a_promised_hand_over_is_done_once_and_stays_on_record(town: Town) -> None:
    seen: list[str] = []
    handler("test.note")(seen.append)
    promise("test.note", 7)
    assert Worker().drain() == 1
    assert Worker().drain() == 0
    assert seen == ["7"]
    assert only_row().done_at is not None


def test_promising_twice_makes_one_open_row(town: Town) -> None:
    promise("test.note", 7)
    promise_each([("test.note", 7), ("test.note", "7"), ("test.note", 8)])
    assert sorted(HandOver.objects.values_list("subject", flat=True)) == ["7", "8"]


def test_what_was_done_can_be_promised_again(town: Town) -> None:
    seen: list[str] = []
    handler("test.note")(seen.append)
    promise("test.note", 7)
    Worker().drain()
    promise("test.note", 7)
    Worker().drain()
    assert seen == ["7", "7"]


def test_a_hand_over_waits_for_its_time(town: Town) -> None:
    handler("test.note")(lambda _: None)
    promise("test.note", 7, timezone.now() + timedelta(hours=1))
    assert Worker().drain() == 0
    promise("test.note", 7)  # now it is urgent
    assert Worker().drain() == 1


def test_each_hand_over_runs_for_its_own_town(hannover: Town, ahrensfurt: Town) -> None:
    seen: list[tuple[str, str]] = []
    handler("test.note")(lambda subject: seen.append((current_town().slug, subject)))
    for town in (hannover, ahrensfurt):
        with acting_for(town):
            promise("test.note", 1)
    assert Worker().drain() == 2
    assert sorted(seen) == [("ahrensfurt", "1"), ("hannover", "1")]


def test_the_heavy_part_runs_outside_the_transaction_that_keeps_its_result(town: Town) -> None:
    depth: dict[str, int] = {}
    outside = len(connection.savepoint_ids)

    def keep(result: str) -> None:
        depth["keep"] = len(connection.savepoint_ids) - outside
        assert result == "made from 7"

    @handler("test.letter", commit=keep)
    def make(subject: str) -> str:
        depth["make"] = len(connection.savepoint_ids) - outside
        return f"made from {subject}"

    promise("test.letter", 7)
    assert Worker().drain() == 1
    assert depth == {"make": 0, "keep": 1}


def test_a_failure_is_visible_and_tried_again_later(town: Town) -> None:
    def fail(subject: str) -> None:
        raise HandOverError("Der Server für E-Mail antwortet nicht")

    handler("test.note")(fail)
    promise("test.note", 7)
    assert Worker().drain() == 0
    row = only_row()
    assert row.done_at is None
    assert row.attempts == 1
    assert row.last_error == "HandOverError: Der Server für E-Mail antwortet nicht"
    assert timezone.now() < row.due_at < timezone.now() + timedelta(seconds=2)
    assert list(failing()) == [row]
    assert (backlog().open, backlog().due, backlog().failing) == (1, 0, 1)


def test_messages_of_foreign_errors_are_not_stored_because_they_quote_personal_data(town: Town) -> None:
    def fail(subject: str) -> None:
        raise ValueError("invalid literal for int(): 'Erika Mustermann'")

    handler("test.note")(fail)
    promise("test.note", 7)
    Worker().drain()
    assert only_row().last_error.startswith("ValueError at ")
    assert "Erika" not in only_row().last_error


def test_waiting_times_double_up_to_a_limit() -> None:
    retry = Backoff(first=timedelta(seconds=1), longest=timedelta(seconds=60))
    assert retry.delay(0) == timedelta()
    for attempts, seconds in ((1, 1), (3, 4), (6, 32), (7, 60), (10_000, 60)):
        assert 0.75 * seconds <= retry.delay(attempts).total_seconds() <= 1.25 * seconds


def test_a_handler_that_fails_leaves_nothing_behind_and_succeeds_later(town: Town) -> None:
    tries: list[int] = []

    def work(subject: str) -> None:
        Office.objects.filter(key="gewerbe").update(phone="changed")
        tries.append(1)
        if len(tries) < 3:
            raise ValueError

    handler("test.note", retry=NOW_AGAIN)(work)
    phone = Office.objects.get(key="gewerbe").phone
    promise("test.note", 7)
    worker = Worker(batch=1)
    for row in claim(worker.name, 1):
        worker._deliver(row)
    assert Office.objects.get(key="gewerbe").phone == phone
    worker.drain()
    assert len(tries) == 3
    assert Office.objects.get(key="gewerbe").phone == "changed"
    assert only_row().last_error == ""


def test_an_unknown_kind_waits_for_a_worker_that_knows_it(town: Town) -> None:
    promise("test.of_tomorrow", 7)
    assert Worker().drain() == 0
    assert only_row().last_error.startswith("UnknownKindError")
    handler("test.of_tomorrow")(lambda _: None)
    HandOver.objects.update(due_at=timezone.now())
    assert Worker().drain() == 1


def test_one_bad_hand_over_does_not_hold_up_the_others(town: Town) -> None:
    seen: list[str] = []

    def work(subject: str) -> None:
        if subject == "1":
            raise ValueError
        seen.append(subject)

    handler("test.note")(work)
    promise_each([("test.note", number) for number in range(4)])
    assert Worker().drain() == 3
    assert sorted(seen) == ["0", "2", "3"]


@pytest.mark.parametrize("moment", ["run", "commit"])
def test_a_worker_killed_in_the_middle_is_replaced(
    town: Town, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = True
    kept: list[str] = []

    def keep(result: str) -> None:
        if alive and moment == "commit":
            raise PowerCut
        kept.append(result)

    @handler("test.letter", commit=keep)
    def make(subject: str) -> str:
        if alive and moment == "run":
            raise PowerCut
        return subject

    promise("test.letter", 7)
    gone = Worker(name=own_name().rpartition(":")[0] + ":1")  # our process id, but another start: it has died
    with pytest.raises(PowerCut), transaction.atomic():
        gone.drain()
    HandOver.objects.update(  # the savepoint above took the claim with it
        leased_by=gone.name, leased_until=timezone.now() + timedelta(minutes=5), attempts=1
    )
    alive = False
    heir = Worker()
    assert heir.drain() == 0  # the lease still holds
    heir._turn()
    assert kept == ["7"]
    assert only_row().done_at is not None


def test_the_lease_of_a_worker_elsewhere_runs_out(town: Town) -> None:
    handler("test.note")(lambda _: None)
    promise("test.note", 7)
    claim("elsewhere:1:2:3", 10)
    Worker()._turn()
    assert only_row().done_at is None
    HandOver.objects.update(leased_until=timezone.now())
    assert Worker().drain() == 1


def test_a_row_that_takes_down_its_workers_waits_longer_each_time(town: Town) -> None:
    handler("test.note")(lambda _: None)
    promise("test.note", 7)
    for _ in range(4):
        HandOver.objects.update(due_at=timezone.now())
        claim(own_name().rpartition(":")[0] + ":1", 10)
        Worker(sweep_every=0)._turn()
        if only_row().done_at is None:
            break
        HandOver.objects.update(done_at=None)
    assert only_row().due_at > timezone.now()


def test_work_for_a_row_closed_by_another_is_rolled_back(town: Town) -> None:
    def work(subject: str) -> None:
        Office.objects.filter(key="gewerbe").update(phone="done twice")
        HandOver.objects.update(done_at=timezone.now())  # another worker was faster

    handler("test.note")(work)
    promise("test.note", 7)
    assert Worker().drain() == 0
    assert Office.objects.get(key="gewerbe").phone != "done twice"


def test_work_for_a_deleted_row_is_rolled_back_and_found_by_the_sweeper(town: Town) -> None:
    def work(subject: str) -> None:
        HandOver.objects.filter(subject=subject).delete()

    handler("test.note")(work)
    promise("test.note", 7)
    assert Worker().drain() == 0


def test_what_is_promised_while_it_is_being_done_is_done_once_more(town: Town) -> None:
    seen: list[str] = []

    @handler("test.letter", commit=lambda _: None)
    def make(subject: str) -> None:
        seen.append(subject)
        if len(seen) == 1:  # a request changes something while we work, and promises the same
            HandOver.objects.update(promises=2)

    promise("test.letter", 7)
    assert Worker().drain() == 2
    assert seen == ["7", "7"]


def test_a_handler_can_promise_itself_for_later(town: Town) -> None:
    later = timezone.now() + timedelta(days=3)
    handler("test.timer")(lambda subject: promise("test.timer", subject, later))
    promise("test.timer", 7)
    assert Worker().drain() == 1
    assert only_row().done_at is None
    assert only_row().due_at == later


def test_what_a_handler_promises_is_done_in_the_same_turn(town: Town) -> None:
    seen: list[str] = []
    handler("test.first")(lambda subject: promise("test.second", subject))
    handler("test.second")(seen.append)
    promise("test.first", 7)
    assert Worker().drain() == 2
    assert seen == ["7"]


def test_rows_given_back_untouched_count_no_attempt(town: Town) -> None:
    promise("test.note", 7)
    put_back_untouched(claim("me", 10))
    assert (only_row().attempts, only_row().leased_by, only_row().leased_until) == (0, "", None)


def test_a_stopping_worker_finishes_what_it_holds_and_gives_back_the_rest(town: Town) -> None:
    seen: list[str] = []
    worker = Worker()

    def work(subject: str) -> None:
        seen.append(subject)
        worker.stop()

    handler("test.note")(work)
    promise_each([("test.note", 1), ("test.note", 2)])
    worker.run()
    assert len(seen) == 1
    assert HandOver.objects.filter(done_at=None, leased_until=None).count() == 1


def test_a_process_knows_its_own_name_as_alive_and_others_by_their_start() -> None:
    name = own_name()
    assert len(name) <= 80
    assert not has_died(name)
    assert has_died(name.rpartition(":")[0] + ":1")
    assert not has_died("elsewhere:4026531836:1:1")
    assert not has_died("nonsense")


def test_claiming_and_doing_cost_few_queries(town: Town, django_assert_max_num_queries: Any) -> None:
    handler("test.note")(lambda _: None)
    promise_each([("test.note", number) for number in range(10)])
    # looking, claiming 10 rows (4), each: savepoint, close, release; looking again
    with django_assert_max_num_queries(5 + 10 * 3 + 1):
        assert Worker(batch=10).drain() == 10

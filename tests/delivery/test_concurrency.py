"""Several workers against one real database, with committed transactions."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from rathaus.delivery.models import HandOver
from rathaus.delivery.queue import claim
from rathaus.delivery.service import Worker, handler, promise, promise_each
from rathaus.towns.context import acting_for
from rathaus.towns.demo import seed_towns
from rathaus.towns.models import Office, Town


@pytest.fixture
def committed_town(shared_database: None) -> Iterator[Town]:
    town = next(town for town in seed_towns() if town.slug == "hannover")
    with acting_for(town):
        yield town


def in_threads(*functions: Callable[[], object]) -> None:
    errors: list[BaseException] = []

    def guarded(function: Callable[[], object]) -> None:
        try:
            function()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []


def test_two_workers_share_the_work_and_do_nothing_twice(committed_town: Town) -> None:
    seen: Counter[str] = Counter()
    lock = threading.Lock()

    def work(subject: str) -> None:
        with lock:
            seen[subject] += 1
        time.sleep(0.002)

    handler("test.note")(work)
    promise_each([("test.note", number) for number in range(60)])
    in_threads(Worker(batch=5, name="one").drain, Worker(batch=5, name="two").drain)
    assert set(seen.values()) == {1}
    assert len(seen) == 60
    assert not HandOver.across_towns.filter(done_at=None).exists()


@pytest.mark.side_by_side
def test_a_change_committed_after_the_worker_has_read_is_not_missed(committed_town: Town) -> None:
    """The request promises, the worker reads the old state, the request commits: the worker must look again."""
    office = Office.objects.get(key="gewerbe")
    seen: list[str] = []
    request_has_promised = threading.Event()
    worker_has_read = threading.Event()

    @handler("test.look", commit=lambda _: None)
    def look(subject: str) -> None:
        request_has_promised.wait(5)
        seen.append(Office.objects.get(pk=office.pk).phone)
        worker_has_read.set()

    def request() -> None:
        worker_has_claimed.wait(5)
        with acting_for(committed_town), transaction.atomic():
            Office.objects.filter(pk=office.pk).update(phone="new")
            promise("test.look", 1)
            request_has_promised.set()
            worker_has_read.wait(5)

    def work() -> None:
        worker = Worker(name="one")
        rows = claim(worker.name, 1)
        worker_has_claimed.set()
        for row in rows:
            worker._deliver(row)

    worker_has_claimed = threading.Event()
    promise("test.look", 1)
    in_threads(request, work)
    assert seen == [office.phone]
    Worker(name="two").drain()
    assert seen == [office.phone, "new"]


def test_promising_from_many_threads_leaves_one_open_row(committed_town: Town) -> None:
    def many() -> None:
        with acting_for(committed_town):
            for _ in range(20):
                promise("test.note", 7)

    in_threads(many, many, many)
    assert HandOver.across_towns.filter(done_at=None).count() == 1
    assert HandOver.across_towns.get().promises == 60

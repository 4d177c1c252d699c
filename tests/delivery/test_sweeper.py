"""Hand-overs deleted by hand, and what expires."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from rathaus.delivery.models import HandOver, Mail
from rathaus.delivery.service import Worker, handler, promise, promise_mail, prune_done, should_exist, sweep
from rathaus.towns.context import acting_for, current_town
from rathaus.towns.models import Town


def test_hand_overs_deleted_by_hand_come_back(town: Town) -> None:
    todo = {"1", "2"}
    handler("test.note")(todo.discard)
    should_exist("test.note")(lambda: sorted(todo) if current_town() == town else [])
    promise("test.note", 1)
    HandOver.objects.all().delete()
    assert sweep() == 2
    assert sweep() == 0
    Worker().drain()
    assert todo == set()


def test_the_sweeper_asks_for_every_town(hannover: Town, ahrensfurt: Town) -> None:
    should_exist("test.note")(lambda: [1] if current_town().slug == "ahrensfurt" else [])
    assert sweep() == 1
    with acting_for(ahrensfurt):
        assert HandOver.objects.count() == 1


def test_a_broken_provider_does_not_hold_up_the_others(town: Town) -> None:
    @should_exist("test.broken")
    def broken() -> list[int]:
        raise RuntimeError("no such luck")

    should_exist("test.note")(lambda: [1])
    assert sweep() == 2  # once per town


def test_a_running_worker_sweeps_by_itself(town: Town) -> None:
    seen: list[str] = []
    worker = Worker()

    def work(subject: str) -> None:
        seen.append(subject)
        worker.stop()

    handler("test.note")(work)
    should_exist("test.note")(lambda: [7] if not seen else [])
    worker.run()
    assert seen == ["7"]


def test_done_rows_are_deleted_after_two_weeks(town: Town) -> None:
    handler("test.note")(lambda _: None)
    promise("test.note", 1)
    promise("test.note", 2, timezone.now() + timedelta(days=1))
    Worker().drain()
    assert prune_done() == 0
    HandOver.objects.exclude(done_at=None).update(done_at=timezone.now() - timedelta(days=15))
    assert prune_done() == 1
    assert HandOver.objects.get().subject == "2"


def test_a_promised_mail_is_sent_once(town: Town) -> None:
    promise_mail("erika@example.org", "Neues", "Es gibt eine Nachricht.")
    Worker().drain()
    promise("mail.send", Mail.objects.get().pk)
    Worker().drain()
    assert len(outbox.outbox) == 1
    message = outbox.outbox[0]
    assert message.to == ["erika@example.org"]
    assert message.extra_headers["Message-ID"].startswith("<mail-hannover-")
    assert Mail.objects.get().sent_at is not None


def test_a_mail_whose_hand_over_was_deleted_is_sent_all_the_same(town: Town) -> None:
    promise_mail("erika@example.org", "Neues", "Es gibt eine Nachricht.")
    HandOver.objects.all().delete()
    sweep()
    Worker().drain()
    assert len(outbox.outbox) == 1


def test_a_mail_server_that_is_away_is_tried_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ConnectionRefusedError

    promise_mail("erika@example.org", "Neues", "Es gibt eine Nachricht.")
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert Worker().drain() == 0
    HandOver.objects.update(due_at=timezone.now())
    assert Worker().drain() == 1

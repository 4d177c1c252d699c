from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from rathaus.audit import service as audit
from rathaus.audit.models import ActorKind, AuditEntry
from rathaus.audit.triggers import allow_changes, refuse_changes
from rathaus.cli import run as command
from rathaus.people.models import User
from rathaus.towns.context import acting_for
from rathaus.towns.demo import seed_towns
from rathaus.towns.models import Town


def _write_some(count: int = 5) -> list[AuditEntry]:
    return [
        audit.write("case.viewed", "case", f"HAN-{number}", detail={"n": number}) for number in range(count)
    ]


def test_an_act_names_who_did_what_to_which_subject(town: Town) -> None:
    person = User.objects.create(email="w@hannover.example")
    entry = audit.write("case.viewed", "case", "HAN-26-1", actor=person)
    found = audit.entries(subject_type="case", subject="HAN-26-1").get()
    assert (found.pk, found.actor, found.actor_kind) == (entry.pk, person, ActorKind.PERSON)


def test_without_a_person_the_machine_did_it(town: Town) -> None:
    assert audit.write("case.decided", "case", "HAN-26-1").actor_kind == ActorKind.MACHINE


def test_an_untouched_log_is_intact(town: Town) -> None:
    entries = _write_some()
    report = audit.verify_chain()
    assert report.intact
    assert (report.entries, report.head) == (5, entries[-1].hash)


@pytest.mark.parametrize(
    "act",
    [
        lambda: AuditEntry.objects.update(action="case.forgotten"),
        lambda: AuditEntry.objects.all()._raw_delete("default"),
    ],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_an_entry(town: Town, act: Callable[[], object]) -> None:
    _write_some()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()
    assert AuditEntry.objects.filter(action="case.viewed").count() == 5


@pytest.mark.parametrize(
    "change",
    [
        {"action": "case.forgotten"},
        {"detail": {"n": 99}},
        {"actor_kind": ActorKind.PERSON},
        {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_entry_changed_behind_the_application_breaks_the_chain_at_its_place(
    town: Town, change: dict[str, Any]
) -> None:
    entries = _write_some()
    allow_changes(connection)
    AuditEntry.objects.filter(pk=entries[2].pk).update(**change)
    refuse_changes(connection)
    report = audit.verify_chain()
    assert not report.intact
    assert (report.entries, report.broken_at) == (2, entries[2].pk)


def test_an_entry_removed_behind_the_application_breaks_the_chain(town: Town) -> None:
    entries = _write_some()
    allow_changes(connection)
    AuditEntry.objects.filter(pk=entries[2].pk)._raw_delete("default")
    refuse_changes(connection)
    assert audit.verify_chain().broken_at == entries[3].pk


def test_each_town_has_a_chain_of_its_own(town: Town, ahrensfurt: Town) -> None:
    _write_some(2)
    with acting_for(ahrensfurt):
        audit.write("person.signed_in", "person", 1)
        assert audit.verify_chain().entries == 1
        assert audit.entries().count() == 1
    _write_some(1)
    report = audit.verify_chain()
    assert (report.intact, report.entries) == (True, 3)


def test_writers_at_the_same_time_do_not_fork_the_chain(shared_database: None) -> None:
    hannover = next(town for town in seed_towns() if town.slug == "hannover")
    failures: list[BaseException] = []

    def write_many() -> None:
        try:
            with acting_for(hannover):
                for _ in range(10):
                    audit.write("case.viewed", "case", "HAN-1")
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with acting_for(hannover):
        report = audit.verify_chain()
    assert (report.intact, report.entries) == (True, 40)


def test_the_operators_command_reports_a_broken_chain(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    entries = _write_some()
    assert command(["audit"]) == 0
    assert f"hannover: 5 entries, intact, head {entries[-1].hash}" in capsys.readouterr().out
    allow_changes(connection)
    AuditEntry.objects.filter(pk=entries[3].pk).update(subject="HAN-99")
    refuse_changes(connection)
    assert command(["audit", "--json"]) == 1
    assert f'"broken_at": {entries[3].pk}' in capsys.readouterr().out

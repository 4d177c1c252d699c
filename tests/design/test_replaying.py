"""Replays: what a design would make of past applications; nothing of theirs is touched, nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone
from lxml import etree
from pytest_django.fixtures import Settings

from rathaus.applications.models import Application
from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import PackageError
from rathaus.catalogue.service import package_of
from rathaus.delivery.models import HandOver
from rathaus.delivery.service import Worker, sweep_town
from rathaus.design import replaying
from rathaus.design.models import Design, Replay, ReplayedApplication
from rathaus.design.replaying import discard_replays, replay_slice
from rathaus.design.service import (
    NothingToReplayError,
    change,
    differences_of,
    files_of,
    is_stale,
    last_replay,
    newest,
    numbers_of,
    publish,
    start_replay,
)
from rathaus.editing import ChangeFiles, Edit, SetFieldRule, SetPageText, Words
from rathaus.people.models import Role, User
from rathaus.processes.program import program_of
from rathaus.processes.replaying import outcome_of, past_of
from rathaus.processes.service import complete_step, open_steps
from rathaus.towns.service import rule_context
from tests.office.staging import GREEN, PERSON, case_of, hire


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    settings.SEAL_P12 = settings.SEAL_P12_PASSPHRASE = ""


@pytest.fixture
def cases(published: ServiceVersion) -> list[Case]:
    """Two that ran by themselves, and one that waits for somebody."""
    return [case_of(published, GREEN), case_of(published, PERSON), case_of(published, GREEN)]


def edited(design: Design, edit: Edit, by: User) -> None:
    change(design, edit, base_revision=newest(design).number, by=by, reason="Versuch")


def replayed(design: Design, by: User, **given: Any) -> Replay:
    start_replay(design, by=by, **{"since": None, "most": 500, **given})
    Worker().drain()
    found = last_replay(design)
    assert found is not None
    return found


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of every model, but what replays themselves need."""
    own = ("design.Replay", "design.ReplayedApplication", "delivery.HandOver", "audit.AuditEntry")
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.label not in own
    }


def ask_for_birth_name(design: Design, by: User) -> None:
    edited(design, SetFieldRule("inhaber.geburtsname", "require", "true"), by)


def test_a_design_that_changes_nothing_makes_the_same_of_every_application(
    design: Design, cases: list[Case], anna: User
) -> None:
    edited(design, SetPageText("beginn", "de", "title", "Ab wann?"), anna)
    replay = replayed(design, anna)
    assert (replay.total, replay.done) == (3, 3)
    assert replay.finished_at is not None
    assert numbers_of(replay) == {}
    assert differences_of(replay) == []


def test_no_row_of_anything_else_is_touched_and_no_letter_or_mail_is_promised(
    design: Design, cases: list[Case], anna: User
) -> None:
    ask_for_birth_name(design, anna)
    before = rows()
    replay = replayed(design, anna)
    assert replay.done == 3
    assert rows() == before
    assert sweep_town() == {}


def test_missing_answers_are_named_by_question_and_never_quoted(
    design: Design, cases: list[Case], anna: User
) -> None:
    ask_for_birth_name(design, anna)
    replay = replayed(design, anna)
    assert numbers_of(replay) == {"all": 3, "valid": 3}
    (only,) = differences_of(replay)
    assert only.before == {"valid": True}
    assert only.after == {"valid": False, "errors": [{"path": "inhaber.geburtsname", "rule": "required"}]}
    assert only.count == 3
    assert [case.pk for case in only.cases] == [case.pk for case in reversed(cases)]
    stored = str(list(ReplayedApplication.objects.values()))
    for case in cases:
        assert case.application.answers["inhaber"]["familienname"] not in stored


def test_another_route_reason_letter_and_decision_are_found(
    design: Design, cases: list[Case], anna: User
) -> None:
    table = "decisions/vorpruefung.dmn"
    before = files_of(design)
    after = {**before, table: _always(before[table])}
    edited(design, ChangeFiles.between(before, after, Words("Alle ansehen")), anna)
    replay = replayed(design, anna)
    numbers = numbers_of(replay)
    # The third repeats the first: somebody has to look at it anyway, as the steps found out then.
    assert numbers == {"all": 3, "route": 1, "reasons": 3, "decision": 1, "letters": 1, "waiting": 1}
    found = next(one for one in differences_of(replay) if "route" in one.aspects)
    assert [found.before["route"], found.after["route"]] == ["gruen", "person"]
    assert [found.before["decision"], found.after["decision"]] == ["bescheinigt", ""]


def _always(dmn: bytes) -> bytes:
    """A decision table whose first row always fits."""
    tree = etree.fromstring(dmn)
    space = {"d": tree.nsmap[None]}
    first = tree.find(".//d:rule", space)
    assert first is not None
    for entry in first.iterfind("d:inputEntry/d:text", space):
        entry.text = "-"
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def test_what_a_person_decided_is_decided_again(
    design: Design, published: ServiceVersion, anna: User
) -> None:
    case = case_of(published, PERSON)
    step = open_steps(case).first()
    assert step is not None
    clerk = hire("Kim", Role.CASE_WORKER, step.office)
    outcome = next(
        one.value
        for one in element_of_version(published, step.element).outcomes
        if one.value != "nachfordern"
    )
    complete_step(step, outcome, {"reason": "So ist es."}, user=clerk)
    Worker().drain()
    case.refresh_from_db()
    past = past_of(case)
    context = rule_context(timezone.localdate())
    came = outcome_of(package_of(published), past, context)
    assert came["decision"] == case.outcome
    assert came["route"] == "person"


def element_of_version(version: ServiceVersion, element: str) -> Any:
    package = package_of(version)
    return program_of(package).process.definition.elements[element]


def test_slices_go_on_where_the_last_one_ended_and_count_once(
    design: Design, cases: list[Case], anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "SLICE", 1)
    ask_for_birth_name(design, anna)
    replay = start_replay(design, by=anna, since=None, most=2)
    first = replay_slice(str(replay.pk))
    replaying._keep(first)
    replaying._keep(first)  # another worker was at the same slice
    replay.refresh_from_db()
    assert (replay.done, replay.total, replay.finished_at) == (1, 2, None)
    Worker().drain()
    replay.refresh_from_db()
    assert replay.finished_at is not None
    assert ReplayedApplication.objects.filter(replay=replay).count() == 2
    assert replay_slice(str(replay.pk)) is None


def test_a_replay_whose_hand_over_was_lost_is_found_again(
    design: Design, cases: list[Case], anna: User
) -> None:
    replay = start_replay(design, by=anna, since=None, most=500)
    HandOver.objects.all().delete()
    assert sweep_town() == {"design.replay": [str(replay.pk)]}
    Worker().drain()
    replay.refresh_from_db()
    assert replay.finished_at is not None


def test_only_applications_since_a_day_and_only_so_many_are_run(
    design: Design, cases: list[Case], anna: User
) -> None:
    old = timezone.now() - timedelta(days=40)
    Application.objects.filter(pk=cases[0].application_id).update(received_at=old)
    month = timezone.localdate() - timedelta(days=30)
    assert replayed(design, anna, since=month).total == 2
    assert replayed(design, anna, most=1).total == 1
    assert Replay.objects.count() == 1
    with pytest.raises(NothingToReplayError):
        start_replay(design, by=anna, since=timezone.localdate() + timedelta(days=1), most=5)


def test_a_replay_is_stale_once_the_design_or_the_live_version_changed(
    design: Design, cases: list[Case], anna: User
) -> None:
    edited(design, SetPageText("beginn", "de", "title", "Ab wann?"), anna)
    replay = replayed(design, anna)
    assert not is_stale(replay)
    edited(design, SetPageText("beginn", "de", "title", "Wann?"), anna)
    assert is_stale(replay)
    replay = replayed(design, anna)
    publish(design, by=anna, reason="Klarer")
    assert is_stale(replay)


def test_a_design_that_cannot_run_is_not_replayed(design: Design, cases: list[Case], anna: User) -> None:
    before = files_of(design)
    broken = {**before, "process.bpmn": before["process.bpmn"].replace(b"operation name", b"operation nam")}
    edited(design, ChangeFiles.between(before, broken, Words("kaputt")), anna)
    with pytest.raises(PackageError):
        start_replay(design, by=anna, since=None, most=5)


def test_what_was_found_is_deleted_after_a_month(design: Design, cases: list[Case], anna: User) -> None:
    ask_for_birth_name(design, anna)
    replay = replayed(design, anna)
    assert discard_replays() == 0
    Replay.objects.filter(pk=replay.pk).update(asked_at=timezone.now() - timedelta(days=31))
    assert discard_replays() == 1
    assert not ReplayedApplication.objects.exists()


def test_models_of_replays_hold_no_answers() -> None:
    columns = {
        field.name for field in ReplayedApplication._meta.get_fields() if isinstance(field, models.Field)
    }
    assert columns == {"id", "town", "replay", "application", "aspects", "before", "after", "likeness"}

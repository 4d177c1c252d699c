"""Edits of the process: they change what they name and nothing else, and the drawing goes along."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from rathaus.catalogue.packing import read_folder
from rathaus.editing import (
    AddLane,
    AddStep,
    Edit,
    EditError,
    Files,
    RemoveStep,
    SetOutcomeLabel,
    SetStepDeadline,
    SetStepLane,
    SetStepName,
    SetStepTimer,
    SetWayCondition,
)
from rathaus.editing.edit import file_of, meet
from rathaus.editing.places import text_at
from rathaus.editing.process import Period, drawn, ends_of, period_in, step_name, way_name, with_period

FILES = read_folder(Path(__file__).resolve().parents[2] / "services/gewerbeanmeldung")


def boxes(content: Files) -> dict[str, tuple[float, float, float, float]]:
    """Where each step is drawn."""
    process = drawn(content)
    found = {}
    for key, shape in process.shapes.items():
        bounds = shape.first("Bounds")
        if bounds is not None and process.by_id[key].name not in ("participant", "lane", "boundaryEvent"):
            x, y, width, height = (float(bounds.attributes[name]) for name in ("x", "y", "width", "height"))
            found[key] = (x, y, x + width, y + height)
    return found


@pytest.mark.parametrize(
    ("timer", "period", "longer"),
    [
        ("P14D", Period(14, "D"), "P3W"),
        ("PT2H", Period(2, "H"), "P3W"),
        ("has(facts.a.deadline) ? string(facts.a.deadline) : 'P14D'", Period(14, "D"), None),
        ("P1Y2M", None, None),
        ("2026-12-31", None, None),
        ("true ? 'P1D' : 'P2D'", None, None),
    ],
)
def test_the_one_period_of_a_timer_is_found_and_changed(
    timer: str, period: Period | None, longer: str | None
) -> None:
    assert period_in(timer) == period
    if period is not None:
        assert with_period(timer, Period(3, "W")) == longer or timer.replace("P14D", "P3W")


@pytest.mark.parametrize(
    ("edit", "place", "text"),
    [
        (SetStepName("anzeige_pruefen", "de", 'A & "B"'), "step:anzeige_pruefen/name", 'A & "B"'),
        (SetStepName("zusammen_ende", "en", "<End>"), "step:zusammen_ende/name@en", "<End>"),
        (SetStepLane("erinnern", "system"), "step:erinnern/lane", "system"),
        (SetStepTimer("frist", "'a' < 'b' ? 'P1D' : 'P2D'"), "step:frist/timer", "'a' < 'b' ? 'P1D' : 'P2D'"),
        (SetStepDeadline("angaben_ergaenzen", 9), "step:angaben_ergaenzen/deadline", "9"),
        (SetStepDeadline("anzeige_pruefen", 9), "step:anzeige_pruefen/deadline", "9"),
        (
            SetOutcomeLabel("anzeige_pruefen", "nachfordern", "en", "Ask"),
            "step:anzeige_pruefen/outcome/nachfordern@en",
            "Ask",
        ),
        (SetWayCondition("ergebnis_nachfordern", "1 < 2"), "way:ergebnis_nachfordern/condition", "1 < 2"),
    ],
)
def test_an_edit_changes_its_place_and_no_other_line_of_the_file(edit: Edit, place: str, text: str) -> None:
    changed = edit.apply(FILES)
    assert text_at(changed, place) == text != text_at(FILES, place)
    assert edit.places() == {place}
    assert file_of(place) == "process.bpmn"
    before, after = (content["process.bpmn"].decode().splitlines() for content in (FILES, changed))
    assert len(set(before) - set(after)) <= 6  # the line itself, or the box and the ways of a step that moves
    assert edit.apply(changed) == changed


def test_names_of_steps_and_ways_fall_back_to_their_ids() -> None:
    assert step_name(FILES, "anzeige_pruefen") == "Anzeige prüfen"
    assert step_name(FILES, "gibtsnicht") == "gibtsnicht"
    assert way_name(FILES, "ergebnis_nachfordern") == "Ergebnis? → Nachforderung erstellen"
    assert way_name(FILES, "gibtsnicht") == "gibtsnicht"
    assert step_name({"process.bpmn": b"<"}, "a") == "a"


def test_a_step_and_what_hangs_on_it_move_into_another_lane_and_cover_nothing() -> None:
    changed = SetStepLane("angaben_ergaenzen", "sachbearbeitung").apply(FILES)
    process = drawn(changed)
    assert {process.lane_of(one) for one in ("angaben_ergaenzen", "frist", "erinnerung")} == {
        "sachbearbeitung"
    }
    where = boxes(changed)
    lane = process.shapes["bahn_sachbearbeitung"].first("Bounds")
    assert lane is not None
    assert where["angaben_ergaenzen"][1] >= float(lane.attributes["y"])
    for one, other in combinations(where.values(), 2):
        assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


def test_what_is_put_in_and_taken_out_again_leaves_the_process_as_it_was() -> None:
    way = "ergebnis_nachfordern"
    added = AddStep(way, "rueckruf", "person", "Rückruf", "Call back", "sachbearbeitung").apply(FILES)
    assert ends_of(added, way) == ("ergebnis", "rueckruf")
    removed = RemoveStep("rueckruf").apply(added)
    assert ends_of(removed, way) == ends_of(FILES, way)
    before, after = drawn(FILES), drawn(removed)
    assert set(before.by_id) == set(after.by_id)
    assert [one.attributes for one in before.flows] == [one.attributes for one in after.flows]


@pytest.mark.parametrize(
    "edit",
    [
        SetStepName("gibtsnicht", "de", "X"),
        SetStepName("anzeige_pruefen", "de", "  "),
        SetStepName("ergebnis_nachfordern", "de", "Kein Schritt"),
        SetStepLane("anzeige_pruefen", "gibtsnicht"),
        SetStepTimer("anzeige_pruefen", "P1D"),
        SetStepTimer("frist", ""),
        SetStepDeadline("angaben_ergaenzen", 0),
        SetOutcomeLabel("anzeige_pruefen", "gibtsnicht", "de", "X"),
        SetOutcomeLabel("anzeige_pruefen", "nachfordern", "en", ""),
        SetWayCondition("eingang_fakten", "true"),
        SetWayCondition("gibtsnicht", "true"),
        SetWayCondition("ergebnis_nachfordern", ""),
        AddStep("gibtsnicht", "x", "person", "X", "X", "sachbearbeitung"),
        AddStep("gruen", "fakten", "person", "X", "X", "sachbearbeitung"),
        AddStep("gruen", "x", "person", "X", "", "sachbearbeitung"),
        AddStep("gruen", "x", "decision", "X", "X", what="gibtsnicht"),
        AddStep("gruen", "x", "letter", "X", "X", what="gibtsnicht"),
        RemoveStep("gibtsnicht"),
        RemoveStep("eingang"),
        RemoveStep("angaben_ergaenzen"),
        RemoveStep("anzeige_pruefen"),
        RemoveStep("gebuehr"),
        AddLane("sachbearbeitung", "gewerbe"),
        AddLane("Mit Leerzeichen", "gewerbe"),
    ],
)
def test_what_makes_no_sense_is_refused(edit: Edit) -> None:
    with pytest.raises(EditError):
        edit.apply(FILES)


def test_edits_of_different_steps_do_not_meet_and_of_one_step_do() -> None:
    first, second = SetStepName("a", "de", "X").places(), SetStepName("b", "de", "X").places()
    assert not meet(first, second)
    assert meet(first, RemoveStep("a").places())
    assert meet(first, frozenset({"file:process.bpmn"}))


def test_a_lane_is_drawn_below_the_others_and_belongs_to_its_office() -> None:
    changed = AddLane("fach", "bauen").apply(FILES)
    process = drawn(changed)
    assert [lane.attributes["name"] for lane in process.lanes][-1] == "fach"
    pool, lane = (process.shapes[key].first("Bounds") for key in ("teilnehmer", "bahn_fach"))
    assert pool is not None
    assert lane is not None
    ends = [float(box.attributes["y"]) + float(box.attributes["height"]) for box in (pool, lane)]
    assert ends[0] == ends[1]
    assert b'fach = "bauen"' in changed["service.toml"]
    moved = SetStepLane("anzeige_pruefen", "fach").apply(changed)
    assert drawn(moved).lane_of("anzeige_pruefen") == "fach"

"""Answers are corrected, compared and selected by path."""

from __future__ import annotations

from rathaus.applications.models import Application
from rathaus.cases.answers import CORRECTIONS, current_answers, leaf_paths, merged, selection, values_at
from rathaus.cases.models import Case

ANSWERS = {
    "inhaber": {"name": "Sommer", "anschrift": {"plz": "30161", "ort": "Hannover"}},
    "vertreter": [{"name": "A", "anschrift": {"plz": "1"}}, {"name": "B"}],
    "art": ["handel", "handwerk"],
}


def test_a_patch_changes_only_what_it_names() -> None:
    patched = merged(
        ANSWERS, {"inhaber": {"anschrift": {"plz": "30451"}}, "art": ["handel"], "vertreter": None}
    )
    assert patched == {
        "inhaber": {"name": "Sommer", "anschrift": {"plz": "30451", "ort": "Hannover"}},
        "art": ["handel"],
    }
    assert ANSWERS["art"] == ["handel", "handwerk"]


def test_a_later_correction_wins_over_an_earlier_one() -> None:
    application = Application(answers=ANSWERS)
    case = Case(application=application, facts={})
    assert current_answers(case) == ANSWERS
    case.facts[CORRECTIONS] = [
        {"inhaber": None, "art": []},
        {"inhaber": {"name": "Winter"}},
    ]
    assert current_answers(case)["inhaber"] == {"name": "Winter"}
    assert current_answers(case)["art"] == []


def test_values_are_found_through_groups_and_lists() -> None:
    assert values_at(ANSWERS, "vertreter.name") == ["A", "B"]
    assert values_at(ANSWERS, "art") == ["handel", "handwerk"]
    assert values_at(ANSWERS, "inhaber.anschrift.plz") == ["30161"]
    assert values_at(ANSWERS, "inhaber.telefon") == []
    assert values_at(ANSWERS, "inhaber.name.zu.tief") == []


def test_a_selection_keeps_the_shape_and_nothing_else() -> None:
    assert selection(ANSWERS, ["inhaber.anschrift", "vertreter.name", "fehlt"]) == {
        "inhaber": {"anschrift": {"plz": "30161", "ort": "Hannover"}},
        "vertreter": [{"name": "A"}, {"name": "B"}],
    }
    assert selection(ANSWERS, []) == {}


def test_leaf_paths_name_every_single_answer() -> None:
    assert set(leaf_paths(ANSWERS)) == {
        *("inhaber.name", "inhaber.anschrift.plz", "inhaber.anschrift.ort"),
        *("vertreter.name", "vertreter.anschrift.plz", "art"),
    }

"""Edits as values: no question gets lost by arranging pages, edits can be stored, and separate edits commute."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.catalogue.packing import read_folder
from rathaus.editing import (
    AddDecisionRow,
    AddDecisionTable,
    AddFeeRule,
    AddField,
    AddLane,
    AddPage,
    AddStep,
    ConfirmRule,
    ConfirmRules,
    DismissRule,
    Edit,
    EditError,
    Files,
    JoinPages,
    MoveDecisionRow,
    MoveField,
    MovePage,
    RemoveCheck,
    RemoveDecisionRow,
    RemoveExample,
    RemoveField,
    RemovePage,
    RemovePart,
    RemoveStep,
    RenewExamples,
    ReopenRule,
    SetCheck,
    SetCodeText,
    SetDecision,
    SetDecisionCell,
    SetExample,
    SetFieldLook,
    SetFieldRule,
    SetFieldText,
    SetLetter,
    SetOutcomeLabel,
    SetPageRule,
    SetPageText,
    SetProcess,
    SetServiceText,
    SetServiceValue,
    SetStepDeadline,
    SetStepLane,
    SetStepName,
    SetStepTimer,
    SetWayCondition,
    Several,
    SplitPage,
    WriteRule,
    edit_from_json,
    meet,
    to_json,
)
from rathaus.editing.edit import _KINDS
from rathaus.editing.form import FormFiles, fields_of, questions_of
from rathaus.editing.translations import STATE_FILE

FILES: Files = read_folder(Path(__file__).parents[2] / "services" / "gewerbeanmeldung")
_FORM = FormFiles(FILES)
PAGES = tuple(str(page.values["id"]) for page in _FORM.pages())
QUESTIONS = tuple(questions_of(_FORM))
LISTED = tuple(path for page in _FORM.pages() for path in fields_of(page))

pages = st.sampled_from(PAGES)
questions = st.sampled_from((*QUESTIONS, *LISTED))
ids = st.sampled_from(["neu-a", "neu-b", "neu-c"])
words = st.text("abcÄß „“\"'\\\n#=[]%", max_size=12)
titles = words.filter(lambda text: bool(text.strip()))

arranging: st.SearchStrategy[Edit] = st.one_of(
    st.builds(AddPage, ids, st.just("Neue Seite"), st.one_of(st.just(""), pages)),
    st.builds(MovePage, pages, st.one_of(st.just(""), pages)),
    st.builds(SplitPage, pages, questions, ids, st.just("Geteilt")),
    st.builds(JoinPages, pages, pages),
    st.builds(RemovePage, pages, pages),
    st.builds(MoveField, questions, pages, st.one_of(st.just(""), questions)),
)
single: st.SearchStrategy[Edit] = st.one_of(
    arranging,
    st.builds(RemoveField, questions),
    st.builds(SetPageText, pages, st.sampled_from(["de", "en"]), st.sampled_from(["title", "intro"]), titles),
    st.builds(SetFieldText, questions, st.sampled_from(["de", "en"]), st.just("label"), titles),
    st.builds(SetPageRule, pages, st.sampled_from(["", "true"])),
    st.builds(SetServiceText, st.sampled_from(["de", "en"]), titles),
    st.builds(RemoveExample, st.sampled_from(sorted(n for n in FILES if n.startswith("examples/")))),
)
# One of each kind, with every sort of value it can hold.
OF_EACH_KIND: tuple[Edit, ...] = (
    AddField(
        "beginn",
        "Anzahl",
        "Wie viele?",
        "choices",
        "Hilfe",
        False,
        ("eins", "zwei"),
        before="taetigkeit.beginn",
    ),
    AddPage("neu", "Neu", before="anlass", section="Betrieb", repeat="vertreter"),
    RemovePage("vorher", "beginn"),
    MovePage("vorher", "beginn"),
    SplitPage("taetigkeit", "taetigkeit.art", "art", "Art"),
    JoinPages("vorher", "beginn"),
    SetPageText("beginn", "en", "title", "„From“ \\ 'when'?\n"),
    SetPageRule("beginn", "rechtsform == '1'"),
    MoveField("taetigkeit.art", "beginn", "taetigkeit.beginn"),
    RemoveField("taetigkeit.art"),
    SetFieldText("rechtsform", "de-simple", "help", "Fragen Sie uns."),
    SetFieldRule("rechtsform", "require", "true"),
    SetFieldLook("rechtsform", "optional_hint", value=True),
    SetCheck("neu", "true", {"de": "Nein", "en": "No"}, ("rechtsform", "anlass.grund"), "true", "warning"),
    RemoveCheck("neu"),
    SetCodeText("rechtsform", "1", "en", "Company"),
    SetServiceText("de", "# Neu\n"),
    SetServiceValue("fee", {"setting": "gebuehr", "amounts": [1, 2.5, {"x": [True]}]}),
    SetServiceValue("keywords", ["a", "b"]),
    SetServiceValue("deadline", None),
    SetDecision("pruefung", "<definitions/>"),
    AddDecisionRow("weg", "weg_3", ("> 5",), ("'person'",), annotation="Viele", before="weg_person"),
    SetDecisionCell("weg", "weg_person", "in1", ">= 1"),
    MoveDecisionRow("weg", "weg_person", "weg_gruen"),
    RemoveDecisionRow("weg", "weg_gruen"),
    AddDecisionTable(
        "art", "Art", (("Rechtsform", "answers.rechtsform"),), "art", "Art", "'einzeln'", "Wozu"
    ),
    AddFeeRule("x.gebuehr", "§ 1", "fakten", "sachbearbeitung", (("Rechtsform", "answers.rechtsform"),)),
    SetProcess("<definitions/>"),
    SetStepName("anzeige_pruefen", "en", "Look"),
    SetStepLane("anzeige_pruefen", "fach"),
    SetStepTimer("frist", "P3D"),
    SetStepDeadline("angaben_ergaenzen", 9),
    SetOutcomeLabel("anzeige_pruefen", "nachfordern", "de", "Nachfordern"),
    SetWayCondition("ergebnis_nachfordern", "true"),
    AddStep("gruen", "rueckruf", "person", "Rückruf", "Call back", "sachbearbeitung"),
    RemoveStep("rueckruf"),
    AddLane("fach", "gewerbe"),
    SetLetter("bescheid", "#let x = 1"),
    SetExample("neu", "a = 1\n"),
    RemovePart("letters/bescheid.typ"),
    RemoveExample("neu"),
    ConfirmRule("R1@a.b", ({"kind": "valid", "target": "", "condition": "true", "fields": ["rechtsform"]},)),
    ConfirmRules(({"key": "R1@a.b", "effects": [{"kind": "show", "target": "a", "condition": "true"}]},)),
    WriteRule("R1@", ({"kind": "show", "target": "rechtsform", "condition": "true"},)),
    DismissRule("R1@a.b", "Weil es „so“ ist"),
    ReopenRule("R1@a.b", ({"place": "check:r1", "part": "true", "message": "Nein"},), keep=True),
    RenewExamples(),
    Several.of(MovePage("vorher", "beginn"), SetServiceValue("keywords", ["a", {"b": [1]}])),
)


def made(files: Files, edit: Edit) -> Files | None:
    """The files after the edit, or None where it makes no sense."""
    try:
        return edit.apply(files)
    except EditError:
        return None


def asked(files: Files) -> Counter[str]:
    """How often each question is asked."""
    return Counter(questions_of(FormFiles(files)))


def asked_on(files: Files) -> Mapping[str, str]:
    """The page that asks each question."""
    form = FormFiles(files)
    found = {}
    for path in questions_of(form):
        page = form.page_of(path)
        assert page is not None
        found[path] = str(page.values["id"])
    return found


@settings(max_examples=12, deadline=None)
@given(st.lists(arranging, min_size=1, max_size=5))
def test_arranging_pages_never_loses_or_doubles_a_question(edits: list[Edit]) -> None:
    files = FILES
    for edit in edits:
        files = made(files, edit) or files
    assert asked(files) == asked(FILES)


@settings(max_examples=15, deadline=None)
@given(single)
def test_an_edit_made_twice_is_as_if_made_once_or_says_why_not(edit: Edit) -> None:
    once = made(FILES, edit)
    if once is not None:
        twice = made(once, edit)
        assert twice is None or asked_on(twice) == asked_on(once)


@pytest.mark.parametrize("edit", OF_EACH_KIND, ids=lambda edit: type(edit).__name__)
def test_every_edit_can_be_stored_and_read_back(edit: Edit) -> None:
    again = edit_from_json(json.loads(json.dumps(to_json(edit))))
    assert to_json(again) == to_json(edit)
    assert (again.places(), again.words()) == (edit.places(), edit.words())


def test_storing_is_shown_for_every_kind_but_the_one_that_keeps_its_contents_beside_it() -> None:
    assert {type(edit).__name__ for edit in OF_EACH_KIND} | {"ChangeFiles"} == set(_KINDS)


@settings(max_examples=20, deadline=None)
@given(single)
def test_any_edit_read_back_does_the_same(edit: Edit) -> None:
    again = edit_from_json(json.loads(json.dumps(to_json(edit))))
    assert again == edit
    assert made(FILES, again) == made(FILES, edit)


@settings(max_examples=25, deadline=None)
@given(single, single)
def test_two_edits_that_do_not_meet_lead_to_the_same_in_either_order(one: Edit, other: Edit) -> None:
    if meet(one.places(), other.places()):
        return
    first, second = made(FILES, one), made(FILES, other)
    if first is None or second is None:
        return
    there, back = made(first, other), made(second, one)
    if there is None or back is None:
        return  # said to the author as a conflict, with the reason
    assert asked_on(there) == asked_on(back)
    # Not texts/state.toml: it notes the German text at hand when the edit is made, so there the order counts.
    for name in {*there, *back} - {"form.toml", STATE_FILE}:
        assert there.get(name) == back.get(name)


@settings(max_examples=15, deadline=None)
@given(single)
def test_files_an_edit_does_not_name_stay_the_same_bytes(edit: Edit) -> None:
    after = made(FILES, edit)
    if after is not None:
        for name in ("schema.xdf.xml", "process.bpmn"):
            assert after[name] is FILES[name]

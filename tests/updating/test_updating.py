"""A new FIM release in a service: FIM's changes come in, the town's work stays, and nothing is lost in silence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rathaus.drafting import rulebook
from rathaus.editing import (
    AddField,
    ConfirmRules,
    DismissRule,
    Files,
    MovePage,
    RemoveField,
    ReopenRule,
    SetCheck,
    SetExample,
    SetFieldRule,
    SetFieldText,
    SetPageText,
    SplitPage,
)
from rathaus.editing.differences.reading import FormRead
from rathaus.processes.publishing import check_files
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.model import Constraints, Schema
from rathaus.standards.xdatenfelder.writer import write_schema
from rathaus.updating import NothingNewError, OtherSchemaError, Update, update
from tests.drafting.mutation import mutated
from tests.drafting.schemata import DATA, TODAY, VERSION_2, VERSION_3, imported
from tests.standards.shared_data import needs_shared_data
from tests.updating.releases import a_text, changed, element, followed_by, gone, released, times

pytestmark = needs_shared_data

PATH = DATA / "3.0.0" / "S05000001299.xdf.xml"
PERSON = "kindertagespflegeperson"
STREET = f"{PERSON}.anschrift_inland_einzeln.anschrift_inland_strassenanschrift"


def _schema(path: Path = PATH) -> Schema:
    return read_document(path.read_bytes()).schema


def _updated(schema: Schema, files: Files | None = None, **how: object) -> Update:
    own = files if files is not None else imported(PATH).files
    return update(own, write_schema(released(schema)), today=TODAY, **how)  # type: ignore[arg-type]


def _faults(files: Files) -> list[str]:
    return [str(problem) for problem in check_files(files)[1] if problem.level != "warning"]


def _lost(found: Update) -> list[tuple[str, str]]:
    return [(str(loss.words), loss.text) for loss in found.losses]


def _said(found: Update) -> list[str]:
    return [f"{one.words} [{one.before} → {one.after}]" for one in found.changes]


def test_a_renamed_field_keeps_its_page_its_words_and_the_conditions_that_read_it() -> None:
    question = f"{PERSON}.anschrift_inland_einzeln.frage_art_der_anschrift"
    files = SetFieldText(question, "de", "label", "Welche Anschrift haben Sie?").apply(imported(PATH).files)
    found = _updated(changed(_schema(), question, element(name="Art der Adresse")), files)
    new = f"{PERSON}.anschrift_inland_einzeln.art_der_adresse"
    assert any(line.endswith(f"hat einen anderen Namen [{question} → {new}]") for line in _said(found))
    form = FormRead(found.files)
    assert form.label(new) == "Welche Anschrift haben Sie?"
    assert form.asked[new] == FormRead(files).asked[question]
    assert form.fields[STREET]["show"] == FormRead(files).fields[STREET]["show"].replace(question, new)
    assert not found.losses
    assert not _faults(found.files)


def test_a_new_question_stands_beside_its_neighbours_on_a_page_the_town_split() -> None:
    files = SplitPage(PERSON, f"{PERSON}.familienname", "namen", "Wie heißen Sie?").apply(
        imported(PATH).files
    )
    more = a_text("Rufname", "F05000099999", needed=True)
    found = _updated(changed(_schema(), f"{PERSON}.familienname", followed_by(more)), files)
    form = FormRead(found.files)
    assert form.on_page("namen")[:2] == [f"{PERSON}.familienname", f"{PERSON}.rufname"]
    assert form.title("namen") == "Wie heißen Sie?"
    assert not _faults(found.files)


def test_what_fim_took_out_leaves_and_what_the_town_wrote_for_it_is_said() -> None:
    gone_field = f"{PERSON}.geburtsname"
    files = SetFieldText(gone_field, "de", "label", "Hießen Sie früher anders?").apply(imported(PATH).files)
    files = SetFieldText(gone_field, "en", "label", "Did you have another name?").apply(files)
    files = SetFieldRule(f"{PERSON}.geburtsort", "show", f"has({gone_field})").apply(files)
    found = _updated(changed(_schema(), gone_field, gone), files)
    assert gone_field not in FormRead(found.files).asked
    texts = [text for _, text in _lost(found)]
    assert texts == ["Hießen Sie früher anders?", "Did you have another name?", f"has({gone_field})"]
    assert all(words for words, _ in _lost(found))
    assert not _faults(found.files)


def test_limits_and_cardinalities_come_in_and_examples_follow() -> None:
    schema = changed(_schema(), f"{PERSON}.vornamen", element(constraints=Constraints(max_length=5)))
    schema = changed(schema, f"{PERSON}.geschlecht", times(1, 1))
    found = _updated(schema)
    assert "„Geschlecht“: wie oft zu beantworten [freiwillig → Pflicht]" in _said(found)
    assert any("erlaubte Länge geändert" in line for line in _said(found))
    assert not _faults(found.files)


def test_an_example_somebody_wrote_keeps_its_answers_and_gets_what_is_missing() -> None:
    files = imported(PATH).files
    drafted = files["examples/01-noetig.toml"].decode().replace("drafted = 1\n", "")
    files = SetExample("03-eigenes", drafted.replace("Nur das Nötige", "Eigenes")).apply(files)
    more = a_text("Rufname", "F05000099999", needed=True)
    found = _updated(changed(_schema(), f"{PERSON}.familienname", followed_by(more)), files)
    text = found.files["examples/03-eigenes.toml"].decode()
    assert "rufname" in text
    assert "Eigenes" in text
    assert not _faults(found.files)


def test_where_both_worded_a_question_anew_somebody_chooses() -> None:
    path = f"{PERSON}.vornamen"
    files = SetFieldText(path, "de", "label", "Wie sind Ihre Vornamen?").apply(imported(PATH).files)
    schema = changed(_schema(), path, element(label="Alle Vornamen"))
    found = _updated(schema, files)
    (conflict,) = found.conflicts
    assert (conflict.ours, conflict.theirs) == ("Wie sind Ihre Vornamen?", "Alle Vornamen")
    for side, label in (("ours", "Wie sind Ihre Vornamen?"), ("theirs", "Alle Vornamen")):
        chosen = _updated(schema, files, choices={conflict.place: side})
        assert not chosen.conflicts
        assert FormRead(chosen.files).label(path) == label


def test_fims_words_come_in_where_the_town_has_none_of_its_own() -> None:
    found = _updated(changed(_schema(), f"{PERSON}.vornamen", element(label="Alle Vornamen")))
    assert not found.conflicts
    assert FormRead(found.files).label(f"{PERSON}.vornamen") == "Alle Vornamen"


def test_questions_pages_and_texts_of_the_town_stay() -> None:
    files = AddField(PERSON, "Haustiere", "Haben Sie Tiere?", "yes_no").apply(imported(PATH).files)
    files = SetPageText(PERSON, "de", "title", "Wer sind Sie?").apply(files)
    files = MovePage("raeumlichkeiten", PERSON).apply(files)
    files = RemoveField(f"{PERSON}.geburtsname").apply(files)
    found = _updated(changed(_schema(), f"{PERSON}.geburtsort", element(name="Ort der Geburt")), files)
    form, before = FormRead(found.files), FormRead(files)
    assert form.on_page(PERSON) == [
        path.replace("geburtsort", "ort_der_geburt") for path in before.on_page(PERSON)
    ]
    assert form.title(PERSON) == "Wer sind Sie?"
    assert list(form.pages) == list(before.pages)
    assert f"{PERSON}.geburtsname" not in form.asked
    assert not any("Haustiere" in line or "Tiere" in line for line in _said(found))
    assert not _faults(found.files)


def test_decisions_over_rules_hold_while_the_rule_says_the_same() -> None:
    files = imported(PATH).files
    applied = [entry for entry in rulebook.read(files) if entry.status == "applied"]
    files = ReopenRule.of(applied[0]).apply(files)
    files = DismissRule(applied[0].key, "Bei uns nie").apply(files)
    found = _updated(_schema(), files)
    now = {entry.key: entry for entry in rulebook.read(found.files)}
    assert now[applied[0].key].status == "dismissed"
    assert now[applied[0].key].note == "Bei uns nie"
    assert [now[entry.key].written for entry in applied[1:]] == [entry.written for entry in applied[1:]]
    again = ReopenRule.of(now[applied[1].key]).apply(found.files)
    assert FormRead(ConfirmRules.of([now[applied[1].key]]).apply(again)).data == FormRead(found.files).data


def test_checks_of_the_town_that_read_a_renamed_field_go_on_running() -> None:
    check = SetCheck(
        "name",
        f"size({PERSON}.vornamen) > 1",
        {"de": "Bitte ausschreiben."},
        (f"{PERSON}.vornamen",),
    )
    found = _updated(
        changed(_schema(), f"{PERSON}.vornamen", element(name="Alle Namen")),
        check.apply(imported(PATH).files),
    )
    (entry,) = [one for one in FormRead(found.files).data["check"] if one["id"] == "name"]
    assert entry["valid"] == f"size({PERSON}.alle_namen) > 1"
    assert entry["fields"] == [f"{PERSON}.alle_namen"]
    assert not _faults(found.files)


def test_another_schema_is_refused_until_somebody_confirms_it_and_the_same_one_is_nothing_new() -> None:
    other = released(_schema(DATA / "3.0.0" / "S05000001319.xdf.xml"))
    with pytest.raises(OtherSchemaError) as refused:
        _updated(other)
    assert (refused.value.given, refused.value.known) == ("S05000001319", "S05000001299")
    assert not _faults(_updated(other, other_schema=True).files)
    with pytest.raises(NothingNewError):
        update(imported(PATH).files, PATH.read_bytes(), today=TODAY)


@pytest.mark.parametrize("path", [*VERSION_2, *VERSION_3], ids=lambda path: path.name.partition(".")[0])
def test_every_real_service_takes_in_a_release_and_passes_the_check(path: Path) -> None:
    schema = mutated(_schema(path), random.Random(path.name), 0.03)
    found = update(imported(path).files, write_schema(released(schema)), today=TODAY)
    assert found.after == f"{schema.id} 9.0.0"
    assert not _faults(found.files)

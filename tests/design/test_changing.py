"""Working on one design together: every change has an author and a reason, and nobody's work is lost."""

from __future__ import annotations

import pytest

from rathaus.audit.models import AuditEntry
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import PackingError, pack, unpack
from rathaus.design.models import Design, RevisionFixedError
from rathaus.design.service import (
    Changed,
    Conflict,
    ReasonMissingError,
    change,
    files_of,
    history,
    newest,
    open_designs,
    start_from_package,
    undo,
)
from rathaus.editing import (
    EditError,
    MoveField,
    RemovePage,
    SetFieldText,
    SetPageText,
    SetServiceText,
    SplitPage,
    edit_from_json,
)
from rathaus.people.models import User


def reword(page: str, text: str) -> SetPageText:
    return SetPageText(page, "de", "title", text)


def titles(design: Design) -> str:
    return files_of(design)["form.toml"].decode()


def changed(outcome: Changed | Conflict) -> Changed:
    assert isinstance(outcome, Changed), outcome
    return outcome


def conflict(outcome: Changed | Conflict) -> Conflict:
    assert isinstance(outcome, Conflict), outcome
    return outcome


def test_a_design_begins_with_exactly_the_files_of_the_service(
    design: Design, published: ServiceVersion, anna: User
) -> None:
    assert files_of(design) == unpack(bytes(published.package))
    first = newest(design)
    assert (first.number, first.author, first.reason) == (1, anna, "Fragen verständlicher machen")
    assert design.title == "Gewerbe anmelden"


def test_a_change_names_its_author_reason_and_what_it_does(design: Design, anna: User) -> None:
    outcome = changed(change(design, reword("beginn", "Ab wann?"), base_revision=1, by=anna, reason="Kürzer"))
    assert 'title = "Ab wann?"' in titles(design)
    revision = outcome.revision
    assert (revision.number, revision.author, revision.reason) == (2, anna, "Kürzer")
    assert revision.summary == "Seite „Wann fangen Sie an?“: Überschrift (Deutsch) geändert in „Ab wann?“"
    assert edit_from_json(revision.edit or {}) == reword("beginn", "Ab wann?")
    entry = AuditEntry.objects.get(action="design.changed")
    assert (entry.actor_id, entry.detail["reason"]) == (anna.pk, "Kürzer")


def test_a_change_without_a_reason_is_refused(design: Design, anna: User) -> None:
    with pytest.raises(ReasonMissingError):
        change(design, reword("beginn", "Ab wann?"), base_revision=1, by=anna, reason="  ")
    assert newest(design).number == 1


def test_what_changes_nothing_makes_no_revision(design: Design, anna: User) -> None:
    same = reword("beginn", "Wann fangen Sie an?")
    assert changed(change(design, same, base_revision=1, by=anna, reason="Nochmal")).revision.number == 1


def test_a_revision_cannot_be_changed_or_deleted(design: Design) -> None:
    first = newest(design)
    with pytest.raises(RevisionFixedError):
        first.save()
    with pytest.raises(RevisionFixedError):
        first.delete()


def test_two_people_changing_different_places_both_get_their_way(
    design: Design, anna: User, bernd: User
) -> None:
    changed(change(design, reword("beginn", "Ab wann?"), base_revision=1, by=anna, reason="a"))
    outcome = changed(change(design, reword("anlass", "Warum?"), base_revision=1, by=bernd, reason="b"))
    assert [row.author for row in outcome.others] == [anna]
    assert 'title = "Ab wann?"' in titles(design)
    assert 'title = "Warum?"' in titles(design)


def test_the_german_text_and_its_translation_are_different_places(
    design: Design, anna: User, bernd: User
) -> None:
    changed(change(design, reword("beginn", "Ab wann?"), base_revision=1, by=anna, reason="a"))
    english = SetPageText("beginn", "en", "title", "From when?")
    changed(change(design, english, base_revision=1, by=bernd, reason="b"))


def test_two_people_changing_the_same_text_lose_neither(design: Design, anna: User, bernd: User) -> None:
    changed(change(design, reword("beginn", "Ab wann?"), base_revision=1, by=anna, reason="a"))
    mine = reword("beginn", "Wann geht es los?")
    outcome = conflict(change(design, mine, base_revision=1, by=bernd, reason="b"))
    (clash,) = outcome.clashes
    assert clash.place == "page:beginn/title"
    assert (clash.before, clash.theirs, clash.mine) == (
        "Wann fangen Sie an?",
        "Ab wann?",
        "Wann geht es los?",
    )
    assert [row.author for row in outcome.others] == [anna]
    assert (outcome.edit, outcome.reason) == (mine, "b")
    assert 'title = "Ab wann?"' in titles(design)
    # An explicit choice, then.
    changed(change(design, outcome.edit, base_revision=1, by=bernd, reason=outcome.reason, over=True))
    assert 'title = "Wann geht es los?"' in titles(design)


def test_rewording_a_page_that_somebody_removed_is_a_conflict_with_the_reason(
    design: Design, anna: User, bernd: User
) -> None:
    changed(change(design, RemovePage("vorher", "beginn"), base_revision=1, by=anna, reason="a"))
    outcome = conflict(change(design, reword("vorher", "Neu"), base_revision=1, by=bernd, reason="b"))
    assert outcome.clashes[0].place == "page:vorher/title"
    again = change(design, reword("vorher", "Neu"), base_revision=1, by=bernd, reason="b", over=True)
    error = conflict(again).error
    assert error is not None
    assert str(error) == "Die Seite „vorher“ gibt es nicht (mehr)."


def test_moving_a_question_off_a_page_and_splitting_it_meet_only_where_they_must(
    design: Design, anna: User, bernd: User
) -> None:
    changed(change(design, MoveField("taetigkeit.art", "beginn"), base_revision=1, by=anna, reason="a"))
    split = SplitPage("taetigkeit", "taetigkeit.schwerpunkt", "schwerpunkt", "Schwerpunkt")
    changed(change(design, split, base_revision=1, by=bernd, reason="b"))
    at_the_moved_one = SplitPage("taetigkeit", "taetigkeit.art", "art", "Art")
    outcome = conflict(change(design, at_the_moved_one, base_revision=1, by=bernd, reason="b"))
    assert outcome.others


def test_an_edit_that_never_made_sense_is_an_error_not_a_conflict(design: Design, anna: User) -> None:
    with pytest.raises(EditError, match="gibt es nicht"):
        change(design, reword("nirgends", "x"), base_revision=1, by=anna, reason="a")


def test_taking_a_revision_back_keeps_what_came_later(design: Design, anna: User, bernd: User) -> None:
    before = files_of(design)
    changed(change(design, reword("beginn", "Ab wann?"), base_revision=1, by=anna, reason="a"))
    changed(change(design, reword("anlass", "Warum?"), base_revision=2, by=bernd, reason="b"))
    outcome = changed(undo(design, 2, base_revision=3, by=bernd, reason="War besser"))
    assert outcome.revision.undoes == 2
    assert outcome.revision.summary.startswith("Zurückgenommen: Seite „Wann fangen Sie an?“")
    assert 'title = "Warum?"' in titles(design)
    assert 'title = "Ab wann?"' not in titles(design)
    changed(undo(design, 3, base_revision=4, by=bernd, reason="Auch"))
    assert files_of(design) == before
    assert [row.number for row in history(design)] == [5, 4, 3, 2, 1]


def test_taking_back_what_somebody_changed_again_is_a_conflict(
    design: Design, anna: User, bernd: User
) -> None:
    changed(change(design, reword("beginn", "Ab wann?"), base_revision=1, by=anna, reason="a"))
    changed(change(design, reword("beginn", "Wann?"), base_revision=2, by=bernd, reason="b"))
    outcome = conflict(undo(design, 2, base_revision=3, by=anna, reason="c"))
    assert [(clash.theirs, clash.mine) for clash in outcome.clashes] == [("Wann?", "Wann fangen Sie an?")]
    changed(undo(design, 2, base_revision=3, by=anna, reason="c", over=True))
    assert 'title = "Wann fangen Sie an?"' in titles(design)


def test_a_whole_text_can_be_taken_back_while_a_question_was_reworded(design: Design, anna: User) -> None:
    changed(change(design, SetServiceText("de", "# Neu\n\nKurz.\n"), base_revision=1, by=anna, reason="a"))
    help_text = SetFieldText("rechtsform", "de", "help", "Fragen Sie uns.")
    changed(change(design, help_text, base_revision=2, by=anna, reason="b"))
    changed(undo(design, 2, base_revision=3, by=anna, reason="c"))
    assert files_of(design)["texts/de.md"] == files_of(design, 1)["texts/de.md"]
    assert "Fragen Sie uns." in titles(design)


def test_the_first_state_cannot_be_taken_back(design: Design, anna: User) -> None:
    with pytest.raises(EditError):
        undo(design, 1, base_revision=1, by=anna, reason="a")


def test_the_list_of_designs_says_who_works_on_what(design: Design, anna: User, bernd: User) -> None:
    changed(change(design, reword("anlass", "Warum?"), base_revision=1, by=bernd, reason="b"))
    (found,) = open_designs()
    assert (found.design, found.newest.number, found.authors) == (design, 2, (bernd, anna))


def test_a_design_begins_from_another_towns_package_under_a_key_of_its_own(
    published: ServiceVersion, anna: User
) -> None:
    files = unpack(bytes(published.package))
    design = start_from_package(
        pack(files), name="gewerbe.zip", by=anna, reason="Übernehmen", key="gewerbe-2"
    )
    assert design.key == "gewerbe-2"
    assert 'key = "gewerbe-2"' in files_of(design)["service.toml"].decode()
    with pytest.raises(PackingError):
        start_from_package(b"no package", by=anna, reason="x")
    with pytest.raises(PackingError):
        start_from_package(pack({"readme.md": b""}), by=anna, reason="x")

"""What edits say calls pages and questions what people call them."""

from __future__ import annotations

from pathlib import Path

from rathaus.catalogue.packing import read_folder
from rathaus.editing import AddPage, MoveField, MovePage, RemovePage, Several
from rathaus.editing.form import FormFiles
from rathaus.editing.naming import with_names

FILES = read_folder(Path(__file__).parents[2] / "services" / "gewerbeanmeldung")
FORM = FormFiles(FILES)


def test_pages_and_questions_are_called_by_their_names() -> None:
    edit = Several.of(MovePage("beginn", "anlass"), MoveField("taetigkeit.nebenerwerb", "anlass"))
    title = str(FORM.page("beginn").values["title"])
    said = str(with_names(edit.words(), FORM))
    assert title in said
    assert "beginn" not in said
    assert "taetigkeit.nebenerwerb" not in said


def test_what_only_the_later_form_knows_is_named_by_it() -> None:
    added = FormFiles(AddPage("extra", "Noch etwas").apply(FILES))
    assert "„Noch etwas“" in str(with_names(MovePage("extra").words(), FORM, added))


def test_what_no_form_knows_keeps_its_id() -> None:
    assert "„weg“" in str(with_names(RemovePage("weg", "anlass").words(), FORM))

"""FIM's translations come into a form that people already work on, and leave alone what they reworded."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

from rathaus.editing import SetFieldText, SetPageText, stale_translations
from rathaus.editing.edit import Files
from rathaus.editing.fim_translations import with_translations
from rathaus.processes.publishing import check_files
from tests.drafting.test_translating import ENGLISH, drafted


def texts(files: Files) -> dict[str, Any]:
    return tomllib.loads(files["texts/form.en.toml"].decode())


def test_later_they_say_what_they_would_have_said_at_the_beginning() -> None:
    done = with_translations(drafted().files, [ENGLISH])
    assert texts(done.files) == texts(drafted(ENGLISH).files)
    assert tomllib.loads(done.files["service.toml"].decode())["title"]["en"] == "Register a dog"
    assert done.reworded == 0
    assert [str(one) for one in check_files(done.files)[1] if one.level != "warning"] == []


def test_the_same_again_changes_nothing() -> None:
    once = with_translations(drafted().files, [ENGLISH]).files
    again = with_translations(once, [ENGLISH])
    assert (again.files, again.texts) == (once, 0)


def test_what_was_reworded_keeps_its_own_translation() -> None:
    files = SetFieldText("gruppe.feld_1", "de", "label", "Wie heißen Sie?").apply(drafted().files)
    files = SetFieldText("gruppe.feld_1", "en", "label", "What is your name?").apply(files)
    done = with_translations(files, [ENGLISH])
    assert texts(done.files)["field"]["gruppe.feld_1"]["label"] == "What is your name?"
    assert texts(done.files)["field"]["gruppe.feld_1"]["help"] == "As your passport says."
    assert done.reworded == 1


def test_a_translation_made_before_the_german_text_changed_back_is_fresh_again() -> None:
    files = SetPageText("gruppe", "de", "title", "Halter").apply(drafted().files)
    files = SetPageText("gruppe", "en", "title", "Owner").apply(files)
    files = SetPageText("gruppe", "de", "title", "Person").apply(files)
    assert "page:gruppe/title" in {one.place for one in stale_translations(files)}
    done = with_translations(files, [ENGLISH])
    assert texts(done.files)["page"]["gruppe"]["title"] == "Person in charge"
    assert "page:gruppe/title" not in {one.place for one in stale_translations(done.files)}


def test_a_page_that_is_gone_needs_no_title() -> None:
    files = {**drafted().files}
    files["form.toml"] = files["form.toml"].replace(b'id = "gruppe"', b'id = "person"')
    done = with_translations(files, [ENGLISH])
    assert "gruppe" not in texts(done.files).get("page", {})
    assert done.reworded > 0


def test_a_translation_of_another_schema_is_named_and_left_out() -> None:
    done = with_translations(drafted().files, [replace(ENGLISH, schema_id="S05000000099")])
    assert done.texts == 0
    assert [one.code for one in done.findings] == ["translation.foreign"]

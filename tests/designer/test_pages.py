"""Pages and questions through HTTP: moved, split, joined, reworded, with nothing lost."""

from __future__ import annotations

from typing import Any

from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import files_of, newest
from rathaus.editing import stale_translations
from rathaus.editing.form import FormFiles, fields_of
from rathaus.people.models import User
from tests.designer.conftest import Browse, address


def order(design: Design) -> list[Any]:
    return [page.values["id"] for page in FormFiles(files_of(design)).pages()]


def test_pages_move_by_a_button(desk: Client, design: Design) -> None:
    before = order(design)
    desk.post(address(design, "seiten/"), {"was": "spaeter", "seite": before[0], "stand": "1"})
    assert order(design)[:2] == [before[1], before[0]]
    desk.post(address(design, "seiten/"), {"was": "frueher", "seite": before[0], "stand": "2"})
    assert order(design) == before


def test_a_page_is_split_at_a_question_and_joined_again(desk: Client, design: Design) -> None:
    page = address(design, "seiten/taetigkeit/")
    given = {"was": "teilen", "frage": "taetigkeit.art", "titel": "Größe & Art", "stand": "1"}
    assert desk.post(page, given).status_code == 302
    assert "groesse-art" in order(design)
    desk.post(address(design, "seiten/"), {"was": "verbinden", "seite": "taetigkeit", "stand": "2"})
    assert "groesse-art" not in order(design)
    assert fields_of(FormFiles(files_of(design)).page("taetigkeit"))[-2] == "taetigkeit.art"


def test_a_question_moves_on_its_page_and_to_another(desk: Client, design: Design) -> None:
    page = address(design, "seiten/beginn/")
    desk.post(page, {"was": "frueher", "frage": "taetigkeit.nebenerwerb"})
    assert fields_of(FormFiles(files_of(design)).page("beginn"))[0] == "taetigkeit.nebenerwerb"
    desk.post(page, {"was": "umziehen", "frage": "taetigkeit.nebenerwerb", "ziel": "anlass"})
    assert fields_of(FormFiles(files_of(design)).page("anlass"))[-1] == "taetigkeit.nebenerwerb"


def stale_places(design: Design, language: str) -> set[str]:
    return {one.place for one in stale_translations(files_of(design)) if one.language == language}


def test_rewording_a_page_flags_its_old_translation_until_somebody_says_it_fits(
    desk: Client, design: Design
) -> None:
    page = address(design, "seiten/beginn/")
    desk.post(
        page,
        {"was": "texte", "title.de": "Ab wann?", "title.en": "Since when?", "stand": "1", "grund": "Kurz"},
    )
    assert newest(design).reason == "Kurz"
    desk.post(page, {"was": "texte", "title.de": "Ab wann arbeiten Sie?", "stand": "2"})
    assert ("en", "page:beginn/title") in {
        (one.language, one.place) for one in stale_translations(files_of(design))
    }
    assert "Passt vielleicht nicht mehr zum deutschen Text" in desk.get(page).content.decode()
    desk.post(page, {"was": "texte", "title.en": "Since when?", "passt.title.en": "1", "stand": "3"})
    assert "page:beginn/title" not in {
        one.place for one in stale_translations(files_of(design)) if one.language == "en"
    }


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk: Client, design: Design) -> None:
    answer = desk.post(
        address(design, "frage/inhaber.anschrift.plz/"),
        {"label.de": "Ihre Postleitzahl", "show": "gibt.es.nicht == 1", "stand": "1"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "So lässt sich die Regel nicht verwenden" in page
    assert "Ihre Postleitzahl" in page
    assert "gibt.es.nicht == 1" in page
    assert newest(design).number == 1


def test_a_question_changes_in_all_its_parts_as_one_change(desk: Client, design: Design) -> None:
    desk.post(
        address(design, "frage/inhaber.anschrift.plz/"),
        {"label.de": "Ihre PLZ", "label.en": "Your postcode", "show": "rechtsform != ''", "stand": "1"},
    )
    assert newest(design).number == 2
    files = files_of(design)
    assert 'label = "Ihre PLZ"' in files["form.toml"].decode()
    assert "Your postcode" in files["texts/form.en.toml"].decode()


def test_two_people_rewording_the_same_title_see_both_sides_and_one_decides(
    desk: Client, design: Design, emil: User, browse: Browse
) -> None:
    page = address(design, "seiten/beginn/")
    browse(emil).post(page, {"was": "texte", "title.de": "Emils Titel", "stand": "1"})
    answer = desk.post(page, {"was": "texte", "title.de": "Doras Titel", "intro.de": "Neu", "stand": "1"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    for text in ("Emils Titel", "Doras Titel", "Wann fangen Sie an?", "Emil Beispiel"):
        assert text in shown, text
    assert 'name="intro.de" value="Neu"' in shown
    assert newest(design).number == 2
    desk.post(page, {"was": "texte", "title.de": "Doras Titel", "intro.de": "Neu", "stand": "2"})
    assert "Doras Titel" in files_of(design)["form.toml"].decode()


def test_a_translation_made_from_older_german_is_flagged_although_it_is_saved_later(
    desk: Client, design: Design, emil: User, browse: Browse
) -> None:
    page = address(design, "seiten/beginn/")
    browse(emil).post(page, {"was": "texte", "title.de": "Ab welchem Tag?", "stand": "1"})
    desk.post(page, {"was": "texte", "title.en": "From when on?", "stand": "1"})
    assert newest(design).number == 3
    assert stale_places(design, "en") >= {"page:beginn/title"}
    desk.post(page, {"was": "texte", "title.en": "From which day on?", "stand": "3"})
    assert "page:beginn/title" not in stale_places(design, "en")


def test_a_translation_that_came_with_the_package_is_flagged_when_its_german_changes(
    desk: Client, design: Design
) -> None:
    desk.post(address(design, "seiten/beginn/"), {"was": "texte", "title.de": "Ab wann?", "stand": "1"})
    assert {"en", "de-simple"} == {
        language for language in ("en", "de-simple") if "page:beginn/title" in stale_places(design, language)
    }


def test_the_name_of_a_service_is_flagged_like_any_other_text(desk: Client, design: Design) -> None:
    page = address(design, "texte/")
    desk.post(page, {"title.de": "Gewerbe neu anmelden", "stand": "1"})
    assert "service:title" in stale_places(design, "en")
    desk.post(page, {"title.en": "Register a trade", "stand": "2"})
    assert "service:title" not in stale_places(design, "en")


def test_two_people_changing_different_texts_both_get_their_way(
    desk: Client, design: Design, emil: User, browse: Browse
) -> None:
    page = address(design, "seiten/beginn/")
    browse(emil).post(page, {"was": "texte", "title.de": "Emils Titel", "stand": "1"})
    # Dora's form still holds the old title, which she did not touch.
    desk.post(page, {"was": "texte", "title.de": "Wann fangen Sie an?", "section.de": "Zeit", "stand": "1"})
    form = files_of(design)["form.toml"].decode()
    assert "Emils Titel" in form
    assert 'section = "Zeit"' in form


def test_unknown_pages_and_questions_are_not_there(desk: Client, design: Design) -> None:
    assert desk.get(address(design, "seiten/nirgends/")).status_code == 404
    assert desk.get(address(design, "frage/nirgends/")).status_code == 404


def test_a_dragged_page_and_a_dragged_question_land_where_they_were_dropped(
    desk: Client, design: Design
) -> None:
    pages = address(design, "seiten/")
    before = order(design)
    desk.post(pages, {"was": "ziehen", "art": "seite", "name": before[3], "seite": "", "vor": before[1]})
    assert order(design)[:3] == [before[0], before[3], before[1]]
    first = fields_of(FormFiles(files_of(design)).page("anlass"))[0]
    dropped = {
        "was": "ziehen",
        "art": "frage",
        "name": "taetigkeit.nebenerwerb",
        "seite": "anlass",
        "vor": first,
    }
    assert desk.post(pages, dropped).status_code == 302
    assert fields_of(FormFiles(files_of(design)).page("anlass"))[:2] == ["taetigkeit.nebenerwerb", first]
    assert desk.post(pages, {"was": "ziehen", "art": "frage", "name": "x", "seite": "weg"}).status_code == 422


def test_the_history_calls_pages_and_questions_by_their_names(desk: Client, design: Design) -> None:
    desk.post(address(design, "seiten/"), {"was": "spaeter", "seite": order(design)[0], "stand": "1"})
    title = str(FormFiles(files_of(design)).page(order(design)[1]).values["title"])
    assert f"Seite „{title}“" in newest(design).summary
    assert f"Seite „{title}“" in desk.get(address(design, "verlauf/")).content.decode()

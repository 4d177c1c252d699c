"""Decision tables through HTTP: rows changed, added, moved and taken out in plain words, with nothing typed lost."""

from __future__ import annotations

import re

from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import files_of, newest
from rathaus.editing.decisions import table_of
from rathaus.people.models import User
from tests.designer.conftest import Browse, address


def rows(design: Design, name: str) -> list[list[str]]:
    """Every row's cells."""
    return [
        [cell.source for cell in (*rule.conditions, *rule.results)]
        for rule in table_of(files_of(design), name).rules
    ]


def typed(page: str) -> dict[str, str]:
    """Everything a table's form holds as it is shown."""
    fields = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page)
    return {name: _unescaped(text) for name, text in fields}


def _unescaped(text: str) -> str:
    for entity, char in (("&#39;", "'"), ("&#34;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def test_the_list_says_what_each_table_decides_and_where_it_is_used(desk: Client, design: Design) -> None:
    page = desk.get(address(design, "entscheidungen/")).content.decode()
    for text in (
        "Welche datierte Einstellung der Stadt den Betrag nennt",
        "Der Ablauf fragt sie im Schritt „Gebühr bestimmen“.",
        "Danach richtet sich der Weg bei „Grünfall?“.",
        "Die Entscheidung „Weg des Vorgangs“ baut darauf auf.",
        "Sie bestimmt die Gebühr.",
        "Rechtsform (Nr. 1)",
    ):
        assert text in page, text


def test_a_table_is_shown_in_plain_words_with_the_codes_there_are(desk: Client, design: Design) -> None:
    page = desk.get(address(design, "entscheidungen/gebuehr/")).content.decode()
    fields = typed(page)
    assert fields["gebuehr_natuerlich:in1"] == "EU, EK"
    assert fields["gebuehr_natuerlich:in2"] == "-"
    assert fields["gebuehr_gesellschaft_eigen:in2"] == "ja"
    assert fields["gebuehr_personengesellschaft:out2"] == "=math.greatest(1, size(answers.vertreter))"
    assert "Die erste, die passt, entscheidet" in page
    assert "<code>GBR</code>" in page


def test_saving_a_table_as_it_is_shown_changes_nothing(desk: Client, design: Design) -> None:
    for name in ("gebuehr", "taetigkeit", "vorpruefung", "weg"):
        where = address(design, f"entscheidungen/{name}/")
        assert desk.post(where, {**typed(desk.get(where).content.decode()), "stand": "1"}).status_code == 302
    assert newest(design).number == 1


def test_cells_change_and_a_row_is_added_as_one_change(desk: Client, design: Design) -> None:
    where = address(design, "entscheidungen/weg/")
    given = {
        **typed(desk.get(where).content.decode()),
        "weg_person:in1": "1, 2",
        "neu:in1": "> 2",
        "neu:out1": "person",
        "neu:annotation": "Viele Gründe",
        "stand": "1",
    }
    assert desk.post(where, given).status_code == 302
    assert rows(design, "weg") == [["0", "'gruen'"], ["1, 2", "'person'"], ["> 2", "'person'"]]
    assert newest(design).number == 2


def test_rows_move_and_go_by_buttons_and_what_was_typed_is_saved_with_it(
    desk: Client, design: Design
) -> None:
    where = address(design, "entscheidungen/weg/")
    desk.post(where, {"was": "hoch:weg_person", "weg_gruen:annotation": "Grün!", "stand": "1"})
    assert rows(design, "weg") == [["> 0", "'person'"], ["0", "'gruen'"]]
    assert table_of(files_of(design), "weg").rules[1].annotation == "Grün!"
    desk.post(where, {"was": "runter:weg_person", "stand": "2"})
    assert rows(design, "weg")[0] == ["0", "'gruen'"]
    desk.post(where, {"was": "weg:weg_person", "stand": "3"})
    assert rows(design, "weg") == [["0", "'gruen'"]]
    answer = desk.post(where, {"was": "weg:weg_gruen", "stand": "4"})
    assert answer.status_code == 422
    assert "mindestens eine Zeile" in answer.content.decode()


def test_a_faulty_cell_is_named_with_row_and_column_and_nothing_typed_is_lost(
    desk: Client, design: Design
) -> None:
    where = address(design, "entscheidungen/gebuehr/")
    answer = desk.post(
        where,
        {
            "gebuehr_natuerlich:in1": "EU, XX",
            "neu:in1": "OHG",
            "neu:out2": "=answers.gibtsnicht",
            "stand": "1",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Zeile 1, Spalte „Rechtsform (Nr. 1)“: „XX“ steht hier nicht zur Wahl." in page
    assert "gibtsnicht" in page
    assert 'href="#z-neu-out2"' in page
    fields = typed(page)
    assert (fields["gebuehr_natuerlich:in1"], fields["neu:in1"]) == ("EU, XX", "OHG")
    assert newest(design).number == 1


def test_a_row_that_is_never_asked_is_said(desk: Client, design: Design) -> None:
    where = address(design, "entscheidungen/gebuehr/")
    desk.post(where, {"gebuehr_gesellschaft_eigen:in2": "-", "stand": "1"})
    assert "Kommt nie an die Reihe: Zeile 3 passt immer." in desk.get(where).content.decode()


def test_a_new_table_is_made_from_questions_of_the_form(desk: Client, design: Design) -> None:
    where = address(design, "entscheidungen/")
    given = {"titel": "Größe & Art", "sagt": "Stufe", "sonst": "klein, aber fein", "stand": "1"}
    refused = desk.post(where, given)
    assert refused.status_code == 422
    assert "Größe &amp; Art" in refused.content.decode()
    answer = desk.post(
        where, {**given, "frage.0": "answers.betrieb.vollzeit", "frage.1": "answers.rechtsform"}
    )
    assert answer.headers["Location"] == address(design, "entscheidungen/groesse_art/")
    assert rows(design, "groesse_art") == [["-", "-", "'klein, aber fein'"]]
    page = desk.get(address(design, "entscheidungen/groesse_art/")).content.decode()
    assert "Der Ablauf fragt diese Tabelle noch nicht." in page
    desk.post(
        address(design, "entscheidungen/groesse_art/"),
        {"neu:in1": ">= 50", "neu:out1": "groß", "neu.vor": "groesse_art_sonst", "stand": "2"},
    )
    assert rows(design, "groesse_art")[0] == [">= 50", "-", "'groß'"]


def test_values_typed_in_show_which_row_fits(desk: Client, design: Design) -> None:
    where = address(design, "entscheidungen/gebuehr/")
    page = desk.get(where, {"probe": "werte", "wert.in1": "GMBH", "wert.in2": "nein"}).content.decode()
    assert 'href="#zeile-gebuehr_gesellschaft"' in page
    assert 'href="#zeile-gebuehr_natuerlich"' not in page
    page = desk.get(
        address(design, "entscheidungen/weg/"), {"probe": "werte", "wert.in1": "-1"}
    ).content.decode()
    assert "Keine Zeile passt. So bliebe der Vorgang stehen" in page
    page = desk.get(
        address(design, "entscheidungen/weg/"), {"probe": "werte", "wert.in1": "viele"}
    ).content.decode()
    assert "passt nicht zu" in page


def test_every_example_shows_which_row_fits(desk: Client, design: Design) -> None:
    page = desk.get(address(design, "entscheidungen/weg/"), {"probe": "beispiele"}).content.decode()
    assert 'href="#zeile-weg_gruen"' in page
    assert 'href="#zeile-weg_person"' in page
    assert "Die Angaben sind fehlerhaft, der Antrag kommt nicht zustande." in page


def test_two_people_in_one_table_keep_both_their_rows_and_a_conflict_undoes_nothing_else(
    desk: Client, design: Design, emil: User, browse: Browse
) -> None:
    where = address(design, "entscheidungen/gebuehr/")
    before = typed(desk.get(where).content.decode())
    browse(emil).post(
        where, {"gebuehr_natuerlich:annotation": "Emils Satz", "gebuehr_natuerlich:in1": "EU", "stand": "1"}
    )
    # Another row: both get their way, though Dora's form still holds the old first row.
    desk.post(where, {**before, "gebuehr_gesellschaft:annotation": "Doras Satz", "stand": "1"})
    table = table_of(files_of(design), "gebuehr")
    assert [table.rules[0].annotation, table.rules[3].annotation] == ["Emils Satz", "Doras Satz"]
    # The same cell: both sides are shown, and her own side changes that cell alone.
    mine = {**before, "gebuehr_natuerlich:in1": "EK", "stand": "1"}
    answer = desk.post(where, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Zeile 1, „Rechtsform (Nr. 1)“" in page
    carried = dict(re.findall(r'<input type="hidden" name="(stand|ursprung)" value="(\d+)"', page))
    desk.post(where, {**mine, **carried})
    first = table_of(files_of(design), "gebuehr").rules[0]
    assert (first.conditions[0].source, first.annotation) == ("'EK'", "Emils Satz")


def test_a_table_that_is_not_there_is_not_found(desk: Client, design: Design) -> None:
    assert desk.get(address(design, "entscheidungen/nirgends/")).status_code == 404

"""Letters in the workplace: reworded, moved, added and removed, with nothing typed lost and the law kept."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import change, files_of, newest
from rathaus.editing import SetLetter
from rathaus.editing.lettering import read_letter
from rathaus.people.models import User
from tests.designer.conftest import Browse, address

NAME = "gebuehrenbescheid"
HERE = f"briefe/{NAME}/"


def source_of(design: Design, name: str = NAME) -> str:
    return files_of(design)[f"letters/{name}.typ"].decode()


def number_of(design: Design, kind: str) -> int:
    blocks = read_letter(source_of(design)).blocks
    return next(number for number, block in enumerate(blocks) if block.kind == kind)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def press(desk: Client, design: Design, button: str, **given: str) -> Any:
    form = {"tun": button, "stand": str(newest(design).number), "quelle": source_of(design), **given}
    return desk.post(address(design, HERE), form)


def source_shown(page: str) -> str:
    found = re.search(r'<textarea name="quelle" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    text = found[1]
    for sign, char in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(sign, char)
    return text


def test_every_letter_is_listed_with_when_it_is_sent(desk: Client, design: Design) -> None:
    page = plain(desk.get(address(design, "briefe/")).content.decode())
    assert "Empfangsbescheinigung Entsteht bei:" in page
    assert "Gebührenbescheid" in page


def test_a_letter_stands_there_block_by_block_with_the_real_page_beside(desk: Client, design: Design) -> None:
    page = desk.get(address(design, HERE)).content.decode()
    assert (
        "für die Bearbeitung Ihrer Gewerbeanzeige vom {Datum des Eingangs} setzen wir eine Gebühr fest von"
        in page
    )
    assert 'src="data:image/png;base64,' in page
    assert "Erfundene Angaben" in page
    assert " selected" in page
    assert source_shown(page).strip() == source_of(design).strip()


def test_a_text_is_reworded_in_one_language_and_nothing_else_changes(desk: Client, design: Design) -> None:
    before, number = source_of(design), number_of(design, "heading")
    answer = press(
        desk, design, "speichern", **{f"b{number}.0.de": "So bezahlen Sie & fertig", "grund": "Klarer"}
    )
    assert answer.status_code == 302, plain(answer.content.decode())
    assert source_of(design) == before.replace("de: [So zahlen Sie]", "de: [So bezahlen Sie & fertig]", 1)
    assert newest(design).reason == "Klarer"


def test_saving_without_a_change_makes_none(desk: Client, design: Design) -> None:
    page = desk.get(address(design, HERE)).content.decode()
    texts = dict(re.findall(r'name="(b\d+\.\d\.[a-z]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))
    assert texts
    typed = {name: text.replace("&#34;", '"').replace("&amp;", "&") for name, text in texts.items()}
    assert press(desk, design, "speichern", **typed).status_code == 302
    assert newest(design).number == 1


def test_an_answer_of_the_form_is_said_by_its_name(desk: Client, design: Design) -> None:
    number = number_of(design, "paragraph")
    answer = press(desk, design, "speichern", **{f"b{number}.0.de": "Sie betreiben {Rechtsform}."})
    assert answer.status_code == 302, plain(answer.content.decode())
    assert '#answer("rechtsform")' in source_of(design)
    assert "Sie betreiben {Rechtsform}." in desk.get(address(design, HERE)).content.decode()


def test_an_unknown_placeholder_is_said_at_its_text_and_nothing_is_lost(desk: Client, design: Design) -> None:
    number = number_of(design, "paragraph")
    typed = {f"b{number}.0.de": "Hallo {Unsinn}", f"b{number}.0.en": "Hello there", "grund": "Mein Grund"}
    answer = press(desk, design, "speichern", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Den Platzhalter „{Unsinn}“ gibt es nicht." in page
    assert all(text in page for text in typed.values())
    assert newest(design).number == 1


def test_blocks_are_moved_added_and_removed_before_anything_is_saved(desk: Client, design: Design) -> None:
    number = number_of(design, "payment")
    moved = source_shown(press(desk, design, f"hoch:{number}").content.decode())
    assert moved.index("#payment()") < source_of(design).index("#payment()")
    added = source_shown(
        press(desk, design, f"dazu:{number}", **{f"b{number}.dazu": "note"}).content.decode()
    )
    assert "#hint(by-language(de: [Neuer Text], en: [New text]))" in added
    removed = source_shown(press(desk, design, f"weg:{number}").content.decode())
    assert "#payment()" not in removed
    assert newest(design).number == 1
    assert press(desk, design, "speichern", quelle=added).status_code == 302
    assert "#hint(by-language(de: [Neuer Text]" in source_of(design)


def test_what_the_law_demands_of_a_decision_stays_in_it(desk: Client, design: Design) -> None:
    for call, rule in (("#remedy()", "§ 37 Abs. 6 VwVfG"), ("#signature()", "§ 37 Abs. 3 und 5 VwVfG")):
        answer = press(desk, design, "speichern", quelle=source_of(design).replace(call, ""))
        assert answer.status_code == 422
        assert rule in answer.content.decode()
    assert newest(design).number == 1


def test_what_cannot_be_typeset_names_the_block(desk: Client, design: Design) -> None:
    broken = source_of(design).replace("#payment()", "#gibt-es-nicht()")
    answer = press(desk, design, "speichern", quelle=broken)
    assert answer.status_code == 422
    page = plain(answer.content.decode())
    assert re.search(r"Block \d+ \(Fester Teil\): unknown variable: gibt-es-nicht", page)
    assert newest(design).number == 1


def test_nothing_outside_of_the_package_can_be_read(desk: Client, design: Design) -> None:
    for path in ("/etc/passwd", "../../../../etc/passwd", "/../../etc/passwd"):
        spying = source_of(design).replace("#payment()", f'#read("{path}")')
        answer = press(desk, design, "vorschau", quelle=spying)
        page = answer.content.decode()
        assert "root:" not in page
        assert "data:image/png" not in page
        assert "So lässt sich das Schreiben nicht setzen" in page


def test_the_letter_is_a_pdf_before_it_is_saved(desk: Client, design: Design) -> None:
    number = number_of(design, "heading")
    answer = press(desk, design, "pdf", **{f"b{number}.0.de": "Ganz neu", "beispiel": "", "sprache": "en"})
    assert answer["Content-Type"] == "application/pdf"
    assert newest(design).number == 1


def test_two_people_reword_different_blocks_of_one_letter(
    desk: Client, design: Design, emil: User, browse: Browse
) -> None:
    heading, remarks = number_of(design, "heading"), number_of(design, "paragraph")
    old = source_of(design)
    other = browse(emil)
    form = {"tun": "speichern", "stand": "1", "quelle": old}
    first = desk.post(address(design, HERE), {**form, f"b{heading}.0.de": "Doras Titel"})
    second = other.post(address(design, HERE), {**form, f"b{remarks}.0.de": "Emils Absatz."})
    assert (first.status_code, second.status_code) == (302, 302)
    assert "Doras Titel" in source_of(design)
    assert "Emils Absatz." in source_of(design)
    third = other.post(address(design, HERE), {**form, f"b{heading}.0.de": "Emils Titel"})
    assert third.status_code == 409
    assert "Emils Titel" in third.content.decode()


def test_a_letter_with_a_fault_can_be_opened_and_mended(desk: Client, design: Design, dora: User) -> None:
    edit = SetLetter(NAME, source_of(design).replace("#payment()", "#payment("))
    change(design, edit, base_revision=1, by=dora, reason="Versehen")
    assert desk.get(address(design, HERE)).status_code == 200
    mended = source_of(design).replace("#payment(", "#payment()", 1)
    assert press(desk, design, "speichern", quelle=mended).status_code == 302


def test_a_letter_that_is_not_there_is_not_found(desk: Client, design: Design) -> None:
    assert desk.get(address(design, "briefe/gibt-es-nicht/")).status_code == 404

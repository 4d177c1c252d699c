"""Examples of a service in the workplace: run, taken on, renamed, removed, and tried further."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from django.test import Client

from rathaus.design.models import Design
from rathaus.design.service import change, files_of, newest, trial_of
from rathaus.editing import ChangeFiles, SetExample, SetFieldRule, Words
from rathaus.people.models import User
from rathaus.processes.publishing import check_files
from tests.designer.conftest import address

SHOP = "01-einzelunternehmen-textilien"
HERE = f"beispiele/{SHOP}/"


def stored(design: Design, name: str = SHOP) -> dict[str, Any]:
    return tomllib.loads(files_of(design)[f"examples/{name}.toml"].decode())


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def page_of(desk: Client, design: Design, rest: str = "beispiele/") -> str:
    answer = desk.get(address(design, rest))
    assert answer.status_code == 200
    return plain(answer.content.decode())


def act(desk: Client, design: Design, was: str, rest: str = HERE, **given: str) -> Any:
    return desk.post(address(design, rest), {"was": was, "stand": str(newest(design).number), **given})


@pytest.fixture
def otherwise(design: Design, dora: User) -> Design:
    """The design, with an example that expects what does not come."""
    text = files_of(design)[f"examples/{SHOP}.toml"].decode()
    wrong = re.sub(r'route = "[a-z]+"', 'route = "person"', text)
    change(design, SetExample(SHOP, wrong), base_revision=1, by=dora, reason="Versuch")
    return design


def test_every_example_is_run_and_those_that_come_out_as_expected_are_listed(
    desk: Client, design: Design
) -> None:
    page = page_of(desk, design)
    names = [name for name in files_of(design) if name.startswith("examples/")]
    assert f"{len(names)} Beispiele gehen aus wie erwartet" in page
    assert "anders" not in page
    assert stored(design)["title"] in page


def test_an_example_that_comes_out_otherwise_says_how(desk: Client, otherwise: Design) -> None:
    said = "Weg: erwartet war „eine Person entscheidet“, heraus kommt „niemand muss etwas tun“."
    assert "1 Beispiel geht anders aus" in page_of(desk, otherwise)
    assert said in page_of(desk, otherwise)
    assert said in page_of(desk, otherwise, HERE)
    overview = desk.get(address(otherwise)).content.decode()
    assert f'href="{address(otherwise, HERE)}"' in overview


def test_one_example_shows_its_answers_and_what_comes_out(desk: Client, design: Design) -> None:
    page = page_of(desk, design, HERE)
    assert "Geht aus wie erwartet" in page
    assert "Grün: Niemand muss etwas tun" in page
    assert "Rechtsform" in page
    assert "künftig das erwarten" not in page


def test_what_comes_out_is_taken_as_right(desk: Client, otherwise: Design) -> None:
    before = files_of(otherwise)[f"examples/{SHOP}.toml"].decode()
    assert act(desk, otherwise, "uebernehmen", grund="So wollen wir es").status_code == 302
    after = files_of(otherwise)[f"examples/{SHOP}.toml"].decode()
    assert stored(otherwise)["expect"]["route"] == "gruen"
    assert after.partition("[expect]")[0].strip() == before.partition("[expect]")[0].strip()
    assert newest(otherwise).reason == "So wollen wir es"
    assert [problem for problem in check_files(files_of(otherwise))[1] if problem.level != "warning"] == []


def test_questions_that_are_new_or_gone_are_said_with_their_name(
    desk: Client, design: Design, dora: User
) -> None:
    edit = SetFieldRule("inhaber.telefon", "require", "true")
    change(design, edit, base_revision=1, by=dora, reason="Rückfragen")
    page = page_of(desk, design)
    assert "gehen anders aus" in page
    assert re.search(r"„[^“]*Telefon[^“]*“: Ein Fehler war nicht erwartet: ", page)
    assert "Das Formular nimmt die Angaben nicht mehr an." in page


def test_an_example_gets_another_name(desk: Client, design: Design) -> None:
    assert act(desk, design, "umbenennen", titel="Ein Laden").status_code == 302
    assert stored(design)["title"] == "Ein Laden"
    refused = act(desk, design, "umbenennen", titel=" ", grund="Mein Grund")
    assert refused.status_code == 422
    assert "Geben Sie dem Beispiel einen Namen" in refused.content.decode()
    assert "Mein Grund" in refused.content.decode()


def test_an_example_is_removed(desk: Client, design: Design) -> None:
    assert act(desk, design, "entfernen", grund="Doppelt").status_code == 302
    assert f"examples/{SHOP}.toml" not in files_of(design)
    assert desk.get(address(design, HERE)).status_code == 404


def test_an_example_is_tried_further(desk: Client, design: Design, dora: User) -> None:
    answer = act(desk, design, "ausprobieren")
    assert answer["Location"] == address(design, "probe/")
    trial = trial_of(design, dora)
    assert trial.answers == stored(design)["answers"]
    assert str(trial.day) == stored(design)["today"]
    assert newest(design).number == 1


def test_a_drafted_example_is_made_anew(desk: Client, design: Design, dora: User) -> None:
    text = files_of(design)[f"examples/{SHOP}.toml"].decode()
    drafted = "drafted = 1\n" + text.replace("[answers.inhaber]", "[answers.inhaber]\nunsinn = 1", 1)
    gone = re.sub(r"(?ms)^\[answers\.taetigkeit\].*?(?=^\[)", "", drafted)
    change(design, SetExample(SHOP, gone), base_revision=1, by=dora, reason="Wie entworfen")
    assert "Angaben neu erzeugen" in page_of(desk, design, HERE)
    assert act(desk, design, "erneuern").status_code == 302
    assert "Angaben neu erzeugen" not in page_of(desk, design, HERE)


def test_a_broken_example_or_form_is_said(desk: Client, design: Design, dora: User) -> None:
    change(design, SetExample("99-kaputt", 'title = "Kaputt"'), base_revision=1, by=dora, reason="Versuch")
    assert "Kaputt" in page_of(desk, design)
    assert "1 Beispiel geht anders aus" in page_of(desk, design)
    assert page_of(desk, design, "beispiele/99-kaputt/")
    assert act(desk, design, "uebernehmen", "beispiele/99-kaputt/").status_code == 422
    files = {**files_of(design), "form.toml": b"[[page]]\nid = 1"}
    edit = ChangeFiles.between(files_of(design), files, Words("Versuch"))
    change(design, edit, base_revision=newest(design).number, by=dora, reason="Versuch")
    assert "Beheben Sie zuerst diese Punkte" in page_of(desk, design)
    assert desk.get(address(design, HERE)).status_code == 302

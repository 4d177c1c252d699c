"""A page as it is printed, and what happens when it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rathaus.forms import Answers, Form, PageResult, PageView
from rathaus.forms.pageview import Block, EntryBlock, GroupBlock, Question, RepeatBlock, TextBlock
from rathaus.standards.xdatenfelder.model import DataType, FieldKind
from tests.forms.building import TODAY, TOWN, a_field, a_form, a_group, a_partial_date, a_tree

FILE = {"id": "7", "name": "ausweis.pdf", "size": 2_000_000, "media_type": "application/pdf", "sha256": "x"}
STATES = {f"{number:03}": f"Staat {number}" for number in range(40)}


def view(
    form: Form, key: str, answers: Answers, result: PageResult | None = None, language: str = "de"
) -> PageView:
    more: dict[str, Any] = {"typed": result.typed, "problems": result.problems} if result else {}
    return form.page(key, answers, town=TOWN, today=TODAY, language=language, **more)


def send(form: Form, key: str, answers: Answers, posted: dict[str, list[str]], **more: Any) -> PageResult:
    return form.submit_page(key, answers, posted, town=TOWN, today=TODAY, **more)


def questions(blocks: tuple[Block, ...] | tuple[EntryBlock, ...]) -> Iterator[Question]:
    for block in blocks:
        if isinstance(block, Question):
            yield block
        elif isinstance(block, (GroupBlock, EntryBlock)):
            yield from questions(block.blocks)
        elif isinstance(block, RepeatBlock):
            yield from questions(block.entries)


def question(page: PageView, name: str) -> Question:
    return next(question for question in questions(page.blocks) if question.name == name)


@pytest.fixture(scope="module")
def form() -> Form:
    tree = a_tree(
        a_field("Name", help_text="Wie im Ausweis", max_length=20),
        a_field("Beschreibung", max_length=1000, anzahl="0:1"),
        a_field("Rechtsform", codes={"EU": "Einzelunternehmen", "GBR": "GbR"}),
        a_field("Staat", codes=STATES, anzahl="0:1"),
        a_field("Staaten", codes=STATES, anzahl="0:3"),
        a_field("Art", codes={"a": "Handel", "b": "Handwerk"}, anzahl="0:2"),
        a_field("Nebenerwerb", DataType.BOOL, anzahl="0:1"),
        a_field("Wahrheit", DataType.BOOL, label="Meine Angaben sind richtig"),
        a_field("Beginn", DataType.DATE, anzahl="0:1"),
        a_partial_date("Geburtsdatum", anzahl="0:1"),
        a_field("Umsatz", DataType.NUM_CURRENCY, anzahl="0:1"),
        a_field("Ausweis", DataType.FILE, anzahl="0:1", max_size=10485760, media_types=("application/pdf",)),
        a_field("Weitere", DataType.FILE, anzahl="0:*"),
        a_field("Telefone", anzahl="0:3"),
        a_group("Kinder", a_field("Vorname"), a_field("Alter", DataType.NUM_INT, anzahl="0:1"), anzahl="0:3"),
        a_group("Anschrift", a_field("Ort", anzahl="0:1")),
        a_field("Gebühr", kind=FieldKind.LOCKED, content="20 Euro"),
        a_field("Hinweis", kind=FieldKind.LABEL, content="Bitte lesen."),
        a_field("Bundesland", anzahl="0:1"),
    )
    names = ", ".join(f'"{child.key}"' for child in tree.root.children)
    return a_form(
        tree,
        f"""
[[page]]
id = "alles"
title = "Alles"
intro = "Einleitung"
fields = [{names}]
[field.wahrheit]
widget = "checkbox"
[field.geburtsdatum]
autocomplete = "bday"
[field.bundesland]
default = "'Niedersachsen'"
[field.name]
autocomplete = "name"
""",
    )


def test_controls_are_chosen_from_the_schema(form: Form) -> None:
    page = view(form, "alles", {})
    widgets = {asked.name: asked.widget for asked in questions(page.blocks)}
    assert widgets == {
        "name": "text",
        "beschreibung": "textarea",
        "rechtsform": "radios",
        "staat": "combobox",
        "staaten.0": "combobox",
        "art": "checkboxes",
        "nebenerwerb": "radios",
        "wahrheit": "checkbox",
        "beginn": "date",
        "geburtsdatum": "date",
        "umsatz": "text",
        "ausweis": "file",
        "weitere": "file",
        "telefone.0": "text",
        "anschrift.ort": "text",
        "gebuehr": "locked",
        "bundesland": "text",
    }
    assert page.has_files
    assert [block.kind for block in page.blocks if not isinstance(block, Question)] == [
        "repeat",
        "repeat",
        "repeat",
        "group",
        "text",
    ]


def test_a_question_has_all_a_template_prints(form: Form) -> None:
    page = view(form, "alles", {"umsatz": "1234.50", "ausweis": FILE})
    name = question(page, "name")
    assert (name.id, name.label, name.hint) == ("f-name", "Name", "Wie im Ausweis")
    assert (name.required, name.optional, name.autocomplete, name.max_length) == (True, False, "name", 20)
    assert name.described_by == "f-name-hint"
    turnover = question(page, "umsatz")
    assert (turnover.value, turnover.inputmode, turnover.suffix, turnover.optional) == (
        "1234,50",
        "decimal",
        "€",
        True,
    )
    born = question(page, "geburtsdatum")
    assert [(part.name, part.autocomplete) for part in born.parts] == [
        ("geburtsdatum.tag", "bday-day"),
        ("geburtsdatum.monat", "bday-month"),
        ("geburtsdatum.jahr", "bday-year"),
    ]
    passport = question(page, "ausweis")
    assert passport.hint == "Höchstens 10 MB, PDF"
    assert [(item.name, item.size, item.remove) for item in passport.files] == [
        ("ausweis.pdf", "1,9 MB", "ausweis")
    ]
    assert question(page, "gebuehr").value == "20 Euro"
    assert question(page, "bundesland").value == "Niedersachsen"
    (text,) = [block for block in page.blocks if isinstance(block, TextBlock)]
    assert text.content == "Bitte lesen."


def test_a_good_page_is_stored_and_leads_on(form: Form) -> None:
    result = send(
        form,
        "alles",
        {},
        {
            "name": [" Ada  Lovelace "],
            "beschreibung": ["Zeile 1\r\nZeile 2  \r\n"],
            "rechtsform": ["EU"],
            "staat": ["007"],
            "staaten.0": ["001"],
            "staaten.1": [""],
            "staaten.2": ["002"],
            "art": ["b", "a"],
            "nebenerwerb": ["false"],
            "wahrheit": ["true"],
            "beginn.tag": ["3"],
            "beginn.monat": ["April"],
            "beginn.jahr": ["26"],
            "geburtsdatum.tag": ["00"],
            "geburtsdatum.monat": [""],
            "geburtsdatum.jahr": ["1990"],
            "umsatz": ["1.234,50 €"],
            "telefone.0": ["0511 1234567"],
            "kinder.0.vorname": ["Bo"],
            "kinder.0.alter": ["7"],
            "anschrift.ort": ["Hannover"],
            "gebuehr": ["0 Euro"],
            "fremd": ["x"],
        },
    )
    assert result.problems == ()
    assert result.typed == {}
    assert result.next_page is None
    assert result.answers == {
        "name": "Ada Lovelace",
        "beschreibung": "Zeile 1\nZeile 2",
        "rechtsform": "EU",
        "staat": "007",
        "staaten": ["001", "002"],
        "art": ["b", "a"],
        "nebenerwerb": False,
        "wahrheit": True,
        "beginn": "2026-04-03",
        "geburtsdatum": {"jahr": 1990},
        "umsatz": "1234.50",
        "telefone": ["+49 511 1234567"],
        "kinder": [{"vorname": "Bo", "alter": 7}],
        "anschrift": {"ort": "Hannover"},
        "gebuehr": "20 Euro",
    }


def test_all_problems_come_at_once_and_nothing_typed_is_lost(form: Form) -> None:
    posted = {
        "name": ["x" * 21],
        "umsatz": ["viel"],
        "beginn.tag": ["31"],
        "beginn.monat": ["2"],
        "beginn.jahr": ["2026"],
        "geburtsdatum.tag": ["3"],
        "geburtsdatum.monat": ["Mond"],
        "geburtsdatum.jahr": ["1990"],
        "kinder.0.vorname": [""],
        "kinder.0.alter": ["alt"],
        "telefone.0": ["0511 1234567"],
        "telefone.1": ["keins"],
        "staat": ["999"],
        "art": ["a"],
    }
    result = send(form, "alles", {"umsatz": "1.00"}, posted)
    assert {problem.name: problem.code for problem in result.problems} == {
        "name": "text.too_long",
        "umsatz": "number.currency",
        "beginn": "date.impossible",
        "geburtsdatum.monat": "number.whole",
        "kinder.0.vorname": "required",
        "kinder.0.alter": "number.whole",
        "telefone.1": "phone",
        "staat": "code",
        "rechtsform": "required.choice",
        "wahrheit": "required.confirm",
    }
    page = view(form, "alles", result.answers, result)
    assert question(page, "name").value == "x" * 21
    assert question(page, "name").described_by == "f-name-hint f-name-error"
    assert question(page, "umsatz").value == "viel"
    assert [part.value for part in question(page, "beginn").parts] == ["31", "2", "2026"]
    assert [part.value for part in question(page, "geburtsdatum").parts] == ["3", "Mond", "1990"]
    assert question(page, "geburtsdatum").errors
    assert question(page, "kinder.0.alter").value == "alt"
    assert question(page, "telefone.1").value == "keins"
    assert [option.value for option in question(page, "art").options if option.checked] == ["a"]
    assert len(page.summary) == len(result.problems)
    targets = {item.path: item.focus_id for item in page.summary}
    assert targets["rechtsform",] == "f-rechtsform-0"
    assert targets["geburtsdatum", "monat"] == "f-geburtsdatum-monat"
    assert targets["beginn",] == "f-beginn-tag"
    assert targets["kinder", 0, "alter"] == "f-kinder-0-alter"


def test_a_refused_value_takes_the_old_one_with_it_but_nothing_else(form: Form) -> None:
    result = send(form, "alles", {"umsatz": "1.00", "name": "Ada", "staat": "001"}, {"umsatz": ["viel"]})
    assert result.answers == {"name": "Ada", "staat": "001"}


def test_what_was_not_sent_stays_except_boxes_to_tick(form: Form) -> None:
    answers: Answers = {
        "name": "Ada",
        "art": ["a"],
        "wahrheit": True,
        "nebenerwerb": True,
        "kinder": [{"vorname": "B"}],
    }
    result = send(form, "alles", answers, {"rechtsform": ["EU"]})
    assert result.answers == {
        "name": "Ada",
        "rechtsform": "EU",
        "nebenerwerb": True,
        "kinder": [{"vorname": "B"}],
    }


def test_an_emptied_control_removes_the_answer(form: Form) -> None:
    answers: Answers = {"umsatz": "1.00", "telefone": ["+49 511 1234567"], "beginn": "2026-01-01"}
    posted = {
        "umsatz": [""],
        "telefone.0": [" "],
        "beginn.tag": [""],
        "beginn.monat": [""],
        "beginn.jahr": [""],
    }
    assert send(form, "alles", answers, posted).answers == {}


def test_files_are_added_replaced_and_removed(form: Form) -> None:
    other = {**FILE, "id": "8"}
    result = send(
        form,
        "alles",
        {"ausweis": FILE, "weitere": [FILE]},
        {},
        files={"ausweis": [other], "weitere": [other]},
    )
    assert (result.answers["ausweis"], result.answers["weitere"]) == (other, [FILE, other])
    assert form.remove_entry(result.answers, "weitere.0")["weitere"] == [other]
    assert "ausweis" not in form.remove_entry(result.answers, "ausweis")
    wrong = send(
        form, "alles", {"ausweis": FILE}, {}, files={"ausweis": [{**FILE, "media_type": "text/html"}]}
    )
    assert wrong.answers["ausweis"] == FILE
    assert "file.type" in {problem.code for problem in wrong.problems}


def test_entries_are_added_and_removed(form: Form) -> None:
    answers, index = form.add_entry({}, "kinder")
    assert (answers, index) == ({"kinder": [{}]}, 0)
    page = view(form, "alles", answers)
    (children,) = [
        block for block in page.blocks if isinstance(block, RepeatBlock) and block.name == "kinder"
    ]
    assert [(entry.label, entry.remove) for entry in children.entries] == [("Kinder 1", "kinder.0")]
    assert children.can_add
    full: Answers = {"kinder": [{"vorname": name} for name in "abc"]}
    with pytest.raises(KeyError):
        form.add_entry(full, "kinder")
    assert form.remove_entry(full, "kinder.1") == {"kinder": [{"vorname": "a"}, {"vorname": "c"}]}
    assert form.remove_entry(full, "kinder.7") == full
    for name in ("name", "kinder", "nichts", "kinder.0.vorname"):
        with pytest.raises(KeyError):
            form.remove_entry(full, name)


def test_entries_typed_with_gaps_follow_each_other(form: Form) -> None:
    result = send(
        form, "alles", {"kinder": [{"vorname": "A"}]}, {"kinder.2.vorname": ["C"], "kinder.1.vorname": [""]}
    )
    assert result.answers["kinder"] == [{"vorname": "A"}, {"vorname": "C"}]


def test_two_tabs_do_not_undo_each_other() -> None:
    form = a_form(
        a_tree(a_field("A"), a_field("B")),
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["a"]
[[page]]
id = "zwei"
title = "Zwei"
fields = ["b"]
""",
    )
    first = send(form, "eins", {}, {"a": ["1"], "b": ["fremd"]})
    assert first.answers == {"a": "1"}
    assert first.next_page == "zwei"
    assert send(form, "zwei", first.answers, {"b": ["2"]}).answers == {"a": "1", "b": "2"}
    for key in ("drei", "a", "eins.0", "0.eins", "", "eins.eins"):
        with pytest.raises(KeyError):
            send(form, key, {}, {})
        with pytest.raises(KeyError):
            view(form, key, {})


def test_a_slip_on_one_page_loses_nothing_on_others() -> None:
    form = a_form(
        a_tree(a_field("Zahl", DataType.NUM_INT), a_field("B", anzahl="0:1")),
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["zahl"]
[[page]]
id = "zwei"
title = "Zwei"
fields = ["b"]
show = "zahl > 0"
""",
    )
    slip = send(form, "eins", {"zahl": 1, "b": "x"}, {"zahl": ["1x"]})
    assert slip.answers == {"b": "x"}
    assert send(form, "eins", slip.answers, {"zahl": ["2"]}).answers == {"zahl": 2, "b": "x"}
    assert send(form, "eins", slip.answers, {"zahl": ["0"]}).answers == {"zahl": 0}


def test_an_overview_lists_its_entries_and_says_what_is_missing() -> None:
    form = a_form(
        a_tree(a_group("Partner", a_field("Name"), a_field("Ort"), anzahl="1:2")),
        """
[[page]]
id = "person"
title = "Person"
repeat = "partner"
entry_label = "Gesellschafterin"
entry_name = ["name"]
overview_title = "Alle Personen"
fields = ["partner.name"]
[[page]]
id = "ort"
title = "Ort"
repeat = "partner"
fields = ["partner.ort"]
""",
    )
    empty = send(form, "partner", {}, {})
    assert [problem.code for problem in empty.problems] == ["too_few"]
    page = view(form, "partner", {"partner": [{"name": "Ada"}]})
    assert page.title == "Alle Personen"
    assert page.overview is not None
    (entry,) = page.overview.entries
    assert (entry.label, entry.status, entry.page) == (
        "Gesellschafterin 1: Ada",
        "not_started",
        "partner.0.ort",
    )
    assert page.overview.can_add
    second = send(form, "partner.0.person", {"partner": [{"ort": "Celle"}]}, {"partner.0.name": ["Bo"]})
    assert second.answers == {"partner": [{"name": "Bo", "ort": "Celle"}]}
    assert second.next_page == "partner.0.ort"
    gone = send(form, "partner.5.person", {"partner": [{"ort": "Celle"}]}, {"partner.5.name": ["Bo"]})
    assert gone.answers == {"partner": [{"ort": "Celle"}]}


def test_texts_speak_the_language_asked_for() -> None:
    form = a_form(
        a_tree(a_field("Ort", codes={"h": "Hannover"}, help_text="Wo?")),
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["ort"]
""",
        {
            "en": {
                "page": {"eins": {"title": "One"}},
                "field": {"ort": {"label": "Place", "help": "Where?"}},
            },
            "de-simple": {"field": {"ort": {"label": "Ort-schaft"}}},
        },
    )
    page = view(form, "eins", {}, language="en")
    assert (page.title, question(page, "ort").label, question(page, "ort").hint) == ("One", "Place", "Where?")
    assert question(page, "ort").options[0].label == "Hannover"
    simple = view(form, "eins", {}, language="de-simple")
    assert (simple.title, question(simple, "ort").label) == ("Eins", "Ort-schaft")
    assert send(form, "eins", {}, {}, language="en").problems[0].message == "Choose an answer for “Place”."
    assert [(problem.rule, problem.level) for problem in form.problems] == [
        ("translation.missing", "warning")
    ]


def test_the_birth_date_as_fim_names_its_parts_is_one_question() -> None:
    form = a_form(a_tree(a_partial_date("Geburtsdatum (teilbekannt)", "Tag (ohne Monat und Jahr)")))
    born = question(view(form, "alles", {}), "geburtsdatum_teilbekannt")
    assert [part.name.rpartition(".")[2] for part in born.parts] == [
        "tag_ohne_monat_und_jahr",
        "monat",
        "jahr",
    ]
    typed = dict(zip((part.name for part in born.parts), (["3"], ["April"], ["1990"]), strict=True))
    result = send(form, "alles", {}, typed)
    answers = {"geburtsdatum_teilbekannt": {"tag_ohne_monat_und_jahr": 3, "monat": 4, "jahr": 1990}}
    assert (result.ok, result.answers) == (True, answers)
    shown = question(view(form, "alles", answers), "geburtsdatum_teilbekannt")
    assert [part.value for part in shown.parts] == ["3", "4", "1990"]
    wrong = send(form, "alles", {}, {**typed, born.parts[0].name: ["32"]})
    (error,) = view(form, "alles", {}, wrong).summary
    assert error.focus_id == born.parts[0].id


def test_a_choice_over_two_pages_is_missed_on_the_last_and_twice_made_where_it_was_made_last() -> None:
    group = a_group("Erreichbar", a_field("Post", anzahl="0:1"), a_field("Fax", anzahl="0:1"), is_choice=True)
    form = a_form(
        a_tree(group, a_field("Name", anzahl="0:1")),
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["erreichbar.post"]
[[page]]
id = "zwei"
title = "Zwei"
fields = ["erreichbar.fax", "name"]
""",
    )
    assert send(form, "eins", {}, {"erreichbar.post": [""]}).ok
    missed = send(form, "zwei", {}, {"erreichbar.fax": [""], "name": [""]})
    assert [(problem.code, problem.page) for problem in missed.problems] == [("choice.none", "zwei")]
    (error,) = view(form, "zwei", {}, missed).summary
    assert error.focus_id == "f-erreichbar-fax"
    both = send(
        form, "zwei", {"erreichbar": {"post": "x"}}, {"erreichbar.fax": ["+49 511 123456"], "name": [""]}
    )
    assert [(problem.code, problem.page) for problem in both.problems] == [("choice.several", "zwei")]

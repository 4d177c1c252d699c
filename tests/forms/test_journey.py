"""The way through a form: what is asked, what counts, what is missing, where to go next."""

from __future__ import annotations

from typing import Any

import pytest

from rathaus.forms import Answers, Form, Journey
from rathaus.standards.xdatenfelder.model import DataType, FieldKind
from tests.forms.building import a_field, a_form, a_group, a_partial_date, a_tree, evaluated


def codes_of(journey: Journey) -> dict[str, str]:
    return {problem.location: problem.code for problem in journey.problems}


def keys_of(journey: Journey) -> list[str]:
    return [page.key for page in journey.pages]


@pytest.fixture(scope="module")
def company() -> Form:
    tree = a_tree(
        a_field("Rechtsform", codes={"EU": "Einzelunternehmen", "GBR": "GbR"}),
        a_group("Inhaber", a_field("Name"), a_partial_date("Geburtsdatum"), anzahl="0:1"),
        a_group(
            "Gesellschafter",
            a_field("Vorname"),
            a_field("Familienname"),
            a_field("Volljährig", DataType.BOOL),
            a_field("Ermächtigung", anzahl="0:1"),
            a_group("Konten", a_field("Bank"), a_field("IBAN"), anzahl="0:2"),
            anzahl="0:3",
        ),
        a_field("Bemerkung", anzahl="0:1"),
    )
    return a_form(
        tree,
        """
[[page]]
id = "rechtsform"
title = "Rechtsform"
fields = ["rechtsform"]
section = "Vorhaben"
[[page]]
id = "inhaber"
title = "Inhaber"
fields = ["inhaber"]
show = "rechtsform == 'EU'"
section = "Person"
[[page]]
id = "person"
title = "Person"
repeat = "gesellschafter"
entry_label = "Gesellschafterin"
entry_name = ["vorname", "familienname"]
fields = ["gesellschafter.vorname", "gesellschafter.familienname", "gesellschafter.volljaehrig"]
show = "rechtsform == 'GBR'"
section = "Person"
[[page]]
id = "vertretung"
title = "Vertretung"
repeat = "gesellschafter"
fields = ["gesellschafter.ermaechtigung", "gesellschafter.konten"]
show = "rechtsform == 'GBR' && has(self.volljaehrig) && !self.volljaehrig"
section = "Person"
[[page]]
id = "schluss"
title = "Schluss"
fields = ["bemerkung"]
[field."inhaber"]
require = "true"
[field."gesellschafter"]
require = "rechtsform == 'GBR'"
[field."gesellschafter.ermaechtigung"]
require = "true"
[[check]]
id = "verschieden"
valid = "gesellschafter.all(a, gesellschafter.exists_one(b, a.vorname == b.vorname))"
fields = ["gesellschafter"]
message = "Nennen Sie jede Person einmal."
[[check]]
id = "kein_max"
valid = "self.vorname != 'Max'"
when = "has(self.vorname)"
fields = ["gesellschafter.vorname"]
level = "notice"
message = "Max gibt es oft."
""",
    )


def test_only_reachable_pages_are_asked_and_counted(company: Form) -> None:
    journey = evaluated(company, {"rechtsform": "EU"})
    assert keys_of(journey) == ["rechtsform", "inhaber", "schluss"]
    assert [page.status for page in journey.pages] == ["complete", "not_started", "complete"]
    assert codes_of(journey) == {
        "inhaber.name": "required",
        "inhaber.geburtsdatum": "required.partial_date",
    }
    assert journey.first_open == "inhaber"
    assert (journey.progress.done, journey.progress.total) == (2, 3)


def test_pages_never_seen_are_open_when_it_is_known_what_was_seen(company: Form) -> None:
    journey = evaluated(company, {"rechtsform": "EU"}, visited={"rechtsform"})
    assert [page.status for page in journey.pages] == ["complete", "not_started", "not_started"]


def test_answers_that_became_unreachable_do_not_count(company: Form) -> None:
    answers: Answers = {
        "rechtsform": "GBR",
        "inhaber": {"name": "Ada"},
        "gesellschafter": [{"vorname": "Bo"}],
    }
    journey = evaluated(company, answers)
    assert journey.answers == {"rechtsform": "GBR", "gesellschafter": [{"vorname": "Bo"}]}
    assert journey.pruned == (("inhaber", "name"),)
    assert answers["inhaber"] == {"name": "Ada"}


def test_pruning_follows_what_pruned_answers_made_visible() -> None:
    tree = a_tree(*(a_field(name, anzahl="0:1") for name in ("A", "B", "C")))
    form = a_form(
        tree,
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["a", "b", "c"]
[field.b]
show = "a == 'ja'"
[field.c]
show = "b == 'ja'"
""",
    )
    assert evaluated(form, {"a": "nein", "b": "ja", "c": "ja"}).answers == {"a": "nein"}
    assert evaluated(form, {"a": "ja", "b": "ja", "c": "x"}).answers == {"a": "ja", "b": "ja", "c": "x"}


def test_a_round_has_an_overview_and_pages_per_entry(company: Form) -> None:
    answers: Answers = {
        "rechtsform": "GBR",
        "gesellschafter": [
            {"vorname": "Ada", "familienname": "Muster", "volljaehrig": True},
            {"vorname": "Bo", "volljaehrig": False},
        ],
    }
    journey = evaluated(company, answers)
    assert keys_of(journey) == [
        "rechtsform",
        "gesellschafter",
        "gesellschafter.0.person",
        "gesellschafter.1.person",
        "gesellschafter.1.vertretung",
        "schluss",
    ]
    person = journey.page("gesellschafter.0.person")
    assert person is not None
    assert person.entry == "Gesellschafterin 1: Ada Muster"
    assert codes_of(journey) == {
        "gesellschafter[1].familienname": "required",
        "gesellschafter[1].ermaechtigung": "required",
    }


def test_the_way_leads_through_entries_and_back_to_their_overview(company: Form) -> None:
    whole = {"vorname": "Ada", "familienname": "Muster", "volljaehrig": True}
    answers: Answers = {
        "rechtsform": "GBR",
        "gesellschafter": [whole, {"vorname": "Bo", "volljaehrig": False}],
    }
    journey = evaluated(company, answers)
    assert journey.next_page("rechtsform") == "gesellschafter"
    assert journey.next_page("gesellschafter") == "gesellschafter.1.person"
    assert journey.next_page("gesellschafter.0.person") == "gesellschafter"
    assert journey.next_page("gesellschafter.1.person") == "gesellschafter.1.vertretung"
    assert journey.next_page("gesellschafter.1.vertretung") == "gesellschafter"
    assert journey.next_page("schluss") is None
    assert journey.next_page("inhaber") == journey.first_open == "gesellschafter.1.person"
    assert journey.previous_page("schluss") == "gesellschafter"
    assert journey.previous_page("gesellschafter.1.vertretung") == "gesellschafter.1.person"
    assert journey.previous_page("gesellschafter.1.person") == "gesellschafter"
    assert journey.previous_page("gesellschafter") == "rechtsform"
    assert journey.previous_page("rechtsform") is None
    one = evaluated(company, {"rechtsform": "GBR", "gesellschafter": [whole]})
    assert one.next_page("gesellschafter") == "schluss"


def test_a_round_without_entries_shows_its_overview_only_where_it_applies(company: Form) -> None:
    assert "gesellschafter" not in keys_of(evaluated(company, {"rechtsform": "EU"}))
    journey = evaluated(company, {"rechtsform": "GBR"})
    assert keys_of(journey) == ["rechtsform", "gesellschafter", "schluss"]
    assert codes_of(journey) == {"gesellschafter": "too_few"}


def test_a_form_begins_with_a_list_that_may_stay_empty() -> None:
    form = a_form(
        a_tree(a_group("Kinder", a_field("Name"), anzahl="0:*"), a_field("Ort")),
        """
[[page]]
id = "kind"
title = "Kind"
repeat = "kinder"
fields = ["kinder.name"]
[[page]]
id = "ort"
title = "Ort"
fields = ["ort"]
""",
    )
    assert evaluated(form, {}, visited=set()).first_open == "kinder"
    assert evaluated(form, {}, visited={"kinder"}).first_open == "ort"


def test_a_form_begins_with_a_page_on_which_only_the_form_itself_has_answered() -> None:
    form = a_form(
        a_tree(
            a_field("Amt", kind=FieldKind.LOCKED, content="Bürgeramt"),
            a_field("Bemerkung", anzahl="0:1"),
            a_field("Ort"),
        ),
        """
[[page]]
id = "amt"
title = "Amt"
fields = ["amt", "bemerkung"]
[[page]]
id = "ort"
title = "Ort"
fields = ["ort"]
""",
    )
    assert evaluated(form, {}, visited=set()).first_open == "amt"
    assert evaluated(form, {}, visited={"amt"}).first_open == "ort"


def test_too_many_entries_are_named(company: Form) -> None:
    entries = [{"vorname": name, "familienname": "M", "volljaehrig": True} for name in "abcd"]
    assert codes_of(evaluated(company, {"rechtsform": "GBR", "gesellschafter": entries})) == {
        "gesellschafter": "too_many"
    }


def test_checks_run_per_form_and_per_entry(company: Form) -> None:
    entry = {"vorname": "Max", "familienname": "M", "volljaehrig": True}
    journey = evaluated(company, {"rechtsform": "GBR", "gesellschafter": [entry, entry]})
    assert codes_of(journey) == {"gesellschafter": "check.verschieden"}
    assert journey.problems[0].message == "Nennen Sie jede Person einmal."
    assert journey.problems[0].page == "gesellschafter"
    assert [notice.location for notice in journey.notices] == [
        "gesellschafter[0].vorname",
        "gesellschafter[1].vorname",
    ]
    assert journey.notices[0].page == "gesellschafter.0.person"


def test_a_check_waits_for_the_required_answers_it_reads() -> None:
    tree = a_tree(a_field("Von", DataType.NUM_INT), a_field("Bis", DataType.NUM_INT))
    form = a_form(
        tree,
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["von", "bis"]
[[check]]
id = "reihenfolge"
valid = "von < bis"
fields = ["bis"]
message = "Bis muss nach von liegen."
""",
    )
    assert codes_of(evaluated(form, {"von": 5})) == {"bis": "required"}
    assert codes_of(evaluated(form, {"von": 5, "bis": 4})) == {"bis": "check.reihenfolge"}
    assert evaluated(form, {"von": 5, "bis": 6}).complete


def test_required_fields_of_an_optional_group_are_needed_once_it_is_begun() -> None:
    tree = a_tree(
        a_group("Konto", a_field("Bank", anzahl="0:1"), a_field("IBAN"), anzahl="0:1"),
        a_group("Anschrift", a_field("Ort"), a_group("Zusatz", a_field("Etage"), anzahl="0:1")),
    )
    form = a_form(tree)
    assert codes_of(evaluated(form, {})) == {"anschrift.ort": "required"}
    assert codes_of(evaluated(form, {"konto": {"bank": "X"}})) == {
        "anschrift.ort": "required",
        "konto.iban": "required",
    }


def test_require_makes_optional_fields_and_groups_needed() -> None:
    tree = a_tree(
        a_field("Art", anzahl="0:1"),
        a_group("Konto", a_field("IBAN"), a_field("Bank", anzahl="0:1"), anzahl="0:1"),
        a_field("Grund", anzahl="0:1"),
    )
    form = a_form(
        tree,
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["art", "konto", "grund"]
[field.konto]
require = "art == 'sepa'"
[field.grund]
require = "has(answers.art)"
""",
    )
    assert codes_of(evaluated(form, {})) == {}
    assert codes_of(evaluated(form, {"art": "bar"})) == {"grund": "required"}
    assert codes_of(evaluated(form, {"art": "sepa"})) == {"grund": "required", "konto.iban": "required"}


def test_exactly_one_child_of_a_choice_group_is_filled() -> None:
    group = a_group(
        "Erreichbar", a_field("Per Post", anzahl="0:1"), a_field("Per Fax", anzahl="0:1"), is_choice=True
    )
    form = a_form(a_tree(group))
    assert codes_of(evaluated(form, {})) == {"erreichbar": "choice.none"}
    assert codes_of(evaluated(form, {"erreichbar": {"per_post": "x"}})) == {}
    assert codes_of(evaluated(form, {"erreichbar": {"per_post": "x", "per_fax": "y"}})) == {
        "erreichbar": "choice.several"
    }


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"jahr": 1990}, None),
        ({"monat": 4, "jahr": 1990}, None),
        ({"tag": 3, "monat": 4, "jahr": 1990}, None),
        ({"tag": 29, "monat": 2, "jahr": 2000}, None),
        ({"tag": 30, "monat": 2, "jahr": 2000}, ("geburtsdatum", "date.impossible")),
        ({"tag": 3, "jahr": 1990}, ("geburtsdatum.monat", "partial_date.month")),
        ({"monat": 4}, ("geburtsdatum.jahr", "partial_date.year")),
        ({"monat": 13, "jahr": 1990}, ("geburtsdatum.monat", "number.too_large")),
    ],
)
def test_a_partial_birth_date_is_accepted_where_it_makes_sense(
    parts: dict[str, int], code: tuple[str, str] | None
) -> None:
    form = a_form(a_tree(a_partial_date("Geburtsdatum")))
    assert codes_of(evaluated(form, {"geburtsdatum": parts})) == ({code[0]: code[1]} if code else {})


def test_numbers_of_values_follow_the_schema() -> None:
    form = a_form(
        a_tree(a_field("Zeugen", anzahl="2:5"), a_field("Art", anzahl="0:2", codes={"a": "A", "b": "B"}))
    )
    assert codes_of(evaluated(form, {})) == {"zeugen": "required"}
    assert codes_of(evaluated(form, {"zeugen": ["x"]})) == {"zeugen": "too_few"}
    assert codes_of(evaluated(form, {"zeugen": list("abcdef")})) == {"zeugen": "too_many"}
    assert codes_of(evaluated(form, {"zeugen": ["x", "y"], "art": ["a", "a"]})) == {"art[1]": "code.repeated"}


def test_locked_and_hidden_fields_have_their_own_value() -> None:
    tree = a_tree(
        a_field("Verfahren", kind=FieldKind.HIDDEN, content="V1"),
        a_field("Menge", DataType.NUM_INT),
        a_field("Preis", DataType.NUM_CURRENCY, kind=FieldKind.LOCKED),
        a_field("Summe", DataType.NUM_CURRENCY, kind=FieldKind.LOCKED),
        a_group(
            "Beilage", a_field("Art", kind=FieldKind.LOCKED, content="Brief"), a_field("Titel"), anzahl="0:1"
        ),
    )
    form = a_form(
        tree,
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["menge", "summe", "beilage"]
[field.summe]
default = "preis * 2.0"
[field.preis]
default = "double(menge) * 1.5"
""",
    )
    journey = evaluated(form, {"menge": 3, "summe": "1.00", "verfahren": "gefälscht"})
    assert journey.answers == {"verfahren": "V1", "menge": 3, "preis": "4.50", "summe": "9.00"}
    assert evaluated(form, journey.answers).answers == journey.answers
    assert journey.complete
    assert evaluated(form, {"menge": 3, "beilage": {"titel": "T"}}).answers["beilage"] == {
        "titel": "T",
        "art": "Brief",
    }


def test_a_rule_that_reads_an_unanswered_date_is_not_true_and_is_noted() -> None:
    tree = a_tree(a_field("Beginn", DataType.DATE, anzahl="0:1"), a_field("Grund", anzahl="0:1"))
    form = a_form(
        tree,
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["beginn", "grund"]
[field.grund]
show = "days_between(today, answers.beginn) > 30"
""",
    )
    journey = evaluated(form, {"grund": "x"})
    assert journey.answers == {}
    assert journey.rule_failures
    assert evaluated(form, {"beginn": "2027-05-01", "grund": "x"}).answers == {
        "beginn": "2027-05-01",
        "grund": "x",
    }


def test_a_page_of_which_nothing_is_asked_is_left_out() -> None:
    form = a_form(
        a_tree(a_field("A", anzahl="0:1"), a_field("B", anzahl="0:1")),
        """
[[page]]
id = "eins"
title = "Eins"
fields = ["a"]
[[page]]
id = "zwei"
title = "Zwei"
fields = ["b"]
[field.b]
show = "a == 'x'"
""",
    )
    assert keys_of(evaluated(form, {})) == ["eins"]
    assert keys_of(evaluated(form, {"a": "x"})) == ["eins", "zwei"]


def test_rounds_may_lie_within_rounds() -> None:
    tree = a_tree(
        a_group(
            "Haushalt", a_field("Name"), a_group("Kinder", a_field("Vorname"), anzahl="0:*"), anzahl="1:*"
        ),
        a_field("Ende", anzahl="0:1"),
    )
    form = a_form(
        tree,
        """
[[page]]
id = "haushalt"
title = "Haushalt"
repeat = "haushalt"
fields = ["haushalt.name"]
[[page]]
id = "kind"
title = "Kind"
repeat = "haushalt.kinder"
fields = ["haushalt.kinder.vorname"]
[[page]]
id = "ende"
title = "Ende"
fields = ["ende"]
""",
    )
    journey = evaluated(form, {"haushalt": [{"name": "A", "kinder": [{"vorname": "X"}, {}]}, {"name": "B"}]})
    assert keys_of(journey) == [
        "haushalt",
        "haushalt.0.haushalt",
        "haushalt.0.kinder",
        "haushalt.0.kinder.0.kind",
        "haushalt.0.kinder.1.kind",
        "haushalt.1.haushalt",
        "haushalt.1.kinder",
        "ende",
    ]
    assert codes_of(journey) == {"haushalt[0].kinder[1].vorname": "required"}
    assert journey.next_page("haushalt.0.kinder.1.kind") == "haushalt.0.kinder"
    assert journey.next_page("haushalt.0.kinder") == "haushalt.0.kinder.1.kind"
    assert journey.next_page("haushalt.1.kinder") == "haushalt"
    assert journey.previous_page("haushalt.1.haushalt") == "haushalt"
    assert journey.previous_page("ende") == "haushalt"


def test_the_review_shows_every_question_with_its_answer(company: Form) -> None:
    answers: Answers = {
        "rechtsform": "EU",
        "inhaber": {"name": "Ada", "geburtsdatum": {"tag": 3, "monat": 4, "jahr": 1990}},
    }
    review = evaluated(company, answers).review
    assert [section.title for section in review] == ["Vorhaben", "Person", ""]
    entries = [(entry.label, entry.value, entry.page) for section in review for entry in section.entries]
    assert entries == [
        ("Rechtsform", "Einzelunternehmen", "rechtsform"),
        ("Name", "Ada", "inhaber"),
        ("Geburtsdatum", "03.04.1990", "inhaber"),
        ("Bemerkung", "", "schluss"),
    ]


@pytest.mark.parametrize(
    "answers",
    [
        {"rechtsform": 5},
        {"inhaber": "Ada", "rechtsform": "EU"},
        {"gesellschafter": {"vorname": "Ada"}, "rechtsform": "GBR"},
        {"gesellschafter": ["Ada"], "rechtsform": "GBR"},
        {"unbekannt": {"tief": [1]}},
        {"rechtsform": "EU", "inhaber": {"geburtsdatum": {"jahr": "1990"}}},
        {"rechtsform": "\ud800"},
        {"rechtsform": "EU", "inhaber": {"geburtsdatum": {"jahr": 10**30}}},
    ],
)
def test_answers_of_a_wrong_shape_are_named_and_never_crash(company: Form, answers: dict[str, Any]) -> None:
    journey = evaluated(company, answers)
    assert evaluated(company, journey.answers).answers == journey.answers

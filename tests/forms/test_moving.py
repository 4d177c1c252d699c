"""Answers move to a newer version of their form, and nothing anybody answered is lost."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from rathaus.drafting import DraftError, draft_from_document, generate_answers
from rathaus.editing import Files
from rathaus.editing.rules import compiled_form
from rathaus.forms import Answers, Form, FormDefinition
from rathaus.forms.corresponding import correspondence
from rathaus.forms.keys import get
from rathaus.forms.moving import Move, Moved, _values, move
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.model import DataType, Placement
from rathaus.standards.xdatenfelder.writer import write_schema
from tests.drafting.mutation import mutated
from tests.drafting.schemata import TODAY, VERSION_3, drafted
from tests.forms.building import TOWN, a_field, a_group, a_tree
from tests.standards.shared_data import needs_shared_data


def _form(*children: Placement) -> Form:
    tree = a_tree(*children)
    pages = [
        {"id": f"p{number}", "title": "Seite", "fields": [child.key]}
        for number, child in enumerate(tree.root.children)
    ]
    return Form.compile(tree, FormDefinition.from_toml({"page": pages}, ""))


def _compiled(files: Files) -> Form:
    form = compiled_form(files)
    assert form is not None
    return form


def _moved(answers: Answers, old: Form, new: Form) -> Moved:
    return move(answers, old, new, town=TOWN, today=TODAY)


def test_an_answer_goes_along_with_its_field_when_fim_renames_it() -> None:
    old = _form(a_field("Wohnort", fim_id="F1"))
    new = _form(a_field("Wohnsitz", fim_id="F1"))
    found = _moved({"wohnort": "Hannover"}, old, new)
    assert found.answers == {"wohnsitz": "Hannover"}
    assert found.moved == ((("wohnort",), ("wohnsitz",)),)
    assert not found.newly_open


def test_an_answer_goes_along_when_its_field_moves_to_another_group() -> None:
    phone = a_field("Telefon", fim_id="F1")
    old = _form(
        a_group("Person", a_field("Name", fim_id="F2"), phone),
        a_group("Kontakt", a_field("Ort", fim_id="F3")),
    )
    new = _form(
        a_group("Person", a_field("Name", fim_id="F2")),
        a_group("Kontakt", a_field("Ort", fim_id="F3"), phone),
    )
    found = _moved({"person": {"name": "Mira", "telefon": "+49 5111"}}, old, new)
    assert found.answers == {"person": {"name": "Mira"}, "kontakt": {"telefon": "+49 5111"}}
    assert found.kept == (("person", "name"),)


def test_what_fits_no_more_is_set_aside_with_the_reason() -> None:
    old = _form(a_field("Name", fim_id="F1"), a_field("Anlass", fim_id="F2"))
    new = _form(a_field("Name", fim_id="F1", max_length=3))
    found = _moved({"name": "Mira", "anlass": "Umzug"}, old, new)
    assert found.answers == {}
    assert [(one.path, one.value, one.why) for one in found.set_aside] == [
        (("name",), "Mira", "refused"),
        (("anlass",), "Umzug", "gone"),
    ]


def test_what_is_asked_now_and_was_not_before_is_named() -> None:
    name = a_field("Name", fim_id="F1")
    old = _form(name, a_field("Ort", fim_id="F2", anzahl="0:1"))
    new = _form(name, a_field("Ort", fim_id="F2"), a_field("Beruf", fim_id="F3", anzahl="0:1"))
    assert _moved({"name": "Mira"}, old, new).newly_open == ("ort", "beruf")
    assert _moved({"name": "Mira", "ort": "Celle"}, old, new).newly_open == ("beruf",)
    assert _moved({}, old, old).is_quiet


def test_entries_of_lists_keep_their_places() -> None:
    def people(*more: Placement) -> Form:
        return _form(a_group("Partner", a_field("Name", fim_id="F1", anzahl="0:1"), *more, anzahl="0:*"))

    old, new = people(a_field("Ort", fim_id="F2")), people()
    found = _moved({"partner": [{"ort": "Celle"}, {"name": "Ida"}]}, old, new)
    assert found.answers == {"partner": [{}, {"name": "Ida"}]}
    assert [one.path for one in found.set_aside] == [("partner", 0, "ort")]


def test_one_of_several_answers_stays_where_only_one_may_be_given() -> None:
    old = _form(a_field("Sprache", fim_id="F1", anzahl="0:*"))
    new = _form(a_field("Sprache", fim_id="F1", anzahl="0:1"))
    found = _moved({"sprache": ["de", "en"]}, old, new)
    assert found.answers == {"sprache": "de"}
    assert [one.value for one in found.set_aside] == ["en"]
    assert _moved({"sprache": "de"}, new, old).answers == {"sprache": ["de"]}


def test_values_close_up_behind_one_that_fits_no_more() -> None:
    old = _form(a_field("Art", codes={"a": "A", "b": "B", "c": "C"}, fim_id="F1", anzahl="0:*"))
    new = _form(a_field("Art", codes={"b": "B", "c": "C"}, fim_id="F1", anzahl="0:*"))
    assert _moved({"art": ["a", "b", "c"]}, old, new).answers == {"art": ["b", "c"]}


def test_a_file_is_one_answer() -> None:
    file = {"id": "1", "name": "a.pdf", "size": 3, "media_type": "application/pdf", "sha256": "x"}
    old = _form(a_field("Nachweis", DataType.FILE, fim_id="F1"))
    assert _moved({"nachweis": file}, old, _form(a_field("Beleg", DataType.FILE, fim_id="F1"))).answers == {
        "beleg": file
    }
    assert _moved({"nachweis": file}, old, _form(a_field("Name"))).set_aside[0].value == file


@needs_shared_data
@pytest.mark.parametrize("path", VERSION_3, ids=lambda path: path.name.partition(".")[0])
def test_every_answer_of_a_real_form_is_kept_moved_or_set_aside(path: Path) -> None:
    schema = read_document(path.read_bytes()).schema
    old = _compiled(drafted(path).files)
    for seed in range(2):
        other = mutated(schema, random.Random(f"{path.name}/{seed}"), 0.15)
        try:
            new = _compiled(draft_from_document(write_schema(other), today=TODAY).files)
        except DraftError:
            continue
        answers = generate_answers(old, seed, today=TODAY)
        way = Move(old, new)
        found = way(answers, town=TOWN, today=TODAY)
        told = [*found.kept, *(was for was, _ in found.moved), *(one.path for one in found.set_aside)]
        assert sorted(map(str, told)) == sorted(str(path) for path, _ in _values(answers, (), old.tree.root))
        for path_ in found.kept:
            assert str(get(found.answers, path_)) == str(get(answers, path_))
        assert len(set(way.paths.values())) == len(way.paths)
        assert not _problems(new, found.answers)


def _problems(form: Form, answers: Answers) -> list[Any]:
    return list(form.normalise(answers, today=TODAY)[1])


@needs_shared_data
@pytest.mark.parametrize("path", VERSION_3[:4], ids=lambda path: path.name.partition(".")[0])
def test_nothing_happens_to_answers_whose_form_stays(path: Path) -> None:
    form = _compiled(drafted(path).files)
    answers = generate_answers(form, 1, today=TODAY)
    found = _moved(answers, form, form)
    assert found.is_quiet
    assert correspondence(form.tree, form.tree) == {address: address for address in form.tree.nodes}

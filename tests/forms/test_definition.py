"""What the check of a service says about a form that is not right."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from rathaus.forms import DefinitionError, DefinitionProblem, Form, FormDefinition, SchemaTree
from rathaus.standards.genericode import read_code_list
from rathaus.standards.xdatenfelder.model import DataType, FieldKind
from rathaus.standards.xdatenfelder.reader import read_schema
from tests.forms.building import TODAY, TOWN, a_field, a_form, a_group, a_tree

SERVICES = Path(__file__).parents[2] / "services"


def checked(tree: SchemaTree, toml: str) -> list[DefinitionProblem]:
    return Form.check(tree, FormDefinition.from_toml(tomllib.loads(toml), toml))


PAGE = """
[[page]]
id = "eins"
title = "Eins"
fields = ["a", "kinder"]
"""

ROUND = """
[[page]]
id = "kinder"
title = "Kinder?"
fields = ["b"]
[[page]]
id = "kind"
title = "Kind"
repeat = "kinder"
fields = []
"""


def a_small_tree() -> SchemaTree:
    return a_tree(
        a_field("A"),
        a_field("B", anzahl="0:1"),
        a_group("Kinder", a_field("Name"), a_field("Alter", DataType.NUM_INT), anzahl="0:*"),
    )


@pytest.mark.parametrize(
    ("toml", "rule", "words"),
    [
        ("", "form.pages", "no page"),
        ("page = 5", "toml.table", "not a list of tables"),
        (PAGE + "[[page]]\nid='eins'\ntitle='X'\nfields=['b']", "page.duplicate", "used twice"),
        (PAGE + "[[page]]\nid='Zwei!'\ntitle='X'\nfields=['b']", "page.id", "no page id"),
        (PAGE + ROUND, "page.id", "same address"),
        (PAGE + "[[page]]\nid='zwei'\ntitle='X'\nfields=['a']", "page.duplicate", "eins and on page zwei"),
        (PAGE + "[[page]]\nid='zwei'\ntitle='X'\nfields=['bb']", "page.field", "no bb"),
        (PAGE + "[[page]]\nid='zwei'\ntitel='X'\nfields=['b']", "toml.key", "titel"),
        (PAGE + "[[page]]\nid='zwei'\nfields=['b']", "toml.missing", "title is missing"),
        (PAGE + "[[page]]\nid='zwei'\ntitle='X'\nfields='b'", "toml.type", "not a list of texts"),
        (PAGE + "[[page]]\nid='zwei'\ntitle='X'\nfields=['b']\nrepeat='b'", "page.repeat", "not a repeatable group"),
        (PAGE + "[[page]]\nid='zwei'\ntitle='X'\nfields=['b']\nrepeat='kinder'", "page.repeat", "not part of kinder"),
        (PAGE + "[[page]]\nid='zwei'\ntitle='X'\nfields=['b']\nshow='a == 5'", "rule", "cannot be used"),
        (PAGE + "[[page]]\nid='zwei'\ntitle='X'\nfields=['b']\nshow='aa == 1'", "rule", "did you mean 'a'"),
        (PAGE + "[field.c]\nlabel='C'", "field.path", "no c"),
        (PAGE + "[field.a]\nwidget='slider'", "field.widget", "slider"),
        (PAGE + "[field.a]\ndefault='5'", "rule", "cannot be used"),
        (PAGE + "[field.kinder]\ndefault='5'", "field.default", "field with a value"),
        (PAGE + "[field.'kinder.name']\nshow='self.alt > 5'", "rule", "cannot be used"),
        (PAGE + "[[check]]\nid='x'\nvalid='a'\nmessage='m'", "rule", "yes or no"),
        (PAGE + "[[check]]\nid='x'\nvalid='true'\nmessage='m'\nfields=['q']", "check.field", "no q"),
        (PAGE + "[[check]]\nid='x'\nvalid='true'\nmessage='m'\nfields=['a','kinder.name']", "check.scope", "different"),
        (PAGE + "[[check]]\nid='x'\nvalid='true'\nmessage='m'\nlevel='hint'", "check.level", "hint"),
        ("[[page]]\nid='eins'\ntitle='Eins'\nfields=['b']", "page.missing", "requires a"),
        ("[[page]]\nid='eins'\ntitle='Eins'\nfields=['a', 'kinder.name']", "page.missing", "requires kinder.alter"),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_a_remedy(toml: str, rule: str, words: str) -> None:
    problems = checked(a_small_tree(), toml)
    found = [problem for problem in problems if problem.rule == rule]
    assert found, problems
    assert any(words in str(problem) for problem in found), found
    assert all(problem.remedy for problem in found)


def test_problems_name_their_line() -> None:
    toml = PAGE + "\n[field.b]\nshow = 'a >'\n[[check]]\nid = 'x'\nvalid = 'q'\nmessage = 'm'\n"
    lines = {problem.where: problem.line for problem in checked(a_small_tree(), toml)}
    assert lines == {"field b": 7, "check x": 10}


def test_a_fatal_problem_makes_no_form_and_names_all() -> None:
    toml = PAGE + "[field.c]\nlabel='C'\n[field.d]\nlabel='D'"
    with pytest.raises(DefinitionError) as raised:
        a_form(a_small_tree(), toml)
    assert len(raised.value.problems) == 2


def test_an_optional_group_on_a_conditional_page_is_warned_of() -> None:
    tree = a_tree(a_field("A"), a_group("Konto", a_field("IBAN"), anzahl="0:1"))
    toml = """
[[page]]
id = "eins"
title = "Eins"
fields = ["a"]
[[page]]
id = "zwei"
title = "Zwei"
fields = ["konto"]
show = "a == 'x'"
"""
    assert [(problem.rule, problem.level) for problem in checked(tree, toml)] == [
        ("page.optional", "warning")
    ]
    assert not checked(tree, toml + '[field.konto]\nrequire = "true"\n')


def test_computed_values_must_not_depend_on_each_other() -> None:
    tree = a_tree(
        a_field("A", DataType.NUM_INT, kind=FieldKind.HIDDEN),
        a_field("B", DataType.NUM_INT, kind=FieldKind.HIDDEN),
        a_field("C"),
    )
    toml = "[[page]]\nid='eins'\ntitle='Eins'\nfields=['c']\n[field.a]\ndefault='b + 1'\n[field.b]\ndefault='a + 1'\n"
    assert [problem.rule for problem in checked(tree, toml)] == ["field.cycle"]


def test_missing_code_lists_are_fatal() -> None:
    tree = a_tree(a_field("Staat", code_list="urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:staat"))
    problems = checked(tree, "[[page]]\nid='eins'\ntitle='Eins'\nfields=['staat']\n")
    assert [problem.rule for problem in problems] == ["schema.codes"]


def test_translations_are_complete_or_named() -> None:
    tree = a_tree(a_field("Art", codes={"1": "Eins", "2": "Zwei"}), a_field("Ort", help_text="Wo?"))
    toml = PAGE.replace('"a", "kinder"', '"art", "ort"') + "[[check]]\nid='x'\nvalid='true'\nmessage='m'\n"
    definition = FormDefinition.from_toml(tomllib.loads(toml), toml)
    partial = {
        "field": {"art": {"label": "Kind"}},
        "codes": {"art": {"1": "One"}},
        "page": {"zwei": {"title": "X"}},
    }
    problems = Form.check(tree, definition, {"en": partial, "de-simple": {}})
    assert sorted(problem.where for problem in problems if problem.rule == "translation.missing") == [
        '[check."x"] message',
        '[codes."art"]',
        '[field."ort"] help',
        '[field."ort"] label',
        '[page."eins"] title',
    ]
    assert [problem.where for problem in problems if problem.rule == "translation.unknown"] == ["[page.zwei]"]
    assert {problem.level for problem in problems} == {"warning"}


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in SERVICES.glob("*/form.toml")))
def test_the_shipped_forms_compile(folder: str) -> None:
    service = SERVICES / folder
    lists = [read_code_list(path) for path in sorted((service / "codelists").glob("*.xml"))]
    tree = SchemaTree.build(
        read_schema(service / "schema.xdf.xml"), {found.canonical_uri: found for found in lists}
    )
    text = (service / "form.toml").read_text()
    form = Form.compile(tree, FormDefinition.from_toml(tomllib.loads(text), text))
    assert not form.problems
    journey = form.evaluate({}, town=TOWN, today=TODAY)
    assert journey.pages
    for page in journey.pages:
        assert form.page(page.key, {}, town=TOWN, today=TODAY, journey=journey).title

"""Whatever the schema and whatever the answers: the engine never falls over, and keeps its promises."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rathaus.forms import Answers, Form, FormDefinition, SchemaTree
from rathaus.forms.display import format_value, input_value
from rathaus.forms.keys import walk
from rathaus.forms.pageview import Question, RepeatBlock, TextBlock
from rathaus.forms.scopes import Look
from rathaus.forms.tree import FieldNode, GroupNode
from rathaus.forms.values import ValueProblem, check_value, parse_value
from rathaus.standards.xdatenfelder.model import DataType, FieldKind, Placement
from tests.forms.building import TODAY, TOWN, a_field, a_group, a_partial_date, a_tree

QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
MANY = settings(QUICK, max_examples=150)

NAMES = st.sampled_from(
    ["Name", "Ort", "E-Mail", "Telefon", "PLZ", "IBAN", "Straße", "Betrag", "in", "Tag", "3. Wert"]
)
COUNTS = st.sampled_from(["0:1", "1:1", "0:*", "1:*", "2:5", "0:2"])
CODES = {"01": "Eins", "02": "Zwei", "x y": "Drei"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def fields(draw: st.DrawFn) -> Placement:
    datatype = draw(st.sampled_from(DataType))
    kind = draw(
        st.sampled_from([FieldKind.INPUT] * 6 + [FieldKind.LABEL, FieldKind.HIDDEN, FieldKind.LOCKED])
    )
    choice = draw(st.booleans()) and kind is FieldKind.INPUT
    limits: dict[str, Any] = {}
    if datatype in (DataType.TEXT, DataType.TEXT_LATIN):
        limits["max_length"] = draw(st.none() | st.integers(1, 400))
        limits["pattern"] = draw(st.none() | st.sampled_from(["[A-Z]+", "(a+)+", "(", "[0-9]{5}"]))
    elif datatype in (DataType.NUM, DataType.NUM_INT, DataType.NUM_CURRENCY):
        limits["min_value"] = draw(st.none() | st.sampled_from(["-5", "0", "0,5", "x"]))
    fixed = kind in (FieldKind.HIDDEN, FieldKind.LOCKED)
    return a_field(
        "Vermerk" if fixed else draw(NAMES),
        DataType.TEXT if choice else datatype,
        anzahl=draw(COUNTS),
        codes=CODES if choice else None,
        kind=None if choice else kind,
        content="" if datatype is not DataType.TEXT else draw(st.sampled_from(["", "Inhalt"])),
        **({} if fixed else limits),
    )


def groups(children: st.SearchStrategy[Placement]) -> st.SearchStrategy[Placement]:
    return st.builds(
        lambda name, inner, count, choice: a_group(name, *inner, anzahl=count, is_choice=choice),
        NAMES,
        st.lists(children, min_size=1, max_size=4),
        COUNTS,
        st.booleans(),
    )


PLACEMENTS = st.recursive(
    fields() | st.builds(a_partial_date, NAMES, st.sampled_from(["Tag", "Tag (ohne Monat und Jahr)"])),
    groups,
    max_leaves=8,
)
TREES = st.lists(PLACEMENTS, min_size=1, max_size=5).map(lambda placements: a_tree(*placements))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A form that asks for everything: some repeatable groups in rounds, some conditions."""
    tree: SchemaTree = draw(TREES)
    pages: list[dict[str, Any]] = []
    flags = [node.key for node in tree.root.children if _is_flag(node)]
    for number, child in enumerate(tree.root.children):
        page: dict[str, Any] = {"id": f"seite{number}", "title": "Seite", "fields": [child.address]}
        if isinstance(child, GroupNode) and child.repeatable and draw(st.booleans()):
            page |= {"repeat": child.address, "fields": [inner.address for inner in child.children]}
        if flags:
            page["show"] = draw(st.sampled_from(["", flags[0], f"!{flags[0]}"]))
        pages.append(page)
    rules: dict[str, Any] = {}
    addresses: list[str] = draw(st.lists(st.sampled_from(sorted(tree.nodes)), max_size=3))
    for address in addresses:
        node = tree.nodes[address]
        named = node.scope.parent is not None and len(node.local) == 1
        named = named and not (isinstance(node, FieldNode) and node.is_label)
        seen = f"has(self.{node.key})" if named else "true"
        rules[address] = (
            {"require": seen} if draw(st.booleans()) else {"show": draw(st.sampled_from(["true", "false"]))}
        )
    return Form.compile(tree, FormDefinition.from_toml({"page": pages, "field": rules}), {"en": {}})


def _is_flag(node: FieldNode | GroupNode) -> bool:
    return (
        isinstance(node, FieldNode)
        and node.datatype is DataType.BOOL
        and not (node.repeatable or node.is_label)
    )


def single_values(node: FieldNode) -> st.SearchStrategy[Any]:
    if node.is_choice:
        return st.sampled_from(sorted(CODES))
    if node.is_file:
        file = {"id": "1", "name": "a.pdf", "size": 5, "media_type": "application/pdf", "sha256": "0"}
        return st.just(file)
    return {
        DataType.BOOL: st.booleans(),
        DataType.DATE: st.dates().map(str),
        DataType.TIME: st.times().map(lambda time: f"{time:%H:%M}"),
        DataType.DATETIME: st.datetimes().map(lambda moment: moment.isoformat(timespec="minutes")),
        DataType.NUM_INT: st.integers(-(10**17), 10**17),
        DataType.NUM: st.decimals(-(10**12), 10**12, places=3).map(str),
        DataType.NUM_CURRENCY: st.decimals(-(10**12), 10**12, places=2).map(str),
    }.get(node.datatype, st.text(max_size=12))


def answers_for(group: GroupNode) -> st.SearchStrategy[Answers]:
    """Answers that fit the shape of the schema; limits may be broken, anything may be missing."""
    members: dict[str, st.SearchStrategy[Any]] = {}
    for child in group.children:
        if isinstance(child, FieldNode) and child.is_label:
            continue
        single: st.SearchStrategy[Any] = (
            answers_for(child) if isinstance(child, GroupNode) else single_values(child)
        )
        members[child.key] = st.lists(single, max_size=3) if child.repeatable else single
    return st.fixed_dictionaries({}, optional=members)


def evaluated(form: Form, answers: Any) -> Any:
    return form.evaluate(answers, town=TOWN, today=TODAY)


@MANY
@given(st.data())
def test_evaluating_settles_in_one_go_and_always_the_same(data: st.DataObject) -> None:
    form = data.draw(forms())
    answers = data.draw(answers_for(form.tree.root))
    before = json.dumps(answers)
    journey = evaluated(form, answers)
    again = evaluated(form, journey.answers)
    assert json.dumps(answers) == before
    assert again.answers == journey.answers
    assert again.pruned == ()
    assert [page.key for page in again.pages] == [page.key for page in journey.pages]
    assert journey.problems == evaluated(form, answers).problems
    assert {problem.page for problem in journey.problems} <= {page.key for page in journey.pages}
    for page in journey.pages:
        following = journey.next_page(page.key)
        assert following is None or journey.page(following) is not None
        before_it = journey.previous_page(page.key)
        assert before_it is None or journey.page(before_it) is not None
    assert journey.review == again.review


@MANY
@given(st.data(), JSON)
def test_any_json_is_judged_without_falling_over(data: st.DataObject, anything: Any) -> None:
    form = data.draw(forms())
    if isinstance(anything, dict) and data.draw(st.booleans()):
        keys = [child.key for child in form.tree.root.children]
        anything = dict(zip(keys, anything.values(), strict=False))
    accepted = form.accept(anything, town=TOWN, today=TODAY)
    assert json.dumps(accepted.answers)
    assert form.accept(accepted.answers, town=TOWN, today=TODAY).answers == accepted.answers
    if isinstance(anything, dict):
        evaluated(form, anything)


@QUICK
@given(st.data())
def test_the_way_through_the_pages_ends_at_the_review(data: st.DataObject) -> None:
    form = data.draw(forms())
    journey = evaluated(form, data.draw(answers_for(form.tree.root)))
    if not journey.complete or not journey.pages:
        return
    key, steps = journey.first_page, 0
    seen = set()
    while key is not None:
        assert steps <= 3 * len(journey.pages) + 3
        seen.add(key)
        key, steps = journey.next_page(key), steps + 1
    assert {page.key for page in journey.pages if not page.entry} <= seen


@MANY
@given(st.data())
def test_a_page_shows_what_was_typed(data: st.DataObject) -> None:
    form = data.draw(forms())
    answers = data.draw(answers_for(form.tree.root))
    journey = evaluated(form, answers)
    if not journey.pages:
        return
    key = data.draw(st.sampled_from([page.key for page in journey.pages]))
    names = control_names(form.page(key, answers, town=TOWN, today=TODAY))
    posted = {name: [data.draw(st.text(max_size=6))] for name in names}
    result = form.submit_page(key, answers, posted, town=TOWN, today=TODAY)
    again = form.submit_page(key, answers, posted, town=TOWN, today=TODAY)
    assert (again.answers, again.problems) == (result.answers, result.problems)
    if result.journey.page(key) is None:
        return
    page = form.page(
        key, result.answers, town=TOWN, today=TODAY, typed=result.typed, problems=result.problems
    )
    assert len(page.summary) == len(result.problems)
    if not result.problems:
        return
    shown = typed_values(page)
    for name, values in posted.items():
        if name in shown and values[0].strip():
            assert shown[name] == values[0]


def control_names(page: Any) -> list[str]:
    names: list[str] = []
    for question in all_questions(page.blocks):
        if question.widget == "date":
            names += [part.name for part in question.parts]
        elif question.widget not in ("locked", "file"):
            names.append(question.name)
    return names


def typed_values(page: Any) -> dict[str, str]:
    values: dict[str, str] = {}
    for question in all_questions(page.blocks):
        if question.widget in ("text", "textarea"):
            values[question.name] = question.value
        values |= {part.name: part.value for part in question.parts}
    return values


def all_questions(blocks: Any) -> list[Question]:
    found: list[Question] = []
    for block in blocks:
        if isinstance(block, Question):
            found.append(block)
        elif isinstance(block, RepeatBlock):
            found += [question for entry in block.entries for question in all_questions(entry.blocks)]
        elif not isinstance(block, TextBlock):
            found += all_questions(block.blocks)
    return found


@MANY
@given(fields(), st.data(), st.sampled_from(["de", "en"]))
def test_every_value_is_read_back_as_it_was_put_into_its_input(
    placement: Placement, data: st.DataObject, language: str
) -> None:
    (node,) = a_tree(placement).root.children
    assert isinstance(node, FieldNode)
    if node.is_label or node.is_file:
        return
    value = parse_value(node, data.draw(single_values(node)), TODAY, language)
    if value is None or isinstance(value, ValueProblem):
        return
    assert check_value(node, value, language) is None
    assert parse_value(node, input_value(node, value, language), TODAY, language) == value
    assert format_value(node, value, language)


@MANY
@given(fields(), JSON, st.sampled_from(["de", "en"]))
def test_reading_anything_gives_a_value_that_holds_or_a_reason(
    placement: Placement, raw: Any, language: str
) -> None:
    (node,) = a_tree(placement).root.children
    assert isinstance(node, FieldNode)
    value = parse_value(node, raw, TODAY, language)
    if value is not None and not isinstance(value, ValueProblem):
        assert check_value(node, value, language) is None


@QUICK
@given(st.data())
def test_the_json_schema_accepts_what_the_engine_accepts(data: st.DataObject) -> None:
    import jsonschema_rs

    form = data.draw(forms())
    validator = jsonschema_rs.Draft202012Validator(form.json_schema())
    accepted = form.accept(data.draw(answers_for(form.tree.root)), town=TOWN, today=TODAY)
    if accepted.ok:
        assert validator.is_valid(accepted.answers), list(validator.iter_errors(accepted.answers))
    assert all(path for path, _ in walk(accepted.answers))


@MANY
@given(st.data(), forms())
def test_looking_again_only_at_what_changed_sees_what_a_fresh_look_sees(
    data: st.DataObject, form: Form
) -> None:
    answers = data.draw(answers_for(form.tree.root))

    def fresh(look: Look, answers: Answers, changed: Collection[str]) -> Look:
        return Look.at(look.plan, answers, TOWN, TODAY)

    quick = evaluated(form, answers)
    with mock.patch.object(Look, "after", fresh):
        slow = evaluated(form, answers)
    assert quick.answers == slow.answers
    assert quick.problems == slow.problems
    assert quick.pages == slow.pages
    assert quick.rule_failures == slow.rule_failures

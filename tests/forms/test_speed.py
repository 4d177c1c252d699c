"""How long an evaluation may take. CPU time of the best of several runs, with room for slow machines."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable

import pytest

from rathaus.forms import Answers, Form, FormDefinition, SchemaTree
from rathaus.standards.xdatenfelder.model import DataType, FieldKind
from rathaus.standards.xdatenfelder.reader import read_schema
from tests.forms.building import TODAY, TOWN, a_field, a_form, a_group, a_tree
from tests.forms.large_forms import large_answers, large_package, typed_page
from tests.portal.test_page_speed import report


def milliseconds(work: Callable[[], object], runs: int = 8) -> float:
    work()
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(runs):
            work()
        best = min(best, (time.process_time() - start) / runs)
    return best * 1000


def large_form(rules: int) -> Form:
    files = large_package(rules=rules)
    text = files["form.toml"].decode()
    tree = SchemaTree.build(read_schema(files["schema.xdf.xml"]))
    return Form.compile(tree, FormDefinition.from_toml(tomllib.loads(text), text))


def test_ten_pages_of_twenty_fields_with_a_hundred_rules_take_milliseconds() -> None:
    form, answers = large_form(100), large_answers()
    assert form.evaluate(answers, town=TOWN, today=TODAY).complete
    posted = {name: [value] for name, value in typed_page(5).items()}

    def submit() -> None:
        assert form.submit_page("seite-5", answers, posted, town=TOWN, today=TODAY).ok

    evaluated = milliseconds(lambda: form.evaluate(answers, town=TOWN, today=TODAY))
    submitted = milliseconds(submit)
    report(
        **{"engine alone, evaluated, 100 rules": evaluated, "engine alone, page posted, 100 rules": submitted}
    )
    # Aim: 5 ms; measured 1 ms and 1.2 ms. The peer's rule check takes 80 ms for a form of this size.
    assert evaluated < 5
    assert submitted < 5


def test_the_time_of_an_evaluation_grows_at_most_linearly_with_the_rules() -> None:
    answers = large_answers()
    spent = {}
    for rules in (100, 200, 500, 1000):
        form = large_form(rules)
        assert form.evaluate(answers, town=TOWN, today=TODAY).complete
        spent[rules] = milliseconds(lambda form=form: form.evaluate(answers, town=TOWN, today=TODAY))  # type: ignore[misc]
    report(**{f"engine alone, evaluated, {rules} rules": number for rules, number in spent.items()})
    for fewer, more in ((100, 500), (100, 1000), (200, 1000), (500, 1000)):
        assert spent[more] < 1.25 * spent[fewer] * more / fewer


def a_chain(length: int, checks: int) -> Form:
    """Two hundred choices; each of the first is asked only if the one before it was answered with `a`."""
    codes = {"a": "A", "b": "B"}
    tree = a_tree(
        *(
            a_group(f"G{g}", *(a_field(f"F{f}", codes=codes, anzahl="0:1") for f in range(20)))
            for g in range(10)
        )
    )
    places = [f"g{g}.f{f}" for g in range(10) for f in range(20)]
    return a_form(
        tree,
        "".join(
            [
                *(f'[[page]]\nid = "s{g}"\ntitle = "S"\nfields = ["g{g}"]\n' for g in range(10)),
                *(
                    f'[field."{places[n]}"]\nshow = "{places[n - 1]} == \'a\'"\n'
                    for n in range(1, length + 1)
                ),
                *(
                    f'[[check]]\nid = "c{n}"\nvalid = "{places[n % 200]} != \'x{n}\'"\n'
                    f'fields = ["{places[n % 200]}"]\nmessage = "m"\n'
                    for n in range(checks)
                ),
            ]
        ),
    )


def test_answers_that_hide_each_other_in_a_long_chain_stay_within_the_limit() -> None:
    form = a_chain(20, 80)
    answers: Answers = {f"g{g}": {f"f{f}": "a" for f in range(20)} for g in range(10)}
    answers["g0"]["f0"] = "b"
    journey = form.evaluate(answers, town=TOWN, today=TODAY)
    assert len(journey.pruned) == 20
    spent = milliseconds(lambda: form.evaluate(answers, town=TOWN, today=TODAY), 2)
    report(**{"engine alone, a chain of 20 answers dropped, 100 rules": spent})
    assert spent < 10


@pytest.mark.parametrize("computed", [10, 100])
def test_computed_values_cost_no_look_at_all_answers_each(computed: int) -> None:
    whole = DataType.NUM_INT
    tree = a_tree(
        *(
            a_group(
                f"G{g}",
                *(a_field(f"F{f}", whole) for f in range(20)),
                *(a_field(f"C{c}", whole, kind=FieldKind.LOCKED) for c in range(computed // 10)),
            )
            for g in range(10)
        )
    )
    form = a_form(
        tree,
        "".join(
            [
                *(f'[[page]]\nid = "s{g}"\ntitle = "S"\nfields = ["g{g}"]\n' for g in range(10)),
                *(
                    f'[field."g{n % 10}.c{n // 10}"]\ndefault = "g{n % 10}.f1 + g{(n + 1) % 10}.f{n // 10}"\n'
                    for n in range(computed)
                ),
            ]
        ),
    )
    answers: Answers = {f"g{g}": {f"f{f}": 3 for f in range(20)} for g in range(10)}
    journey = form.evaluate(answers, town=TOWN, today=TODAY)
    assert journey.answers["g4"]["c0"] == 6
    assert milliseconds(lambda: form.evaluate(answers, town=TOWN, today=TODAY), 2) < 10

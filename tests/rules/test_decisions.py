from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.rules.decisions import NAMESPACE, DecisionError, HitPolicy, read_decision
from rathaus.rules.expressions import BOOL, DOUBLE, INT, MAP, STRING, TIMESTAMP, Environment, ListOf, Record

ENVIRONMENT = Environment(
    {
        "rechtsform": STRING,
        "mitarbeiter": INT,
        "kapital": DOUBLE,
        "handwerk": BOOL,
        "town": MAP,
        "inhaber": ListOf(Record({"geburtsdatum": TIMESTAMP}, "inhaber")),
        "today": TIMESTAMP,
    }
)


def dmn(
    rules: list[tuple[list[str], list[str]]],
    inputs: tuple[str, ...] = ("rechtsform", "mitarbeiter"),
    outputs: tuple[str, ...] = ('name="gebuehr" typeRef="integer"',),
    policy: str = 'hitPolicy="UNIQUE"',
    default: str = "",
    language: str = "urn:cel",
) -> bytes:
    def entry(kind: str, text: str) -> str:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        return f"<{kind}><text>{escaped}</text></{kind}>"

    rows = "\n".join(
        f'<rule id="r{number}">{"".join(entry("inputEntry", text) for text in conditions)}'
        f"{''.join(entry('outputEntry', text) for text in results)}"
        f"<annotationEntry><text>§ {number}</text></annotationEntry></rule>"
        for number, (conditions, results) in enumerate(rules, start=1)
    )
    columns = "".join(f"<input>{entry('inputExpression', source)}</input>" for source in inputs)
    defaults = entry("defaultOutputEntry", default) if default else ""
    heads = "".join(f"<output {output}>{defaults}</output>" for output in outputs)
    return f"""<definitions xmlns="{NAMESPACE}" expressionLanguage="{language}"><decision id="d" name="Gebühr">
<decisionTable {policy}>{columns}{heads}
{rows}
</decisionTable></decision></definitions>""".encode()


def decide(document: bytes, **values: object) -> Any:
    return read_decision(document).compile(ENVIRONMENT).decide(values)


FEES = [
    (['"EU", "OHG"', "< 10"], ["2600"]),
    (['"EU", "OHG"', ">= 10"], ["4000"]),
    (["value.startsWith('G')", "-"], ["mitarbeiter * 100"]),
]


@pytest.mark.parametrize(
    ("form", "staff", "fee", "rule"),
    [("EU", 9, 2600, "r1"), ("OHG", 10, 4000, "r2"), ("GmbH", 7, 700, "r3")],
)
def test_the_matching_rule_decides_and_is_named(form: str, staff: int, fee: int, rule: str) -> None:
    decision = decide(dmn(FEES), rechtsform=form, mitarbeiter=staff)
    assert decision.outputs == {"gebuehr": fee}
    assert [(matched.id, matched.annotation) for matched in decision.matched_rules] == [
        (rule, f"§ {rule[1]}")
    ]


def test_no_match_is_an_error_unless_there_is_a_default() -> None:
    with pytest.raises(DecisionError, match="Gebühr: no rule matches, and the table has no default"):
        decide(dmn(FEES), rechtsform="KG")
    decision = decide(dmn(FEES, default="100"), rechtsform="KG")
    assert (decision.outputs, decision.matched_rules) == ({"gebuehr": 100}, ())


OVERLAPPING = [(["-", "> 1"], ["1"]), (["-", "> 2"], ["2"]), (["-", "1 / (value - 9) > 0"], ["3"])]


def test_two_matches_of_a_unique_table_are_an_error() -> None:
    with pytest.raises(DecisionError, match="the rules r1, r2 match together"):
        decide(dmn(OVERLAPPING[:2]), mitarbeiter=5)


def test_first_takes_the_first_match_and_asks_no_further() -> None:
    assert decide(dmn(OVERLAPPING, policy='hitPolicy="FIRST"'), mitarbeiter=9).outputs == {"gebuehr": 1}


def test_collect_gives_all_matches_in_order() -> None:
    collect = dmn(OVERLAPPING[:2], policy='hitPolicy="COLLECT"')
    decision = decide(collect, mitarbeiter=5)
    assert decision.outputs == [{"gebuehr": 1}, {"gebuehr": 2}]
    assert [rule.id for rule in decision.matched_rules] == ["r1", "r2"]
    assert decide(collect, mitarbeiter=0).outputs == []


def test_unique_is_the_default_hit_policy() -> None:
    assert read_decision(dmn(FEES, policy="")).hit_policy is HitPolicy.UNIQUE


def test_whole_numbers_compare_with_decimal_inputs() -> None:
    table = dmn([(["< 1000"], ["1"]), (["1000, 2000.5"], ["2"])], inputs=("kapital",))
    assert decide(table, kapital="999.99").outputs == {"gebuehr": 1}
    assert decide(table, kapital=1000).outputs == {"gebuehr": 2}
    assert decide(table, kapital="2000.50").outputs == {"gebuehr": 2}


def test_yes_and_no_are_literals() -> None:
    table = dmn([(["true"], ["1"]), (["false"], ["0"])], inputs=("handwerk",))
    assert decide(table, handwerk=True).outputs == {"gebuehr": 1}
    assert decide(table).outputs == {"gebuehr": 0}


def test_entries_see_every_variable_and_several_outputs_are_named() -> None:
    table = dmn(
        [(["value > town.settings.limit"], ["town.settings.fee", "'hoch'"])],
        inputs=("mitarbeiter",),
        outputs=('name="gebuehr"', 'name="stufe" typeRef="string"'),
    )
    town = {"settings": {"limit": 3, "fee": 50}}
    assert decide(table, mitarbeiter=4, town=town).outputs == {"gebuehr": 50, "stufe": "hoch"}
    assert read_decision(table).compile(ENVIRONMENT).references == {
        *("mitarbeiter", "town.settings.limit", "town.settings.fee")
    }


def test_an_input_no_entry_asks_for_is_never_evaluated() -> None:
    table = dmn([(["-", "-"], ["1"])], inputs=("inhaber[0].geburtsdatum", "mitarbeiter"))
    assert decide(table).outputs == {"gebuehr": 1}


def test_an_error_while_deciding_names_the_line() -> None:
    table = dmn([(["-", "-"], ["1 / mitarbeiter"])])
    with pytest.raises(DecisionError, match="divide by zero") as caught:
        decide(table, mitarbeiter=0)
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (dmn([(['"EU"', "-"], ["'text'"])]), "the result must be whole number"),
        (dmn([(["5", "-"], ["1"])]), "no matching overload"),
        (dmn([(["-", "mitarbeiter"], ["1"])]), "must be yes or no"),
        (dmn([(["-", "-"], ["mitarbeter"])]), "did you mean 'mitarbeiter'"),
        (dmn([(["-", "-"], ["1.5"])], outputs=('name="a" typeRef="boolean"',)), "must be yes or no"),
        (dmn([(["-", "-"], ["'x'"])], outputs=('name="a" typeRef="number"',)), "must be a number"),
    ],
)
def test_mistakes_are_found_when_compiling_with_their_line(document: bytes, message: str) -> None:
    with pytest.raises(DecisionError, match=message) as caught:
        read_decision(document).compile(ENVIRONMENT)
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b"<definitions/>", "not DMN 1.3"),
        (b"<!DOCTYPE x><definitions/>", "DOCTYPE"),
        (b"<definitions", "not well-formed"),
        (dmn(FEES, language="https://www.omg.org/spec/DMN/20191111/FEEL/"), "expressionLanguage must be"),
        (dmn(FEES, policy='hitPolicy="RULE ORDER"'), "'RULE ORDER' is not supported"),
        (dmn(FEES, policy='hitPolicy="COLLECT" aggregation="SUM"'), "aggregation is not supported"),
        (dmn([]), "has no rules"),
        (dmn(FEES, outputs=()), "needs outputs"),
        (dmn(FEES, outputs=('name="a"', 'name="a"')), "different names"),
        (dmn(FEES, outputs=("",)), "an output needs a name"),
        (dmn([(["-"], ["1"])]), "rule 1 must have 2 input entries and 1 output entries"),
        (
            f'<definitions xmlns="{NAMESPACE}" expressionLanguage="urn:cel"/>'.encode(),
            "exactly one decision table",
        ),
    ],
)
def test_what_is_not_a_decision_table_is_refused(document: bytes, message: str) -> None:
    with pytest.raises(DecisionError, match=message):
        read_decision(document)


@given(st.text(max_size=5), st.integers(-(2**31), 2**31))
def test_a_gapless_table_always_decides(form: str, staff: int) -> None:
    table = dmn([(['"EU"', "< 5"], ["1"]), (['"EU"', ">= 5"], ["2"]), (["value != 'EU'", "-"], ["3"])])
    expected = 3 if form != "EU" else 1 if staff < 5 else 2
    form = form.encode("utf-8", "ignore").decode()
    assert decide(table, rechtsform=form, mitarbeiter=staff).outputs == {"gebuehr": expected}

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.rules.expressions import (
    BOOL,
    DOUBLE,
    DYN,
    INT,
    MAP,
    STRING,
    TIMESTAMP,
    Environment,
    ListOf,
    Record,
    RuleError,
    ValueType,
)
from rathaus.rules.functions import contains_any, days_between, folded, years_between
from tests.rules.business import ADA, ENVIRONMENT, OWNER, VALUES, result


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("rechtsform == 'OHG'", True),
        ("inhaber[0].anschrift.plz", "30159"),
        ("inhaber.exists(i, i.vorname == 'Bo')", True),
        ("inhaber.filter(i, i.anteil > 50.0).map(i, i.vorname)", ["Ada"]),
        ("self.kinder + 1", 3),
        ("'de' in self.sprachen", True),
        ("self.termine[0] < today", True),
        ("kapital * 2.0", 2469.0),
        ("years_between(self.geburtsdatum, today)", 26),
        ("days_between(timestamp('2026-11-20T00:00:00Z'), today)", 3),
        ("folded('Größe')", "groesse"),
        ("contains_any('Eine Gaststätte', ['gaststaett', 'imbiss'])", True),
        ("facts.gebuehr.betrag == 2600", True),
        ("facts.gebuehr.satz * 3.0", 1.5),
        ("facts.gebuehr.ab < today && facts.gebuehr.tage[0] < today", True),
        ("tage.ostern < today", True),
        ("today", datetime(2026, 11, 23, tzinfo=UTC)),
        ("inhaber[1]", {"vorname": "Bo"}),
        ("self.anschrift", {"plz": "30159", "ort": "Hannover"}),
        ("{'a': [1, 2]}", {"a": [1, 2]}),
        ("math.greatest(1, 5)", 5),
        ("' x '.trim()", "x"),
        ("null", None),
    ],
)
def test_a_rule_gives_plain_values(source: str, expected: object) -> None:
    assert result(source) == expected


def test_a_record_result_holds_dates_as_datetimes() -> None:
    assert result("self")["geburtsdatum"] == datetime(2000, 2, 29, tzinfo=UTC)
    assert result("self")["termine"] == [datetime(2026, 1, 1, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("rechtsform", ""),
        ("mitarbeiter", 0),
        ("kapital", 0.0),
        ("inhaber.size()", 0),
        ("vertreter.vorname", ""),
        ("vertreter.haftet", False),
        ("vertreter.anschrift.plz", ""),
        ("has(answers.rechtsform)", False),
        ("has(answers.vertreter)", False),
        ("has(vertreter.geburtsdatum)", False),
        ("has(answers.inhaber)", False),
        ("has(facts.gebuehr)", False),
    ],
)
def test_unanswered_questions_have_a_defined_meaning(source: str, expected: object) -> None:
    assert result(source, {}) == expected


@pytest.mark.parametrize(
    ("member", "value"), [("vorname", ""), ("kinder", 0), ("haftet", False), ("anteil", "0")]
)
def test_an_answer_that_equals_the_neutral_value_still_counts_as_given(member: str, value: object) -> None:
    assert result(f"has(vertreter.{member})", {"vertreter": {member: value}}) is True


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("beginn < today", "beginn"),
        ("answers.beginn < today", "answers.beginn"),
        ("years_between(vertreter.geburtsdatum, today) >= 18", "vertreter.geburtsdatum"),
        ("inhaber.all(i, i.geburtsdatum < today)", "inhaber.geburtsdatum"),
        ("inhaber[1].geburtsdatum.getFullYear() > 2000", "inhaber.geburtsdatum"),
        ("!(vertreter.geburtsdatum < today)", "vertreter.geburtsdatum"),
    ],
)
def test_an_unanswered_date_is_an_error_not_1970(source: str, path: str) -> None:
    with pytest.raises(RuleError, match=f"{path} is not answered"):
        result(source)


@pytest.mark.parametrize(
    "source",
    [
        "has(vertreter.geburtsdatum) && vertreter.geburtsdatum < today",
        "has(answers.beginn) && beginn < today",
        "inhaber.exists(i, has(i.geburtsdatum) && years_between(i.geburtsdatum, today) < 18)",
    ],
)
def test_a_guarded_date_needs_no_answer(source: str) -> None:
    assert result(source) is False


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("rechtsform ==", "Syntax error", 1, 14),
        ("true &&\n  rechtform == 'x'", "'rechtform' is not known here; did you mean 'rechtsform'?", 2, 3),
        ("inhaber[0].vornamen == 'x'", "inhaber has no 'vornamen'; did you mean 'vorname'?", 1, 11),
        ("inhaber.exists(i, i.anschrift.strasse == '')", "anschrift has no 'strasse'", 1, 30),
        ("rechtsform == 5", "no matching overload", 1, 12),
        ("kapital > 1000", "write 1000.0 beside a decimal number", 1, 9),
        ("inhaber.vorname == ''", "a list has no members", 1, 8),
        ("unknown_function(1)", "'unknown_function' is not known here", 1, 17),
        ("", "Syntax error", 1, 1),
        ("rechtsform", "the result must be yes or no, not STRING", 1, 1),
        ("\ud800", "lone surrogate", 1, 1),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(source: str, message: str, line: int, column: int) -> None:
    with pytest.raises(RuleError) as caught:
        ENVIRONMENT.compile(source)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.source == source


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / mitarbeiter == 1", "divide by zero"),
        ("inhaber[7].vorname == ''", "Index error"),
        ("facts.nothing.there == 1", 'Key not found in map : "nothing"'),
        ("facts.gebuehr.betrag + 'x' == 'x'", "No matching overloads"),
        ("rechtsform.matches('(')", ""),
        ("timestamp(rechtsform) < today", ""),
    ],
)
def test_an_error_while_evaluating_is_raised_never_false(source: str, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        result(source)
    assert message in caught.value.message
    assert caught.value.source == source


def test_an_error_the_other_side_decides_does_no_harm() -> None:
    assert result("1 / mitarbeiter == 1 || rechtsform == 'OHG'") is True
    assert result("1 / mitarbeiter == 1 && rechtsform == 'GmbH'") is False


def test_a_dynamic_result_is_checked_when_evaluated() -> None:
    with pytest.raises(RuleError, match="the result must be yes or no, not INT"):
        ENVIRONMENT.compile("facts.gebuehr.betrag").evaluate(VALUES)
    assert ENVIRONMENT.compile("facts.gebuehr.betrag", INT).evaluate(VALUES) == 2600
    assert ENVIRONMENT.compile("facts.gebuehr.tage", ListOf(TIMESTAMP)).evaluate(VALUES) == [
        datetime(2026, 1, 2, tzinfo=UTC)
    ]


@pytest.mark.parametrize(
    ("source", "result_type"),
    [
        ("rechtsform", STRING),
        ("inhaber", ListOf(OWNER)),
        ("inhaber[0]", OWNER),
        ("inhaber[0].geburtsdatum", TIMESTAMP),
        ("inhaber.map(i, i.anteil)", ListOf(DOUBLE)),
        ("facts", MAP),
        ("facts.x", DYN),
        ("inhaber.size()", INT),
        ("true", BOOL),
    ],
)
def test_the_type_of_the_result_is_known(source: str, result_type: ValueType) -> None:
    assert ENVIRONMENT.compile(source, None).result_type == result_type


@pytest.mark.parametrize(
    ("source", "references"),
    [
        ("rechtsform == 'OHG' && mitarbeiter > 3", {"rechtsform", "mitarbeiter"}),
        ("inhaber[0].anschrift.plz == '1'", {"inhaber.anschrift.plz"}),
        ("inhaber.exists(i, i.anschrift.plz == '1')", {"inhaber.anschrift.plz"}),
        (
            "inhaber.filter(i, i.anteil > 1.0)[0].geburtsdatum < today",
            {"inhaber.anteil", "inhaber.geburtsdatum", "today"},
        ),
        ("has(answers.beginn) && beginn < today", {"answers.beginn", "beginn", "today"}),
        ("facts['gebuehr']['betrag'] == 1", {"facts.gebuehr.betrag"}),
        ("contains_any(rechtsform, [self.vorname])", {"rechtsform", "self.vorname"}),
        (
            "(mitarbeiter > 1 ? self : vertreter).kinder == 1",
            {"mitarbeiter", "self.kinder", "vertreter.kinder"},
        ),
        ("{'a': kapital}['a'] > 1.0", {"kapital"}),
        ("true", set()),
    ],
)
def test_a_rule_knows_which_answers_it_reads(source: str, references: set[str]) -> None:
    assert ENVIRONMENT.compile(source).references == references


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kapital": "viel"}, "kapital: 'viel' is not a decimal number"),
        ({"kapital": "NaN"}, "not a finite number"),
        ({"mitarbeiter": "3"}, "mitarbeiter: expected whole number, found str"),
        ({"mitarbeiter": True}, "mitarbeiter: expected whole number, found bool"),
        ({"mitarbeiter": 2**63}, "too large"),
        ({"beginn": "23.11.2026"}, "beginn: '23.11.2026' is not a date"),
        ({"inhaber": ADA}, "inhaber: expected a list"),
        (
            {"inhaber": [{"anschrift": {"plz": 30159}}]},
            r"inhaber\[0\]\.anschrift\.plz: expected text, found int",
        ),
        ({"self": {"haftet": 1}}, "self.haftet: expected yes or no"),
        ({"facts": {"a": [object()]}}, r"facts\.a\[0\]: expected a plain value"),
        ({"rechtsform": "\ud800"}, "lone surrogate"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_by_its_path(values: dict[str, object], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        ENVIRONMENT.bind(values)


def test_values_no_rule_can_see_are_ignored() -> None:
    assert result("rechtsform", {"rechtsform": "EU", "extra": object(), "self": {"alt": 1}}) == "EU"


@pytest.mark.parametrize("name", ["in", "package", "for", "größe", "1a", "a-b", ""])
def test_names_cel_cannot_read_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"reserved word|identifier"):
        Environment({name: STRING})
    with pytest.raises(ValueError, match=r"reserved word|identifier"):
        Record({name: STRING})


def test_members_that_differ_only_in_underscores_do_not_collide(capfd: pytest.CaptureFixture[str]) -> None:
    environment = Environment({"a": Record({"name_2": STRING, "name2": STRING})})
    assert (
        environment.compile("a.name_2 + a.name2", STRING).evaluate({"a": {"name_2": "x", "name2": "y"}})
        == "xy"
    )
    assert "conflict" not in capfd.readouterr().err


def test_records_hold_no_dynamic_values() -> None:
    with pytest.raises(ValueError, match="a record holds scalars"):
        Record({"a": MAP})


def test_a_bound_set_of_values_belongs_to_its_environment() -> None:
    expression = ENVIRONMENT.compile("rechtsform == 'OHG'")
    with pytest.raises(RuleError, match="another environment"):
        expression.evaluate(Environment({"rechtsform": STRING}).bind({"rechtsform": "OHG"}))


def test_an_environment_can_be_extended_without_converting_again() -> None:
    extended = ENVIRONMENT.extended({"value": OWNER})
    bound = ENVIRONMENT.bind(VALUES).extended(extended, {"value": ADA})
    assert extended.compile("value.vorname == inhaber[0].vorname").evaluate(bound) is True
    with pytest.raises(RuleError, match="unrelated environment"):
        Environment({"a": STRING}).bind({}).extended(extended, {})


def test_one_entry_after_another_can_be_self() -> None:
    bound = ENVIRONMENT.bind(VALUES)
    name = ENVIRONMENT.compile("self.vorname", STRING)
    entries = [{"vorname": "Ada"}, {"vorname": "Bo"}, {}, None]
    assert [name.evaluate(bound.extended(ENVIRONMENT, {"self": entry})) for entry in entries] == [
        "Ada",
        "Bo",
        "",
        "",
    ]


def test_an_environment_is_not_extended_by_a_record_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="'fremd' does not occur"):
        ENVIRONMENT.extended({"value": ListOf(Record({"a": STRING}, "fremd"))})


WRITTEN_OUT = Environment(
    {"start": TIMESTAMP, "end": TIMESTAMP, "text": STRING, "texts": ListOf(STRING), "words": ListOf(STRING)}
)
WORDS = ["Imbiss", "gaststätt", "  ", "freie Berufe", 'ein "Wort"']
TEXTS = st.text("aäß Éimbstgeru\"'\\\n", max_size=30) | st.sampled_from(["Eine Gaststätte", "freie  Berufe"])
MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, MOMENTS)
def test_rules_count_years_and_days_as_the_functions_they_are_written_for(
    start: datetime, end: datetime
) -> None:
    values = {"start": start, "end": end}
    for name, count in (("years_between", years_between), ("days_between", days_between)):
        assert WRITTEN_OUT.compile(f"{name}(start, end)", INT).evaluate(values) == count(start, end)


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_rules_compare_texts_as_the_functions_they_are_written_for(text: str, texts: list[str]) -> None:
    values = {"text": text, "texts": texts, "words": WORDS}
    spelt = json.dumps(WORDS, ensure_ascii=False)
    expected = {
        "folded(text)": folded(text),
        "folded(text + text)": folded(text + text),
        f"contains_any(text, {spelt})": contains_any(text, WORDS),
        "contains_any(text, words)": contains_any(text, WORDS),
        "contains_any(text, [])": False,
        f"texts.map(text, contains_any(text, {spelt}))": [contains_any(one, WORDS) for one in texts],
        "texts.map(t, folded(folded(t)))": [folded(folded(one)) for one in texts],
    }
    for source, wanted in expected.items():
        assert WRITTEN_OUT.compile(source, None).evaluate(values) == wanted, source


@pytest.mark.parametrize(
    "source",
    [
        "years_between(start, end) > 3",
        "days_between(start, start) == 0",
        "folded(text) == 'x'",
        "texts.exists(t, contains_any(t, ['x', 'y']))",
        "null",
        "[null, {'x': null}]",
    ],
)
def test_evaluating_leaves_nothing_behind(source: str) -> None:
    rule = WRITTEN_OUT.compile(source, None)
    now = datetime(2026, 11, 25, tzinfo=UTC)
    values = WRITTEN_OUT.bind({"start": now, "end": now, "text": "lang" * 500, "texts": ["lang" * 500]})
    rule.evaluate(values)
    blocks, nothings = sys.getallocatedblocks(), sys.getrefcount(None)
    for _ in range(2000):
        rule.evaluate(values)
    assert sys.getallocatedblocks() - blocks < 500
    assert abs(sys.getrefcount(None) - nothings) < 500

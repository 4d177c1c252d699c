"""The check looks into rules.toml."""

from __future__ import annotations

from datetime import date

from rathaus.drafting import DraftedPackage, draft_from_document
from rathaus.drafting.rulebook import RULES_FILE
from rathaus.processes.publishing import check_files
from tests.standards.quality_schemata import field, place, rule, schema, select

CONTRADICTORY = schema(
    place(select(1, name="Art", label="Art des Hundes")),
    place(field(2, name="Rasse", label="Rasse"), "0:1"),
    rules=rule('WENN F05000000001 = "a", DANN muss F05000000002 befüllt sein', "R05000000001")
    + rule('WENN F05000000001 = "a", DANN darf F05000000002 nicht befüllt sein', "R05000000002"),
)


def drafted() -> DraftedPackage:
    return draft_from_document(CONTRADICTORY, today=date(2026, 11, 26))


def test_contradictory_rules_are_a_warning_with_the_answers_that_show_it() -> None:
    _, problems = check_files(drafted().files)
    (problem,) = [problem for problem in problems if problem.rule == "rule-contradiction"]
    assert (problem.file, problem.where, problem.level) == (RULES_FILE, "rasse", "warning")
    assert problem.message == (
        "The rule “Regel R05000000001” demands “Rasse”, the rule “Regel R05000000002” forbids it. "
        "Both are so with these answers: “Art des Hundes” is “Erstes”."
    )


def test_the_import_says_so_at_once() -> None:
    (finding,) = [finding for finding in drafted().findings if finding.code == "rule.contradiction"]
    assert "Beides gilt zugleich bei diesen Antworten: „Art des Hundes“ ist „Erstes“." in str(finding)


def test_rules_that_cannot_be_read_are_a_fault() -> None:
    _, problems = check_files({**drafted().files, RULES_FILE: b"[[rule]]\nstatus = 'maybe'\n"})
    assert [problem.level for problem in problems if problem.rule == "rulebook"] == ["error"]

"""FITKO's translations of a schema's rules are proposed where they go beyond its sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from rathaus.cli import run
from rathaus.drafting import DraftedPackage, draft_from_document
from rathaus.drafting.rulebook import RuleEntry
from rathaus.editing import confirm_understood
from rathaus.processes.publishing import check_files
from rathaus.standards.xdatenfelder.translatedrules import TranslatedRulesError, read_translated_rules
from tests.drafting.schemata import DATA, TODAY, VERSION_3
from tests.standards.quality_schemata import code, field, place, schema, select
from tests.standards.shared_data import needs_shared_data

SCHEMA_ID, ART, RASSE, NEU = "S05000000001", "F05000000001", "F05000000002", "F05000000004"
SCHEMA = schema(
    place(select(1, name="Art", label="Art")),
    place(field(2, name="Rasse", label="Rasse"), "0:1"),
    place(field(4, name="Neu", label="Neu", type=code("datentyp", "bool"), limits="")),
)
IS_A = {"equal": [{"identifier": f"self.{ART}"}, "a"]}
IS_NEW = {"equal": [{"identifier": f"self.{NEU}"}, True]}


def rule(effect: str, condition: Any, target: str = RASSE, **more: Any) -> dict[str, Any]:
    return {
        "rule_id": SCHEMA_ID,
        "effect": effect,
        "target": f"self.{target}",
        "condition": condition,
        "message": "Geben Sie die Rasse an.",
    } | more


def drafted_with(*entries: Mapping[str, Any]) -> DraftedPackage:
    return draft_from_document(SCHEMA, today=TODAY, translated_rules=entries)


def said_of(draft: DraftedPackage) -> str:
    (finding,) = (finding for finding in draft.findings if finding.code == "rule.translated")
    return f"{finding.severity}: {finding}"


def test_a_translation_that_does_more_than_the_sentences_is_proposed_and_has_effect_when_confirmed() -> None:
    draft = drafted_with(rule("require", IS_A), rule("forbid", {"not": IS_A}))
    assert [(one.status, one.effects[0].kind, one.bearer) for one in draft.rules] == [
        ("open", "require", ""),
        ("open", "forbid", ""),
    ]
    assert draft.translated_rules == draft.rules
    assert "2 gelesen, davon 2" in said_of(draft)
    package, problems = check_files(confirm_understood(draft.files).files)
    assert package is not None
    assert [str(problem) for problem in problems if problem.level == "error"] == []
    look = package.files["form.toml"].decode()
    assert 'require = "art == \\"a\\""' in look or "require = 'art == \"a\"'" in look


def test_what_is_proposed_already_is_proposed_once() -> None:
    draft = drafted_with(rule("require", IS_A), rule("require", {"not": {"not": IS_A}}))
    (one,) = draft.rules
    assert one.effects[0].condition == 'art == "a"'
    assert "2 gelesen, davon 2 zu Elementen dieses Datenschemas; neu vorgeschlagen: 1" in said_of(draft)


def test_a_translation_that_contradicts_another_rule_stays_open_with_the_answers_that_show_it() -> None:
    draft = drafted_with(rule("require", IS_A), rule("forbid", IS_NEW), rule("require", IS_NEW, ART))
    demanding, forbidding = draft.rules  # Art is always demanded: the third does nothing
    assert "„Art“ ist „Erstes“; „Neu“ ist Ja" in demanding.reason
    assert demanding.is_doubted
    assert forbidding.is_doubted
    found = confirm_understood(draft.files)
    assert (found.confirmed, found.left) == ((), ())
    openly = [finding for finding in draft.findings if finding.code == "rule.open"]
    assert ["„Neu“ ist Ja" in str(finding) for finding in openly] == [True, True]


def test_a_translation_that_is_not_understood_stays_open_with_the_reason() -> None:
    (one,) = drafted_with(rule("require", {"magic": []})).rules
    assert (one.status, one.effects) == ("open", ())
    assert "magic" in one.reason


def test_translations_of_other_schemata_are_passed_over_and_counted() -> None:
    draft = drafted_with(
        rule("require", IS_A, schemata=["S99000000001"]), rule("require", IS_A, rule_id="G99000000001")
    )
    assert draft.rules == ()
    assert said_of(draft).startswith("warning: Übersetzte Regeln: 2 gelesen, davon 0")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no translated rule"),
        (b"[]", "holds no translated rule"),
        (b"\xff\xfe", "not text in UTF-8"),
        (
            b'{"rule_id": "G1", "condition": true}\n{"rule_id"',
            "line 2: this is not JSON, from character 11 on",
        ),
        (b"<xml/>", "line 1: this is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[1]", "no translated rule"),
        (b'{"G1": 3}', "no translated rule"),
        (b'{"rule_id": "G1"}', "has no condition"),
        (b'{"effect": "require", "condition": true}\n', "no translated rule"),
        (b'[{"effect": "require", "condition": true}]', "does not name the element"),
        (
            b'{"condition": true}\n{"rule_id": 7, "condition": true}',
            "line 1: the translated rule does not name",
        ),
    ],
)
def test_other_files_are_refused_with_what_was_found(content: bytes, message: str) -> None:
    with pytest.raises(TranslatedRulesError, match=message):
        read_translated_rules(content)


def test_translations_are_read_as_lines_as_a_list_and_by_element() -> None:
    entry = rule("require", IS_A)
    without = {name: value for name, value in entry.items() if name != "rule_id"}
    for content in (json.dumps(entry) + "\n\n", json.dumps([entry]), json.dumps({SCHEMA_ID: [without]})):
        assert read_translated_rules(content.encode()) == (without | {"rule_id": SCHEMA_ID},)


def test_import_takes_a_file_of_translations_and_refuses_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, rules = tmp_path / "hund.xml", tmp_path / "rules.jsonl"
    document.write_bytes(SCHEMA)
    rules.write_text(json.dumps(rule("require", IS_A)))
    command = ["service", "import", str(document), "--json", "--rules", str(rules), "--into"]
    assert run([*command, str(tmp_path / "hund")]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in report["applied_rules"]] == ["Übersetzung der FITKO"]
    rules.write_text("<xml/>")
    assert run([*command, str(tmp_path / "noch-einer")]) == 1
    assert capsys.readouterr().err == f"{rules}: line 1: this is not JSON, from character 1 on\n"
    assert not (tmp_path / "noch-einer").exists()


@needs_shared_data
@pytest.mark.parametrize("path", VERSION_3, ids=lambda path: path.name.partition(".")[0])
def test_every_real_schema_passes_the_check_with_its_translations(path: Path) -> None:
    translated = read_translated_rules((DATA / "translated_rules.jsonl").read_bytes())
    draft = draft_from_document(path.read_bytes(), today=TODAY, translated_rules=translated)
    draft = draft.decided(confirm_understood(draft.files).files)
    _package, problems = check_files(draft.files)
    assert [str(problem) for problem in problems if problem.level != "warning"] == []

    def left(rule: RuleEntry) -> bool:
        return rule.status == "open" and not rule.is_doubted

    assert not any(map(left, draft.translated_rules))

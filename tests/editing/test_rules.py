"""Rules that a schema brought: confirmed, written, dismissed, and opened again to the byte."""

from __future__ import annotations

import random
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.catalogue.package import inspect_package
from rathaus.drafting import rulebook
from rathaus.drafting.rulebook import RuleEffect, RuleEntry, entry_key
from rathaus.editing import (
    ConfirmRule,
    DismissRule,
    Edit,
    EditError,
    Files,
    RemoveCheck,
    RenewExamples,
    ReopenRule,
    SetExample,
    SetFieldRule,
    Several,
    WriteRule,
    meet,
)
from rathaus.editing.form import FormFiles
from rathaus.editing.places import text_at
from tests.drafting.schemata import DATA, drafted
from tests.editing.test_edits import FILES as SERVICE
from tests.standards.shared_data import needs_shared_data

ART, GRUND, RECHTSFORM = "taetigkeit.art", "anlass.grund", "rechtsform"


def rule(name: str, *effects: RuleEffect, bearer: str = "", reason: str = "") -> RuleEntry:
    return RuleEntry(
        entry_key(name, bearer), name, "1.0", f"Name {name}", f"Satz {name}", bearer, "open", effects, reason
    )


SHOW_ONE = rule("R1", RuleEffect("show", ART, "rechtsform == '1'"), bearer="taetigkeit")
SHOW_TWO = rule("R2", RuleEffect("show", ART, "rechtsform == '2' && has(answers.anlass)"))
FORBID = rule("R3", RuleEffect("forbid", ART, "rechtsform == '3'", "Lassen Sie das leer."))
REQUIRE = rule(
    "R4", RuleEffect("require", ART, "rechtsform == '1'"), RuleEffect("show", ART, "rechtsform == '4'")
)
EXCLUDE = rule("R5", RuleEffect("forbid", ART, "has(answers.rechtsform)", "Lassen Sie „Art“ hier leer."))
VALID = rule("R6", RuleEffect("valid", "", "rechtsform != '9'", "Neun gibt es nicht.", (RECHTSFORM,)))
UNCLEAR = rule("R7", reason="Nicht verstanden ab Zeichen 3.")
SAME = rule("R8", RuleEffect("show", ART, "rechtsform == '1'"))
ENTRIES = (SHOW_ONE, SHOW_TWO, FORBID, REQUIRE, EXCLUDE, VALID, UNCLEAR, SAME)
FILES: Files = {**SERVICE, "rules.toml": rulebook.write(ENTRIES)}
PROPOSED = tuple(entry for entry in ENTRIES if entry.effects)


def entry_of(files: Files, key: str) -> RuleEntry:
    return next(entry for entry in rulebook.read(files) if entry.key == key)


def form_of(files: Files) -> dict[str, Any]:
    return tomllib.loads(files["form.toml"].decode())


def rules_at(files: Files, path: str) -> dict[str, Any]:
    table: dict[str, Any] = form_of(files)["field"].get(path, {})
    return {key: table[key] for key in ("show", "require") if key in table}


def confirmed(files: Files, *entries: RuleEntry) -> Files:
    for entry in entries:
        files = ConfirmRule.of(entry).apply(files)
    return files


def reopened(files: Files, *entries: RuleEntry, keep: bool = False) -> Files:
    for entry in entries:
        files = ReopenRule.of(entry_of(files, entry.key), keep=keep).apply(files)
    return files


def faults(files: Files) -> list[str]:
    return [str(problem) for problem in inspect_package(files)[1] if problem.level != "warning"]


def test_rules_that_show_the_same_are_alternatives_and_one_that_forbids_limits_them() -> None:
    files = confirmed(FILES, FORBID, SHOW_ONE, SHOW_TWO)
    assert rules_at(files, ART)["show"] == (
        "(rechtsform == '1' || (rechtsform == '2' && has(answers.anlass))) && !(rechtsform == '3')"
    )
    assert faults(files) == []


def test_a_rule_may_require_and_show() -> None:
    files = confirmed(FILES, REQUIRE)
    assert rules_at(files, ART) == {"require": "rechtsform == '1'", "show": "rechtsform == '4'"}


def test_a_demand_becomes_a_check_with_its_message() -> None:
    files = confirmed(FILES, VALID)
    check = form_of(files)["check"][-1]
    assert check == {
        "id": "r6",
        "valid": "rechtsform != '9'",
        "fields": [RECHTSFORM],
        "message": "Neun gibt es nicht.",
    }
    assert faults(files) == []


def test_what_excludes_something_already_there_is_a_check_so_that_nothing_typed_is_thrown_away() -> None:
    files = confirmed(FILES, EXCLUDE)
    assert rules_at(files, ART) == {}
    check = form_of(files)["check"][-1]
    assert check["valid"] == f"!(has(answers.rechtsform)) || !has({ART})"
    assert check["message"] == "Lassen Sie „Art“ hier leer."
    assert faults(files) == []


def test_a_condition_somebody_had_written_stays_and_is_there_again_afterwards() -> None:
    before = SetFieldRule(ART, "show", "anlass.grund == '1' || rechtsform == '7'").apply(FILES)
    files = confirmed(before, SHOW_TWO, FORBID)
    assert rules_at(files, ART)["show"].startswith("(anlass.grund == '1' || rechtsform == '7' || ")
    assert reopened(files, SHOW_TWO, FORBID) == before


def test_what_a_person_had_written_already_is_not_the_rules_to_take_back() -> None:
    before = SetFieldRule(ART, "show", "rechtsform == '1'").apply(FILES)
    files = confirmed(before, SHOW_ONE)
    assert entry_of(files, SHOW_ONE.key).written == ()
    assert reopened(files, SHOW_ONE) == before


def test_what_two_rules_write_stays_until_both_are_open_again() -> None:
    files = confirmed(FILES, SHOW_ONE, SAME)
    files = reopened(files, SHOW_ONE)
    assert rules_at(files, ART)["show"] == "rechtsform == '1'"
    assert reopened(files, SAME) == FILES


@pytest.mark.parametrize("seed", range(8))
def test_rules_opened_again_in_any_order_leave_the_package_as_it_was(seed: int) -> None:
    chance = random.Random(seed)
    there, back = (chance.sample(PROPOSED, len(PROPOSED)) for _ in range(2))
    count = chance.randint(0, len(PROPOSED))
    files = confirmed(FILES, *there)
    # What is left after some are opened again means the same as if only the others had been confirmed.
    some, others = back[:count], back[count:]
    files = reopened(files, *some)
    left = {writing for entry in rulebook.read(files) for writing in entry.written}
    wanted = {writing for entry in rulebook.read(confirmed(FILES, *others)) for writing in entry.written}
    assert left == wanted
    assert reopened(files, *others) == FILES


def test_a_condition_changed_by_hand_is_not_taken_back_unless_it_may_stay() -> None:
    files = SetFieldRule(ART, "show", "rechtsform == '5'").apply(confirmed(FILES, SHOW_ONE))
    with pytest.raises(EditError, match=r"von Hand geändert\. Dort steht jetzt: rechtsform == '5'"):
        reopened(files, SHOW_ONE)
    kept = reopened(files, SHOW_ONE, keep=True)
    assert rules_at(kept, ART)["show"] == "rechtsform == '5'"
    assert entry_of(kept, SHOW_ONE.key) == SHOW_ONE


def test_a_check_removed_by_hand_is_missed_and_one_left_there_is_used_again() -> None:
    files = confirmed(FILES, VALID)
    with pytest.raises(EditError, match="Prüfung „r6“"):
        reopened(RemoveCheck("r6").apply(files), VALID)
    again = confirmed(reopened(files, VALID, keep=True), VALID)
    assert len(form_of(again)["check"]) == len(form_of(files)["check"])


def test_only_open_rules_are_decided_and_only_decided_ones_opened() -> None:
    files = confirmed(FILES, SHOW_ONE)
    for edit in (ConfirmRule.of(SHOW_ONE), DismissRule(SHOW_ONE.key, "x"), WriteRule.of(SHOW_ONE.key)):
        with pytest.raises(EditError, match="schon entschieden"):
            edit.apply(files)
    with pytest.raises(EditError, match="schon offen"):
        ReopenRule.of(SHOW_TWO).apply(files)
    with pytest.raises(EditError, match="gibt es nicht"):
        DismissRule("R99@", "x").apply(files)


def test_what_was_not_understood_is_not_confirmed() -> None:
    with pytest.raises(EditError, match="keinen Vorschlag"):
        ConfirmRule.of(UNCLEAR).apply(FILES)
    with pytest.raises(EditError, match="ein anderer"):
        ConfirmRule(SHOW_ONE.key, ConfirmRule.of(SHOW_TWO).effects).apply(FILES)


def test_a_dismissed_rule_says_why_until_it_is_opened_again() -> None:
    with pytest.raises(EditError, match="warum"):
        DismissRule(UNCLEAR.key, " ").apply(FILES)
    files = DismissRule(UNCLEAR.key, "Steht in der Satzung anders.").apply(FILES)
    assert entry_of(files, UNCLEAR.key).note == "Steht in der Satzung anders."
    assert "Satzung" in text_at(files, f"rule:{UNCLEAR.key}")
    assert files["form.toml"] is FILES["form.toml"]
    assert reopened(files, UNCLEAR) == FILES


def test_a_rule_written_by_a_person_acts_like_a_confirmed_one_and_what_they_wrote_is_kept() -> None:
    own = RuleEffect("require", ART, "rechtsform == '2'")
    files = WriteRule.of(UNCLEAR.key, own).apply(FILES)
    assert rules_at(files, ART)["require"] == "rechtsform == '2'"
    assert entry_of(files, UNCLEAR.key).status == "written"
    again = reopened(files, UNCLEAR)
    assert again["form.toml"] == FILES["form.toml"]
    assert entry_of(again, UNCLEAR.key).own == (own,)


@pytest.mark.parametrize(
    ("effect", "what"),
    [
        (RuleEffect("", ART, "true"), "Wählen Sie"),
        (RuleEffect("show", "gibt.es.nicht", "true"), "gibt es nicht"),
        (RuleEffect("show", ART, " "), "Schreiben Sie die Bedingung"),
        (RuleEffect("valid", ART, "true"), "was Antragstellende lesen"),
    ],
)
def test_what_a_person_wrote_is_refused_with_what_to_mend(effect: RuleEffect, what: str) -> None:
    with pytest.raises(EditError, match=what):
        WriteRule.of(UNCLEAR.key, effect).apply(FILES)


edits: st.SearchStrategy[Edit] = st.one_of(
    st.sampled_from(PROPOSED).map(ConfirmRule.of),
    st.builds(DismissRule, st.sampled_from([entry.key for entry in ENTRIES]), st.just("Nein")),
    st.builds(
        lambda entry, kind, path: WriteRule.of(entry.key, RuleEffect(kind, path, "rechtsform == '6'", "So.")),
        st.sampled_from(ENTRIES),
        st.sampled_from(["require", "show", "forbid", "valid"]),
        st.sampled_from([ART, GRUND]),
    ),
    st.builds(
        SetFieldRule, st.just(GRUND), st.sampled_from(["show", "require"]), st.just("rechtsform != ''")
    ),
)


@settings(max_examples=15, deadline=None)
@given(edits, edits)
def test_decisions_that_do_not_meet_lead_to_the_same_in_either_order(one: Edit, other: Edit) -> None:
    if meet(one.places(), other.places()):
        return
    there, back = other.apply(one.apply(FILES)), one.apply(other.apply(FILES))
    assert there["rules.toml"] == back["rules.toml"]
    assert _by_id(form_of(there)) == _by_id(form_of(back))


def _by_id(form: dict[str, Any]) -> dict[str, Any]:
    return {**form, "check": sorted(form["check"], key=lambda check: str(check["id"]))}


def test_rules_toml_keeps_its_comments_and_what_it_says_is_read_back() -> None:
    commented = FILES["rules.toml"].replace(
        b'[[rule]]\nid = "R3"', b'# Mit dem Amt klaeren\n[[rule]]\nid = "R3"'
    )
    files = confirmed({**FILES, "rules.toml": commented}, FORBID, VALID)
    assert b"# Mit dem Amt klaeren\n[[rule]]" in files["rules.toml"]
    entries = rulebook.read(files)
    assert rulebook.read({"rules.toml": rulebook.write(entries)}) == entries


@needs_shared_data
@pytest.mark.parametrize("name", ["S00000000371", "S05000001288", "S05000001299", "S07000000210"])
def test_all_proposals_of_a_real_schema_can_be_confirmed_and_taken_back_to_the_byte(name: str) -> None:
    before = drafted(DATA / f"3.0.0/{name}.xdf.xml").files
    files = before
    for entry in rulebook.read(files):
        if entry.status == "open" and entry.effects:
            files = ConfirmRule.of(entry).apply(files)
    assert faults(files) == []
    entries = [entry for entry in rulebook.read(files) if entry.status == "applied"]
    random.Random(1).shuffle(entries)
    assert reopened(files, *entries) == before


@needs_shared_data
def test_drafted_examples_follow_the_form_and_those_of_people_stay() -> None:
    files = drafted(DATA / "3.0.0/S05000001299.xdf.xml").files
    name = "examples/02-ausfuehrlich.toml"
    by_hand = files[name].decode().replace("drafted = 2\n", "")
    files = SetExample("von-hand", by_hand).apply(files)
    decided = Several.of(
        *(
            ConfirmRule.of(entry)
            for entry in rulebook.read(files)
            if entry.status == "open" and entry.effects
        ),
        RenewExamples(),
    ).apply(files)
    assert decided[name] != files[name]
    assert decided["examples/01-noetig.toml"] == files["examples/01-noetig.toml"]
    assert decided["examples/von-hand.toml"] == files["examples/von-hand.toml"]
    tree = FormFiles(decided).tree_with_codes
    assert tree.nodes.keys() == FormFiles(decided).tree.nodes.keys()

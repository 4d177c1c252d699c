"""Rules that were understood, confirmed all at once as far as they go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from rathaus.catalogue.package import load_package
from rathaus.drafting import rulebook
from rathaus.drafting.rulebook import RuleEffect
from rathaus.editing import ConfirmRule, EditError, RenewExamples, confirm_understood
from rathaus.processes.publishing import check_files
from tests.drafting.schemata import DATA, VERSION_2, VERSION_3, drafted, imported
from tests.editing.test_rules import ART, ENTRIES, FILES, PROPOSED, entry_of, rule
from tests.standards.shared_data import needs_shared_data

EINGLIEDERUNGSHILFE = DATA / "3.0.0" / "S05000001162.xdf.xml"


def test_what_was_understood_has_effect_and_the_rest_stays_open() -> None:
    found = confirm_understood(FILES)
    assert {entry.key for entry in (*found.confirmed, *found.left)} == {entry.key for entry in PROPOSED}
    for entry in ENTRIES:
        is_confirmed = entry in found.confirmed
        assert entry_of(found.files, entry.key).status == ("applied" if is_confirmed else "open")


def test_one_edit_does_what_single_confirmations_do() -> None:
    found = confirm_understood(FILES)
    one_by_one = FILES
    for entry in found.confirmed:
        one_by_one = ConfirmRule.of(entry).apply(one_by_one)
    assert found.files == RenewExamples().apply(one_by_one)
    assert found.edit.apply(FILES) == found.files
    singles = (ConfirmRule.of(entry).places() for entry in found.confirmed)
    assert found.edit.places() == frozenset().union(*singles)


def test_rules_that_cannot_run_stay_open_and_do_not_hold_others_back() -> None:
    wrong = [
        rule("W1", RuleEffect("show", ART, "gibt.es.nicht == 1")),
        rule("W2", RuleEffect("require", "gibt.es.nicht", "rechtsform == '1'")),
    ]
    files = {**FILES, "rules.toml": rulebook.write([wrong[0], *ENTRIES, wrong[1]])}
    found = confirm_understood(files)
    assert {entry.id for entry in found.left} == {"W1", "W2"}
    assert {entry.id for entry in found.confirmed} == {entry.id for entry in PROPOSED}


def test_a_proposal_that_changed_meanwhile_is_not_confirmed() -> None:
    found = confirm_understood(FILES)
    other = rule(found.confirmed[0].id, RuleEffect("show", ART, "rechtsform == '7'"), bearer="taetigkeit")
    with pytest.raises(EditError):
        found.edit.apply({**FILES, "rules.toml": rulebook.write([other, *ENTRIES[1:]])})


@needs_shared_data
def test_rules_of_which_nobody_could_fill_in_the_form_stay_open() -> None:
    draft = drafted(EINGLIEDERUNGSHILFE)
    required = next(address for address, node in load_package(draft.files).tree.nodes.items() if node.minimum)
    never = rule("N1", RuleEffect("valid", "", "false", "Das geht nie.", (required,)))
    files = {**draft.files, "rules.toml": rulebook.write([never, *draft.rules])}
    found = confirm_understood(files)
    assert [entry.id for entry in found.left] == ["N1"]
    assert check_files(found.files)[1] == check_files(imported(EINGLIEDERUNGSHILFE).files)[1]


@needs_shared_data
@pytest.mark.parametrize("path", [*VERSION_2, *VERSION_3], ids=lambda path: path.name.partition(".")[0])
def test_every_real_schema_passes_the_check_with_its_rules(path: Path) -> None:
    draft = imported(path)
    assert [problem for problem in check_files(draft.files)[1] if problem.level != "warning"] == []
    proposed = [entry for entry in drafted(path).rules if entry.status == "open" and entry.effects]
    assert len(draft.applied_rules) == len(proposed)
    assert {finding.code for finding in draft.findings if finding.code == "rule.open"} == (
        {"rule.open"} if draft.open_rules else set()
    )

"""Questions of one's own: a field joins the schema, FIM's bytes stay, and the package goes on passing its check."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from rathaus.catalogue.package import inspect_package
from rathaus.drafting import draft_empty
from rathaus.drafting.own import is_own
from rathaus.drafting.walking import elements_of
from rathaus.editing import AddField, AddPage, EditError, Files
from rathaus.editing.differences import differences
from rathaus.editing.new_fields import KINDS
from rathaus.standards.xdatenfelder.reader import read_schema
from tests.drafting.schemata import VERSION_3, drafted
from tests.editing.test_edits import FILES
from tests.standards.shared_data import needs_shared_data

TODAY = date(2026, 11, 26)
EMPTY: Files = draft_empty("Baumfällung melden", today=TODAY).files


def faults(files: Files) -> list[str]:
    return [str(problem) for problem in inspect_package(files)[1] if problem.level != "warning"]


def ask(kind: str, **more: object) -> AddField:
    choices = ("Eiche", "Linde & Buche", "Linde") if kind in ("choice", "choices") else ()
    return AddField("kontakt", f"Angabe {kind}", f"Was ist {kind}?", kind, choices=choices, **more)  # type: ignore[arg-type]


def test_an_empty_service_passes_the_check_and_asks_for_the_contact_on_one_page() -> None:
    assert faults(EMPTY) == []
    form = tomllib.loads(EMPTY["form.toml"].decode())
    assert [page["title"] for page in form["page"]] == ["Kontakt"]
    service = tomllib.loads(EMPTY["service.toml"].decode())
    assert (service["key"], service["title"]["de"]) == ("baumfaellung-melden", "Baumfällung melden")
    assert service["notice"]["email"] == "kontakt.e_mail"


def test_equal_names_make_equal_packages() -> None:
    assert draft_empty("Baumfällung melden", today=TODAY).files == EMPTY


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("required", [True, False], ids=["required", "optional"])
def test_every_kind_of_question_can_be_added_and_the_check_is_passed(kind: str, required: bool) -> None:
    edit = ask(kind, required=required)
    files = edit.apply(EMPTY)
    assert faults(files) == []
    package, _ = inspect_package(files)
    assert package is not None
    node = package.form.tree.nodes[edit.path]
    assert node.needed is required
    assert is_own(node.id)
    assert edit.path in tomllib.loads(files["form.toml"].decode())["page"][0]["fields"]
    assert [str(one.words) for one in differences(EMPTY, files)][:1] == [
        f"Neue Frage „Was ist {kind}?“ auf Seite „Kontakt“"
    ]


def test_examples_that_were_valid_stay_valid_when_a_required_question_joins() -> None:
    files = ask("date").apply(EMPTY)
    example = tomllib.loads(files["examples/01-noetig.toml"].decode())
    assert isinstance(example["answers"]["angabe_date"], str)
    assert tomllib.loads(ask("date", required=False).apply(EMPTY)["examples/01-noetig.toml"].decode()) == (
        tomllib.loads(EMPTY["examples/01-noetig.toml"].decode())
    )


@needs_shared_data
@pytest.mark.parametrize("path", VERSION_3, ids=lambda path: path.name.partition(".")[0])
def test_what_fim_modelled_stays_byte_for_byte(path: Path) -> None:
    files = drafted(path).files
    page = tomllib.loads(files["form.toml"].decode())["page"][0]
    edit = AddField(page["id"], "Wunsch", "Was wünschen Sie?", "long", group=page.get("repeat", ""))
    schema = edit.apply(files)["schema.xdf.xml"]
    before = files["schema.xdf.xml"]
    start = next(i for i, (one, other) in enumerate(zip(before, schema, strict=False)) if one != other)
    added = len(schema) - len(before)
    assert before[:start] + schema[start : start + added] + before[start:] == schema
    assert faults(edit.apply(files)) == faults(files)
    known = [placement.element.id for _, placement in elements_of(read_schema(schema))]
    assert len([one for one in known if is_own(one)]) == 1


def test_a_page_for_entries_of_a_list_asks_it_of_every_entry() -> None:
    edit = AddField("vertreter-neu", "Wunsch", "Was wünschen Sie?", "text", group="vertreter", required=False)
    pages = AddPage("vertreter-neu", "Noch etwas", repeat="vertreter").apply(FILES)
    files = edit.apply(pages)
    package, _ = inspect_package(files)
    assert package is not None
    assert package.form.tree.nodes["vertreter.wunsch"].scope.address == "vertreter"
    with pytest.raises(EditError):
        AddField("vertreter-neu", "Wunsch", "Was?", "text").apply(pages)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (AddField("kontakt", "", "", "text"), "Schreiben Sie die Frage auf"),
        (AddField("kontakt", "A", "A?", "poem"), "wie geantwortet"),
        (AddField("kontakt", "A", "A?", "choice", choices=("Eiche", " Eiche ")), "mindestens zwei"),
        (AddField("kontakt", "A" * 61, "A?", "text"), "höchstens 60"),
        (AddField("kontakt", "Kontakt", "A?", "text"), "gibt es schon"),
        (AddField("weg", "A", "A?", "text"), "gibt es nicht"),
        (AddField("kontakt", "A", "A?", "text", before="weg"), "fragt nicht"),
    ],
)
def test_what_makes_no_question_is_refused_with_the_reason(edit: AddField, said: str) -> None:
    with pytest.raises(EditError, match=said):
        edit.apply(EMPTY)

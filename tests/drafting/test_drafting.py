"""A FIM file becomes a package that passes the check at once; what is left to people is named."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from rathaus.cli import run
from rathaus.drafting import rulebook
from rathaus.drafting.paging import MOST_ALTERNATIVES
from rathaus.processes.publishing import check_files
from rathaus.standards.xzufi.model import Identifier, Service, TextKind, TextModule
from rathaus.standards.xzufi.writer import write_service
from tests.drafting.schemata import DATA, VERSION_2, VERSION_3, drafted
from tests.standards.shared_data import needs_shared_data

pytestmark = needs_shared_data
KINDERTAGESPFLEGE = DATA / "3.0.0/S05000001299.xdf.xml"


@pytest.mark.parametrize("path", [*VERSION_2, *VERSION_3], ids=lambda path: path.name.partition(".")[0])
def test_every_real_schema_becomes_a_package_that_passes_the_check(path: Path) -> None:
    package, problems = check_files(drafted(path).files)
    assert package is not None
    assert [str(problem) for problem in problems if problem.level != "warning"] == []
    assert len(package.examples) == 2


@pytest.mark.parametrize("path", [*VERSION_2, *VERSION_3], ids=lambda path: path.name.partition(".")[0])
def test_no_page_asks_more_than_people_take_in(path: Path) -> None:
    package, _ = check_files(drafted(path).files)
    assert package is not None
    pages = list(package.form._plan.pages())
    assert max(len(page.asks) for page in pages) <= MOST_ALTERNATIVES + 4
    assert all(page.definition.title.strip() for page in pages)
    assert len({page.id for page in pages}) == len(pages)


def test_code_lists_that_no_file_brings_are_named_with_the_fields_that_need_them() -> None:
    draft = drafted(KINDERTAGESPFLEGE)
    missing = draft.missing_code_lists
    assert missing
    assert all(entry.uri.startswith("urn:") and entry.fields for entry in missing)


def test_open_rules_stand_in_the_rulebook_with_their_text() -> None:
    draft = drafted(KINDERTAGESPFLEGE)
    assert rulebook.read(draft.files) == draft.rules
    assert draft.open_rules
    assert all(rule.text for rule in draft.open_rules)


def test_import_writes_a_folder_that_the_check_accepts_and_strict_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "kindertagespflege"
    assert run(["service", "import", str(KINDERTAGESPFLEGE), "--into", str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {rule["status"] for rule in report["applied_rules"]} == {"applied"}
    assert report["open_rules"]
    assert tomllib.loads((folder / "service.toml").read_text())["key"] == report["key"]
    assert run(["service", "check", str(folder)]) == 0
    assert run(["service", "check", "--strict", str(folder)]) == 1


def test_import_leaves_all_rules_to_people_if_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "kindertagespflege"
    command = ["service", "import", str(KINDERTAGESPFLEGE), "--into", str(folder), "--json"]
    assert run([*command, "--leave-rules-open"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["applied_rules"] == []
    assert (folder / "form.toml").read_bytes() == drafted(KINDERTAGESPFLEGE).files["form.toml"]


def test_import_takes_the_service_page_from_an_xzufi_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts, folder = tmp_path / "texte.xml", tmp_path / "kindertagespflege"
    described = Service(
        Identifier("1"), modules=(TextModule(TextKind.FULL, {"de": "<p>Kinder betreuen.</p>"}),)
    )
    texts.write_bytes(write_service(described))
    command = ["service", "import", str(KINDERTAGESPFLEGE), "--into", str(folder), "--texts"]
    assert run([*command, str(KINDERTAGESPFLEGE)]) == 1
    assert "this is not XZuFi" in capsys.readouterr().err
    assert run([*command, str(texts)]) == 0
    assert "Kinder betreuen." in (folder / "texts/de.md").read_text()
    assert run(["service", "check", str(folder)]) == 0


def test_import_leaves_a_folder_alone_that_is_in_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert run(["service", "import", str(KINDERTAGESPFLEGE), "--into", str(tmp_path)]) == 1
    assert "not an empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_version_1_is_refused_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "wabeka"
    assert run(["service", "import", str(DATA / "1/WaBeKa.xml"), "--into", str(folder)]) == 1
    assert "XDatenfelder 1" in capsys.readouterr().err
    assert not folder.exists()


def test_rules_that_are_understood_stand_in_the_package_as_proposals_until_a_person_confirms_them() -> None:
    kept = rulebook.read(drafted(DATA / "3.0.0/S07000000200.xdf.xml").files)
    proposed = [rule for rule in kept if rule.status == "open" and rule.effects]
    assert len(proposed) >= 2
    assert all(bool(rule.reason) != bool(rule.effects) for rule in kept if rule.status == "open")


def test_rules_about_parts_of_a_birth_date_are_ensured_where_it_is_asked_as_one_date() -> None:
    draft = drafted(DATA / "3.0.0/S02000000112.xdf.xml")
    assert draft.rules
    assert {rule.status for rule in draft.rules} == {"ensured"}

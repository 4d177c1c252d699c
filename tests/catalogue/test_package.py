from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import PackageError
from rathaus.catalogue.service import live, package_of
from rathaus.processes.publishing import check_service, publish_service
from rathaus.towns.models import Office, Town

PROJECT_ROOT = Path(__file__).resolve().parents[2]
PLAIN = PROJECT_ROOT / "tests/packages/plain"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the plain service, to be broken."""
    return Path(shutil.copytree(PLAIN, tmp_path / "plain"))


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _rules(folder: Path) -> set[tuple[str, str]]:
    return {(problem.file, problem.rule) for problem in check_service(folder)}


@pytest.mark.parametrize(
    "package", [PLAIN, *sorted((PROJECT_ROOT / "services").iterdir())], ids=lambda p: p.name
)
def test_the_shipped_packages_are_clean(package: Path) -> None:
    assert check_service(package) == []


@pytest.mark.parametrize(
    "file",
    ["service.toml", "schema.xdf.xml", "form.toml", "process.bpmn", "texts/de.md", "texts/form.en.toml"],
)
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert file in {name for name, _ in _rules(folder)}


def test_broken_toml_is_named_with_its_line(folder: Path) -> None:
    with (folder / "form.toml").open("a", encoding="utf-8") as out:
        out.write("\n[[page]\n")
    lines = len((folder / "form.toml").read_text(encoding="utf-8").splitlines())
    (problem,) = [problem for problem in check_service(folder) if problem.rule == "toml-syntax"]
    assert problem.line == lines


def test_a_page_with_the_name_of_a_portal_address_is_refused(folder: Path) -> None:
    first = next(
        line
        for line in (folder / "form.toml").read_text(encoding="utf-8").splitlines()
        if line.startswith("id =")
    )
    _replace(folder / "form.toml", first, 'id = "pruefen"')
    assert ("form.toml", "page-reserved") in _rules(folder)


def test_an_unknown_operation_is_named_with_its_line(folder: Path) -> None:
    _replace(folder / "process.bpmn", 'operation name="letter"', 'operation name="telegram"')
    found = [problem for problem in check_service(folder) if problem.rule == "unknown-operation"]
    assert found
    assert found[0].line > 0


def test_a_broken_letter_is_named(folder: Path) -> None:
    (letter,) = (folder / "letters").iterdir()
    letter.write_text("#let x = \n#nowhere()", encoding="utf-8")
    assert "letter" in {rule for _, rule in _rules(folder)}


def test_an_example_that_comes_out_differently_is_named(folder: Path) -> None:
    example = folder / "examples/01-ausgefuellt.toml"
    example.write_text(
        example.read_text(encoding="utf-8").replace("valid = true", "valid = false"), encoding="utf-8"
    )
    assert ("examples/01-ausgefuellt.toml", "example-valid") in _rules(folder)


def test_pages_written_as_single_tables_are_named_as_a_fault(folder: Path) -> None:
    (folder / "form.toml").write_text(
        '[page.person]\ntitle = "Wer sind Sie?"\nfields = []\n', encoding="utf-8"
    )
    assert "form.toml" in {file for file, _ in _rules(folder)}


def test_a_broken_package_is_not_published(town: Town, folder: Path) -> None:
    (folder / "form.toml").unlink()
    with pytest.raises(PackageError):
        publish_service(folder)
    assert not ServiceVersion.objects.exists()


def test_a_service_whose_office_the_town_lacks_is_not_published(town: Town) -> None:
    Office.objects.filter(key="gewerbe").update(key="other")
    with pytest.raises(PackageError, match="no office"):
        publish_service(PLAIN)


def test_publishing_the_same_again_changes_nothing_and_a_change_makes_the_next_version(
    town: Town, folder: Path
) -> None:
    first = publish_service(folder)
    assert publish_service(folder) == first
    _replace(folder / "texts/de.md", "{#what}", "{#what}\n\nEin neuer Satz.")
    second = publish_service(folder)
    assert (first.number, second.number) == (1, 2)
    now_live = live("plain")
    assert now_live is not None
    assert now_live.pk == second.pk
    # The first version still runs for whoever began with it.
    assert package_of(first).content_hash != package_of(second).content_hash

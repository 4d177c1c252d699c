"""The service package of the Gewerbeanmeldung: what its own examples cannot say about it."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from rathaus.catalogue.package import Package, load_package
from rathaus.catalogue.packing import read_folder
from rathaus.processes.examples import follow
from rathaus.processes.program import program_of
from rathaus.processes.publishing import check_service
from rathaus.towns.demo import example_context

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "services/gewerbeanmeldung"
SHARED = ROOT.parent / "shared"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def package() -> Package:
    return load_package(read_folder(FOLDER))


def green_answers() -> dict[str, Any]:
    example = FOLDER / "examples/01-einzelunternehmen-textilien.toml"
    answers: dict[str, Any] = tomllib.loads(example.read_text(encoding="utf-8"))["answers"]
    return answers


def facts_for(package: Package, activity: str, **given: Any) -> dict[str, Any]:
    """What the process finds out by itself about an otherwise green application."""
    answers = green_answers()
    answers["taetigkeit"]["beschreibung"] = activity
    context = example_context(TODAY, {})
    return follow(package, program_of(package), answers, context, given).facts


def kinds(package: Package, activity: str) -> set[str]:
    return {row["art"] for row in facts_for(package, activity)["taetigkeit"]}


@pytest.mark.parametrize("folder", [FOLDER, ROOT / "tests/packages/plain"], ids=lambda folder: folder.name)
def test_the_package_is_clean_and_its_examples_come_out_as_they_say(folder: Path) -> None:
    assert check_service(folder) == []


def test_the_schema_is_valid_xdatenfelder_3() -> None:
    xsd = SHARED / "data/xdatenfelder/xsd/3.0.0/xdatenfelder.xsd"
    if not xsd.exists():
        pytest.skip("../shared/data with the XSD of XDatenfelder is not there")
    schema = etree.XMLSchema(etree.parse(xsd))
    document = etree.parse(FOLDER / "schema.xdf.xml")
    assert schema.validate(document), schema.error_log


def test_every_number_of_gewa_1_leads_to_fields_of_the_schema(package: Package) -> None:
    assert set(package.service.numbers) == {str(number) for number in range(1, 34)}
    for number, paths in package.service.numbers.items():
        assert all(path in package.tree.nodes for path in paths), number
        # 32 is the day of receipt, 33 a signature that the electronic form does not have.
        assert bool(paths) == (number not in ("32", "33"))


def test_recipients_get_exactly_the_numbers_of_the_matrix(package: Package) -> None:
    source = SHARED / "domain/gewa1_fields.json"
    if not source.exists():
        pytest.skip("../shared/domain with the matrix of § 3 GewAnzV is not there")
    matrix = json.loads(source.read_text(encoding="utf-8"))["empfaenger_anlage1"]
    lists = sorted(tuple(map(str, row)) for row in matrix.values() if isinstance(row, list))
    ours = sorted(one.fields for one in package.recipients if one.key != "fruehere_gemeinde")
    assert ours == lists


def test_form_and_decision_table_know_the_same_activities() -> None:
    form = tomllib.loads((FOLDER / "form.toml").read_text(encoding="utf-8"))
    asked = {page["id"]: set(re.findall(r"'([a-z ]+)'", page.get("show", ""))) for page in form["page"]}
    table = etree.parse(FOLDER / "decisions/taetigkeit.dmn")
    decided: dict[str, set[str]] = {}
    for rule in table.iter("{*}rule"):
        entry, kind, *_ = ((node.text or "").strip() for node in rule.iter("{*}text"))
        decided.setdefault(kind.strip("'"), set()).update(re.findall(r"'([a-z ]+)'", entry))
    assert asked["erlaubnis"] == decided["erlaubnis"]
    assert asked["handwerkskarte"] - {"handwerk"} == decided["handwerk"]


@pytest.mark.parametrize(
    ("activity", "kind"),
    [
        ("Betrieb einer Gaststätte mit Ausschank", "erlaubnis"),
        ("IMMOBILIENMAKLER", "erlaubnis"),
        ("Dachdeckerei", "handwerk"),
        ("Rechtsanwältin", "kein_gewerbe"),
        ("Schlüsseldienst", "ueberwachung"),
        ("Einzelhandel mit Waren aller Art", "sammelbegriff"),
    ],
)
def test_an_activity_that_needs_a_look_is_recognised(package: Package, activity: str, kind: str) -> None:
    assert kind in kinds(package, activity)


@pytest.mark.parametrize(
    "activity",
    [
        "Einzelhandel mit Textilien und Uran",
        "Einzelhandel mit Textilien\nHandel mit Uran",
        "Herstellung von Möbeln",
        "Einbau von Elektronik",
        "Einzelhandel mit gebrauchten Büchern",
    ],
)
def test_one_unknown_part_keeps_an_activity_off_the_positive_list(package: Package, activity: str) -> None:
    assert facts_for(package, activity)["weg"]["route"] == "person"


@pytest.mark.parametrize(
    "activity",
    ["Einzelhandel mit Büchern, Schreibwaren und Geschenkartikeln", "Webdesign", "Kiosk", "Gebäudereinigung"],
)
def test_activities_of_the_positive_list_need_no_person(package: Package, activity: str) -> None:
    assert facts_for(package, activity)["weg"]["route"] == "gruen"


def test_the_longest_description_is_still_decided(package: Package) -> None:
    assert kinds(package, "Textilien," * 200) == {"erlaubnisfrei"}


def test_a_possible_duplicate_needs_a_person(package: Package) -> None:
    facts = facts_for(package, "Webdesign", fakten={"duplicates": ["HAN-26-0000-0000"]})
    assert [row["regel"] for row in facts["vorpruefung"]] == ["doppelt"]

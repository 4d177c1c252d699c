"""FIM's translations of a schema become texts of the drafted form."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rathaus.cli import run
from rathaus.drafting import DraftedPackage, draft_from_document
from rathaus.processes.publishing import check_files
from rathaus.standards.xdatenfelder.model import (
    Code,
    ElementTranslation,
    RuleMessage,
    RuleTranslation,
    Translation,
)
from rathaus.standards.xdatenfelder.translations import write_translations
from tests.standards.quality_schemata import field, group, place, schema, select

TODAY = date(2026, 11, 26)
LONG = "So steht es im Ausweis. " + "Mehr dazu lesen Sie im Merkblatt der Stadt. " * 6
DOCUMENT = schema(
    place(group(place(field(1, help=LONG)), place(select(2)))),
    place(
        field(
            3,
            kind="<x:feldart><code>label</code></x:feldart>",
            limits="",
            content="Bitte lesen Sie den Hinweis.",
            label="Hinweis",
        )
    ),
)
ENGLISH = Translation(
    "S05000000001",
    "en",
    (
        ElementTranslation("S05000000001", "1.0.0", "Register a dog"),
        ElementTranslation("G05000000001", "1.0.0", "Person in charge"),
        ElementTranslation(
            "F05000000001", "1.0.0", "Your name", help="As your passport says. See the leaflet."
        ),
        ElementTranslation(
            "F05000000002",
            "1.0.0",
            "Which",
            codes=(Code("a", "First"), Code("b", "Second", "The other one")),
        ),
        ElementTranslation("F05000000003", "1.0.0", "Note", content="Please read the note."),
    ),
    schema_version="1.0.0",
)


def drafted(*translations: Translation) -> DraftedPackage:
    return draft_from_document(DOCUMENT, today=TODAY, translations=translations)


def texts(draft: DraftedPackage, language: str = "en") -> dict[str, dict[str, dict[str, object]]]:
    return tomllib.loads(draft.files[f"texts/form.{language}.toml"].decode())


def codes(draft: DraftedPackage) -> Sequence[str]:
    return [finding.code for finding in draft.findings if finding.code.startswith("translation.")]


def test_questions_choices_notes_and_pages_speak_the_language() -> None:
    draft = drafted(ENGLISH)
    english = texts(draft)
    assert english["page"]["gruppe"]["title"] == "Person in charge"
    assert english["field"]["gruppe.feld_1"]["label"] == "Your name"
    assert english["codes"]["gruppe.feld_2"] == {
        "a": "First",
        "b": {"name": "Second", "help": "The other one"},
    }
    assert english["field"]["feld_3"]["content"] == "Please read the note."
    assert tomllib.loads(draft.files["service.toml"].decode())["title"]["en"] == "Register a dog"
    assert codes(draft) == []


def test_a_help_that_is_cut_in_german_is_cut_in_the_translation() -> None:
    look = texts(drafted(ENGLISH))["field"]["gruppe.feld_1"]
    assert (look["help"], look["details"]) == ("As your passport says.", "See the leaflet.")


def test_the_package_passes_the_check_and_shows_the_texts() -> None:
    package, problems = check_files(drafted(ENGLISH).files)
    assert package is not None
    assert [str(problem) for problem in problems if problem.level != "warning"] == []
    assert not any("Your name" in str(problem) or "feld_1" in problem.where for problem in problems)


def test_plain_german_becomes_the_third_language() -> None:
    plain = Translation(
        "S05000000001", "de", (ElementTranslation("F05000000001", None, "Wie heißen Sie?"),), variant="simple"
    )
    draft = drafted(plain, ENGLISH)
    assert texts(draft, "de-simple")["field"]["gruppe.feld_1"]["label"] == "Wie heißen Sie?"
    assert texts(draft)["field"]["gruppe.feld_1"]["label"] == "Your name"


@pytest.mark.parametrize(
    ("translation", "code"),
    [
        (replace(ENGLISH, schema_id="S99000000001"), "translation.foreign"),
        (replace(ENGLISH, language="fr"), "translation.language"),
        (replace(ENGLISH, variant="simple"), "translation.language"),
        (
            replace(ENGLISH, elements=(ElementTranslation("F05000000001", "0.9.0", "Your name"),)),
            "translation.version",
        ),
        (
            replace(ENGLISH, elements=(ElementTranslation("F05000000099", "1.0.0", "Nothing"),)),
            "translation.unknown",
        ),
        (
            replace(
                ENGLISH,
                elements=(ElementTranslation("F05000000002", "1.0.0", "Which", codes=(Code("z", "Last"),)),),
            ),
            "translation.codes",
        ),
        (
            replace(
                ENGLISH,
                elements=(
                    ElementTranslation(
                        "F05000000001",
                        "1.0.0",
                        "Your name",
                        rules=(RuleTranslation("R05000000001", None, (RuleMessage("1", "Wrong"),)),),
                    ),
                ),
            ),
            "translation.rules",
        ),
    ],
)
def test_what_of_a_translation_does_not_fit_is_said(translation: Translation, code: str) -> None:
    assert codes(drafted(translation)) == [code]


def test_the_first_of_two_translations_into_a_language_is_taken() -> None:
    draft = drafted(ENGLISH, replace(ENGLISH, region="GB", elements=ENGLISH.elements[:1]))
    assert codes(draft) == ["translation.twice"]
    assert texts(draft)["field"]["gruppe.feld_1"]["label"] == "Your name"


def test_import_takes_files_of_translations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "schema.xml").write_bytes(DOCUMENT)
    (tmp_path / "en.xml").write_bytes(write_translations([ENGLISH]))
    command = ["service", "import", str(tmp_path / "schema.xml"), "--into", str(tmp_path / "dog")]
    assert run([*command, "--translation", str(tmp_path / "en.xml"), "--json"]) == 0
    assert "Your name" in (tmp_path / "dog/texts/form.en.toml").read_text()
    assert json.loads(capsys.readouterr().out)["quality"] == []
    command[-1] = str(tmp_path / "other")
    assert run([*command, "--translation", str(tmp_path / "schema.xml")]) == 1
    assert "expected xdatenfelder.uebersetzung.0106" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()

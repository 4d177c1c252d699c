"""Every kind of value: what people may type, what is stored, what is shown, what is refused and how that is said."""

from __future__ import annotations

from typing import Any

import pytest

from rathaus.forms.display import format_value, input_value
from rathaus.forms.tree import FieldNode
from rathaus.forms.values import ValueProblem, bound, check_value, parse_value
from rathaus.standards.xdatenfelder.model import DataType, Placement
from tests.forms.building import TODAY, a_field, a_tree


def node_of(placement: Placement) -> FieldNode:
    (node,) = a_tree(placement).root.children
    assert isinstance(node, FieldNode)
    return node


def parsed(placement: Placement, raw: object, language: str = "de") -> Any:
    value = parse_value(node_of(placement), raw, TODAY, language)
    return value.code if isinstance(value, ValueProblem) else value


TEXT = a_field("Name")
NUM = a_field("Menge", DataType.NUM)
INT = a_field("Anzahl", DataType.NUM_INT)
MONEY = a_field("Betrag", DataType.NUM_CURRENCY)
DATE = a_field("Beginn", DataType.DATE)
TIME = a_field("Uhrzeit", DataType.TIME)
MOMENT = a_field("Zeitpunkt", DataType.DATETIME)
BOOL = a_field("Nebenerwerb", DataType.BOOL)
CHOICE = a_field("Rechtsform", codes={"01": "Einzelunternehmen", "02": "GmbH"})
LATIN = a_field("Vorname", DataType.TEXT_LATIN)
EMAIL = a_field("Adresse", fim_id="F60000000242")
PHONE = a_field("Nummer", fim_id="F60000000240")
POSTAL = a_field("Postleitzahl", fim_id="F60000000246", pattern="([0]{1}[1-9]{1}|[1-9]{1}[0-9]{1})[0-9]{3}")
IBAN = a_field("IBAN")
FILE = a_field("Ausweis", DataType.FILE, max_size=1000, media_types=("application/pdf", "image/png"))


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        (TEXT, "  Anna   Lena ", "Anna Lena"),
        (TEXT, "Zoe\u0308", "Zo\u00eb"),
        (TEXT, "   ", None),
        (TEXT, "a\x07b", "text.control"),
        (TEXT, 5, "json.type"),
        (LATIN, "Łukasz Çelik", "Łukasz Çelik"),
        (LATIN, "李", "text.latin"),
        (NUM, "1.234,50", "1234.5"),
        (NUM, "1234.5", "1234.5"),
        (NUM, "1.234", "1234"),
        (NUM, "1,234", "1.234"),
        (NUM, "1.234.567,8", "1234567.8"),
        (NUM, "1 234,5", "1234.5"),
        (NUM, "-0,0", "0"),
        (NUM, "1.23.4", "number"),
        (NUM, "1e5", "number"),
        (NUM, "zwölf", "number"),
        (NUM, 12.5, "12.5"),
        (NUM, True, "json.type"),
        (INT, "1.000", 1000),
        (INT, "12", 12),
        (INT, "12,5", "number.whole"),
        (INT, "1" + "0" * 18, "number.whole"),
        (INT, 7.0, 7),
        (MONEY, "1.234,50 €", "1234.50"),
        (MONEY, "50,-", "50.00"),
        (MONEY, "EUR 12", "12.00"),
        (MONEY, "1,234", "number.ambiguous"),
        (MONEY, "0,005", "number.currency"),
        (MONEY, 12, "12.00"),
        (DATE, "3.4.1990", "1990-04-03"),
        (DATE, "03.04.90", "1990-04-03"),
        (DATE, "1990-04-03", "1990-04-03"),
        (DATE, "3. April 1990", "1990-04-03"),
        (DATE, "03041990", "1990-04-03"),
        (DATE, "3/4/30", "2030-04-03"),
        (DATE, "3/4/37", "1937-04-03"),
        (DATE, "31.2.2000", "date.impossible"),
        (DATE, "4.13.2000", "date.month"),
        (DATE, "4.1.200", "date.year"),
        (DATE, "morgen", "date"),
        (TIME, "14:30", "14:30"),
        (TIME, "9 Uhr", "09:00"),
        (TIME, "1430", "14:30"),
        (TIME, "24:00", "time"),
        (MOMENT, "3.4.2026, 14:30 Uhr", "2026-04-03T14:30"),
        (MOMENT, "2026-04-03T14:30:00+02:00", "2026-04-03T14:30+02:00"),
        (MOMENT, "irgendwann", "datetime"),
        (BOOL, "ja", True),
        (BOOL, "false", False),
        (BOOL, "vielleicht", "bool"),
        (BOOL, True, True),
        (BOOL, 1, "json.type"),
        (CHOICE, "01", "01"),
        (CHOICE, "gmbh", "02"),
        (CHOICE, "03", "code"),
        (CHOICE, 1, "json.type"),
        (EMAIL, "Anna@Beispiel.DE", "Anna@beispiel.de"),
        (EMAIL, "anna@müller.de", "anna@müller.de"),
        (EMAIL, "anna@", "email"),
        (EMAIL, "anna.beispiel.de", "email"),
        (EMAIL, "an..na@beispiel.de", "email"),
        (EMAIL, "anna@beispiel", "email"),
        (PHONE, "0511 168-0", "+49 511 1680"),
        (PHONE, "+43 1 234567", "+43 1 234567"),
        (PHONE, "keine", "phone"),
        (POSTAL, "30 159", "30159"),
        (POSTAL, "D-30159", "30159"),
        (POSTAL, "3015", "postal_code"),
        (POSTAL, "00000", "postal_code"),
        (IBAN, "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        (IBAN, "DE88370400440532013000", "iban"),
        (IBAN, "DE8937040044", "iban.form"),
        (FILE, "datei.pdf", "file"),
    ],
)
def test_what_is_typed_becomes_what_is_stored_or_a_reason(
    field: Placement, typed: object, stored: object
) -> None:
    assert parsed(field, typed) == stored


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        (NUM, "1,234.50", "1234.5"),
        (NUM, "1,234,567", "1234567"),
        (NUM, "1,234", "number.ambiguous"),
        (NUM, "1.234", "number.ambiguous"),
        (NUM, "0.125", "0.125"),
        (NUM, "12,5", "12.5"),
    ],
)
def test_numbers_typed_in_english_are_never_wrong_by_a_thousand(
    field: Placement, typed: str, stored: str
) -> None:
    assert parsed(field, typed, "en") == stored


@pytest.mark.parametrize(
    ("field", "value", "german", "english"),
    [
        (NUM, "1234567.5", "1.234.567,5", "1,234,567.5"),
        (INT, 2026, "2026", "2026"),
        (INT, -12345, "-12.345", "-12,345"),
        (MONEY, "1234.50", "1234,50 €", "€1234.50"),
        (MONEY, "-12345.00", "-12.345,00 €", "-€12,345.00"),
        (DATE, "1990-04-03", "03.04.1990", "3 April 1990"),
        (TIME, "14:30", "14:30 Uhr", "14:30"),
        (MOMENT, "2026-04-03T14:30", "03.04.2026, 14:30 Uhr", "3 April 2026, 14:30"),
        (BOOL, False, "Nein", "No"),
        (CHOICE, "02", "GmbH", "GmbH"),
        (IBAN, "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_values_are_shown_as_people_read_them(
    field: Placement, value: Any, german: str, english: str
) -> None:
    assert format_value(node_of(field), value, "de") == german
    assert format_value(node_of(field), value, "en") == english


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((NUM, number) for number in ("1234.567", "0.125", "1.234", "-5", "1234567")),
        *((INT, number) for number in (0, 1234, 1234567)),
        *((MONEY, amount) for amount in ("1.23", "1234.50", "1234567.00")),
        (DATE, "1990-04-03"),
        (DATE, "0101-04-03"),
        (TIME, "09:05"),
        (MOMENT, "2026-04-03T14:30"),
        (MOMENT, "2026-04-03T14:30+02:00"),
        (BOOL, True),
        (CHOICE, "01"),
        (IBAN, "DE89370400440532013000"),
        (PHONE, "+49 511 1680"),
    ],
)
def test_what_is_put_back_into_an_input_reads_as_the_same_value(
    field: Placement, value: Any, language: str
) -> None:
    assert parsed(field, input_value(node_of(field), value, language), language) == value


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        (a_field("Ort", min_length=3), "ab", "text.too_short"),
        (a_field("Ort", max_length=3), "abcd", "text.too_long"),
        (a_field("Zeichen", pattern="[A-Z]{2}"), "ab", "text.pattern"),
        (a_field("Zeichen", pattern="[A-Z]{2}"), "ABC", "text.pattern"),
        (a_field("Tag", DataType.NUM_INT, min_value="1", max_value="31"), "32", "number.too_large"),
        (a_field("Anteil", DataType.NUM, min_value="0,5"), "0,4", "number.too_small"),
        (a_field("Beginn", DataType.DATE, min_value="2026-01-01"), "31.12.2025", "date.too_early"),
        (a_field("Beginn", DataType.DATE, max_value="2026-01-01"), "2.1.2026", "date.too_late"),
    ],
)
def test_limits_of_the_schema_hold(field: Placement, typed: str, code: str) -> None:
    assert parsed(field, typed) == code


@pytest.mark.parametrize("pattern", ["(?=a)b", "bitte eintragen (nur", "*", "[", "(a)\\1"])
def test_a_pattern_that_cannot_be_used_blocks_nobody(pattern: str) -> None:
    tree = a_tree(a_field("Ort", pattern=pattern))
    node = tree.field("ort")
    assert node is not None
    assert parse_value(node, "Hannover", TODAY, "de") == "Hannover"
    assert [problem.rule for problem in tree.problems] == ["schema.pattern"]


def test_a_catastrophic_pattern_is_answered_at_once() -> None:
    field = a_field("Zeichen", pattern="(a+)+")
    assert parsed(field, "a" * 19_000 + "!") == "text.pattern"


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"\u00e4+", "ää", "aa"),
        (r"a\/b", "a/b", "ab"),
        (r"(?<jahr>\d{4})", "2026", "٢٠٢٦"),
        (r"\p{Lu}+", "ÄÖ", "äö"),
        ("[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{1,63}$", "a@b.de", "a@b"),
    ],
)
def test_patterns_mean_what_a_browser_reads_in_them(pattern: str, good: str, bad: str) -> None:
    field = a_field("Zeichen", pattern=pattern)
    node = node_of(field)
    assert check_value(node, good, "de") is None
    assert check_value(node, bad, "de") is not None


def test_files_are_checked_for_size_and_type() -> None:
    file = {"id": "1", "name": "a.pdf", "size": 1000, "media_type": "application/pdf", "sha256": "x"}
    assert parsed(FILE, file) == file
    assert parsed(FILE, {**file, "size": 1001}) == "file.too_large"
    assert parsed(FILE, {**file, "media_type": "text/html"}) == "file.type"
    assert parsed(FILE, {"name": "a.pdf"}) == "file"
    assert parsed(FILE, {**file, "name": "Foto 12.00\u202fAM.pdf"}) == {
        **file,
        "name": "Foto 12.00\u202fAM.pdf",
    }
    assert parsed(FILE, {**file, "name": "a\n.pdf"}) == "file"
    assert parsed(FILE, {**file, "path": "/etc/passwd"}) == "file"
    assert format_value(node_of(FILE), file, "de") == "a.pdf (1000 B)"


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (a_field("E-Mail"), "email"),
        (a_field("Telefon (freiwillig)"), "phone"),
        (a_field("PLZ", min_length=5, max_length=5), "postal_code"),
        (a_field("PLZ", max_length=12), "plain"),
        (a_field("Beschreibung", max_length=1000), "multiline"),
        (a_field("Konto", pattern="DE[0-9]{20}"), "iban"),
        (a_field("Mobilität"), "plain"),
    ],
)
def test_texts_with_a_form_of_their_own_are_recognised(field: Placement, kind: str) -> None:
    assert node_of(field).text_kind == kind


@pytest.mark.parametrize("limit", ["1E400", "-1E-400", "NaN", "viel", "1" + "0" * 18])
def test_a_limit_that_no_number_reaches_limits_nothing(limit: str) -> None:
    assert bound(limit) is None

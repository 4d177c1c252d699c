"""What the form engine says to people, in German and English: always how to mend it, never just that it is wrong.

Texts take parameters by name (`%(label)s`). Plain German (`de-simple`) falls back to German: these sentences are
short already. Keys are stable: the API hands them out as `code`, and tests compare them.
"""

from __future__ import annotations

from typing import Any, Final

SOURCE_LANGUAGE: Final = "de"
LANGUAGES: Final = ("de", "en", "de-simple")

_MESSAGES: dict[str, tuple[str, str]] = {
    # required answers
    "required": ("Füllen Sie „%(label)s“ aus.", "Fill in “%(label)s”."),
    "required.choice": (
        "Wählen Sie bei „%(label)s“ eine Antwort aus.",
        "Choose an answer for “%(label)s”.",
    ),
    "required.bool": ("Beantworten Sie „%(label)s“ mit Ja oder Nein.", "Answer “%(label)s” with yes or no."),
    "required.confirm": ("Bestätigen Sie: „%(label)s“.", "Please confirm: “%(label)s”."),
    "required.date": (
        "Geben Sie „%(label)s“ mit Tag, Monat und Jahr ein, zum Beispiel 3.4.1990.",
        "Enter “%(label)s” with day, month and year, for example 3.4.1990.",
    ),
    "required.partial_date": (
        "Geben Sie „%(label)s“ mit Tag, Monat und Jahr ein, zum Beispiel 3.4.1990. "
        "Was nicht bekannt ist, lassen Sie leer.",
        "Enter “%(label)s” with day, month and year, for example 3.4.1990. Leave empty what is not known.",
    ),
    "required.file": ("Laden Sie eine Datei zu „%(label)s“ hoch.", "Upload a file for “%(label)s”."),
    "required.group": ("Machen Sie Angaben zu „%(label)s“.", "Give details for “%(label)s”."),
    "too_few": (
        "„%(label)s“: Geben Sie mindestens %(minimum)s an. Bisher: %(count)s.",
        "“%(label)s”: give at least %(minimum)s. So far: %(count)s.",
    ),
    "too_many": (
        "„%(label)s“: Geben Sie höchstens %(maximum)s an. Entfernen Sie %(surplus)s.",
        "“%(label)s”: give at most %(maximum)s. Remove %(surplus)s.",
    ),
    "choice.several": (
        "„%(label)s“: Füllen Sie nur eine der Möglichkeiten aus und leeren Sie die anderen.",
        "“%(label)s”: fill in only one of the alternatives and clear the others.",
    ),
    "choice.none": (
        "„%(label)s“: Füllen Sie genau eine der Möglichkeiten aus.",
        "“%(label)s”: fill in exactly one of the alternatives.",
    ),
    # texts
    "text.too_long": (
        "Kürzen Sie „%(label)s“ auf höchstens %(maximum)s Zeichen. Es sind %(count)s.",
        "Shorten “%(label)s” to at most %(maximum)s characters. There are %(count)s.",
    ),
    "text.too_short": (
        "Geben Sie bei „%(label)s“ mindestens %(minimum)s Zeichen ein.",
        "Enter at least %(minimum)s characters for “%(label)s”.",
    ),
    "text.pattern": (
        "Prüfen Sie die Schreibweise von „%(label)s“. %(help)s",
        "Check how “%(label)s” is written. %(help)s",
    ),
    "text.control": (
        "„%(label)s“ enthält unsichtbare Steuerzeichen. Tippen Sie den Text bitte neu ein.",
        "“%(label)s” contains invisible control characters. Please type the text again.",
    ),
    "text.latin": (
        "„%(label)s“: Schreiben Sie das mit lateinischen Buchstaben. Diese Zeichen kennen Behörden nicht: %(found)s",
        "“%(label)s”: write this in Latin letters. Authorities cannot process these characters: %(found)s",
    ),
    "email": (
        "Geben Sie eine E-Mail-Adresse wie name@beispiel.de ein.",
        "Enter an e-mail address such as name@example.com.",
    ),
    "phone": (
        "Geben Sie eine Telefonnummer mit Vorwahl ein, zum Beispiel 0511 1234567 oder +43 1 234567.",
        "Enter a phone number with its area code, for example 0511 1234567 or +43 1 234567.",
    ),
    "postal_code": (
        "Geben Sie eine Postleitzahl mit fünf Ziffern ein, zum Beispiel 30159.",
        "Enter a postal code with five digits, for example 30159.",
    ),
    "iban": (
        "Prüfen Sie die IBAN: Mindestens eine Stelle stimmt nicht. Sie steht auf Ihrer Bankkarte.",
        "Check the IBAN: at least one character is wrong. You find it on your bank card.",
    ),
    "iban.form": (
        "Geben Sie die IBAN vollständig ein. Eine deutsche IBAN beginnt mit DE, dann folgen 20 Ziffern.",
        "Enter the complete IBAN. A German IBAN begins with DE, followed by 20 digits.",
    ),
    # numbers
    "number": (
        "Geben Sie bei „%(label)s“ eine Zahl ein, zum Beispiel 1.234,50.",
        "Enter a number for “%(label)s”, for example 1234.50.",
    ),
    "number.whole": (
        "Geben Sie bei „%(label)s“ eine ganze Zahl ein, zum Beispiel 12.",
        "Enter a whole number for “%(label)s”, for example 12.",
    ),
    "number.currency": (
        "Geben Sie bei „%(label)s“ einen Betrag in Euro ein, zum Beispiel 1.234,50.",
        "Enter an amount in euros for “%(label)s”, for example 1234.50.",
    ),
    "number.ambiguous": (
        "„%(typed)s“ lässt sich verschieden lesen. Schreiben Sie die Zahl ohne Tausendertrennzeichen.",
        "“%(typed)s” can be read in two ways. Write the number without a thousands separator.",
    ),
    "number.too_small": (
        "„%(label)s“: Geben Sie eine Zahl ab %(minimum)s ein.",
        "“%(label)s”: enter a number of at least %(minimum)s.",
    ),
    "number.too_large": (
        "„%(label)s“: Geben Sie eine Zahl bis %(maximum)s ein.",
        "“%(label)s”: enter a number of at most %(maximum)s.",
    ),
    # dates and times
    "date": (
        "Geben Sie „%(label)s“ mit Tag, Monat und Jahr ein, zum Beispiel 3.4.1990.",
        "Enter “%(label)s” with day, month and year, for example 3.4.1990.",
    ),
    "date.impossible": (
        "„%(label)s“: Diesen Tag gibt es im Kalender nicht. Prüfen Sie Tag und Monat.",
        "“%(label)s”: there is no such day in the calendar. Check day and month.",
    ),
    "date.month": (
        "„%(label)s“: Der Monat ist eine Zahl von 1 bis 12. Schreiben Sie zuerst den Tag, dann den Monat.",
        "“%(label)s”: the month is a number from 1 to 12. Write the day first, then the month.",
    ),
    "date.year": (
        "„%(label)s“: Geben Sie das Jahr mit vier Ziffern ein.",
        "“%(label)s”: enter the year with four digits.",
    ),
    "date.incomplete": (
        "„%(label)s“: Es fehlt %(missing)s. Geben Sie das Datum vollständig ein.",
        "“%(label)s”: %(missing)s is missing. Enter the complete date.",
    ),
    "date.too_early": (
        "„%(label)s“: Geben Sie ein Datum ab dem %(minimum)s ein.",
        "“%(label)s”: enter a date not before %(minimum)s.",
    ),
    "date.too_late": (
        "„%(label)s“: Geben Sie ein Datum bis zum %(maximum)s ein.",
        "“%(label)s”: enter a date not after %(maximum)s.",
    ),
    "partial_date.month": (
        "„%(label)s“: Geben Sie zum Tag auch den Monat an oder lassen Sie beide leer.",
        "“%(label)s”: give the month with the day, or leave both empty.",
    ),
    "partial_date.year": (
        "„%(label)s“: Geben Sie auch das Jahr an.",
        "“%(label)s”: give the year as well.",
    ),
    "time": (
        "Geben Sie bei „%(label)s“ eine Uhrzeit ein, zum Beispiel 14:30.",
        "Enter a time for “%(label)s”, for example 14:30.",
    ),
    "datetime": (
        "Geben Sie bei „%(label)s“ Datum und Uhrzeit ein, zum Beispiel 3.4.2026 14:30.",
        "Enter date and time for “%(label)s”, for example 3.4.2026 14:30.",
    ),
    "bool": ("Beantworten Sie „%(label)s“ mit Ja oder Nein.", "Answer “%(label)s” with yes or no."),
    "code": (
        "Wählen Sie bei „%(label)s“ eine Antwort aus der Liste. „%(typed)s“ gehört nicht dazu.",
        "Choose an answer from the list for “%(label)s”. “%(typed)s” is not on it.",
    ),
    "code.repeated": (
        "„%(label)s“: „%(typed)s“ ist mehrfach angegeben. Einmal genügt.",
        "“%(label)s”: “%(typed)s” is given several times. Once is enough.",
    ),
    # files
    "file": (
        "„%(label)s“: Die Datei ist nicht angekommen. Laden Sie sie bitte noch einmal hoch.",
        "“%(label)s”: the file did not arrive. Please upload it again.",
    ),
    "file.too_large": (
        "„%(name)s“ ist zu groß. Eine Datei darf höchstens %(maximum)s haben.",
        "“%(name)s” is too large. A file may have at most %(maximum)s.",
    ),
    "file.type": (
        "„%(name)s“ hat nicht den richtigen Dateityp. Möglich sind: %(types)s.",
        "“%(name)s” is not of an accepted type. Possible are: %(types)s.",
    ),
    # answers as JSON
    "json.unknown": (
        "Diese Angabe gibt es im Formular nicht. Entfernen Sie „%(key)s“.",
        "The form has no such field. Remove “%(key)s”.",
    ),
    "json.type": (
        "„%(label)s“: Erwartet wird %(expected)s, nicht %(found)s.",
        "“%(label)s”: expected %(expected)s, not %(found)s.",
    ),
    "json.fixed": (
        "„%(label)s“ ist festgelegt. Lassen Sie die Angabe weg.",
        "“%(label)s” is fixed. Leave it out.",
    ),
    # words of the interface that belong to values
    "yes": ("Ja", "Yes"),
    "no": ("Nein", "No"),
    "day": ("Tag", "Day"),
    "month": ("Monat", "Month"),
    "year": ("Jahr", "Year"),
    "missing.tag": ("der Tag", "the day"),
    "missing.monat": ("der Monat", "the month"),
    "missing.jahr": ("das Jahr", "the year"),
    "missing.and": ("%(first)s und %(second)s", "%(first)s and %(second)s"),
    "add": ("%(label)s hinzufügen", "Add: %(label)s"),
    "remove": ("%(label)s entfernen", "Remove: %(label)s"),
    "numbered": ("%(label)s %(number)s", "%(label)s %(number)s"),
    "named": ("%(label)s: %(name)s", "%(label)s: %(name)s"),
    "choose_one": ("Füllen Sie eine der Möglichkeiten aus.", "Fill in one of the alternatives."),
    "hint.date": ("Zum Beispiel 3.4.1990", "For example 3.4.1990"),
    "hint.file": ("Höchstens %(maximum)s, %(types)s", "At most %(maximum)s, %(types)s"),
    "hint.file.size": ("Höchstens %(maximum)s", "At most %(maximum)s"),
    "type.object": ("ein Objekt", "an object"),
    "type.array": ("eine Liste", "a list"),
    "type.string": ("ein Text", "a string"),
    "type.boolean": ("true oder false", "true or false"),
    "type.number": ("eine Zahl", "a number"),
    "type.integer": ("eine ganze Zahl", "an integer"),
    "type.null": ("null", "null"),
}


def message(key: str, language: str, /, **params: Any) -> str:
    """The text of one key in a language (anything but `en` speaks German). Raises `KeyError` for an unknown key."""
    text = _MESSAGES[key][1 if language == "en" else 0]
    return (text % params).strip() if params else text


def message_keys() -> frozenset[str]:
    """All keys of the catalogue."""
    return frozenset(_MESSAGES)

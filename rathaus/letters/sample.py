"""Typeset a template with example data, for authors of service packages.

python -m rathaus.letters.sample services/<key>/letters/<name>.typ out.pdf [de|en|de-simple]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rathaus.letters.qr import qr_svg
from rathaus.letters.typesetting import LetterError, typeset

_ARMS = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 48"><path fill="#8a1538" '
    'd="M2 2h36v24c0 11-8 17-18 20C10 43 2 37 2 26z"/><path fill="#fff" d="M9 14h22v22H9z"/></svg>'
)


def example_data(language: str = "de") -> dict[str, Any]:
    """Everything a template may rely on, with invented content."""
    return {
        "town": {
            "name": "Hannover",
            "official_name": "Landeshauptstadt Hannover",
            "arms_svg": _ARMS,
            "colour": "#8a1538",
            "land": "NI",
            "website": "https://hannover.example",
            "office": {
                "name": "Fachbereich Öffentliche Ordnung, Gewerbeangelegenheiten",
                "address": ["Beispielplatz 2", "30159 Hannover"],
                "phone": "0511 000-100",
                "email": "gewerbe@hannover.example",
                "opening_hours": ["Montag 08:00–15:00 Uhr", "Donnerstag 08:00–18:00 Uhr"],
            },
            "bank": {
                "holder": "Landeshauptstadt Hannover (Beispielkonto)",
                "iban": "DE02 1203 0000 0000 2020 51",
                "bic": "BYLADEM1001",
                "bank": "Beispielbank",
            },
        },
        "case": {
            "reference": "HAN-26-7K3M-9Q2X",
            "received_at": "2026-10-21T09:12:00+02:00",
            "due_on": "2026-10-24",
            "service_title": "Gewerbe anmelden",
            "service_key": "gewerbeanmeldung",
        },
        "letter": {
            "title": "Empfangsbescheinigung",
            "date": "2026-10-21",
            "language": language,
            "verification_code": "ABCD-EFGH-JKMN-PQRS",
            "verification_url": "https://hannover.example/pruefen/",
            "verification_qr": qr_svg("https://hannover.example/pruefen/?code=ABCD-EFGH-JKMN-PQRS"),
            "signer": None,
            "draft": False,
        },
        "recipient": {"name": "Erika Beispiel", "address_lines": ["Musterweg 1", "30159 Hannover"]},
        "answers": {
            "inhaber": [{"familienname": "Beispiel", "vornamen": "Erika"}],
            "taetigkeit": "Blumenladen",
        },
        "review": [
            {
                "title": "Person",
                "entries": [
                    {"label": "Familienname", "value": "Beispiel"},
                    {"label": "Vornamen", "value": "Erika"},
                    {"label": "Geburtsdatum", "value": "3. April 1990"},
                ],
            },
            {
                "title": "Betrieb",
                "entries": [
                    {"label": "Angemeldete Tätigkeit", "value": "Einzelhandel mit Blumen und Pflanzen"},
                    {"label": "Beginn", "value": "1. November 2026"},
                ],
            },
        ],
        "attachments": [{"name": "Ausweis.pdf", "sha256": "0123456789abcdef" * 4}],
        "facts": {},
        "fee": {
            "amount_cents": 3000,
            "amount_display": "30,00 €",
            "legal_basis": "§ 1 NVwKostG, AllGO Nds. Nr. 40.1",
            "setting_source": "Beispielwert",
        },
        "remedy": {
            "heading": "Rechtsbehelfsbelehrung",
            "text": (
                "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Klage beim Verwaltungsgericht "
                "Hannover, Leonhardtstraße 15, 30175 Hannover, erhoben werden."
            ),
            "translation": None,
            "remedy": "Klage",
            "body": "Verwaltungsgericht Hannover",
            "seat": "Leonhardtstraße 15, 30175 Hannover",
            "deadline": "eines Monats",
            "legal_basis": "§ 74 VwGO",
        },
    }


def main(arguments: list[str]) -> int:
    """0 when the PDF is written; 1 with one line that names file, line and fault."""
    if len(arguments) not in (2, 3):
        sys.stderr.write("usage: python -m rathaus.letters.sample TEMPLATE.typ OUT.pdf [de|en|de-simple]\n")
        return 2
    template = Path(arguments[0])
    files = {file.name: file.read_bytes() for file in template.parent.glob("*.typ")}
    try:
        pdf = typeset(template.read_bytes(), example_data(*arguments[2:]), files=files, name=template.name)
    except LetterError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    Path(arguments[1]).write_bytes(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Two demo towns: Hannover, and the invented small town Ahrensfurt, so that isolation is real from the first day.

Offices, settings and accounts are examples and say so. Nothing here is a statement of the city of Hannover.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rathaus.towns.context import acting_for
from rathaus.towns.models import Office, Setting, Town, TownHost
from rathaus.towns.service import decide_setting

_SHIELD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 48" width="40" height="48" aria-hidden="true">'
    '<path fill="{ground}" d="M2 2h36v24c0 11-8 17-18 20C10 43 2 37 2 26z"/>{charge}</svg>'
)
# A gate with two towers, and a ford with a bridge: drawn for this demo, not the towns' arms.
_GATE = (
    '<path fill="#fff" d="M9 14h4v3h3v-3h8v3h3v-3h4v22H24v-7a4 4 0 0 0-8 0v7H9z"/>'
    '<circle cx="20" cy="21" r="2" fill="{ground}"/>'
)
_BRIDGE = (
    '<path fill="#fff" d="M7 18h26v4h-3v6h-3a7 7 0 0 0-14 0h-3v-6H7z"/>'
    '<path fill="none" stroke="#fff" stroke-width="2" d="M8 33q3-3 6 0t6 0 6 0 6 0"/>'
)

# Postal codes of deliveries inside the city's area.
_HANNOVER_POSTAL_CODES = (
    *range(30159, 30180, 2),
    *(30419, 30449, 30451, 30453, 30455, 30457, 30459, 30519, 30521, 30539, 30559),
    *range(30625, 30660, 2),
)

_OFFICE_HOURS = [
    {"day": 0, "from": "08:00", "until": "15:00"},
    {"day": 1, "from": "08:00", "until": "15:00"},
    {"day": 3, "from": "08:00", "until": "18:00"},
    {"day": 4, "from": "08:00", "until": "12:00"},
]

_TOWNS: list[dict[str, Any]] = [
    {
        "town": {
            "slug": "hannover",
            "name": "Hannover",
            "official_name": "Landeshauptstadt Hannover",
            "ags": "03241001",
            "land": "NI",
            "reference_prefix": "HAN",
            "is_default": True,
            "postal_codes": [str(code) for code in _HANNOVER_POSTAL_CODES],
            "brand_colour": "#8a1538",
            "brand_text_colour": "#ffffff",
            "arms_svg": _SHIELD.format(ground="#8a1538", charge=_GATE.format(ground="#8a1538")),
            "contact": {
                "street": "Beispielplatz 1",
                "postal_code": "30159",
                "city": "Hannover",
                "phone": "0511 000-0",
                "email": "rathaus@hannover.example",
                "website": "https://hannover.example",
            },
            "imprint": {
                "representative": "Erika Musterfrau, Oberbürgermeisterin (erfunden)",
                "vat_id": "DE000000000",
                "supervisory_authority": "Niedersächsisches Ministerium für Inneres und Sport",
            },
            "bank_account": {
                "holder": "Landeshauptstadt Hannover (Beispielkonto)",
                "iban": "DE02120300000000202051",
                "bic": "BYLADEM1001",
                "bank": "Beispielbank",
            },
        },
        "hosts": ["hannover.localhost", "127.0.0.1", "localhost"],
        "court": {
            "name": "Verwaltungsgericht Hannover",
            "street": "Leonhardtstraße 15",
            "postal_code": "30175",
            "city": "Hannover",
        },
        "office": {
            "name": "Fachbereich Öffentliche Ordnung, Gewerbeangelegenheiten",
            "short_name": "Gewerbeangelegenheiten",
            "address": {"street": "Beispielplatz 2", "postal_code": "30159", "city": "Hannover"},
            "phone": "0511 000-100",
            "email": "gewerbe@hannover.example",
        },
        "fee_cents": 3000,
    },
    {
        "town": {
            "slug": "ahrensfurt",
            "name": "Ahrensfurt",
            "official_name": "Stadt Ahrensfurt (erfunden)",
            "ags": "03999001",
            "land": "NI",
            "reference_prefix": "AHR",
            "postal_codes": ["39990", "39991"],
            "brand_colour": "#14532d",
            "brand_text_colour": "#ffffff",
            "arms_svg": _SHIELD.format(ground="#14532d", charge=_BRIDGE),
            "contact": {
                "street": "Am Beispielmarkt 3",
                "postal_code": "39990",
                "city": "Ahrensfurt",
                "phone": "05000 000-0",
                "email": "rathaus@ahrensfurt.example",
                "website": "https://ahrensfurt.example",
            },
            "imprint": {
                "representative": "Max Mustermann, Bürgermeister (erfunden)",
                "vat_id": "DE000000000",
                "supervisory_authority": "Landkreis Beispielland (erfunden)",
            },
            "bank_account": {
                "holder": "Stadt Ahrensfurt (Beispielkonto)",
                "iban": "DE02500105170137075030",
                "bic": "INGDDEFF",
                "bank": "Beispielbank",
            },
        },
        "hosts": ["ahrensfurt.localhost"],
        "court": {
            "name": "Verwaltungsgericht Hannover",
            "street": "Leonhardtstraße 15",
            "postal_code": "30175",
            "city": "Hannover",
        },
        "office": {
            "name": "Bürgeramt, Ordnung und Gewerbe",
            "short_name": "Ordnung und Gewerbe",
            "address": {"street": "Am Beispielmarkt 3", "postal_code": "39990", "city": "Ahrensfurt"},
            "phone": "05000 000-20",
            "email": "gewerbe@ahrensfurt.example",
        },
        "fee_cents": 2500,
    },
]


def seed_towns() -> list[Town]:
    """Make the demo towns with their offices and settings; what is there already stays as it is."""
    return [_seed(spec) for spec in _TOWNS]


def _seed(spec: dict[str, Any]) -> Town:
    town = Town.objects.filter(slug=spec["town"]["slug"]).first()
    if town is not None:
        with acting_for(town):
            _seed_general(town)
        return town
    town = Town(**spec["town"])
    town.full_clean()
    town.save()
    TownHost.objects.bulk_create(TownHost(town=town, host=host) for host in spec["hosts"])
    with acting_for(town):
        Office.objects.create(key="gewerbe", opening_hours=_OFFICE_HOURS, **spec["office"])
        start = date(2024, 1, 1)
        decide_setting(
            "gewerbeanmeldung.gebuehr",
            {"amount_cents": spec["fee_cents"]},
            valid_from=start,
            source="Beispielwert im Rahmen der AllGO Nds., Kostentarif Nr. 40.1; den Betrag legt die Stadt fest.",
        )
        decide_setting(
            "gewerbeanmeldung.gebuehrenbescheid_automatisch",
            {"allowed": False, "legal_basis": ""},
            valid_from=start,
            source="§ 35a VwVfG verlangt eine Rechtsvorschrift. Bis dahin gibt ein Mensch den Bescheid frei.",
        )
        decide_setting("court.administrative", spec["court"], valid_from=start, source="§ 52 VwGO")
        _seed_general(town)
    return town


def _seed_general(town: Town) -> None:
    """What services that were just drafted need: an office for everything, and the remedy that usually holds."""
    contact = town.contact
    Office.objects.get_or_create(
        key="buergerservice",
        defaults={
            "name": "Bürgerservice",
            "short_name": "Bürgerservice",
            "address": {part: contact[part] for part in ("street", "postal_code", "city")},
            "phone": contact["phone"],
            "email": contact["email"],
            "opening_hours": _OFFICE_HOURS,
        },
    )
    if not Setting.objects.filter(key="remedy").exists():
        decide_setting(
            "remedy",
            {
                "kind": "klage",
                "period": "1 month",
                "legal_basis": "§ 37 Abs. 6 VwVfG, § 74 VwGO, § 80 Abs. 1 NJG",
                "court_setting": "court.administrative",
            },
            valid_from=date(2024, 1, 1),
            source="§ 80 Abs. 1 NJG: in Niedersachsen in der Regel kein Widerspruch",
        )


def example_context(
    day: date, settings: Mapping[str, Any], town: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The variables `town` and `today` in which a package's examples are tried: the first demo town's facts.

    An example may name further `settings`, and facts of the `town` that are otherwise.
    """
    spec = _TOWNS[0]
    return {
        "town": {
            **{key: spec["town"][key] for key in ("slug", "ags", "name", "land", "postal_codes")},
            **(town or {}),
            "settings": {
                "gewerbeanmeldung.gebuehr": {"amount_cents": spec["fee_cents"]},
                "gewerbeanmeldung.gebuehrenbescheid_automatisch": {"allowed": False, "legal_basis": ""},
                **settings,
            },
        },
        "today": day,
    }

"""The notice of remedies names remedy, body, seat and period, or the letter is refused (§ 37 Abs. 6 VwVfG)."""

from __future__ import annotations

from typing import Any

import pytest

from rathaus.letters.remedy import Body, Remedy, RemedyError, remedy_for

COURT = {
    "name": "Verwaltungsgericht Hannover",
    "street": "Leonhardtstraße 15",
    "postal_code": "30175",
    "city": "Hannover",
}
RULES: dict[str, Any] = {
    "NI": {
        "kind": "klage",
        "period": "1 month",
        "legal_basis": "§ 74 VwGO, § 80 Abs. 1 NJG",
        "letters": ["bescheid"],
        "court_setting": "court.administrative",
    },
    "BW": {"kind": "widerspruch", "period": "1 month", "legal_basis": "§ 70 VwGO", "letters": ["bescheid"]},
}


def against(template: str, land: str, rules: dict[str, Any] = RULES, **settings: Any) -> Remedy | None:
    return remedy_for(
        rules,
        template=template,
        land=land,
        authority=Body("Stadt Freiburg", "Rathausplatz 1, 79098 Freiburg"),
        settings={"court.administrative": COURT, **settings},
    )


def test_where_the_objection_is_abolished_the_court_is_named() -> None:
    remedy = against("bescheid", "NI")
    assert remedy is not None
    for part in (
        "eines Monats",
        "Klage",
        "Verwaltungsgericht Hannover",
        "Leonhardtstraße 15, 30175 Hannover",
    ):
        assert part in remedy.text
    assert "Widerspruch" not in remedy.text


def test_where_an_objection_comes_first_the_authority_is_named() -> None:
    remedy = against("bescheid", "BW")
    assert remedy is not None
    for part in ("eines Monats", "Widerspruch", "Stadt Freiburg", "Rathausplatz 1, 79098 Freiburg"):
        assert part in remedy.text
    assert "Gericht" not in remedy.text


def test_a_letter_that_decides_nothing_carries_no_notice() -> None:
    assert against("empfangsbescheinigung", "NI") is None


def test_a_land_the_package_does_not_know_is_refused() -> None:
    with pytest.raises(RemedyError, match=r"\[remedy.BY\]"):
        against("bescheid", "BY")


def test_a_town_that_names_no_court_is_refused() -> None:
    with pytest.raises(RemedyError, match=r"court\.administrative"):
        against("bescheid", "NI", **{"court.administrative": {"name": "Gericht"}})


@pytest.mark.parametrize("fault", [{"kind": "petition"}, {"period": "bald"}, {"court_setting": ""}])
def test_a_rule_that_says_nothing_usable_is_refused(fault: dict[str, str]) -> None:
    with pytest.raises(RemedyError, match=next(iter(fault))):
        against("bescheid", "NI", {"NI": {**RULES["NI"], **fault}})

"""The notice of remedies (Rechtsbehelfsbelehrung): which remedy, where, until when (§ 37 Abs. 6 VwVfG, § 58 VwGO).

A service says in `[remedy.<Land>]` which of its letters are administrative acts and what may be done against them
there: some Länder have abolished the objection (Widerspruch), so nothing is assumed. A missing or wrong notice opens
the remedy for a year (§ 58 Abs. 2 VwGO); therefore what cannot be stated is an error, never left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

# As the notice writes it: "innerhalb …", "within …".
PERIODS = {
    "2 weeks": ("von zwei Wochen", "two weeks"),
    "1 month": ("eines Monats", "one month"),
}
TOWN = "town"
_NAMES = {"klage": "Klage", "widerspruch": "Widerspruch"}

_TEXT = {
    "klage": "Gegen diesen Bescheid kann innerhalb {period} nach Bekanntgabe Klage erhoben werden. "
    "Die Klage ist bei diesem Gericht zu erheben: {body}, {seat}.",
    "widerspruch": "Gegen diesen Bescheid kann innerhalb {period} nach Bekanntgabe Widerspruch erhoben werden. "
    "Der Widerspruch ist bei dieser Behörde zu erheben: {body}, {seat}.",
}
_TRANSLATION = {
    "klage": "You may bring an action against this decision within {period} of its notification, "
    "before this court: {body}, {seat}.",
    "widerspruch": "You may file an objection against this decision within {period} of its notification, "
    "with this authority: {body}, {seat}.",
}


class RemedyError(ValueError):
    """The remedy against a letter cannot be stated; the message says what is missing, and where."""


@dataclass(frozen=True, slots=True)
class Body:
    """The court or authority to turn to: its name, and its seat as an address."""

    name: str
    seat: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """What the block in the letter says. `text` is German, the official language (§ 23 Abs. 1 VwVfG)."""

    heading: str
    text: str
    translation: str
    remedy: str
    body: str
    seat: str
    deadline: str
    legal_basis: str

    def as_data(self) -> dict[str, Any]:
        """The JSON object templates read."""
        return asdict(self)


def remedy_for(
    rules: Mapping[str, Any], *, template: str, land: str, authority: Body, settings: Mapping[str, Any]
) -> Remedy | None:
    """The remedy against the letter `template` in a Land, or None if it is no administrative act.

    `rules`: the table `[remedy]` of service.toml; `authority`: the office that decides; `settings`: the town's
    settings, which name its court. `[remedy.town]` holds where the service says nothing about the Land: there the
    town's dated setting says kind, period and legal basis. Raises `RemedyError`.
    """
    if not any(template in rule.get("letters", ()) for rule in rules.values()):
        return None
    place = land if land in rules or TOWN not in rules else TOWN
    rule = _with_setting(rules.get(place, {}), settings)
    if template not in rule.get("letters", ()):
        raise RemedyError(
            f"service.toml: [remedy.{place}] does not say what may be done against {template!r}"
        )
    where = (
        f"the town's setting {rule['setting']!r}:" if "setting" in rule else f"service.toml: remedy.{place}."
    )
    kind = rule.get("kind", "")
    if kind not in _TEXT:
        raise RemedyError(f"{where} kind must be one of {', '.join(_TEXT)}")
    if rule.get("period") not in PERIODS:
        raise RemedyError(f"{where} period must be one of {', '.join(PERIODS)}")
    german, english = PERIODS[rule["period"]]
    body = authority if kind == "widerspruch" else _court(rule.get("court_setting", ""), settings, land)
    return Remedy(
        heading="Rechtsbehelfsbelehrung",
        text=_TEXT[kind].format(period=german, body=body.name, seat=body.seat),
        translation=_TRANSLATION[kind].format(period=english, body=body.name, seat=body.seat),
        remedy=_NAMES[kind],
        body=body.name,
        seat=body.seat,
        deadline=german,
        legal_basis=rule.get("legal_basis", ""),
    )


def _with_setting(rule: Mapping[str, Any], settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """A rule with what the town's setting says, if it names one; the rule's own words count more."""
    decided = settings.get(rule.get("setting", ""))
    return {**decided, **rule} if isinstance(decided, Mapping) else rule


def _court(key: str, settings: Mapping[str, Any], land: str) -> Body:
    if not key:
        raise RemedyError(f"service.toml: remedy.{land}.court_setting is missing")
    court = settings.get(key)
    if not isinstance(court, Mapping) or not all(court.get(part) for part in ("name", "postal_code", "city")):
        raise RemedyError(f"the town's setting {key!r} must name the court: name, street, postal_code, city")
    street = f"{court['street']}, " if court.get("street") else ""
    return Body(court["name"], f"{street}{court['postal_code']} {court['city']}")

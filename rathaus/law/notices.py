"""When a decision counts as notified (Bekanntgabe), by the way it was sent.

Four-day rules apply to what was sent from 1 January 2025 (PostModG); earlier dates are refused, not guessed. The
fictitious day does not move when it falls on a weekend or holiday: § 31 Abs. 3 VwVfG moves the end of a period in
which somebody must act, and nobody must act here (settled for § 37 SGB X by BSG, 6 May 2010, B 14 AS 12/09 R). The
period for a remedy that begins with it may move: `rathaus.law.deadlines.remedy_period`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rathaus.law.steps import Step

FOUR_DAYS_SINCE = date(2025, 1, 1)
_DAYS_TO_RETRIEVE = 10


class Regime(StrEnum):
    """How a decision is notified, and therefore when. The values are the names used in `service.toml`."""

    VWVFG_POST = "VwVfG 41(2)"
    """By post, or sent electronically: fourth day after sending."""
    VWVFG_RETRIEVAL = "VwVfG 41(2a)"
    """Retrieved from a portal, with consent: day after retrieval; not notified if unread for ten days."""
    OZG_ACCOUNT = "OZG 9(1)"
    """Provided in the mailbox of a user account: fourth day after provision."""
    SGB_POST = "SGB X 37(2)"
    """Social law, by post or sent electronically: fourth day after sending."""
    SGB_RETRIEVAL = "SGB X 37(2a)"
    """Social law, for retrieval with consent: fourth day after the notice about it was sent."""


_CITATIONS = {
    Regime.VWVFG_POST: ("posted", "§ 41 Abs. 2 VwVfG"),
    Regime.VWVFG_RETRIEVAL: ("noticed", "§ 41 Abs. 2a VwVfG"),
    Regime.OZG_ACCOUNT: ("provided", "§ 9 Abs. 1 OZG"),
    Regime.SGB_POST: ("posted", "§ 37 Abs. 2 SGB X"),
    Regime.SGB_RETRIEVAL: ("noticed", "§ 37 Abs. 2a SGB X"),
}


@dataclass(frozen=True, slots=True)
class Notification:
    """When a decision is notified.

    `on` is None while a retrieval (§ 41 Abs. 2a VwVfG) is awaited or has lapsed; `retrievable_until` then tells the
    last day. After it, unread, the decision must be notified in another way.
    """

    on: date | None
    steps: tuple[Step, ...]
    retrievable_until: date | None = None
    lapsed: bool = False


def notification(
    regime: Regime | str,
    sent: date,
    *,
    retrieved: date | None = None,
    arrived: date | None = None,
    today: date | None = None,
) -> Notification:
    """When a decision sent (posted, provided, its notice sent) on a day counts as notified.

    `arrived`: proven later arrival, which displaces the fiction (§ 41 Abs. 2 S. 3 VwVfG and its likes).
    `retrieved`: day of retrieval, only for § 41 Abs. 2a VwVfG; there `today` decides whether it has lapsed unread.
    Raises `ValueError` for an unknown regime, for what was sent before 2025, and for a retrieval before provision.
    """
    regime = Regime(regime)
    if sent < FOUR_DAYS_SINCE:
        raise ValueError(f"these rules apply to what was sent from {FOUR_DAYS_SINCE:%Y-%m-%d}, not on {sent}")
    key, basis = _CITATIONS[regime]
    first = Step(key, basis, sent)
    if regime is Regime.VWVFG_RETRIEVAL:
        return _by_retrieval(first, retrieved, today)
    fourth = sent + timedelta(days=4)
    steps = (first, Step("fourth_day", basis, fourth))
    if arrived is not None and arrived > fourth:
        return Notification(arrived, (*steps, Step("arrived_later", basis, arrived)))
    return Notification(fourth, steps)


def _by_retrieval(first: Step, retrieved: date | None, today: date | None) -> Notification:
    until = first.day + timedelta(days=_DAYS_TO_RETRIEVE)
    if retrieved is not None and retrieved < first.day:
        raise ValueError("a decision cannot be retrieved before it was provided")
    if retrieved is not None and retrieved <= until:
        on = retrieved + timedelta(days=1)
        steps = (
            first,
            Step("retrieved", first.basis, retrieved),
            Step("day_after_retrieval", first.basis, on),
        )
        return Notification(on, steps, until)
    lapsed = retrieved is not None or (today is not None and today > until)
    key = "retrieval_expired" if lapsed else "retrieval_open"
    return Notification(None, (first, Step(key, first.basis, until)), until, lapsed)

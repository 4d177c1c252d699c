"""Reckonings that can be retraced: each step names its legal basis, its day, and says in words what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]

TEXTS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "event": "Ereignis am {day}; dieser Tag zählt nicht mit.",
        "end_days": "Dauer in Kalendertagen: {amount}; Ende am {day}.",
        "end_working_days": "Dauer in Arbeitstagen (ohne Samstage, Sonntage und Feiertage): {amount}; Ende am {day}.",
        "end_weeks": "Dauer in Wochen: {amount}; Ende am gleichen Wochentag, dem {day}.",
        "end_months": "Dauer in Monaten: {amount}; Ende am Tag mit derselben Zahl, dem {day}.",
        "end_years": "Dauer in Jahren: {amount}; Ende am Tag mit derselben Zahl, dem {day}.",
        "month_end_months": "Dauer in Monaten: {amount}; Ende am letzten Tag des kürzeren Monats, dem {day}.",
        "month_end_years": "Dauer in Jahren: {amount}; Ende am letzten Tag des kürzeren Monats, dem {day}.",
        "rolled": "Das Ende fällt auf einen Samstag, Sonntag oder Feiertag; es gilt der nächste Werktag: {day}.",
        "posted": "Zur Post gegeben oder elektronisch abgesendet am {day}.",
        "provided": "Im Postfach des Nutzerkontos bereitgestellt am {day}.",
        "noticed": "Benachrichtigung über die Bereitstellung abgesendet am {day}.",
        "fourth_day": "Gilt am vierten Tag danach als bekannt gegeben: {day}.",
        "arrived_later": "Tatsächlich später zugegangen; bekannt gegeben am {day}.",
        "retrieved": "Abgerufen am {day}.",
        "day_after_retrieval": "Gilt am Tag nach dem Abruf als bekannt gegeben: {day}.",
        "retrieval_open": "Kann bis zum Ablauf des {day} abgerufen werden.",
        "retrieval_expired": "Bis zum Ablauf des {day} nicht abgerufen: nicht bekannt gegeben, Bereitstellung endet.",
        "no_instruction": "Ohne richtige Rechtsbehelfsbelehrung gilt ein Jahr ab der Bekanntgabe am {day}.",
    },
    "en": {
        "event": "Event on {day}; this day is not counted.",
        "end_days": "Length in calendar days: {amount}; it ends on {day}.",
        "end_working_days": "Length in working days (Saturdays, Sundays, holidays do not count): {amount}; end: {day}.",
        "end_weeks": "Length in weeks: {amount}; it ends on the same day of the week, {day}.",
        "end_months": "Length in months: {amount}; it ends on the day of the same number, {day}.",
        "end_years": "Length in years: {amount}; it ends on the day of the same number, {day}.",
        "month_end_months": "Length in months: {amount}; it ends on the last day of the shorter month, {day}.",
        "month_end_years": "Length in years: {amount}; it ends on the last day of the shorter month, {day}.",
        "rolled": "The end falls on a Saturday, Sunday or public holiday; the next working day counts: {day}.",
        "posted": "Posted or sent electronically on {day}.",
        "provided": "Provided in the mailbox of the user account on {day}.",
        "noticed": "Notice about the provision sent on {day}.",
        "fourth_day": "Deemed notified on the fourth day after: {day}.",
        "arrived_later": "In fact arrived later; notified on {day}.",
        "retrieved": "Retrieved on {day}.",
        "day_after_retrieval": "Deemed notified on the day after retrieval: {day}.",
        "retrieval_open": "Can be retrieved until the end of {day}.",
        "retrieval_expired": "Not retrieved by the end of {day}: not notified, the provision ends.",
        "no_instruction": "Without a correct notice of remedies one year applies from the notification on {day}.",
    },
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a reckoning: `key` of its text, the legal basis (German citation), the day it led to."""

    key: str
    basis: str
    day: date
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    def text(self, language: str = "de") -> str:
        """The step in words. Languages: de, en; any other (such as de-simple) reads German."""
        english = language == "en"
        spoken = (
            f"{self.day.day} {_MONTHS[self.day.month - 1]} {self.day.year}"
            if english
            else f"{self.day:%d.%m.%Y}"
        )
        return TEXTS["en" if english else "de"][self.key].format(day=spoken, **self.parameters)

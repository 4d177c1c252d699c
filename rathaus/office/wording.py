"""Words of the workplace: what happened, who must act, how urgent it is, what the audit log says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from rathaus.cases.models import Actor, Case, CaseStatus
from rathaus.cases.service import urgency


@dataclass(frozen=True, slots=True)
class Sign:
    """A state as colour, icon and word; never the colour alone."""

    look: str  # danger, warning, success, info, brand, tint, quiet
    icon: str  # of KERN's icons
    text: str


EVENTS: Mapping[str, str] = {
    "received": gettext_noop("Antrag eingegangen"),
    "decided": gettext_noop("Entschieden"),
    "closed": gettext_noop("Vorgang abgeschlossen"),
    "withdrawn": gettext_noop("Antrag zurückgezogen"),
    "work.started": gettext_noop("An die Sachbearbeitung gegeben"),
    "decision.made": gettext_noop("Regel geprüft: %(table)s"),
    "letter.promised": gettext_noop("Schreiben in Auftrag gegeben: %(template)s"),
    "letter.ready": gettext_noop("Schreiben bereitgestellt: %(title)s"),
    "letter.retrieved": gettext_noop("Schreiben abgerufen: %(title)s"),
    "letter.to_post": gettext_noop("Schreiben geht mit der Post: %(title)s"),
    "letter.posted": gettext_noop("Schreiben zur Post gegeben: %(title)s"),
    "message.sent": gettext_noop("Nachricht an Antragstellende"),
    "message.received": gettext_noop("Nachricht von Antragstellenden"),
    "information.requested": gettext_noop("Angaben angefordert bis %(until)s"),
    "information.reminded": gettext_noop("An die Angaben erinnert, Frist %(until)s"),
    "information.answered": gettext_noop("Antragstellende haben geantwortet"),
    "information.expired": gettext_noop("Frist für die Antwort abgelaufen"),
    "transmitted": gettext_noop("An andere Stellen übermittelt"),
    "note.added": gettext_noop("Notiz geschrieben"),
    "case.taken": gettext_noop("Vorgang übernommen"),
    "case.assigned": gettext_noop("Vorgang zugewiesen an %(to)s"),
    "case.handed_back": gettext_noop("Vorgang zurückgegeben"),
    "notice": gettext_noop("Hinweis an Antragstellende"),
}

ACTS: Mapping[str, str] = {
    "case.viewed": gettext_noop("Vorgang angesehen"),
    "case.taken": gettext_noop("Vorgang übernommen"),
    "case.assigned": gettext_noop("Vorgang zugewiesen"),
    "case.handed_back": gettext_noop("Vorgang zurückgegeben"),
    "case.note_added": gettext_noop("Notiz geschrieben"),
    "design.replayed": gettext_noop("Entwurf mit früheren Anträgen verglichen"),
    "design.replay_viewed": gettext_noop("Vorgänge in einem Vergleich gesehen"),
    "setting.decided": gettext_noop("Einstellung der Stadt festgelegt"),
    "case.message_sent": gettext_noop("Nachricht geschickt"),
    "case.information_requested": gettext_noop("Angaben angefordert"),
    "case.step_completed": gettext_noop("Aufgabe erledigt"),
    "case.retried": gettext_noop("Fehlgeschlagenen Schritt wiederholt"),
    "case.attachment_opened": gettext_noop("Unterlage geöffnet"),
    "case.letter_opened": gettext_noop("Schreiben geöffnet"),
    "case.letter_previewed": gettext_noop("Schreiben vorab angesehen"),
    "person.signed_in": gettext_noop("Angemeldet"),
    "person.signed_out": gettext_noop("Abgemeldet"),
    "person.sign_in_failed": gettext_noop("Anmeldung fehlgeschlagen"),
    "person.password_changed": gettext_noop("Passwort geändert"),
    "person.second_factor_added": gettext_noop("Zweiten Faktor eingerichtet"),
    "person.second_factor_removed": gettext_noop("Zweiten Faktor entfernt"),
    "person.added": gettext_noop("Person hinzugefügt"),
    "person.roles_changed": gettext_noop("Rollen geändert"),
    "person.activated": gettext_noop("Person freigeschaltet"),
    "person.deactivated": gettext_noop("Person gesperrt"),
    "service.offered": gettext_noop("Leistung anderen Städten angeboten"),
    "service.offer_withdrawn": gettext_noop("Angebot an andere Städte zurückgenommen"),
    "service.adopted": gettext_noop("Leistung einer anderen Stadt übernommen"),
    "service.updated": gettext_noop("Übernommene Leistung aktualisiert"),
}

STATUS: Mapping[str, str] = {
    CaseStatus.RECEIVED: gettext_noop("Eingegangen"),
    CaseStatus.IN_WORK: gettext_noop("In Bearbeitung"),
    CaseStatus.WAITING: gettext_noop("Wartet auf Angaben"),
    CaseStatus.DECIDED: gettext_noop("Entschieden"),
    CaseStatus.WITHDRAWN: gettext_noop("Zurückgezogen"),
}

ROLES: Mapping[str, str] = {
    "case_worker": gettext_noop("Sachbearbeitung"),
    "team_lead": gettext_noop("Teamleitung"),
    "designer": gettext_noop("Leistungsgestaltung"),
    "controller": gettext_noop("Controlling"),
    "administrator": gettext_noop("Verwaltung der Installation"),
}


def event_text(kind: str, data: Mapping[str, Any]) -> str:
    """A line of the timeline in words; an unknown kind shows its own name rather than nothing."""
    template = EVENTS.get(kind)
    if template is None:
        return kind
    spoken = {"table": "", "template": "", "title": "", "to": "", "until": "", **data}
    if spoken["until"]:
        spoken["until"] = short_day(date.fromisoformat(spoken["until"]))
    return _(template) % spoken


def act_text(action: str) -> str:
    """An entry of the audit log in words."""
    return _(ACTS[action]) if action in ACTS else action


def status_text(status: str) -> str:
    """Where a case stands, for staff."""
    return _(STATUS[status])


def role_text(role: str) -> str:
    """A role in words."""
    return _(ROLES[role])


def named(texts: Mapping[str, str]) -> str:
    """A text of a service in the language of the page."""
    return texts.get(get_language() or "de") or texts.get("de", "")


def short_day(day: date) -> str:
    """A day in figures, or the local day of a moment: 03.04.2026."""
    return date_format(timezone.localdate(day) if isinstance(day, datetime) else day, "d.m.Y")


def due_sign(case: Case, today: date) -> Sign | None:
    """How near the deadline is."""
    state = urgency(case, today)
    if not state or case.due_on is None:
        return None
    days = (case.due_on - today).days
    if state == "overdue":
        text = ngettext("%(days)s Tag überfällig", "%(days)s Tage überfällig", -days) % {"days": -days}
        return Sign("danger", "danger", text)
    if state == "today":
        return Sign("warning", "warning", _("heute fällig"))
    text = ngettext("noch %(days)s Tag", "noch %(days)s Tage", days) % {"days": days}
    return Sign("warning", "warning", text) if state == "soon" else Sign("quiet", "calendar-today", text)


def acts_next_sign(case: Case, *, mine: bool, failed: bool = False) -> Sign:
    """Who must act now."""
    if failed:
        return Sign("danger", "danger", _("System: Fehler"))
    if case.acts_next == Actor.PERSON:
        if mine:
            return Sign("brand", "account-circle", _("Sie"))
        return Sign("tint", "account-circle", _("Sachbearbeitung"))
    if case.acts_next == Actor.APPLICANT:
        return Sign("info", "mail", _("Antragstellende"))
    if case.acts_next == Actor.BODY:
        return Sign("info", "open-in-new", _("Andere Stelle"))
    if case.acts_next == Actor.MACHINE:
        return Sign("quiet", "autorenew", _("System"))
    return Sign("success", "success", _("Abgeschlossen"))

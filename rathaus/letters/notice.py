"""When a letter counts as notified, and what happens when nobody opens it (§ 41 VwVfG, § 9 Abs. 1 OZG)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from rathaus.cases.answers import values_at
from rathaus.cases.models import Actor
from rathaus.cases.service import record
from rathaus.catalogue.info import ServiceInfo
from rathaus.delivery.service import chore
from rathaus.law.notices import Regime, notification
from rathaus.letters.models import Letter

PORTAL, POST = "portal", "post"


def regime_of(info: ServiceInfo, template: str) -> str:
    """The rule of notification for a letter; empty if it decides nothing and therefore needs none."""
    if template not in info.notice.get("letters", ()):
        return ""
    return Regime(info.notice.get("regime", "")).value


def channel_of(info: ServiceInfo, template: str, answers: Mapping[str, Any], contact_email: str) -> str:
    """The way a letter goes: what the applicant chose.

    Retrieval from the portal needs a notice that there is something to retrieve (§ 41 Abs. 2a S. 1 VwVfG); who gave
    no e-mail address gets a decision by post.
    """
    chosen = [str(value) for value in values_at(answers, info.notice.get("channel", ""))]
    if POST in chosen:
        return POST
    if regime_of(info, template) == Regime.VWVFG_RETRIEVAL and not contact_email:
        return POST
    return PORTAL


def deemed_notified_on(letter: Letter, today: date) -> date | None:
    """The day the letter counts as notified, as far as it is known yet."""
    if not letter.notice_regime:
        return None
    if letter.delivery_channel == POST:
        return notification(Regime.VWVFG_POST, letter.posted_on).on if letter.posted_on else None
    if letter.provided_at is None:
        return None
    by_retrieval = letter.notice_regime == Regime.VWVFG_RETRIEVAL
    retrieved = timezone.localdate(letter.retrieved_at) if by_retrieval and letter.retrieved_at else None
    return notification(
        letter.notice_regime, timezone.localdate(letter.provided_at), retrieved=retrieved, today=today
    ).on


@transaction.atomic
def retrieved(letter: Letter) -> None:
    """The applicant opened the letter. Only the first time counts; it is evidence and stays."""
    row: Letter = Letter.objects.defer("pdf", "data").select_for_update().get(pk=letter.pk)
    if row.retrieved_at is not None or row.provided_at is None:
        return
    row.retrieved_at = timezone.now()
    row.deemed_notified_on = deemed_notified_on(row, timezone.localdate())
    row.save(update_fields=["retrieved_at", "deemed_notified_on"])
    record(row.case, "letter.retrieved", actor=Actor.APPLICANT, letter=row.pk, title=row.title)


@transaction.atomic
def posted(letter: Letter, on: date) -> None:
    """The letter was handed to the post on a day. Posting again does not move the day."""
    row: Letter = Letter.objects.defer("pdf", "data").select_for_update().get(pk=letter.pk)
    if row.posted_on is not None:
        return
    row.posted_on, row.delivery_channel = on, POST
    row.deemed_notified_on = deemed_notified_on(row, timezone.localdate())
    row.save(update_fields=["posted_on", "delivery_channel", "deemed_notified_on"])
    record(row.case, "letter.posted", actor=Actor.PERSON, letter=row.pk, title=row.title, on=on.isoformat())


@chore("letters.unretrieved", every=timedelta(hours=1))
def send_unretrieved_by_post() -> None:
    """Decisions that nobody retrieved in time are not notified (§ 41 Abs. 2a S. 4 VwVfG): they go by post instead."""
    today = timezone.localdate()
    waiting = Letter.objects.filter(
        notice_regime=Regime.VWVFG_RETRIEVAL, delivery_channel=PORTAL, retrieved_at=None
    ).exclude(provided_at=None)
    for found in waiting.defer("pdf", "data"):
        sent = timezone.localdate(found.provided_at)
        if not notification(Regime.VWVFG_RETRIEVAL, sent, today=today).lapsed:
            continue
        with transaction.atomic():
            row = Letter.objects.defer("pdf", "data").select_for_update().get(pk=found.pk)
            if row.retrieved_at is None and row.delivery_channel == PORTAL:
                row.delivery_channel = POST
                row.save(update_fields=["delivery_channel"])
                record(row.case, "letter.to_post", actor=Actor.MACHINE, letter=row.pk, title=row.title)

"""What the active town lets others adopt: nothing until somebody decides so, service by service."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from rathaus.audit import service as audit
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.service import ServiceSummary, live, live_services
from rathaus.people.models import User
from rathaus.sharing.models import Offer


class NotLiveError(LookupError):
    """Only what residents can use today can be offered."""


@dataclass(frozen=True, slots=True)
class OwnService:
    """A live service of the active town, and whether others may adopt it."""

    service: ServiceSummary
    offer: Offer | None


def own_services() -> list[OwnService]:
    """Every live service of the town, by title."""
    offers = {offer.key: offer for offer in Offer.objects.select_related("by")}
    return [OwnService(service, offers.get(service.key)) for service in live_services()]


def offered_versions() -> list[ServiceVersion]:
    """The versions others may take, by key. Their `package` column is not loaded."""
    keys = Offer.objects.order_by("key").values_list("key", flat=True)
    return [version for key in keys if (version := live(key)) is not None]


@transaction.atomic
def offer(key: str, *, by: User | None) -> Offer:
    """Let others adopt the service; `by` is None for the demo only. Raises `NotLiveError`."""
    version = live(key)
    if version is None:
        raise NotLiveError(key)
    row: Offer
    row, is_new = Offer.objects.get_or_create(key=key, defaults={"by": by, "at": timezone.now()})
    if is_new:
        audit.write("service.offered", "service", key, actor=by, detail={"version": version.number})
    return row


@transaction.atomic
def withdraw(key: str, *, by: User) -> None:
    """Offer the service no longer; who adopted it keeps what they have."""
    deleted, _ = Offer.objects.filter(key=key).delete()
    if deleted:
        audit.write("service.offer_withdrawn", "service", key, actor=by)

"""Files that came from other installations, kept until somebody has compared the fingerprint and adopted them."""

from __future__ import annotations

from django.utils import timezone

from rathaus.people.models import User
from rathaus.sharing.models import Received
from rathaus.sharing.parcel import inspect
from rathaus.sharing.trust import trust_in


def receive(data: bytes, *, by: User) -> Received:
    """Keep a file that is what its signer signed. Raises `ParcelError` for any other.

    The same file again is the same row.
    """
    parcel = inspect(data)
    trust_in(parcel)
    row: Received
    row, _ = Received.objects.get_or_create(
        origin=parcel.town,
        origin_key=parcel.key[:60],
        origin_version=parcel.version,
        fingerprint=parcel.fingerprint,
        defaults={"data": data, "origin_name": parcel.town_name[:200], "by": by, "at": timezone.now()},
    )
    return row


def received() -> list[Received]:
    """The files that wait, the last first; without their content."""
    return list(Received.objects.defer("data").select_related("by").order_by("-at", "-pk"))


def received_with(primary_key: int) -> Received | None:
    """One of them with its content, or None."""
    found: Received | None = Received.objects.filter(pk=primary_key).first()
    return found


def discard(row: Received) -> None:
    """Keep it no longer."""
    row.delete()

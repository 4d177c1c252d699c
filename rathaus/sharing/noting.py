"""Writing down which state of an origin came into a design, and by which revision."""

from __future__ import annotations

from django.utils import timezone

from rathaus.catalogue.packing import pack
from rathaus.design.models import Design
from rathaus.sharing.models import Adoption, Received
from rathaus.sharing.parcel import Parcel


def note(design: Design, parcel: Parcel, revision: int) -> None:
    """From this revision on, the parcel is the base of the town's own changes."""
    Adoption.objects.create(
        key=design.key,
        design=design,
        revision=revision,
        origin=parcel.town,
        origin_name=parcel.town_name[:200],
        fingerprint=parcel.fingerprint,
        origin_key=parcel.key,
        origin_version=parcel.version,
        package=pack(parcel.files),
        at=timezone.now(),
    )


def used(parcel: Parcel) -> None:
    """Uploaded files of this and older versions have done their work."""
    Received.objects.filter(
        origin=parcel.town, origin_key=parcel.key, origin_version__lte=parcel.version
    ).delete()

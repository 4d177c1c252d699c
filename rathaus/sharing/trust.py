"""Whether a shared file speaks for whom it names: the seal decides, and where it is new, a person."""

from __future__ import annotations

from enum import Enum

from django.utils import timezone

from rathaus.editing.words import gettext_noop
from rathaus.sharing.models import TrustedOrigin
from rathaus.sharing.neighbours import seal_of
from rathaus.sharing.parcel import Parcel, ParcelError


class Trust(Enum):
    """What is known of the key that signed a file."""

    NEIGHBOUR = "neighbour"  # the seal of the town of this installation that the file names
    KNOWN = "known"  # the key this origin signed with before
    NEW = "new"  # the first file of this origin
    CHANGED = "changed"  # another key than before

    @property
    def is_certain(self) -> bool:
        """Whether nobody has to compare fingerprints."""
        return self in (Trust.NEIGHBOUR, Trust.KNOWN)


def trust_in(parcel: Parcel) -> Trust:
    """What is known of the file's key in the active town.

    Raises `ParcelError` if it names a town of this installation and does not carry its seal: that town is known
    better than by first use.
    """
    neighbour = seal_of(parcel.town)
    if neighbour is not None:
        name, fingerprint = neighbour
        if fingerprint != parcel.fingerprint:
            raise ParcelError(
                gettext_noop(
                    "Die Datei nennt %(town)s als Absender, trägt aber nicht das Siegel dieser Stadt. "
                    "Lassen Sie sich die Datei von dort neu geben."
                ),
                town=name,
            )
        return Trust.NEIGHBOUR
    known = TrustedOrigin.objects.filter(origin=parcel.town).first()
    if known is None:
        return Trust.NEW
    return Trust.KNOWN if known.fingerprint == parcel.fingerprint else Trust.CHANGED


def confirm(parcel: Parcel, *, changed: bool) -> None:
    """Keep the file's key as that of its origin; `changed`: another key than before was checked there.

    Raises `ParcelError` for another key that was not checked, and for what `trust_in` refuses.
    """
    trust = trust_in(parcel)
    if trust is Trust.CHANGED and not changed:
        raise ParcelError(
            gettext_noop(
                "%(town)s unterschreibt mit einem anderen Schlüssel als bisher. Fragen Sie dort nach, "
                "ob der Fingerabdruck %(fingerprint)s stimmt, und bestätigen Sie ihn dann."
            ),
            town=parcel.town_name,
            fingerprint=parcel.fingerprint,
        )
    if trust in (Trust.NEW, Trust.CHANGED):
        TrustedOrigin.objects.update_or_create(
            origin=parcel.town,
            defaults={"fingerprint": parcel.fingerprint, "confirmed_at": timezone.now()},
        )

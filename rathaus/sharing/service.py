"""The door of sharing: offer and pack a service, look into a file, adopt it, merge what its origin changed since."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from rathaus.audit import service as audit
from rathaus.catalogue.packing import Files
from rathaus.design.models import Design, Origin
from rathaus.design.starting import begin
from rathaus.editing import SetServiceValue, Words
from rathaus.editing.words import gettext_noop
from rathaus.merging import Conflict, Side
from rathaus.people.models import User
from rathaus.sharing.needs import Kind, Need, deadlines_of, lacks_remedy, lanes_of, needs_of, office_of
from rathaus.sharing.neighbours import Offered, fetch, offered, offers
from rathaus.sharing.noting import note, used
from rathaus.sharing.offering import NotLiveError, OwnService, offer, offered_versions, own_services, withdraw
from rathaus.sharing.parcel import LICENCE, Parcel, ParcelError, inspect, own_fingerprint, pack
from rathaus.sharing.receiving import discard, receive, received, received_with
from rathaus.sharing.trust import Trust, confirm, trust_in
from rathaus.sharing.updating import (
    Adopted,
    Held,
    Newer,
    Update,
    Updated,
    adopted_in,
    held,
    prepare,
    update,
)

__all__ = [
    "LICENCE",
    "Adopted",
    "Conflict",
    "Held",
    "Kind",
    "Need",
    "Newer",
    "NotLiveError",
    "Offered",
    "OwnService",
    "Parcel",
    "ParcelError",
    "Side",
    "Trust",
    "Update",
    "Updated",
    "adopt",
    "adopted",
    "adopted_in",
    "deadlines_of",
    "discard",
    "fetch",
    "held",
    "inspect",
    "lacks_remedy",
    "lanes_of",
    "needs_of",
    "offer",
    "offered",
    "offered_versions",
    "offers",
    "office_of",
    "offices_in",
    "own_fingerprint",
    "own_services",
    "pack",
    "prepare",
    "receive",
    "received",
    "received_with",
    "trust_in",
    "update",
    "withdraw",
]


def adopted() -> list[Adopted]:
    """What the open designs of the town hold of other towns, by title."""
    holding = Design.objects.filter(closed_at=None, adoptions__isnull=False).distinct()
    found = held(holding).designs.values()
    return sorted(found, key=lambda one: (one.last.design.title.casefold(), one.last.design_id))


def offices_in(files: Files) -> tuple[str, ...]:
    """The origin's offices that the adopting town has to map to its own."""
    return tuple(dict.fromkeys([office_of(files), *lanes_of(files).values()]))


@transaction.atomic
def adopt(
    data: bytes,
    offices: Mapping[str, str],
    *,
    by: User,
    reason: str,
    lanes: Mapping[str, str] | None = None,
    key: str = "",
    confirm_key: bool = False,
) -> Design:
    """Begin a design with another town's service.

    `offices`: key of theirs → key of ours; `lanes`: lane → key of ours, where it is not what `offices` says; `key`: of
    the service here, empty: as in the origin.

    Raises `ParcelError`, also if the origin signs with another key than before and `confirm_key` is not given, or the
    file names a town of this installation and does not carry its seal.
    """
    parcel = inspect(data)
    confirm(parcel, changed=confirm_key)
    words = Words(
        gettext_noop("Übernommen von %(town)s, Version %(version)s"),
        {"town": parcel.town_name, "version": str(parcel.version)},
    )
    files = _with_offices(parcel.files, offices, lanes or {})
    design = begin(files, key, Origin.PACKAGE, words, by=by, reason=reason, source=parcel.town_name)
    note(design, parcel, revision=1)
    used(parcel)
    audit.write("service.adopted", "design", design.pk, actor=by, detail=_detail(parcel, reason))
    return design


def _with_offices(files: Files, offices: Mapping[str, str], lanes: Mapping[str, str]) -> Files:
    office = office_of(files)
    if office in offices:
        files = SetServiceValue("office", offices[office]).apply(files)
    for lane, theirs in lanes_of(files).items():
        ours = lanes.get(lane, offices.get(theirs))
        if ours is not None:
            files = SetServiceValue(f"lanes.{lane}", ours).apply(files)
    return files


def _detail(parcel: Parcel, reason: str) -> dict[str, object]:
    return {"origin": parcel.town, "key": parcel.key, "version": parcel.version, "reason": reason}

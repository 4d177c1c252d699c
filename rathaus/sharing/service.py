"""The door of sharing: offer and pack a service, look into a file, adopt it, merge what its origin changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from rathaus.audit import service as audit
from rathaus.catalogue.packing import Files, unpack
from rathaus.catalogue.packing import pack as pack_files
from rathaus.design.models import Design, Origin
from rathaus.design.service import Changed, change, files_of, newest
from rathaus.design.starting import begin
from rathaus.editing import ChangeFiles, EditError, SetServiceValue, Words
from rathaus.editing.words import gettext_noop
from rathaus.merging import Conflict, Merged, Side, merge
from rathaus.people.models import User
from rathaus.sharing.models import Adoption, Received
from rathaus.sharing.needs import Kind, Need, deadlines_of, lacks_remedy, lanes_of, needs_of, office_of
from rathaus.sharing.neighbours import Offered, fetch, offered, offers
from rathaus.sharing.offering import NotLiveError, OwnService, offer, offered_versions, own_services, withdraw
from rathaus.sharing.parcel import Parcel, ParcelError, inspect, pack
from rathaus.sharing.receiving import discard, receive, received, received_with
from rathaus.sharing.trust import Trust, confirm, trust_in

__all__ = [
    "Adopted",
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
    "Updated",
    "adopt",
    "adopted",
    "adoption_of",
    "deadlines_of",
    "discard",
    "fetch",
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
    "own_services",
    "pack",
    "receive",
    "received",
    "received_with",
    "trust_in",
    "update",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Updated:
    """The update is in the design, or waits for choices: then nothing was changed."""

    design: Design
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Newer:
    """A newer version of what a design adopted: offered by its town here, or in an uploaded file."""

    version: int
    received: int | None = None  # primary key of the uploaded file


@dataclass(frozen=True, slots=True)
class Adopted:
    """A design that began with another town's service, and the newest version of it that can be merged."""

    design: Design
    last: Adoption  # the state of the origin that is in the design; without its package
    newer: Newer | None

    @property
    def origin_name(self) -> str:
        """What the origin is called."""
        return self.last.origin_name or self.last.origin

    def newer_file(self) -> bytes | None:
        """The newer version as the file its origin signed; None if there is none (any more)."""
        if self.newer is None:
            return None
        if self.newer.received is None:
            return fetch(self.last.origin, self.last.origin_key)
        row = received_with(self.newer.received)
        return bytes(row.data) if row else None


def adopted(offered_now: Iterable[Offered], waiting: Iterable[Received]) -> list[Adopted]:
    """The open designs of the town that began with another town's service, by title."""
    rows = Adoption.objects.filter(design__closed_at=None)
    found = _adopted(rows, offered_now, waiting)
    return sorted(found, key=lambda one: (one.design.title.casefold(), one.design.pk))


def adoption_of(design: Design) -> Adopted | None:
    """What the design adopted, or None if it began otherwise."""
    rows = Adoption.objects.filter(design=design)
    if not rows.exists():
        return None
    return _adopted(rows, offers(), received())[0]


def _adopted(
    rows: QuerySet[Adoption], offered_now: Iterable[Offered], waiting: Iterable[Received]
) -> list[Adopted]:
    newest_known: dict[tuple[str, str], Newer] = {
        (one.town, one.key): Newer(one.version) for one in offered_now
    }
    for file in waiting:
        place = (file.origin, file.origin_key)
        if place not in newest_known or newest_known[place].version < file.origin_version:
            newest_known[place] = Newer(file.origin_version, file.pk)
    last = {row.design_id: row for row in rows.defer("package").select_related("design").order_by("at", "pk")}
    return [
        Adopted(row.design, row, newer if newer and newer.version > row.origin_version else None)
        for row in last.values()
        for newer in [newest_known.get((row.origin, row.origin_key))]
    ]


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
    _note(design, parcel)
    _used(parcel)
    audit.write("service.adopted", "design", design.pk, actor=by, detail=_detail(parcel, reason))
    return design


@transaction.atomic
def update(
    design: Design,
    data: bytes,
    *,
    by: User,
    reason: str,
    choices: Mapping[str, Side] | None = None,
    confirm_key: bool = False,
) -> Updated:
    """Merge a newer version of the origin into a design that adopted an older one; our own changes stay.

    Raises `ParcelError` if the file is not a newer version of what was adopted.
    """
    parcel = inspect(data)
    last = Adoption.objects.filter(design=design).order_by("-at", "-pk").first()
    if last is None or (last.origin, last.origin_key) != (parcel.town, parcel.key):
        raise ParcelError(gettext_noop("Diese Datei gehört nicht zu der Leistung, die Sie übernommen haben."))
    if parcel.version <= last.origin_version:
        raise ParcelError(gettext_noop("Diese Fassung haben Sie schon übernommen."))
    confirm(parcel, changed=confirm_key)
    seen, ours = newest(design), files_of(design)
    merged = _merged(unpack(bytes(last.package)), ours, parcel.files, choices or {})
    if merged.conflicts:
        return Updated(design, merged.conflicts)
    words = Words(
        gettext_noop("Aktualisiert auf Version %(version)s von %(town)s"),
        {"town": parcel.town_name, "version": str(parcel.version)},
    )
    edit = ChangeFiles.between(ours, merged.files, words)
    outcome = change(design, edit, base_revision=seen.number, by=by, reason=reason)
    if not isinstance(outcome, Changed):
        raise EditError(gettext_noop("Der Entwurf wurde eben geändert. Versuchen Sie es noch einmal."))
    _note(design, parcel)
    _used(parcel)
    audit.write("service.updated", "design", design.pk, actor=by, detail=_detail(parcel, reason))
    return Updated(design, ())


def _merged(base: Files, ours: Files, theirs: Files, choices: Mapping[str, Side]) -> Merged:
    """The three together. Key and offices are those of the town whatever the origin says; a new lane is first worked
    in by the office in charge.
    """
    own: dict[str, Side] = dict.fromkeys(["service.toml:/key", "service.toml:/office"], "ours")
    for lane in lanes_of(ours):
        own |= dict.fromkeys([f"service.toml:/lanes.{lane}", f"service.toml:lanes/{lane}"], "ours")
    merged = merge(base, ours, theirs, {**choices, **own})
    files = merged.files
    for lane in lanes_of(files).keys() - lanes_of(ours).keys():
        files = SetServiceValue(f"lanes.{lane}", office_of(files)).apply(files)
    return Merged(files, merged.conflicts)


def _with_offices(files: Files, offices: Mapping[str, str], lanes: Mapping[str, str]) -> Files:
    office = office_of(files)
    if office in offices:
        files = SetServiceValue("office", offices[office]).apply(files)
    for lane, theirs in lanes_of(files).items():
        ours = lanes.get(lane, offices.get(theirs))
        if ours is not None:
            files = SetServiceValue(f"lanes.{lane}", ours).apply(files)
    return files


def _note(design: Design, parcel: Parcel) -> None:
    Adoption.objects.create(
        key=design.key,
        design=design,
        origin=parcel.town,
        origin_name=parcel.town_name[:200],
        fingerprint=parcel.fingerprint,
        origin_key=parcel.key,
        origin_version=parcel.version,
        package=pack_files(parcel.files),
        at=timezone.now(),
    )


def _used(parcel: Parcel) -> None:
    """Uploaded files of this and older versions have done their work."""
    Received.objects.filter(
        origin=parcel.town, origin_key=parcel.key, origin_version__lte=parcel.version
    ).delete()


def _detail(parcel: Parcel, reason: str) -> dict[str, object]:
    return {"origin": parcel.town, "key": parcel.key, "version": parcel.version, "reason": reason}

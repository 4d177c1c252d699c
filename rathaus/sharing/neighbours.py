"""The one door between towns of an installation: what a town offers, other towns may see and take.

Nothing else looks beyond the active town (`tests/towns/test_isolation.py` holds all faces to it). What comes through
are values, never rows: the town's public name, the offered package in the version that is live, and the seal it is
signed with. Who offered it, who works there and what they work on stays behind.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import unpack
from rathaus.catalogue.service import live, live_across_towns
from rathaus.letters.seal import SealError
from rathaus.sharing.contents import Contents, remember, remembered
from rathaus.sharing.models import Offer
from rathaus.sharing.parcel import own_fingerprint, pack
from rathaus.towns.context import acting_for, current_town
from rathaus.towns.models import Town


@dataclass(frozen=True, slots=True)
class Offered:
    """A service that another town of this installation offers."""

    town: str  # slug
    town_name: str
    key: str
    version: int
    date: datetime  # since when the version is live
    contents: Contents
    fingerprint: str  # of the seal its file is signed with; empty: the town has no usable seal


def offers() -> list[Offered]:
    """Everything that other towns offer, by title; the questions to the database do not grow with them."""
    rows = list(Offer.across_towns.exclude(town=current_town()).select_related("town"))
    towns = {row.town_id: row.town for row in rows}
    versions = live_across_towns({(row.town_id, row.key) for row in rows})
    contents = _contents(list(versions.values()))
    seals = {town: _fingerprint(towns[town]) for town in {town for town, _ in versions}}
    found = [
        Offered(
            town=towns[town].slug,
            town_name=towns[town].official_name,
            key=key,
            version=version.number,
            date=version.live_from,
            contents=contents[version.content_hash],
            fingerprint=seals[town],
        )
        for (town, key), version in versions.items()
    ]
    return sorted(found, key=lambda one: (one.contents.title["de"].casefold(), one.town_name))


def offered(town: str, key: str) -> Offered | None:
    """What one town offers under a key, or None."""
    return next((one for one in offers() if (one.town, one.key) == (town, key)), None)


def versions_offered(services: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Which version of services of other towns (slug of the town, key) is offered now; in three questions at most."""
    towns, keys = {town for town, _ in services}, {key for _, key in services}
    rows = Offer.across_towns.exclude(town=current_town()).filter(town__slug__in=towns, key__in=keys)
    slugs = {(town, key): slug for town, slug, key in rows.values_list("town_id", "town__slug", "key")}
    asked = {place for place, slug in slugs.items() if (slug, place[1]) in services}
    if not asked:
        return {}
    return {(slugs[place], place[1]): version.number for place, version in live_across_towns(asked).items()}


def fetch(town: str, key: str) -> bytes | None:
    """The offered service as the file that its town signs; None if the town does not offer it or has no usable seal."""
    neighbour = Town.objects.filter(slug=town).exclude(pk=current_town().pk).first()
    if neighbour is None:
        return None
    with acting_for(neighbour):
        version = live(key) if Offer.objects.filter(key=key).exists() else None
        try:
            return pack(version) if version else None
        except SealError:
            return None


def seal_of(town: str) -> tuple[str, str] | None:
    """Name of a town of this installation and the fingerprint of its seal; None if there is no such town here.

    Without a usable seal the fingerprint is empty: no file fits it.
    """
    found = Town.objects.filter(slug=town).first()
    return None if found is None else (found.name, _fingerprint(found))


def _fingerprint(town: Town) -> str:
    with acting_for(town):
        return own_fingerprint()


def _contents(versions: list[ServiceVersion]) -> dict[str, Contents]:
    hashes = {version.content_hash for version in versions}
    found = {one: known for one in hashes if (known := remembered(one)) is not None}
    unread = [version.pk for version in versions if version.content_hash not in found]
    for row in ServiceVersion.across_towns.filter(pk__in=unread).only("content_hash", "package"):
        found[row.content_hash] = remember(row.content_hash, Contents.of(unpack(bytes(row.package))))
    return found

"""The door of the catalogue: publish service packages, and find what a town offers."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from rathaus.catalogue.info import Translated, translated
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.package import Package, load_package
from rathaus.catalogue.packing import pack, unpack
from rathaus.catalogue.search import Entry, Index
from rathaus.towns.context import current_town

# Which version is live may be this old in other processes; the publishing process knows at once.
CACHE_SECONDS = 5.0
# Compiled packages kept in memory: those of running drafts and cases besides the live ones.
PACKAGES_KEPT = 200


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """What lists and search results show of a service."""

    key: str
    version_id: int
    title: Translated
    summary: Translated
    audience: tuple[str, ...]
    life_situations: tuple[str, ...]

    def title_in(self, language: str) -> str:
        """The title in a language."""
        return translated(self.title, language)

    def summary_in(self, language: str) -> str:
        """The summary in a language."""
        return translated(self.summary, language)


@dataclass
class _Live:
    """What this process knows about one town's live services."""

    read_at: float = float("-inf")
    versions: dict[str, ServiceVersion] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)


_live: dict[int, _Live] = {}
# (town, version) → row without its package. Versions never change, so drafts and cases need no join to find theirs:
# reading a draft takes 0.55 of the time.
_versions: dict[tuple[int, int], ServiceVersion] = {}
_packages: OrderedDict[str, Package] = OrderedDict()
_lock = threading.Lock()


def forget(**_: object) -> None:
    """Drop what this process remembers about live services (packages are immutable and stay)."""
    _live.clear()
    _versions.clear()


post_save.connect(forget, sender=ServiceVersion)
post_delete.connect(forget, sender=ServiceVersion)


def _live_of_town() -> _Live:
    town = current_town()
    known = _live.get(town.pk)
    if known is None or time.monotonic() - known.read_at >= CACHE_SECONDS:
        now = timezone.now()
        rows = (
            ServiceVersion.objects.defer("package")
            .filter(live_from__lte=now)
            .exclude(retired_at__lte=now)
            .order_by("key", "live_from", "number")
        )
        versions = {row.key: row for row in rows}  # the latest wins
        previous = known.versions if known else {}
        same = {key: row.pk for key, row in versions.items()} == {
            key: row.pk for key, row in previous.items()
        }
        known = _Live(time.monotonic(), versions, known.indexes if known and same else {})
        _live[town.pk] = known
        _versions.update({(town.pk, row.pk): row for row in versions.values()})
    return known


def live(key: str) -> ServiceVersion | None:
    """The version of a service that new applications use, or None. Its `package` column is not loaded."""
    return _live_of_town().versions.get(key)


def version_with(primary_key: int) -> ServiceVersion:
    """A version of the active town, live or not; read once per process, without its `package` column.

    Raises `ServiceVersion.DoesNotExist`.
    """
    key = (current_town().pk, primary_key)
    if key not in _versions:
        _versions[key] = ServiceVersion.objects.defer("package").get(pk=primary_key)
    return _versions[key]


def live_version_of(content_hash: str) -> ServiceVersion | None:
    """The live version with exactly this content, or None."""
    return next((row for row in _live_of_town().versions.values() if row.content_hash == content_hash), None)


def package_of(version: ServiceVersion) -> Package:
    """The compiled package of a version; read from the database once per process."""
    with _lock:
        if package := _packages.get(version.content_hash):
            _packages.move_to_end(version.content_hash)
            return package
    # Loading takes a moment; two threads doing it at once is wasteful, not wrong.
    package = load_package(unpack(bytes(version.package)))
    with _lock:
        _packages[version.content_hash] = package
        while len(_packages) > PACKAGES_KEPT:
            _packages.popitem(last=False)
    return package


def live_services() -> list[ServiceSummary]:
    """Every service the active town offers, by title."""
    summaries = [_summary(version) for version in _live_of_town().versions.values()]
    return sorted(summaries, key=lambda summary: summary.title["de"].casefold())


def _summary(version: ServiceVersion) -> ServiceSummary:
    info = package_of(version).service
    return ServiceSummary(info.key, version.pk, info.title, info.summary, info.audience, info.life_situations)


def search(query: str, language: str) -> list[ServiceSummary]:
    """The active town's services that fit the words, best first."""
    known = _live_of_town()
    if language not in known.indexes:
        known.indexes[language] = Index(_entry(package_of(row), language) for row in known.versions.values())
    return [_summary(known.versions[key]) for key in known.indexes[language].find(query)]


def _entry(package: Package, language: str) -> Entry:
    info = package.service
    # Keywords of both languages count: people mix them.
    keywords = [word for words in info.keywords.values() for word in words]
    texts = [
        (1.0, translated(info.title, language)),
        (1.0, info.title["de"]),
        *((0.95, keyword) for keyword in keywords),
        (0.5, translated(info.summary, language)),
    ]
    return Entry(info.key, tuple(texts))


@transaction.atomic
def publish(package: Package, *, live_from: datetime | None = None) -> ServiceVersion:
    """Publish a package that was checked (`processes.checks`) as the next version of its service in the active town."""
    now = timezone.now()
    last = ServiceVersion.objects.filter(key=package.key).aggregate(last=Max("number"))["last"] or 0
    version: ServiceVersion = ServiceVersion.objects.create(
        key=package.key,
        number=last + 1,
        content_hash=package.content_hash,
        package=pack(package.files),
        title=dict(package.service.title),
        published_at=now,
        live_from=live_from or now,
    )
    return version

"""The door of the catalogue: publish service packages, and find what a town offers."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from rathaus.catalogue.info import Translated, translated
from rathaus.catalogue.models import Retirement, ServiceVersion
from rathaus.catalogue.package import Package, load_package
from rathaus.catalogue.packing import Files, pack, unpack
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
    # The next moment at which a version begins or ends: what is known is not true any longer than that.
    true_until: datetime | None = None
    retirements: dict[str, Retirement] = field(default_factory=dict)
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


for _model in (ServiceVersion, Retirement):
    post_save.connect(forget, sender=_model)
    post_delete.connect(forget, sender=_model)


def _in_force(now: datetime) -> Q:
    """Retirements that hold at a moment."""
    return Q(lifted_at=None) | Q(lifted_at__gt=now)


def _live_of_town() -> _Live:
    town = current_town()
    known = _live.get(town.pk)
    now = timezone.now()
    if (
        known is None
        or time.monotonic() - known.read_at >= CACHE_SECONDS
        or (known.true_until is not None and now >= known.true_until)
    ):
        rows = list(
            ServiceVersion.objects.defer("package")
            .exclude(retired_at__lte=now)
            .order_by("key", "live_from", "number")
        )
        retirements = {row.key: row for row in Retirement.objects.filter(_in_force(now)).order_by("at")}
        versions = {row.key: row for row in rows if row.live_from <= now and row.key not in retirements}
        changes = [row.live_from for row in rows] + [row.retired_at for row in rows if row.retired_at]
        changes += [row.lifted_at for row in retirements.values() if row.lifted_at]
        previous = known.versions if known else {}
        same = {key: row.pk for key, row in versions.items()} == {
            key: row.pk for key, row in previous.items()
        }
        known = _Live(
            read_at=time.monotonic(),
            true_until=min((moment for moment in changes if moment > now), default=None),
            retirements=retirements,
            versions=versions,  # of each key the latest
            indexes=known.indexes if known and same else {},
        )
        _live[town.pk] = known
        _versions.update({(town.pk, row.pk): row for row in versions.values()})
    return known


def live(key: str) -> ServiceVersion | None:
    """The version of a service that new applications use, or None. Its `package` column is not loaded."""
    return _live_of_town().versions.get(key)


def live_across_towns(services: Collection[tuple[int, str]]) -> dict[tuple[int, str], ServiceVersion]:
    """Which version of services of several towns (primary key of the town, key) is live, in two questions.

    Only for what towns offer each other (`sharing.neighbours`). The `package` column is not loaded.
    """
    now = timezone.now()
    asked = {"town__in": {town for town, _ in services}, "key__in": {key for _, key in services}}
    retired = set(
        Retirement.across_towns.filter(_in_force(now), **asked).values_list("town_id", "key"),
    )
    rows = ServiceVersion.across_towns.defer("package").filter(live_from__lte=now, **asked)
    rows = rows.exclude(retired_at__lte=now).order_by("live_from", "number")
    latest = {(row.town_id, row.key): row for row in rows}
    return {service: latest[service] for service in services if service in latest and service not in retired}


def retirement_of(key: str) -> Retirement | None:
    """Why the town no longer offers a service, and where people go instead; None if it does or never did."""
    return _live_of_town().retirements.get(key)


def title_of(key: str) -> Translated | None:
    """What a service is called, offered or not; None if there never was one."""
    newest = ServiceVersion.objects.only("title").filter(key=key).order_by("-number").first()
    return newest.title if newest else None


def not_offered() -> list[ServiceVersion]:
    """The newest version of every service that is not live: retired, planned or cancelled. By key."""
    offered = _live_of_town().versions
    rows = ServiceVersion.objects.defer("package").exclude(key__in=list(offered)).order_by("key", "number")
    return list({row.key: row for row in rows}.values())


def scheduled(key: str) -> list[ServiceVersion]:
    """Versions that will be live from a later moment on, the next first. Their `package` column is not loaded."""
    now = timezone.now()
    waiting = ServiceVersion.objects.defer("package").filter(key=key, live_from__gt=now)
    return list(waiting.exclude(retired_at__lte=now).order_by("live_from", "number"))


def versions_of(key: str) -> list[ServiceVersion]:
    """Every version of a service, the newest first. Their `package` column is not loaded."""
    return list(ServiceVersion.objects.defer("package").filter(key=key).order_by("-number"))


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
    return package_with(version.content_hash, lambda: unpack(bytes(version.package)))


def package_with(content_hash: str, files: Callable[[], Files]) -> Package:
    """The compiled package with this content; `files` is asked for it only if this process does not know it.

    Raises `PackageError` if a fault leaves nothing to work with.
    """
    with _lock:
        if package := _packages.get(content_hash):
            _packages.move_to_end(content_hash)
            return package
    # Loading takes a moment; two threads doing it at once is wasteful, not wrong.
    package = load_package(files())
    with _lock:
        _packages[content_hash] = package
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
    """Publish a package that was checked (`processes.checks`) as the next version of its service in the active town.

    A retired service is offered again from the moment the version is live.
    """
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
    for retirement in Retirement.objects.filter(key=package.key, lifted_at=None):
        retirement.lifted_at = version.live_from
        retirement.save(update_fields=["lifted_at"])
    return version


def cancel(version: ServiceVersion) -> bool:
    """Take back a version before it is live; False if it is live already or was taken back."""
    now = timezone.now()
    found = ServiceVersion.objects.filter(pk=version.pk, live_from__gt=now, retired_at=None)
    taken_back = bool(found.update(retired_at=now))
    if taken_back:
        # A service that this version would have offered again stays retired.
        Retirement.objects.filter(key=version.key, lifted_at=version.live_from).update(lifted_at=None)
    forget()
    return taken_back


@transaction.atomic
def retire(key: str, text: Translated, *, by: AbstractBaseUser, reason: str, address: str = "") -> Retirement:
    """Offer a service no longer from now on; applications begun and cases go on with the version they have."""
    now = timezone.now()
    Retirement.objects.filter(_in_force(now), key=key).update(lifted_at=now)
    for version in scheduled(key):
        cancel(version)
    retirement: Retirement = Retirement.objects.create(
        key=key, text=dict(text), address=address, at=now, by=by, reason=reason
    )
    return retirement

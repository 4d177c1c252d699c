"""Designs: services that people work on before they are published, with every change that was ever made."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from rathaus.catalogue.models import ServiceVersion
from rathaus.towns.owned import TownOwned


class Origin(models.TextChoices):
    """What a design began with."""

    DOCUMENT = "document", "FIM-Datei"
    PACKAGE = "package", "Paket einer anderen Stadt"
    SERVICE = "service", "Bestehende Leistung"
    EMPTY = "empty", "Leer"


class Design(TownOwned):
    """A service being worked on. Its content is that of its newest revision."""

    key = models.SlugField(max_length=60)  # of the service it will be
    title = models.CharField(max_length=300)  # German, as of the newest revision, for lists
    origin = models.CharField(max_length=10, choices=Origin.choices)
    source = models.CharField(max_length=300, blank=True)  # name of the file, town or version it began with
    base = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # put away without being deleted

    class Meta(TownOwned.Meta):
        indexes = [models.Index(fields=["town", "closed_at", "-changed_at"], name="design_open")]

    def __str__(self) -> str:
        return f"{self.key} ({self.pk})"


class RevisionFixedError(TypeError):
    """A revision is never changed or deleted."""


class Revision(TownOwned):
    """One state of a design: who made it, when, why, by which edit. Never changed or deleted."""

    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()  # 1, 2, 3 … per design
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()  # why, in the author's words
    summary = models.TextField()  # what, in German; `edit` says it in every language
    edit = models.JSONField(null=True)  # `rathaus.editing.to_json`; empty for the first revision
    undoes = models.PositiveIntegerField(null=True)  # number of the revision this one takes back
    content_hash = models.CharField(max_length=64)
    package = models.BinaryField()  # all files, packed

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["design", "number"], name="revision_number")]

    def __str__(self) -> str:
        return f"{self.design_id}.{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise RevisionFixedError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RevisionFixedError


class ImportReport(TownOwned):
    """What reading files found that a design took in: mended places, broken rules of FIM.

    Kept because the package does not hold the files as they were brought. It is no part of the package: another town
    that adopts the service has other files in its hands.
    """

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="reports")
    at = models.DateTimeField()
    file = models.CharField(max_length=300, blank=True)  # as it was called
    findings = models.JSONField(default=list)  # `DraftFinding.to_json`
    # `QualityFinding.to_json` of a FIM schema; empty for other files
    quality = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.design_id}: {self.file}"


class Trial(TownOwned):
    """A designer's own filling in of a design's form: no application, nobody else's business, deleted after days.

    Answers are kept in a row because a trial outlives a page: it goes on after the design was changed, in another
    language, on another day.
    """

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(null=True)  # "today" as the rules see it; empty: the real one
    language = models.CharField(max_length=12, default="de")
    answers = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)  # page key → HTML name → list of strings that did not pass yet
    visited = models.JSONField(default=list)
    updated_at = models.DateTimeField(db_index=True)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["design", "person"], name="trial_per_person")]

    def __str__(self) -> str:
        return f"{self.design_id}/{self.person_id}"


class Release(TownOwned):
    """A newer FIM document that somebody brought for a design and nobody has taken in yet; deleted with that."""

    design = models.OneToOneField(Design, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=300)  # of the file
    files = models.BinaryField()  # the document and the code lists that came with it, packed
    other_schema = models.BooleanField(default=False)  # somebody confirmed that the schema has another id
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.design_id}: {self.name}"


class PublicationKind(models.TextChoices):
    """How a version came to be live."""

    PUBLISHED = "published", "Veröffentlicht"
    ROLLED_BACK = "rolled_back", "Zurückgesetzt"


class Publication(TownOwned):
    """Who published a version, why, and from which revision of which design."""

    version = models.OneToOneField(ServiceVersion, on_delete=models.PROTECT, related_name="publication")
    kind = models.CharField(max_length=12, choices=PublicationKind.choices)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="publications")
    restores = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    def __str__(self) -> str:
        return f"{self.version} {self.kind}"


class Replay(TownOwned):
    """Past applications of the town run through a design, beside the version that was live when somebody asked.

    Neither cases nor applications are touched. Done in slices, the newest application first; deleted after some weeks.
    """

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="replays")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_index=True)
    since = models.DateField(null=True)  # applications received from this day on; empty: all
    total = models.PositiveIntegerField()  # how many will be run
    done = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(null=True)  # primary key of the application that was run last
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Replay {self.pk} of {self.design_id}"


class ReplayedApplication(TownOwned):
    """An application of which a replay makes something else. It holds no answers, only what became of them."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="different")
    application = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="+")
    aspects = models.JSONField()  # what differs, of `processes.replaying.ASPECTS`
    before = models.JSONField()  # those aspects as the live version makes them
    after = models.JSONField()  # and as the design does
    likeness = models.CharField(max_length=64)  # equal for the same difference

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["replay", "application"], name="replayed_once")]
        indexes = [models.Index(fields=["replay", "likeness"], name="replayed_alike")]

    def __str__(self) -> str:
        return f"{self.application_id} in replay {self.replay_id}"

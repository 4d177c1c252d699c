"""What the files said that a design took in: kept with it, because the package holds only what was made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from rathaus.design.models import Design, ImportReport
from rathaus.drafting import DraftFinding
from rathaus.standards.xdatenfelder.quality import QualityFinding


@dataclass(frozen=True, slots=True)
class Reported:
    """What one file said. `quality` is None unless it was a FIM schema."""

    file: str
    at: datetime
    findings: tuple[DraftFinding, ...]
    quality: tuple[QualityFinding, ...] | None


def keep_report(
    design: Design,
    file: str,
    findings: Sequence[DraftFinding],
    quality: Sequence[QualityFinding] | None = None,
) -> None:
    """Note what reading a file found."""
    ImportReport.objects.create(
        design=design,
        at=timezone.now(),
        file=file[:300],
        findings=[finding.to_json() for finding in findings],
        quality=None if quality is None else [finding.to_json() for finding in quality],
    )


def reports_of(design: Design) -> tuple[Reported, ...]:
    """What the files said, the first one first."""
    return tuple(map(_read, ImportReport.objects.filter(design=design).order_by("pk")))


def _read(row: ImportReport) -> Reported:
    quality = None if row.quality is None else map(QualityFinding.from_json, row.quality)
    return Reported(
        row.file,
        row.at,
        tuple(map(DraftFinding.from_json, row.findings)),
        None if quality is None else tuple(finding for finding in quality if finding),
    )

"""The document a draft is made from: any FIM schema that is read, as the package keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rathaus.drafting.code_lists import CodeListStore
from rathaus.drafting.draft import DraftedPackage, draft_package
from rathaus.drafting.findings import DraftFinding
from rathaus.drafting.service import OFFICE
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.mending import Finding
from rathaus.standards.xdatenfelder.writer import write_schema


def draft_from_document(
    data: bytes, *, today: date, key: str = "", code_lists: CodeListStore | None = None, office: str = OFFICE
) -> DraftedPackage:
    """The package of an XDatenfelder document, 2.0 or 3.0.0; what had to be mended in it is among the findings.

    Raises `XdfError` for anything that is no readable schema, `DraftError` if the schema asks for nothing.
    """
    document = read_document(data)
    is_kept = document.version == "3.0.0" and not document.findings
    return draft_package(
        document.schema,
        data if is_kept else write_schema(document.schema),
        today=today,
        key=key,
        code_lists=code_lists,
        office=office,
        findings=_draft_findings(document.findings),
    )


def _draft_findings(findings: Sequence[Finding]) -> tuple[DraftFinding, ...]:
    return tuple(
        DraftFinding(
            f"schema.{finding.code}",
            finding.text,
            finding.values,
            finding.place,
            finding.line or 0,
            finding.severity,
        )
        for finding in findings
    )

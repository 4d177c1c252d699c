"""The document a draft is made from: any FIM schema that is read, as the package keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rathaus.drafting.code_lists import CodeListStore
from rathaus.drafting.contents import without_impossible
from rathaus.drafting.draft import DraftedPackage, draft_package
from rathaus.drafting.findings import DraftFinding
from rathaus.drafting.service import OFFICE
from rathaus.standards.xdatenfelder.document import read_document
from rathaus.standards.xdatenfelder.mending import Finding
from rathaus.standards.xdatenfelder.model import Translation
from rathaus.standards.xdatenfelder.translatedrules import TranslatedRules
from rathaus.standards.xdatenfelder.validation import xsd_findings
from rathaus.standards.xdatenfelder.writer import write_schema


def draft_from_document(
    data: bytes,
    *,
    today: date,
    key: str = "",
    code_lists: CodeListStore | None = None,
    office: str = OFFICE,
    translations: Sequence[Translation] = (),
    translated_rules: TranslatedRules = (),
    xsd: Path | None = None,
) -> DraftedPackage:
    """The package of an XDatenfelder document, 2.0 or 3.0.0; what had to be mended in it is among the findings.

    `translations` are its texts in other languages, `translated_rules` what FITKO made of its rules; with `xsd`, the
    folder of the standard's XSDs, what these object to is among the findings, too. Raises `XdfError` for anything that
    is no readable schema, `DraftError` if the schema asks for nothing, `NoXsdError` if the folder has no XSD for it.
    """
    document = read_document(data)
    objections = xsd_findings(data, xsd) if xsd else ()
    schema, emptied = without_impossible(document.schema, code_lists or CodeListStore(), today)
    is_kept = document.version == "3.0.0" and not document.findings and not emptied
    return draft_package(
        schema,
        data if is_kept else write_schema(schema),
        today=today,
        key=key,
        code_lists=code_lists,
        office=office,
        findings=(*_draft_findings([*document.findings, *objections]), *emptied),
        quality=document.quality,
        translations=translations,
        translated_rules=translated_rules,
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

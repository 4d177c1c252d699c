"""`rathaus service import`: from a FIM file to the folder of a service package."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rathaus.drafting import CodeListStore, DraftedPackage, DraftError, draft_from_document
from rathaus.drafting.service import OFFICE
from rathaus.editing import Files
from rathaus.editing.described import edits_from
from rathaus.editing.understood import confirm_understood
from rathaus.standards.xdatenfelder.model import Translation
from rathaus.standards.xdatenfelder.reader import XdfError, read_translations
from rathaus.standards.xdatenfelder.translatedrules import (
    TranslatedRules,
    TranslatedRulesError,
    read_translated_rules,
)
from rathaus.standards.xdatenfelder.validation import NoXsdError
from rathaus.standards.xzufi.reader import XzufiError, read_xzufi

_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")


class ImportRefusedError(ValueError):
    """Nothing was written; the message says why and what to do."""


def import_service(
    file: Path,
    into: Path,
    *,
    code_lists: Path | None = None,
    texts: Path | None = None,
    translations: Sequence[Path] = (),
    rules: Path | None = None,
    key: str = "",
    office: str = "",
    xsd: Path | None = None,
    confirm_rules: bool = True,
) -> DraftedPackage:
    """Write the drafted package of an XDatenfelder file into a new or empty folder. Raises `ImportRefusedError`.

    `texts` is an XZuFi file that describes the service; what it says replaces what the schema says. `translations` are
    files of the schema's texts in other languages, `rules` is one of FITKO's translations of its rules, `xsd` a folder
    of the standard's XSDs to validate with. With `confirm_rules`, what is understood for certain of the schema's rules
    has effect.
    """
    from django.utils import timezone

    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise ImportRefusedError(f"{into} is not an empty folder. Name a folder that does not exist yet.")
    if code_lists is not None and not code_lists.is_dir():
        raise ImportRefusedError(
            f"{code_lists} is no folder. Name the folder that holds the genericode files."
        )
    if key and not _KEY.fullmatch(key):
        raise ImportRefusedError(f"{key!r} is no key. Use lower case letters, digits and hyphens.")
    source = _content(file)
    translated = [text for path in translations for text in _translations(path)]
    try:
        draft = draft_from_document(
            source,
            today=timezone.localdate(),
            key=key,
            code_lists=CodeListStore.in_folder(code_lists) if code_lists else None,
            office=office or OFFICE,
            translations=translated,
            translated_rules=_translated_rules(rules) if rules else (),
            xsd=xsd,
        )
    except (XdfError, DraftError, NoXsdError) as error:
        raise ImportRefusedError(f"{file}: {error}") from None
    if confirm_rules:
        draft = draft.decided(confirm_understood(draft.files).files)
    if texts is not None:
        draft = replace(draft, files=_with_texts(draft.files, texts))
    for name, content in draft.files.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return draft


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ImportRefusedError(f"{file} cannot be read: {error.strerror}.") from None


def _translations(file: Path) -> tuple[Translation, ...]:
    try:
        return read_translations(_content(file))
    except XdfError as error:
        raise ImportRefusedError(f"{file}: {error}") from None


def _translated_rules(path: Path) -> TranslatedRules:
    try:
        return read_translated_rules(_content(path))
    except TranslatedRulesError as error:
        raise ImportRefusedError(f"{path}: {error}") from None


def _with_texts(files: Files, texts: Path) -> Files:
    try:
        message = read_xzufi(_content(texts))
    except XzufiError as error:
        raise ImportRefusedError(f"{texts}: {error}") from None
    services = (*message.services, *message.specialisations)
    if len(services) != 1:
        raise ImportRefusedError(
            f"{texts} describes {len(services)} services. Name a file that describes the one to be imported."
        )
    for edit in edits_from(services[0], files):
        files = edit.apply(files)
    return files

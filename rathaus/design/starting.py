"""How a design begins: from a FIM document, another town's package, a service of this town, or empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import PackingError, unpack
from rathaus.design.changing import ReasonMissingError, first_revision, title_of
from rathaus.design.models import Design, Origin
from rathaus.design.reporting import keep_report
from rathaus.drafting import CodeListStore, draft_empty, draft_from_document
from rathaus.editing import Files, SetPageText, Words
from rathaus.editing.parts import SERVICE_FILE, key_of, with_key
from rathaus.editing.understood import confirm_understood
from rathaus.editing.words import gettext_noop
from rathaus.people.models import User
from rathaus.standards.xdatenfelder.model import Translation
from rathaus.standards.xdatenfelder.translatedrules import TranslatedRules

# A design was begun (`design`), in the same transaction: who knows more of its base takes that along.
begun = Signal()


def start_from_service(version: ServiceVersion, *, by: User, reason: str) -> Design:
    """Work on a service of this town from one of its versions on."""
    files = unpack(bytes(ServiceVersion.objects.only("package").get(pk=version.pk).package))
    summary = Words(
        gettext_noop("Begonnen mit Version %(number)s der Leistung"), {"number": str(version.number)}
    )
    return begin(
        files,
        version.key,
        Origin.SERVICE,
        summary,
        by=by,
        reason=reason,
        source=f"v{version.number}",
        base=version,
    )


def start_from_package(data: bytes, *, name: str = "", by: User, reason: str, key: str = "") -> Design:
    """Work on a package that another town packed (one ZIP file). Raises `PackingError`."""
    files = unpack(data)
    if SERVICE_FILE not in files:
        raise PackingError("the file holds no service package: service.toml is missing")
    summary = Words(gettext_noop("Begonnen mit dem Paket „%(name)s“"), {"name": name})
    return begin(files, key, Origin.PACKAGE, summary, by=by, reason=reason, source=name)


def start_from_fim(
    data: bytes,
    *,
    today: date,
    name: str = "",
    by: User,
    reason: str,
    key: str = "",
    office: str,
    code_lists: Mapping[str, bytes] | None = None,
    translated_rules: TranslatedRules = (),
    translations: Sequence[Translation] = (),
    confirm_rules: bool = True,
) -> Design:
    """Work on a package drafted from a FIM schema (XDatenfelder 2.0 or 3.0.0); `office` is the key of whose it is.

    `code_lists` are genericode files by name; those that the schema does not name are passed over. `translated_rules`
    is what FITKO made of the schema's rules, `translations` its texts in other languages. With `confirm_rules`, what is
    understood for certain of the rules has effect; each can be opened again.

    Raises `XdfError` for other files, `DraftError` if the schema asks for nothing, `EditError` for an unusable key.
    """
    lists = CodeListStore()
    for file, content in (code_lists or {}).items():
        lists.add(file, content)
    drafted = draft_from_document(
        data,
        today=today,
        office=office,
        code_lists=lists,
        translated_rules=translated_rules,
        translations=translations,
    )
    if confirm_rules:
        drafted = drafted.decided(confirm_understood(drafted.files).files)
    values = {
        "name": name,
        "pages": str(drafted.pages),
        "questions": str(drafted.questions),
        "applied": str(len(drafted.applied_rules)),
        "open": str(len(drafted.open_rules)),
        "translated": str(len(drafted.translated_rules)),
    }
    summary = Words(_WITH_TRANSLATED_RULES if translated_rules else _FROM_FIM, values)
    with transaction.atomic():
        design = begin(drafted.files, key, Origin.DOCUMENT, summary, by=by, reason=reason, source=name)
        keep_report(design, name, drafted.read, drafted.quality)
    return design


_FROM_FIM = gettext_noop(
    "Begonnen mit der FIM-Datei „%(name)s“: %(pages)s Seiten, %(questions)s Fragen, %(applied)s Regeln angewendet, "
    "%(open)s offen"
)
_WITH_TRANSLATED_RULES = gettext_noop(
    "Begonnen mit der FIM-Datei „%(name)s“: %(pages)s Seiten, %(questions)s Fragen, %(applied)s Regeln angewendet, "
    "%(open)s offen; %(translated)s davon kamen aus den übersetzten Regeln dazu"
)


def start_empty(title: str, *, today: date, office: str, by: User, reason: str, key: str = "") -> Design:
    """Work on a service from nothing: one page that asks who applies, a neutral process and letters.

    Raises `EditError` for an unusable key.
    """
    drafted = draft_empty(title, today=today, office=office)
    files = SetPageText("kontakt", "de", "title", "Wie erreichen wir Sie?").apply(drafted.files)
    summary = Words(gettext_noop("Leer begonnen: eine Seite, die nach dem Kontakt fragt"))
    return begin(files, key, Origin.EMPTY, summary, by=by, reason=reason)


def begin(
    files: Files,
    key: str,
    origin: Origin,
    summary: Words,
    *,
    by: User,
    reason: str,
    source: str = "",
    base: ServiceVersion | None = None,
) -> Design:
    """A new design with these files as its first revision; `key` empty: the package's own."""
    if not reason.strip():
        raise ReasonMissingError
    files = with_key(files, key) if key else files
    now = timezone.now()
    with transaction.atomic():
        design: Design = Design.objects.create(
            key=key_of(files),
            title=title_of(files),
            origin=origin,
            source=source[:300],
            base=base,
            created_by=by,
            created_at=now,
            changed_at=now,
        )
        first_revision(design, files, by=by, reason=reason.strip(), summary=summary)
        begun.send(sender=Design, design=design)
    return design

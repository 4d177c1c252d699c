"""What a letter says: gathered from town, case and application when the letter is promised, and frozen then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.applications.models import Application
from rathaus.cases.answers import values_at
from rathaus.cases.models import Case
from rathaus.cases.service import current_answers
from rathaus.catalogue.info import ServiceInfo, translated
from rathaus.catalogue.service import package_of
from rathaus.forms.keys import format_path
from rathaus.forms.review import ReviewSection
from rathaus.letters.remedy import Body, remedy_for
from rathaus.towns.context import current_town
from rathaus.towns.models import Office
from rathaus.towns.service import main_host, rule_context, setting_on, settings_on


class ContentError(ValueError):
    """A letter cannot say what it has to; the message tells what the town or the package must add."""


def letter_content(
    case: Case,
    template: str,
    *,
    title: str,
    language: str,
    at: datetime,
    code: str = "",
    signer: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The data of a letter, in the shape docs/letters.md describes; `extra` adds or replaces top keys.

    Raises `ContentError` and `RemedyError`.
    """
    day = timezone.localdate(at)
    info = package_of(case.application.service).service
    answers = current_answers(case)
    office = office_content(case.office, language)
    remedy = remedy_for(
        info.remedy,
        template=template,
        land=current_town().land,
        authority=Body(current_town().official_name, ", ".join(office["address"])),
        settings=settings_on(day),
    )
    return {
        **_application_content(case.application, answers, language=language, day=day),
        "town": town_content(office),
        "case": {
            **case_content(case.application, language),
            "due_on": case.due_on and case.due_on.isoformat(),
        },
        "letter": {
            "title": title,
            "date": day.isoformat(),
            "language": language,
            "verification_code": code,
            "verification_url": verification_url() if code else "",
            "signer": signer,
            "draft": False,
        },
        "recipient": recipient_content(info, answers),
        "facts": case.facts,
        "fee": fee_content(info, case.facts, day),
        "remedy": remedy and remedy.as_data(),
        **(extra or {}),
    }


def copy_content(application: Application, office: Office, language: str) -> dict[str, Any]:
    """The data of the applicant's copy. It holds what was sent, not what was corrected later."""
    day = timezone.localdate(application.received_at)
    with override(_interface_language(language)):
        title = _("Kopie Ihres Antrags")
    return {
        **_application_content(application, application.answers, language=language, day=day),
        "town": town_content(office_content(office, language)),
        "case": case_content(application, language),
        "letter": {"title": title, "date": day.isoformat(), "language": language},
        "attachments": [
            {"name": file.name, "sha256": file.sha256}
            for file in application.attachments.order_by("path", "name")
        ],
    }


def _application_content(
    application: Application, answers: Mapping[str, Any], *, language: str, day: date
) -> dict[str, Any]:
    form = package_of(application.service).form
    journey = form.evaluate(dict(answers), **rule_context(day), language=language)
    return {"answers": dict(answers), "review": review_content(journey.review)}


def review_content(sections: Iterable[ReviewSection]) -> list[dict[str, Any]]:
    """What was answered, by section; each entry of a repeated group (a partner, a file) under a title of its own."""
    content: list[dict[str, Any]] = []
    for section in sections:
        for page in section.pages:
            for entry in page.entries:
                title = " – ".join(filter(None, (section.title or page.title, page.entry, entry.group)))
                if not entry.answered:
                    continue
                if not content or content[-1]["title"] != title:
                    content.append({"title": title, "entries": []})
                content[-1]["entries"].append(
                    {"label": entry.label, "value": entry.value, "path": format_path(entry.path)}
                )
    return content


def case_content(application: Application, language: str) -> dict[str, Any]:
    """Reference, moment of receipt in local time, and the service."""
    info = package_of(application.service).service
    return {
        "reference": application.reference,
        "received_at": timezone.localtime(application.received_at).isoformat(timespec="seconds"),
        "service_title": translated(info.title, language),
        "service_key": info.key,
    }


def town_content(office: Mapping[str, Any]) -> dict[str, Any]:
    """The active town as letters show it, with one of its offices."""
    town = current_town()
    account = town.bank_account
    iban = account.get("iban", "").replace(" ", "")
    return {
        "name": town.name,
        "official_name": town.official_name,
        "arms_svg": town.arms_svg,
        "colour": town.brand_colour,
        "land": town.land,
        "website": town.contact.get("website", ""),
        "office": dict(office),
        "bank": {
            "holder": account.get("holder", ""),
            "iban": " ".join(iban[start : start + 4] for start in range(0, len(iban), 4)),
            "bic": account.get("bic", ""),
            "bank": account.get("bank", ""),
        },
    }


def office_content(office: Office, language: str) -> dict[str, Any]:
    """An office with its opening hours in words."""
    address = office.address
    with override(_interface_language(language)):
        hours = [
            _("%(day)s %(from)s–%(until)s Uhr")
            % {"day": WEEKDAYS[entry["day"]], "from": entry["from"], "until": entry["until"]}
            for entry in office.opening_hours
        ]
    return {
        "name": office.name,
        "address": [
            line
            for line in (
                address.get("street", ""),
                f"{address.get('postal_code', '')} {address.get('city', '')}".strip(),
            )
            if line
        ],
        "phone": office.phone,
        "email": office.email,
        "opening_hours": hours,
    }


def recipient_content(info: ServiceInfo, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Name and address by `[addressee] lines` of the service; of a repeated group its first entry.

    Of several `[[addressee]]` the first counts whose path `answered` has an answer (or that names none).
    """
    given = info.raw.get("addressee", {})
    choices = given if isinstance(given, list) else [given]
    fitting = (one for one in choices if "answered" not in one or _first_answer(answers, one["answered"]))
    addressee: Mapping[str, Any] = next(fitting, {})
    lines = []
    for paths in addressee.get("lines", []):
        words = (_first_answer(answers, path) for path in paths)
        if line := " ".join(word for word in words if word):
            lines.append(line)
    return {"name": lines[0] if lines else "", "address_lines": lines[1:]}


def _first_answer(answers: Mapping[str, Any], path: str) -> str:
    return next((str(value) for value in values_at(answers, path) if not isinstance(value, Mapping)), "")


def fee_content(info: ServiceInfo, facts: Mapping[str, Any], day: date) -> dict[str, Any] | None:
    """What the fee decision of the service came to, or None before it was made.

    The decision table named in `[fee] decision` says which of the town's dated settings counts, how many times, and
    on what legal basis; the amount is the setting's.
    """
    decided = facts.get(info.fee.get("decision", ""))
    if not isinstance(decided, Mapping):
        return None
    key = str(decided.get("setting", info.fee.get("setting", "")))
    setting = setting_on(key, day)
    if setting is None:
        raise ContentError(f"the town has not decided the setting {key!r} for {day.isoformat()}")
    if not isinstance(setting.value, Mapping) or not isinstance(setting.value.get("amount_cents"), int):
        raise ContentError(f"the town's setting {key!r} names no amount (amount_cents)")
    cents = setting.value["amount_cents"] * int(decided.get("anzahl", 1))
    return {
        "amount_cents": cents,
        "amount_display": f"{cents // 100},{cents % 100:02d} €",
        "legal_basis": "; ".join(
            dict.fromkeys(filter(None, (info.fee.get("legal_basis", ""), decided.get("legal_basis", ""))))
        ),
        "setting_source": setting.source,
    }


def verification_url(code: str = "") -> str:
    """Where anybody can check a letter of the active town."""
    host = main_host()
    if host is None:
        raise ContentError("the town has no host name, so its letters cannot say where to check them")
    address = f"https://{host}" if settings.TLS else f"http://{host}:{settings.PORT}"
    return f"{address}/pruefen/?code={quote(code)}" if code else f"{address}/pruefen/"


def _interface_language(language: str) -> str:
    return "en" if language == "en" else "de"

"""Texts of XZuFi as the sections of a service page, and back.

Which text answers which question follows the meaning of the modules in the list of LeiKa text modules: the full text
says what it is (06), the conditions who (09), the documents what is needed (08), the authority and the contact where
(22, 23), the notes what comes after (16, 15). Money and time come from their own modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rathaus.standards.xzufi.fragments import markdown_of, text_of
from rathaus.standards.xzufi.model import (
    Cost,
    Identifier,
    Service,
    TextKind,
    TextModule,
    TimeUnit,
    Timing,
)

# Section of the service page → the modules that answer it, in this order.
SECTION_KINDS: Mapping[str, tuple[TextKind, ...]] = {
    "what": (TextKind.FULL,),
    "who": (TextKind.CONDITIONS,),
    "needed": (TextKind.DOCUMENTS,),
    "where": (TextKind.PROCEDURE, TextKind.AUTHORITY, TextKind.CONTACT),
    "law": (TextKind.LAW, TextKind.REMEDY),
    "after": (TextKind.NOTES, TextKind.FURTHER),
}

_UNITS: Mapping[str, Mapping[TimeUnit, tuple[str, str]]] = {
    "de": {
        TimeUnit.YEAR: ("Jahr", "Jahre"),
        TimeUnit.MONTH: ("Monat", "Monate"),
        TimeUnit.WEEK: ("Woche", "Wochen"),
        TimeUnit.DAY: ("Tag", "Tage"),
        TimeUnit.WEEKDAY: ("Werktag", "Werktage"),
        TimeUnit.WORKDAY: ("Arbeitstag", "Arbeitstage"),
        TimeUnit.HOUR: ("Stunde", "Stunden"),
        TimeUnit.MINUTE: ("Minute", "Minuten"),
        TimeUnit.SECOND: ("Sekunde", "Sekunden"),
    },
    "en": {
        TimeUnit.YEAR: ("year", "years"),
        TimeUnit.MONTH: ("month", "months"),
        TimeUnit.WEEK: ("week", "weeks"),
        TimeUnit.DAY: ("day", "days"),
        TimeUnit.WEEKDAY: ("weekday (Monday to Saturday)", "weekdays (Monday to Saturday)"),
        TimeUnit.WORKDAY: ("working day", "working days"),
        TimeUnit.HOUR: ("hour", "hours"),
        TimeUnit.MINUTE: ("minute", "minutes"),
        TimeUnit.SECOND: ("second", "seconds"),
    },
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {"to": "bis", "from": "ab", "at most": "höchstens", "in advance": "Sie zahlen im Voraus."},
    "en": {"to": "to", "from": "from", "at most": "at most", "in advance": "You pay in advance."},
}


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A service page in one language, in Markdown. A section nobody wrote is missing from `sections`."""

    title: str
    summary: str = ""  # one line of plain text
    intro: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)  # id of the section → Markdown


def service_page(service: Service, language: str = "de") -> ServicePage:
    """What the service says in this language."""

    def text(kind: TextKind) -> str:
        return service.text(kind, language)

    intro = text(TextKind.TEASER) or text(TextKind.SHORT)
    sections = {
        section: "\n\n".join(
            markdown
            for kind in kinds
            if (markdown := markdown_of(text(kind)) + _links(service, kind, language))
        )
        for section, kinds in SECTION_KINDS.items()
    }
    sections["cost"] = "\n\n".join(filter(None, (_cost(cost, language) for cost in service.costs)))
    sections["how-long"] = "\n\n".join(
        filter(None, (_timing(timing, language) for timing in service.processing_times + service.deadlines))
    )
    return ServicePage(
        title=text_of(text(TextKind.CITIZEN_NAME) or text(TextKind.NAME)),
        summary=text_of(intro),
        intro=markdown_of(intro),
        sections={section: markdown.strip() for section, markdown in sections.items() if markdown.strip()},
    )


def service_of_pages(
    identifier: Identifier, leika_key: str, pages: Mapping[str, ServicePage], regions: tuple[str, ...] = ()
) -> Service:
    """A service from pages in several languages whose texts are HTML instead of Markdown.

    Amounts and times stay words: what a page says of them is no figure that others may compute with.
    """
    texts: dict[TextKind, dict[str, str]] = {}
    costs: dict[str, str] = {}
    times: dict[str, str] = {}
    for language, page in pages.items():
        texts.setdefault(TextKind.NAME, {})[language] = page.title
        texts.setdefault(TextKind.CITIZEN_NAME, {})[language] = page.title
        if page.intro:
            texts.setdefault(TextKind.TEASER, {})[language] = page.intro
        for section, kinds in SECTION_KINDS.items():
            if html := page.sections.get(section):
                texts.setdefault(kinds[0], {})[language] = html
        if html := page.sections.get("cost"):
            costs[language] = html
        if html := page.sections.get("how-long"):
            times[language] = html
    return Service(
        id=identifier,
        leika_keys=(leika_key,) if leika_key else (),
        modules=tuple(TextModule(kind, texts[kind]) for kind in TextKind if kind in texts),
        costs=(Cost(description=costs),) if costs else (),
        processing_times=(Timing(description=times),) if times else (),
        regions=regions,
    )


def _links(service: Service, kind: TextKind, language: str) -> str:
    links = [
        link
        for module in service.modules
        if module.kind is kind
        for link in module.links
        if link.language in ("", language) and link.address.startswith(("https://", "http://"))
    ]
    entries = (
        markdown_of(f'<li><a href="{_quoted(link.address)}">{_quoted(link.title or link.address)}</a></li>')
        for link in links
    )
    return "".join(f"\n\n{entry}" for entry in entries)


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _in(language: str) -> str:
    # Plain German reads German units; another language reads English rather than nothing.
    return "de" if language.startswith("de") else "en"


def _timing(timing: Timing, language: str) -> str:
    parts = []
    if timing.span and timing.span.unit:
        speech = _in(language)
        figures = [timing.span.duration, *([timing.span.until] if timing.span.until is not None else [])]
        singular, plural = _UNITS[speech][timing.span.unit]
        numbers = f" {_WORDS[speech]['to']} ".join(_number(figure, speech) for figure in figures)
        parts.append(f"{numbers} {singular if figures[-1] == 1 else plural}")
    days = [day for day in (timing.from_day, timing.to_day) if day]
    if days:
        parts.append(f" {_WORDS[_in(language)]['to']} ".join(days))
    if described := markdown_of(timing.description.get(language, "")):
        parts.append(described)
    return "\n\n".join(parts)


def _cost(cost: Cost, language: str) -> str:
    speech = _in(language)
    words = _WORDS[speech]

    def money(amount: Decimal) -> str:
        return f"{_number(amount.quantize(Decimal('0.01')), speech)} {'€' if cost.currency == 'EUR' else cost.currency}"

    parts = []
    if cost.amount is not None:
        parts.append(money(cost.amount))
    elif cost.lowest is not None and cost.highest is not None:
        parts.append(f"{money(cost.lowest)} {words['to']} {money(cost.highest)}")
    elif cost.lowest is not None:
        parts.append(f"{words['from']} {money(cost.lowest)}")
    elif cost.highest is not None:
        parts.append(f"{words['at most']} {money(cost.highest)}")
    if described := markdown_of(cost.description.get(language, "")):
        parts.append(described)
    if cost.in_advance:
        parts.append(words["in advance"])
    return "\n\n".join(parts)


def _number(number: Decimal, speech: str) -> str:
    text = f"{number:,f}"
    return text.translate(str.maketrans(",.", ".,")) if speech == "de" else text

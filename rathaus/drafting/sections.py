"""The page of a service as sections with fixed ids: their headings, and what stands there until somebody knows more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# Language → id of the section → its heading and what it says for want of better.
_PLAIN: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "de": {
        "what": ("Was ist das?", ""),
        "who": (
            "Wer kann das tun?",
            "Alle, für die diese Leistung gedacht ist. Fragen Sie uns, wenn Sie unsicher sind.",
        ),
        "needed": ("Was brauche ich dafür?", "Halten Sie Ihre persönlichen Angaben bereit."),
        "cost": ("Was kostet es?", "Ob eine Gebühr anfällt, erfahren Sie von uns mit dem Bescheid."),
        "how-long": (
            "Wie lange dauert es?",
            "Wir prüfen Ihre Angaben und melden uns so bald wie möglich.",
        ),
        "where": ("Wo und wie?", "Hier online. Sie können unterbrechen und 30 Tage lang weitermachen."),
        "law": ("Was steht im Gesetz?", "Die Rechtsgrundlagen nennt Ihnen das zuständige Amt."),
        "after": ("Was kommt danach?", ""),
    },
    "en": {
        "what": ("What is this?", ""),
        "who": ("Who can do this?", "Everybody this service is meant for. Ask us if you are not sure."),
        "needed": ("What do I need?", "Have your personal details at hand."),
        "cost": ("What does it cost?", "Our decision tells you whether there is a fee."),
        "how-long": ("How long does it take?", "We look at what you send and answer as soon as possible."),
        "where": ("Where and how?", "Here, online. You can stop and go on within 30 days."),
        "law": ("What does the law say?", "The office in charge tells you the legal basis."),
        "after": ("What comes next?", ""),
    },
    "de-simple": {
        "what": ("Was ist das?", ""),
        "who": ("Wer kann das machen?", "Fragen Sie uns, wenn Sie es nicht wissen."),
        "needed": ("Was brauche ich?", "Sie brauchen Ihren Namen und Ihre Adresse."),
        "cost": ("Was kostet das?", "Das steht in unserem Brief."),
        "how-long": (
            "Wie lange dauert das?",
            "Wir sehen uns Ihre Angaben an. Dann melden wir uns bei Ihnen.",
        ),
        "where": ("Wo mache ich das?", "Sie machen das hier im Internet. Sie können eine Pause machen."),
        "law": ("Was steht im Gesetz?", "Das Amt sagt Ihnen, welche Gesetze gelten."),
        "after": ("Was kommt danach?", ""),
    },
}
_HEADING = re.compile(r"^##\s+(?P<heading>.+?)\s*\{#(?P<id>[a-z-]+)\}\s*$")


@dataclass(frozen=True, slots=True)
class Page:
    """A service page in Markdown. `headings` are those that differ from the usual ones."""

    title: str
    intro: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)


def compose(page: Page, language: str) -> str:
    """The text of texts/<language>.md: every section of the page, those nobody wrote with a plain sentence."""
    parts = [f"# {page.title}", page.intro.strip()]
    for section, (heading, plain) in _PLAIN[language].items():
        if text := page.sections.get(section, "").strip() or plain:
            parts += [f"## {page.headings.get(section, heading)} {{#{section}}}", text]
    return "\n\n".join(part for part in parts if part) + "\n"


def split(markdown: str) -> Page:
    """The page that texts/<language>.md holds. Text below a heading without id stays with the section before it."""
    title, section = "", ""
    lines: dict[str, list[str]] = {"": []}
    headings: dict[str, str] = {}
    for line in markdown.splitlines():
        if heading := _HEADING.match(line):
            section = heading["id"]
            headings[section] = heading["heading"]
            lines.setdefault(section, [])
        elif line.startswith("# ") and not title:
            title = line.removeprefix("# ").strip()
        else:
            lines[section].append(line)
    texts = {name: "\n".join(written).strip() for name, written in lines.items()}
    return Page(title, texts.pop(""), texts, headings)

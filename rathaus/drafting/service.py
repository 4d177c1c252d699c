"""service.toml and the German service page of a draft: what the schema tells, and plainly what people must decide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rathaus.drafting import tomltext
from rathaus.drafting.paging import clean, name_of, shortened
from rathaus.drafting.sections import Page, compose
from rathaus.drafting.walking import elements_of
from rathaus.forms.textkinds import TextKind
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.rules.functions import folded
from rathaus.standards.xdatenfelder.model import Schema

OFFICE = "buergerservice"
REMEDY_SETTING = "remedy"
_DECISIONS = ["bescheid", "ablehnung"]
_FEE = (
    '# prüfen: Fällt eine Gebühr an, nennt [fee] setting = "…" die datierte Einstellung der Stadt dafür.\n\n'
)
_REMEDY = "# Den Rechtsbehelf nennt die datierte Einstellung der Stadt, bis hier [remedy.<Land>] steht.\n"
_BUSINESS = re.compile(r"gewerb|unternehm|betrieb|firma|arbeitgeber|juristische", re.IGNORECASE)
_LONGEST_KEY = 48
_SILENT_WORDS = frozenset(
    re.findall(
        r"\w+",
        "antrag auf der die das des dem den ein eine einer eines einem einen und oder zur zum zu im in von vom bei "
        "fuer mit nach ueber als um an am aus",
    )
)


def title_of(schema: Schema) -> str:
    """The title of the service: what the schema calls itself."""
    return shortened(schema.label or schema.name or schema.id, 200)


def key_of(schema: Schema) -> str:
    """A key from the title, as short as an address should be: its words without those that say nothing."""
    words = re.findall(r"[a-z0-9]+", folded(title_of(schema)))
    telling = [word for word in words if word not in _SILENT_WORDS] or words or ["leistung"]
    key = telling[0][:_LONGEST_KEY]
    for word in telling[1:]:
        if len(key) + 1 + len(word) > _LONGEST_KEY:
            break
        key += f"-{word}"
    return key if key[0].isalpha() else f"leistung-{key}"


def service_toml(
    schema: Schema, tree: SchemaTree, key: str, office: str, titles: Mapping[str, str] | None = None
) -> str:
    """The text of service.toml; `titles`: the name of the service in other languages."""
    title = title_of(schema)
    summary = shortened(schema.description or schema.help or "Stellen Sie Ihren Antrag online.", 300)
    head = {
        "key": key,
        "title": {"de": title, **{name: shortened(one, 200) for name, one in (titles or {}).items()}},
        "summary": {"de": summary},
        "leika_key": "",
        "legal_basis": legal_basis(schema),
        "audience": _audience(schema),
        "life_situations": [],
        "login_level": "none",
        "draft_retention_days": 30,
        "retention_years": 10,
        "office": office,
        "lanes": {"sachbearbeitung": office},
    }
    if applicant := _applicant(tree):
        head["applicant"] = applicant
    version = f" {schema.version}" if schema.version else ""
    text = (
        f"# Entwurf aus dem Stammdatenschema {clean(schema.id)}{version}. Was mit „prüfen“ bezeichnet ist, weiß das\n"
        "# Schema nicht: Das entscheiden Menschen, bevor die Leistung veröffentlicht wird.\n"
        "# prüfen: leika_key, legal_basis, audience, login_level, retention_years, office.\n"
    )
    text += tomltext.pairs(head) + "\n"
    if lines := _addressee(tree):
        text += tomltext.entry("addressee", {"lines": lines})
    text += tomltext.table("keywords", {"de": _keywords(title)})
    text += _FEE + _REMEDY
    text += tomltext.table("remedy.town", {"setting": REMEDY_SETTING, "letters": _DECISIONS})
    notice = {"regime": "VwVfG 41(2a)", "letters": _DECISIONS}
    if email := _email(tree):
        notice["email"] = email
    text += tomltext.table("notice", notice)
    return text.rstrip() + "\n"


def legal_basis(schema: Schema) -> list[str]:
    """The legal bases that the schema and its places name, each once, at most twenty."""
    found = [clean(reference.text) for reference in schema.references]
    for _, placement in elements_of(schema):
        found += [
            clean(reference.text) for reference in (*placement.references, *placement.element.references)
        ]
    named = (shortened(text, 200) for text in found if re.search(r"[§]|Art|Verordnung|Gesetz|VO\b", text))
    return list(dict.fromkeys(named))[:20]


def _audience(schema: Schema) -> list[str]:
    names = " ".join([schema.label, schema.description, *(child.element.label for child in schema.children)])
    return ["business", "person"] if _BUSINESS.search(names) else ["person"]


def _keywords(title: str) -> list[str]:
    words = [word for word in re.findall(r"[\wäöüÄÖÜß-]{5,}", title) if word[0].isupper()]
    return list(dict.fromkeys([title, *words]))[:8]


def _single(tree: SchemaTree) -> Iterator[FieldNode]:
    """Fields with one answer that are asked once in an application."""
    for node in tree.root.fields():
        if node.scope is tree.root and not (
            node.repeatable or node.is_label or node.is_file or node.is_fixed
        ):
            yield node


def _near(group: GroupNode | None, keys: Sequence[str]) -> list[str]:
    """The fields of these names in a group or right below it."""
    if group is None:
        return []
    below = [child for child in group.children if isinstance(child, GroupNode) and not child.repeatable]
    for holder in (group, *below):
        found = [
            child.address
            for key in keys
            if isinstance(child := holder.by_key.get(key), FieldNode) and not child.repeatable
        ]
        if found:
            return found
    return []


_GIVEN = ("vornamen", "vorname", "vorname_n")
_FAMILY = ("familienname", "nachname", "name")
_COMPANY = ("firma", "firmenname", "eingetragener_name", "name_des_unternehmens", "unternehmensname")
_STREET, _NUMBER = ("strasse", "strasse_und_hausnummer"), ("hausnummer",)
_POSTCODE, _CITY = ("postleitzahl", "plz"), ("ort", "wohnort", "stadt")


def _person(tree: SchemaTree) -> FieldNode | None:
    return next((node for node in _single(tree) if node.key in _FAMILY and _given(node)), None)


def _given(family: FieldNode) -> list[str]:
    return _near(family.parent, _GIVEN)[:1]


def _applicant(tree: SchemaTree) -> list[list[str]]:
    companies = [[node.address] for node in _single(tree) if node.key in _COMPANY][:1]
    person = _person(tree)
    persons = [[*_given(person), person.address]] if person else []
    return [*companies, *persons]


def _addressee(tree: SchemaTree) -> list[list[str]]:
    lines = _applicant(tree)
    street = next((node for node in _single(tree) if node.key in _STREET), None)
    if street is not None:
        lines.append([street.address, *_near(street.parent, _NUMBER)[:1]])
        place = [*_near(street.parent, _POSTCODE)[:1], *_near(street.parent, _CITY)[:1]]
        if place:
            lines.append(place)
    return lines


def _email(tree: SchemaTree) -> str:
    return next((node.address for node in _single(tree) if node.text_kind is TextKind.EMAIL), "")


def service_page(schema: Schema, tree: SchemaTree) -> str:
    """texts/de.md: every section there, with what the schema says or what is still to be written."""
    title = title_of(schema)
    what = _paragraph(schema.description) or f"Hier geht es um: {title}."
    needed = [node for node in tree.root.fields() if node.is_file]
    return compose(
        Page(
            title,
            intro=_paragraph(schema.help) or "Das erledigen Sie hier online.",
            sections={
                "what": what,
                "needed": "\n".join(dict.fromkeys(f"- {_markdown(name_of(node))}" for node in needed)),
                "law": "\n".join(f"- {_markdown(basis)}" for basis in legal_basis(schema)),
            },
        ),
        "de",
    )


def _paragraph(text: str) -> str:
    """A text of the schema as Markdown that shows it as it is."""
    lines = [_markdown(clean(line)) for line in text.splitlines()]
    return "\n\n".join(line for line in lines if line)


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", text)

"""What differs between two states of a package, in plain words and by area.

Each kind of file has its own module, which says what changed in the words of people. What none of them can put into
words is still named: the file, and how many of its lines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import chain

from rathaus.drafting import rulebook
from rathaus.editing.differences.difference import Area, Difference, flat, spoken, table_of
from rathaus.editing.differences.pages import pages
from rathaus.editing.differences.process import process
from rathaus.editing.differences.questions import checks, questions, rest_of_form, translations
from rathaus.editing.differences.reading import FormRead
from rathaus.editing.differences.schema import code_list, schema
from rathaus.editing.differences.service import looked_at, service, service_page
from rathaus.editing.differences.tables import decision
from rathaus.editing.edit import Files
from rathaus.editing.parts import SERVICE_FILE
from rathaus.editing.translations import STATE_FILE
from rathaus.editing.words import Words, gettext_noop
from rathaus.forms.definition import FORM_FILE
from rathaus.forms.tree import SCHEMA_FILE
from rathaus.rules.decisions import DecisionError

__all__ = ["Area", "Difference", "differences"]

_TRANSLATION = re.compile(r"texts/form\.(?P<language>[\w-]+)\.toml")
_PAGE = re.compile(r"texts/(?P<language>[\w-]+)\.md")
_NAMED = {
    "letters/": (
        Area.LETTERS,
        gettext_noop("Neues Schreiben „%(name)s“"),
        gettext_noop("Schreiben „%(name)s“ entfernt"),
        gettext_noop("Schreiben „%(name)s“ geändert"),
    ),
    "examples/": (
        Area.EXAMPLES,
        gettext_noop("Neues Beispiel „%(name)s“"),
        gettext_noop("Beispiel „%(name)s“ entfernt"),
        gettext_noop("Beispiel „%(name)s“ geändert"),
    ),
    "decisions/": (
        Area.DECISIONS,
        gettext_noop("Neue Tabelle „%(name)s“"),
        gettext_noop("Tabelle „%(name)s“ entfernt"),
        gettext_noop("Tabelle „%(name)s“ geändert"),
    ),
    "codelists/": (
        Area.CHOICES,
        gettext_noop("Neue Codeliste „%(name)s“"),
        gettext_noop("Codeliste „%(name)s“ entfernt"),
        gettext_noop("Codeliste „%(name)s“ geändert"),
    ),
}
_STATUSES = {
    "applied": gettext_noop("wirkt"),
    "ensured": gettext_noop("ohnehin sichergestellt"),
    "open": gettext_noop("offen"),
    "dismissed": gettext_noop("nicht nötig"),
    "written": gettext_noop("von Hand eingetragen"),
}


def differences(before: Files, after: Files) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the areas; nothing if the packages say the same."""
    changed = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    old, new = FormRead(before), FormRead(after)
    found: list[Difference] = []
    for name in changed:
        if name == STATE_FILE:
            continue
        said = _attempt(lambda name=name: _of_file(name, before, after, old, new))  # type: ignore[misc]
        found += said or [_by_lines(name, before.get(name), after.get(name))]
    if STATE_FILE in changed:
        # That a translation was compared goes without saying where it is new itself.
        told = {place for one in found for place in one.places}
        found += [one for one in _attempt(lambda: looked_at(before, after)) if one.place not in told]
        if not found:
            found.append(_by_lines(STATE_FILE, before.get(STATE_FILE), after.get(STATE_FILE)))
    if SCHEMA_FILE in changed and FORM_FILE not in changed:
        # Questions that form.toml leaves to the schema are worded by it.
        found += _attempt(lambda: _form(old, new))
    order = list(Area)
    return tuple(sorted(found, key=lambda one: order.index(one.area)))


def _attempt(find: Callable[[], Iterator[Difference]]) -> list[Difference]:
    """What can be put into words; nothing where a file cannot be read."""
    try:
        return list(find())
    except (ValueError, DecisionError):
        return []


def _form(old: FormRead, new: FormRead) -> Iterator[Difference]:
    return chain(pages(old, new), questions(old, new), checks(old, new), rest_of_form(old, new))


def _of_file(name: str, before: Files, after: Files, old: FormRead, new: FormRead) -> Iterator[Difference]:
    if name == FORM_FILE:
        return _form(old, new)
    if name == SERVICE_FILE:
        return service(before, after)
    if found := _TRANSLATION.fullmatch(name):
        return translations(found["language"], old, new)
    if found := _PAGE.fullmatch(name):
        return service_page(found["language"], before.get(name), after.get(name))
    if name == rulebook.RULES_FILE:
        return _rules(before, after)
    if name not in before or name not in after:
        return iter(())
    if name == SCHEMA_FILE:
        return schema(before[name], after[name])
    if name == "process.bpmn":
        return process(before[name], after[name])
    if name.endswith(".dmn"):
        return decision(name, before[name], after[name])
    if name.startswith("codelists/"):
        return code_list(name, before[name], after[name])
    if name.startswith("examples/"):
        return _example(name, before, after)
    return iter(())


def _rules(before: Files, after: Files) -> Iterator[Difference]:
    """What became of the rules that FIM brought."""
    old, new = ({rule.key: rule for rule in rulebook.read(files)} for files in (before, after))
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        rule = now or was
        if was == now or rule is None:
            continue
        values = {"id": rule.id, "name": rule.name}
        place = (f"file:{rulebook.RULES_FILE}",)
        if was and now and was.status == now.status:
            text = gettext_noop("Regel %(id)s „%(name)s“ geändert")
            sides = [
                "\n".join([one.text, *(effect.condition for effect in one.effects)]) for one in (was, now)
            ]
            yield Difference(Area.RULES, Words(text, values), place, *sides)
            continue
        text = gettext_noop("Was aus Regel %(id)s „%(name)s“ wird")
        states = [Words(_STATUSES[one.status]) if one else "" for one in (was, now)]
        yield Difference(Area.RULES, Words(text, values), place, *states)


def _example(name: str, before: Files, after: Files) -> Iterator[Difference]:
    """An example: what it answers and what it expects."""
    old, new = (dict(flat(table_of(files, name))) for files in (before, after))
    keys = [key for key in dict.fromkeys([*new, *old]) if old.get(key) != new.get(key)]
    if keys:
        text = (
            gettext_noop("Beispiel „%(name)s“ erwartet etwas anderes")
            if any(key[0] == "expect" for key in keys)
            else gettext_noop("Beispiel „%(name)s“ geändert")
        )
        sides = [
            "\n".join(f"{'.'.join(key)}: {spoken(one[key])}" for key in keys if key in one)
            for one in (old, new)
        ]
        words = Words(text, {"name": str(new.get(("title",)) or _short(name))})
        yield Difference(Area.EXAMPLES, words, (f"file:{name}",), *sides)


def _by_lines(name: str, before: bytes | None, after: bytes | None) -> Difference:
    """A file that came, went or changed, with the lines that did."""
    place = (f"file:{name}",)
    kind = next((texts for folder, texts in _NAMED.items() if name.startswith(folder)), None)
    old, new = (_lines(content) for content in (before, after))
    gone, come = _changed(old, new)
    if kind:
        area, added, removed, changed = kind
        text = added if before is None else removed if after is None else changed
        words = Words(text, {"name": _called(name, after if after is not None else before or b"")})
    else:
        area = Area.PROCESS if name == "process.bpmn" else Area.FILES
        values: dict[str, object] = {"file": name, "count": max(len(gone), len(come))}
        if before is None:
            words = Words(gettext_noop("Neue Datei %(file)s"), values)
        elif after is None:
            words = Words(gettext_noop("Datei %(file)s entfernt"), values)
        else:
            words = Words(gettext_noop("Datei %(file)s: %(count)s Zeilen geändert"), values)
    if before is None or after is None:
        return Difference(area, words, place)
    return Difference(area, words, place, "\n".join(gone), "\n".join(come))


def _short(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


def _called(name: str, content: bytes) -> str:
    """What people call a file: an example by its title."""
    if name.startswith("examples/"):
        try:
            return str(tomllib.loads(content.decode("utf-8")).get("title") or _short(name))
        except ValueError:
            pass
    return _short(name)


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "replace").splitlines()


def _changed(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """The lines that were there, and those that are there instead."""
    gone, come = list[str](), list[str]()
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind != "equal":
            gone += before[start:end]
            come += after[new_start:new_end]
    return gone, come

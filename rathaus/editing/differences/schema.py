"""Differences in the data fields: what can be asked at all, and what an answer may be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from rathaus.editing.differences.difference import Area, Difference, Said
from rathaus.editing.differences.reading import around
from rathaus.editing.words import Words, gettext_noop, named
from rathaus.forms.corresponding import Element, correspondence
from rathaus.forms.tree import SCHEMA_FILE, FieldNode, GroupNode, SchemaTree
from rathaus.standards.genericode import read_code_list
from rathaus.standards.xdatenfelder.model import Code, DataType, FieldKind, Group, Rule, Schema
from rathaus.standards.xdatenfelder.reader import read_schema

_SCHEMA_PLACE = f"file:{SCHEMA_FILE}"
_TYPES = {
    DataType.TEXT: gettext_noop("Text"),
    DataType.TEXT_LATIN: gettext_noop("Text"),
    DataType.DATE: gettext_noop("Datum"),
    DataType.TIME: gettext_noop("Uhrzeit"),
    DataType.DATETIME: gettext_noop("Datum und Uhrzeit"),
    DataType.BOOL: gettext_noop("Ja oder Nein"),
    DataType.NUM: gettext_noop("Zahl"),
    DataType.NUM_INT: gettext_noop("Ganze Zahl"),
    DataType.NUM_CURRENCY: gettext_noop("Geldbetrag"),
    DataType.FILE: gettext_noop("Datei"),
    DataType.OBJ: gettext_noop("Datei"),
}


def schema(before: bytes, after: bytes) -> Iterator[Difference]:
    """Fields and groups that came, went or accept something else. Raises `ValueError` for an unreadable schema."""
    return schemata(read_schema(before), read_schema(after))


def schemata(before: Schema, after: Schema, *, texts: bool = False) -> Iterator[Difference]:
    """The differences of two schemata; with `texts`, questions and hints that are worded otherwise as well."""
    old, new = (SchemaTree.build(one, {}) for one in (before, after))
    same = correspondence(old, new)
    if (before.id, before.version) != (after.id, after.version):
        yield Difference(
            Area.QUESTIONS,
            Words(gettext_noop("Stand des Datenschemas")),
            (_SCHEMA_PLACE,),
            stand_of(before),
            stand_of(after),
        )
    yield from _came(set(same.values()), new.nodes, gettext_noop("Neues Datenfeld „%(label)s“ (%(at)s)"))
    yield from _came(set(same), old.nodes, gettext_noop("Datenfeld „%(label)s“ (%(at)s) entfällt"))
    was = {now: path for path, now in same.items()}
    for path, node in new.nodes.items():
        if path in was:
            yield from _place(old.nodes[was[path]], node, same)
            yield from _node(old.nodes[was[path]], node)
            if texts:
                yield from _texts(old.nodes[was[path]], node)
    yield from _rules(before, after)


def stand_of(schema: Schema) -> str:
    """Which release of which schema it is."""
    return f"{schema.id} {schema.version or ''}".strip()


def _came(known: Collection[str], nodes: Mapping[str, Element], text: str) -> Iterator[Difference]:
    """What one side has and the other lacks; a group is named in place of what lies in it."""
    for path, node in nodes.items():
        if path in known or any(group not in known for group in around(path)):
            continue
        yield Difference(
            Area.QUESTIONS,
            Words(text, {"label": node.label, "at": path}),
            (f"field:{path}", _SCHEMA_PLACE),
        )


def _place(old: Element, new: Element, same: Mapping[str, str]) -> Iterator[Difference]:
    """A field that is called otherwise, so that its answers are, too; or that lies in another group."""
    old_group, group = (node.address.rpartition(".")[0] for node in (old, new))
    if same.get(old_group, old_group) != group:
        text = gettext_noop("„%(label)s“ gehört jetzt an eine andere Stelle")
    elif old.key != new.key:
        text = gettext_noop("„%(label)s“ hat einen anderen Namen")
    else:
        return
    places = (f"field:{new.address}", f"field:{old.address}", _SCHEMA_PLACE)
    yield Difference(Area.QUESTIONS, Words(text, {"label": new.label}), places, old.address, new.address)


def _texts(old: Element, new: Element) -> Iterator[Difference]:
    for key, before, after in (("label", old.label, new.label), ("help", old.help, new.help)):
        if before != after:
            words = Words(
                gettext_noop("Frage „%(label)s“: %(key)s umformuliert"),
                {"label": old.label, "key": named(key)},
            )
            yield Difference(Area.QUESTIONS, words, (f"field:{new.address}/{key}",), before, after)


def _node(old: Element, new: Element) -> Iterator[Difference]:
    said: list[tuple[str, Said, Said]] = [
        (gettext_noop("„%(label)s“: Art der Angabe geändert"), _type(old), _type(new)),
        (gettext_noop("„%(label)s“: wie oft zu beantworten"), _times(old), _times(new)),
    ]
    if isinstance(old, FieldNode) and isinstance(new, FieldNode):
        was, now = old.constraints, new.constraints
        said += [
            (
                gettext_noop("„%(label)s“: erlaubte Länge geändert"),
                _range(was.min_length, was.max_length),
                _range(now.min_length, now.max_length),
            ),
            (
                gettext_noop("„%(label)s“: erlaubte Werte geändert"),
                _range(was.min_value, was.max_value),
                _range(now.min_value, now.max_value),
            ),
            (
                gettext_noop("„%(label)s“: erlaubte Schreibweise geändert"),
                was.pattern or "",
                now.pattern or "",
            ),
            (gettext_noop("„%(label)s“: andere Codeliste"), _list(old), _list(new)),
            (
                gettext_noop("„%(label)s“: erlaubte Dateien geändert"),
                _files(old),
                _files(new),
            ),
        ]
        if old.code_list is None and new.code_list is None:
            yield from code_changes(new.label, old.codes, new.codes, (f"codes:{new.address}", _SCHEMA_PLACE))
    for text, before, after in said:
        if before != after:
            yield Difference(
                Area.QUESTIONS,
                Words(text, {"label": new.label}),
                (f"field:{new.address}", _SCHEMA_PLACE),
                before,
                after,
            )


def _type(node: Element) -> Said:
    if isinstance(node, GroupNode):
        return Words(gettext_noop("Gruppe: eines davon") if node.is_choice else gettext_noop("Gruppe"))
    if node.kind is FieldKind.SELECT:
        return Words(gettext_noop("Auswahl"))
    if node.is_label:
        return Words(gettext_noop("Hinweistext"))
    name = Words(_TYPES[node.datatype])
    return Words(gettext_noop("%(type)s, fest vorgegeben"), {"type": name}) if node.is_fixed else name


def _times(node: Element) -> Said:
    if node.maximum == 1:
        return Words(gettext_noop("Pflicht") if node.minimum else gettext_noop("freiwillig"))
    if node.maximum is None:
        return Words(gettext_noop("mindestens %(least)s-mal"), {"least": node.minimum})
    return Words(gettext_noop("%(least)s- bis %(most)s-mal"), {"least": node.minimum, "most": node.maximum})


def _range(least: object, most: object) -> Said:
    if least is None and most is None:
        return ""
    return f"{'' if least is None else least} – {'' if most is None else most}".strip()


def _list(node: FieldNode) -> Said:
    return (node.code_list.canonical_version_uri or node.code_list.canonical_uri) if node.code_list else ""


def _files(node: FieldNode) -> Said:
    size = [f"{node.max_size} Byte"] if node.max_size else []
    return ", ".join([*size, *node.media_types])


def code_list(name: str, before: bytes, after: bytes) -> Iterator[Difference]:
    """The entries of a code list's file. Raises `ValueError` for an unreadable one."""
    old, new = read_code_list(before), read_code_list(after)
    called = new.long_name or new.short_name or name
    yield from code_changes(called, old.codes(), new.codes(), (f"file:{name}",))


def code_changes(
    label: str, before: Sequence[Code], after: Sequence[Code], places: tuple[str, ...]
) -> Iterator[Difference]:
    """Choices that came, went or are called something else."""
    old, new = ({code.code: code for code in codes} for codes in (before, after))
    both = [code for code in new if code in old]
    for text, before_lines, after_lines in (
        (gettext_noop("Auswahl „%(label)s“: neue Einträge"), [], _lines(new, old)),
        (gettext_noop("Auswahl „%(label)s“: Einträge entfallen"), _lines(old, new), []),
        (
            gettext_noop("Auswahl „%(label)s“: Einträge umformuliert"),
            [_line(old[code]) for code in both if old[code] != new[code]],
            [_line(new[code]) for code in both if old[code] != new[code]],
        ),
    ):
        if before_lines or after_lines:
            said = "\n".join(before_lines), "\n".join(after_lines)
            yield Difference(Area.CHOICES, Words(text, {"label": label}), places, *said)
    if [code for code in old if code in new] != both:
        words = Words(gettext_noop("Auswahl „%(label)s“: andere Reihenfolge"), {"label": label})
        yield Difference(Area.CHOICES, words, places)


def _lines(one: Mapping[str, Code], other: Mapping[str, Code]) -> list[str]:
    return [_line(code) for name, code in one.items() if name not in other]


def _line(code: Code) -> str:
    return f"{code.code}: {code.name}" + (f" ({code.help})" if code.help else "")


def _rules(before: Schema, after: Schema) -> Iterator[Difference]:
    """The rules as their authors wrote them."""
    old, new = ({rule.id: rule for rule in _all_rules(one)} for one in (before, after))
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        if was and now and was.text == now.text:
            continue
        rule = now or was
        values = {"id": key, "name": rule.name if rule else ""}
        if was is None:
            text = gettext_noop("Neue Regel %(id)s „%(name)s“")
        elif now is None:
            text = gettext_noop("Regel %(id)s „%(name)s“ entfällt")
        else:
            text = gettext_noop("Regel %(id)s „%(name)s“ lautet anders")
        yield Difference(
            Area.RULES,
            Words(text, values),
            (_SCHEMA_PLACE,),
            was.text if was else "",
            now.text if now else "",
        )


def _all_rules(schema: Schema | Group) -> Iterator[Rule]:
    yield from schema.rules
    for placement in schema.children:
        if isinstance(placement.element, Group):
            yield from _all_rules(placement.element)
        else:
            yield from placement.element.rules

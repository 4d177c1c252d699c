"""form.toml goes along with the schema: what asks for nothing leaves, what is new is asked where it belongs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rathaus.drafting.looks import look_of
from rathaus.drafting.paging import is_asked
from rathaus.editing import Files, Words
from rathaus.editing.blocks import Block
from rathaus.editing.differences.reading import around
from rathaus.editing.form import TRANSLATIONS, FormFiles, fields_of, translation_file
from rathaus.editing.words import gettext_noop, named
from rathaus.forms.definition import FORM_FILE
from rathaus.forms.ruletypes import RuleTypes, value_type
from rathaus.forms.texts import PAGE_TEXTS
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree
from rathaus.merging.conflict import Choices
from rathaus.rules.expressions import BOOL, ListOf, RuleError, ValueType
from rathaus.updating.loss import Loss
from rathaus.updating.renaming import Renaming

Element = FieldNode | GroupNode
_OWN = ("label", "help", "details", "content")
_LOOKS = ("label", "help", "details")
_PAGE_TEXTS = ("title", "section", "entry_label")


def without_vanished(files: Files, renaming: Renaming) -> tuple[Files, list[Loss]]:
    """The form without what the new schema does not have any more, still in the old paths; and what is lost by it."""
    form, losses = FormFiles(files), list[Loss]()
    vanished = set(renaming.vanished)
    for page in form.pages():
        title = str(page.values.get("title", ""))
        left = [path for listed in fields_of(page) for path in _living(listed, renaming)]
        if str(page.values.get("repeat", "")) in vanished or (not left and fields_of(page)):
            told = "\n".join(str(page.values[key]) for key in PAGE_TEXTS[1:] if page.values.get(key))
            losses.append(Loss(Words(gettext_noop("Die Seite „%(title)s“ entfällt"), {"title": title}), told))
            form.form.remove(page)
        elif left != fields_of(page):
            page.set("fields", left)
    for blocks, language in [(form.form, ""), *((form.translation(name), name) for name in TRANSLATIONS)]:
        if language and translation_file(language) not in files:
            continue
        for kind in ("field", "codes"):
            for table in [table for table in blocks.tables(kind) if table.name[1] in vanished]:
                losses += _told(table, language, renaming)
                blocks.remove(table)
    for check in form.form.entries("check"):
        fields = [str(path) for path in check.values.get("fields", [])]
        left = [path for path in fields if path not in vanished]
        if fields and not left:
            losses.append(_lost_check(check))
            form.form.remove(check)
        elif left != fields:
            check.set("fields", left)
    return form.write(), losses


def _living(listed: str, renaming: Renaming) -> Iterator[str]:
    """A listed element; of a group that vanished, those of its members that are still there."""
    node = renaming.old.nodes.get(listed)
    if listed in renaming.paths or node is None:
        yield listed
    elif isinstance(node, GroupNode):
        for child in node.children:
            yield from _living(child.address, renaming)


def _told(table: Block, language: str, renaming: Renaming) -> Iterator[Loss]:
    """What people wrote for a question that vanished."""
    node = renaming.old.nodes[table.name[1]]
    drafted = {} if language else look_of(node)
    for key, value in table.values.items():
        if (
            value == drafted.get(key)
            or not isinstance(value, str)
            or key not in (*_OWN, "show", "require", "default")
        ):
            continue
        values = {"label": node.label, "key": named(key)}
        if language:
            text = gettext_noop("„%(label)s“ entfällt und damit: %(key)s (%(language)s)")
            yield Loss(Words(text, {**values, "language": named(language)}), value)
        elif key in _OWN:
            yield Loss(Words(gettext_noop("„%(label)s“ entfällt und damit Ihr Text: %(key)s"), values), value)
        else:
            yield Loss(
                Words(gettext_noop("„%(label)s“ entfällt und damit die Bedingung dazu"), values), value
            )


def _lost_check(check: Block) -> Loss:
    words = Words(gettext_noop("Die Prüfung „%(id)s“ entfällt"), {"id": str(check.values.get("id", ""))})
    return Loss(words, str(check.values.get("valid", "")))


def with_new(files: Files, drafted: Files, renaming: Renaming, asked: Collection[str]) -> Files:
    """The form with every question that is new, or asked nowhere though it was: where the draft would put it.

    All paths are new ones. `asked` are the fields the form asked for before: what the town took off stays off.
    """
    form, draft = FormFiles(files), FormFiles(drafted)
    for page in form.pages():
        _fit_scope(page, form.tree, draft.pages())
    pages = _Pages(form, renaming, asked)
    for page in draft.pages():
        pages.take(page)
    for table in draft.form.tables("field"):
        if table.name[1] in pages.added and form.form.table(*table.name) is None:
            for key, value in table.values.items():
                form.form.table_or_new(*table.name).set(key, value)
    return form.write()


def _fit_scope(page: Block, tree: SchemaTree, drafted: Sequence[Block]) -> None:
    """Let a page ask for every entry of a list that its questions lie in now, and once where they lie in none."""
    nodes = [tree.nodes[path] for path in fields_of(page) if path in tree.nodes]
    if not nodes:
        return
    scope = nodes[0].scope.address
    if scope == page.values.get("repeat", ""):
        return
    alike = next((other for other in drafted if scope and other.values.get("repeat") == scope), None)
    for key in ("repeat", "entry_label", "entry_name"):
        page.set(key, alike.values.get(key) if alike else None)
    if not alike:
        for key in ("overview_title", "overview_intro"):
            page.set(key, None)
    # What does not occur with the rest is asked elsewhere.
    page.set("fields", [node.address for node in nodes if node.scope.address == scope])


class _Pages:
    """The pages of a form that take in new questions."""

    def __init__(self, form: FormFiles, renaming: Renaming, asked: Collection[str]) -> None:
        self._form, self._asked = form, asked
        self._nodes = renaming.new.nodes
        self._known = set(renaming.paths.values())
        self.added: set[str] = set()
        self._listed: dict[str, Block] = {}
        self._drop_doubles()

    def _drop_doubles(self) -> None:
        """An element that moved into a group which is asked for as a whole is asked with it."""
        listed = {path for page in self._form.pages() for path in fields_of(page)}
        for page in self._form.pages():
            left = [path for path in dict.fromkeys(fields_of(page)) if not listed & set(around(path))]
            self._ask(page, left)

    def _ask(self, page: Block, fields: Sequence[str]) -> None:
        if list(fields) != fields_of(page):
            page.set("fields", list(fields))
        self._listed.update(dict.fromkeys(fields, page))

    def _asked_new(self, element: Element) -> None:
        self.added.add(element.address)
        self.added.update(path for path in self._nodes if path.startswith(f"{element.address}."))

    def take(self, drafted: Block) -> None:
        """Ask for what a drafted page asks for and no page of the form does."""
        elements = [self._nodes[path] for path in fields_of(drafted) if path in self._nodes]
        left = list(self._beside(elements))
        if left:
            self._new_page(drafted, left)

    def _beside(self, elements: Sequence[Element]) -> Iterator[Element]:
        """Put what is missing beside its neighbours; what has none on any page is left over."""
        for place, element in enumerate(elements):
            if not is_asked(element) or self._page(element):
                continue
            if self._is_missing(element):
                mates = [*reversed(elements[:place]), *elements[place + 1 :]]
                if not self._put(element, mates, [*elements[:place]]):
                    yield element
            elif isinstance(element, GroupNode) and not element.is_partial_date:
                yield from self._beside(element.children)

    def _is_missing(self, element: Element) -> bool:
        """Whether it has to be asked as a whole: nothing of it is, and all of it is new or was asked before."""
        inner = list(element.fields()) if isinstance(element, GroupNode) else [element]
        asked = [field for field in inner if is_asked(field)]
        return all(self._is_wanted(field) for field in asked) and not any(map(self._page, asked))

    def _is_wanted(self, field: FieldNode) -> bool:
        if field.address not in self._known or field.address in self._asked:
            return True
        return all(self._nodes[path].needed for path in (*around(field.address), field.address))

    def _page(self, element: Element) -> Block | None:
        return self._form_page(element.address)

    def _form_page(self, path: str) -> Block | None:
        return next((self._listed[at] for at in (*around(path), path) if at in self._listed), None)

    def _put(self, element: Element, mates: Sequence[Element], before: Sequence[Element]) -> bool:
        for mate in mates:
            for leaf in self._placed(mate, last=mate in before):
                page = self._form_page(leaf)
                if page is None or str(page.values.get("repeat", "")) != element.scope.address:
                    continue
                fields = fields_of(page)
                listed = next(path for path in fields if path in {*around(leaf), leaf})
                position = fields.index(listed) + (mate in before)
                self._ask(page, [*fields[:position], element.address, *fields[position:]])
                self._asked_new(element)
                return True
        return False

    def _placed(self, mate: Element, *, last: bool) -> list[str]:
        inner = [field.address for field in mate.fields()] if isinstance(mate, GroupNode) else []
        return [mate.address, *(reversed(inner) if last else inner)]

    def _new_page(self, drafted: Block, elements: Sequence[Element]) -> None:
        taken = {str(page.values.get("id", "")) for page in self._form.pages()}
        name = base = str(drafted.values["id"])
        count = 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        page = self._form.form.new_entry("page", self._following(elements[0]))
        for key, value in drafted.values.items():
            page.set(key, value)
        page.set("id", name)
        self._ask(page, [element.address for element in elements])
        for element in elements:
            self._asked_new(element)

    def _following(self, element: Element) -> Block | None:
        """The page before which a new one stands: behind the last page that asks for what comes before it."""
        order = list(self._nodes)
        last: Block | None = None
        for path in order[: order.index(element.address)]:
            last = self._form_page(path) or last
        pages = self._form.pages()
        if last is None:
            return pages[0] if pages else None
        behind = pages[pages.index(last) + 1 :]
        scope = str(last.values.get("repeat", ""))
        if scope and element.scope.address != scope:  # not into the middle of a list's pages
            behind = [page for page in behind if not str(page.values.get("repeat", "")).startswith(scope)]
        return behind[0] if behind else None


def with_wording(files: Files, base: Files, drafted: Files, renaming: Renaming, choices: Choices) -> Files:
    """What FIM words otherwise, where the town left its words; where both changed them, somebody chooses.

    `base` is the draft of the old schema in the new paths.
    """
    form, was, now = FormFiles(files), FormFiles(base), FormFiles(drafted)
    for page in form.pages():
        old, new = (side.form.entry("page", str(page.values.get("id"))) for side in (was, now))
        if old and new:
            words = Words(gettext_noop("Seite „%(name)s“"), {"name": str(page.values.get("title", ""))})
            for key in _PAGE_TEXTS:
                _reworded(page, key, old, new, f"page:{page.values['id']}", words, choices)
    for path, new_path in renaming.paths.items():
        before, after = look_of(renaming.old.nodes[path]), look_of(renaming.new.nodes[new_path])
        texts = [
            _texts(node, look)
            for node, look in ((renaming.old.nodes[path], before), (renaming.new.nodes[new_path], after))
        ]
        table = form.form.table("field", new_path)
        for key in _LOOKS:
            if texts[0][key] == texts[1][key] and before.get(key) == after.get(key):
                continue
            own = str(table.values.get(key, "")) if table else ""
            if own == before.get(key, ""):
                value = after.get(key)
            elif texts[1][key] in (own, texts[0][key]):
                continue
            else:
                words = Words(
                    gettext_noop("Frage „%(label)s“: %(key)s"),
                    {"label": texts[0]["label"], "key": named(key)},
                )
                if (
                    choices.choose(
                        f"{FORM_FILE}:field:{new_path}/{key}", words, texts[0][key], own, texts[1][key]
                    )
                    == "ours"
                ):
                    continue
                value = after.get(key)
            if value or table:
                table = form.form.table_or_new("field", new_path)
                table.set(key, value)
                form.form.drop_if_empty(table)
                table = form.form.table("field", new_path)
    return form.write()


def _texts(node: Element, look: dict[str, str]) -> dict[str, str]:
    return {
        "label": look.get("label", node.label),
        "help": look.get("help", node.help),
        "details": look.get("details", ""),
    }


def _reworded(
    page: Block, key: str, old: Block, new: Block, name: str, words: Words, choices: Choices
) -> None:
    was, mine, other = (str(block.values.get(key, "")) for block in (old, page, new))
    if was == other or mine == other:
        return
    said = Words(gettext_noop("%(page)s: %(key)s"), {"page": words, "key": named(key)})
    if mine == was or choices.choose(f"{FORM_FILE}:{name}/{key}", said, was, mine, other) == "theirs":
        page.set(key, other)


def with_rules_that_run(files: Files) -> tuple[Files, list[Loss]]:
    """The form without conditions and checks that do not fit its fields any more; what they were is said."""
    form, losses = FormFiles(files), list[Loss]()
    types = RuleTypes(form.tree)

    def runs(source: object, scope: GroupNode, expects: ValueType = BOOL) -> bool:
        if not isinstance(source, str) or not source:
            return True
        try:
            types.environment_of(scope).compile(source, expects)
        except RuleError:
            return False
        return True

    root = form.tree.root
    for page in form.pages():
        scope = form.tree.group(str(page.values.get("repeat", ""))) or root
        if not runs(page.values.get("show"), scope):
            words = gettext_noop("Wann die Seite „%(title)s“ gezeigt wird: Diese Bedingung passt nicht mehr")
            losses.append(
                Loss(Words(words, {"title": str(page.values.get("title", ""))}), page.values["show"])
            )
            page.set("show", None)
        keys = page.values.get("entry_name")
        if isinstance(keys, list) and (left := [key for key in keys if key in scope.by_key]) != keys:
            page.set("entry_name", left or None)
    for table in form.form.tables("field"):
        node = form.tree.nodes.get(table.name[1])
        if node is None:
            continue
        kinds: dict[str, ValueType] = {"show": BOOL, "require": BOOL}
        if isinstance(node, FieldNode) and not node.is_label and not node.is_file:
            single = value_type(node)
            kinds["default"] = ListOf(single) if node.repeatable else single
        for key, expects in kinds.items():
            if not runs(table.values.get(key), node.scope, expects):
                losses.append(Loss(Words(_CONDITIONS[key], {"label": node.label}), table.values[key]))
                table.set(key, None)
        form.form.drop_if_empty(table)
    for check in form.form.entries("check"):
        nodes = [form.tree.nodes[path] for path in check.values.get("fields", []) if path in form.tree.nodes]
        scopes = {node.scope for node in nodes} or {root}
        scope = nodes[0].scope if nodes else root
        if len(scopes) > 1 or not all(runs(check.values.get(key), scope) for key in ("valid", "when")):
            losses.append(_lost_check(check))
            form.form.remove(check)
    return form.write(), losses


def asked_in(files: Files, renaming: Renaming) -> set[str]:
    """The new paths of every field that the form asks for; it is still in the old ones."""
    found: set[str] = set()
    for page in FormFiles(files).pages():
        for listed in fields_of(page):
            node = renaming.old.nodes.get(listed)
            fields = node.fields() if isinstance(node, GroupNode) else [node] if node else []
            found.update(renaming.paths[field.address] for field in fields if field.address in renaming.paths)
    return found


_CONDITIONS = {
    "show": gettext_noop("Wann „%(label)s“ gefragt wird: Diese Bedingung passt nicht mehr"),
    "require": gettext_noop("Wann „%(label)s“ Pflicht ist: Diese Bedingung passt nicht mehr"),
    "default": gettext_noop("Womit „%(label)s“ vorbelegt ist: Das passt nicht mehr"),
}

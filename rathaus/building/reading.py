"""Rules of the rule language as conditions, where they are certain to say the same.

A comparison that an unanswered question could make true by its neutral value (0), or fail (a date), is read only where
the rule itself sees to it that the question is answered; otherwise there is no condition, and people see the rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from rathaus.building.comparisons import COMPARISONS, SIGNS, SPANS
from rathaus.building.conditions import Answer, Condition, Group, Joint, Over, Part, Today, Value, inverse
from rathaus.building.parsing import (
    Call,
    Chain,
    Not,
    Number,
    Path,
    Relation,
    Text,
    Texts,
    Tree,
    UnreadableError,
    Word,
    parse,
)
from rathaus.building.vocabulary import Node, Vocabulary, kind_of, single_kind
from rathaus.building.writing import is_plain_text
from rathaus.forms.ruletypes import value_type
from rathaus.forms.tree import FieldNode
from rathaus.rules.expressions import DOUBLE

_COMPARISON = {sign: key for key, sign in SIGNS.items()}
_SPAN = {(call, sign): key for key, (call, sign) in SPANS.items()}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_METHODS = {".contains": "contains", "contains_any": "words"}
_OVER: dict[str, Over] = {".exists": "some", ".all": "every"}
_JOINTS: dict[str, Joint] = {"&&": "all", "||": "any"}


def from_cel(rule: str, vocabulary: Vocabulary, answered: Iterable[str] = ()) -> Condition | None:
    """The condition that a rule is, None if it cannot be shown as one.

    `answered`: questions (template paths) that are certain to be answered wherever the rule is asked.
    """
    try:
        tree = parse(rule)
        if tree == Word(True):
            return Condition("all")
        whole = _Reader(vocabulary).whole(tree, frozenset(answered))
    except UnreadableError:
        return None
    return whole if vocabulary.fits(whole) else None


@dataclass(frozen=True, slots=True)
class _Raw:
    """A comparison as it stands there: the same as `part` only where all it reads is answered."""

    part: Part


_Item = _Raw | Part | Group


class _Reader:
    def __init__(self, vocabulary: Vocabulary, entry: str = "") -> None:
        self.vocabulary = vocabulary
        self.entry = entry  # the loop variable

    def whole(self, tree: Tree, answered: frozenset[str]) -> Condition:
        joint, parts = self.joined(tree, answered)
        return Condition(joint, tuple(parts))

    def joined(self, tree: Tree, answered: frozenset[str]) -> tuple[Joint, list[Part | Group]]:
        """A tree as parts and what joins them."""
        if isinstance(tree, Not) and isinstance(tree.inner, Chain):
            joint, parts = self.joined(tree.inner, answered)
            return ("not_all" if joint == "all" else "none"), parts
        if isinstance(tree, Chain):
            return _JOINTS[tree.sign], self.chain(tree, answered)
        return "all", [self.single(tree, answered)]

    def chain(self, chain: Chain, answered: frozenset[str]) -> list[Part | Group]:
        items: list[_Item | Tree] = []
        for tree in chain.parts:
            item = self.item(tree)
            items.append(_with_guards(items, item, chain.sign) if isinstance(item, _Raw) else item)
        # What the other parts say of a question holds wherever the rest of the chain counts.
        parts = [item for item in items if isinstance(item, Part)]
        if chain.sign == "&&":
            known = {part.field for part in parts if COMPARISONS[part.comparison].answered}
        else:
            known = {part.field for part in parts if part.comparison == "empty"}
        return [self.settled(item, answered | known) for item in items]

    def settled(self, item: _Item | Tree, answered: frozenset[str]) -> Part | Group:
        if isinstance(item, _Raw):
            if not (_is_sound(item.part) or _read_by(item.part) <= answered):
                raise UnreadableError
            return item.part
        if isinstance(item, (Part, Group)):
            return item
        joint, parts = self.joined(item, answered)
        inner = Condition(joint, tuple(parts))
        if any(isinstance(part, Group) for part in inner.parts):
            if len(inner.parts) == 1 and inner.joint == "all":
                return inner.parts[0]
            raise UnreadableError
        return Group(inner.joint, tuple(part for part in inner.parts if isinstance(part, Part)))

    def single(self, tree: Tree, answered: frozenset[str]) -> Part | Group:
        return self.settled(self.item(tree), answered)

    def item(self, tree: Tree) -> _Item | Tree:
        """One thing of a chain; chains inside it stay trees until more is known."""
        if isinstance(tree, Chain) or (isinstance(tree, Not) and isinstance(tree.inner, Chain)):
            return tree
        if isinstance(tree, Not):
            return _denied(self.item(tree.inner))
        if isinstance(tree, Path):
            return self.part(tree, "yes")
        if isinstance(tree, Call):
            return self.call(tree)
        if isinstance(tree, Relation):
            return self.relation(tree)
        raise UnreadableError

    def call(self, call: Call) -> Part | Group:
        match call:
            case Call("has", (Path() as path,)):
                return self.filled(path)
            case Call("contains_any", (Path() as path, Texts() as texts)):
                return self.part(path, "words", *texts.texts)
            case Call(".contains", (Path() as path, Text() as text)):
                return self.part(path, "contains", text.text)
            case Call((".exists" | ".all") as macro, (Path() as path, Path() as variable, body)):
                return self.entries(_OVER[macro], path, variable.name, body)
        raise UnreadableError

    def filled(self, path: Path) -> Part:
        owner, _, last = path.name.rpartition(".")
        node = self.found(owner) if last == "id" else None  # has(upload.id): an upload is there
        if node is not None and kind_of(node) == "file":
            return Part(node.address, "filled")
        return self.part(path, "filled")

    def entries(self, over: Over, path: Path, variable: str, body: Tree) -> Group:
        node = self.node(path)
        if self.entry or node.address not in self.vocabulary.lists or not variable.isidentifier():
            raise UnreadableError
        if variable in ("self", "answers", "today", "town"):
            raise UnreadableError
        inner = _Reader(self.vocabulary.of_entries(node.address), variable)
        condition = inner.whole(body, frozenset())
        if any(isinstance(part, Group) for part in condition.parts):
            raise UnreadableError
        parts = tuple(part for part in condition.parts if isinstance(part, Part))
        return Group(condition.joint, parts, over, node.address)

    def relation(self, relation: Relation) -> _Item:
        left, sign, right = relation.left, relation.sign, relation.right
        if sign == "in":
            return self.membership(left, right)
        if isinstance(left, (Text, Number)) or left == Path("today"):
            left, sign, right = right, _TURNED[sign], left
        match left, right:
            case Path(), Word() if sign in ("==", "!="):
                return self.part(left, "yes" if right.value == (sign == "==") else "not_yes")
            case Path(), Text(text="") if sign in ("==", "!="):
                if kind_of(self.node(left)) not in ("text", "choice"):
                    raise UnreadableError
                return self.part(left, "empty" if sign == "==" else "filled")
            case Path(), _:
                return self.compared(left, sign, right)
            case Call("size", (Path() as path,)), Number() if sign in (">=", "<="):
                key = "entries_at_least" if sign == ">=" else "entries_at_most"
                return self.part(path, key, _count(right))
            case Call(("years_between" | "days_between") as name, (Path() as one, Path() as other)), Number():
                return self.span(name, one, other, sign, right)
        raise UnreadableError

    def span(self, name: str, one: Path, other: Path, sign: str, count: Number) -> _Raw:
        ago = other == Path("today")
        path = one if ago else other
        call = f"{name}({{0}}, today)" if ago else f"{name}(today, {{0}})"
        key = _SPAN.get((call, sign))
        if key is None or (not ago and one != Path("today")):
            raise UnreadableError
        return _Raw(self.part(path, key, _count(count)))

    def membership(self, left: Tree, right: Tree) -> Part:
        match left, right:
            case Path(), Texts():
                return self.part(left, "one_of", *right.texts)
            case Path(), Path(name="town.postal_codes"):
                return self.part(left, "town_postal_code")
            case Text(), Path():
                return self.part(right, "includes", left.text)
        raise UnreadableError

    def compared(self, left: Path, sign: str, right: Tree) -> _Item:
        node = self.node(left)
        key = _COMPARISON[sign]
        value = self.value(node, right)
        part = self.part(left, key, value)
        return part if is_plain_text(part, node) else _Raw(part)

    def value(self, node: Node, tree: Tree) -> Value:
        match tree:
            case Text():
                return tree.text
            case Number() if isinstance(node, FieldNode) and single_kind(node) == "number":
                if ("." in tree.written) != (value_type(node) is DOUBLE):
                    raise UnreadableError
                return Decimal(tree.written) if "." in tree.written else int(tree.written)
            case Path(name="today"):
                return Today()
            case Path():
                return Answer(self.node(tree).address)
            case Call("timestamp", (Text() as text,)):
                return _midnight(text.text)
        raise UnreadableError

    def part(self, path: Path, comparison: str, *values: Value) -> Part:
        """A part that fits. Raises `UnreadableError`."""
        part = Part(self.node(path).address, comparison, tuple(values))
        if not self.vocabulary.fits_part(part):
            raise UnreadableError
        return part

    def node(self, path: Path) -> Node:
        node = self.found(path.name)
        if node is None:
            raise UnreadableError
        return node

    def found(self, name: str) -> Node | None:
        """The question that a path in a rule means here."""
        first, _, rest = name.partition(".")
        reach = self.vocabulary.reach.address
        if self.entry or (first == "self" and reach):
            if first != (self.entry or "self") or not rest:
                return None
            node = self.vocabulary.node(f"{reach}.{rest}")
            return node if node is not None and node.scope is self.vocabulary.reach else None
        node = self.vocabulary.node(rest if first == "answers" else name)
        return node if node is not None and not node.scope.path else None


def _with_guards(items: list[_Item | Tree], item: _Raw, sign: str) -> _Item:
    """A comparison with the guards directly before it taken out, which are part of it, if they are all there."""
    alone: _Item = item.part if _is_sound(item.part) else item
    together = sign == "&&"
    if COMPARISONS[item.part.comparison].answered != together:
        return alone
    guard = "filled" if together else "empty"
    wanted = _read_by(item.part)
    position = len(items)
    while wanted and position:
        before = items[position - 1]
        if not (isinstance(before, Part) and before.comparison == guard and before.field in wanted):
            return alone
        wanted.discard(before.field)
        position -= 1
    if wanted:
        return alone
    del items[position:]
    return item.part


def _read_by(part: Part) -> set[str]:
    return {part.field, *(value.path for value in part.values if isinstance(value, Answer))}


def _denied(item: _Item | Tree) -> Part | Group:
    if isinstance(item, _Raw) and _is_sound(item.part):
        item = item.part
    if isinstance(item, (Part, Group)):
        opposite = inverse(item)
        if opposite is not None:
            return opposite
        if isinstance(item, Part):
            return Group("none", (item,))
    raise UnreadableError


def _holds_unanswered(part: Part) -> bool | None:
    """What a comparison says as it stands while its number is unanswered (0); None for a date, which has no value."""
    value = part.values[0]
    if part.comparison not in SIGNS or not isinstance(value, (int, Decimal)):
        return None
    return {
        "is": value == 0,
        "is_not": value != 0,
        "less": value > 0,
        "at_most": value >= 0,
        "more": value < 0,
        "at_least": value <= 0,
    }[part.comparison]


def _is_sound(part: Part) -> bool:
    """Whether a comparison as it stands says of an unanswered question what it should."""
    return _holds_unanswered(part) is not COMPARISONS[part.comparison].answered and (
        _holds_unanswered(part) is not None
    )


def _count(number: Number) -> int:
    if "." in number.written:
        raise UnreadableError
    return int(number.written)


def _midnight(text: str) -> date:
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise UnreadableError from None
    if (moment.hour, moment.minute, moment.second) != (0, 0, 0):
        raise UnreadableError
    return moment.date()

"""Differences in the process: steps, the ways between them, and who does them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rathaus.editing.differences.difference import Area, Difference
from rathaus.editing.words import Words, gettext_noop
from rathaus.standards.safe_xml import Node, read_xml

_PLACE = ("file:process.bpmn",)
# Said by the ways and lanes themselves.
_SAID_ELSEWHERE = frozenset({"incoming", "outgoing"})


@dataclass
class _Process:
    """What a diagram says, without its drawing."""

    steps: dict[str, Node] = field(default_factory=dict)
    ways: dict[str, Node] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)  # id → name
    lane_of: dict[str, str] = field(default_factory=dict)  # step → name of its lane
    rest: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, content: bytes) -> _Process:
        found = cls()
        for top in read_xml(content).children:
            if top.name == "process":
                found._read(top)
            elif top.name != "BPMNDiagram":
                found.rest += _facts(top)
        return found

    def _read(self, parent: Node) -> None:
        for node in parent.children:
            if node.name == "laneSet":
                for lane in node.all("lane"):
                    name = lane.attributes.get("name", "")
                    self.lanes[lane.attributes.get("id", "")] = name
                    self.lane_of.update({ref.text.strip(): name for ref in lane.all("flowNodeRef")})
            elif node.name == "sequenceFlow":
                self.ways[node.attributes.get("id", "")] = node
            elif "id" in node.attributes:
                self.steps[node.attributes["id"]] = node
            else:
                self.rest += _facts(node)

    def name(self, step: str) -> str:
        """What people call a step."""
        node = self.steps.get(step)
        return (node.attributes.get("name") if node else "") or step

    def ends(self, way: str) -> tuple[str, str]:
        """The steps a way leads from and to."""
        attributes = self.ways[way].attributes
        return attributes.get("sourceRef", ""), attributes.get("targetRef", "")


def process(before: bytes, after: bytes) -> Iterator[Difference]:
    """What is done, by whom, and what leads to what. Raises `ValueError` for an unreadable diagram."""
    old, new = _Process.read(before), _Process.read(after)
    found = [*_lanes(old, new), *_steps(old, new), *_ways(old, new)]
    if old.rest != new.rest:
        found.append(
            _said(gettext_noop("Beschreibung des Ablaufs geändert"), {}, *_changed(old.rest, new.rest))
        )
    if not found:
        found.append(_said(gettext_noop("Zeichnung des Ablaufs geändert"), {}))
    yield from found


def _said(text: str, values: dict[str, object], before: str = "", after: str = "") -> Difference:
    return Difference(Area.PROCESS, Words(text, values), _PLACE, before, after)


def _lanes(old: _Process, new: _Process) -> Iterator[Difference]:
    for key, name in new.lanes.items():
        if key not in old.lanes:
            yield _said(gettext_noop("Neue Bahn „%(name)s“"), {"name": name})
        elif old.lanes[key] != name:
            values: dict[str, object] = {"old": old.lanes[key], "name": name}
            yield _said(gettext_noop("Bahn „%(old)s“ heißt jetzt „%(name)s“"), values)
    for key, name in old.lanes.items():
        if key not in new.lanes:
            yield _said(gettext_noop("Bahn „%(name)s“ entfernt"), {"name": name})
    renamed = {old.lanes[key]: name for key, name in new.lanes.items() if key in old.lanes}
    for step in new.steps:
        was, now = old.lane_of.get(step, ""), new.lane_of.get(step, "")
        if step in old.steps and renamed.get(was, was) != now:
            text = gettext_noop("Schritt „%(name)s“ liegt in einer anderen Bahn")
            yield _said(text, {"name": new.name(step)}, was, now)


def _steps(old: _Process, new: _Process) -> Iterator[Difference]:
    for step in new.steps:
        if step not in old.steps:
            yield _said(gettext_noop("Neuer Schritt „%(name)s“"), {"name": new.name(step)})
            continue
        if old.name(step) != new.name(step):
            values: dict[str, object] = {"old": old.name(step), "name": new.name(step)}
            yield _said(gettext_noop("Schritt „%(old)s“ heißt jetzt „%(name)s“"), values)
        before, after = (
            [fact for fact in _facts(one.steps[step]) if not fact.startswith("name: ")] for one in (old, new)
        )
        if before != after:
            yield _said(
                gettext_noop("Schritt „%(name)s“ geändert"),
                {"name": new.name(step)},
                *_changed(before, after),
            )
    for step in old.steps:
        if step not in new.steps:
            yield _said(gettext_noop("Schritt „%(name)s“ entfernt"), {"name": old.name(step)})


def _ways(old: _Process, new: _Process) -> Iterator[Difference]:
    for way in new.ways:
        source, target = new.ends(way)
        values: dict[str, object] = {"source": new.name(source), "target": new.name(target)}
        if way not in old.ways:
            yield _said(
                gettext_noop("Neuer Weg von „%(source)s“ nach „%(target)s“"),
                values,
                "",
                new.ways[way].text_of("conditionExpression"),
            )
        elif old.ends(way) != new.ends(way):
            before = " → ".join(map(old.name, old.ends(way)))
            text = gettext_noop("Weg führt jetzt von „%(source)s“ nach „%(target)s“")
            yield _said(text, values, before, " → ".join(map(new.name, new.ends(way))))
        elif (was := _facts(old.ways[way])) != (now := _facts(new.ways[way])):
            text = gettext_noop("Wann es von „%(source)s“ nach „%(target)s“ geht")
            yield _said(text, values, *_changed(was, now))
    for way in old.ways:
        if way not in new.ways:
            source, target = old.ends(way)
            values = {"source": old.name(source), "target": old.name(target)}
            yield _said(gettext_noop("Weg von „%(source)s“ nach „%(target)s“ entfernt"), values)


def _facts(node: Node, path: str = "") -> list[str]:
    """Everything an element says, a line each; not where it is drawn and what its neighbours say."""
    here = f"{path} {node.name}".strip() if path else ""
    lines = [f"{f'{here} ' if here else ''}{key}: {value}" for key, value in sorted(node.attributes.items())]
    if not path:
        lines.append(f"element: {node.name}")
        here = " "
    if text := " ".join(node.text.split()):
        lines.append(f"{here.strip() or node.name}: {text}")
    for child in node.children:
        if child.name not in _SAID_ELSEWHERE:
            lines += _facts(child, here)
    return lines


def _changed(before: list[str], after: list[str]) -> tuple[str, str]:
    """The lines that only one side has."""
    return (
        "\n".join(line for line in before if line not in after),
        "\n".join(line for line in after if line not in before),
    )

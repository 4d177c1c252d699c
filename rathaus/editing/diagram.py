"""Putting steps into a process that is drawn already: flow, lanes and picture, and nothing else of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from rathaus.editing.spans import Document, Span
from rathaus.editing.words import EditError, gettext_noop

PROCESS = "process.bpmn"
_RATHAUS = "urn:rathaus:bpmn:1"
_CONTAINERS = frozenset({"participant", "lane", "subProcess"})
_GAP = 60
_SIZES = {"exclusiveGateway": (50, 50)}
_TASK = (120, 80)


@dataclass(frozen=True, slots=True)
class NewStep:
    """A flow node to be put in; `column` and `lane` say where it is drawn ("" for the lane of the step before)."""

    id: str
    kind: str
    name: str
    english: str
    column: int
    lane: str = ""
    inner: str = ""  # extension elements; `{r}` stands for our prefix
    default: str = ""


@dataclass(frozen=True, slots=True)
class NewFlow:
    """A sequence flow to be put in. An empty target is the step that came next before."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


class Drawn:
    """A process file being changed."""

    def __init__(self, content: bytes) -> None:
        self.document = Document(content, PROCESS)
        spans = list(self.document.root.below())
        self.by_id = {span.attributes["id"]: span for span in spans if "id" in span.attributes}
        process = next((span for span in spans if span.name == "process"), None)
        if process is None:
            raise EditError(gettext_noop("Der Prozess ist nicht lesbar: %(error)s."), error="<process>")
        self.process = process
        self.flows = [span for span in spans if span.name == "sequenceFlow"]
        self.lanes = [span for span in spans if span.name == "lane"]
        self.shapes = {
            span.attributes.get("bpmnElement", ""): span
            for span in spans
            if span.name in ("BPMNShape", "BPMNEdge")
        }

    def leaving(self, step: str) -> list[Span]:
        """The flows that leave a step."""
        return [flow for flow in self.flows if flow.attributes.get("sourceRef") == step]

    def insert(self, after: str, steps: Sequence[NewStep], flows: Sequence[NewFlow]) -> bytes:
        """The file with steps between a step and the one that follows it. The first of `steps` is entered first.

        Raises `EditError` if the step is not there, is not followed by exactly one other, or a name is taken.
        """
        leaving = self.leaving(after)
        if after not in self.by_id or len(leaving) != 1:
            raise EditError(
                gettext_noop("Nach diesem Schritt lässt sich nichts einfügen. Wählen Sie einen anderen."),
                step=after,
            )
        flow = leaving[0]
        target = flow.attributes.get("targetRef", "")
        names = [*(step.id for step in steps), *(one.id for one in flows)]
        taken = [name for name in names if name in self.by_id]
        if taken:
            raise EditError(gettext_noop("Der Ablauf hat schon einen Schritt „%(step)s“."), step=taken[0])
        every = [replace(one, target=one.target or target) for one in flows]
        lane = self._lane_of(after)
        self._redirect(flow, target, steps[0].id, next(f.id for f in every if f.target == target))
        self._add_elements(steps, every, flow)
        self._add_to_lanes(steps, lane)
        self._draw(after, target, flow, steps, every, lane)
        return self.document.write()

    def _lane_of(self, step: str) -> str:
        for lane in self.lanes:
            for member in lane.all("flowNodeRef"):
                if self.document.content[member.inner : member.inner_end].decode().strip() == step:
                    return lane.attributes.get("name", "")
        return ""

    def _redirect(self, flow: Span, target: str, first: str, entering: str) -> None:
        self.document.set_attribute(flow, "targetRef", first)
        for one in self.by_id[target].all("incoming"):
            if self.document.content[one.inner : one.inner_end].decode().strip() == flow.attributes.get("id"):
                self.document.set_text(one, entering)

    def _add_elements(self, steps: Sequence[NewStep], flows: Sequence[NewFlow], entering: Span) -> None:
        prefix, ours = self.process.prefix, self._our_prefix()
        indent = self.document.indent(entering) or "\n    "
        written = []
        for number, step in enumerate(steps):
            english = f'<{ours}:text lang="en">{escape(step.english)}</{ours}:text>' if step.english else ""
            inner = f"{english}{step.inner.replace('{r}', ours)}"
            extension = (
                f"{indent}  <{prefix}extensionElements>{inner}</{prefix}extensionElements>" if inner else ""
            )
            incoming = [flow.id for flow in flows if flow.target == step.id]
            incoming += [entering.attributes.get("id", "")] if number == 0 else []
            ends = "".join(f"{indent}  <{prefix}incoming>{one}</{prefix}incoming>" for one in incoming)
            ends += "".join(
                f"{indent}  <{prefix}outgoing>{flow.id}</{prefix}outgoing>"
                for flow in flows
                if flow.source == step.id
            )
            name = f' name="{escape(step.name)}"' if step.name else ""
            default = f' default="{step.default}"' if step.default else ""
            written.append(
                f'{indent}<{prefix}{step.kind} id="{step.id}"{name}{default}>{extension}{ends}'
                f"{indent}</{prefix}{step.kind}>"
            )
        for flow in flows:
            name = f' name="{escape(flow.name)}"' if flow.name else ""
            ends = f'sourceRef="{flow.source}" targetRef="{flow.target}"'
            head = f'{indent}<{prefix}sequenceFlow id="{flow.id}"{name} {ends}'
            condition = (
                f'><{prefix}conditionExpression language="urn:cel">{escape(flow.condition, quote=False)}'
                f"</{prefix}conditionExpression></{prefix}sequenceFlow>"
            )
            written.append(head + (condition if flow.condition else "/>"))
        place = max(flow.end for flow in self.flows)
        self.document.replace(place, place, "".join(written))

    def _our_prefix(self) -> str:
        head = self.document.content[self.document.root.start : self.document.root.inner].decode()
        found = re.search(rf"""xmlns:([\w-]+)\s*=\s*["']{re.escape(_RATHAUS)}["']""", head)
        if found:
            return found[1]
        self.document.set_attribute(self.document.root, "xmlns:rathaus", _RATHAUS)
        return "rathaus"

    def _add_to_lanes(self, steps: Sequence[NewStep], lane: str) -> None:
        for span in self.lanes:
            name = span.attributes.get("name", "")
            members = list(span.all("flowNodeRef"))
            indent = self.document.indent(members[-1]) if members else ""
            place = members[-1].end if members else span.inner_end
            text = "".join(
                f"{indent}<{span.prefix}flowNodeRef>{step.id}</{span.prefix}flowNodeRef>"
                for step in steps
                if (step.lane or lane) == name
            )
            if text and span.inner != span.end:
                self.document.replace(place, place, text)

    def _box(self, element: str) -> _Box | None:
        shape = self.shapes.get(element)
        bounds = shape.first("Bounds") if shape else None
        if bounds is None:
            return None
        x, y, width, height = (float(bounds.attributes[key]) for key in ("x", "y", "width", "height"))
        return _Box(x, y, width, height)

    def _draw(
        self,
        after: str,
        target: str,
        flow: Span,
        steps: Sequence[NewStep],
        flows: Sequence[NewFlow],
        lane: str,
    ) -> None:
        """Draw the new steps in a gap: what stands right of it moves right, what goes across becomes wider."""
        before, behind = self._box(after), self._box(target)
        edge = self.shapes.get(flow.attributes.get("id", ""))
        if before is None or behind is None or edge is None:
            return  # not drawn, as the step before is not
        left = before.x + before.width + _GAP
        columns = max(step.column for step in steps) + 1
        width = columns * (_TASK[0] + _GAP)
        edge_of_gap = behind.x if behind.x > before.x else before.x + before.width
        shift = max(left + width - edge_of_gap, 0)
        self._make_room(edge_of_gap, shift, edge)
        boxes = {
            after: before,
            target: _Box(max(behind.x + shift, behind.x), behind.y, behind.width, behind.height),
        }
        if behind.x < edge_of_gap:
            boxes[target] = behind
        for step in steps:
            middle = self._middle_of(step.lane, lane, before)
            size = _SIZES.get(step.kind, _TASK)
            x = left + step.column * (_TASK[0] + _GAP)
            boxes[step.id] = _Box(x, middle - size[1] / 2, size[0], size[1])
        bounds = next(span for span in self.document.root.below() if span.name == "Bounds")
        waypoint = next(edge.all("waypoint"))
        di, dc, way = edge.prefix, bounds.prefix, waypoint.prefix
        indent = self.document.indent(edge)
        shapes = [
            f'{indent}<{di}BPMNShape id="{step.id}_di" bpmnElement="{step.id}"'
            + (' isMarkerVisible="true"' if step.kind == "exclusiveGateway" else "")
            + f"><{dc}Bounds {_bounds(boxes[step.id])}/></{di}BPMNShape>"
            for step in steps
        ]
        edges = [
            f'{indent}<{di}BPMNEdge id="{one.id}_di" bpmnElement="{one.id}">'
            + "".join(_waypoints(boxes[one.source], boxes[one.target], way))
            + f"</{di}BPMNEdge>"
            for one in flows
        ]
        self.document.replace(
            edge.inner, edge.inner_end, "".join(_waypoints(before, boxes[steps[0].id], way))
        )
        self.document.replace(edge.end, edge.end, "".join([*shapes, *edges]))

    def _middle_of(self, lane: str, own: str, before: _Box) -> float:
        if lane in ("", own):
            return before.middle
        found = next((span for span in self.lanes if span.attributes.get("name") == lane), None)
        box = self._box(found.attributes.get("id", "")) if found else None
        return box.middle if box else before.middle

    def _make_room(self, start: float, shift: float, redrawn: Span) -> None:
        if not shift:
            return
        for element, shape in self.shapes.items():
            if shape is redrawn:
                continue
            owner = self.by_id.get(element)
            for span in shape.below():
                if span.name not in ("Bounds", "waypoint"):
                    continue
                x = float(span.attributes["x"])
                if x >= start:
                    self.document.set_attribute(span, "x", _number(x + shift))
                elif (
                    owner is not None
                    and owner.name in _CONTAINERS
                    and span.name == "Bounds"
                    and x + float(span.attributes["width"]) > start
                ):
                    self.document.set_attribute(
                        span, "width", _number(float(span.attributes["width"]) + shift)
                    )


def _number(value: float) -> str:
    return f"{value:g}"


def _bounds(box: _Box) -> str:
    values = (("x", box.x), ("y", box.y), ("width", box.width), ("height", box.height))
    return " ".join(f'{key}="{_number(value)}"' for key, value in values)


def _waypoints(source: _Box, target: _Box, prefix: str) -> Iterator[str]:
    """From the right of one to the left of the other, with two corners where they do not lie on one height."""
    start, end = (source.x + source.width, source.middle), (target.x, target.middle)
    points = [start, end]
    if abs(start[1] - end[1]) > 1:
        corner = end[0] - _GAP / 2 if end[0] > start[0] else start[0] + _GAP / 2
        points = [start, (corner, start[1]), (corner, end[1]), end]
    return (f'<{prefix}waypoint x="{_number(x)}" y="{_number(y)}"/>' for x, y in points)

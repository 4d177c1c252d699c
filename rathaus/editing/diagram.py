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
_AIR = 10  # between a step put into a lane and its neighbours
_SIZES = {"exclusiveGateway": (50, 50)}
_TASK = (120, 80)
_LANE_HEIGHT = 160


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
        return self.insert_on(leaving[0], steps, flows)

    def insert_on(self, flow: Span, steps: Sequence[NewStep], flows: Sequence[NewFlow]) -> bytes:
        """The file with steps on a flow, between the two it joins. Raises `EditError` for a name that is taken."""
        after, target = flow.attributes.get("sourceRef", ""), flow.attributes.get("targetRef", "")
        names = [*(step.id for step in steps), *(one.id for one in flows)]
        taken = [name for name in names if name in self.by_id]
        if taken:
            raise EditError(gettext_noop("Der Ablauf hat schon einen Schritt „%(step)s“."), step=taken[0])
        every = [replace(one, target=one.target or target) for one in flows]
        lane = self.lane_of(after)
        self._redirect(flow, target, steps[0].id, next(one.id for one in every if one.target == target))
        self._add_elements(steps, every, flow)
        self._add_to_lanes(steps, lane)
        self._draw(after, target, flow, steps, every, lane)
        return self.document.write()

    def text_in(self, span: Span) -> str:
        """What stands in an element that holds a text only, as written."""
        return self.document.content[span.inner : span.inner_end].decode().strip()

    def lane_of(self, step: str) -> str:
        """The name of the lane a step lies in, or nothing."""
        found = self._membership(step)
        return found[0].attributes.get("name", "") if found else ""

    def _membership(self, step: str) -> tuple[Span, Span] | None:
        """The lane a step lies in, and the entry that says so."""
        for lane in self.lanes:
            for member in lane.all("flowNodeRef"):
                if self.text_in(member) == step:
                    return lane, member
        return None

    def _redirect(self, flow: Span, target: str, first: str, entering: str) -> None:
        self.document.set_attribute(flow, "targetRef", first)
        for one in self.by_id[target].all("incoming"):
            if self.text_in(one) == flow.attributes.get("id"):
                self.document.set_text(one, entering)

    def into_extensions(self, element: Span, content: str) -> None:
        """Write extension elements into a step; `{r}` stands for our prefix."""
        text = content.replace("{r}", self._our_prefix())
        extensions = element.first("extensionElements")
        prefix, indent = element.prefix, self.document.indent(element) or "\n    "
        if extensions is not None and extensions.inner != extensions.end:
            place = extensions.children[-1].end if extensions.children else extensions.inner
            self.document.replace(place, place, f"{indent}    {text}")
            return
        whole = f"<{prefix}extensionElements>{indent}    {text}{indent}  </{prefix}extensionElements>"
        if extensions is not None:
            self.document.replace(extensions.start, extensions.end, whole)
        elif element.inner == element.end:  # <task/>
            head = self.document.text(element).removesuffix("/>").rstrip()
            self.document.replace(
                element.start, element.end, f"{head}>{indent}  {whole}{indent}</{element.tag}>"
            )
        else:
            told = element.first("documentation")
            place = told.end if told else element.inner
            self.document.replace(place, place, f"{indent}  {whole}")

    def drop(self, span: Span) -> None:
        """Take an element out, with the line it stands on."""
        self.document.replace(span.start - len(self.document.indent(span).encode()), span.end, "")

    def remove(self, step: str) -> bytes:
        """The file without a step: what led to it leads to the one that followed. Its only leaving flow goes too.

        Raises `EditError` if not exactly one flow leaves it, or a timer hangs on it.
        """
        element, leaving = self.by_id.get(step), self.leaving(step)
        hanging = [one for one in self.by_id.values() if one.attributes.get("attachedToRef") == step]
        entering = [flow for flow in self.flows if flow.attributes.get("targetRef") == step]
        if element is None or len(leaving) != 1 or hanging or not entering:
            raise EditError(
                gettext_noop(
                    "Dieser Schritt lässt sich so nicht entfernen: Genau ein Weg muss hinein- und einer hinausführen."
                )
            )
        flow = leaving[0]
        target, gone = flow.attributes.get("targetRef", ""), flow.attributes.get("id", "")
        for one in self.by_id[target].all("incoming"):
            if self.text_in(one) == gone:
                name = self.document.text(one).partition(">")[0] + ">"
                self.document.replace(
                    one.start,
                    one.end,
                    self.document.indent(one).join(
                        f"{name}{other.attributes.get('id', '')}</{one.tag}>" for other in entering
                    ),
                )
        for other in entering:
            self.document.set_attribute(other, "targetRef", target)
        member = self._membership(step)
        shapes = (self.shapes.get(step), self.shapes.get(gone))
        for span in (element, flow, *((member[1],) if member else ()), *filter(None, shapes)):
            self.drop(span)
        end = self._box(target)
        for other in entering:
            start = self._box(other.attributes.get("sourceRef", ""))
            if start and end:
                self._redraw(other, start, end)
        return self.document.write()

    def move_to_lane(self, step: str, lane: str) -> bytes:
        """The file with a step, and what hangs on it, in another lane. Raises `EditError` if there is no such lane."""
        goal = next((one for one in self.lanes if one.attributes.get("name") == lane), None)
        if goal is None or step not in self.by_id:
            raise EditError(gettext_noop("Der Ablauf hat keine Bahn „%(lane)s“ (mehr)."), lane=lane)
        hanging = [key for key, one in self.by_id.items() if one.attributes.get("attachedToRef") == step]
        moved = [step, *hanging]
        for one in moved:
            if (member := self._membership(one)) is not None:
                self.drop(member[1])
        self._add_members(goal, moved)
        box, around = self._box(step), self._box(goal.attributes.get("id", ""))
        if box is None or around is None:
            return self.document.write()
        place = self._free_place(box, around, frozenset(moved))
        boxes = {}
        for one in moved:
            old, shape = self._box(one), self.shapes.get(one)
            bounds = shape.first("Bounds") if shape else None
            if old is None or bounds is None:
                continue
            boxes[one] = replace(old, x=old.x + place.x - box.x, y=old.y + place.y - box.y)
            for key, value in (("x", boxes[one].x), ("y", boxes[one].y)):
                self.document.set_attribute(bounds, key, _number(value))
        for flow in self.flows:
            ends = [flow.attributes.get(key, "") for key in ("sourceRef", "targetRef")]
            drawn = [boxes.get(end) or self._box(end) for end in ends]
            if drawn[0] and drawn[1] and (ends[0] in boxes or ends[1] in boxes):
                self._redraw(flow, drawn[0], drawn[1])
        return self.document.write()

    def add_lane(self, lane: str) -> bytes:
        """The file with an empty lane below the others. Raises `EditError` if it has none, or one of this name."""
        last = max(self.lanes, key=lambda one: one.end, default=None)
        if last is None or lane in (one.attributes.get("name") for one in self.lanes):
            raise EditError(gettext_noop("Die Bahn „%(lane)s“ lässt sich nicht hinzufügen."), lane=lane)
        key = self.unlike(f"bahn_{lane}")
        indent = self.document.indent(last)
        self.document.replace(
            last.end, last.end, f'{indent}<{last.prefix}lane id="{key}" name="{lane}"></{last.prefix}lane>'
        )
        drawn = [one for one in self.lanes if self._box(one.attributes.get("id", ""))]
        pool = next((one for one in self.by_id.values() if one.name == "participant"), None)
        around = self._box(pool.attributes.get("id", "")) if pool else None
        if pool is None or around is None or not drawn:
            return self.document.write()
        beside = self._box(drawn[-1].attributes.get("id", ""))
        shape = self.shapes[drawn[-1].attributes.get("id", "")]
        bounds = shape.first("Bounds")
        outer = self.shapes[pool.attributes.get("id", "")].first("Bounds")
        if beside is not None and bounds is not None and outer is not None:
            box = _Box(beside.x, around.y + around.height, beside.width, _LANE_HEIGHT)
            self.document.set_attribute(outer, "height", _number(around.height + _LANE_HEIGHT))
            self.document.replace(
                shape.end,
                shape.end,
                f'{self.document.indent(shape)}<{shape.prefix}BPMNShape id="{key}_di" bpmnElement="{key}"'
                f' isHorizontal="true"><{bounds.prefix}Bounds {_bounds(box)}/></{shape.prefix}BPMNShape>',
            )
        return self.document.write()

    def unlike(self, name: str) -> str:
        """The name, with a number if the file has it already."""
        names = (name, *(f"{name}_{number}" for number in range(2, len(self.by_id) + 3)))
        return next(one for one in names if one not in self.by_id)

    def _free_place(self, box: _Box, around: _Box, ignored: frozenset[str]) -> _Box:
        """Where a box stands in a lane: near the middle, as far left as it was or right of what stands there."""
        others = [
            other
            for key, element in self.by_id.items()
            if key not in ignored
            and element.name not in _CONTAINERS
            and (other := self._box(key)) is not None
        ]
        middle = around.middle - box.height / 2
        heights = sorted(
            range(int(around.y) + 10, int(around.y + around.height - box.height) - 9, 10),
            key=lambda height: abs(height - middle),
        )
        for x in range(int(box.x), int(around.x + around.width - box.width), 20):
            for y in heights:
                place = replace(box, x=x, y=y)
                if not any(_meets(place, other) for other in others):
                    return place
        return replace(box, y=middle)

    def _redraw(self, flow: Span, start: _Box, end: _Box) -> None:
        edge = self.shapes.get(flow.attributes.get("id", ""))
        waypoint = edge.first("waypoint") if edge else None
        if edge is None or waypoint is None:
            return
        ways = "".join(_waypoints(start, end, waypoint.prefix))
        self.document.replace(waypoint.start, max(one.end for one in edge.all("waypoint")), ways)

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
            self._add_members(span, [step.id for step in steps if (step.lane or lane) == name])

    def _add_members(self, lane: Span, steps: Sequence[str]) -> None:
        if not steps:
            return
        members = list(lane.all("flowNodeRef"))
        indent = self.document.indent(members[-1] if members else lane) + ("" if members else "  ")
        text = "".join(
            f"{indent}<{lane.prefix}flowNodeRef>{step}</{lane.prefix}flowNodeRef>" for step in steps
        )
        if lane.inner == lane.end:  # <lane/>
            head = self.document.text(lane).removesuffix("/>").rstrip()
            self.document.replace(
                lane.start, lane.end, f"{head}>{text}{self.document.indent(lane)}</{lane.tag}>"
            )
        else:
            place = members[-1].end if members else lane.inner
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


def _meets(one: _Box, other: _Box) -> bool:
    return (
        one.x < other.x + other.width + _AIR
        and other.x < one.x + one.width + _AIR
        and one.y < other.y + other.height + _AIR
        and other.y < one.y + one.height + _AIR
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

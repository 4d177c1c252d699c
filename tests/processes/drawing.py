"""Small processes for tests, drawn as lines of text instead of XML."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:rathaus="urn:rathaus:bpmn:1" targetNamespace="urn:test">\n'
    '<bpmn:process id="test" isExecutable="true">\n'
)


def machine(task_id: str, operation: str = "facts", kind: str = "serviceTask", **parameters: str) -> str:
    """A service task with an operation."""
    inner = "".join(
        f"<rathaus:parameter name={quoteattr(name)} value={quoteattr(value)}/>"
        for name, value in parameters.items()
    )
    return _node(kind, task_id, f'<rathaus:operation name="{operation}">{inner}</rathaus:operation>')


def person(task_id: str, *outcomes: str, extra: str = "") -> str:
    """A user task; an outcome ending in `!` requires a reason."""
    inner = "".join(
        f'<rathaus:outcome value="{outcome.rstrip("!")}" label="{outcome.rstrip("!")}" label_en="x" '
        f'requires_reason="{str(outcome.endswith("!")).lower()}"/>'
        for outcome in outcomes
    )
    return _node("userTask", task_id, inner + extra)


def _node(kind: str, node_id: str, extensions: str) -> str:
    return (
        f'<bpmn:{kind} id="{node_id}" name="{node_id}"><bpmn:extensionElements>{extensions}'
        f"</bpmn:extensionElements></bpmn:{kind}>\n"
    )


def gateway(kind: str, node_id: str, default: str = "") -> str:
    """A gateway of `exclusive`, `parallel` or `inclusive` kind."""
    return f'<bpmn:{kind}Gateway id="{node_id}"' + (f' default="{default}"' if default else "") + "/>\n"


def timer(node_id: str, duration: str, *, on: str = "", interrupting: bool = True) -> str:
    """A timer to wait for, or on the boundary of a task."""
    time = f"<bpmn:timeDuration>{escape(duration)}</bpmn:timeDuration>"
    inner = f"<bpmn:timerEventDefinition>{time}</bpmn:timerEventDefinition>"
    if not on:
        return f'<bpmn:intermediateCatchEvent id="{node_id}">{inner}</bpmn:intermediateCatchEvent>\n'
    return (
        f'<bpmn:boundaryEvent id="{node_id}" attachedToRef="{on}" cancelActivity="{str(interrupting).lower()}">'
        f"{inner}</bpmn:boundaryEvent>\n"
    )


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    """A sequence flow."""
    inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
    name = flow_id or f"{source}_to_{target}"
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>\n'


def path(*nodes: str) -> str:
    """Flows from node to node."""
    return "".join(flow(source, target) for source, target in pairwise(nodes))


def lane(name: str, *nodes: str) -> str:
    """A lane with these nodes; put all lanes together into `drawn(lanes=…)`."""
    inner = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
    return f'<bpmn:lane id="lane_{name}" name="{name}">{inner}</bpmn:lane>'


def drawn(*parts: str, lanes: str = "") -> bytes:
    """A process with a start event `start` and an end event `end` and these parts."""
    lane_set = f"<bpmn:laneSet>{lanes}</bpmn:laneSet>\n" if lanes else ""
    body = '<bpmn:startEvent id="start"/>\n<bpmn:endEvent id="end"/>\n' + "".join(parts)
    return f"{_HEAD}{lane_set}{body}</bpmn:process>\n</bpmn:definitions>\n".encode()

"""Running a process with SpiffWorkflow, and only with CEL.

SpiffWorkflow moves the tokens: gateways, timers, joins. Everything with an effect – a machine's operation, a
person's step – is a task it waits at; the caller does it and says that it is done. So an instance holds no data,
no operation runs inside the engine, and its state is small, contains nothing personal, and is saved in the same
transaction as the effects. Its Python script engine is never created.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser, ValidationException
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import (
    BpmnWorkflowConverter,
    TaskConverter,
    WorkflowConverter,
)
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from rathaus.processes.definition import (
    MACHINE_TASKS,
    Definition,
    DefinitionError,
    Element,
    Problem,
    read_definition,
)
from rathaus.processes.timers import due_at, is_literal

# Each state change of each token is logged at INFO; our own events say what matters.
logging.getLogger("spiff").setLevel(logging.WARNING)

STATE_VERSION = 1
# More moves than this without reaching a person, a timer or the end is a loop that would never stop.
MAXIMUM_MOVES = 500

Evaluate = Callable[[str], object]


class EngineError(Exception):
    """The instance cannot be moved on or restored."""


class MoveError(EngineError):
    """A token could not be moved. `moves` says how many could before; `cause` is what went wrong."""

    def __init__(self, element: Element | None, task_id: UUID, moves: int, cause: Exception) -> None:
        super().__init__(f"cannot go on at {element.id if element else 'an inner element'}")
        self.cause = cause
        self.element = element
        self.task_id = task_id
        self.moves = moves


class MachineTask(BpmnSpecMixin):  # type: ignore[misc]
    """A service, business rule or send task: the engine stops at it, the caller does its operation."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.manual = True


class _Timer(TimerEventDefinition):  # type: ignore[misc]
    """A timer that counts on the town hall's calendar and asks CEL, not Python, where it is an expression."""

    def has_fired(self, my_task: Any) -> bool:
        engine = my_task.workflow.script_engine
        due = my_task.internal_data.get("due")
        if due is None:
            due = engine.timer_due(self.expression).isoformat()
            my_task.internal_data["due"] = due
        return bool(datetime.fromisoformat(due) <= engine.now)

    def reset(self, my_task: Any) -> None:
        my_task.internal_data.pop("due", None)


class _Parser(BpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES = {full_tag(kind): (TaskParser, MachineTask) for kind in MACHINE_TASKS}


class _CelEngine:
    """What SpiffWorkflow asks for conditions and timers. There is nothing else it could ask to run."""

    def __init__(self, evaluate: Evaluate, now: datetime, zone: tzinfo, timers: Mapping[str, Any]) -> None:
        self.now = now
        self._evaluate = evaluate
        self._zone = zone
        self._timers = timers

    def evaluate(self, _task: Any, expression: str, external_context: Any = None) -> bool:
        result = self._evaluate(expression.strip())
        if not isinstance(result, bool):
            raise EngineError(f"the condition {expression!r} is neither true nor false")
        return result

    def timer_due(self, text: str) -> datetime:
        value = self._evaluate(text) if text in self._timers else text
        return due_at(value, self.now, self._zone)


class _TaskConverter(TaskConverter):  # type: ignore[misc]
    """Tasks without data: an instance holds none."""

    def to_dict(self, task: Any) -> dict[str, Any]:
        state: dict[str, Any] = super().to_dict(task)
        del state["data"], state["delta"]
        return state

    def from_dict(self, dct: Mapping[str, Any], workflow: Any) -> Any:
        return super().from_dict({**dct, "data": {}, "delta": {}}, workflow)


class _InstanceConverter(BpmnWorkflowConverter):  # type: ignore[misc]
    """An instance without its specification, which is kept once, in the package."""

    def to_dict(self, workflow: Any) -> dict[str, Any]:
        state: dict[str, Any] = WorkflowConverter.to_dict(self, workflow)
        state["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
        return state

    def from_dict(self, dct: Mapping[str, Any], process: Process, engine: _CelEngine) -> Any:
        state = {**dct, "subprocesses": dict(dct["subprocesses"])}
        workflow = self.target_class(
            process.specification, process.subprocesses, script_engine=engine, deserializing=True
        )
        workflow.tasks = self.mapping_from_dict(state["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks[UUID(state["root"])]
        self.set_default_attributes(workflow, state)
        self.subprocesses_from_dict(state["subprocesses"], workflow)
        return workflow


_registry = BpmnWorkflowSerializer.configure(
    {**DEFAULT_CONFIG, BpmnWorkflow: _InstanceConverter, Task: _TaskConverter}
)


@dataclass(frozen=True)
class Process:
    """A definition made ready to run. Immutable; shared by all its instances and threads."""

    definition: Definition
    specification: Any
    subprocesses: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadyTask:
    """A task that may be done now."""

    id: UUID
    element: Element

    @property
    def is_machine(self) -> bool:
        """Whether an operation does it, not somebody."""
        return self.element.kind in MACHINE_TASKS


def load_process(xml: bytes) -> Process:
    """Read a BPMN file and prepare it; raises `DefinitionError`."""
    definition = read_definition(xml)
    parser = _Parser()
    # The document type, size and depth were checked when the definition was read.
    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        parser.add_bpmn_xml(etree.fromstring(xml, reader))
        specification = parser.get_spec(definition.process)
        subprocesses = parser.get_subprocess_specs(definition.process)
    except ValidationException as error:
        element = definition.elements.get(getattr(error, "id", ""))
        line = element.line if element else 0
        raise DefinitionError([Problem(line, "bpmn-structure", str(error))]) from error
    for spec in (specification, *subprocesses.values()):
        _use_own_timers(spec)
    return Process(definition, specification, subprocesses)


def _use_own_timers(specification: Any) -> None:
    for task_spec in specification.task_specs.values():
        given = getattr(task_spec, "event_definition", None)
        if isinstance(given, TimerEventDefinition):
            task_spec.event_definition = _Timer(given.name, given.expression.strip())


class Instance:
    """One running process."""

    def __init__(self, process: Process, workflow: Any) -> None:
        self._process = process
        self._workflow = workflow
        self._moves = 0

    @classmethod
    def start(cls, process: Process, evaluate: Evaluate, now: datetime, zone: tzinfo) -> Instance:
        """A new instance, its token on the start event."""
        engine = _engine(process, evaluate, now, zone)
        return cls(process, BpmnWorkflow(process.specification, process.subprocesses, script_engine=engine))

    @classmethod
    def restore(
        cls, process: Process, state: Mapping[str, Any], evaluate: Evaluate, now: datetime, zone: tzinfo
    ) -> Instance:
        """The instance whose `state()` was saved; raises `EngineError` if it was saved by another format."""
        if state.get("version") != STATE_VERSION:
            raise EngineError(f"the saved state has version {state.get('version')!r}, not {STATE_VERSION}")
        engine = _engine(process, evaluate, now, zone)
        return cls(process, _registry.restore(state["workflow"], process=process, engine=engine))

    def state(self) -> dict[str, Any]:
        """Everything needed to go on later, as JSON values."""
        return {"version": STATE_VERSION, "workflow": _registry.convert(self._workflow)}

    @property
    def is_finished(self) -> bool:
        """Whether the process has ended."""
        return bool(self._workflow.is_completed())

    @property
    def moves(self) -> int:
        """How many tokens this object has moved; the same decisions always need the same number."""
        return self._moves

    def settle(self, limit: int | None = None) -> None:
        """Move every token as far as it goes without anybody's doing, at most until `moves` is `limit`.

        Timers that are due fire. Raises `MoveError` with the element at which a condition or timer failed.
        """
        while limit is None or self._moves < limit:
            ready = [task for task in self._ready() if not task.task_spec.manual]
            if not ready:
                self._workflow.refresh_timers()
                self._update_subprocesses()
                ready = [task for task in self._ready() if not task.task_spec.manual]
                if not ready:
                    return
            self._run(ready[0])

    def ready_tasks(self) -> list[ReadyTask]:
        """The tasks that wait for a machine or for somebody, in the order in which they came into sight."""
        elements = self._process.definition.elements
        return [
            ReadyTask(task.id, elements[task.task_spec.name])
            for task in self._ready()
            if task.task_spec.manual
        ]

    def id_of_ready(self, element: str) -> UUID | None:
        """The task of a gateway or event that is ready to be moved, for instance one whose condition failed."""
        named = (task for task in self._ready() if task.task_spec.name.split(".")[0] == element)
        found = next(named, None)
        return found.id if found else None

    def complete(self, task_id: UUID) -> None:
        """Say that a ready task was done; raises `EngineError` if it is not ready (any more)."""
        task = next((task for task in self._ready() if task.id == task_id), None)
        if task is None:
            raise EngineError(f"task {task_id} is not ready")
        self._run(task)

    def wakes_at(self) -> datetime | None:
        """When the next timer is due."""
        waiting = self._workflow.event_manager.tasks.values()
        moments = [
            datetime.fromisoformat(task.internal_data["due"])
            for task in waiting
            if "due" in task.internal_data
        ]
        return min(moments, default=None)

    def _ready(self) -> list[Any]:
        running = [self._workflow, *self._workflow.subprocesses.values()]
        return [
            task for workflow in running for task in workflow.tasks.values() if task.state == TaskState.READY
        ]

    def _run(self, task: Any) -> None:
        self._moves += 1
        try:
            if self._moves > MAXIMUM_MOVES:
                raise EngineError(f"the process does not come to rest after {MAXIMUM_MOVES} moves")
            task.run()
            self._update_subprocesses()
        except Exception as error:
            element = self._process.definition.elements.get(task.task_spec.name.split(".")[0])
            raise MoveError(element, task.id, self._moves - 1, error) from error

    def _update_subprocesses(self) -> None:
        for subprocess in list(self._workflow.subprocesses.values()):
            if subprocess.completed:
                parent = self._workflow.get_task_from_id(subprocess.parent_task_id)
                if parent.has_state(TaskState.DEFINITE_MASK) and parent.state != TaskState.READY:
                    parent.task_spec._update(parent)


def _engine(process: Process, evaluate: Evaluate, now: datetime, zone: tzinfo) -> _CelEngine:
    return _CelEngine(evaluate, now, zone, timer_expressions(process.definition))


def timer_expressions(definition: Definition) -> dict[str, Element]:
    """The timers that are CEL expressions: text → element."""
    return {
        element.timer: element
        for element in definition.elements.values()
        if element.timer and not is_literal(element.timer)
    }

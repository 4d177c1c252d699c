"""The engine moves tokens by CEL alone and can be saved anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rathaus.processes.engine import EngineError, Instance, MoveError, load_process
from rathaus.rules.expressions import MAP, Environment
from tests.processes.drawing import drawn, flow, gateway, machine, path, person, timer

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENVIRONMENT = Environment({"facts": MAP})


class Runner:
    """An instance that is saved and restored after every move."""

    def __init__(self, xml: bytes, **facts: object) -> None:
        self.process = load_process(xml)
        self.facts = facts
        self.now = NOW
        self.instance = Instance.start(self.process, self.evaluate, self.now, BERLIN)
        self.settle()

    def evaluate(self, source: str) -> object:
        return ENVIRONMENT.compile(source, expects=None).evaluate({"facts": self.facts})

    def settle(self) -> None:
        self.instance.settle()
        self.state = json.dumps(self.instance.state())

    def ready(self) -> list[str]:
        return [task.element.id for task in self.instance.ready_tasks()]

    def do(self, element: str) -> None:
        self.instance = Instance.restore(
            self.process, json.loads(self.state), self.evaluate, self.now, BERLIN
        )
        self.instance.complete(
            next(task.id for task in self.instance.ready_tasks() if task.element.id == element)
        )
        self.settle()

    def wait(self, time: timedelta) -> None:
        self.now += time
        self.instance = Instance.restore(
            self.process, json.loads(self.state), self.evaluate, self.now, BERLIN
        )
        self.settle()


CHOICE = drawn(
    machine("find"),
    gateway("exclusive", "choose", default="otherwise"),
    machine("green"),
    person("check", "ok"),
    path("start", "find", "choose"),
    flow("choose", "green", "facts.route == 'green'"),
    flow("choose", "check", flow_id="otherwise"),
    path("green", "end"),
    path("check", "end"),
)


@pytest.mark.parametrize(("route", "next_step"), [("green", "green"), ("other", "check")])
def test_a_gateway_follows_its_condition_or_its_default(route: str, next_step: str) -> None:
    run = Runner(CHOICE, route=route)
    run.do("find")
    assert run.ready() == [next_step]
    run.do(next_step)
    assert run.instance.is_finished


def test_a_condition_that_cannot_be_evaluated_names_its_gateway() -> None:
    run = Runner(CHOICE)
    with pytest.raises(MoveError) as caught:
        run.do("find")
    assert caught.value.element is not None
    assert caught.value.element.id == "choose"


@pytest.mark.parametrize(
    "code", ["__import__('os').system('true')", "[x for x in ()]", "lambda: 1", "f'{1}'"]
)
def test_a_python_expression_is_never_evaluated(code: str) -> None:
    xml = CHOICE.replace(b"facts.route == 'green'", code.encode().replace(b"&", b"&amp;"))
    run = Runner(xml, route="green")
    with pytest.raises(MoveError):
        run.do("find")


def test_parallel_branches_meet_again() -> None:
    run = Runner(
        drawn(
            gateway("parallel", "fork"),
            gateway("parallel", "join"),
            machine("one"),
            person("two", "ok"),
            machine("after"),
            path("start", "fork", "one", "join", "after", "end"),
            path("fork", "two", "join"),
        )
    )
    assert sorted(run.ready()) == ["one", "two"]
    run.do("one")
    assert run.ready() == ["two"]
    run.do("two")
    assert run.ready() == ["after"]
    run.do("after")
    assert run.instance.is_finished


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"a": True, "b": True}, ["one", "two"]),
        ({"a": True, "b": False}, ["one"]),
        ({"a": False, "b": False}, ["none"]),
    ],
)
def test_an_inclusive_gateway_takes_every_true_flow(facts: dict[str, bool], expected: list[str]) -> None:
    run = Runner(
        drawn(
            gateway("inclusive", "fork", default="otherwise"),
            gateway("inclusive", "join"),
            machine("one"),
            machine("two"),
            machine("none"),
            path("start", "fork"),
            flow("fork", "one", "facts.a"),
            flow("fork", "two", "facts.b"),
            flow("fork", "none", flow_id="otherwise"),
            path("one", "join", "end"),
            path("two", "join"),
            path("none", "join"),
        ),
        **facts,
    )
    assert sorted(run.ready()) == expected
    for step in expected:
        run.do(step)
    assert run.instance.is_finished


def bounded(*, interrupting: bool, duration: str = "P3D") -> bytes:
    return drawn(
        person("wait", "ok"),
        timer("late", duration, on="wait", interrupting=interrupting),
        machine("remind"),
        machine("after"),
        path("start", "wait", "after", "end"),
        path("late", "remind", "end"),
    )


def test_an_interrupting_timer_takes_the_task_away() -> None:
    run = Runner(bounded(interrupting=True))
    assert run.ready() == ["wait"]
    assert run.instance.wakes_at() == datetime(2026, 3, 6, tzinfo=BERLIN)
    run.wait(timedelta(days=2))
    assert run.ready() == ["wait"]
    run.wait(timedelta(days=2))
    assert run.ready() == ["remind"]
    run.do("remind")
    assert run.instance.is_finished


def test_a_non_interrupting_timer_leaves_the_task() -> None:
    run = Runner(bounded(interrupting=False))
    run.wait(timedelta(days=4))
    assert sorted(run.ready()) == ["remind", "wait"]
    run.do("remind")
    run.do("wait")
    run.do("after")
    assert run.instance.is_finished


def test_a_timer_is_forgotten_when_its_task_is_done() -> None:
    run = Runner(bounded(interrupting=True))
    run.do("wait")
    assert run.instance.wakes_at() is None
    assert run.ready() == ["after"]


def test_a_timer_may_be_an_expression() -> None:
    run = Runner(bounded(interrupting=True, duration="facts.until"), until="2026-03-10")
    assert run.instance.wakes_at() == datetime(2026, 3, 11, tzinfo=BERLIN)


def test_the_process_waits_for_a_timer_between_steps() -> None:
    run = Runner(drawn(timer("pause", "PT1H"), machine("after"), path("start", "pause", "after", "end")))
    assert run.ready() == []
    run.wait(timedelta(hours=2))
    assert run.ready() == ["after"]


def test_a_sub_process_is_run_through() -> None:
    inner = (
        '<bpmn:subProcess id="sub"><bpmn:startEvent id="inner_start"/><bpmn:endEvent id="inner_end"/>'
        + machine("inside")
        + path("inner_start", "inside", "inner_end")
        + "</bpmn:subProcess>"
    )
    run = Runner(drawn(inner, machine("after"), path("start", "sub", "after", "end")))
    assert run.ready() == ["inside"]
    run.do("inside")
    run.do("after")
    assert run.instance.is_finished


def test_a_loop_returns_to_a_person_any_number_of_times() -> None:
    run = Runner(
        drawn(
            person("check", "again", "done"),
            gateway("exclusive", "result", default="done_flow"),
            machine("ask"),
            path("start", "check", "result"),
            flow("result", "ask", "facts.again"),
            flow("result", "end", flow_id="done_flow"),
            path("ask", "check"),
        ),
        again=True,
    )
    for _round in range(5):
        run.do("check")
        run.do("ask")
    run.facts["again"] = False
    run.do("check")
    assert run.instance.is_finished


def test_a_loop_without_anybody_is_stopped() -> None:
    xml = drawn(
        gateway("exclusive", "turn", default="on"),
        gateway("exclusive", "back"),
        path("start", "back", "turn"),
        flow("turn", "back", flow_id="on"),
        flow("turn", "end", "facts.never"),
    )
    with pytest.raises(MoveError):
        Runner(xml, never=False)


def test_the_state_is_small_and_holds_no_facts() -> None:
    run = Runner(CHOICE, route="green", name="Erika Beispiel")
    run.do("find")
    assert len(run.state) < 5000
    assert "Erika" not in run.state


def test_a_step_cannot_be_done_twice() -> None:
    run = Runner(CHOICE, route="green")
    task = run.instance.ready_tasks()[0]
    run.instance.complete(task.id)
    with pytest.raises(EngineError):
        run.instance.complete(task.id)


def test_a_state_of_another_format_is_refused() -> None:
    process = load_process(CHOICE)
    evaluate: Callable[[str], object] = lambda _source: True  # noqa: E731
    with pytest.raises(EngineError):
        Instance.restore(process, {"version": 99}, evaluate, NOW, BERLIN)

"""A package's process with everything it evaluates, compiled once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from rathaus.catalogue.package import Package
from rathaus.forms.ruletypes import RuleTypes
from rathaus.processes.engine import Process, load_process, timer_expressions
from rathaus.rules.decisions import CompiledDecision
from rathaus.rules.expressions import MAP, TIMESTAMP, Environment, Expression, ValueType

PROGRAMS_KEPT = 200


@dataclass(frozen=True)
class Program:
    """What advancing a case of this package needs. Immutable, shared by all threads."""

    process: Process
    environment: Environment
    expressions: Mapping[str, Expression]  # conditions, timers and recipients' `when` by their text
    decisions: Mapping[str, CompiledDecision]


_programs: OrderedDict[str, Program] = OrderedDict()
_lock = threading.Lock()


def environment_for(answers: ValueType) -> Environment:
    """The variables of process expressions, decision tables and recipients' conditions."""
    return Environment({"answers": answers, "town": MAP, "today": TIMESTAMP, "case": MAP, "facts": MAP})


def program_of(package: Package) -> Program:
    """The compiled program of a package; it must have passed `check_process`."""
    with _lock:
        if program := _programs.get(package.content_hash):
            _programs.move_to_end(package.content_hash)
            return program
    program = _compile(package)
    with _lock:
        _programs[package.content_hash] = program
        while len(_programs) > PROGRAMS_KEPT:
            _programs.popitem(last=False)
    return program


def _compile(package: Package) -> Program:
    process = load_process(package.process_xml)
    environment = environment_for(RuleTypes(package.tree).answers)
    conditions = {flow.condition for flow in process.definition.flows if flow.condition}
    conditions |= {recipient.when for recipient in package.recipients if recipient.when}
    expressions = {source: environment.compile(source) for source in conditions}
    for source in timer_expressions(process.definition):
        expressions[source] = environment.compile(source, expects=None)
    decisions = {name: table.compile(environment) for name, table in package.decisions.items()}
    return Program(process, environment, expressions, decisions)

"""One run over a case: what its conditions and operations may see, and what they leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from rathaus.cases.models import Actor, Case, CaseStatus, Event
from rathaus.cases.service import current_answers, entry
from rathaus.catalogue.package import Package
from rathaus.people.models import User
from rathaus.processes.definition import MACHINE_TASKS
from rathaus.processes.program import Program
from rathaus.rules.expressions import Bound
from rathaus.towns.service import rule_context

_WITH_FACTS = MACHINE_TASKS | {"userTask"}


class Work:
    """The case of one transaction. Operations change it; the run saves it at the end."""

    def __init__(self, case: Case, package: Package, program: Program, now: datetime) -> None:
        self.case = case
        self.package = package
        self.program = program
        self.now = now
        self.events: list[Event] = []
        self.person: User | None = None  # who ended the latest step of a person; None: only machines acted
        self._bound: Bound | None = None

    @cached_property
    def answers(self) -> dict[str, Any]:
        """The application's answers with the applicant's corrections."""
        return current_answers(self.case)

    @property
    def language(self) -> str:
        """The applicant's language."""
        return str(self.case.application.language)

    @property
    def today(self) -> date:
        """The day of this run in the town."""
        return timezone.localdate(self.now)

    def evaluate(self, source: str) -> Any:
        """The value of one of the program's expressions; raises `RuleError`."""
        return self.program.expressions[source].evaluate(self.bound())

    def bound(self) -> Bound:
        """The variables of this moment, ready for expressions and decision tables."""
        if self._bound is None:
            self._bound = self.program.environment.bind(self._values())
        return self._bound

    def set_fact(self, key: str, value: Any) -> None:
        """Remember what a step found out as `facts.<key>`."""
        self.case.facts = {**self.case.facts, key: _json(value)}
        if self._bound is not None:
            self._bound = self._bound.extended(self.program.environment, {"facts": self._facts()})

    def record(self, kind: str, *, user: User | None = None, public: bool = False, **data: Any) -> None:
        """Add a line to the timeline; without `user` the machine did it."""
        actor = Actor.PERSON if user else Actor.MACHINE
        self.events.append(entry(self.case, kind, actor=actor, user=user, public=public, **data))

    def decide(self, outcome: str) -> None:
        """The case is decided with this outcome; deciding again changes nothing."""
        if self.case.decided_at is not None:
            return
        self.case.outcome = outcome
        self.case.decided_at = self.now
        self.case.automatic = self.person is None
        self.case.status = CaseStatus.DECIDED
        self.record("decided", public=True, outcome=outcome, automatic=self.case.automatic)

    def close(self) -> None:
        """Nothing is left to do; closing again changes nothing."""
        if self.case.closed_at is None:
            self.case.closed_at = self.now
            self.record("closed", public=True)

    def _facts(self) -> dict[str, Any]:
        # Steps that were not done (yet) know nothing, instead of being unknown: `has(facts.step.outcome)` is false.
        # A decision that was not made has no such neutral value; asking for it too early is an error.
        nothing_yet: dict[str, Any] = {
            element.id: {}
            for element in self.program.process.definition.of_kind(*_WITH_FACTS)
            if element.operation != "decision"
        }
        return {**nothing_yet, **self.case.facts}

    def _values(self) -> Mapping[str, object]:
        application = self.case.application
        return {
            **rule_context(self.today),
            "answers": self.answers,
            "facts": self._facts(),
            "case": {
                "reference": application.reference,
                "service": application.service.key,
                "channel": application.channel,
                "language": application.language,
                "received_at": application.received_at,
            },
        }


def _json(value: Any) -> Any:
    if isinstance(value, date):  # includes datetime
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return value

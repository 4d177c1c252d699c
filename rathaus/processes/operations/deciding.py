"""Operations that end something: the decision of the case, and the case itself."""

from __future__ import annotations

from rathaus.processes.definition import Element
from rathaus.processes.operations.registry import Parameter, operation
from rathaus.processes.work import Work


@operation(
    "decide",
    parameters=[Parameter("outcome", "what was decided, a word of the package", required=True)],
)
def decide(work: Work, element: Element) -> None:
    """Record the decision; it counts as automatic if no person ended a step of the case before."""
    work.decide(element.parameters["outcome"])


@operation(
    "close",
    parameters=[Parameter("outcome", "what was decided, if no step said so before")],
)
def close(work: Work, element: Element) -> None:
    """Close the case; with an outcome, decide it first if that has not happened."""
    if outcome := element.parameters.get("outcome"):
        work.decide(outcome)
    work.close()

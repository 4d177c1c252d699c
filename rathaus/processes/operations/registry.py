"""The operations machine steps can do: a name, its parameters, how a package is checked for it, and the act itself.

An operation runs inside the transaction that also saves the step and the state of the process. So it happens exactly
once, whatever is killed when; it must not do anything that a rollback cannot undo (files, mails, network): it
promises that to delivery instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rathaus.catalogue.package import Package
from rathaus.delivery.service import HandOverError
from rathaus.processes.definition import Element
from rathaus.processes.work import Work
from rathaus.said import said

Act = Callable[[Work, Element], None]
Check = Callable[[Package, Mapping[str, str]], Iterable[str]]


class OperationError(HandOverError):
    """An operation cannot be done; the message is shown to staff and holds no personal data."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation; `meaning` is for authors of packages."""

    name: str
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """What a service task may name."""

    name: str
    act: Act
    parameters: tuple[Parameter, ...]
    check: Check | None

    def check_config(self, package: Package, parameters: Mapping[str, str]) -> list[str]:
        """Everything wrong with these parameters in this package, one sentence each."""
        known = {parameter.name for parameter in self.parameters}
        problems: list[str] = [
            said(
                "the operation %(operation)s needs the parameter %(parameter)s: %(meaning)s",
                operation=self.name,
                parameter=parameter.name,
                meaning=parameter.meaning,
            )
            for parameter in self.parameters
            if parameter.required and not parameters.get(parameter.name)
        ]
        problems += [
            said(
                "the operation %(operation)s has no parameter %(parameter)r; it has %(known)s",
                operation=self.name,
                parameter=name,
                known=", ".join(sorted(known)) or "none",
            )
            for name in parameters
            if name not in known
        ]
        if not problems and self.check is not None:
            problems += self.check(package, parameters)
        return problems


_operations: dict[str, Operation] = {}


def operation(
    name: str, *, parameters: Iterable[Parameter] = (), check: Check | None = None
) -> Callable[[Act], Act]:
    """Register the decorated function as what a task with this operation does."""

    def register(act: Act) -> Act:
        if name in _operations:
            raise ValueError(f"two operations are called {name!r}")
        _operations[name] = Operation(name, act, tuple(parameters), check)
        return act

    return register


def operation_named(name: str) -> Operation | None:
    """The operation of this name."""
    return _operations.get(name)


def operation_names() -> list[str]:
    """All names, sorted."""
    return sorted(_operations)

"""The examples of a service as designers see them: what they expect, what comes out now, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rathaus.catalogue.package import Example, Package
from rathaus.designer.finding import in_language
from rathaus.designer.keeping import Kept
from rathaus.designer.opened import Opened
from rathaus.designer.outcomes import runnable
from rathaus.designer.wording import field_label
from rathaus.drafting.examples import DRAFTED
from rathaus.editing.examples import FOLDER
from rathaus.forms.problems import Problem
from rathaus.office.dossier import reasons
from rathaus.processes.examples import (
    Difference,
    ExampleError,
    Run,
    differences,
    expectation,
    run_example,
    statement_of,
)
from rathaus.processes.program import Program


@dataclass(frozen=True, slots=True)
class Tried:
    """An example that was run. `fault`: why it cannot be; `differing`: what came out otherwise than it expects."""

    name: str
    example: Example
    done: Run | None
    fault: str
    differing: tuple[str, ...]

    @property
    def as_expected(self) -> bool:
        """Whether everything came out as the example expects."""
        return not self.fault and not self.differing

    @property
    def can_be_renewed(self) -> bool:
        """Whether its answers were drafted and are not accepted any more: then they can be made anew."""
        return DRAFTED in self.example.data and self.done is not None and bool(self.done.judged.problems)

    @property
    def day(self) -> str:
        """The day on which it plays, as ISO 8601; whatever stands there if it is no day."""
        return str(self.example.data.get("today", ""))


def tried(opened: Opened, package: Package) -> list[Tried]:
    """Every example of the design, run. The package must be readable; its process need not be."""
    ran = _known.get(package.content_hash, lambda: _run_all(package))
    return [_tried(opened, package, example, run) for example, run in zip(package.examples, ran, strict=True)]


def tried_one(opened: Opened, package: Package, name: str) -> Tried | None:
    """One example, run; None if there is none of this name."""
    example = next((one for one in package.examples if name_of(one) == name), None)
    return _tried(opened, package, example, _run(package, runnable(package), example)) if example else None


# Running them takes some 14 ms of CPU each for a large form. They play in an invented town: only their package counts.
_known: Kept[tuple[Run | ExampleError | None, ...]] = Kept(4)


def _run_all(package: Package) -> tuple[Run | ExampleError | None, ...]:
    program = runnable(package)
    return tuple(_run(package, program, example) for example in package.examples)


def _run(package: Package, program: Program | None, example: Example) -> Run | ExampleError | None:
    """What came of an example, why it cannot be run, or None if the process cannot be."""
    if program is None:
        return None
    try:
        return run_example(package, program, example)
    except ExampleError as error:
        return error


def name_of(example: Example) -> str:
    """The name of an example in addresses and edits."""
    return example.file.removeprefix(FOLDER).removesuffix(".toml")


def with_outcome(package: Package, one: Tried) -> str:
    """The example's file, expecting what comes out now. It must have been run."""
    if one.done is None:
        raise ValueError(one.fault)
    document = _document(package, one)
    document["expect"] = expectation(package, one.done)
    return tomlkit.dumps(document)


def with_title(package: Package, one: Tried, title: str) -> str:
    """The example's file with another title."""
    document = _document(package, one)
    document["title"] = title
    return tomlkit.dumps(document)


def _document(package: Package, one: Tried) -> tomlkit.TOMLDocument:
    document = tomlkit.parse(package.files[one.example.file].decode())
    # What somebody changed is theirs: it is not made anew with the form any more.
    document.pop(DRAFTED, None)
    return document


def _tried(opened: Opened, package: Package, example: Example, ran: Run | ExampleError | None) -> Tried:
    name = name_of(example)
    if ran is None:
        fault = _("Der Ablauf oder eine Entscheidungstabelle hat noch Fehler; die Übersicht nennt sie.")
        return Tried(name, example, None, fault, ())
    if isinstance(ran, ExampleError):
        return Tried(name, example, None, in_language(ran.args[0]), ())
    found = differences(package, example.data["expect"], ran)
    return Tried(name, example, ran, "", tuple(_said(opened, package, ran, found)))


def _said(opened: Opened, package: Package, done: Run, found: list[Difference]) -> Iterator[str]:
    judged = {statement_of(problem): problem for problem in _problems(done)}
    for one in found:
        match one.kind:
            case "error" | "notice":
                yield _about_question(opened, one, judged)
            case "valid" if one.expected:
                yield _("Das Formular nimmt die Angaben nicht mehr an.")
            case "valid":
                yield _("Das Formular nimmt die Angaben an; erwartet war, dass es sie ablehnt.")
            case "process":
                yield _("Der Vorgang bleibt stehen: %(why)s") % {"why": in_language(one.got)}
            case "route":
                yield _now(_("Weg"), *map(_route, (one.expected, one.got)))
            case "reasons":
                names = _reason_names(done)
                wanted, got = (
                    ", ".join(names.get(key, key) for key in keys) for keys in (one.expected, one.got)
                )
                yield _now(_("Gründe für eine Prüfung"), wanted, got)
            case "fee":
                yield _now(_("Gebühr"), one.expected or "", one.got or "")
            case "letter":
                yield _now(_("Schreiben"), one.expected or "", one.got or "")


def _now(what: str, expected: str, got: str) -> str:
    values = {"what": what, "expected": expected or _("nichts"), "got": got or _("nichts")}
    return _("%(what)s: erwartet war „%(expected)s“, heraus kommt „%(got)s“.") % values


def _route(route: Any) -> str:
    return _("niemand muss etwas tun") if route == "gruen" else _("eine Person entscheidet")


def _about_question(opened: Opened, one: Difference, judged: Mapping[tuple[str, str], Problem]) -> str:
    label = field_label(opened, one.path) if one.path else _("Formular")
    if one.got is None:
        text = (
            _("„%(label)s“: Der Fehler „%(rule)s“ war erwartet und kommt nicht.")
            if one.kind == "error"
            else _("„%(label)s“: Der Hinweis „%(rule)s“ war erwartet und kommt nicht.")
        )
        return text % {"label": label, "rule": one.expected}
    problem = judged.get((one.path, one.got))
    text = (
        _("„%(label)s“: Ein Fehler war nicht erwartet: %(message)s")
        if one.kind == "error"
        else _("„%(label)s“: Ein Hinweis war nicht erwartet: %(message)s")
    )
    return text % {"label": label, "message": problem.message if problem else one.got}


def _problems(done: Run) -> tuple[Problem, ...]:
    return (*done.judged.problems, *done.judged.notices)


def _reason_names(done: Run) -> dict[str, str]:
    """What each reason of the run says, by its key."""
    facts = done.course.facts if done.course else {}
    return {
        str(row["regel"]): reasons({"": [row]}, get_language() or "de")[0].text
        for value in facts.values()
        if isinstance(value, list)
        for row in value
        if isinstance(row, Mapping) and row.get("regel") and row.get("grund")
    }

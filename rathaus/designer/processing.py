"""What the check finds in a process, so that a change that breaks it is refused where it is made."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rathaus.catalogue.package import Problem, inspect_package
from rathaus.designer.changing import Refused
from rathaus.designer.finding import as_read
from rathaus.designer.opened import Opened
from rathaus.designer.wording import words_text
from rathaus.editing import Edit, EditError, Files
from rathaus.processes.checks import check_process


def fault_in_process(seen: Opened, edit: Edit) -> Refused | None:
    """What package and process would be faulted for with this edit and are not without it."""
    try:
        changed = edit.apply(seen.files)
    except EditError as error:
        return Refused(words_text(error.words))
    new = new_process_faults(seen.files, changed)
    if not new:
        return None
    found = " ".join(f"{problem.message} {problem.remedy}".strip() for problem in new)
    return Refused(_("So passt der Ablauf nicht zusammen: %(faults)s") % {"faults": found})


def new_process_faults(before: Files, after: Files) -> list[Problem]:
    """The faults of one state of a package that another does not have, in the language of the page."""
    known = {(problem.file, problem.message) for problem in _faults(before)}
    return [as_read(problem) for problem in _faults(after) if (problem.file, problem.message) not in known]


def _faults(files: Files) -> list[Problem]:
    package, problems = inspect_package(files)
    found = [*problems, *(check_process(package) if package else [])]
    return [problem for problem in found if problem.level != "warning"]

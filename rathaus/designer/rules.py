"""Conditions typed in as CEL: what is wrong with them is said before they are saved."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rathaus.catalogue.package import inspect_package
from rathaus.designer.changing import Refused
from rathaus.designer.finding import in_language
from rathaus.designer.opened import Opened
from rathaus.designer.wording import words_text
from rathaus.editing import Edit, EditError, Files


def fault_of(seen: Opened, edit: Edit) -> Refused | None:
    """What the package would be faulted for with this edit and is not without it."""
    try:
        changed = edit.apply(seen.files)
    except EditError as error:
        return Refused(words_text(error.words))
    before = _faults(seen.files)
    new = [text for key, text in _faults(changed).items() if key not in before]
    if not new:
        return None
    return Refused(_("So lässt sich die Regel nicht verwenden: %(faults)s") % {"faults": " ".join(new)})


def _faults(files: Files) -> dict[tuple[str, str, str], str]:
    return {
        (
            problem.file,
            problem.where,
            problem.message,
        ): f"{in_language(problem.message)} {in_language(problem.remedy)}"
        for problem in inspect_package(files)[1]
        if problem.level != "warning"
    }

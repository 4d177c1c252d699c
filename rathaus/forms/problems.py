"""What can be wrong: with answers (`Problem`) and with the definition of a form (`DefinitionProblem`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rathaus.forms.keys import Path, format_path, html_name, json_pointer


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in the answers. `message` says how, in the language that was asked for.

    `code` names the message in the catalogue (`rathaus.forms.messages`), or is `check.<id>` for a check of the form;
    `page` is the key of the page to go to, None where no page asks for it.
    """

    path: Path
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict, compare=False)
    level: Literal["error", "notice"] = "error"
    page: str | None = None

    @property
    def pointer(self) -> str:
        """JSON pointer relative to the answers."""
        return json_pointer(self.path)

    @property
    def location(self) -> str:
        """The path in notation, `inhaber[0].plz`."""
        return format_path(self.path)

    @property
    def name(self) -> str:
        """The name of the form control."""
        return html_name(self.path)

    def on_page(self, page: str | None) -> Problem:
        """The same problem with the page that asks for it."""
        return replace(self, page=page)


@dataclass(frozen=True, slots=True)
class DefinitionProblem:
    """One thing to mend in a form's definition, translations or schema.

    `level`: `fatal` – no form can be made; `error` – must be mended before publishing (a missing translation);
    `warning` – probably not meant. `where` is the place inside the file; `line` counts from 1, 0 = unknown.
    """

    file: str
    where: str
    rule: str
    message: str
    remedy: str
    level: Literal["fatal", "error", "warning"] = "fatal"
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.where}: {self.message} {self.remedy} [{self.rule}]"


class DefinitionError(Exception):
    """A form that cannot be made. `problems` holds everything found, not just the first."""

    def __init__(self, problems: list[DefinitionProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

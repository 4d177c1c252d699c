"""The view model of a page: everything a template prints, nothing it has to work out.

A page has blocks, told apart by `kind`: `question`, `group` (questions under a heading), `repeat` (entries with add and
remove) and `text` (a label field). Names and ids of controls are final. `lang` is the language of the texts.

Button names a template uses: `name="add" value="<block.name>"`, `name="remove" value="<entry.remove>"` or
`name="remove" value="<file.remove>"`; the receiver passes the value to `Form.add_entry` or `Form.remove_entry`.
"""

from __future__ import annotations

from dataclasses import dataclass

from rathaus.forms.keys import Path
from rathaus.forms.problems import Problem


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. Its control has the id `<question.id>-<position from 0>`."""

    value: str
    label: str
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class DatePart:
    """One box of a date: day, month or year."""

    name: str
    id: str
    label: str
    value: str
    max_length: int
    autocomplete: str = ""


@dataclass(frozen=True, slots=True)
class FileItem:
    """One file that was uploaded; `remove` is the value of its remove button."""

    id: str
    name: str
    size: str
    media_type: str
    remove: str
    remove_label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its control.

    `widget`: text, textarea, radios, checkbox (one box, its label in `options`), checkboxes, select, combobox (a select
    that scripts may enhance), date (three boxes in `parts`), file, locked (`value` is only shown).
    `fieldset`: the label is the legend of a fieldset (radios, checkboxes, dates). `optional`: say that it may be left
    empty. `focus_id`: where the error summary leads.
    """

    widget: str
    name: str
    id: str
    path: Path
    label: str
    hint: str = ""
    details: str = ""
    required: bool = False
    optional: bool = False
    fieldset: bool = False
    value: str = ""
    options: tuple[Option, ...] = ()
    parts: tuple[DatePart, ...] = ()
    files: tuple[FileItem, ...] = ()
    errors: tuple[str, ...] = ()
    input_type: str = "text"
    inputmode: str = ""
    autocomplete: str = ""
    max_length: int | None = None
    rows: int = 1
    spellcheck: bool = True
    suffix: str = ""
    accept: str = ""
    max_size: int | None = None
    multiple: bool = False
    described_by: str = ""
    focus_id: str = ""
    kind: str = "question"


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A label field: text without a question. `content` is plain text with line breaks."""

    id: str
    title: str
    content: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class GroupBlock:
    """Questions under one heading."""

    id: str
    label: str
    hint: str
    details: str
    blocks: tuple[Block, ...]
    errors: tuple[str, ...] = ()
    kind: str = "group"


@dataclass(frozen=True, slots=True)
class EntryBlock:
    """One entry of a repeat. `remove` is the value of its remove button, empty if it cannot be removed."""

    id: str
    label: str
    blocks: tuple[Block, ...]
    remove: str = ""
    remove_label: str = ""


@dataclass(frozen=True, slots=True)
class RepeatBlock:
    """Entries of a repeatable group or field. `name` is the value of the add button."""

    id: str
    name: str
    label: str
    hint: str
    details: str
    entries: tuple[EntryBlock, ...]
    can_add: bool
    add_label: str
    required: bool = False
    optional: bool = False
    errors: tuple[str, ...] = ()
    kind: str = "repeat"


Block = Question | TextBlock | GroupBlock | RepeatBlock


@dataclass(frozen=True, slots=True)
class OverviewEntry:
    """One entry on an overview: `page` is where to change it, `remove` the value of its remove button."""

    index: int
    label: str
    status: str
    page: str
    remove: str
    remove_label: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview of a round: its entries, and whether more can be added."""

    name: str
    entries: tuple[OverviewEntry, ...]
    can_add: bool
    add_label: str
    minimum: int
    maximum: int | None


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One line of the error summary: the message, and the id of the control it leads to."""

    message: str
    focus_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class PageView:
    """One page, ready to print. `number` counts from 1; `entry` names the entry of a round the page is about."""

    key: str
    id: str
    title: str
    intro: str
    section: str
    entry: str
    language: str
    number: int
    total: int
    previous: str | None
    blocks: tuple[Block, ...]
    summary: tuple[SummaryItem, ...]
    notices: tuple[Problem, ...]
    overview: Overview | None
    has_files: bool

    @property
    def has_errors(self) -> bool:
        """Whether something has to be mended here."""
        return bool(self.summary)

"""Edits of a service package: pure values that change files, and what is said about them.

An edit (`pages`, `fields`, `decisions`, `process`, `parts`, `whole`) is a frozen dataclass: `apply(files)` gives
changed files, `places()` says what it touches, `words()` says it to a designer;
`to_json` and `edit_from_json` store it.
"""

from rathaus.editing.decisions import (
    AddDecisionRow,
    AddDecisionTable,
    MoveDecisionRow,
    RemoveDecisionRow,
    SetDecisionCell,
)
from rathaus.editing.edit import Edit, Files, edit_from_json, meet, to_json
from rathaus.editing.fees import AddFeeRule
from rathaus.editing.fields import (
    RemoveCheck,
    SetCheck,
    SetCodeText,
    SetFieldLook,
    SetFieldRule,
    SetFieldText,
)
from rathaus.editing.new_fields import AddField
from rathaus.editing.pages import (
    AddPage,
    JoinPages,
    MoveField,
    MovePage,
    RemoveField,
    RemovePage,
    SetPageRule,
    SetPageText,
    SplitPage,
)
from rathaus.editing.parts import (
    RemoveExample,
    RemovePart,
    SetDecision,
    SetExample,
    SetLetter,
    SetProcess,
    SetServiceText,
    SetServiceValue,
)
from rathaus.editing.process import (
    AddLane,
    AddStep,
    RemoveStep,
    SetOutcomeLabel,
    SetStepDeadline,
    SetStepLane,
    SetStepName,
    SetStepTimer,
    SetWayCondition,
)
from rathaus.editing.rules import ConfirmRule, DismissRule, RenewExamples, ReopenRule, WriteRule
from rathaus.editing.several import Several
from rathaus.editing.translations import Stale, stale_translations
from rathaus.editing.understood import ConfirmRules, confirm_understood
from rathaus.editing.whole import ChangeFiles
from rathaus.editing.words import EditError, Words

__all__ = [
    "AddDecisionRow",
    "AddDecisionTable",
    "AddFeeRule",
    "AddField",
    "AddLane",
    "AddPage",
    "AddStep",
    "ChangeFiles",
    "ConfirmRule",
    "ConfirmRules",
    "DismissRule",
    "Edit",
    "EditError",
    "Files",
    "JoinPages",
    "MoveDecisionRow",
    "MoveField",
    "MovePage",
    "RemoveCheck",
    "RemoveDecisionRow",
    "RemoveExample",
    "RemoveField",
    "RemovePage",
    "RemovePart",
    "RemoveStep",
    "RenewExamples",
    "ReopenRule",
    "SetCheck",
    "SetCodeText",
    "SetDecision",
    "SetDecisionCell",
    "SetExample",
    "SetFieldLook",
    "SetFieldRule",
    "SetFieldText",
    "SetLetter",
    "SetOutcomeLabel",
    "SetPageRule",
    "SetPageText",
    "SetProcess",
    "SetServiceText",
    "SetServiceValue",
    "SetStepDeadline",
    "SetStepLane",
    "SetStepName",
    "SetStepTimer",
    "SetWayCondition",
    "Several",
    "SplitPage",
    "Stale",
    "Words",
    "WriteRule",
    "confirm_understood",
    "edit_from_json",
    "meet",
    "stale_translations",
    "to_json",
]

"""Conditions that people put together: values, their CEL, and the sentence they are read out as.

`from_cel` gives the value of a condition, None for one that cannot be shown as rows; `to_cel` writes it; `sentence`
says it. `read_rows` makes a condition of what was typed into rows, or says what to mend.
"""

from rathaus.building.comparisons import COMPARISONS, Comparison, Kind
from rathaus.building.conditions import (
    JOINTS,
    OVERS,
    Answer,
    Condition,
    Group,
    Joint,
    Over,
    Part,
    Today,
    Value,
)
from rathaus.building.reading import from_cel
from rathaus.building.rows import FAULTS, TODAY, Row, RowFault, RowGroup, Rows, read_rows, rows_of
from rathaus.building.sentences import Frame, Language, clause, framed, sentence
from rathaus.building.vocabulary import Vocabulary, kind_of
from rathaus.building.writing import to_cel

__all__ = [
    "COMPARISONS",
    "FAULTS",
    "JOINTS",
    "OVERS",
    "TODAY",
    "Answer",
    "Comparison",
    "Condition",
    "Frame",
    "Group",
    "Joint",
    "Kind",
    "Language",
    "Over",
    "Part",
    "Row",
    "RowFault",
    "RowGroup",
    "Rows",
    "Today",
    "Value",
    "Vocabulary",
    "clause",
    "framed",
    "from_cel",
    "kind_of",
    "read_rows",
    "rows_of",
    "sentence",
    "to_cel",
]

"""Letters for people who know no Typst: a template as blocks with texts, and back, to the byte where nothing changed.

Pure. `read_letter` finds the blocks of a template (paragraphs, headings, notes, fixed parts) and, in each, the texts it
has per language; `plain_text` and `typst_text` translate between such a text and what people type, in which answers
and facts stand as `{Familienname}`.
"""

from rathaus.editing.lettering.blocks import (
    LANGUAGES,
    Block,
    BlockKind,
    Letter,
    Slot,
    new_block,
    read_letter,
)
from rathaus.editing.lettering.texts import Names, TextError, plain_text, typst_text

__all__ = [
    "LANGUAGES",
    "Block",
    "BlockKind",
    "Letter",
    "Names",
    "Slot",
    "TextError",
    "new_block",
    "plain_text",
    "read_letter",
    "typst_text",
]

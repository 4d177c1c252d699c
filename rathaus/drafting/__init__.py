"""Drafting a service from FIM: schema in, package out, and a list of what is left to people.

`draft_package` makes the files, `draft_empty` those of a service that begins with nothing; `generate_answers` makes
valid answers for any form; `rulebook` keeps what became of the schema's rules.
"""

from rathaus.drafting.code_lists import CodeListStore, MissingCodeList
from rathaus.drafting.draft import DraftedPackage, DraftError, draft_package
from rathaus.drafting.empty import draft_empty
from rathaus.drafting.examples import NoAnswersError, generate_answers
from rathaus.drafting.findings import DraftFinding
from rathaus.drafting.rulebook import RuleEffect, RuleEntry
from rathaus.drafting.source import draft_from_document

__all__ = [
    "CodeListStore",
    "DraftError",
    "DraftFinding",
    "DraftedPackage",
    "MissingCodeList",
    "NoAnswersError",
    "RuleEffect",
    "RuleEntry",
    "draft_empty",
    "draft_from_document",
    "draft_package",
    "generate_answers",
]

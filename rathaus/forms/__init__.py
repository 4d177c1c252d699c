"""The form engine: from a XDatenfelder schema and a form.toml to pages, answers and everything said about them.

Pure Python: no Django, no clock, no database. `Form` is the door; README.md in this folder explains the ideas.
"""

from rathaus.forms.definition import FormDefinition
from rathaus.forms.engine import Acceptance, Form, PageResult
from rathaus.forms.journey import Journey, PageState, Progress
from rathaus.forms.keys import Answers, format_path, html_name, key_from_name, parse_path
from rathaus.forms.messages import message
from rathaus.forms.pageview import PageView
from rathaus.forms.problems import DefinitionError, DefinitionProblem, Problem
from rathaus.forms.review import ReviewEntry, ReviewPage, ReviewSection
from rathaus.forms.tree import FieldNode, GroupNode, SchemaTree

__all__ = [
    "Acceptance",
    "Answers",
    "DefinitionError",
    "DefinitionProblem",
    "FieldNode",
    "Form",
    "FormDefinition",
    "GroupNode",
    "Journey",
    "PageResult",
    "PageState",
    "PageView",
    "Problem",
    "Progress",
    "ReviewEntry",
    "ReviewPage",
    "ReviewSection",
    "SchemaTree",
    "format_path",
    "html_name",
    "key_from_name",
    "message",
    "parse_path",
]

"""The door of cases: timelines, worklists, conversations, deadlines, and what the applicant sees."""

from rathaus.cases.answers import current_answers
from rathaus.cases.conversation import (
    AnswerNotAskedForError,
    NoOpenRequestError,
    add_note,
    answer_information,
    open_request,
    request_information,
    send_message,
    tell_applicant,
)
from rathaus.cases.deadlines import CaseDeadline, compute_due, deadline_steps
from rathaus.cases.status import (
    Document,
    StatusView,
    TimelineEntry,
    documents,
    event_text,
    status_view,
    timeline,
)
from rathaus.cases.timeline import entry, record
from rathaus.cases.work import (
    CaseChangedError,
    CaseClosedError,
    CaseTakenError,
    assign,
    hand_back,
    locked,
    take,
)
from rathaus.cases.worklist import Filters, urgency, worklist

__all__ = [
    "AnswerNotAskedForError",
    "CaseChangedError",
    "CaseClosedError",
    "CaseDeadline",
    "CaseTakenError",
    "Document",
    "Filters",
    "NoOpenRequestError",
    "StatusView",
    "TimelineEntry",
    "add_note",
    "answer_information",
    "assign",
    "compute_due",
    "current_answers",
    "deadline_steps",
    "documents",
    "entry",
    "event_text",
    "hand_back",
    "locked",
    "open_request",
    "record",
    "request_information",
    "send_message",
    "status_view",
    "take",
    "tell_applicant",
    "timeline",
    "urgency",
    "worklist",
]

"""Cases: what the town hall does with an application, who does it, and when each step could start, began and ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from rathaus.applications.models import Application, Attachment
from rathaus.towns.models import Office
from rathaus.towns.owned import TownOwned


class Actor(models.TextChoices):
    """Who does a step."""

    MACHINE = "machine", "System"
    PERSON = "person", "Sachbearbeitung"
    APPLICANT = "applicant", "Antragstellende"
    BODY = "body", "Andere Stelle"


class CaseStatus(models.TextChoices):
    """Where a case stands, in words an applicant understands."""

    RECEIVED = "received", "Eingegangen"
    IN_WORK = "in_work", "In Bearbeitung"
    WAITING = "waiting", "Wartet auf Ihre Angaben"
    DECIDED = "decided", "Entschieden"
    WITHDRAWN = "withdrawn", "Zurückgezogen"


class Case(TownOwned):
    """The town hall's side of one application (*Vorgang*)."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="case")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=CaseStatus.choices, default=CaseStatus.RECEIVED)
    acts_next = models.CharField(
        max_length=10, choices=Actor.choices, default=Actor.MACHINE
    )  # "" when closed
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="assigned_cases"
    )
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True)  # the nearest legal deadline
    applicant = models.CharField(max_length=200, blank=True)  # whose case it is, for lists
    search = models.CharField(max_length=300, blank=True)  # reference and applicant, folded for searching
    likeness = models.CharField(max_length=64, blank=True)  # equal for applications that may be the same
    outcome = models.CharField(max_length=60, blank=True)
    automatic = models.BooleanField(default=False)  # decided without a person
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)  # what steps and decisions found out
    revision = models.PositiveIntegerField(default=0)  # two people editing notice each other

    class Meta(TownOwned.Meta):
        indexes = [
            models.Index(fields=["town", "acts_next", "due_on"], name="case_worklist"),
            models.Index(fields=["town", "status", "opened_at"], name="case_by_status"),
            models.Index(fields=["town", "likeness"], condition=~models.Q(likeness=""), name="case_likeness"),
        ]

    def __str__(self) -> str:
        return f"Case {self.pk}"


class Step(TownOwned):
    """One step of a case: a task in its process. The honest clock: ready, taken, ended, by whom."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    task_id = models.UUIDField()  # the task in the process instance
    element = models.CharField(max_length=120)  # id of the BPMN element
    name = models.JSONField()  # language → text
    actor = models.CharField(max_length=10, choices=Actor.choices)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    ready_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True)  # a timer or deadline of this step
    outcome = models.CharField(max_length=60, blank=True)
    result = models.JSONField(default=dict)  # reason, text, deadline given with the outcome
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)  # why a machine step failed last; empty once it succeeded

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "task_id"], name="step_once_per_task")]
        indexes = [models.Index(fields=["town", "ended_at", "actor"], name="step_open_by_actor")]

    def __str__(self) -> str:
        return f"{self.element} of case {self.case_id}"


class Event(TownOwned):
    """One line of a case's timeline. What is `public` the applicant sees too."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)  # for example `received`, `letter.ready`, `information.requested`
    actor = models.CharField(max_length=10, choices=Actor.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    public = models.BooleanField(default=False)
    data = models.JSONField(default=dict)

    class Meta(TownOwned.Meta):
        indexes = [models.Index(fields=["case", "at"], name="event_timeline")]

    def __str__(self) -> str:
        return self.kind


class Note(TownOwned):
    """A remark for colleagues; the applicant does not see it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    def __str__(self) -> str:
        return f"Note {self.pk}"


class Message(TownOwned):
    """A message between office and applicant, shown on the status page and in the workplace."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    at = models.DateTimeField()
    from_applicant = models.BooleanField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField()
    # A request for missing information: answered on the status page until this day.
    answer_until = models.DateField(null=True)
    step = models.ForeignKey(Step, on_delete=models.SET_NULL, null=True, related_name="messages")
    attachments = models.ManyToManyField(Attachment, related_name="messages")

    def __str__(self) -> str:
        return f"Message {self.pk}"

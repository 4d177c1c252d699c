"""Hand-overs: what still has to happen after a transaction, as rows that nothing can lose."""

from __future__ import annotations

from django.db import models

from rathaus.towns.owned import TownOwned


class HandOver(TownOwned):
    """One piece of work promised in the transaction that caused it, done later, possibly more than once.

    `kind` names the handler, `subject` the row it is about. The pair is unique while open, so that promising
    twice is harmless. A worker takes a row by a lease; the leases of a worker that died are freed by the next one
    on its machine at once, elsewhere they run out.
    """

    kind = models.CharField(max_length=60)  # for example `process.advance`, `letter.produce`
    subject = models.CharField(max_length=64)  # primary key of the row the work is about
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()  # not before this moment; moved on by backoff
    promises = models.PositiveIntegerField(default=1)  # how often it was promised while open
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)  # exception type and message without personal data

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["town", "kind", "subject"],
                condition=models.Q(done_at=None),
                name="one_open_hand_over",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="hand_over_due"),
            models.Index(fields=["done_at"], condition=~models.Q(done_at=None), name="hand_over_done"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Mail(TownOwned):
    """An e-mail that was promised; its text names no content of the case, only that there is news."""

    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Mail {self.pk}"

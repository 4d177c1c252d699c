"""E-mails: promised with what they tell about, sent afterwards."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from rathaus.delivery.models import Mail
from rathaus.delivery.promises import promise
from rathaus.delivery.registry import handler, should_exist
from rathaus.towns.context import current_town


def promise_mail(recipient: str, subject: str, body: str) -> Mail:
    """Promise an e-mail from the active town.

    Subject and body must name no content of a case, only that there is news.
    """
    mail: Mail = Mail.objects.create(
        recipient=recipient, subject=subject, body=body, created_at=timezone.now()
    )
    promise("mail.send", mail.pk)
    return mail


def _mark_sent(mail: Mail) -> None:
    Mail.objects.filter(pk=mail.pk, sent_at=None).update(sent_at=timezone.now())


@handler("mail.send", commit=_mark_sent)
def send_mail(subject: str) -> Mail:
    """Hand the e-mail to the mail server. After a crash it may go out twice, with the same Message-ID."""
    mail: Mail = Mail.objects.get(pk=subject)
    if mail.sent_at is None:
        town = current_town()
        sender = settings.DEFAULT_FROM_EMAIL
        own_address = town.contact.get("email", "")
        EmailMessage(
            mail.subject,
            mail.body,
            from_email=f"{town.official_name} <{sender}>",
            to=[mail.recipient],
            reply_to=[own_address] if own_address else None,
            headers={
                "Message-ID": f"<mail-{town.slug}-{mail.pk}@{sender.rpartition('@')[2]}>",
                "Auto-Submitted": "auto-generated",
            },
        ).send()
    return mail


@should_exist("mail.send")
def unsent_mails() -> list[int]:
    """Every e-mail that was promised and not sent."""
    return list(Mail.objects.filter(sent_at=None).values_list("pk", flat=True))

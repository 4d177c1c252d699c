"""The operation that hands data over to other bodies: to each exactly the fields the law lets it have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rathaus.cases.answers import selection
from rathaus.catalogue.info import Recipient, ServiceInfo
from rathaus.catalogue.package import Package
from rathaus.processes.definition import Element
from rathaus.processes.models import Transmission
from rathaus.processes.operations.registry import Parameter, operation
from rathaus.processes.work import Work
from rathaus.said import said
from rathaus.towns.service import settings_on


def fields_of(recipient: Recipient, service: ServiceInfo) -> Iterator[str]:
    """The template paths a recipient may have; numbers of the paper form stand for the paths in `numbers`."""
    for field in recipient.fields:
        if field in service.numbers:
            yield from service.numbers[field]
        else:
            yield field


def waived(service: ServiceInfo, settings: Mapping[str, Any]) -> frozenset[str]:
    """Recipients that do not want what the law offers them: setting `<service>.verzicht`, a list of their keys."""
    wanted_not = settings.get(f"{service.key}.verzicht", [])
    return frozenset(
        recipient.key
        for recipient in service.recipients
        if recipient.waivable and recipient.key in wanted_not
    )


def _check_transmit(package: Package, parameters: Mapping[str, str]) -> Iterable[str]:
    known = {recipient.key for recipient in package.service.recipients}
    if not known:
        yield "the service has no [[recipient]] to transmit to"
    for key in parameters.get("only", "").split():
        if key not in known:
            yield said("there is no [[recipient]] with the key %(key)r", key=key)


@operation(
    "transmit",
    parameters=[Parameter("only", "keys of the recipients, separated by spaces; all if left out")],
    check=_check_transmit,
)
def transmit(work: Work, element: Element) -> None:
    """Make one transmission for each recipient whose `when` is true and who did not waive it.

    A recipient that already has one for this case gets no second.
    """
    service = work.package.service
    only = element.parameters.get("only", "").split()
    without = waived(service, settings_on(work.today))
    chosen = [
        recipient
        for recipient in service.recipients
        if recipient.key not in without
        and (not only or recipient.key in only)
        and (not recipient.when or work.evaluate(recipient.when))
    ]
    Transmission.objects.bulk_create(
        [_transmission(work, recipient) for recipient in chosen], ignore_conflicts=True
    )
    work.set_fact(element.id, {**work.case.facts.get(element.id, {}), "recipients": [r.key for r in chosen]})
    if chosen:
        work.record("transmitted", public=True, recipients=[recipient.key for recipient in chosen])


def _transmission(work: Work, recipient: Recipient) -> Transmission:
    application = work.case.application
    return Transmission(
        case=work.case,
        recipient=recipient.key,
        name=recipient.name,
        legal_basis=recipient.legal_basis,
        payload={
            "reference": application.reference,
            "received_at": application.received_at.isoformat(),
            "answers": selection(work.answers, fields_of(recipient, work.package.service)),
        },
        created_at=work.now,
    )

"""What a town offers to others of its installation, and what of it they see."""

from __future__ import annotations

import dataclasses

import pytest

from rathaus.audit import service as audit
from rathaus.catalogue.models import ServiceVersion
from rathaus.catalogue.packing import unpack
from rathaus.cli.seed import _seed_offers
from rathaus.design.service import retire
from rathaus.letters.seal import SealError, own_seal
from rathaus.people.models import User
from rathaus.sharing.parcel import fingerprint_of
from rathaus.sharing.service import (
    NotLiveError,
    fetch,
    inspect,
    offer,
    offered,
    offers,
    own_services,
    withdraw,
)
from rathaus.towns.context import acting_for
from rathaus.towns.models import Town


def test_nothing_is_offered_until_somebody_decides_so(published: ServiceVersion, other: Town) -> None:
    assert [one.offer for one in own_services()] == [None]
    with acting_for(other):
        assert offers() == []
        assert fetch("hannover", published.key) is None


def test_another_town_sees_the_public_name_the_package_and_the_seal_and_no_more(
    published: ServiceVersion, town: Town, other: Town, anna: User
) -> None:
    offer(published.key, by=anna)
    fingerprint = fingerprint_of(own_seal().certificate)
    assert offers() == []  # one's own are not adopted
    with acting_for(other):
        (seen,) = offers()
        parcel = inspect(fetch(town.slug, published.key) or b"")
    assert (seen.town, seen.town_name, seen.key) == (town.slug, town.official_name, published.key)
    assert (seen.version, seen.date, seen.fingerprint) == (1, published.live_from, fingerprint)
    assert seen.contents.title_in("en") == "Register a business"
    assert seen.contents.languages == ("de", "en", "de-simple")
    assert seen.contents.pages == parcel.files["form.toml"].count(b"[[page]]")
    assert "anna" not in repr(dataclasses.asdict(seen)).casefold()
    assert parcel.files == unpack(bytes(published.package))
    assert parcel.fingerprint == fingerprint


def test_who_offered_and_who_withdrew_stands_in_the_audit_log(published: ServiceVersion, anna: User) -> None:
    offer(published.key, by=anna)
    offer(published.key, by=anna)
    assert own_services()[0].offer is not None
    withdraw(published.key, by=anna)
    withdraw(published.key, by=anna)
    assert own_services()[0].offer is None
    found = audit.entries(subject_type="service", subject=published.key)
    assert [(entry.action, entry.actor) for entry in found] == [
        ("service.offer_withdrawn", anna),
        ("service.offered", anna),
    ]


def test_what_is_not_live_is_not_offered(published: ServiceVersion, other: Town, anna: User) -> None:
    with pytest.raises(NotLiveError):
        offer("hundesteuer", by=anna)
    offer(published.key, by=anna)
    retire(published.key, "Gehen Sie ins Amt.", by=anna, reason="Ende")
    with acting_for(other):
        assert offers() == []
        assert fetch("hannover", published.key) is None


def test_a_town_without_a_usable_seal_is_shown_without_one(
    published: ServiceVersion, other: Town, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise SealError("no seal")

    offer(published.key, by=anna)
    monkeypatch.setattr("rathaus.sharing.parcel.own_seal", broken)
    with acting_for(other):
        seen = offered("hannover", published.key)
    assert seen is not None
    assert seen.fingerprint == ""


def test_the_number_of_questions_does_not_grow_with_what_is_offered(
    published: ServiceVersion,
    plain: ServiceVersion,
    other: Town,
    anna: User,
    django_assert_num_queries: object,
) -> None:
    offer(published.key, by=anna)
    with acting_for(other):
        offers()
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert len(offers()) == 1
    offer(plain.key, by=anna)
    with acting_for(other):
        offers()
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert len(offers()) == 2


def test_the_first_demo_town_offers_its_first_service_once(
    published: ServiceVersion, other: Town, anna: User
) -> None:
    _seed_offers()
    with acting_for(other):
        assert [one.key for one in offers()] == ["gewerbeanmeldung"]
    withdraw(published.key, by=anna)
    _seed_offers()  # a later start does not undo what somebody decided
    with acting_for(other):
        assert offers() == []

"""One town never sees another's rows: every model and every address is driven as one town against the other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from rathaus.towns.context import NoTownActiveError, acting_for
from rathaus.towns.models import Town, TownHost
from rathaus.towns.owned import TownOwned
from tests.towns.conftest import PASSWORD, ClientOf, Life, own_values

# The only rows of ours that belong to no town: the towns themselves, and the hosts by which they are found.
TOWNLESS = {Town, TownHost}

OUR_MODELS = [model for model in apps.get_models() if model.__module__.startswith("rathaus.")]


def _is_link(model: type[models.Model]) -> bool:
    """A many-to-many table: its rows hang on two owned ones."""
    return bool(model._meta.auto_created)


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model.__name__)
def test_every_model_of_ours_belongs_to_a_town(model: type[models.Model]) -> None:
    assert model in TOWNLESS or _is_link(model) or issubclass(model, TownOwned)


OWNED = [model for model in OUR_MODELS if issubclass(model, TownOwned)]


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_a_query_without_a_town_is_an_error(model: type[TownOwned]) -> None:
    with pytest.raises(NoTownActiveError):
        model.objects.all()


def test_a_town_finds_all_of_its_own_rows_and_none_of_the_others(lives: dict[str, Life]) -> None:
    filled = 0
    for model, life in itertools.product(OWNED, lives.values()):
        with acting_for(life.town):
            found = {row.town_id for row in model.objects.all()}
            assert found <= {life.town.pk}, model
            assert model.objects.count() == model.across_towns.filter(town=life.town).count(), model
            filled += bool(found)
    # Nearly every table has rows in both towns, so that the comparison above means something.
    assert filled >= 2 * (len(OWNED) - 3)


def test_rows_refer_to_rows_of_their_own_town_only(lives: dict[str, Life]) -> None:
    for model in OWNED:
        links = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TownOwned)
        ]
        for row in model.across_towns.all():
            for link in links:
                other = getattr(row, f"{link}_id")
                if other is None:
                    continue
                related = model._meta.get_field(link).related_model
                assert related.across_towns.get(pk=other).town_id == row.town_id, (model, link)  # type: ignore[union-attr]


def _routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, list[str]]]:
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield pattern, re.findall(r"<(?:\w+:)?(\w+)>", pattern)
        else:
            yield from _routes(entry, pattern)


ROUTES = list(_routes())


def _addresses(pattern: str, names: list[str], values: dict[str, list[str]]) -> Iterator[str]:
    unknown = set(names) - values.keys()
    assert not unknown, f"{pattern}: say in own_values() what stands for {unknown}"
    for chosen in itertools.product(*(values[name] for name in names)):
        address = pattern
        for name, value in zip(names, chosen, strict=True):
            address = re.sub(rf"\(\?P<{name}>[^)]*\)|<(\w+:)?{name}>", value, address, count=1)
        yield "/" + address.replace("^", "").replace("$", "")


@pytest.mark.parametrize("mine_slug", ["hannover", "ahrensfurt"])
def test_no_address_shows_anything_of_the_other_town(
    lives: dict[str, Life], client_of: ClientOf, mine_slug: str
) -> None:
    mine = lives[mine_slug]
    other = next(life for slug, life in lives.items() if slug != mine_slug)
    client = _signed_in(client_of(mine.town), mine)
    codes = {"Authorization": f"Bearer {other.person['access_code']}"}
    asked = 0
    for pattern, names in ROUTES:
        for address in _addresses(pattern, names, own_values(other)):
            for method in (client.get, client.post):
                if address.endswith(("/abmelden/", "/verlassen/")):
                    continue
                response = method(address, headers=codes)
                content = b"".join(response) if response.streaming else response.content
                shown = content.decode("utf-8", "replace")
                # What was typed into the address may be repeated; anything else of the other town may not.
                leaked = {secret for secret in other.secrets if secret in shown and secret not in address}
                assert not leaked, f"{method.__name__.upper()} {address} shows {leaked}"
                asked += 1
    assert asked > 2 * len(ROUTES)


def test_the_other_towns_rows_are_not_found_where_the_own_ones_are(
    lives: dict[str, Life], client_of: ClientOf
) -> None:
    """The same addresses that answer for the own town say 404 for the other: not a word that something is there."""
    mine, other = lives["hannover"], lives["ahrensfurt"]
    client = _signed_in(client_of(mine.town), mine)
    for life, expected in ((mine, 200), (other, 404)):
        reference = life.person["reference"]
        headers = {"Authorization": f"Bearer {life.person['access_code']}"}
        assert client.get(f"/amt/vorgang/{reference}/").status_code == expected
        assert client.get(f"/api/v1/applications/{reference}", headers=headers).status_code == expected


def test_somebody_signed_in_to_one_town_is_a_stranger_in_the_other(
    lives: dict[str, Life], client_of: ClientOf
) -> None:
    mine, other = lives["hannover"], lives["ahrensfurt"]
    client = _signed_in(client_of(mine.town), mine)
    assert client.get("/amt/").status_code == 200
    client.defaults["HTTP_HOST"] = f"{other.town.slug}.localhost"
    response = client.get("/amt/")
    assert response.status_code == 302
    assert "/amt/anmelden/" in response.headers["Location"]


def _signed_in(client: Client, life: Life) -> Client:
    with acting_for(life.town):
        client.force_login(life.administrator)
    assert client.get("/amt/").status_code == 200
    return client


def test_the_password_of_one_town_opens_no_door_in_the_other(
    lives: dict[str, Life], client_of: ClientOf
) -> None:
    mine, other = lives["hannover"], lives["ahrensfurt"]
    client = client_of(other.town)
    client.post("/amt/anmelden/", {"login": mine.administrator.email, "password": PASSWORD})
    assert client.get("/amt/").status_code == 302


CROSSING = re.compile(r"across_towns(?!\.none\(\))|acting_for\(|acting_for_slug\(")


def test_no_code_reaches_across_towns_but_the_few_places_that_must() -> None:
    """Worker, sweeper and commands look after all towns; of what a request runs, only the door of offers does."""
    root = Path(__file__).resolve().parents[2] / "rathaus"
    floors = ("portal", "office", "api", "designer", "sharing", "design")
    files = [file for floor in floors for file in (root / floor).rglob("*.py")]
    crossing = [file.relative_to(root).as_posix() for file in files if CROSSING.search(file.read_text())]
    assert crossing == ["sharing/neighbours.py"]

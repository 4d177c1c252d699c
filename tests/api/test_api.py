"""The JSON API as the contract promises it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from rathaus.api.requests import LARGEST_BODY
from rathaus.applications.limits import limiter
from rathaus.applications.models import Application
from rathaus.cases.models import Case
from rathaus.catalogue.models import ServiceVersion
from rathaus.letters.seal import SealError
from rathaus.sharing.models import Offer
from rathaus.sharing.service import inspect, offer
from rathaus.towns.models import Town
from tests.applications import files
from tests.cases.intake_data import plain_answers

Answer = Any
URL = "/api/v1/services/plain/applications"


@pytest.fixture(autouse=True)
def _no_tries_counted() -> Iterator[None]:
    limiter.forget()
    yield
    limiter.forget()


@pytest.fixture
def client(town: Town, client_of: Callable[[Town], Client]) -> Client:
    return client_of(town)


def post(client: Client, body: Any, *, key: str = "one", url: str = URL, **headers: str) -> Answer:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(
        url, content, content_type="application/json", headers={"idempotency-key": key, **headers}
    )


def problem(response: Answer, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(response.content)
    assert found["status"] == status
    assert found["title"]
    return found


def test_services_are_listed_in_the_language_asked_for(plain: ServiceVersion, client: Client) -> None:
    german = client.get("/api/v1/services").json()["services"]
    english = client.get("/api/v1/services", headers={"accept-language": "en-GB,en;q=0.9"}).json()["services"]
    assert [service["title"] for service in german] == ["Einfacher Antrag"]
    assert [service["title"] for service in english] == ["Plain application"]


def test_lists_are_cached_and_asked_for_again_by_their_hash(plain: ServiceVersion, client: Client) -> None:
    first = client.get("/api/v1/services")
    assert "max-age" in first.headers["Cache-Control"]
    assert "Accept-Language" in first.headers["Vary"]
    again = client.get("/api/v1/services", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_a_service_is_in_the_catalogue_only_while_the_town_offers_it(
    plain: ServiceVersion, client: Client, town: Town
) -> None:
    assert client.get("/api/v1/catalogue").json()["services"] == []
    problem(client.get("/api/v1/catalogue/plain"), 404)
    offer("plain", by=None)
    found = client.get("/api/v1/catalogue", headers={"accept-language": "en"}).json()
    (service,) = found["services"]
    assert (found["town"], found["town_name"]) == (town.slug, town.official_name)
    assert (service["key"], service["version"], service["title"]) == ("plain", 1, "Plain application")
    answer = client.get(service["file_url"])
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plain-v1.rathaus"'
    parcel = inspect(answer.content)
    assert (parcel.town, parcel.key, parcel.version) == (town.slug, "plain", 1)
    assert parcel.fingerprint == service["fingerprint"]
    same = client.get(service["file_url"], headers={"if-none-match": answer.headers["ETag"]})
    assert same.status_code == 304
    Offer.objects.all().delete()
    problem(client.get("/api/v1/catalogue/plain"), 404)


def test_without_a_seal_the_catalogue_says_that_there_is_no_file(
    plain: ServiceVersion, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise SealError("no seal")

    offer("plain", by=None)
    monkeypatch.setattr("rathaus.sharing.parcel.own_seal", broken)
    (service,) = client.get("/api/v1/catalogue").json()["services"]
    assert (service["fingerprint"], service["file_url"]) == (None, None)
    problem(client.get("/api/v1/catalogue/plain"), 404)


def test_one_service_names_its_addresses(plain: ServiceVersion, client: Client) -> None:
    service = client.get("/api/v1/services/plain").json()
    assert service["key"] == "plain"
    assert client.get(service["schema_url"]).status_code == 200


def test_the_schema_is_json_schema_and_accepts_valid_answers(plain: ServiceVersion, client: Client) -> None:
    response = client.get("/api/v1/services/plain/schema")
    schema = json.loads(response.content)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(plain_answers())
    assert not validator.is_valid(plain_answers(kinder="zwei"))


def test_reading_the_catalogue_needs_no_query_once_it_is_known(
    plain: ServiceVersion, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    addresses = ("/api/v1/services", "/api/v1/services/plain", "/api/v1/services/plain/schema")
    for address in addresses:
        client.get(address)
    with django_assert_num_queries(0):
        for address in addresses:
            assert client.get(address).status_code == 200


def test_an_application_is_accepted(plain: ServiceVersion, client: Client) -> None:
    response = post(client, {"answers": plain_answers()})
    assert response.status_code == 201
    receipt = response.json()
    assert set(receipt) == {"reference", "access_code", "status_url", "received_at"}
    assert receipt["status_url"] == f"http://hannover.localhost/vorgang/{receipt['reference']}/"
    assert Case.objects.get().application.reference == receipt["reference"]
    assert "sessionid" not in response.cookies


def test_the_same_again_is_200_with_the_same_answer(plain: ServiceVersion, client: Client) -> None:
    first = post(client, {"answers": plain_answers()})
    again = post(client, json.dumps({"answers": dict(reversed(plain_answers().items()))}, indent=3))
    assert again.status_code == 200
    assert again.json() == first.json()
    assert Application.objects.count() == 1


def test_the_same_key_with_another_body_is_409(plain: ServiceVersion, client: Client) -> None:
    post(client, {"answers": plain_answers()})
    problem(post(client, {"answers": plain_answers(name="Jana Winter")}), 409)
    assert Application.objects.count() == 1


def test_the_portals_own_keys_cannot_be_used_from_outside(plain: ServiceVersion, client: Client) -> None:
    post(client, {"answers": plain_answers()}, key="draft:0f8c2a7e")
    assert Application.objects.get().idempotency_key == "api:draft:0f8c2a7e"


def test_every_violation_is_in_one_answer_with_its_pointer(plain: ServiceVersion, client: Client) -> None:
    answers = plain_answers(email="nonsense", unbekannt=1)
    del answers["anliegen"]["menge"]
    found = problem(post(client, {"answers": answers}), 422)
    assert {error["pointer"] for error in found["errors"]} == {
        "/answers/person/email",
        "/answers/person/unbekannt",
        "/answers/anliegen/menge",
    }
    assert not Application.objects.exists()


def test_messages_come_in_the_language_asked_for(plain: ServiceVersion, client: Client) -> None:
    answers = plain_answers()
    del answers["anliegen"]["menge"]
    german = problem(post(client, {"answers": answers}), 422)
    english = problem(post(client, {"answers": answers}, **{"accept-language": "en"}), 422)
    other = problem(post(client, {"answers": answers}, **{"accept-language": "fr"}), 422)
    assert german["errors"][0]["message"].startswith("Füllen Sie")
    assert english["errors"][0]["message"].startswith("Fill in")
    assert other == german


@pytest.mark.parametrize(
    "body",
    [
        " ",
        "{",
        "nonsense",
        b"\xff\xfe",
        '{"answers": {}, "answers": {}}',
        '{"answers": {"a": NaN}}',
        '{"answers": {"a": 1e999}}',
        '{"answers": {"a": -Infinity}}',
        '{"answers": {"a": "\\ud800"}}',
        '{"answers": {"a\\u0000": 1}}',
        '{"answers": {"a": ' + "9" * 5000 + "}}",
        '{"answers": ' + '{"a": ' * 50 + "1" + "}" * 50 + "}",
        '{"answers": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
)
def test_what_is_not_clearly_json_is_400(plain: ServiceVersion, client: Client, body: bytes | str) -> None:
    problem(post(client, body), 400)


@pytest.mark.parametrize("body", [[], '"text"', 1, None, {}, {"answers": []}, {"answers": {}, "more": 1}])
def test_json_of_another_shape_is_422(plain: ServiceVersion, client: Client, body: Any) -> None:
    assert problem(post(client, body), 422)["errors"]


def test_answers_of_the_wrong_shape_are_422(plain: ServiceVersion, client: Client) -> None:
    shapes: list[dict[str, Any]] = [
        {"person": []},
        {"person": "text"},
        {"person": {"name": {"a": 1}}},
        {"person": [{"name": "a"}]},
    ]
    for wrong in shapes:
        assert problem(post(client, {"answers": wrong}), 422)["errors"]


def test_another_content_type_is_415(plain: ServiceVersion, client: Client) -> None:
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        response = client.post(URL, "{}", content_type=content_type, headers={"idempotency-key": "one"})
        problem(response, 415)


def test_a_body_that_is_too_large_is_413_with_the_limit(plain: ServiceVersion, client: Client) -> None:
    found = problem(post(client, {"answers": plain_answers(name="x" * LARGEST_BODY)}), 413)
    assert str(LARGEST_BODY) in found["detail"]


@pytest.mark.parametrize("key", ["", " ", "ä", "x" * 201])
def test_a_key_is_required(plain: ServiceVersion, client: Client, key: str) -> None:
    problem(post(client, {"answers": plain_answers()}, key=key), 400)


def test_another_method_is_405_and_says_which_work(plain: ServiceVersion, client: Client) -> None:
    response = client.delete(URL)
    problem(response, 405)
    assert response.headers["Allow"] == "POST"
    assert client.post("/api/v1/services").headers["Allow"] == "GET, HEAD"
    assert client.head("/api/v1/services").content == b""


def test_what_does_not_exist_is_404(plain: ServiceVersion, client: Client) -> None:
    for address in (
        "",
        "nonsense",
        "services/mondreise",
        "services/mondreise/schema",
        "services/plain/nonsense",
    ):
        problem(client.get(f"/api/v1/{address}"), 404)
    problem(post(client, {"answers": {}}, url="/api/v1/services/mondreise/applications"), 404)


def test_services_of_another_town_do_not_exist(
    plain: ServiceVersion, ahrensfurt: Town, client_of: Callable[[Town], Client]
) -> None:
    elsewhere = client_of(ahrensfurt)
    assert elsewhere.get("/api/v1/services").json() == {"services": []}
    problem(post(elsewhere, {"answers": plain_answers()}), 404)


class TestStatus:
    def sent(self, client: Client) -> tuple[str, str]:
        receipt = post(client, {"answers": plain_answers()}).json()
        return f"/api/v1/applications/{receipt['reference']}", receipt["access_code"]

    def test_the_code_opens_the_status(self, plain: ServiceVersion, client: Client) -> None:
        address, code = self.sent(client)
        status = client.get(address, headers={"authorization": f"Bearer {code}"}).json()
        assert status["service"] == "plain"
        assert status["status"] == "received"
        assert [event["kind"] for event in status["timeline"]] == ["received"]
        assert status["documents"] == []
        english = client.get(
            address, headers={"authorization": f"Bearer {code}", "accept-language": "en"}
        ).json()
        assert english["reference"] == status["reference"]

    def test_without_a_code_it_is_401(self, plain: ServiceVersion, client: Client) -> None:
        address, _code = self.sent(client)
        assert problem(client.get(address), 401)
        assert client.get(address).headers["WWW-Authenticate"].startswith("Bearer")

    def test_a_wrong_code_and_a_wrong_reference_look_the_same(
        self, plain: ServiceVersion, client: Client
    ) -> None:
        address, code = self.sent(client)
        wrong_code = client.get(address, headers={"authorization": "Bearer 0000-0000-0000-0000"})
        wrong_reference = client.get(
            "/api/v1/applications/HAN-26-0000-0000", headers={"authorization": f"Bearer {code}"}
        )
        assert problem(wrong_code, 404) == problem(wrong_reference, 404)

    def test_another_town_knows_nothing_of_it(
        self, plain: ServiceVersion, client: Client, ahrensfurt: Town, client_of: Callable[[Town], Client]
    ) -> None:
        address, code = self.sent(client)
        problem(client_of(ahrensfurt).get(address, headers={"authorization": f"Bearer {code}"}), 404)

    def test_guessing_is_slowed_down_for_the_guesser_only(
        self, plain: ServiceVersion, client: Client
    ) -> None:
        address, code = self.sent(client)
        for _ in range(10):
            problem(client.get(address, headers={"authorization": "Bearer 0000-0000-0000-0000"}), 404)
        response = client.get(address, headers={"authorization": f"Bearer {code}"})
        problem(response, 429)
        assert 1 <= int(response.headers["Retry-After"]) <= 30
        elsewhere = client.get(address, headers={"authorization": f"Bearer {code}"}, REMOTE_ADDR="192.0.2.1")
        assert elsewhere.status_code == 200

    def test_looking_often_with_the_right_code_is_no_guessing(
        self, plain: ServiceVersion, client: Client
    ) -> None:
        address, code = self.sent(client)
        for _ in range(30):
            assert client.get(address, headers={"authorization": f"Bearer {code}"}).status_code == 200


class TestUploads:
    @pytest.fixture(autouse=True)
    def _own_directory(self, settings: Settings, tmp_path: Path) -> None:
        settings.DATA_DIR = tmp_path

    def upload(
        self,
        client: Client,
        content: bytes = files.PDF,
        *,
        path: str = "firma.registerauszug",
        name: str = "a.pdf",
    ) -> Answer:
        return client.post(
            f"/api/v1/services/gewerbeanmeldung/uploads?path={path}&name={name}",
            content,
            content_type="application/octet-stream",
        )

    def test_a_file_is_taken_and_can_be_named_in_the_answers(
        self, published: ServiceVersion, client: Client
    ) -> None:
        response = self.upload(client)
        assert response.status_code == 201
        assert response.json()["name"] == "a.pdf"
        assert response.json()["media_type"] == "application/pdf"

    def test_wrong_files_and_wrong_questions_are_refused(
        self, published: ServiceVersion, client: Client
    ) -> None:
        problem(self.upload(client, files.PROGRAM), 422)
        problem(self.upload(client, name="a.exe"), 422)
        problem(self.upload(client, name=""), 422)
        problem(self.upload(client, path="firma.name"), 422)
        problem(self.upload(client, path="nonsense[0]."), 422)

    def test_a_file_that_is_too_large_is_413(self, published: ServiceVersion, client: Client) -> None:
        problem(self.upload(client, files.PDF + bytes(51_000_000)), 413)

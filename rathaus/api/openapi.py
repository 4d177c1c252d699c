"""The OpenAPI 3.1 description of the API: complete, so that clients and tests can be generated from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rathaus.api.requests import LARGEST_BODY

JSON = "application/json"
PROBLEM = "application/problem+json"


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def _object(
    description: str, required: dict[str, Any], optional: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "required": list(required),
        "properties": {**required, **(optional or {})},
    }


def _list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_SCHEMAS: dict[str, Any] = {
    "Problem": _object(
        "Problem details, RFC 9457.",
        {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}},
        {"detail": {"type": "string"}, "errors": _list_of({"$ref": "#/components/schemas/Violation"})},
    ),
    "Violation": _object(
        "One thing to mend.",
        {
            "pointer": _text("JSON Pointer (RFC 6901) into the request body."),
            "message": _text("What is wrong and how to mend it, in the language of Accept-Language."),
            "code": _text("Stable name of the kind of mistake."),
        },
    ),
    "ServiceSummary": _object(
        "A service as in the list.",
        {
            "key": {"type": "string"},
            "title": {"type": "string"},
            "summary": {"type": "string"},
            "audience": _list_of({"type": "string", "enum": ["person", "business"]}),
            "url": _text("Address of the service.", format="uri-reference"),
        },
    ),
    "ServiceList": _object("What the town offers.", {"services": _list_of(_ref("ServiceSummary"))}),
    "Service": _object(
        "A service.",
        {
            "key": {"type": "string"},
            "version": _text("Number of the published version.", type="integer"),
            "title": {"type": "string"},
            "summary": {"type": "string"},
            "leika_key": _text("Key in the German catalogue of services (LeiKa)."),
            "legal_basis": _list_of({"type": "string"}),
            "audience": _list_of({"type": "string"}),
            "login_level": {"type": "string", "enum": ["none", "basic", "substantial", "high"]},
            "url": _text("This document.", format="uri-reference"),
            "page_url": _text("The page for people.", format="uri-reference"),
            "schema_url": _text("JSON Schema of the answers.", format="uri-reference"),
            "applications_url": _text("Where to send applications.", format="uri-reference"),
            "uploads_url": _text("Where to send files first.", format="uri-reference"),
        },
    ),
    "Offer": _object(
        "A service that other towns may adopt, in the version that is live.",
        {
            "key": {"type": "string"},
            "version": _text("Number of the published version.", type="integer"),
            "title": {"type": "string"},
            "summary": {"type": "string"},
            "date": _text("Since when the version is live.", format="date-time"),
            "licence": _text("SPDX identifier."),
            "fingerprint": {
                "type": ["string", "null"],
                "pattern": "^[0-9a-f]{64}$",
                "description": "SHA-256 of the certificate the file is signed with; null: the town has no usable seal.",
            },
            "file_url": {
                "type": ["string", "null"],
                "format": "uri-reference",
                "description": "The signed file; null: there is none without a seal.",
            },
        },
    ),
    "Catalogue": _object(
        "What other towns may adopt from this one: nothing unless the town decided so, service by service.",
        {
            "town": _text("Short name of the town, as the files say it."),
            "town_name": {"type": "string"},
            "services": _list_of(_ref("Offer")),
        },
    ),
    "ApplicationRequest": {
        **_object(
            "An application.",
            {"answers": {"type": "object", "description": "As the JSON Schema of the service says."}},
        ),
        "additionalProperties": False,
    },
    "Receipt": _object(
        "Committed and durable: everything that follows happens even if every process is killed right now.",
        {
            "reference": _text("Of the case, for example HAN-26-7K3M-9Q2X."),
            "access_code": _text("Opens the status. Shown here only; the same request again shows it again."),
            "status_url": _text("The status page for people.", format="uri"),
            "received_at": _text("When it was received.", format="date-time"),
        },
    ),
    "File": _object(
        "A file that was taken. Put the whole object into `answers` at its question within a day.",
        {
            "id": {"type": "string", "format": "uuid"},
            "name": {"type": "string"},
            "size": {"type": "integer", "description": "Bytes."},
            "media_type": {"type": "string"},
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        },
    ),
    "Application": _object(
        "Where an application stands.",
        {
            "reference": {"type": "string"},
            "service": _text("Key of the service."),
            "status": {"type": "string", "enum": ["received", "in_work", "waiting", "decided", "withdrawn"]},
            "status_text": {"type": "string"},
            "received_at": {"type": "string", "format": "date-time"},
            "due_on": {
                "type": ["string", "null"],
                "format": "date",
                "description": "The nearest legal deadline.",
            },
            "timeline": _list_of(
                _object(
                    "What happened.",
                    {
                        "at": {"type": "string", "format": "date-time"},
                        "kind": {"type": "string"},
                        "text": {"type": "string"},
                        "actor": {"type": "string", "enum": ["machine", "person", "applicant", "body"]},
                    },
                )
            ),
            "documents": _list_of(
                _object(
                    "A letter that is ready.",
                    {
                        "id": {"type": "integer"},
                        "title": {"type": "string"},
                        "provided_at": {"type": "string", "format": "date-time"},
                        "verification_code": _text("Proves on /pruefen/ that the letter is genuine."),
                    },
                )
            ),
        },
    ),
}

_PROBLEMS = {
    "400": "The request is malformed: no JSON, duplicate names, no or bad Idempotency-Key.",
    "401": "No access code was sent.",
    "403": "This service needs a signed-in person.",
    "404": "There is no such thing here, or it is not for you.",
    "405": "Another method; the header Allow names those that work.",
    "409": "The key was used before, for another application.",
    "411": "The header Content-Length is missing.",
    "413": "The body is too large.",
    "415": "The body is no JSON.",
    "422": "Some answers are wrong or missing: all of them are listed.",
    "429": "Too many tries; the header Retry-After says for how many seconds to wait.",
    "503": "The database cannot be reached; nothing was lost, try again.",
}


def _problems(*codes: str) -> dict[str, Any]:
    return {
        code: {"description": _PROBLEMS[code], "content": {PROBLEM: {"schema": _ref("Problem")}}}
        for code in (*codes, "503")
    }


def _answer(schema: dict[str, Any], description: str, media_type: str = JSON) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _cached() -> dict[str, Any]:
    return {"304": {"description": "Not changed since the given ETag."}}


_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "description": "Language of titles and messages: `de` (default) or `en`.",
    "schema": {"type": "string", "examples": ["de", "en"]},
}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new random value for each application. The same value and body again give the same receipt.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "example": "0f8c2a7e-6d0d-4a8e-9a59-1a5b3c9a7f10",
}


def _key(keys: Sequence[str]) -> dict[str, Any]:
    return {
        "name": "key",
        "in": "path",
        "required": True,
        "description": "Key of the service.",
        "schema": {"type": "string", **({"enum": list(keys)} if keys else {"minLength": 1})},
    }


def document(service_keys: Sequence[str], shared_keys: Sequence[str] = ()) -> dict[str, Any]:
    """The description for a town that offers these services to residents, and these to other towns."""
    key = _key(service_keys)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rathaus",
            "version": "1",
            "description": "Apply for the services of this town, and follow what becomes of it.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/api/v1"}],
        "paths": {
            "/openapi.json": {
                "get": {
                    "operationId": "describe",
                    "summary": "This document",
                    "responses": {
                        "200": _answer({"type": "object"}, "OpenAPI 3.1."),
                        **_cached(),
                        **_problems(),
                    },
                }
            },
            "/services": {
                "get": {
                    "operationId": "listServices",
                    "summary": "What the town offers",
                    "parameters": [_LANGUAGE],
                    "responses": {
                        "200": _answer(_ref("ServiceList"), "All services."),
                        **_cached(),
                        **_problems(),
                    },
                }
            },
            "/services/{key}": {
                "parameters": [key],
                "get": {
                    "operationId": "getService",
                    "summary": "One service",
                    "parameters": [_LANGUAGE],
                    "responses": {
                        "200": _answer(_ref("Service"), "The service."),
                        **_cached(),
                        **_problems("404"),
                    },
                },
            },
            "/services/{key}/schema": {
                "parameters": [key],
                "get": {
                    "operationId": "getSchema",
                    "summary": "JSON Schema 2020-12 of the answers",
                    "parameters": [_LANGUAGE],
                    "responses": {
                        "200": _answer({"type": "object"}, "The schema.", "application/schema+json"),
                        **_cached(),
                        **_problems("404"),
                    },
                },
            },
            "/services/{key}/applications": {"parameters": [key], "post": _apply()},
            "/services/{key}/uploads": {"parameters": [key], "post": _upload()},
            "/applications/{reference}": {
                "parameters": [
                    {
                        "name": "reference",
                        "in": "path",
                        "required": True,
                        "description": "Of the case, as in the receipt.",
                        "schema": {"type": "string", "minLength": 1},
                        "example": "HAN-26-7K3M-9Q2X",
                    }
                ],
                "get": {
                    "operationId": "getApplication",
                    "summary": "Where an application stands",
                    "parameters": [_LANGUAGE],
                    "security": [{"accessCode": []}],
                    "responses": {
                        "200": _answer(_ref("Application"), "The application."),
                        **_problems("401", "404", "429"),
                    },
                },
            },
            "/catalogue": {
                "get": {
                    "operationId": "listCatalogue",
                    "summary": "What other towns may adopt from this one",
                    "parameters": [_LANGUAGE],
                    "responses": {
                        "200": _answer(_ref("Catalogue"), "All offered services."),
                        **_cached(),
                        **_problems(),
                    },
                }
            },
            "/catalogue/{key}": {"parameters": [_key(shared_keys)], "get": _download()},
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "accessCode": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The access code of the application, from its receipt.",
                }
            },
        },
    }


def _apply() -> dict[str, Any]:
    return {
        "operationId": "apply",
        "summary": "Apply",
        "description": f"At most {LARGEST_BODY} bytes. Files are sent first, see uploads.",
        "parameters": [_IDEMPOTENCY, _LANGUAGE],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": _ref("ApplicationRequest"), "example": {"answers": {}}}},
        },
        "responses": {
            "201": _answer(_ref("Receipt"), "Accepted."),
            "200": _answer(_ref("Receipt"), "Accepted before: the same receipt again, no second case."),
            **_problems("400", "403", "404", "409", "413", "415", "422", "429"),
        },
    }


def _download() -> dict[str, Any]:
    return {
        "operationId": "downloadService",
        "summary": "An offered service as one file, signed with the seal of the town",
        "description": "A ZIP (`.rathaus`) of manifest, detached CMS signature and package. Other towns upload it.",
        "responses": {
            "200": _answer({"type": "string", "format": "binary"}, "The signed file.", "application/zip"),
            **_cached(),
            **_problems("404", "429"),
        },
    }


def _upload() -> dict[str, Any]:
    return {
        "operationId": "upload",
        "summary": "Send a file before the application that names it",
        "parameters": [
            {
                "name": "path",
                "in": "query",
                "required": True,
                "description": "The question the file answers, for example `nachweise[0].datei`.",
                "schema": {"type": "string", "minLength": 1},
            },
            {
                "name": "name",
                "in": "query",
                "required": True,
                "description": "File name with extension; it must fit Content-Type and content.",
                "schema": {"type": "string", "minLength": 1},
                "example": "vollmacht.pdf",
            },
            _LANGUAGE,
        ],
        "requestBody": {"required": True, "content": {"application/octet-stream": {}}},
        "responses": {
            "201": _answer(_ref("File"), "Taken."),
            **_problems("404", "411", "413", "422", "429"),
        },
    }

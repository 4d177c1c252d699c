"""`service.toml`: what a service is, whom it serves and which rules of procedure apply to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rathaus.said import said

LANGUAGES = ("de", "en", "de-simple")
LOGIN_LEVELS = ("none", "basic", "substantial", "high")

Translated = Mapping[str, str]


def translated(text: Translated, language: str) -> str:
    """The text in `language`; Leichte Sprache and languages that are missing fall back to German, the source."""
    return text.get(language) or text["de"]


class InfoError(ValueError):
    """`service.toml` says something the platform cannot work with."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key
        self.message = message


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A legal deadline of the office, counted from an event of the case."""

    id: str
    amount: int
    kind: Literal["calendar", "working"]
    start: str  # the event it is counted from, for example `received`
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A body that receives data of the application, and which fields the law lets it have."""

    key: str
    name: str
    fields: tuple[
        str, ...
    ]  # template paths of answers, or numbers of the paper form (see `ServiceInfo.numbers`)
    when: str  # CEL; empty: always
    legal_basis: str
    waivable: bool


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """The identity of a service."""

    key: str
    title: Translated
    summary: Translated
    leika_key: str
    legal_basis: tuple[str, ...]
    audience: tuple[str, ...]
    life_situations: tuple[str, ...]
    keywords: Mapping[str, tuple[str, ...]]
    login_level: str
    draft_retention_days: int
    retention_years: int
    office: str
    lanes: Mapping[str, str]
    deadlines: tuple[DeadlineRule, ...]
    recipients: tuple[Recipient, ...]
    numbers: Mapping[str, tuple[str, ...]]  # number on the paper form → template paths
    fee: Mapping[str, Any]
    remedy: Mapping[str, Any]
    notice: Mapping[str, Any]
    automation: Mapping[str, Any]
    four_eyes: tuple[str, ...]  # ids of process steps that a second person must do
    raw: Mapping[str, Any]

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> ServiceInfo:
        """Read and check the parsed file; raises `InfoError` at the first thing that is wrong."""
        reader = _Reader(data)
        title = reader.translated("title")
        info = cls(
            key=reader.text("key"),
            title=title,
            summary=reader.translated("summary"),
            leika_key=reader.text("leika_key", required=False),
            legal_basis=reader.texts("legal_basis", required=False),
            audience=reader.texts("audience"),
            life_situations=reader.texts("life_situations", required=False),
            keywords={language: tuple(words) for language, words in data.get("keywords", {}).items()},
            login_level=data.get("login_level", "none"),
            draft_retention_days=reader.number("draft_retention_days"),
            retention_years=reader.number("retention_years"),
            office=reader.text("office"),
            lanes=dict(data.get("lanes", {})),
            deadlines=tuple(_deadline(entry) for entry in data.get("deadline", [])),
            recipients=tuple(_recipient(entry) for entry in data.get("recipient", [])),
            numbers={number: tuple(paths) for number, paths in data.get("numbers", {}).items()},
            fee=dict(data.get("fee", {})),
            remedy=dict(data.get("remedy", {})),
            notice=dict(data.get("notice", {})),
            automation=dict(data.get("automation", {})),
            four_eyes=tuple(data.get("four_eyes", {}).get("steps", ())),
            raw=data,
        )
        if info.login_level not in LOGIN_LEVELS:
            raise InfoError("login_level", said("must be one of %(known)s", known=", ".join(LOGIN_LEVELS)))
        return info

    @property
    def incomplete(self) -> tuple[str, ...]:
        """What a draft may lack for a while, and a finished service may not: its key, its law, its English names."""
        lacking = {
            "leika_key": self.leika_key,
            "legal_basis": self.legal_basis,
            "title.en": self.title.get("en"),
            "summary.en": self.summary.get("en"),
        }
        return tuple(name for name, there in lacking.items() if not there)


class _Reader:
    """Typed access to the parsed file."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def text(self, key: str, *, required: bool = True) -> str:
        value = self._data.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            raise InfoError(key, said("must be a text"))
        return value

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        value = self._data.get(key, [])
        if (
            not isinstance(value, list)
            or not all(isinstance(item, str) for item in value)
            or (required and not value)
        ):
            raise InfoError(key, said("must be a list of texts"))
        return tuple(value)

    def number(self, key: str) -> int:
        value = self._data.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise InfoError(key, said("must be a whole number, 0 or more"))
        return value

    def translated(self, key: str) -> Translated:
        value = self._data.get(key)
        if not isinstance(value, dict):
            raise InfoError(key, said('must be a table of languages, for example {de = "…", en = "…"}'))
        if not value.get("de"):
            raise InfoError(f"{key}.de", said("is missing"))
        unknown = set(value) - set(LANGUAGES)
        if unknown:
            raise InfoError(
                key,
                said(
                    "unknown language %(unknown)s; known are %(known)s",
                    unknown=", ".join(sorted(unknown)),
                    known=", ".join(LANGUAGES),
                ),
            )
        return value


def _deadline(entry: Mapping[str, Any]) -> DeadlineRule:
    kind = entry.get("kind", "calendar")
    if kind not in ("calendar", "working"):
        raise InfoError("deadline.kind", said("must be calendar or working"))
    try:
        return DeadlineRule(
            id=entry["id"],
            amount=int(entry["days"]),
            kind=kind,
            start=entry.get("from", "received"),
            legal_basis=entry["legal_basis"],
        )
    except KeyError as error:
        raise InfoError(f"deadline.{error.args[0]}", said("is missing")) from error


def _recipient(entry: Mapping[str, Any]) -> Recipient:
    try:
        return Recipient(
            key=entry["key"],
            name=entry["name"],
            fields=tuple(str(item) for item in entry["fields"]),
            when=entry.get("when", ""),
            legal_basis=entry["legal_basis"],
            waivable=bool(entry.get("waivable", False)),
        )
    except KeyError as error:
        raise InfoError(f"recipient.{error.args[0]}", said("is missing")) from error

"""The log itself, for programs that compute with it: its entries, byte for byte, and its head."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.log.lookup import records_about
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.question import PAGE
from timeline.records.record import Entry
from timeline.temporal.json_schema import INSTANT
from timeline.web.api.parameters import LONGEST, MOST, Text
from timeline.web.openapi.operations import Responses
from timeline.web.service import service_of

records = APIRouter(prefix="/api", tags=["the log"], default_response_class=Response)

_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
_TIME = {"type": "string", "format": "date-time"}

# The most bytes of records in one response, unless the first record alone is larger.
LARGEST_PART = 4 * 2**20

RecordId = Annotated[str, Field(max_length=200)]

Position = Annotated[int, Field(ge=0, le=10**15)]


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object with all of these properties."""
    return {"type": "object", "required": [*properties], "properties": properties}


def _answer(**properties: dict[str, Any]) -> Responses:
    """The responses of a route."""
    content = {"application/json": {"schema": _object(**properties)}}
    return {200: {"description": "The answer.", "content": content}}


_ENTRY = _object(
    position=_NUMBER,
    recorded_at=_TIME,
    story=_TEXT,
    version=_NUMBER,
    topic=_TEXT,
    state=_TEXT,
)
ENTRIES = _answer(entries={"type": "array", "items": _ENTRY}, more={"type": "boolean"})
HEAD = _answer(position=_NUMBER, recorded_at={"type": ["string", "null"], "format": "date-time"})
STORIES = _answer(stories={"type": "object", "additionalProperties": _NUMBER})
SETTINGS = _answer(name=_TEXT, zone=_TEXT)
FACTS = _answer(where=_TEXT, size=_NUMBER, software=_TEXT, version=_TEXT)


class Entries(BaseModel):
    """Which entries to return: all, or a selection by one of these parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Position = Field(
        0, description="Only entries after this position; with `story`, after this version."
    )
    until: Position | None = Field(
        None, description="Only entries up to this position; with `story`, up to this version."
    )
    limit: int = Field(PAGE, ge=1, le=MOST, description="The most entries to return.")
    id: list[RecordId] = Field(
        default_factory=list,
        max_length=100,
        description="The entries of the records with these ids.",
    )
    amends: RecordId | None = Field(None, description="The amendments of this event.")
    topic: Text | None = Field(
        None, description="The entries stored under this topic, such as `joined:1`."
    )
    story: Text | None = Field(None, description="The entries of this story.")
    about: list[RecordId] = Field(
        default_factory=list,
        max_length=100,
        description="The events with these ids, their other accounts, and the amendments "
        "of all of them.",
    )

    @model_validator(mode="after")
    def _chosen_in_one_way(self) -> Entries:
        if sum(map(bool, (self.id, self.amends, self.topic, self.story, self.about))) > 1:
            raise ValueError("give only one of id, amends, topic, story and about")
        return self


class Instant(BaseModel):
    """A point in time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instant: Annotated[str, Field(max_length=LONGEST, json_schema_extra=INSTANT)] | None = Field(
        None, description="The last record recorded by this instant (RFC 3339). Default: now."
    )


@records.get("/entries", responses=ENTRIES)
async def entries(request: Request, asked: Annotated[Entries, Query()]) -> Response:
    """The entries of the log: `state` is the canonical JSON of a record, without position and time.

    `more` is true if there are more entries: repeat the request with `after` set to the last
    position.
    """

    def read(newsroom: Newsroom) -> dict[str, Any]:
        return part_of(chosen_entries(newsroom, asked), asked.limit)

    return await _read(request, read)


@records.get("/head", responses=HEAD)
async def head(request: Request, asked: Annotated[Instant, Query()]) -> Response:
    """The last position of the log, now or at an instant."""

    def read(newsroom: Newsroom) -> dict[str, Any]:
        log = newsroom.store
        if asked.instant is not None:
            position = log.position_at(_instant(asked.instant))
            found = next(log.entries(position - 1, position), None) if position else None
            recorded_at = None if found is None else found.recorded_at
        else:
            position, recorded_at = log.head()
        written = None if recorded_at is None else temporal.format_instant(recorded_at)
        return {"position": position, "recorded_at": written}

    return await _read(request, read)


@records.get("/stories", responses=STORIES)
async def stories(request: Request) -> Response:
    """Each story with its version: how many records it holds."""
    return await _read(request, lambda newsroom: {"stories": newsroom.store.stories()})


@records.get("/settings", responses=SETTINGS)
async def settings(request: Request) -> Response:
    """The newsroom's name, its zone, and its own types, as in `timeline.toml`."""
    return _written(service_of(request).settings.as_table())


@records.get("/facts", responses=FACTS)
async def facts(request: Request) -> Response:
    """Where the log is stored, its size in bytes, and the software."""
    return await _read(request, lambda newsroom: newsroom.store.facts()._asdict())


def _instant(text: str) -> int:
    try:
        return temporal.parse_instant(text)
    except temporal.InstantError as error:
        raise InputError([Problem(error.message, error.hint, "instant")]) from error


def chosen_entries(newsroom: Newsroom, asked: Entries) -> Iterable[Entry]:
    """The entries that are asked for, in order of position."""
    log, last = newsroom.store, asked.until
    found: Iterable[Entry]
    if asked.story is not None:
        return log.select_events(asked.story, gt=asked.after, lte=last)
    if asked.about:
        vocabulary = newsroom.settings.vocabulary
        end = log.head().position if last is None else last
        about = records_about(asked.about, log, vocabulary, end)
        found = (entry for each in about for entry in log.entries(each.position - 1, each.position))
    elif asked.id:
        named = (log.find(id) for id in dict.fromkeys(asked.id))
        found = sorted(each for each in named if each is not None)
    elif asked.amends is not None:
        found = log.amendments_of(asked.amends)
    elif asked.topic is not None:
        found = log.of_type(asked.topic)
    else:
        return log.entries(asked.after, last)
    return (
        each
        for each in found
        if each.position > asked.after and (last is None or each.position <= last)
    )


def part_of(found: Iterable[Entry], limit: int) -> dict[str, Any]:
    """Some of the entries, and whether there are more."""
    part: list[dict[str, Any]] = []
    size, rest = 0, iter(found)
    for entry in islice(rest, limit):
        written = entry._asdict()
        written["recorded_at"] = temporal.format_instant(entry.recorded_at)
        written["state"] = entry.state.decode()
        part.append(written)
        size += len(entry.state)
        if size >= LARGEST_PART:
            break
    return {"entries": part, "more": next(rest, None) is not None}


async def _read(request: Request, read: Callable[[Newsroom], dict[str, Any]]) -> Response:
    def written(newsroom: Newsroom) -> Response:
        return _written(read(newsroom))

    return await service_of(request).executor.read(written)


def _written(answer: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "private, no-cache"}
    return Response(orjson.dumps(answer) + b"\n", 200, headers, "application/json")

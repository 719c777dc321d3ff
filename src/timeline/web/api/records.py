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
from timeline.web.api.parameters import MOST, Text
from timeline.web.openapi.operations import Responses
from timeline.web.service import service_of

records = APIRouter(prefix="/api", tags=["the log"], default_response_class=Response)

_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
_TIME = {"type": "string", "format": "date-time"}

# Bytes of records in one part, unless the first one alone is larger.
LARGEST_PART = 4 * 2**20

RecordId = Annotated[str, Field(max_length=200)]

Position = Annotated[int, Field(ge=0, le=10**15)]


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object with all of these properties."""
    return {"type": "object", "required": [*properties], "properties": properties}


def _answer(**properties: dict[str, Any]) -> Responses:
    """What a route answers."""
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
    """Which entries: all, or those selected in one of these ways."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Position = Field(
        0, description="Those after this position; of a story, after this version."
    )
    until: Position | None = Field(
        None, description="Those up to this position; of a story, up to this version."
    )
    limit: int = Field(PAGE, ge=1, le=MOST, description="The most entries to return.")
    id: list[RecordId] = Field(
        default_factory=list, max_length=100, description="Those of the records with these ids."
    )
    amends: RecordId | None = Field(None, description="The amendments of that event.")
    topic: Text | None = Field(None, description="Those stored under that topic: `joined:1`.")
    story: Text | None = Field(None, description="Those of this story.")
    about: list[RecordId] = Field(
        default_factory=list,
        max_length=100,
        description="The events with these ids, the other accounts of the same, and what "
        "amends them.",
    )

    @model_validator(mode="after")
    def _chosen_in_one_way(self) -> Entries:
        if sum(map(bool, (self.id, self.amends, self.topic, self.story, self.about))) > 1:
            raise ValueError("choose by id, amends, topic, story or about: by one of them")
        return self


class Instant(BaseModel):
    """A point in time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instant: Text | None = Field(
        None, description="The last record that was recorded by then. RFC 3339. Default: now."
    )


@records.get("/entries", responses=ENTRIES)
async def entries(request: Request, asked: Annotated[Entries, Query()]) -> Response:
    """The entries of the log: `state` is the canonical JSON of a record, without position and time.

    `more` tells that there are more: ask again, after the last position.
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

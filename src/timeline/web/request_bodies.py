"""Records in the body of a request: one JSON object, a JSON array of them, or JSON lines."""

from __future__ import annotations

import asyncio
import re
from io import BytesIO
from typing import NamedTuple

import orjson
from fastapi import Request

from timeline.errors import InputError, Problem
from timeline.newsroom.append import read_lines
from timeline.newsroom.validate_many import RawRecord
from timeline.records import jsonl
from timeline.web.problems import RefusedError

JSON = "application/json"
LINES = ("application/jsonl", "application/x-ndjson", "application/jsonlines")

# A larger body is parsed in a thread, so that it does not block other requests.
LARGE = 64 * 1024

_UTF8 = re.compile(r'charset="?(?:utf-?8|us-ascii)"?', re.IGNORECASE | re.ASCII)


class Body(NamedTuple):
    """The records of a body, parsed if they can be, and whether it is a single record."""

    items: list[RawRecord]
    is_one: bool


async def records_in(request: Request) -> Body:
    """The records in the body of a request.

    Raises:
        RefusedError: it is too large, or of another media type.
        InputError: it is not JSON. Validation reports problems with single records later.
    """
    is_lines = _media_type(request, (JSON, *LINES)) != JSON
    body = await request.body()
    read = _lines if is_lines else _json
    return await asyncio.to_thread(read, body) if len(body) > LARGE else read(body)


async def object_in(request: Request) -> dict[str, object]:
    """The JSON object in the body of a request.

    Raises:
        RefusedError: it is too large, or of another media type.
        InputError: it is not a JSON object.
    """
    _media_type(request, (JSON,))
    found = _parsed(await request.body())
    if not isinstance(found, dict):
        raise InputError("the body should be a JSON object")
    return found


async def lines_in(request: Request) -> list[RawRecord]:
    """The JSON lines in the body of a request, not parsed yet.

    Raises:
        RefusedError: it is too large, or of another media type.
    """
    _media_type(request, LINES)
    return list(read_lines(BytesIO(await request.body()), None))


def _media_type(request: Request, known: tuple[str, ...]) -> str:
    """The declared media type of a body.

    Raises:
        RefusedError: it is not supported here.
    """
    given, *parameters = request.headers.get("content-type", "").split(";")
    name = given.strip().casefold()
    said = [each.strip() for each in parameters if each.strip().casefold().startswith("charset")]
    if name not in known:
        what = f"{name!r} is not supported" if name else "the body has no Content-Type"
        raise RefusedError(415, f"{what}: send {' or '.join(known)}", {"Accept": ", ".join(known)})
    if not all(map(_UTF8.fullmatch, said)):
        raise RefusedError(415, "the body should be UTF-8", {"Accept": ", ".join(known)})
    if request.headers.get("content-encoding", "identity").strip().casefold() != "identity":
        raise RefusedError(
            415, "compressed bodies are not supported", {"Accept-Encoding": "identity"}
        )
    return name


def _lines(body: bytes) -> Body:
    items = read_lines(BytesIO(body), None)
    return Body([each._replace(value=_value(each)) for each in items], False)


def _value(item: RawRecord) -> object:
    return jsonl.parse(item.value) if isinstance(item.value, bytes) else item.value


def _json(body: bytes) -> Body:
    """One record, or those of an array, which are numbered from 1 like lines."""
    value = _parsed(body)
    if not isinstance(value, list):
        return Body([RawRecord(value)], True)
    return Body(
        [RawRecord(_short(each, body), number) for number, each in enumerate(value, 1)], False
    )


def _parsed(body: bytes) -> object:
    """The value of a body.

    Raises:
        InputError: it is not JSON.
    """
    text = body.removeprefix(b"\xef\xbb\xbf")
    found = jsonl.parse(text, longest=None if text.lstrip()[:1] == b"[" else jsonl.LONGEST)
    if isinstance(found, Problem):
        hint = f"one JSON value, in UTF-8; JSON lines are {LINES[0]}"
        raise InputError([found._replace(hint=hint) if "not JSON" in found.message else found])
    return found


def _short(value: object, body: bytes) -> object:
    """A record of an array, which may be as long as a line of JSON."""
    if len(body) <= jsonl.LONGEST:
        return value
    try:
        length = len(orjson.dumps(value))
    except TypeError:  # Nested too deeply; validation reports that.
        return value
    return jsonl.too_long() if length > jsonl.LONGEST else value

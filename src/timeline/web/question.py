"""A question as the service takes it, and the reply: byte for byte what the CLI prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from timeline import temporal
from timeline.newsroom.newsroom import PUBLICATION, Newsroom
from timeline.newsroom.questions import Audit, Listing, Questions
from timeline.projections.answer import Answer
from timeline.projections.lineage import record_json
from timeline.render.json_output import json_bytes

JSON, LINES = "application/json", "application/jsonl"

# The views that read the whole log, however small the part that was asked for.
_WHOLE = ("check", "replay", "entities", "verify", "map")

# The views of which no valid time is asked.
_TIMELESS = ("log", "entities", "map")

# What the lines of an answer are.
LISTS = {
    "snapshot": "statements",
    "map": "statements",
    "chronology": "events",
    "why": "statements",
    "diff": "changes",
    "check": "findings",
    "entities": "entities",
    "replay": "steps",
    "log": "records",
}

# Two dates without brackets or open sides of a period, so that `..` is between them.
_PLAIN = re.compile(r"[^\[\]{},/]+[.]{2}[^\[\]{},/]+")

# A position, or two of them.
_POSITIONS = re.compile("[0-9]+([.]{2}[0-9]+)?", re.ASCII)


class HttpQuestion(NamedTuple):
    """A question: the name of a method of `Questions`, and what to call it with.

    `format` is `json` or `jsonl`.
    """

    name: str
    given: Mapping[str, Any]
    format: str = "json"

    @property
    def key(self) -> str:
        """What tells this question from others."""
        return repr((self.name, self.format, sorted(self.given.items())))

    @property
    def is_timeless(self) -> bool:
        """Whether "now" is no part of it: only a new record can change the answer.

        It is a part of words, such as "yesterday", and of an end that is left open.
        """
        given = self.given
        if given.get("as_of") is None and self.name not in _TIMELESS:
            return False
        times = (given.get(name) for name in ("as_of", "as_known", "since", "until"))
        return all(each is None or _is_said_by_itself(each) for each in times)

    @property
    def is_fixed(self) -> bool:
        """Whether nothing can change the answer: it is asked by fixed points of both clocks."""
        known = self.given.get("as_known")
        return known is not None and bool(_POSITIONS.fullmatch(known)) and self.is_timeless

    @property
    def is_long(self) -> bool:
        """Whether it may take as long as the log is."""
        given = self.given
        if self.name in _WHOLE or given.get("depth", 1) > 2:
            return True
        if self.name in ("chronology", "diff"):
            return given.get("entity") is None
        return self.name == "log" and not given["as_of"] is given["entity"] is None


@lru_cache(maxsize=4096)
def _is_said_by_itself(point: str) -> bool:
    """Whether a point of a clock, or A..B, is the same whenever it is said."""
    if point.startswith(PUBLICATION) or _POSITIONS.fullmatch(point):
        return True
    try:
        temporal.parse_instant(point)
    except temporal.InstantError:
        ends = point.split("..") if _PLAIN.fullmatch(point) else [point]
        return len(ends) <= 2 and all(map(_is_edtf, ends))
    return True


def _is_edtf(text: str) -> bool:
    try:
        temporal.read(text)
    except temporal.EdtfError:
        return False
    return True


class Reply(NamedTuple):
    """What goes out: the bytes, the digest of the answer, and remarks beside it.

    Where a list may go on, `last` is the last position in it, and `cut` that of the log.
    """

    body: bytes
    media_type: str
    digest: str | None = None
    notes: tuple[str, ...] = ()
    last: int | None = None
    cut: int | None = None


def reply_to(newsroom: Newsroom, asked: HttpQuestion, now: int) -> Reply:
    """The reply to a question that is asked at the instant `now`.

    Raises:
        InputError: the question cannot be read.
        StoreError: the log cannot be read.
    """
    notes: list[str] = []
    questions = Questions(newsroom, notes.append, now)
    found = getattr(questions, asked.name)(**asked.given)
    if isinstance(found, temporal.ParsedDate):
        found = temporal.reading_json(found)
    if isinstance(found, dict):
        listed = LISTS.get(asked.name)
        entries = [found] if listed is None else found[listed]
        body = _lines(entries) if asked.format == "jsonl" else _object(found)
        return Reply(body, _media_type(asked), found.get("digest"), tuple(notes))
    return _part_of_list(found, asked, notes)


def _part_of_list(found: Listing | Audit, asked: HttpQuestion, notes: list[str]) -> Reply:
    """The reply with some records, or some steps, of all those that were asked for."""
    digest = None
    if isinstance(found, Listing):
        entries = [record_json(record) for record in found.records]
        answer: Answer = {"records": entries}
    else:
        entries = list(found.steps)
        answer = found._replace(steps=iter(entries)).answer()
        digest = answer["digest"]
    body = _lines(entries) if asked.format == "jsonl" else _object(answer)
    limit, cut = asked.given["limit"], found.basis.as_known
    last = entries[-1]["position"] if len(entries) == limit else None
    goes_on = last is not None and last < cut
    return Reply(body, _media_type(asked), digest, tuple(notes), last if goes_on else None, cut)


def _media_type(asked: HttpQuestion) -> str:
    return LINES if asked.format == "jsonl" else JSON


def _object(answer: Answer) -> bytes:
    return json_bytes(answer) + b"\n"


def _lines(entries: Iterable[Answer]) -> bytes:
    return b"".join(json_bytes(entry, indent=False) + b"\n" for entry in entries)

"""A question over HTTP, and its reply: byte for byte what the CLI prints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from timeline import temporal
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.legend import legend_of
from timeline.projections.positions import is_position
from timeline.projections.question import PUBLICATION, Listing, Question
from timeline.render.json_output import json_bytes

JSON, LINES = "application/json", "application/jsonl"
FULL = "application/vnd.timeline.full+json"

MEDIA_TYPES = {"json": JSON, "jsonl": LINES, "full": FULL}

# Two dates without brackets or open sides of a period, so that `..` is between them.
_PLAIN = re.compile(r"[^\[\]{},/]+[.]{2}[^\[\]{},/]+")


class HttpQuestion(NamedTuple):
    """A question as it was asked over HTTP.

    `format` is `json`; `jsonl` for the entries of the answer, one a line; or `full` for the
    answer with its legend and notes.
    """

    question: Question[Any]
    format: str = "json"

    @property
    def key(self) -> str:
        """The cache key of the question."""
        return repr(self)

    @property
    def is_timeless(self) -> bool:
        """Whether the answer depends only on the log, not on the current time.

        Words such as "yesterday" and omitted times depend on it.
        """
        question = self.question
        dates = [getattr(question, name, None) for name in ("as_of", "during")]
        if question.depends_on_now and not any(dates):
            return False
        names = ("as_known", "since", "until")
        times = (*dates, *(getattr(question, name, None) for name in names))
        return all(each is None or _is_said_by_itself(each) for each in times)

    @property
    def is_fixed(self) -> bool:
        """Whether the answer can never change, because the question fixes both times."""
        known = getattr(self.question, "as_known", None)
        return known is not None and _is_fixed(known) and self.is_timeless

    @property
    def is_long(self) -> bool:
        """Whether the time to answer may grow with the log."""
        return self.question.reads_all()


def _is_fixed(as_known: str) -> bool:
    """Whether it is a position, or two of them."""
    ends = as_known.split("..")
    return len(ends) <= 2 and all(map(is_position, ends))


@lru_cache(maxsize=4096)
def _is_said_by_itself(point: str) -> bool:
    """Whether a time, or A..B, means the same whenever it is used."""
    if point.startswith(PUBLICATION) or _is_fixed(point):
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
    """A reply: its bytes, the digest of the answer, and remarks.

    For a page of a list, `last` is the last position in it, and `cut` the position of the log.
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
    newsroom.note = notes.append
    question = asked.question
    last = cut = None
    if isinstance(question, Listing):
        part = newsroom.part(question, now=now)
        entries = list(part.entries)
        answer, cut = part.whole(entries), part.cut
        if len(entries) == question.limit and entries[-1]["position"] < cut:
            last = entries[-1]["position"]
    else:
        answer = newsroom.ask(question, now=now)
    if asked.format == "full":
        legend = legend_of(question, answer, newsroom)
        body = _object({"answer": answer, "legend": legend, "notes": notes})
    elif asked.format == "jsonl":
        body = _lines(question.lines(answer))
    else:
        body = _object(answer)
    return Reply(body, MEDIA_TYPES[asked.format], answer.get("digest"), tuple(notes), last, cut)


def _object(answer: object) -> bytes:
    return json_bytes(answer) + b"\n"


def _lines(entries: Iterable[object]) -> bytes:
    return b"".join(json_bytes(entry, indent=False) + b"\n" for entry in entries)

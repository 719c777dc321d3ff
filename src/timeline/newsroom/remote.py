"""A newsroom behind a service: one request for each question, with the same answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import orjson
from typing_extensions import TypedDict
from uuid_utils import uuid7

from timeline import temporal
from timeline.client.connection import Answered, Connection, parsed
from timeline.client.sse import followed
from timeline.errors import InputError, Problem, StoreError
from timeline.newsroom.api import (
    Appended,
    AppendedRecord,
    Broken,
    Imported,
    NewsroomApi,
    Note,
    Previewed,
)
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.projections.answer import sealed
from timeline.projections.contradictions import ContradictoryDates
from timeline.projections.legend import Legend
from timeline.projections.log import Log
from timeline.projections.preview import Preview
from timeline.projections.question import PAGE, Listing, Question
from timeline.projections.replay import StepJson
from timeline.records.record import Content, Draft, Entry
from timeline.records.settings import CONFIG, Settings, settings_from

A = TypeVar("A")
E = TypeVar("E")


class _WithLegend(TypedDict, Generic[A]):
    answer: A
    legend: Legend
    notes: list[str]


class _Stories(TypedDict):
    stories: dict[str, int]


class _Place(TypedDict):
    id: str
    position: int
    recorded_at: str
    story: str
    version: int


class _Appended(TypedDict):
    appended: int
    known: int
    records: list[_Place]


class _Imported(TypedDict):
    imported: int
    known: int
    head: int


class _Previewed(_Place):
    known: bool
    now: StepJson | None
    then: StepJson | None
    findings: list[ContradictoryDates]
    notes: list[str]
    misspelt: bool


class _Head(TypedDict):
    position: int


class _Entries(TypedDict):
    entries: list[dict[str, Any]]
    more: bool


class RemoteNewsroom(NewsroomApi):
    """A newsroom behind a service. It is thread-safe.

    Requests that are not answered are retried for the connection's `patience`. All methods raise
    InputError if the service refuses, StoreError if it fails, and UnreachableError if it does not
    answer.
    """

    def __init__(self, connection: Connection, note: Note = lambda text: None):
        self.connection = connection
        self.note = note

    @cached_property
    def settings(self) -> Settings:  # type: ignore[override]
        """The service's `timeline.toml`, requested once."""
        table = self._get("/api/settings").json()
        return settings_from(table, self.connection.url, Path(CONFIG))

    def close(self) -> None:
        self.connection.close()

    # Asking

    def ask(self, question: Question[A], at_least: int = 0) -> A:
        answer: A
        if not isinstance(question, Listing):
            answer = self._get(*_request(question, at_least)).json(question.answer_type())
            return answer
        pages = list(self._pages(question, at_least))
        whole, _ = pages[0]
        whole[question.lists] = [entry for _, entries in pages for entry in entries]
        answer = sealed(whole) if len(pages) > 1 and "digest" in whole else whole
        return answer

    def ask_with_legend(self, question: Question[A], at_least: int = 0) -> tuple[A, Legend]:
        answered = self.connection.get(*_request(question, at_least, format="full"))
        found: _WithLegend[A] = answered.json(_WithLegend[question.answer_type()])  # type: ignore[misc]
        for note in found["notes"]:
            self.note(note)
        return found["answer"], found["legend"]

    def entries(self, question: Listing[Any, E], at_least: int = 0) -> Iterator[E]:
        for _, entries in self._pages(question, at_least):
            yield from entries

    def _pages(self, question: Listing[Any, E], at_least: int) -> Iterator[tuple[Any, list[E]]]:
        """The answer in parts, each with its entries, up to the question's limit."""
        left = question.limit
        size = PAGE if left is None else min(left, PAGE)
        answered = self._get(*_request(replace(question, limit=size), at_least))
        while True:
            page = answered.json(question.answer_type())
            entries = page[question.lists]
            if left is not None:
                entries = entries[:left]
                left -= size
            yield page, entries
            if answered.next is None or (left is not None and left <= 0):
                return
            answered = self._get(answered.next)

    def stories(self) -> Mapping[str, int]:
        found: _Stories = self._get("/api/stories").json(_Stories)
        return found["stories"]

    def _get(self, path: str, values: Mapping[str, object] | None = None) -> Answered:
        return self._noted(self.connection.get(path, values))

    def _noted(self, answered: Answered) -> Answered:
        for note in answered.notes:
            self.note(note)
        return answered

    # Appending

    def append_items(
        self,
        items: Iterable[RawRecord],
        by: str | None,
        expected: Mapping[str, int],
        dry_run: bool = False,
    ) -> Appended:
        items = list(items)
        lines = [_line(item, by) for item in items]
        answered = self._post("/api/append", items, lines, expected, dry_run)
        found = answered.json(_Appended)
        return Appended(found["appended"], found["known"], found["records"])

    def import_items(
        self,
        items: Iterable[RawRecord],
        seen: Callable[[int], None] = lambda size: None,
        dry_run: bool = False,
    ) -> Imported:
        if dry_run:
            with self.whole() as copy:
                return copy.import_items(items, seen, dry_run)
        items, lines = list(items), []
        for item in items:
            lines.append(_bytes(item))
            seen(len(lines[-1]))
        found: _Imported = self._post("/api/import", items, lines).json(_Imported)
        return Imported(found["imported"], found["known"], found["head"], None)

    def preview(
        self, record: Mapping[str, object], by: str | None, expected: Mapping[str, int]
    ) -> Previewed:
        given = dict(record) if by is None else {"recorded_by": by, **record}
        answered = self.connection.post(
            "/api/append",
            orjson.dumps(given),
            "application/json",
            {"dry_run": "true"},
            _if_match(expected),
        )
        found = self._noted(answered).json(_Previewed)
        for note in found["notes"]:
            self.note(note)
        row: AppendedRecord = {
            "id": found["id"],
            "position": found["position"],
            "recorded_at": found["recorded_at"],
            "story": found["story"],
            "version": found["version"],
        }
        if found["known"]:
            return Previewed(row, known=True)
        effects = Preview(found["now"], found["then"], found["findings"])
        return Previewed(row, False, effects, found["misspelt"])

    def _post(
        self,
        path: str,
        items: list[RawRecord],
        lines: list[bytes],
        expected: Mapping[str, int] | None = None,
        dry_run: bool = False,
    ) -> Answered:
        """Send records, each a line of JSON; problems are reported where the records came from."""
        values = {"dry_run": "true"} if dry_run else None
        body = b"".join(line + b"\n" for line in lines)
        headers = _if_match(expected or {})
        try:
            return self._noted(
                self.connection.post(path, body, "application/jsonl", values, headers)
            )
        except InputError as error:
            problems = [_at_its_place(each, items) for each in error.problems]
            raise InputError(problems, complete=error.complete) from error

    # The whole log

    def follow(
        self,
        after: int | None = None,
        story: str | None = None,
        broken: Broken = lambda error, wait: None,
    ) -> Iterator[Content]:
        start = self._get("/api/head").json(_Head)["position"] if after is None else after
        for line in followed(self.connection, start, story, broken):
            yield parsed(line, Log.entry_type())

    def whole(self, at_least: int = 0) -> Newsroom:
        """A copy of the log in memory, downloaded now."""
        if at_least:
            self._get("/api/status", {"at_least": at_least})
        from timeline.log.mapper import to_stored_record

        copy = Newsroom.in_memory(self.settings, self.note)
        drafts = (
            Draft(record.type, record.content, record.recorded_at)
            for record in map(copy.decode, self._download())
        )
        copy.store.recorder.insert_events(list(map(to_stored_record, drafts)))
        return copy

    def _download(self) -> Iterator[Entry]:
        after = 0
        while True:
            part: _Entries = self._get("/api/entries", {"after": after}).json(_Entries)
            for each in part["entries"]:
                yield _entry(each)
            if not part["more"]:
                return
            if not part["entries"]:
                raise StoreError("the service sends no entries, and says that there are more")
            after = part["entries"][-1]["position"]


def _request(
    question: Question[Any], at_least: int, format: str | None = None
) -> tuple[str, dict[str, object]]:
    """The path and the query that ask a question."""
    path = ["/api", question.name()]
    values: dict[str, object] = {"format": format, "at_least": at_least or None}
    for each in question.parameters():
        value = getattr(question, each.field)
        if each.param.kind != "path":
            values[each.name] = None if value == each.default and not each.required else value
        elif value is not None:
            path.append(quote(value, safe=""))
    return "/".join(path), values


def _if_match(expected: Mapping[str, int]) -> dict[str, str]:
    tags = ", ".join(f'"{story}={version}"' for story, version in expected.items())
    return {"If-Match": tags} if tags else {}


def _line(item: RawRecord, by: str | None) -> bytes:
    """A record as a line of JSON, with an id, so that sending it again adds nothing."""
    value = item.value
    if isinstance(value, bytes):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return _bytes(item)
    if not isinstance(value, dict):
        return _bytes(item)
    signature = {} if by is None else {"recorded_by": by}
    identity = {} if "id" in value else {"id": str(uuid7())}
    return orjson.dumps({**identity, **signature, **value})


def _bytes(item: RawRecord) -> bytes:
    if isinstance(item.value, Problem):
        raise InputError([item.value._replace(line=item.line, file=item.file)])
    return item.value if isinstance(item.value, bytes) else orjson.dumps(item.value)


def _at_its_place(problem: Problem, items: list[RawRecord]) -> Problem:
    """A problem with the line and the file of the record that it is about."""
    if problem.line is None or not 0 < problem.line <= len(items):
        return problem
    item = items[problem.line - 1]
    return problem._replace(line=item.line, file=item.file)


def _entry(said: dict[str, Any]) -> Entry:
    try:
        recorded_at = temporal.parse_instant(said["recorded_at"])
        return Entry(**{**said, "recorded_at": recorded_at, "state": said["state"].encode()})
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"the service sends an invalid entry: {error}") from error

"""A service's questions as methods: what they take, the commands take, and they say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Self
from urllib.parse import quote

import orjson
from uuid_utils import uuid7

from timeline.client.connection import Answered, Connection, Values
from timeline.client.sse import Broken, followed

JSON = Any

SnapshotSource = int | str | None
"""A position, an instant, a day, or `publication:NAME`; None is the head."""

# So many records or steps are asked for at once.
PAGE = 1000


class Client:
    """Asks a service at an address with the secret of a token.

    What does not answer is asked again for `patience` seconds. `note` takes the remarks
    beside answers, such as that a name was read as an entity.

    All methods raise InputError if the service refuses what it was asked, and StoreError if it
    failed, UnreachableError if it does not answer. A client may be used by any thread.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        patience: float = 10,
        note: Callable[[str], None] = lambda text: None,
    ):
        self.connection = Connection(url, token, patience)
        self.note = note

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def snapshot(
        self, entity: str, as_of: str | None = None, as_known: SnapshotSource = None, depth: int = 1
    ) -> JSON:
        """The state of an entity."""
        return self.ask(_path("snapshot", entity), as_of=as_of, as_known=as_known, depth=depth)

    def map(self, entity: str, as_known: SnapshotSource = None) -> JSON:
        """The state of an entity at all times, as ever known up to a cut of the log."""
        return self.ask(_path("map", entity), as_known=as_known)

    def chronology(
        self,
        story: str | None = None,
        entity: str | None = None,
        as_of: str | None = None,
        as_known: SnapshotSource = None,
    ) -> JSON:
        """What happened, in order: in a story, or about an entity."""
        path = _path("chronology", story)
        return self.ask(path, entity=entity, as_of=as_of, as_known=as_known)

    def why(
        self,
        entity: str,
        property: str | None = None,
        as_of: str | None = None,
        as_known: SnapshotSource = None,
    ) -> JSON:
        """The records behind each statement about an entity, or behind those of a property."""
        return self.ask(_path("why", entity, property), as_of=as_of, as_known=as_known)

    def diff(
        self,
        entity: str | None = None,
        story: str | None = None,
        as_of: str | None = None,
        as_known: str | None = None,
    ) -> JSON:
        """What changed from A to B, `A..B`: about an entity, in what a story bears on, or all."""
        return self.ask(_path("diff", entity), story=story, as_of=as_of, as_known=as_known)

    def check(self, **asked: Any) -> JSON:
        """What is left to settle.

        `story`, `entity`, `only` (kinds of findings), `stale_after`, `silence`, `as_of` and
        `as_known` ask for a part of it.
        """
        return self.ask("/api/check", **asked)

    def replay(self, limit: int | None = None, first: int = 1, **asked: Any) -> Iterator[JSON]:
        """The audit, step by step from position `first` on.

        `story`, `entity`, `by`, `type` (one, or a list of them), `since`, `until`, `as_of` and
        `as_known` ask for a part of it.
        """
        values = {"from": first, **asked}
        steps = (
            step for page in self.pages("/api/replay", values, limit) for step in page["steps"]
        )
        return islice(steps, limit)

    def log(self, limit: int | None = None, first: int = 1, **asked: Any) -> Iterator[JSON]:
        """The records from position `first` on, in the order in which they were recorded.

        `story`, `entity`, `type`, `as_of` and `as_known` ask for a part of them.
        """
        values = {"from": first, **asked}
        found = (each for page in self.pages("/api/log", values, limit) for each in page["records"])
        return islice(found, limit)

    def show(self, id: str, as_of: str | None = None, as_known: SnapshotSource = None) -> JSON:
        """A record with its lineage."""
        return self.ask(_path("show", id), as_of=as_of, as_known=as_known)

    def entities(
        self, query: str | None = None, kind: str | None = None, as_known: SnapshotSource = None
    ) -> JSON:
        """Who and what the records name: all entities, or those that `query` may mean."""
        return self.ask("/api/entities", query=query, kind=kind, as_known=as_known)

    def when(self, expression: str, zone: str | None = None) -> JSON:
        """How a date is read."""
        return self.ask("/api/when", expression=expression, zone=zone)

    def status(self) -> JSON:
        """The newsroom's health: its head, its stories, its store, what is derived."""
        return self.ask("/api/status")

    def verify(self) -> JSON:
        """Whether every record would pass the door once more."""
        return self.ask("/api/verify")

    def follow(
        self,
        after: int | None = None,
        story: str | None = None,
        broken: Broken = lambda error, wait: None,
    ) -> Iterator[JSON]:
        """The records after a position as they come, each once and in order; it never ends.

        Without a position, from now on. Where the connection breaks, `broken` is told, and the
        records go on where they were as soon as the service answers again.
        """
        start = self.ask("/api/head")["position"] if after is None else after
        for line in followed(self.connection, start, story, broken):
            yield orjson.loads(line)

    def append(
        self,
        records: Iterable[Mapping[str, Any]],
        expected: Mapping[str, int] | None = None,
        dry_run: bool = False,
    ) -> list[JSON]:
        """Append records, all or none: the id, position, story, version and time of each.

        `expected` are the versions that stories must still have. With `dry_run` all is
        checked, and nothing written. A record without an id is given one here, so that what
        is sent again since no answer came is never there twice.

        Raises:
            InputError: something is wrong with them; all problems at once.
            ConflictError: a story is no longer at the version expected: who came between.
            StoreError: the service does not answer, or failed; whether they were written is not
                known, and to append the same once more, with the same ids, is safe.
        """
        lines = [orjson.dumps(_identified(record)) for record in records]
        return self.append_lines(lines, expected or {}, dry_run=dry_run)

    def append_lines(
        self, lines: Iterable[bytes], expected: Mapping[str, int], dry_run: bool = False
    ) -> list[JSON]:
        """Append records, each a line of JSON with an id; see `append`."""
        tags = ", ".join(f'"{story}={version}"' for story, version in expected.items())
        answered = self.connection.post(
            "/api/append",
            _body(lines),
            "application/jsonl",
            {"dry_run": "true"} if dry_run else None,
            {"If-Match": tags} if tags else None,
        )
        self._note(answered)
        rows: list[JSON] = answered.json()["records"]
        return rows

    def import_lines(self, lines: Iterable[bytes]) -> JSON:
        """Add the lines of a portable log, keeping their times, all or none: what came of it.

        Raises:
            InputError, ConflictError, StoreError: see `append`.
        """
        answered = self.connection.post("/api/import", _body(lines), "application/jsonl")
        answer: JSON = answered.json()
        return answer

    def effects(self, record: Mapping[str, Any]) -> JSON:
        """What a record would change if it were appended; nothing is written.

        Raises:
            InputError: something is wrong with it; all problems at once.
        """
        answered = self.connection.post(
            "/api/append", orjson.dumps(dict(record)), "application/json", {"dry_run": "true"}
        )
        answer: JSON = answered.json()
        return answer

    def ask(self, path: str, **values: object) -> JSON:
        """What a path of the service answers."""
        answered = self.connection.get(path, values)
        self._note(answered)
        answer: JSON = answered.json()
        return answer

    def pages(self, path: str, values: Values, limit: int | None = None) -> Iterator[JSON]:
        """The parts of a list, one after the other, up to so many entries."""
        asked = {**values, "limit": PAGE if limit is None else min(limit, PAGE)}
        answered = self.connection.get(path, asked)
        left = limit
        while True:
            self._note(answered)
            yield answered.json()
            left = None if left is None else left - PAGE
            if answered.next is None or (left is not None and left <= 0):
                return
            answered = self.connection.get(answered.next)

    def _note(self, answered: Answered) -> None:
        for note in answered.notes:
            self.note(note)


def _path(*parts: str | None) -> str:
    return "/".join(("/api", *(quote(part, safe="") for part in parts if part is not None)))


def _identified(record: Mapping[str, Any]) -> JSON:
    return dict(record) if "id" in record else {"id": str(uuid7()), **record}


def _body(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)

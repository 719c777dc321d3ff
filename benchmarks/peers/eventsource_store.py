"""`eventsource-py` of PyPI with its SQLite store: a stream an entity, read and folded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Coroutine, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from benchmarks.effects import Act, acts_of, holding
from benchmarks.peers.peer import HeldStatement, SkippedError, at
from benchmarks.streams import Inbox, needed, told
from benchmarks.workload import Question


class EventsourceStore:
    """Streams of stories for appends, and of the entities asked about for questions."""

    name = "eventsource-py, read and fold"
    vague = True

    def __init__(self, directory: Path, entities: Collection[str]):
        try:
            from eventsource import DomainEvent, EventRegistry, SQLiteEventStore, StreamId
            from eventsource.ports import ExpectedVersion
        except ImportError:
            missing = "`eventsource-py[sqlite]` is not installed"
            raise SkippedError(f"{missing}: `pip install '.[bench]'`") from None

        class Inbox(DomainEvent):  # type: ignore[misc,unused-ignore]
            """One event, with whatever it tells."""

            event_type: str = "Told"
            aggregate_type: str = "Stream"
            told: dict[str, Any]

        registry = EventRegistry()
        registry.register(Inbox)
        self._event: Any = Inbox
        self._stream: Any = StreamId
        self._any_version: Any = ExpectedVersion.any_()
        self._store: Any = SQLiteEventStore(str(directory / "eventsource.sqlite"), registry)
        self._entities = entities
        self._loop = asyncio.new_event_loop()
        self.seconds = 0.0

    def load(self, path: Path) -> None:
        streams: dict[str, list[Inbox]] = {}
        for each in told(path, needed(path, self._entities)):
            streams.setdefault(each.entity, []).append(each)
        for entity, stream in streams.items():
            self._run(self._append(entity, [each._asdict() for each in stream]))

    def append(self, records: Sequence[dict[str, Any]]) -> None:
        """Records of one story as one transaction; `seconds` tells how long it took."""
        self._run(self._append(records[0]["story"], records))

    def ask(self, question: Question) -> HeldStatement:
        """What holds; `seconds` tells how long it took."""
        found: HeldStatement = self._run(self._ask(question))
        return found

    def close(self) -> None:
        self._run(self._store.close())
        self._loop.close()

    async def _append(self, name: str, contents: Sequence[dict[str, Any]]) -> None:
        id = _id(name)
        events = [self._event(aggregate_id=id, told=content) for content in contents]
        await self._store.append(self._stream(id, "Stream"), events, self._any_version)

    async def _ask(self, question: Question) -> HeldStatement:
        acts = await self._acts(question.entity, question.as_known)
        sets = (act.statement for act in acts if act.kind == "set")
        subjects = {each.subject for each in sets if each.value == question.entity}
        for subject in subjects - {question.entity}:
            acts |= await self._acts(subject, question.as_known)
        return holding(acts, question.entity, at(question))

    async def _acts(self, entity: str, known: int) -> set[Act]:
        reading: dict[str, list[Act]] = {}
        async for envelope in self._store.read_stream(self._stream(_id(entity), "Stream")):
            each = envelope.event.told
            if each["position"] <= known:
                content = each["content"]
                reading[each["event"]] = acts_of(content, each["place"]) if content else []
        return {act for found in reading.values() for act in found}

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        start = time.perf_counter()
        found = self._loop.run_until_complete(work)
        self.seconds = time.perf_counter() - start
        return found


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)

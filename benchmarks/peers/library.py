"""The library under the product, used plainly: default mapper and transcoder, aggregates.

One aggregate a story holds the log, as the product has it. For questions about entities
there is one aggregate an entity, which is what one gets from the repository and folds.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.effects import Act, Statement, acts_of, holding
from benchmarks.peers.peer import HeldStatement, at, size_of
from benchmarks.raw import open_raw
from benchmarks.settled import Content, without_prose
from benchmarks.streams import needed, told
from benchmarks.workload import Question

FOREVER = 2**62


class Story(Aggregate):
    """One stream of the log."""

    def __init__(self, slug: str):
        self.slug = slug
        self.records = 0

    @staticmethod
    def create_id(slug: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"story/{slug}")

    @event("Recorded")
    def record(self, position: int, content: Content) -> None:
        self.records += 1


class Entity(Aggregate):
    """All that is told of one entity: each event, as it reads from some position on."""

    def __init__(self, slug: str):
        self.slug = slug
        self.read: list[tuple[int, int, str, Content | None]] = []

    @staticmethod
    def create_id(slug: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"entity/{slug}")

    @event("Told")
    def tell(self, position: int, place: int, event: str, content: Content | None) -> None:
        self.read.append((position, place, event, content))


class Stories:
    """The log."""

    def __init__(self, path: Path):
        self._path = path
        self._application: Application[UUID] = Application(env=_settings(path))
        self._stories: dict[str, Story] = {}
        self._head = 0

    def append(self, contents: Iterable[Content]) -> None:
        """All of them as one transaction."""
        touched: dict[str, Story] = {}
        for content in contents:
            slug = content["story"]
            story = touched[slug] = self._stories.get(slug) or Story(slug)
            self._stories[slug] = story
            self._head += 1
            story.record(self._head, content)
        self._application.save(*touched.values())

    def load(self, path: Path) -> float:
        """A portable log, in batches of a thousand; the seconds it took."""
        start = time.perf_counter()
        batch: list[Content] = []
        with path.open("rb") as lines:
            for line in lines:
                batch.append(orjson.loads(line))
                if len(batch) == 1000:
                    self.append(batch)
                    batch = []
        self.append(batch)
        return time.perf_counter() - start

    def replay(self) -> Iterable[tuple[int, Content]]:
        """All records as the library reads them, with their positions.

        Each story is in order, and they are not: a batch is saved story by story.
        """
        select, decode = self._application.recorder.select_notifications, self._application.mapper
        start: int | None = 1
        while notifications := select(start=start, limit=1000):
            for notification in notifications:
                told: Any = decode.to_domain_event(notification)
                if hasattr(told, "content"):
                    yield told.position, told.content
            start = notifications[-1].id + 1

    def size(self) -> int:
        return size_of(self._path)

    def close(self) -> None:
        self._application.close()


class Entities:
    """The aggregates that questions about some entities need, in a file of their own."""

    name = "eventsourcing, get and fold"
    vague = True

    def __init__(self, directory: Path, entities: Collection[str]):
        self._application: Application[UUID] = Application(
            env=_settings(directory / "entities.sqlite")
        )
        self._asked = set(entities)

    def load(self, path: Path) -> float:
        start = time.perf_counter()
        aggregates = {slug: Entity(slug) for slug in needed(path, self._asked)}
        for number, each in enumerate(told(path, aggregates), 1):
            what = each.position, each.place, each.event, each.content
            aggregates[each.entity].tell(*what)
            if number % 20_000 == 0:
                self._application.save(*aggregates.values())
        self._application.save(*aggregates.values())
        return time.perf_counter() - start

    def ask(self, question: Question) -> HeldStatement:
        acts = self._acts(question.entity, question.as_known)
        sets = (act.statement for act in acts if act.kind == "set")
        subjects = {each.subject for each in sets if each.value == question.entity}
        for subject in subjects - {question.entity}:
            acts |= self._acts(subject, question.as_known)
        return holding(acts, question.entity, at(question))

    def _acts(self, slug: str, known: int) -> set[Act]:
        entity: Entity = self._application.repository.get(Entity.create_id(slug))
        reading: dict[str, list[Act]] = {}
        for position, place, named, content in entity.read:
            if position <= known:
                reading[named] = acts_of(content, place) if content else []
        return {act for found in reading.values() for act in found}

    def close(self) -> None:
        self._application.close()


class ActRows:
    """A projection by default replay: one row an act, with the positions at which it stands."""

    name = "eventsourcing, replayed into rows of acts"
    vague = True

    def __init__(self, directory: Path):
        self._path = directory / "acts.sqlite"
        self._connection: sqlite3.Connection = open_raw(self._path)
        self._connection.execute(
            "CREATE TABLE act (kind TEXT, subject TEXT, property TEXT, value TEXT, role TEXT,"
            " earliest INTEGER, latest INTEGER, place INTEGER,"
            " stands_from INTEGER, stands_to INTEGER)"
        )

    def rebuild(self, stories: Stories) -> float:
        """Replay all; the seconds it took."""
        start = time.perf_counter()
        run = self._connection.execute
        run("CREATE INDEX by_place ON act (place)")
        run("BEGIN IMMEDIATE")
        # Packed, as it is kept for all events.
        reading: dict[str, tuple[int, bytes]] = {}
        for number, (position, content) in enumerate(stories.replay(), 1):
            amended = content.get("corrects") or content.get("retracts")
            if amended is None:
                place, after = position, without_prose(content)
                reading[content["id"]] = position, orjson.dumps(after)
            else:
                place, before = reading[amended]
                run(
                    "UPDATE act SET stands_to = ? WHERE place = ? AND stands_to = ?",
                    (position, place, FOREVER),
                )
                if "retracts" in content:
                    continue
                after = {**orjson.loads(before), **content["changes"]}
                reading[amended] = place, orjson.dumps(after)
            for kind, statement, earliest, latest, _ in acts_of(after, place):
                row = kind, *statement, earliest, latest, place, position, FOREVER
                run("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            if number % 10_000 == 0:
                run("COMMIT")
                run("BEGIN IMMEDIATE")
        run("COMMIT")
        run("CREATE INDEX by_subject ON act (subject)")
        run("CREATE INDEX by_value ON act (value)")
        return time.perf_counter() - start

    def ask(self, question: Question) -> HeldStatement:
        entity, known = question.entity, question.as_known
        shelves = self._acts("(subject = ? OR value = ?)", entity, entity, known, known)
        acts = {*shelves}
        # What sets the values of a property also ends those that it does not name.
        for subject in {act.statement.subject for act in shelves if act.kind == "set"}:
            acts.update(self._acts("subject = ?", subject, known, known))
        return holding(acts, entity, at(question))

    def _acts(self, condition: str, *values: object) -> list[Act]:
        rows = self._connection.execute(
            "SELECT kind, subject, property, value, role, earliest, latest, place FROM act"
            f" WHERE {condition} AND stands_from <= ? AND stands_to > ?",
            values,
        )
        return [Act(row[0], Statement(*row[1:5]), *row[5:]) for row in rows]

    def close(self) -> None:
        self._connection.close()


def _settings(path: Path) -> dict[str, str]:
    return {
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": str(path),
        "ORIGINATOR_ID_TYPE": "uuid",
    }

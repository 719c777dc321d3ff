"""One stream an entity, as plain event sourcing keeps them: all that is told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.effects import acts_of, entities_in
from benchmarks.settled import Content, settled


class Inbox(NamedTuple):
    """How an event reads from a position on; None if it does not stand."""

    entity: str
    position: int
    place: int
    event: str
    content: Content | None


def needed(path: Path, entities: Collection[str]) -> set[str]:
    """These entities, and those whose own streams say when a statement about these ends.

    What is set to another value later is told to its subject, and not to the value before.
    """
    found = set(entities)
    for record in settled(path):
        for act in acts_of(record.after, record.place) if record.after else ():
            if act.kind == "set" and act.statement.value in entities:
                found.add(act.statement.subject)
    return found


def told(path: Path, entities: Collection[str]) -> Iterator[Inbox]:
    """What is told to some entities, in order of position."""
    for record in settled(path):
        named = {*entities_in(record.before or {}), *entities_in(record.after or {})}
        for entity in named.intersection(entities):
            yield Inbox(entity, record.position, record.place, record.event, record.after)

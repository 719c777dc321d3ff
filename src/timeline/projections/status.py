"""The newsroom's health."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NotRequired

from typing_extensions import TypedDict

from timeline.projections.answer import Count, Timestamp
from timeline.projections.question import Question

if TYPE_CHECKING:
    from timeline.projections.room import Room


class IndexProgressJson(TypedDict):
    """How far an index is behind the log."""

    projection: str
    version: int
    checkpoint: Count | None
    lag: Count
    problem: str | None


class StatusAnswer(TypedDict):
    """The newsroom's health."""

    newsroom: str
    zone: str
    head: Count
    recorded_at: Timestamp | None
    stories: dict[str, Count]
    """The number of records of each story."""
    log: str
    bytes: Count
    projections: list[IndexProgressJson]
    timeline: str
    """The version of the software; beside it, that of the store."""
    sqlite: NotRequired[str]
    postgresql: NotRequired[str]
    warnings: NotRequired[list[str]]
    """What an administrator should look at."""


@dataclass(frozen=True)
class Status(Question[StatusAnswer]):
    """The newsroom's health: its head, its stories, its store, its index."""

    def answer(self, room: Room) -> StatusAnswer:
        return room.health()

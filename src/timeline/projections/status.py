"""The newsroom's health."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timeline.projections.answer import Answer
from timeline.projections.question import Question

if TYPE_CHECKING:
    from timeline.projections.room import Room


@dataclass(frozen=True)
class Status(Question[Answer]):
    """The newsroom's health: its head, its stories, its store, its index."""

    def answer(self, room: Room) -> Answer:
        return room.health()

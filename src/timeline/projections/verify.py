"""Whether the log is intact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timeline.projections.answer import Answer
from timeline.projections.question import Question

if TYPE_CHECKING:
    from timeline.projections.room import Room


@dataclass(frozen=True)
class Verify(Question[Answer]):
    """Re-validate every record. Exits with 1 if any is invalid."""

    def answer(self, room: Room) -> Answer:
        return room.verified()

    def reads_all(self) -> bool:
        return True

    def is_finding(self, answer: Answer) -> bool:
        return bool(answer["findings"])

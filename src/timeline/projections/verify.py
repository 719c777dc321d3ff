"""Whether the log is intact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from timeline.projections.answer import Count
from timeline.projections.question import Question

if TYPE_CHECKING:
    from timeline.projections.room import Room


class InvalidRecordJson(TypedDict):
    """A record that is not valid."""

    position: Count
    message: str


class VerifyAnswer(TypedDict):
    """Whether every record is valid."""

    head: Count
    findings: list[InvalidRecordJson]


@dataclass(frozen=True)
class Verify(Question[VerifyAnswer]):
    """Re-validate every record. Exits with 1 if any is invalid."""

    def answer(self, room: Room) -> VerifyAnswer:
        return room.verified()

    def reads_all(self) -> bool:
        return True

    def is_finding(self, answer: VerifyAnswer) -> bool:
        return bool(answer["findings"])

"""How a date is read."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.projections.answer import Answer
from timeline.projections.question import Param, Question

if TYPE_CHECKING:
    from timeline.projections.room import Room


@dataclass(frozen=True)
class When(Question[Answer]):
    """How a date is read: EDTF, or words such as "yesterday 3pm"."""

    reads_log = False

    expression: Annotated[
        str,
        Param("A date: EDTF, or words.", kind="argument", examples=("1984~", "last summer")),
    ]
    _: KW_ONLY
    zone: Annotated[
        str | None,
        Param("IANA zone of dates without an offset. Default: the newsroom's."),
    ] = None

    def answer(self, room: Room) -> Answer:
        zone = self.zone or room.settings.zone
        refuse_unknown_zone(zone)
        edtf = room.read_date(self.expression, "when", zone)
        return temporal.reading_json(temporal.read(edtf, zone))


def refuse_unknown_zone(zone: str) -> None:
    """Refuse what is not an IANA zone.

    Raises:
        InputError: there is no such zone.
    """
    try:
        temporal.read("2000", zone)
    except temporal.ZoneError as error:
        raise InputError([Problem(error.message, error.hint, "--zone")]) from error

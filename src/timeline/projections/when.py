"""How a date is read."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from typing_extensions import TypedDict

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.projections.answer import TimeRange, timestamps
from timeline.projections.question import Param, Question
from timeline.temporal.json_schema import DATE

if TYPE_CHECKING:
    from timeline.projections.room import Room


class WhenAnswer(TypedDict):
    """How a date is read."""

    edtf: str
    zone: str
    precision: str
    qualifiers: list[Literal["uncertain", "approximate"]]
    strict: TimeRange
    """The bounds without the qualifiers."""
    bounds: TimeRange


@dataclass(frozen=True)
class When(Question[WhenAnswer]):
    """How a date is read: EDTF, or words such as "yesterday 3pm"."""

    reads_log = False

    expression: Annotated[
        str,
        Param("A date: EDTF, or words.", kind="argument", examples=("1984~",), schema=DATE),
    ]
    _: KW_ONLY
    zone: Annotated[
        str | None,
        Param("IANA zone of dates without an offset. Default: the newsroom's.", suggest="zone"),
    ] = None

    def answer(self, room: Room) -> WhenAnswer:
        zone = self.zone or room.settings.zone
        refuse_unknown_zone(zone)
        edtf = room.read_date(self.expression, "when", zone)
        return when_json(temporal.read(edtf, zone))


def refuse_unknown_zone(zone: str) -> None:
    """Refuse what is not an IANA zone.

    Raises:
        InputError: there is no such zone.
    """
    try:
        temporal.read("2000", zone)
    except temporal.ZoneError as error:
        raise InputError([Problem(error.message, error.hint, "--zone")]) from error


def when_json(found: temporal.ParsedDate) -> WhenAnswer:
    """How a date was read, as an object."""
    return {
        "edtf": found.edtf,
        "zone": found.zone,
        "precision": found.precision,
        "qualifiers": list(found.qualifiers),
        "strict": timestamps(*found.strict),
        "bounds": timestamps(*found.bounds),
    }

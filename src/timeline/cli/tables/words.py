"""What the tables share: a statement, its bounds, the two times, in words."""

from __future__ import annotations

from timeline import temporal
from timeline.cli.output import safe, say
from timeline.newsroom import Newsroom
from timeline.projections.answer import Answer
from timeline.speech import said_date, said_known
from timeline.temporal.speech import said_duration

CERTAIN, POSSIBLE = "●", "○"


def show_basis(answer: Answer, newsroom: Newsroom) -> None:
    as_of = said_date(temporal.read(answer["as_of"], newsroom.settings.zone))
    say(f"as of {as_of}; {said_known(answer, newsroom.settings.zone)}", dim=True)


def said_statement(entry: Answer) -> str:
    """A statement in a line."""
    parts = [entry["subject"], entry["property"], str(entry["value"])]
    qualifiers = ", ".join(f"{name}: {text}" for name, text in entry["qualifiers"].items())
    return safe(" ".join(parts) + (f" ({qualifiers})" if qualifiers else ""))


def said_bounds(bounds: list[str | None], dates: list[temporal.Reading]) -> str:
    """Bounds as one of these dates gave them, if one did; else in instants."""
    for reading in dates:
        if _same([instant(side) for side in reading.bounds], bounds):
            return said_date(reading)
        for side in (reading.begin, reading.end) if reading.kind == "period" else ():
            if side is not None and _same([instant(each) for each in side], bounds):
                first, _, last = reading.edtf.partition("/")
                text = first if side is reading.begin else last
                return said_date(temporal.read(text, reading.zone))
    for zone in dict.fromkeys(reading.zone for reading in dates):
        if days := _days(bounds, zone):
            return said_date(temporal.read(days, zone))
    earliest, latest = (side and side[:16].replace("T", " ") for side in bounds)
    if earliest is None:
        return f"some time before {latest} UTC"
    if latest is None:
        return f"some time from {earliest} UTC on"
    return f"between {earliest} and {latest} UTC"


def _days(bounds: list[str | None], zone: str) -> str | None:
    """Bounds as EDTF, if they begin and end with days in a zone, to the second."""
    if bounds == [None, None]:
        return None
    sides: list[str] = []
    for side, last in zip(bounds, (0, 1), strict=True):
        if side is None:
            sides.append("")
            continue
        second = (temporal.parse_instant(side) + 500_000) // 1_000_000 * 1_000_000
        if temporal.local_text(second, zone)[11:19] != "00:00:00":
            return None
        sides.append(temporal.local_text(second - last, zone)[:10])
    first, last_day = sides
    return first if first == last_day else f"[{first}..{last_day}]"


def _same(some: list[str | None], others: list[str | None]) -> bool:
    """Whether bounds are the same to the second: what is after something is later by less."""
    return [side and side[:19] for side in some] == [side and side[:19] for side in others]


def instant(side: int | None) -> str | None:
    return None if side is None else temporal.format_instant(side)


def plain(value: object) -> str:
    """The value of a field in a line."""
    match value:
        case None:
            return "nothing"
        case list():
            return ", ".join(plain(each) for each in value)
        case {"id": id, **rest}:
            return (
                f"{id} (within {said_duration(str(rest['within']))})"
                if "within" in rest
                else str(id)
            )
        case {"quote": quote, **source}:
            return f"{source.get('title') or source.get('url')} “{quote}”"
        case dict():
            return ", ".join(f"{name}: {plain(each)}" for name, each in value.items())
        case _:
            return str(value)

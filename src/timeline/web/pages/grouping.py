"""The statements of a snapshot under headings, on the page of an entity and beside its map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from timeline import temporal
from timeline.projections.answer import canonical
from timeline.projections.snapshot import SnapshotAnswer, SnapshotStatementJson
from timeline.render.measurements import MeasuredStatement, measured
from timeline.render.wording import NOT_RULED_OUT, is_not_ruled_out
from timeline.web.pages.asking import link


class StatementGroup(NamedTuple):
    """Statements under a heading. `shows` is the side to show: the one that is not the entity."""

    heading: str
    shows: str
    statements: list[SnapshotStatementJson]


MEASURES, OTHERS = "Measures and more", "In other statements"

# The heading for a property, and the side on which the entity is.
HEADINGS = {
    ("member-of", "value"): "Members",
    ("member-of", "subject"): "Roles",
    ("part-of", "subject"): "Part of",
    ("part-of", "value"): "Parts",
    ("named", "subject"): "Names",
    ("released-by", "value"): "Products",
    ("released-by", "subject"): "Released by",
}


def grouped(answer: SnapshotAnswer) -> list[StatementGroup]:
    """The statements of a snapshot, grouped: usual properties with their headings, then others.

    What is only possible and began nobody knows when is apart from these, as the last group.
    """
    groups = {
        heading: StatementGroup(heading, _other(side), [])
        for (_, side), heading in HEADINGS.items()
    }
    apart = StatementGroup(NOT_RULED_OUT, "all", [])
    measures = StatementGroup(MEASURES, "value", [])
    elsewhere = StatementGroup(OTHERS, "subject", [])
    about = StatementGroup("About others", "all", [])
    for entry in answer["statements"]:
        if is_not_ruled_out(entry):
            apart.statements.append(entry)
            continue
        if entry["subject"] == answer["entity"]:
            side, otherwise = "subject", measures
        elif entry["value"] == answer["entity"]:
            side, otherwise = "value", elsewhere
        else:
            about.statements.append(entry)
            continue
        heading = HEADINGS.get((entry["property"], side))
        (groups[heading] if heading else otherwise).statements.append(entry)
    found = (*groups.values(), measures, elsewhere, about, apart)
    return [each for each in found if each.statements]


def series_of(answer: SnapshotAnswer) -> dict[str, MeasuredStatement | None]:
    """The measurement of each statement by its key, and those before it."""
    keys = map(statement_key, answer["statements"])
    return dict(zip(keys, measured(answer["statements"]), strict=True))


def _other(side: str) -> str:
    return "value" if side == "subject" else "subject"


class EntityMap(NamedTuple):
    """What the script of the map needs: the address of its data, the instant shown, headings.

    `at` is None if the date of the page has no upper bound.
    """

    address: str
    at: str | None
    zone: str
    headings: dict[str, Any]


def map_for(answer: SnapshotAnswer, zone: str) -> EntityMap:
    """The map beside a snapshot."""
    latest = temporal.read(answer["as_of"], zone).bounds.latest
    headings = {
        "usual": [
            {"property": label, "side": side, "heading": heading}
            for (label, side), heading in HEADINGS.items()
        ],
        "otherwise": {"subject": MEASURES, "value": OTHERS},
        "order": [*HEADINGS.values(), MEASURES, OTHERS, "Comments", "Open questions"],
    }
    at = None if latest is None else temporal.format_instant(latest)
    return EntityMap(link("api", "map", answer["entity"]), at, zone, headings)


def statement_key(entry: Mapping[str, Any]) -> str:
    """The key of a statement, on the page and on the map: RFC 8785 JSON of its four parts."""
    parts = ("subject", "property", "value", "qualifiers")
    return canonical({part: entry[part] for part in parts}).decode()

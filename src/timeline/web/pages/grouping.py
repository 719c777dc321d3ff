"""The statements of a snapshot under headings, as a reader looks for them."""

from __future__ import annotations

from typing import NamedTuple

from timeline.projections.answer import Answer


class Group(NamedTuple):
    """Statements under a heading. `shows` is the side that is not the entity asked about."""

    heading: str
    shows: str
    statements: list[Answer]


MEASURES, OTHERS = "Measures and more", "Said of others"

# Property, the side on which the entity stands, and the heading.
HEADINGS = {
    ("member-of", "value"): "Members",
    ("member-of", "subject"): "Roles",
    ("part-of", "subject"): "Part of",
    ("part-of", "value"): "Parts",
    ("named", "subject"): "Names",
    ("released-by", "value"): "Products",
    ("released-by", "subject"): "Released by",
}


def grouped(answer: Answer) -> list[Group]:
    """The statements of a snapshot: the usual ones first, then what else is said of it."""
    groups = {heading: Group(heading, _other(side), []) for (_, side), heading in HEADINGS.items()}
    measures = Group(MEASURES, "value", [])
    elsewhere = Group(OTHERS, "subject", [])
    about = Group("About others", "all", [])
    for entry in answer["statements"]:
        if entry["subject"] == answer["entity"]:
            side, otherwise = "subject", measures
        elif entry["value"] == answer["entity"]:
            side, otherwise = "value", elsewhere
        else:
            about.statements.append(entry)
            continue
        heading = HEADINGS.get((entry["property"], side))
        (groups[heading] if heading else otherwise).statements.append(entry)
    return [each for each in (*groups.values(), measures, elsewhere, about) if each.statements]


def _other(side: str) -> str:
    return "value" if side == "subject" else "subject"

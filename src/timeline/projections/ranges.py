"""Ranges `A..B`: the two points that a comparison starts and ends at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.projections.answer import Basis
from timeline.projections.positions import written
from timeline.projections.question import PUBLICATION

if TYPE_CHECKING:
    from timeline.projections.room import Room


class Ends(NamedTuple):
    """Where a comparison starts and ends, and whether it starts at a publication."""

    was: Basis
    now: Basis
    is_published: bool


class Sides(NamedTuple):
    """The two ends of A..B as typed; an open end is empty."""

    first: str
    last: str


def ends(as_of: str | None, as_known: str | None, room: Room) -> Ends:
    """Where a comparison starts and ends.

    Raises:
        InputError: there is no A..B, or an end of one cannot be read.
    """
    of = [*_sides(as_of)] if as_of is not None else []
    known = [*_sides(as_known)] if as_known is not None else []
    if not of and not known:
        raise InputError(_what_is_missing(as_of, as_known))
    if of and of[0].first == "":
        raise InputError(
            f"--as-of {as_of!r} has no beginning", f"say from when: --as-of 2026-01-01{as_of}"
        )
    at = temporal.format_instant(room.now)
    wrong: list[InputError] = []
    for of_sides in of or [Sides(as_of or "", as_of or "")]:
        for known_sides in known or [Sides(as_known or "", as_known or "")]:
            try:
                was, now = _read(of_sides, known_sides, bool(known), at, room)
            except InputError as error:
                wrong.append(error)
            else:
                return Ends(was, now, known_sides.first.startswith(PUBLICATION))
    raise wrong[0]


def _what_is_missing(as_of: str | None, as_known: str | None) -> list[Problem]:
    """The problem with a comparison that was given one point, or none."""
    if as_of is None and as_known is None:
        return [Problem("between which two points?", "--as-known A..B, --as-of A..B, or both")]
    points = [("--as-known", as_known, "the head"), ("--as-of", as_of, "now")]
    return [
        Problem(
            f"{given!r} is one point, with nothing to compare it with",
            f"{given}.. reaches from there to {end}",
            option,
        )
        for option, given, end in points
        if given is not None
    ]


def _read(
    of: Sides, known: Sides, known_opens: bool, present: str, room: Room
) -> tuple[Basis, Basis]:
    """The two ends; "now" is the same in both."""
    beginning = "0" if known_opens else None
    was = room.basis(of.first or present, known.first or beginning)
    # What is the same at both ends is read, and noted, only once.
    as_of = was.as_of if of.last == of.first else of.last or present
    as_known = written(was.as_known) if known.last == known.first else known.last or None
    return was, room.basis(as_of, as_known)


def _sides(text: str) -> Iterator[Sides]:
    """The ways to split A..B: at `..` outside brackets that is not part of a period."""
    depth = place = 0
    while place < len(text):
        if text.startswith("..", place):
            is_side = text[:place].endswith("/") or text.startswith("/", place + 2)
            if not depth and not is_side:
                yield Sides(text[:place], text[place + 2 :])
            place += 1
        depth += (text[place] in "[{") - (text[place] in "]}")
        place += 1

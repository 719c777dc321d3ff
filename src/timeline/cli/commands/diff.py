"""`timeline diff`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import click

from timeline import temporal
from timeline.cli import output
from timeline.cli.completion import complete_as_known, complete_entity, complete_story
from timeline.cli.shared import (
    at_least_option,
    basis_of,
    entity_named,
    format_option,
    open_newsroom,
    warn_if_no_story,
    warn_if_unknown,
)
from timeline.errors import InputError, Problem
from timeline.newsroom import PUBLICATION, Newsroom
from timeline.projections.answer import Answer, Basis


class Sides(NamedTuple):
    """The two ends of A..B, as they were typed; an end that was left open is empty."""

    first: str
    last: str


@click.command("diff")
@click.argument("entity", required=False, shell_complete=complete_entity)
@click.option("--story", shell_complete=complete_story, help="Only what this story bears on.")
@click.option(
    "--as-known",
    metavar="A..B",
    shell_complete=complete_as_known,
    help="From what was known at A to what was known at B: positions, instants, days, or "
    "publication:NAME. `A..` reaches to the head, `..B` begins before anything was recorded.",
)
@click.option(
    "--as-of",
    metavar="A..B",
    help="From the state at A to that at B: EDTF, or words. `A..` reaches to now. A date "
    "alone is that of both, beside --as-known A..B; default: now.",
)
@at_least_option
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything has changed.")
@format_option()
@click.pass_context
def diff_command(
    ctx: click.Context,
    entity: str | None,
    story: str | None,
    as_known: str | None,
    as_of: str | None,
    exit_code: bool,
    format: str,
) -> None:
    """What has changed about ENTITY, and what there is to correct.

    Between two points of what was known, of valid time, or of both. Without ENTITY,
    about everything, or the story of the publication that it begins with.
    """
    newsroom = open_newsroom(ctx)
    was, now, published = _ends(newsroom, as_of, as_known)
    if entity is not None:
        entity = entity_named(newsroom, now, entity)
    elif published and story is None:
        (record,) = newsroom.records(was.as_known, was.as_known - 1)
        story = record.story
    answer = newsroom.diff(was, now, entity, story)
    if format == "json":
        output.show_json(answer)
    elif format == "jsonl":
        output.show_json_lines(answer["changes"])
    else:
        from timeline.cli.tables.diff import show_diff

        show_diff(answer, newsroom)
    changed = _has_changed(answer)
    warn_if_no_story(newsroom, story)
    if entity is not None and not changed:
        warn_if_unknown(newsroom, entity)
    if exit_code and changed:
        ctx.exit(1)


def _has_changed(answer: Answer) -> bool:
    return any(answer[part] for part in ("changes", "comments", "questions", "notices"))


def _ends(newsroom: Newsroom, as_of: str | None, as_known: str | None) -> tuple[Basis, Basis, bool]:
    """Where a comparison begins and ends, and whether it begins with a publication.

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
    wrong: list[InputError] = []
    for of_sides in of or [Sides(as_of or "", as_of or "")]:
        for known_sides in known or [Sides(as_known or "", as_known or "")]:
            try:
                was, now = _read(newsroom, of_sides, known_sides, bool(known))
            except InputError as error:
                wrong.append(error)
            else:
                return was, now, known_sides.first.startswith(PUBLICATION)
    raise wrong[0]


def _what_is_missing(as_of: str | None, as_known: str | None) -> list[Problem]:
    """One point was given, or none: what would be two."""
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


def _read(newsroom: Newsroom, of: Sides, known: Sides, known_opens: bool) -> tuple[Basis, Basis]:
    """The two ends; "now" is the same in both."""
    present = temporal.format_instant(temporal.now())
    beginning = "0" if known_opens else None
    was = basis_of(newsroom, of.first or present, known.first or beginning)
    # What is the same at both ends is not read, nor remarked on, twice.
    as_of = was.as_of if of.last == of.first else of.last or present
    as_known = str(was.as_known) if known.last == known.first else known.last or None
    return was, basis_of(newsroom, as_of, as_known)


def _sides(text: str) -> Iterator[Sides]:
    """Where A..B may be split: at `..` outside brackets, which is no side of a period."""
    depth = place = 0
    while place < len(text):
        if text.startswith("..", place):
            is_side = text[:place].endswith("/") or text.startswith("/", place + 2)
            if not depth and not is_side:
                yield Sides(text[:place], text[place + 2 :])
            place += 1
        depth += (text[place] in "[{") - (text[place] in "]}")
        place += 1

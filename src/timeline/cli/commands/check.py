"""`timeline check`."""

from __future__ import annotations

import click

from timeline import temporal
from timeline.cli import output
from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.dates import read_length
from timeline.cli.shared import (
    basis_of,
    entity_named,
    format_option,
    open_newsroom,
    times_options,
    warn_if_no_story,
    warn_if_unknown,
)
from timeline.errors import InputError, Problem
from timeline.projections.check import KINDS, check
from timeline.projections.checks.attention import SILENCE, STALE_AFTER

_KINDS = "\n".join(("\b", "Kinds, the gravest first:", *(f"  {kind}" for kind in KINDS)))


@click.command("check", epilog=_KINDS)
@click.option("--story", shell_complete=complete_story, help="Only what is about this story.")
@click.option("--entity", shell_complete=complete_entity, help="Only what is about this entity.")
@click.option(
    "--only",
    type=click.Choice(list(KINDS)),
    metavar="KIND",
    multiple=True,
    help="Only findings of this kind; may be given several times.",
)
@click.option(
    "--stale-after",
    default=STALE_AFTER,
    show_default=True,
    metavar="LENGTH",
    help="How long a question may be open: P30D, or 30 days.",
)
@click.option(
    "--silence",
    default=SILENCE,
    show_default=True,
    metavar="LENGTH",
    help="How long a story may be silent.",
)
@times_options
@format_option()
@click.pass_context
def check_command(
    ctx: click.Context,
    story: str | None,
    entity: str | None,
    only: tuple[str, ...],
    stale_after: str,
    silence: str,
    as_of: str | None,
    as_known: str | None,
    format: str,
) -> None:
    """What is left to settle, the gravest first, and the command that settles it.

    The exit code is 1 if there is anything.
    """
    lengths = _lengths(stale_after=stale_after, silence=silence)
    newsroom = open_newsroom(ctx)
    basis = basis_of(newsroom, as_of, as_known)
    history = newsroom.history(basis)
    if entity is not None:
        entity = entity_named(newsroom, basis, entity)
    answer = check(history, basis, only, story, entity, **lengths)
    if format == "json":
        output.show_json(answer)
    elif format == "jsonl":
        output.show_json_lines(answer["findings"])
    else:
        from timeline.cli.tables.check import show_check

        show_check(answer, newsroom)
    if answer["findings"]:
        ctx.exit(1)
    warn_if_no_story(newsroom, story)
    if entity is not None:
        warn_if_unknown(newsroom, entity)


def _lengths(**given: str) -> dict[str, str]:
    """The lengths of time that were typed, as ISO 8601.

    Raises:
        InputError: one of them is none; all that are wrong are named.
    """
    read = {name: read_length(typed) for name, typed in given.items()}
    problems = []
    for name, length in read.items():
        try:
            temporal.read_duration(length)
        except temporal.DurationError as error:
            option = f"--{name.replace('_', '-')}"
            problems.append(Problem(error.message, error.hint, option))
    if problems:
        raise InputError(problems)
    return read

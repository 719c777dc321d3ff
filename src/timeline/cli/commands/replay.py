"""`timeline replay`."""

from __future__ import annotations

import click

from timeline.cli import output
from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.shared import (
    basis_of,
    format_option,
    open_newsroom,
    times_options,
    warn_if_no_story,
)


@click.command("replay")
@click.option("--story", shell_complete=complete_story, help="Only the records of this story.")
@click.option("--entity", shell_complete=complete_entity, help="Only what concerns this entity.")
@click.option("--from", "first", type=click.IntRange(1), default=1, help="From this position.")
@click.option("--to", "last", type=click.IntRange(1), help="Up to this position.")
@times_options
@format_option()
@click.pass_context
def replay_command(
    ctx: click.Context,
    story: str | None,
    entity: str | None,
    first: int,
    last: int | None,
    as_of: str | None,
    as_known: str | None,
    format: str,
) -> None:
    """The audit: each record, who recorded it, when, and what it changed in the state.

    The state is that of --as-of (default: now), as known before and after each record.
    """
    if last is not None and as_known is not None:
        raise click.UsageError("--to and --as-known both cut the log: give one of them")
    newsroom = open_newsroom(ctx)
    basis = basis_of(newsroom, as_of, str(last) if last is not None else as_known)
    warn_if_no_story(newsroom, story)
    steps = newsroom.replay(basis, first - 1, story, entity)
    if format == "json":
        from timeline.projections.replay import replay_answer

        output.show_json(replay_answer(steps, basis, first, story, entity))
    elif format == "jsonl":
        output.show_json_lines(steps)
    else:
        from timeline.cli.tables import show_steps

        show_steps(steps, newsroom)

"""`timeline check`."""

from __future__ import annotations

import click

from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.shared import format_option, open_newsroom, questions_of, times_options
from timeline.projections.check import KINDS
from timeline.projections.checks.staleness import SILENCE, STALE_AFTER
from timeline.render import terminal

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
    newsroom = open_newsroom(ctx)
    answer = questions_of(newsroom).check(
        story, entity, only, stale_after, silence, as_of, as_known
    )
    if format == "json":
        terminal.show_json(answer)
    elif format == "jsonl":
        terminal.show_json_lines(answer["findings"])
    else:
        from timeline.render.tables.check import show_check

        show_check(answer, newsroom)
    if answer["findings"]:
        ctx.exit(1)

"""`timeline diff`."""

from __future__ import annotations

import click

from timeline.cli.completion import complete_as_known, complete_entity, complete_story
from timeline.cli.shared import at_least_option, format_option, open_newsroom, questions_of
from timeline.newsroom.questions import has_changed
from timeline.render import terminal


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
    answer = questions_of(newsroom).diff(entity, story, as_of, as_known)
    if format == "json":
        terminal.show_json(answer)
    elif format == "jsonl":
        terminal.show_json_lines(answer["changes"])
    else:
        from timeline.render.tables.diff import show_diff

        show_diff(answer, newsroom)
    if exit_code and has_changed(answer):
        ctx.exit(1)

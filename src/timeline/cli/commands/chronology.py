"""`timeline chronology`."""

from __future__ import annotations

import click

from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.shared import format_option, open_newsroom, questions_of, times_options
from timeline.render import terminal


@click.command("chronology")
@click.argument("story", required=False, shell_complete=complete_story)
@click.option("--entity", shell_complete=complete_entity, help="Only what is about this entity.")
@times_options
@format_option()
@click.pass_context
def chronology_command(
    ctx: click.Context,
    story: str | None,
    entity: str | None,
    as_of: str | None,
    as_known: str | None,
    format: str,
) -> None:
    """What happened in STORY, in the order in which it happened.

    STORY may be left out where there is only one.
    """
    newsroom = open_newsroom(ctx)
    answer = questions_of(newsroom).chronology(story, entity, as_of, as_known)
    if format == "json":
        terminal.show_json(answer)
    elif format == "jsonl":
        terminal.show_json_lines(answer["events"])
    else:
        from timeline.render.tables.chronology import show_chronology

        show_chronology(answer, newsroom)

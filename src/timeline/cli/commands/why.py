"""`timeline why`."""

from __future__ import annotations

import click

from timeline.cli.completion import complete_entity
from timeline.cli.shared import format_option, open_newsroom, questions_of, times_options
from timeline.render import terminal


@click.command("why")
@click.argument("entity", shell_complete=complete_entity)
@click.argument("property", required=False)
@times_options
@format_option()
@click.pass_context
def why_command(
    ctx: click.Context,
    entity: str,
    property: str | None,
    as_of: str | None,
    as_known: str | None,
    format: str,
) -> None:
    """Why each statement about ENTITY holds, or holds no longer.

    The records behind it, with their sources and all that was made of them; of one
    PROPERTY, or of all.
    """
    newsroom = open_newsroom(ctx)
    answer = questions_of(newsroom).why(entity, property, as_of, as_known)
    if format == "json":
        terminal.show_json(answer)
    elif format == "jsonl":
        terminal.show_json_lines(answer["statements"])
    else:
        from timeline.render.tables.why import show_why

        show_why(answer, newsroom)

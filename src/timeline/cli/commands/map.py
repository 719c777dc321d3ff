"""`timeline map`."""

from __future__ import annotations

import click

from timeline.cli.completion import complete_entity
from timeline.cli.shared import as_known_option, format_option, open_newsroom, questions_of
from timeline.render import terminal


@click.command("map")
@click.argument("entity", shell_complete=complete_entity)
@as_known_option
@format_option()
@click.pass_context
def map_command(ctx: click.Context, entity: str, as_known: str | None, format: str) -> None:
    """The state of ENTITY at all times, as ever known: all its snapshots in one."""
    newsroom = open_newsroom(ctx)
    answer = questions_of(newsroom).map(entity, as_known)
    if format == "json":
        terminal.show_json(answer)
    elif format == "jsonl":
        terminal.show_json_lines(answer["statements"])
    else:
        from timeline.render.tables.map import show_map

        show_map(answer, newsroom.settings.zone)

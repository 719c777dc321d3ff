"""`timeline show`."""

from __future__ import annotations

import click

from timeline.cli.shared import format_option, open_newsroom, questions_of, times_options
from timeline.render import terminal


@click.command("show")
@click.argument("id")
@times_options
@format_option()
@click.pass_context
def show_command(
    ctx: click.Context, id: str, as_of: str | None, as_known: str | None, format: str
) -> None:
    """The record ID with its lineage: as it was recorded, amended, and now reads."""
    newsroom = open_newsroom(ctx)
    answer = questions_of(newsroom).show(id, as_of, as_known)
    if format != "table":
        terminal.show_json(answer, indent=format == "json")
    else:
        from timeline.render.tables.lineage import show_lineage

        show_lineage(answer, newsroom)

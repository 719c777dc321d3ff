"""`timeline log`."""

from __future__ import annotations

import click

from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.shared import (
    format_option,
    limit_option,
    open_newsroom,
    questions_of,
    times_options,
)
from timeline.projections.lineage import record_json
from timeline.render import terminal


@click.command("log")
@click.option("--story", shell_complete=complete_story, help="Only the records of this story.")
@click.option("--entity", shell_complete=complete_entity, help="Only what names this entity.")
@click.option("--type", "type_name", help="Only records of this type.")
@click.option("--from", "first", type=click.IntRange(1), default=1, help="From this position.")
@limit_option("records")
@times_options
@format_option()
@click.pass_context
def log_command(
    ctx: click.Context,
    story: str | None,
    entity: str | None,
    type_name: str | None,
    first: int,
    limit: int | None,
    as_of: str | None,
    as_known: str | None,
    format: str,
) -> None:
    """The records, in the order in which they were recorded.

    With --as-of, no events that, as now corrected, had surely not happened by then.
    """
    newsroom = open_newsroom(ctx)
    asked = questions_of(newsroom).log(story, entity, type_name, first, as_of, as_known, limit)
    chosen = asked.records
    if format == "table":
        from timeline.render.tables.log import show_log

        show_log(chosen, newsroom)
    elif format == "json":
        terminal.show_json({"records": [record_json(record) for record in chosen]})
    else:
        terminal.show_json_lines(record_json(record) for record in chosen)

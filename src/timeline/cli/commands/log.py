"""`timeline log`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import click

from timeline.cli import output
from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.shared import (
    basis_of,
    entity_named,
    format_option,
    open_newsroom,
    or_else,
    refuse_unknown_types,
    times_options,
    warn_if_no_story,
    warn_if_unknown,
)
from timeline.events.record import Record
from timeline.projections.lineage import record_json
from timeline.projections.listing import listing


@click.command("log")
@click.option("--story", shell_complete=complete_story, help="Only the records of this story.")
@click.option("--entity", shell_complete=complete_entity, help="Only what names this entity.")
@click.option("--type", "type_name", help="Only records of this type.")
@click.option("--from", "first", type=click.IntRange(1), default=1, help="From this position.")
@times_options
@format_option()
@click.pass_context
def log_command(
    ctx: click.Context,
    story: str | None,
    entity: str | None,
    type_name: str | None,
    first: int,
    as_of: str | None,
    as_known: str | None,
    format: str,
) -> None:
    """The records, in the order in which they were recorded.

    With --as-of, no happenings that, as now corrected, had surely not happened by then.
    """
    newsroom = open_newsroom(ctx)
    refuse_unknown_types(() if type_name is None else (type_name,), newsroom)
    basis = basis_of(newsroom, as_of, as_known)
    warn_if_no_story(newsroom, story)
    happened = names = None
    if as_of is not None:
        happened = newsroom.history(basis), basis.at
    records: Iterable[Record] = newsroom.records(basis.as_known)
    if entity is not None:
        entity = entity_named(newsroom, basis, entity)
        names = newsroom.names(basis)
        records = newsroom.records_about([entity], basis)
    chosen = listing(records, first, story, entity, type_name, happened, names)
    if entity is not None:
        chosen = or_else(chosen, partial(warn_if_unknown, newsroom, entity))
    if format == "table":
        from timeline.cli.tables.log import show_log

        show_log(chosen, newsroom)
    elif format == "json":
        output.show_json({"records": [record_json(record) for record in chosen]})
    else:
        output.show_json_lines(record_json(record) for record in chosen)

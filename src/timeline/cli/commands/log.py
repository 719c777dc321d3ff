"""`timeline log`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from timeline import temporal
from timeline.acts import span
from timeline.cli import output
from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.shared import basis_of, format_option, open_newsroom, times_options
from timeline.events.record import Record, entities_of
from timeline.projections.lineage import record_json


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

    With --as-of, no happenings that had surely not happened by then.
    """
    newsroom = open_newsroom(ctx)
    basis = basis_of(newsroom, as_of, as_known)

    def chosen() -> Iterator[Record]:
        for record in newsroom.records(basis.as_known, after=first - 1):
            if story not in (None, record.story) or type_name not in (None, record.type.name):
                continue
            if entity is not None and entity not in entities_of(record.type, record.content):
                continue
            if as_of is None or record.amends is not None or _may_have_happened(record, basis.at):
                yield record

    if format == "table":
        from timeline.cli.tables import show_log

        show_log(chosen(), newsroom)
    elif format == "json":
        output.show_json({"records": [record_json(record) for record in chosen()]})
    else:
        output.show_json_lines(record_json(record) for record in chosen())


def _may_have_happened(record: Record, at: int) -> bool:
    reading = temporal.read(record.content["when"], record.content.get("zone") or "UTC")
    return span(reading.bounds, record.position).maybe_before(at)

"""`timeline why`."""

from __future__ import annotations

import click

from timeline.cli import output
from timeline.cli.completion import complete_entity
from timeline.cli.shared import (
    basis_of,
    entity_named,
    format_option,
    open_newsroom,
    suggestion,
    times_options,
    warn_if_unknown,
)
from timeline.projections.answer import Answer
from timeline.projections.why import why


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
    basis = basis_of(newsroom, as_of, as_known)
    entity = entity_named(newsroom, basis, entity)
    history = newsroom.history_about(entity, basis)
    answer = why(history, entity, basis, property)
    if format == "json":
        output.show_json(answer)
    elif format == "jsonl":
        output.show_json_lines(answer["statements"])
    else:
        from timeline.cli.tables.why import show_why

        show_why(answer, newsroom)
    if any(_entries(answer)):
        return
    known = {entry["property"] for entry in _entries(why(history, entity, basis))}
    if property is not None and known:
        output.note(f"{entity} has no {property!r}{suggestion(property, known)}")
    else:
        warn_if_unknown(newsroom, entity)


def _entries(answer: Answer) -> list[Answer]:
    return [*answer["statements"], *answer["ended"], *answer["not_counted"]]

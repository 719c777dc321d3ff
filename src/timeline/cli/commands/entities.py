"""`timeline entities`."""

from __future__ import annotations

import click

from timeline.cli.shared import as_known_option, format_option, open_newsroom, questions_of
from timeline.records.declaration import ENTITY_KINDS
from timeline.render import terminal


@click.command("entities")
@click.argument("query", required=False)
@click.option("--kind", type=click.Choice(ENTITY_KINDS), help="Only entities of this kind.")
@as_known_option
@format_option()
@click.pass_context
def entities_command(
    ctx: click.Context,
    query: str | None,
    kind: str | None,
    as_known: str | None,
    format: str,
) -> None:
    """Who and what the records name: all entities, or those that QUERY may mean.

    QUERY is a slug or a name, in any script and any order of words, with or without
    accents, or a part of one. Names that are written nearly so come last.
    """
    newsroom = open_newsroom(ctx)
    answer = questions_of(newsroom).entities(query, kind, as_known)
    if format == "json":
        terminal.show_json(answer)
    elif format == "jsonl":
        terminal.show_json_lines(answer["entities"])
    else:
        from timeline.render.tables.entities import show_entities

        show_entities(answer, newsroom)

"""`timeline snapshot`."""

from __future__ import annotations

import click

from timeline import temporal
from timeline.cli.completion import complete_entity
from timeline.cli.shared import format_option, open_newsroom, questions_of, times_options
from timeline.projections.snapshot import SnapshotAnswer
from timeline.render import terminal


@click.command("snapshot")
@click.argument("entity", shell_complete=complete_entity)
@click.option(
    "--depth",
    type=click.IntRange(1, 9),
    default=1,
    show_default=True,
    help="2 adds the statements about the entities found at depth 1, and so on.",
)
@times_options
@format_option()
@click.pass_context
def snapshot_command(
    ctx: click.Context,
    entity: str,
    depth: int,
    as_of: str | None,
    as_known: str | None,
    format: str,
) -> None:
    """The state of ENTITY: what holds, certainly or possibly."""
    newsroom = open_newsroom(ctx)
    answer = questions_of(newsroom).snapshot(entity, as_of, as_known, depth)
    if format == "json":
        terminal.show_json(answer)
    elif format == "jsonl":
        terminal.show_json_lines(answer["statements"])
    else:
        from timeline.render.tables.snapshot import show_snapshot

        basis = newsroom.basis(None, str(answer["as_known"]), temporal.now())
        show_snapshot(answer, newsroom, newsroom.events(_shown(answer), basis))


def _shown(answer: SnapshotAnswer) -> list[str]:
    """The records that an answer names."""
    ids = [id for each in answer["statements"] for id in each["because"]]
    return [*ids, *(each["id"] for each in (*answer["comments"], *answer["questions"]))]

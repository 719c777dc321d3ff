"""`timeline rebuild`."""

from __future__ import annotations

import click

from timeline.cli.progress import Bar
from timeline.cli.shared import format_option, open_kept, takes
from timeline.index.effects_index import NAME, VERSION
from timeline.render import terminal


@takes(format_option())
@click.command("rebuild")
@click.option(
    "--jobs", type=click.IntRange(1), help="Processes to use. Default: one for each processor."
)
@click.pass_context
def rebuild_command(ctx: click.Context, jobs: int | None, format: str) -> None:
    """Rebuild the index from the log.

    Questions are answered from the old index until the new one is complete.
    """
    newsroom = open_kept(ctx)
    assert newsroom.index is not None
    newsroom.index.jobs = jobs
    newsroom.index.report = bar = Bar(f"building {NAME}")
    try:
        (position, _, _), difference = newsroom.index.rebuild()
    finally:
        bar.close()
    (status,) = newsroom.health()["projections"]
    problem = status["problem"]
    if format == "table":
        terminal.say(f"{NAME} {VERSION}: built up to {position}")
        if difference:
            terminal.say(f"the previous index was wrong: {terminal.safe(difference)}", hang=2)
        if problem:
            terminal.say(terminal.safe(problem), indent=2, hang=2)
    else:
        built = {
            "projection": NAME,
            "version": VERSION,
            "checkpoint": position,
            "problem": problem,
            "difference": difference,
        }
        terminal.show_json({"projections": [built]}, indent=format == "json")

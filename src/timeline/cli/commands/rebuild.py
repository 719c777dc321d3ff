"""`timeline rebuild`."""

from __future__ import annotations

import sys

import click

from timeline.cli.progress import Bar
from timeline.cli.shared import format_option, open_kept, takes
from timeline.index.registry import PROJECTIONS
from timeline.render import terminal


@takes(format_option())
@click.command("rebuild")
@click.option(
    "--jobs", type=click.IntRange(1), help="Processes to use. Default: one for each processor."
)
@click.option(
    "--accept",
    is_flag=True,
    help="Answer from the new rows even where they differ from the old ones.",
)
@click.pass_context
def rebuild_command(ctx: click.Context, jobs: int | None, accept: bool, format: str) -> None:
    """Rebuild the index from the log.

    Questions are answered from the old rows until the new ones are complete. An interrupted
    build resumes where it was.
    """
    newsroom = open_kept(ctx)
    assert newsroom.upkeep is not None
    newsroom.upkeep.jobs = jobs
    reports = []
    for projection in PROJECTIONS:
        newsroom.upkeep.report = bar = Bar(f"building {projection.name}")
        try:
            progress = newsroom.upkeep.rebuild(projection, accept)
        finally:
            bar.close()
        reports.append(
            {
                "projection": projection.name,
                "version": projection.version,
                "checkpoint": progress.checkpoint,
                "problem": progress.problem,
            }
        )
    if format == "table":
        for each in reports:
            terminal.say(
                f"{each['projection']} {each['version']}: built up to {each['checkpoint']}"
            )
            if each["problem"]:
                terminal.say(terminal.safe(each["problem"]), indent=2, hang=2)
    else:
        terminal.show_json({"projections": reports}, indent=format == "json")
    sys.exit(4 if any(each["problem"] for each in reports) else 0)

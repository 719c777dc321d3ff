"""`timeline replay`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.shared import (
    format_option,
    limit_option,
    open_newsroom,
    questions_of,
    times_options,
)
from timeline.render import terminal


@click.command("replay")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--story", shell_complete=complete_story, help="Only the records of this story.")
@click.option("--entity", shell_complete=complete_entity, help="Only what concerns this entity.")
@click.option("--by", metavar="WHO", help="Only what WHO recorded.")
@click.option(
    "--type", "types", metavar="TYPE", multiple=True, help="Only this type; or several of them."
)
@click.option("--since", metavar="DATE", help="Only what was recorded from then on.")
@click.option("--until", metavar="DATE", help="Only what was recorded up to then.")
@click.option("--from", "first", type=click.IntRange(1), default=1, help="From this position.")
@click.option("--to", "last", type=click.IntRange(1), help="Up to this position.")
@limit_option("steps")
@click.option(
    "--assert",
    "asserting",
    is_flag=True,
    help="Ask the questions of the kept answers in FILES again; 1 if one that was given then "
    "would not be given again.",
)
@click.option("--head", is_flag=True, help="With --assert: 1 also if one would differ now.")
@times_options
@format_option()
@click.pass_context
def replay_command(
    ctx: click.Context, /, files: tuple[Path, ...], asserting: bool, head: bool, **given: Any
) -> None:
    """The audit: each record, who recorded it, when, and what it changed in the state.

    The state is that of --as-of (default: now), as known before and after each record.

    With --assert, whether history was rewritten: FILES are answers that were kept, as
    --format json prints them, or directories of them.
    """
    format = given.pop("format")
    if asserting:
        if used := _used(ctx, given):
            raise click.UsageError(f"--assert asks what the files ask: leave out {used}")
        if not files:
            raise click.UsageError("--assert needs FILES: answers that were kept")
        _assert(ctx, files, head, format)
    elif files:
        raise click.UsageError(f"what is {str(files[0])!r}? --assert asks kept answers again")
    elif head:
        raise click.UsageError("--head goes with --assert")
    else:
        _replay(ctx, format=format, **given)


def _used(ctx: click.Context, given: dict[str, Any]) -> str:
    """The options that were typed."""
    typed = click.core.ParameterSource.COMMANDLINE
    names = [name for name in given if ctx.get_parameter_source(name) is typed]
    flags = {each.name: each.opts[0] for each in ctx.command.params}
    return ", ".join(flags[name] for name in names)


def _replay(
    ctx: click.Context,
    *,
    story: str | None,
    entity: str | None,
    by: str | None,
    types: tuple[str, ...],
    since: str | None,
    until: str | None,
    first: int,
    last: int | None,
    limit: int | None,
    as_of: str | None,
    as_known: str | None,
    format: str,
) -> None:
    if last is not None and as_known is not None:
        raise click.UsageError("--to and --as-known both cut the log: give one of them")
    newsroom = open_newsroom(ctx)
    known = str(last) if last is not None else as_known
    audit = questions_of(newsroom).replay(
        story, entity, by, types, since, until, first, as_of, known, limit
    )
    if format == "json":
        terminal.show_json(audit.answer())
    elif format == "jsonl":
        terminal.show_json_lines(audit.steps)
    else:
        from timeline.render.tables.changes import show_steps

        show_steps(audit.steps, newsroom)


def _assert(ctx: click.Context, files: tuple[Path, ...], head: bool, format: str) -> None:
    from timeline.newsroom.saved_answers import read_kept
    from timeline.newsroom.saved_answers_check import asserted

    newsroom = open_newsroom(ctx)
    reports = list(asserted(newsroom, read_kept(files)))
    if format == "json":
        terminal.show_json({"kept": reports})
    elif format == "jsonl":
        terminal.show_json_lines(reports)
    else:
        from timeline.render.tables.assertions import show_assertions

        show_assertions(reports, newsroom)
    if any(not each["unchanged"] or (head and each["moved"]) for each in reports):
        ctx.exit(1)

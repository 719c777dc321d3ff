"""`timeline follow`."""

from __future__ import annotations

import os
import select
import signal
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from threading import Thread

import click

from timeline.cli.completion import complete_story
from timeline.cli.shared import format_option, limit_option, open_newsroom
from timeline.errors import StoreError
from timeline.newsroom.entities import note_if_no_story
from timeline.newsroom.following import followed
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.lineage import record_json
from timeline.records.record import Record
from timeline.render import terminal


@click.command("follow")
@click.option("--story", shell_complete=complete_story, help="Only the records of this story.")
@click.option(
    "--after",
    metavar="POSITION",
    type=click.IntRange(0),
    help="First those that came after this position. Default: from now on.",
)
@limit_option("records; then stop")
@format_option()
@click.pass_context
def follow_command(
    ctx: click.Context, story: str | None, after: int | None, limit: int | None, format: str
) -> None:
    """The records as they come, until stopped.

    Each once, in the order in which they are recorded. Where a service or a database does not
    answer for a while, they go on where they were.
    """
    newsroom = open_newsroom(ctx)
    note_if_no_story(newsroom, story, terminal.note)
    end_with_reader()
    with suppress(KeyboardInterrupt):
        records = islice(followed(newsroom, after, story, _broken), limit)
        _show(records, newsroom, format)


def _show(records: Iterable[Record], newsroom: Newsroom, format: str) -> None:
    if format == "table":
        from timeline.render.tables.log import show_log

        show_log(records, newsroom)
    else:
        for record in records:
            terminal.show_json(record_json(record), indent=format == "json")


def _broken(error: StoreError, wait: float) -> None:
    terminal.note(f"{error}; again in {wait:.1f} s")


def end_with_reader() -> None:
    """End the process as soon as nobody reads what it prints, though there is nothing to print."""
    try:
        printed = sys.stdout.fileno()
        mode = os.fstat(printed).st_mode
    except (OSError, ValueError):
        return
    if not hasattr(select, "poll") or not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return

    def watch() -> None:
        poll = select.poll()
        poll.register(printed, 0)
        poll.poll()
        os._exit(128 + signal.SIGPIPE)

    Thread(target=watch, daemon=True).start()

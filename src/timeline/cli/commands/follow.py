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
from timeline.cli.shared import Position, format_option, open_room, takes
from timeline.errors import StoreError, suggestion
from timeline.records.record import Content
from timeline.records.settings import Settings
from timeline.render import terminal


@takes(format_option())
@click.command("follow")
@click.option("--story", shell_complete=complete_story, help="Only the records of this story.")
@click.option(
    "--after",
    metavar="POSITION",
    type=Position(0),
    help="Start after this position. Default: from now on.",
)
@click.option("--limit", type=click.IntRange(1), help="Stop after this many records.")
@click.pass_context
def follow_command(
    ctx: click.Context, story: str | None, after: int | None, limit: int | None, format: str
) -> None:
    """Print records as they are recorded, until stopped.

    Each is printed once, in order. If a service or a database does not answer for a while,
    following resumes where it was.
    """
    room = open_room(ctx)
    if story is not None and story not in (stories := room.stories()):
        terminal.note(f"there is no story {story!r}{suggestion(story, stories)}")
    end_with_reader()
    with suppress(KeyboardInterrupt):
        _show(islice(room.follow(after, story, _broken), limit), room.settings, format)


def _show(records: Iterable[Content], settings: Settings, format: str) -> None:
    if format == "table":
        from timeline.render.tables import log
        from timeline.render.wording import Words

        log.show(records, Words(settings))
    else:
        for record in records:
            terminal.show_json(record, indent=format == "json")


def _broken(error: StoreError, wait: float) -> None:
    terminal.note(f"{error}; retrying in {wait:.1f} s")


def end_with_reader() -> None:
    """End the process when its reader closes the pipe, even while there is nothing to print."""
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

"""`timeline work`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import click

from timeline.cli.progress import Bar
from timeline.cli.shared import open_kept
from timeline.errors import UnreachableError
from timeline.index.effects_index import NAME, VERSION
from timeline.index.follow import follow
from timeline.render import terminal


class StoppedError(Exception):
    """Raised between two batches after SIGINT or SIGTERM."""


@click.command("work")
@click.option("--once", is_flag=True, help="Stop at the end of the log.")
@click.pass_context
def work_command(ctx: click.Context, once: bool) -> None:
    """Keep the index up to date, until stopped.

    This is optional: without a worker, each question first adds the new records to the index.
    """
    newsroom = open_kept(ctx)
    assert newsroom.index is not None
    bar, first = Bar("folding the log"), True

    def reached(position: int) -> None:
        nonlocal first
        bar.close()
        if first:
            terminal.say(f"{NAME} {VERSION}: up to date, at {position}")
        first = False

    def unreachable(error: UnreachableError) -> None:
        terminal.note(f"{error}; trying again")

    with stopping() as stopped:

        def report(position: int, last: int) -> None:
            bar(position, last)
            if stopped.is_set():
                raise StoppedError

        newsroom.index.report = report
        try:
            follow(newsroom.index, newsroom.store, once, stopped.wait, reached, unreachable)
        except StoppedError:
            pass
        finally:
            bar.close()


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that is set by SIGINT or SIGTERM. The current batch is finished first."""
    stopped = Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(each, lambda *_: stopped.set()) for each in signals]
    try:
        yield stopped
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)

"""`timeline work`."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import click

from timeline.cli.progress import Bar
from timeline.cli.shared import open_kept
from timeline.errors import UnreachableError
from timeline.index.projection import Progress, Projection
from timeline.index.registry import PROJECTIONS
from timeline.index.shard_workers import StoppedError, work, worker
from timeline.render import terminal


class ShardType(click.ParamType[tuple[int, int]]):
    """One of so many shards, such as `1/4`."""

    name = "shard"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", str(value))
        shard, of = (int(number) for number in found.groups()) if found else (0, 0)
        if not 1 <= shard <= of:
            self.fail(f"{value!r} is no shard: the first of four is 1/4, the last 4/4", param, ctx)
        return shard, of


@click.command("work")
@click.option(
    "--shard",
    type=ShardType(),
    default="1/1",
    metavar="I/N",
    help="Fold the I-th of N parts of the events; other workers fold the others.",
)
@click.option("--once", is_flag=True, help="Stop at the end of the log.")
@click.pass_context
def work_command(ctx: click.Context, shard: tuple[int, int], once: bool) -> None:
    """Keep the projections up to date, until stopped.

    Nobody needs a worker to be answered: whoever asks folds in what is new. With workers,
    it is there already.
    """
    newsroom = open_kept(ctx)
    assert newsroom.upkeep is not None
    bar, reached = Bar("folding the log"), set()

    def told(projection: Projection, progress: Progress, last: int) -> None:
        bar(progress.checkpoint, last)
        if progress.checkpoint >= last and projection.name not in reached:
            reached.add(projection.name)
            part = f" (shard {shard[0]}/{shard[1]})" if shard[1] > 1 else ""
            terminal.say(f"{projection.name} {projection.version}{part}: up to date, at {last}")

    def warned(error: UnreachableError) -> None:
        terminal.note(f"{error}; waiting for it")

    with stopping() as stopped:

        def report(position: int, last: int) -> None:
            bar(position, last)
            if stopped.is_set():
                raise StoppedError

        newsroom.upkeep.report = report
        try:
            one = worker(newsroom.store, newsroom.settings.vocabulary, newsroom.upkeep, *shard)
            work(one, newsroom.store, PROJECTIONS, once, stopped.wait, told, warned)
        except StoppedError:
            pass
        finally:
            bar.close()


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that is set by whoever wants the process to end: what is begun is finished."""
    stopped = Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(each, lambda *_: stopped.set()) for each in signals]
    try:
        yield stopped
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)

"""`timeline status` and `timeline verify`."""

from __future__ import annotations

import sqlite3
import sys

import click

from timeline import __version__, temporal
from timeline.cli import output
from timeline.cli.shared import directory_of, format_option, open_newsroom
from timeline.newsroom import LOG


@click.command("status")
@format_option()
@click.pass_context
def status_command(ctx: click.Context, format: str) -> None:
    """The newsroom's health: its head, its stories, its store."""
    newsroom = open_newsroom(ctx)
    head = newsroom.log.head()
    log = directory_of(ctx) / LOG
    answer = {
        "newsroom": newsroom.settings.name,
        "zone": newsroom.settings.zone,
        "head": head.position,
        "recorded_at": None
        if head.recorded_at is None
        else temporal.format_instant(head.recorded_at),
        "stories": newsroom.log.stories(),
        "log": str(log),
        "bytes": log.stat().st_size,
        "timeline": __version__,
        "sqlite": sqlite3.sqlite_version,
    }
    if format != "table":
        output.show_json(answer, indent=format == "json")
        return
    stories = ", ".join(f"{story} ({count})" for story, count in newsroom.log.stories().items())
    name, zone = newsroom.settings.name, newsroom.settings.zone
    output.say(f"newsroom  {output.safe(name)} (zone {zone})", hang=10)
    output.say(f"head      {head.position}, recorded {answer['recorded_at'] or 'never'}", hang=10)
    output.say(f"stories   {stories or 'none'}", hang=10)
    output.say(f"log       {output.safe(log)}, {answer['bytes']:,} bytes", hang=10)
    output.say(f"software  timeline {__version__}, SQLite {sqlite3.sqlite_version}", hang=10)


@click.command("verify")
@format_option()
@click.pass_context
def verify_command(ctx: click.Context, format: str) -> None:
    """Send every record through the door once more; 1 if one would not pass."""
    from timeline.integrity import verify

    newsroom = open_newsroom(ctx)
    findings = verify(newsroom)
    head = newsroom.log.head().position
    if format != "table":
        output.show_json({"head": head, "findings": findings}, indent=format == "json")
    else:
        for finding in findings:
            output.say(f"{finding['position']}: {output.safe(finding['message'])}", hang=4)
        output.say(f"{head} records, {len(findings) or 'no'} findings")
    sys.exit(1 if findings else 0)

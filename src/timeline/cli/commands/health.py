"""`timeline status` and `timeline verify`."""

from __future__ import annotations

import sys
from typing import Any

import click

from timeline import __version__, temporal
from timeline.cli import output
from timeline.cli.shared import format_option, open_newsroom
from timeline.derived.declared import PROJECTIONS
from timeline.derived.projection import Projection
from timeline.newsroom import Newsroom


@click.command("status")
@format_option()
@click.pass_context
def status_command(ctx: click.Context, format: str) -> None:
    """The newsroom's health: its head, its stories, its store."""
    newsroom = open_newsroom(ctx)
    head, facts = newsroom.log.head(), newsroom.log.facts()
    projections = [_projection(newsroom, each, head.position) for each in PROJECTIONS]
    answer = {
        "newsroom": newsroom.settings.name,
        "zone": newsroom.settings.zone,
        "head": head.position,
        "recorded_at": None
        if head.recorded_at is None
        else temporal.format_instant(head.recorded_at),
        "stories": newsroom.log.stories(),
        "log": facts.where,
        "bytes": facts.size,
        "projections": projections,
        "timeline": __version__,
        facts.software.lower(): facts.version,
    }
    if format != "table":
        output.show_json(answer, indent=format == "json")
        return
    stories = ", ".join(f"{story} ({count})" for story, count in newsroom.log.stories().items())
    name, zone = newsroom.settings.name, newsroom.settings.zone
    output.say(f"newsroom  {output.safe(name)} (zone {zone})", hang=10)
    output.say(f"head      {head.position}, recorded {answer['recorded_at'] or 'never'}", hang=10)
    output.say(f"stories   {stories or 'none'}", hang=10)
    output.say(f"log       {output.safe(facts.where)}, {facts.size:,} bytes", hang=10)
    for each in projections:
        output.say(f"derived   {_said(each)}", hang=10)
    output.say(f"software  timeline {__version__}, {facts.software} {facts.version}", hang=10)


def _projection(newsroom: Newsroom, projection: Projection, head: int) -> dict[str, Any]:
    """How far a projection is behind the log."""
    progress = newsroom.upkeep.progress(projection) if newsroom.upkeep else None
    return {
        "projection": projection.name,
        "version": projection.version,
        "checkpoint": progress.checkpoint if progress else None,
        "lag": head - (progress.checkpoint if progress else 0),
        "problem": progress.problem if progress else None,
    }


def _said(projection: dict[str, Any]) -> str:
    name = f"{projection['projection']} {projection['version']}"
    if projection["checkpoint"] is None:
        return f"{name}: not built yet; the first question builds it"
    lag = f"{projection['lag']:,} behind" if projection["lag"] else "up to date"
    stopped = f"; stopped: {projection['problem']}" if projection["problem"] else ""
    return output.safe(f"{name}: {lag}, at {projection['checkpoint']}{stopped}")


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

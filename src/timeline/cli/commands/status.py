"""`timeline status` and `timeline verify`."""

from __future__ import annotations

import sys
from typing import Any

import click

from timeline import __version__
from timeline.cli.shared import format_option, open_newsroom, questions_of
from timeline.render import terminal


@click.command("status")
@format_option()
@click.pass_context
def status_command(ctx: click.Context, format: str) -> None:
    """The newsroom's health: its head, its stories, its store."""
    newsroom = open_newsroom(ctx)
    answer = questions_of(newsroom).status()
    if format != "table":
        terminal.show_json(answer, indent=format == "json")
        return
    facts = newsroom.store.facts()
    stories = ", ".join(f"{story} ({count})" for story, count in answer["stories"].items())
    terminal.say(f"newsroom  {terminal.safe(answer['newsroom'])} (zone {answer['zone']})", hang=10)
    terminal.say(
        f"head      {answer['head']}, recorded {answer['recorded_at'] or 'never'}", hang=10
    )
    terminal.say(f"stories   {stories or 'none'}", hang=10)
    terminal.say(f"log       {terminal.safe(facts.where)}, {facts.size:,} bytes", hang=10)
    for each in answer["projections"]:
        terminal.say(f"derived   {_said(each)}", hang=10)
    terminal.say(f"software  timeline {__version__}, {facts.software} {facts.version}", hang=10)


def _said(projection: dict[str, Any]) -> str:
    name = f"{projection['projection']} {projection['version']}"
    if projection["checkpoint"] is None:
        return f"{name}: not built yet; the first question builds it"
    lag = f"{projection['lag']:,} behind" if projection["lag"] else "up to date"
    stopped = f"; stopped: {projection['problem']}" if projection["problem"] else ""
    return terminal.safe(f"{name}: {lag}, at {projection['checkpoint']}{stopped}")


@click.command("verify")
@format_option()
@click.pass_context
def verify_command(ctx: click.Context, format: str) -> None:
    """Send every record through the door once more; 1 if one would not pass."""
    answer = questions_of(open_newsroom(ctx)).verify()
    head, findings = answer["head"], answer["findings"]
    if format != "table":
        terminal.show_json(answer, indent=format == "json")
    else:
        for finding in findings:
            terminal.say(f"{finding['position']}: {terminal.safe(finding['message'])}", hang=4)
        terminal.say(f"{head} records, {len(findings) or 'no'} findings")
    sys.exit(1 if findings else 0)

"""The newsroom's health, and the integrity of its log, for people."""

from __future__ import annotations

from timeline.projections.answer import Answer
from timeline.render.tables.view import View
from timeline.render.terminal import safe, say

# Software, by its key in the answer.
_SOFTWARE = {
    "timeline": "timeline",
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
}


def show_status(answer: Answer, view: View) -> None:
    """The newsroom's health."""
    stories = ", ".join(f"{story} ({count})" for story, count in answer["stories"].items())
    used = [f"{name} {answer[key]}" for key, name in _SOFTWARE.items() if key in answer]
    say(f"newsroom  {safe(answer['newsroom'])} (zone {answer['zone']})", hang=10)
    say(f"head      {answer['head']}, recorded {answer['recorded_at'] or 'never'}", hang=10)
    say(f"stories   {stories or 'none'}", hang=10)
    say(f"log       {safe(answer['log'])}, {answer['bytes']:,} bytes", hang=10)
    for each in answer["projections"]:
        say(f"derived   {_progress(each)}", hang=10)
    say(f"software  {', '.join(used)}", hang=10)


def _progress(projection: Answer) -> str:
    name = f"{projection['projection']} {projection['version']}"
    if projection["checkpoint"] is None:
        return f"{name}: not built yet; the first question builds it"
    lag = f"{projection['lag']:,} behind" if projection["lag"] else "up to date"
    stopped = f"; stopped: {projection['problem']}" if projection["problem"] else ""
    return safe(f"{name}: {lag}, at {projection['checkpoint']}{stopped}")


def show_verified(answer: Answer, view: View) -> None:
    """What is wrong with the log, record by record."""
    findings = answer["findings"]
    for finding in findings:
        say(f"{finding['position']}: {safe(finding['message'])}", hang=4)
    say(f"{answer['head']} records, {len(findings) or 'no'} findings")

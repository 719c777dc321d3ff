"""The health of a newsroom."""

from __future__ import annotations

from timeline.projections.status import IndexProgressJson, StatusAnswer
from timeline.render.terminal import safe, say
from timeline.render.wording import Words

# The names of software, by key in the answer.
_SOFTWARE = {
    "timeline": "timeline",
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
}


def show(answer: StatusAnswer, words: Words) -> None:
    """Print the health of a newsroom."""
    stories = ", ".join(f"{story} ({count})" for story, count in answer["stories"].items())
    used = [f"{_SOFTWARE[key]} {value}" for key, value in answer.items() if key in _SOFTWARE]
    say(f"newsroom  {safe(answer['newsroom'])} (zone {answer['zone']})", hang=10)
    say(f"head      {answer['head']}, recorded {answer['recorded_at'] or 'never'}", hang=10)
    say(f"stories   {stories or 'none'}", hang=10)
    say(f"log       {safe(answer['log'])}, {answer['bytes']:,} bytes", hang=10)
    for each in answer["projections"]:
        say(f"derived   {_progress(each)}", hang=10)
    say(f"software  {', '.join(used)}", hang=10)
    for warning in answer.get("warnings", ()):
        say(f"warning   {safe(warning)}", hang=10, fg="yellow")


def _progress(projection: IndexProgressJson) -> str:
    name = f"{projection['projection']} {projection['version']}"
    if projection["checkpoint"] is None:
        return f"{name}: not built yet; the first question builds it"
    lag = f"{projection['lag']:,} behind" if projection["lag"] else "up to date"
    stopped = f"; stopped: {projection['problem']}" if projection["problem"] else ""
    return safe(f"{name}: {lag}, at {projection['checkpoint']}{stopped}")

"""The state of an entity."""

from __future__ import annotations

from timeline.projections.snapshot import SnapshotAnswer
from timeline.projections.statement import HeldJson
from timeline.render.tables.parts import (
    CERTAIN,
    POSSIBLE,
    safe_statement,
    show_accounts,
    show_basis,
    show_findings,
)
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, said_sources


def show(answer: SnapshotAnswer, words: Words) -> None:
    """Print the state of an entity."""
    say(safe(answer["entity"]), bold=True)
    show_basis(answer, words)
    say()
    for entry in answer["statements"]:
        certain = entry["certainty"] == "certain"
        text = f"{CERTAIN if certain else POSSIBLE} {safe_statement(entry)}"
        say(text, hang=2, fg=None if certain else "yellow")
        say(_standing(entry, words), indent=2, hang=2, dim=True)
        show_accounts(entry, words, indent=4)
    if not answer["statements"]:
        say("no statement holds", dim=True)
    if answer["comments"]:
        say()
        say("Comments", bold=True)
    for comment in answer["comments"]:
        quote = f": “{safe(comment['quote'])}”" if comment["quote"] else ""
        when = words.when(comment["id"])
        doubt = f" ({comment['standing']})" if comment["standing"] != "reported" else ""
        say(f"{safe(comment['speaker'])}, {safe(when)}{quote}{doubt}", hang=2)
    if answer["questions"]:
        say()
        say("Open questions", bold=True)
    for question in answer["questions"]:
        when = words.when(question["id"])
        say(f"{safe(question['question'])} (since {safe(when)})", hang=2)
    show_findings(answer["findings"])
    if answer["statements"]:
        say()
        say(f"{CERTAIN} certain  {POSSIBLE} possible", dim=True)


def _standing(entry: HeldJson, words: Words) -> str:
    """Such as "certain since 3 March 2026, Beijing time; 2 sources; because …"."""
    parts: list[str] = [entry["certainty"]]
    if entry["since"]:
        parts[0] += f" since {words.bounds(entry['since'], entry['because'])}"
    if entry["until"]:
        parts.append(f"until {words.bounds(entry['until'], entry['because'])}")
    if entry["standing"] != "reported":
        parts.append(entry["standing"])
    sources = said_sources(entry["sources"])
    parts += [sources, "because " + ", ".join(entry["because"])]
    return safe("; ".join(parts))

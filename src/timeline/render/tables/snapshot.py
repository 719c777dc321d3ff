"""The state of an entity, for people."""

from __future__ import annotations

from timeline import temporal
from timeline.projections.snapshot import SnapshotAnswer
from timeline.projections.statement import HeldJson
from timeline.render.tables.accounts import show_accounts, show_findings
from timeline.render.tables.view import View
from timeline.render.tables.words import CERTAIN, POSSIBLE, safe_statement, show_basis
from timeline.render.terminal import safe, say
from timeline.render.wording import said_bounds, said_dated, said_sources


def show_snapshot(answer: SnapshotAnswer, view: View) -> None:
    """The state of an entity."""
    say(safe(answer["entity"]), bold=True)
    show_basis(answer, view)
    say()
    for entry in answer["statements"]:
        certain = entry["certainty"] == "certain"
        text = f"{CERTAIN if certain else POSSIBLE} {safe_statement(entry)}"
        say(text, hang=2, fg=None if certain else "yellow")
        say(_standing(entry, view), indent=2, hang=2, dim=True)
        show_accounts(entry, view, indent=4)
    if not answer["statements"]:
        say("no statement holds", dim=True)
    if answer["comments"]:
        say()
        say("Comments", bold=True)
    for comment in answer["comments"]:
        quote = f": “{safe(comment['quote'])}”" if comment["quote"] else ""
        when = _when(comment["id"], view)
        doubt = f" ({comment['standing']})" if comment["standing"] != "reported" else ""
        say(f"{safe(comment['speaker'])}, {safe(when)}{quote}{doubt}", hang=2)
    if answer["questions"]:
        say()
        say("Open questions", bold=True)
    for question in answer["questions"]:
        when = _when(question["id"], view)
        say(f"{safe(question['question'])} (since {safe(when)})", hang=2)
    show_findings(answer["findings"])
    if answer["statements"]:
        say()
        say(f"{CERTAIN} certain  {POSSIBLE} possible", dim=True)


def _standing(entry: HeldJson, view: View) -> str:
    """Certain since 3 March 2026, Beijing time; 2 sources; because …"""
    dated = [each for id in entry["because"] for each in view.dated(id)[:1] if "when" in each]
    dates = [temporal.read(each["when"], each["zone"]) for each in dated]
    parts: list[str] = [entry["certainty"]]
    if entry["since"]:
        parts[0] += f" since {said_bounds(entry['since'], dates)}"
    if entry["until"]:
        parts.append(f"until {said_bounds(entry['until'], dates)}")
    if entry["standing"] != "reported":
        parts.append(entry["standing"])
    sources = said_sources(entry["sources"])
    parts += [sources, "because " + ", ".join(entry["because"])]
    return safe("; ".join(parts))


def _when(id: str, view: View) -> str:
    """When an event happened: its date and, where it is known, its order."""
    return next((said_dated(each, each["zone"]) for each in view.dated(id)), "")

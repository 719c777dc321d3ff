"""What records changed in the state, for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from timeline import temporal
from timeline.projections.answer import Answer
from timeline.render.tables.view import View
from timeline.render.tables.words import safe_statement
from timeline.render.terminal import safe, say
from timeline.render.wording import local, said_bounds


def show_steps(steps: Iterable[Answer], view: View) -> None:
    """The audit, record by record."""
    for step in steps:
        recorded = local(temporal.parse_instant(step["recorded_at"]), view.settings.zone)
        who = safe(step["recorded_by"] or "somebody")
        say(f"{step['position']}  {recorded}  {who}: {step['type']}", hang=4, dim=True)
        say(safe(step["headline"]), indent=2, hang=2, bold=True)
        show_changes(step)


def show_changes(step: Mapping[str, Any]) -> None:
    """What a record changes in the state."""
    dates = [temporal.read(step["when"], step["zone"])] if step["when"] else []
    for change in step["changes"]:
        show_change(change, dates, indent=2)


def show_change(change: Answer, dates: list[temporal.ParsedDate], indent: int = 0) -> None:
    """One change: what is new, is no more, or reads otherwise."""
    before, after = change["before"], change["after"]
    mark, colour = ("+", "green") if not before else ("-", "red") if not after else ("~", "blue")
    if "listing" in change:
        entry = after or before
        text = entry.get("question") or f"{entry['speaker']}: {entry.get('quote') or '…'}"
        say(f"{mark} {change['listing']}: {safe(text)}", indent=indent, hang=2, fg=colour)
        return
    told = _told(after, dates) if after else "no longer"
    if before:
        told += f" (was {_told(before, dates)})"
    say(f"{mark} {safe_statement(change)}: {safe(told)}", indent=indent, hang=2, fg=colour)


def _told(state: Answer, dates: list[temporal.ParsedDate]) -> str:
    parts = [state["certainty"]]
    parts += [] if state["standing"] == "reported" else [state["standing"]]
    for side in ("since", "until"):
        if state[side]:
            parts.append(f"{side} {said_bounds(state[side], dates)}")
    return ", ".join(parts)

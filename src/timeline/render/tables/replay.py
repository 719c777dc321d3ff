"""The audit: what each record changed in the state."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.projections.positions import written
from timeline.projections.replay import StepJson
from timeline.render.tables.parts import show_changes
from timeline.render.terminal import safe, say
from timeline.render.wording import Words, author


def show(steps: Iterable[StepJson], words: Words) -> None:
    """Print the audit, record by record."""
    for step in steps:
        recorded, who = words.recorded(step["recorded_at"]), safe(author(step["recorded_by"]))
        say(f"{written(step['position'])}  {recorded}  {who}: {step['type']}", hang=4, dim=True)
        say(safe(step["headline"]), indent=2, hang=2, bold=True)
        show_changes(step)

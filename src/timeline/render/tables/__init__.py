"""The answers for people: readable in 80 columns, with or without colour. One file a table."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

# The module and the function that shows the answer of each question; of a listing, its entries.
_TABLES = {
    "log": ("log", "show_log"),
    "show": ("lineage", "show_lineage"),
    "entities": ("entities", "show_entities"),
    "chronology": ("chronology", "show_chronology"),
    "snapshot": ("snapshot", "show_snapshot"),
    "map": ("map", "show_map"),
    "why": ("why", "show_why"),
    "diff": ("diff", "show_diff"),
    "replay": ("changes", "show_steps"),
    "check": ("check", "show_check"),
    "when": ("reading", "show_reading"),
    "status": ("status", "show_status"),
    "verify": ("status", "show_verified"),
}


def table_of(question: str) -> Callable[..., None]:
    """The function that shows the answer of a question in a `View`."""
    module, name = _TABLES[question]
    found: Callable[..., None] = getattr(import_module(f"timeline.render.tables.{module}"), name)
    return found

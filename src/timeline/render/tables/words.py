"""What the tables share: a statement, its bounds, the two times, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from timeline import temporal
from timeline.render.tables.view import View
from timeline.render.terminal import safe, say
from timeline.render.wording import said_date, said_known, said_statement

CERTAIN, POSSIBLE = "●", "○"


def show_basis(answer: Mapping[str, Any], view: View) -> None:
    as_of = said_date(temporal.read(answer["as_of"], view.settings.zone))
    say(f"as of {as_of}; {said_known(answer, view.settings.zone)}", dim=True)


def safe_statement(entry: Mapping[str, Any]) -> str:
    """A statement in a line that can be printed."""
    return safe(said_statement(entry))

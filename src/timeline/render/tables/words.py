"""What the tables share: a statement, its bounds, the two times, in words."""

from __future__ import annotations

from timeline import temporal
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Answer
from timeline.render.terminal import safe, say
from timeline.render.wording import said_date, said_known, said_statement

CERTAIN, POSSIBLE = "●", "○"


def show_basis(answer: Answer, newsroom: Newsroom) -> None:
    as_of = said_date(temporal.read(answer["as_of"], newsroom.settings.zone))
    say(f"as of {as_of}; {said_known(answer, newsroom.settings.zone)}", dim=True)


def safe_statement(entry: Answer) -> str:
    """A statement in a line that can be printed."""
    return safe(said_statement(entry))

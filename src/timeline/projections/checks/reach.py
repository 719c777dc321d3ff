"""Statements that no source has spoken of for long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from timeline import temporal
from timeline.projections.answer import Timestamp
from timeline.projections.attestation import attested
from timeline.projections.checks.check_context import CheckContext, days
from timeline.projections.checks.statements import said
from timeline.projections.finding import PUBLISHER, WHEN, FindingJson, command, finding
from timeline.projections.measurements import is_measured
from timeline.projections.statement import StatementJson, statement_json
from timeline.temporal.wording import said_day_of

# How long a statement may go without a source that speaks of it.
ATTESTED_FOR = "P365D"


class Unattested(FindingJson):
    """A statement is certain, but no source has spoken of it for long."""

    kind: Literal["unattested"]
    statement: StatementJson
    attested: Timestamp


def unattested(context: CheckContext) -> Iterator[Unattested]:
    """Statements that are certain, and that no source has spoken of for long.

    A measurement holds for its date, so nothing has to speak of it again.
    """
    for held in context.held:
        if held.certainty != "certain" or any(map(is_measured, held.because)):
            continue
        last = attested(held.because)
        if context.at - last < context.unattested_after:
            continue
        first = held.because[0]
        day = said_day_of(last, first.zone)
        yield {
            "kind": "unattested",
            **finding(
                f"“{said(held.statement)}” was last attested on {day}, "
                f"{days(context.at - last)} before",
                [each.id for each in held.because],
                command("confirm", first.id, "--publisher", PUBLISHER, "--published", WHEN),
            ),
            "statement": statement_json(held.statement),
            "attested": temporal.format_instant(last),
        }

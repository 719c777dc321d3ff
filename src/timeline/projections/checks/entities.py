"""Entities about which the amendments contradict one another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from timeline.projections.checks.check_context import WHY, CheckContext, command, finding, options
from timeline.projections.contradictions import FindingJson


class StillOne(FindingJson):
    """Entities that were told apart, but are joined by way of others."""

    kind: Literal["still-one"]
    story: str
    entities: list[str]


def still_one(ground: CheckContext) -> Iterator[StillOne]:
    """Entities that were told apart, and that others hold together."""
    names = ground.history.names
    for record, way in names.still_one():
        joining = {pair: names.joining(*pair) for pair in pairwise(way)}
        merges = {each.id: each for found in joining.values() for each in found}
        # What was joined last is the likeliest to be wrong.
        last = max(joining, key=lambda pair: joining[pair][-1].position)
        one, *between, other = way
        yield {
            "kind": "still-one",
            **finding(
                f"{one} and {other} were told apart ({record.id}: “{record.content['reason']}”), "
                f"and still are one, by way of {' and '.join(between)}",
                [record.id, *sorted(merges, key=lambda id: merges[id].position)],
                command(
                    *("append", "not-same-entity", "--story", record.story),
                    *options("--entities", last),
                    *("--reason", WHY),
                ),
            ),
            "story": record.story,
            "entities": way,
        }

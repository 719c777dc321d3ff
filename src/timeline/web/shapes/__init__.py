"""The shapes of the answers, for the document that describes the API: nothing is made by them."""

from __future__ import annotations


def all_shapes() -> tuple[type, ...]:
    """The shapes of whole answers."""
    from timeline.web.shapes.changes import Difference, Replay
    from timeline.web.shapes.check import Check
    from timeline.web.shapes.chronology import Chronology
    from timeline.web.shapes.house import Entities, Health, Status, Verified, When
    from timeline.web.shapes.map import Map
    from timeline.web.shapes.problems import ProblemDetails
    from timeline.web.shapes.records import Lineage, Log
    from timeline.web.shapes.statements import Snapshot
    from timeline.web.shapes.why import Why

    return (
        *(Snapshot, Map, Chronology, Why, Difference, Replay, Check, Log, Lineage),
        *(Entities, When, Status, Verified, Health, ProblemDetails),
    )

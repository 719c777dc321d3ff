"""The shapes of the answers, for the document that describes the API: nothing is made by them."""

from __future__ import annotations


def all_shapes() -> tuple[type, ...]:
    """The shapes of whole answers."""
    from timeline.projections.chronology import ChronologyAnswer
    from timeline.projections.legend import Legend
    from timeline.projections.snapshot import SnapshotAnswer
    from timeline.web.schemas.changes import Difference, Replay
    from timeline.web.schemas.check import Check
    from timeline.web.schemas.map import Map
    from timeline.web.schemas.problems import ProblemDetails
    from timeline.web.schemas.records import Lineage, Log
    from timeline.web.schemas.status import Entities, Health, Status, Verified, When
    from timeline.web.schemas.why import Why

    return (
        *(SnapshotAnswer, Map, ChronologyAnswer, Why, Difference, Replay, Check, Log, Lineage),
        *(Entities, When, Status, Verified, Health, ProblemDetails, Legend),
    )

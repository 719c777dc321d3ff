"""The projections of a newsroom at a basis, as functions: what questions compute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from timeline.newsroom.newsroom import Newsroom
from timeline.projections import chronology as of_chronology
from timeline.projections import diff as of_diff
from timeline.projections import entities as of_entities
from timeline.projections import map as of_map
from timeline.projections import replay as of_replay
from timeline.projections import snapshot as of_snapshot
from timeline.projections import why as of_why
from timeline.projections.answer import Basis
from timeline.records.gc_pause import paused_gc


def snapshot(newsroom: Newsroom, entity: str, basis: Basis, depth: int = 1) -> Any:
    with paused_gc():
        answer = of_snapshot.snapshot(newsroom.source(basis), entity, basis, depth)
        newsroom.trim()
        return answer


def map(newsroom: Newsroom, entity: str, basis: Basis) -> Any:
    slugs = of_map.ever_meant(entity, newsroom.naming_amendments(basis))
    return of_map.map_of(newsroom.records_about(slugs, basis), entity, basis)


def entities(
    newsroom: Newsroom, basis: Basis, query: str | None = None, kind: str | None = None
) -> Any:
    return of_entities.entities(newsroom.history(basis), basis, query, kind)


def why(newsroom: Newsroom, entity: str, basis: Basis, property: str | None = None) -> Any:
    return of_why.why(newsroom.history_about(entity, basis), entity, basis, property)


def chronology(
    newsroom: Newsroom, basis: Basis, story: str | None = None, entity: str | None = None
) -> Any:
    history = newsroom.history(basis) if entity is None else newsroom.history_about(entity, basis)
    return of_chronology.chronology(history, basis, story, entity)


def replay(
    newsroom: Newsroom, basis: Basis, filters: of_replay.Filters = of_replay.ALL
) -> Iterator[Any]:
    return of_replay.steps(newsroom.records(basis.as_known), basis, filters)


def diff(
    newsroom: Newsroom, was: Basis, now: Basis, entity: str | None = None, story: str | None = None
) -> Any:
    if entity is None or story is not None:
        return of_diff.diff(newsroom.records(now.as_known), was, now, entity, story)
    return of_diff.diff(newsroom.records_about([entity], now, was), was, now, entity)

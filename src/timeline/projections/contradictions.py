"""Dates that contradict one another, and the command that would put an event elsewhere in time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Literal

from timeline.certainty.order import Order
from timeline.history.event import Event
from timeline.projections.accounts import CitationJson, DatedJson, citations_of, dated_json
from timeline.projections.finding import WHEN, WHY, FindingJson, command, finding
from timeline.records.record import LINKS


class DatedAccountJson(DatedJson):
    """One of the events whose dates contradict one another."""

    id: str
    headline: str
    sources: list[CitationJson]


class ContradictoryDates(FindingJson):
    """Dates that cannot all be true: a smallest set of records that clash."""

    kind: Literal["contradictory-dates"]
    accounts: list[DatedAccountJson]


def contradictions(order: Order, about: Iterable[str]) -> list[ContradictoryDates]:
    """The contradictions among the events that are linked with any of these ids."""
    found: dict[tuple[str, ...], ContradictoryDates] = {}
    for id in about:
        component = order.component(id)
        for clash in component.clashes_near(id) if component else ():
            found[tuple(sorted(clash))] = _contradiction(order, clash)
    return [found[ids] for ids in sorted(found)]


def all_contradictions(order: Order) -> list[ContradictoryDates]:
    """The contradictions in a whole history."""
    return contradictions(order, (id for each in order.components() for id in each.points.ids))


def _contradiction(order: Order, clashing: frozenset[str]) -> ContradictoryDates:
    clash = order.events(clashing)
    ids = [each.id for each in clash]
    among = order.accounts(ids)
    message = "; ".join(_dated(each, among) for each in clash)
    message = f"the dates contradict one another: {message}"
    return {
        "kind": "contradictory-dates",
        **finding(message, ids, _resolving_command(clash, order)),
        "accounts": [_account(each) for each in clash],
    }


def _dated(event: Event, among: set[str]) -> str:
    """The date of an event and its links with some others, in words."""
    parts = [event.content["when"]] if "when" in event.content else []
    for side in LINKS:
        for link in event.content.get(side, ()):
            if link["id"] in among:
                within = f" within {link['within']}" if "within" in link else ""
                parts.append(f"{side} {link['id']}{within}")
    return f"{event.id} is dated {' and '.join(parts)}"


def _account(event: Event) -> DatedAccountJson:
    return {
        "id": event.id,
        "headline": event.headline,
        **dated_json(event),
        "sources": list(citations_of(event)),
    }


def _resolving_command(events: Sequence[Event], order: Order) -> str:
    """The command that resolves a contradiction by correcting the event dated or linked last.

    Its date is corrected if that can help. If not (the links alone form a cycle, or it has no
    date), its links with the others are removed.
    """
    clash = order.accounts(each.id for each in events)
    latest = sorted(events, key=lambda each: _last_changed(each, ("when", *LINKS)), reverse=True)
    candidates = [(each, fields) for each in latest for fields in _suspects(each, clash)]
    undated = [_without(each, ("when",), clash) for each in events]
    for others in (events, undated):
        for event, fields in candidates:
            rest = [each for each in others if each.id != event.id]
            if not order.contradict([*rest, _without(event, fields, clash)]):
                return _correction(event, fields, clash)
    # Where only accounts that agree with these say so, a date is what to look into.
    return _correction(*(candidates or [(latest[0], ("when",))])[0], clash)


def link_change(side: str, links: Sequence[dict[str, str]]) -> str:
    """A change of `after` or `before`, as an argument of `timeline correct`."""
    if not links:
        return f"{side}:=null"
    if len(links) > 1:
        return f"{side}:={json.dumps(links, ensure_ascii=False)}"
    (link,) = links
    if "within" in link:
        return f"{side}={link['id']}={link['within']}"
    return f"{side}={link_text(link['id'])}"


def link_text(id: str) -> str:
    """An id as options that take `ID[=WITHIN]` read it: one that contains `=` ends with `=`."""
    return f"{id}=" if "=" in id else id


def _suspects(event: Event, clash: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The fields of an event that may be wrong, the likeliest first."""
    if "when" in event.content:
        yield ("when",)
    inside = [side for side in LINKS if _links(event, side, clash, inside=True)]
    for side in sorted(inside, key=lambda side: _last_changed(event, (side,)), reverse=True):
        yield (side,)
    if len(inside) > 1:
        yield LINKS


def _last_changed(event: Event, fields: Sequence[str]) -> int:
    """The position at which any of these fields was last recorded or corrected."""
    return max(
        (
            each.position
            for each in event.amendments
            if each.type.name == "correction"
            and not each.content["changes"].keys().isdisjoint(fields)
        ),
        default=event.position,
    )


def _without(event: Event, fields: Sequence[str], clash: Collection[str]) -> Event:
    """An event without its date, or without its links with the others."""
    content: dict[str, Any] = dict(event.content)
    for field in fields:
        content.pop(field, None)
        if field in LINKS and (kept := _links(event, field, clash, inside=False)):
            content[field] = kept
    return event._replace(content=content)


def _correction(event: Event, fields: Sequence[str], clash: Collection[str]) -> str:
    changes = [
        f"when={WHEN}"
        if field == "when"
        else link_change(field, _links(event, field, clash, inside=False))
        for field in fields
    ]
    # An event needs a date or a link.
    left = _without(event, fields, clash).content.keys()
    if "when" not in fields and left.isdisjoint(("when", *LINKS)):
        changes.append(f"when={WHEN}")
    return command("correct", event.id, *changes, "--reason", WHY)


def _links(event: Event, side: str, clash: Collection[str], inside: bool) -> list[dict[str, str]]:
    """The links of an event that name an account of one of those that clash, or the others."""
    return [link for link in event.content.get(side, ()) if (link["id"] in clash) is inside]

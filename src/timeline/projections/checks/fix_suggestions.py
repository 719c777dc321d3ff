"""Commands that give events another place in time: what mends a clash, and order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from timeline.certainty.order_component import Component, links_of
from timeline.history.history import Event
from timeline.projections.checks.check_context import WHEN, WHY, command

SIDES = ("after", "before")


def mended(clash: Sequence[Event]) -> str:
    """The command that ends a clash, at the event that was dated or placed last.

    Its date is to be corrected if that can help; otherwise (the links by themselves go
    round in a circle, or it has no date) it is to lose its links with the others.
    """
    latest = sorted(clash, key=lambda each: _placed(each, ("when", *SIDES)), reverse=True)
    mends = [(each, fields) for each in latest for fields in _ways(each, clash)]
    undated = [_without(each, ("when",), clash) for each in clash]
    for others in (clash, undated):
        for event, fields in mends:
            rest = [each for each in others if each.id != event.id]
            if not _clashes([*rest, _without(event, fields, clash)]):
                return _command(event, fields, clash)
    return _command(*mends[0], clash)


def ordered(side: str, links: Sequence[dict[str, str]]) -> str:
    """A change of `after` or `before`, as `timeline correct` takes it."""
    if not links:
        return f"{side}:=null"
    if len(links) > 1:
        return f"{side}:={json.dumps(links, ensure_ascii=False)}"
    (link,) = links
    if "within" in link:
        return f"{side}={link['id']}={link['within']}"
    # An id that has a `=` itself is typed with one more at its end.
    return f"{side}={link['id']}=" if "=" in link["id"] else f"{side}={link['id']}"


def _ways(event: Event, clash: Sequence[Event]) -> Iterator[tuple[str, ...]]:
    """The fields of an event that may be at fault, those first that are rather to be mended."""
    if "when" in event.content:
        yield ("when",)
    inside = [side for side in SIDES if _links(event, side, clash, inside=True)]
    for side in sorted(inside, key=lambda side: _placed(event, (side,)), reverse=True):
        yield (side,)
    if len(inside) > 1:
        yield SIDES


def _placed(event: Event, fields: Sequence[str]) -> int:
    """The position at which any of these fields was recorded or corrected last."""
    return max(
        (
            each.position
            for each in event.amendments
            if each.type.name == "correction"
            and not each.content["changes"].keys().isdisjoint(fields)
        ),
        default=event.position,
    )


def _without(event: Event, fields: Sequence[str], clash: Sequence[Event]) -> Event:
    """An event without its date, or without its links with the others."""
    content: dict[str, Any] = dict(event.content)
    for field in fields:
        content.pop(field, None)
        if field in SIDES and (kept := _links(event, field, clash, inside=False)):
            content[field] = kept
    return event._replace(content=content)


def _clashes(events: Sequence[Event]) -> bool:
    """Whether the dates and the links of some events contradict one another."""
    ids = {each.id for each in events}
    links = dict.fromkeys(link for each in events for link in links_of(each))
    inside = [link for link in links if {link.earlier, link.later} <= ids]
    return bool(Component(list(events), inside).clashes)


def _command(event: Event, fields: Sequence[str], clash: Sequence[Event]) -> str:
    changes = [
        f"when={WHEN}"
        if field == "when"
        else ordered(field, _links(event, field, clash, inside=False))
        for field in fields
    ]
    # A record must say something of when it was.
    left = _without(event, fields, clash).content.keys()
    if "when" not in fields and left.isdisjoint(("when", *SIDES)):
        changes.append(f"when={WHEN}")
    return command("correct", event.id, *changes, "--reason", WHY)


def _links(event: Event, side: str, clash: Sequence[Event], inside: bool) -> list[dict[str, str]]:
    ids = {each.id for each in clash}
    return [link for link in event.content.get(side, ()) if (link["id"] in ids) is inside]

"""Commands that give happenings another place in time: what mends a clash, and order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from timeline.component import Component, links_of
from timeline.history import Happening
from timeline.projections.checks.ground import WHEN, WHY, command

SIDES = ("after", "before")


def mended(clash: Sequence[Happening]) -> str:
    """The command that ends a clash, at the happening that was dated or placed last.

    Its date is to be corrected if that can help; otherwise (the links by themselves go
    round in a circle, or it has no date) it is to lose its links with the others.
    """
    latest = sorted(clash, key=lambda each: _placed(each, ("when", *SIDES)), reverse=True)
    mends = [(each, fields) for each in latest for fields in _ways(each, clash)]
    undated = [_without(each, ("when",), clash) for each in clash]
    for others in (clash, undated):
        for happening, fields in mends:
            rest = [each for each in others if each.id != happening.id]
            if not _clashes([*rest, _without(happening, fields, clash)]):
                return _command(happening, fields, clash)
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


def _ways(happening: Happening, clash: Sequence[Happening]) -> Iterator[tuple[str, ...]]:
    """The fields of a happening that may be at fault, those first that are rather to be mended."""
    if "when" in happening.content:
        yield ("when",)
    inside = [side for side in SIDES if _links(happening, side, clash, inside=True)]
    for side in sorted(inside, key=lambda side: _placed(happening, (side,)), reverse=True):
        yield (side,)
    if len(inside) > 1:
        yield SIDES


def _placed(happening: Happening, fields: Sequence[str]) -> int:
    """The position at which any of these fields was recorded or corrected last."""
    return max(
        (
            each.position
            for each in happening.amendments
            if each.type.name == "correction"
            and not each.content["changes"].keys().isdisjoint(fields)
        ),
        default=happening.position,
    )


def _without(happening: Happening, fields: Sequence[str], clash: Sequence[Happening]) -> Happening:
    """A happening without its date, or without its links with the others."""
    content: dict[str, Any] = dict(happening.content)
    for field in fields:
        content.pop(field, None)
        if field in SIDES and (kept := _links(happening, field, clash, inside=False)):
            content[field] = kept
    return happening._replace(content=content)


def _clashes(happenings: Sequence[Happening]) -> bool:
    """Whether the dates and the links of some happenings contradict one another."""
    ids = {each.id for each in happenings}
    links = dict.fromkeys(link for each in happenings for link in links_of(each))
    inside = [link for link in links if {link.earlier, link.later} <= ids]
    return bool(Component(list(happenings), inside).clashes)


def _command(happening: Happening, fields: Sequence[str], clash: Sequence[Happening]) -> str:
    changes = [
        f"when={WHEN}"
        if field == "when"
        else ordered(field, _links(happening, field, clash, inside=False))
        for field in fields
    ]
    # A record must say something of when it was.
    left = _without(happening, fields, clash).content.keys()
    if "when" not in fields and left.isdisjoint(("when", *SIDES)):
        changes.append(f"when={WHEN}")
    return command("correct", happening.id, *changes, "--reason", WHY)


def _links(
    happening: Happening, side: str, clash: Sequence[Happening], inside: bool
) -> list[dict[str, str]]:
    ids = {each.id for each in clash}
    return [link for link in happening.content.get(side, ()) if (link["id"] in ids) is inside]

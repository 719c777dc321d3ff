"""One panel of a drawing: an axis, and below it the events in their rows."""

from __future__ import annotations

from xml.etree import ElementTree

from timeline.render.drawing.elements import add, number, write
from timeline.render.drawing.layout import Band, Bracket, Drawing, PlacedEvent
from timeline.render.text import clean
from timeline.render.wording import said_marks

_LABELLED, _BARE = 30, 8
_LABEL, _THICK, _THIN = 12, 10, 6
_TOP, _EDGE = 26, 30


def height_of(found: Drawing) -> int:
    """The height of a panel, in pixels."""
    return round(_top_of(found.rows, found)) + 4


def draw_panel(panel: ElementTree.Element, found: Drawing, name: str) -> None:
    """Draw the axis and the events into a group; `name` prefixes the ids of the drawing."""
    _draw_axis(panel, found)
    lines = add(panel, "g", "links")
    places = {placed.id: placed for placed in found.placed}
    for link in found.links:
        _draw_link(lines, places[link.earlier], places[link.later], found, name)
    for placed in found.placed:
        _draw_event(panel, placed, found, name)
    for bracket in found.brackets:
        _draw_bracket(panel, bracket, found)


def _top_of(row: int, found: Drawing) -> float:
    """Where a row begins, in pixels from the top."""
    labelled = min(row, found.labelled_rows)
    return _TOP + labelled * _LABELLED + (row - labelled) * _BARE


def _bar_of(placed: PlacedEvent, found: Drawing) -> tuple[float, float]:
    """The top of the band of an event, in pixels, and its thickness."""
    top = _top_of(placed.row, found)
    return (top + 1, _THIN) if placed.label_left is None else (top + _LABEL + 4, _THICK)


def _draw_axis(panel: ElementTree.Element, found: Drawing) -> None:
    axis = add(panel, "g", "axis")
    for tick in found.ticks:
        at = found.scale.pixel(tick.instant)
        x, kind = number(at), "tick major" if tick.major else "tick"
        add(axis, "line", kind, x1=x, x2=x, y1="18", y2=number(height_of(found)))
        if _EDGE <= at <= found.scale.width - _EDGE:
            write(add(axis, "text", kind, x=x, y="12"), tick.label)


def _draw_event(panel: ElementTree.Element, placed: PlacedEvent, found: Drawing, name: str) -> None:
    shown = placed.shown
    group = add(panel, "g", " ".join(("event", *shown.marks)))
    group.set("data-id", clean(placed.id))
    text = " — ".join(filter(None, (shown.entry["headline"], shown.said, said_marks(shown.marks))))
    write(add(group, "title"), text)
    _draw_band(group, shown.band, placed, found, name)
    if shown.ends is not None:
        first = found.scale.side(shown.band.latest, found.scale.start)
        last = found.scale.side(shown.ends.earliest, found.scale.end)
        if first < last:
            _draw_bar(group, "during", first, last, placed, found)
        _draw_band(group, shown.ends, placed, found, name)
    if placed.label_left is not None:
        y = _top_of(placed.row, found) + _LABEL
        label = add(group, "text", "label", x=number(placed.label_left), y=number(y))
        write(label, shown.label)
        if shown.note:
            write(add(label, "tspan", "note"), shown.note)


def _draw_band(
    group: ElementTree.Element, band: Band, placed: PlacedEvent, found: Drawing, name: str
) -> None:
    first = found.scale.side(band.earliest, found.scale.start)
    last = found.scale.side(band.latest, found.scale.end)
    if last - first < _THICK / 2:
        _draw_bar(group, "narrow", first, max(last, first + _THICK / 2), placed, found)
        return
    sides = [side for side, value in zip(("start", "end"), band, strict=True) if value is None]
    kinds = " ".join(["band", *(f"open-{side}" for side in sides)])
    bar = _draw_bar(group, kinds, first, last, placed, found)
    bar.set("fill", f"url(#{name}-hatch)")
    if sides:
        bar.set("mask", f"url(#{name}-open-{'-'.join(sides)})")


def _draw_bar(
    group: ElementTree.Element,
    kinds: str,
    first: float,
    last: float,
    placed: PlacedEvent,
    found: Drawing,
) -> ElementTree.Element:
    y, height = _bar_of(placed, found)
    return add(
        group,
        "rect",
        kinds,
        x=number(first),
        y=number(y),
        width=number(last - first),
        height=number(height),
    )


def _draw_link(
    lines: ElementTree.Element, earlier: PlacedEvent, later: PlacedEvent, found: Drawing, name: str
) -> None:
    start = found.scale.side(earlier.shown.band.latest, found.scale.end)
    end = found.scale.side(later.shown.band.earliest, found.scale.start)
    ys = [top + thick / 2 for top, thick in (_bar_of(each, found) for each in (earlier, later))]
    bend = max(abs(end - start) / 2, 12)
    path = " ".join(
        [
            f"M{number(start)},{number(ys[0])}",
            f"C{number(start + bend)},{number(ys[0])}",
            f"{number(end - bend)},{number(ys[1])}",
            f"{number(end)},{number(ys[1])}",
        ]
    )
    add(lines, "path", "link", d=path, fill="none").set("marker-end", f"url(#{name}-arrow)")


def _draw_bracket(panel: ElementTree.Element, bracket: Bracket, found: Drawing) -> None:
    top = _top_of(bracket.first_row, found) + 1
    bottom = _top_of(bracket.last_row + 1, found) - 1
    x = max(bracket.left - 7, 1)
    path = f"M{number(x + 4)},{number(top)} H{number(x)} V{number(bottom)} H{number(x + 4)}"
    write(
        add(add(panel, "path", "bracket", d=path, fill="none"), "title"),
        "rival accounts, only one of which is true",
    )

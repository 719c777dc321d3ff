"""A chronology as SVG: for readers without JavaScript, for print, and for published pages."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from timeline.drawing.chronology import Band, Bracket, Drawing, Placed, drawing
from timeline.drawing.elements import add, defined, legible, number, picture, write
from timeline.drawing.summary import draw_summary
from timeline.drawing.words import said_days, said_marks

MOST_DRAWN = 400
"""How many happenings are drawn one by one; more are drawn as how many there are when."""

_LABELLED_ROWS = 24
_LABELLED, _BARE = 30, 8
_LABEL, _THICK, _THIN = 12, 10, 6
_TOP, _BOTTOM = 26, 44


def chronology_svg(answer: dict[str, Any], zone: str, width: int = 960) -> str:
    """The answer of `chronology` as one `<svg>`, its axis in the time of a zone.

    Looks are left to classes; there is neither script nor style in it. A date that is known
    to lie within some bounds is a hatched band from the one to the other; whatever is too
    narrow to see is a solid mark. A spell has such a band at each end, and is solid between.
    Nothing is left out without saying so: what has no room for a label is drawn without one,
    and more than `MOST_DRAWN` are drawn as how many there are when.
    """
    happenings = answer["happenings"]
    name = f"chronology-{answer['digest'].rpartition(':')[2][:12]}"
    if len(happenings) > MOST_DRAWN:
        return draw_summary(answer, zone, width, name)
    found = drawing(answer, zone, width, _LABELLED_ROWS)
    height = round(_top_of(found.rows, found)) + _BOTTOM
    svg = picture(name, width, height, f"Chronology of {_subject(answer)}", _described(found))
    defined(svg, name)
    _draw_axis(svg, found, height)
    lines = add(svg, "g", "links")
    places = {placed.id: placed for placed in found.placed}
    for link in found.links:
        _draw_link(lines, places[link.earlier], places[link.later], found, name)
    for placed in found.placed:
        _draw_happening(svg, placed, found, name)
    for bracket in found.brackets:
        _draw_bracket(svg, bracket, found)
    for line, text in enumerate(_legend(found)):
        note = add(svg, "text", "legend", x="0", y=number(height - 22 + 16 * line))
        write(note, text)
    return ElementTree.tostring(svg, encoding="unicode")


def _subject(answer: dict[str, Any]) -> str:
    return str(answer["story"] or answer["entity"])


def _described(found: Drawing) -> str:
    if not found.placed:
        return "Nothing is known to have happened."
    count = len(found.placed)
    bare = sum(placed.label_left is None for placed in found.placed)
    days = said_days(found.scale, found.zone)
    room = f" {bare} of them have no room for a label here." if bare else ""
    return (
        f"{count:,} {'happening' if count == 1 else 'happenings'}, {days}.{room}"
        " The list says of each the same in words."
    )


def _legend(found: Drawing) -> list[str]:
    marks = {mark for placed in found.placed for mark in placed.shown.marks}
    parts = (
        ["Hatched: some time within."] if found.placed else ["Nothing is known to have happened."]
    )
    parts += ["○ Possibly not after the one listed before it."] if "unordered" in marks else []
    parts += ["Bracket: rival accounts, of which one is so."] if found.brackets else []
    bare = sum(placed.label_left is None for placed in found.placed)
    more = [f"{bare:,} of {len(found.placed):,} have no room for a label: see the list."]
    return [" ".join(parts), *(more if bare else [])]


def _top_of(row: int, found: Drawing) -> float:
    """Where a row begins, in pixels from the top."""
    labelled = min(row, found.labelled_rows)
    return _TOP + labelled * _LABELLED + (row - labelled) * _BARE


def _bar_of(placed: Placed, found: Drawing) -> tuple[float, float]:
    """Where the band of a happening begins, in pixels from the top, and how thick it is."""
    top = _top_of(placed.row, found)
    return (top + 1, _THIN) if placed.label_left is None else (top + _LABEL + 4, _THICK)


def _draw_axis(svg: ElementTree.Element, found: Drawing, height: int) -> None:
    axis = add(svg, "g", "axis")
    for tick in found.ticks:
        x = number(found.scale.pixel(tick.instant))
        kind = "tick major" if tick.major else "tick"
        add(axis, "line", kind, x1=x, x2=x, y1="18", y2=number(height - _BOTTOM + 4))
        write(add(axis, "text", kind, x=x, y="12"), tick.label)


def _draw_happening(svg: ElementTree.Element, placed: Placed, found: Drawing, name: str) -> None:
    shown = placed.shown
    group = add(svg, "g", " ".join(("happening", *shown.marks)))
    group.set("data-id", legible(placed.id))
    told = " — ".join(filter(None, (shown.entry["headline"], shown.said, said_marks(shown.marks))))
    write(add(group, "title"), told)
    _draw_band(group, shown.band, placed, found, name)
    if shown.ends is not None:
        first = found.scale.within(shown.band.latest, found.scale.start)
        last = found.scale.within(shown.ends.earliest, found.scale.end)
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
    group: ElementTree.Element, band: Band, placed: Placed, found: Drawing, name: str
) -> None:
    first = found.scale.within(band.earliest, found.scale.start)
    last = found.scale.within(band.latest, found.scale.end)
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
    placed: Placed,
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
    lines: ElementTree.Element, earlier: Placed, later: Placed, found: Drawing, name: str
) -> None:
    start = found.scale.within(earlier.shown.band.latest, found.scale.end)
    end = found.scale.within(later.shown.band.earliest, found.scale.start)
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


def _draw_bracket(svg: ElementTree.Element, bracket: Bracket, found: Drawing) -> None:
    top = _top_of(bracket.first_row, found) + 1
    bottom = _top_of(bracket.last_row + 1, found) - 1
    x = max(bracket.left - 7, 1)
    path = f"M{number(x + 4)},{number(top)} H{number(x)} V{number(bottom)} H{number(x + 4)}"
    write(
        add(add(svg, "path", "bracket", d=path, fill="none"), "title"),
        "rival accounts, of which one is so",
    )

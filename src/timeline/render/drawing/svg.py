"""A chronology as SVG, for pages without JavaScript, print, and published pages."""

from __future__ import annotations

from xml.etree import ElementTree

from timeline.projections.chronology import ChronologyAnswer
from timeline.render.drawing.elements import add, defined, number, picture, write
from timeline.render.drawing.layout import Drawing, busiest_stretch, drawing
from timeline.render.drawing.panel import draw_panel, height_of
from timeline.render.drawing.summary import draw_summary
from timeline.render.wording import said_days

MOST_DRAWN = 400
"""The most events that are drawn individually; more are drawn as a histogram."""

_LABELLED_ROWS = 24
_HEADING, _LINE = 34, 16


def chronology_svg(answer: ChronologyAnswer, zone: str, width: int = 960) -> str:
    """The answer of `chronology` as one `<svg>`, with its axis in a zone's time.

    It has classes for style sheets, and no style or script of its own. An uncertain date is a
    hatched band between its bounds; a band too narrow to see is a solid mark. A spell has such a
    band at each end, and is solid in between. A busy stretch is drawn again below, larger.

    Events without room for a label are drawn without one; more than `MOST_DRAWN` events are drawn
    as a histogram. The legend says so in either case.
    """
    name = f"chronology-{answer['digest'].rpartition(':')[2][:12]}"
    if len(answer["events"]) > MOST_DRAWN:
        return draw_summary(answer, zone, width, name)
    whole = drawing(answer, zone, width, _LABELLED_ROWS)
    part = busiest_stretch(whole, answer)
    panels = [whole]
    if part is not None:
        panels.append(drawing(part.answer, zone, width, _LABELLED_ROWS, part.scale))
    legend = _legend(panels)
    height = sum(map(height_of, panels)) + _HEADING * (len(panels) - 1) + _LINE * len(legend) + 10
    subject = str(answer["story"] or answer["entity"])
    svg = picture(name, width, height, f"Chronology of {subject}", _described(panels))
    defined(svg, name)
    if part is not None:
        _draw_frame(svg, whole, part.scale.start, part.scale.end)
    draw_panel(add(svg, "g", "whole"), whole, name)
    top = height_of(whole) + _HEADING
    for panel in panels[1:]:
        heading = add(svg, "text", "heading", x="0", y=number(top - 12))
        write(heading, f"Enlarged: {said_days(panel.scale.start, panel.scale.end, zone)}")
        draw_panel(add(svg, "g", "closer", transform=f"translate(0,{top})"), panel, name)
    for line, text in enumerate(reversed(legend)):
        write(add(svg, "text", "legend", x="0", y=number(height - 6 - _LINE * line)), text)
    return ElementTree.tostring(svg, encoding="unicode")


def _draw_frame(svg: ElementTree.Element, whole: Drawing, start: int, end: int) -> None:
    """Frame the stretch that is drawn again, larger."""
    first, last = (whole.scale.side(side, side) for side in (start, end))
    place = {"x": number(first), "width": number(last - first)}
    add(svg, "rect", "frame", **place, y="18", height=number(height_of(whole) - 18), fill="none")


def _described(panels: list[Drawing]) -> str:
    whole = panels[0]
    if not whole.placed:
        return "Nothing is known to have happened."
    count, days = len(whole.placed), said_days(whole.scale.start, whole.scale.end, whole.zone)
    parts = [f"{count:,} {'event' if count == 1 else 'events'}, drawn {days}."]
    parts += [
        f"Enlarged: {said_days(panel.scale.start, panel.scale.end, whole.zone)}."
        for panel in panels[1:]
    ]
    return " ".join([*parts, *_without_room(panels), "The list says the same in words."])


def _legend(panels: list[Drawing]) -> list[str]:
    placed = panels[0].placed
    if not placed:
        return ["Nothing is known to have happened."]
    marks = {mark for each in placed for mark in each.shown.marks}
    parts = ["Hatched: some time in this range."]
    parts += ["○ Possibly not after the one listed before it."] if "unordered" in marks else []
    parts += ["Bracket: rival accounts, only one of which is true."] if panels[0].brackets else []
    return [" ".join(parts), *_without_room(panels)]


def _without_room(panels: list[Drawing]) -> list[str]:
    """The number of events without a label in any panel, as a sentence."""
    named = {
        placed.id for panel in panels for placed in panel.placed if placed.label_left is not None
    }
    count = len(panels[0].placed)
    bare = count - len(named)
    return [f"{bare:,} of {count:,} have no room for a label: see the list."] if bare else []

"""A chronology as SVG: for readers without JavaScript, for print, and for published pages."""

from __future__ import annotations

from xml.etree import ElementTree

from timeline.projections.chronology import ChronologyAnswer
from timeline.render.drawing.chronology import Drawing, drawing
from timeline.render.drawing.elements import add, defined, number, picture, write
from timeline.render.drawing.inset import closer
from timeline.render.drawing.panel import draw_panel, height_of
from timeline.render.drawing.summary import draw_summary
from timeline.render.drawing.wording import said_days

MOST_DRAWN = 400
"""How many events are drawn one by one; more are drawn as how many there are when."""

_LABELLED_ROWS = 24
_HEADING, _LINE = 34, 16


def chronology_svg(answer: ChronologyAnswer, zone: str, width: int = 960) -> str:
    """The answer of `chronology` as one `<svg>`, its axis in the time of a zone.

    Looks are left to classes; there is neither script nor style in it. A date that is known
    to lie within some bounds is a hatched band from the one to the other; whatever is too
    narrow to see is a solid mark. A spell has such a band at each end, and is solid between.
    Where much happened in a short time, that is drawn once more below, larger.

    Nothing is left out without saying so: what has no room for a label is drawn without one,
    and more than `MOST_DRAWN` are drawn as how many there are when.
    """
    name = f"chronology-{answer['digest'].rpartition(':')[2][:12]}"
    if len(answer["events"]) > MOST_DRAWN:
        return draw_summary(answer, zone, width, name)
    whole = drawing(answer, zone, width, _LABELLED_ROWS)
    part = closer(whole, answer)
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
        write(heading, f"Larger: {said_days(panel.scale, zone)}")
        draw_panel(add(svg, "g", "closer", transform=f"translate(0,{top})"), panel, name)
    for line, text in enumerate(reversed(legend)):
        write(add(svg, "text", "legend", x="0", y=number(height - 6 - _LINE * line)), text)
    return ElementTree.tostring(svg, encoding="unicode")


def _draw_frame(svg: ElementTree.Element, whole: Drawing, start: int, end: int) -> None:
    """Frame what is drawn once more."""
    first, last = (whole.scale.side(side, side) for side in (start, end))
    place = {"x": number(first), "width": number(last - first)}
    add(svg, "rect", "frame", **place, y="18", height=number(height_of(whole) - 18), fill="none")


def _described(panels: list[Drawing]) -> str:
    whole = panels[0]
    if not whole.placed:
        return "Nothing is known to have happened."
    count, days = len(whole.placed), said_days(whole.scale, whole.zone)
    parts = [f"{count:,} {'event' if count == 1 else 'events'}, drawn {days}."]
    parts += [
        f"Drawn once more, larger: {said_days(panel.scale, whole.zone)}." for panel in panels[1:]
    ]
    return " ".join([*parts, *_without_room(panels), "The list says of each the same in words."])


def _legend(panels: list[Drawing]) -> list[str]:
    placed = panels[0].placed
    if not placed:
        return ["Nothing is known to have happened."]
    marks = {mark for each in placed for mark in each.shown.marks}
    parts = ["Hatched: some time within."]
    parts += ["○ Possibly not after the one listed before it."] if "unordered" in marks else []
    parts += ["Bracket: rival accounts, of which one is so."] if panels[0].brackets else []
    return [" ".join(parts), *_without_room(panels)]


def _without_room(panels: list[Drawing]) -> list[str]:
    """How many have a label nowhere, if any."""
    named = {
        placed.id for panel in panels for placed in panel.placed if placed.label_left is not None
    }
    count = len(panels[0].placed)
    bare = count - len(named)
    return [f"{bare:,} of {count:,} have no room for a label: see the list."] if bare else []

"""A histogram of a chronology with too many events to draw individually."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

from timeline.projections.chronology import ChronologyAnswer
from timeline.render.drawing.axis import Scale, ticks
from timeline.render.drawing.elements import add, number, picture, write
from timeline.render.drawing.layout import Band, bands_of, scale_of_bands
from timeline.render.wording import said_days

_BAR = 8
_TALLEST = 120
_TOP, _BOTTOM = 26, 30


def draw_summary(answer: ChronologyAnswer, zone: str, width: int, name: str) -> str:
    """The answer of `chronology` as one `<svg>` of bars of equal width.

    An event is counted at its earliest instant, or at its latest if that is open; the legend
    counts events without a date.
    """
    bands = [bands_of(entry) for entry in answer["events"]]
    scale = scale_of_bands((side for both in bands for side in both), width)
    bars, undated = counted([band for band, _ in bands], scale)
    subject, note = answer["story"] or answer["entity"], _note(len(bands), undated)
    height = _TOP + _TALLEST + _BOTTOM
    text = f"Drawn {said_days(scale.start, scale.end, zone)}. {note}"
    svg = picture(name, width, height, f"Chronology of {subject}: events over time", text)
    axis = add(svg, "g", "axis")
    for tick in ticks(scale.start, scale.end, width // 96, zone):
        x, kind = number(scale.pixel(tick.instant)), "tick major" if tick.major else "tick"
        add(axis, "line", kind, x1=x, x2=x, y1="18", y2=number(_TOP + _TALLEST))
        write(add(axis, "text", kind, x=x, y="12"), tick.label)
    most = max(bars.values(), default=1)
    for bar, count in sorted(bars.items()):
        tall = max(_TALLEST * count / most, 1)
        place = {"x": number(bar * _BAR), "y": number(_TOP + _TALLEST - tall)}
        drawn = add(svg, "rect", "bar", **place, width=str(_BAR - 1), height=number(tall))
        drawn.set("data-count", str(count))
        write(add(drawn, "title"), f"{count:,} {_from(bar, scale, zone)}")
    write(add(svg, "text", "legend", x="0", y=number(height - 8)), note)
    return ElementTree.tostring(svg, encoding="unicode")


def counted(bands: list[Band], scale: Scale) -> tuple[Counter[int], int]:
    """The number of events in each bar, by its index from the left, and of those without a date."""
    bars: Counter[int] = Counter()
    undated = 0
    for earliest, latest in bands:
        at = earliest if earliest is not None else None if latest is None else latest - 1
        if at is None:
            undated += 1
        else:
            bars[int(scale.pixel(at)) // _BAR] += 1
    return bars, undated


def _note(count: int, undated: int) -> str:
    without = f"; {undated:,} without a date are not shown" if undated else ""
    return (
        f"{count:,} events, each counted when it may first have happened{without}."
        " The list names them all."
    )


def _from(bar: int, scale: Scale, zone: str) -> str:
    length = scale.end - scale.start
    first, last = (scale.start + length * _BAR * side // scale.width for side in (bar, bar + 1))
    return said_days(first, last, zone)

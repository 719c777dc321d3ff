"""Building blocks of SVG."""

from __future__ import annotations

from xml.etree import ElementTree

from timeline.render.text import clean


def add(
    parent: ElementTree.Element, tag: str, kinds: str = "", **attributes: str
) -> ElementTree.Element:
    """Add an element to another, with CSS classes."""
    classes = {"class": kinds} if kinds else {}
    return ElementTree.SubElement(parent, tag, {**classes, **attributes})


def write(element: ElementTree.Element, text: str) -> None:
    """Write text into an element, without characters that XML forbids."""
    element.text = clean(text)


def number(pixels: float) -> str:
    """A number of pixels, to one decimal."""
    return f"{round(pixels, 1) + 0.0:g}" if abs(pixels) < 100_000 else f"{pixels:.1f}"


def picture(name: str, width: int, height: int, title: str, text: str) -> ElementTree.Element:
    """An `<svg>` that screen readers read as one image, with a title and a description."""
    svg = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "chronology-drawing",
            "role": "img",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-description",
            "viewBox": f"0 0 {width} {height}",
            "width": str(width),
            "height": str(height),
        },
    )
    write(add(svg, "title", id=f"{name}-title"), title)
    write(add(svg, "desc", id=f"{name}-description"), text)
    return svg


def defined(svg: ElementTree.Element, name: str) -> None:
    """Define the hatching of bands, the fading of open sides, and arrowheads."""
    definitions = add(svg, "defs")
    hatch = add(
        definitions,
        "pattern",
        id=f"{name}-hatch",
        width="5",
        height="5",
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    add(hatch, "rect", "hatch-ground", width="5", height="5")
    add(hatch, "rect", "hatch", width="2", height="5")
    for sides, stops in {
        "start": ((0, 0), (0.3, 1)),
        "end": ((0.7, 1), (1, 0)),
        "start-end": ((0, 0), (0.3, 1), (0.7, 1), (1, 0)),
    }.items():
        fading = add(definitions, "linearGradient", id=f"{name}-fading-{sides}")
        for offset, opacity in stops:
            stop = add(fading, "stop", offset=str(offset))
            stop.set("stop-color", "white")
            stop.set("stop-opacity", str(opacity))
        mask = add(
            definitions, "mask", id=f"{name}-open-{sides}", maskContentUnits="objectBoundingBox"
        )
        add(mask, "rect", width="1", height="1", fill=f"url(#{name}-fading-{sides})")
    arrow = add(
        definitions,
        "marker",
        id=f"{name}-arrow",
        viewBox="0 0 6 6",
        refX="6",
        refY="3",
        markerWidth="6",
        markerHeight="6",
        orient="auto",
    )
    add(arrow, "path", "arrow", d="M0,0 L6,3 L0,6 z")

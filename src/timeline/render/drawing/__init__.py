"""Drawings of a chronology: from the answer to a layout, and from that to SVG.

A drawing is a pure function of the answer and the zone. It knows neither the log nor the web, so
that served and published pages look the same.

From the bottom up: `axis` turns instants into pixels and labels them, `lanes` finds rows in which
nothing overlaps, `layout` places the events, `elements` and `panel` draw them, `summary` draws a
histogram of many, `svg` is the whole picture, and `geometry_json` is the layout as JSON for a page
that draws it on a canvas.
"""

from __future__ import annotations

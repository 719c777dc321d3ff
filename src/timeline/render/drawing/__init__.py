"""Drawings of answers: from JSON to geometry, and from that to SVG.

A drawing is a pure function of the answer and the zone it is read in. It knows neither the
log nor the web, so that a page that is served and one that is published look the same.

From the ground up: `scale` turns instants into pixels, `ticks` labels them, `lanes` finds
rows in which nothing overlaps, `chronology` places the events, `svg` draws them, and
`compact` is the geometry as JSON for a page that draws it itself.
"""

from __future__ import annotations

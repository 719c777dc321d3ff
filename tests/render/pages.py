"""A page with nothing but a chronology, as the page of a story has it."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from timeline.render.drawing.geometry_json import geometry_json
from timeline.render.drawing.svg import chronology_svg

_STATIC = Path(__file__).parents[2] / "src/timeline/web/static"
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A story</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/timeline.css">
<link rel="stylesheet" href="/static/story.css">
<script type="module" src="/static/story.js"></script></head><body><main><h1>A story</h1>
<form class="filters" role="search">
<label>Text <input name="text" type="search"></label>
<label>Type <select name="type"><option value="">any</option></select></label>
<label>Entity <select name="entity"><option value="">any</option></select></label>
<label>Standing <select name="standing"><option value="">any</option></select></label>
<label><input name="corrected" type="checkbox" value="1"> only corrected</label></form>
<figure class="chronology" data-answer="/drawing" data-link="/by-id?id={{id}}">{drawing}</figure>
<ol>{items}</ol></main></body></html>"""
_ITEM = '<li class="group"><ul><li data-id="{id}"><a href="/{number}">{headline}</a></li></ul></li>'


def files_of(
    answer: dict[str, Any], zone: str = "UTC", listed: int | None = None
) -> dict[str, str]:
    """What to serve: the page at `/`, a page for each event, and what they need.

    The list has the first `listed` events, or all.
    """
    events = list(enumerate(answer["events"][:listed]))
    items = (
        _ITEM.format(id=escape(each["id"]), number=number, headline=escape(each["headline"]))
        for number, each in events
    )
    static = [path for path in _STATIC.rglob("*") if path.suffix in (".js", ".css")]
    return {
        "/": _PAGE.format(drawing=chronology_svg(answer, zone), items="".join(items)),
        "/drawing": json.dumps(geometry_json(answer, zone)),
        **{f"/static/{path.relative_to(_STATIC)}": path.read_text("utf-8") for path in static},
        **{
            f"/{number}": f'<!doctype html><link rel="icon" href="data:,">{escape(each["id"])}'
            for number, each in events
        },
    }

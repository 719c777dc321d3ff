"""A page with nothing but a chronology, served under the policy that all pages have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from timeline.drawing.compact import geometry_json
from timeline.drawing.svg import chronology_svg

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:"
)
_STATIC = Path(__file__).parents[2] / "src/timeline/web/static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8"}

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
<figure class="chronology" data-answer="/drawing">{drawing}</figure>
<ol>{items}</ol></main></body></html>"""


def page_of(answer: dict[str, Any], zone: str = "UTC") -> str:
    """The page of a chronology: its drawing, and a list of the same."""
    items = (
        f'<li data-id="{escape(each["id"])}"><a href="#{number}">{escape(each["headline"])}</a></li>'
        for number, each in enumerate(answer["happenings"])
    )
    return _PAGE.format(drawing=chronology_svg(answer, zone), items="".join(items))


@contextmanager
def served(answer: dict[str, Any], zone: str = "UTC") -> Iterator[str]:
    """The address of that page, while it is served on this machine."""
    made = {
        "/": page_of(answer, zone).encode(),
        "/drawing": json.dumps(geometry_json(answer, zone)).encode(),
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802, the name that the library asks for
            name, kind = self.path, "text/html; charset=utf-8"
            if name == "/drawing":
                kind = "application/json"
            if name.startswith("/static/") and (_STATIC / name[8:]).is_file():
                body, kind = (_STATIC / name[8:]).read_bytes(), _TYPES[Path(name).suffix]
            elif name in made:
                body = made[name]
            else:
                return self.send_error(404)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
